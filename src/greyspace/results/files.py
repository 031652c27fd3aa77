"""Files that are either there and whole, or not there: written aside, flushed, renamed."""

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from greyspace.errors import FolderError
from greyspace.results.identity import plain

REFUSED = {
    errno.ENOSPC: "the disk is full; free some space and give the command again",
    errno.EDQUOT: "the disk quota is used up; free some space and give the command again",
    errno.EFBIG: "a file would grow beyond the size that the system allows (ulimit -f)",
    errno.EROFS: "it is on a read-only file system; choose another folder for results",
    errno.EACCES: "permission is denied; choose another folder for results or change its permissions",
    errno.EPERM: "permission is denied; choose another folder for results or change its permissions",
    errno.ENOTDIR: "part of the path is a file, not a folder; choose another folder for results",
    errno.EEXIST: "something else stands there under that name; choose another folder for results",
    errno.EIO: "the disk reports an error",
}
"""What a disk or a folder can refuse, and what to do about it."""


def sentence(path: Path, failed: OSError, doing: str = "write") -> str:
    """What the machine refused, in one sentence."""
    reason = REFUSED.get(failed.errno or 0, failed.strerror or str(failed))
    return f"cannot {doing} {path}: {reason}"


@contextlib.contextmanager
def refusals(path: Path, doing: str = "write") -> Iterator[None]:
    """Turn an OSError into a FolderError of one sentence."""
    try:
        yield
    except OSError as failed:
        raise FolderError(sentence(path, failed, doing)) from failed


def make_folder(path: Path) -> None:
    """Make a folder and those above it, if they are not there."""
    with refusals(path, "create the folder"):
        path.mkdir(parents=True, exist_ok=True)


def sync(path: Path) -> None:
    """Have the system put a file, or the names in a folder, on the disk itself."""
    with refusals(path):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_whole(path: Path, fill: Callable[[IO[bytes]], object], durable: bool = True) -> None:
    """Write ``path`` by ``fill(file)``: a reader sees the old file or the whole new one, never half of it.

    Without ``durable`` a power cut may still lose it (a killed process does not): the caller syncs later.
    """
    # By process: two workers may write the same checkpoint when one was given up too early.
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with refusals(path):
        try:
            with aside.open("wb") as file:
                fill(file)
                file.flush()
                if durable:
                    os.fsync(file.fileno())
            aside.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                aside.unlink()
            raise
    if durable:
        sync(path.parent)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write a JSON object with a checksum over the rest of it, so that a changed file is known for what it is."""
    content = plain(content)
    text = json.dumps({**content, "checksum": _check(content)}, indent=1, ensure_ascii=False, allow_nan=False)
    write_whole(path, lambda file: file.write(text.encode() + b"\n"))


def read_json(path: Path) -> dict[str, Any]:
    """What ``write_json`` wrote; FolderError if it is missing, unreadable or was changed since."""
    try:
        content = json.loads(read_bytes(path))
    except ValueError as failed:
        raise FolderError(f"{path} is not whole: it is not the JSON that was written") from failed
    if not isinstance(content, dict) or content.pop("checksum", None) != _check(content):
        raise FolderError(f"{path} was changed after it was written")
    return content


def _check(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.blake2s(text.encode(), digest_size=16).hexdigest()


def read_bytes(path: Path) -> bytes:
    """The content of a file; FolderError if it is missing or cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise FolderError(f"{path} is missing") from None
    except OSError as failed:
        raise FolderError(sentence(path, failed, "read")) from failed


def checksum(data: bytes) -> str:
    """32 hex digits of BLAKE2s."""
    return hashlib.blake2s(data, digest_size=16).hexdigest()


def sweep(path: Path) -> None:
    """Remove what is no longer needed; what cannot be removed does no harm and stays."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink()


class Lock:
    """One writer at a time. An open file holds it, so the system gives it back however the process dies."""

    def __init__(self, path: Path, what: str) -> None:
        self.path = path
        while True:
            with refusals(path):
                self.handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
            try:
                fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as failed:
                holder = os.read(self.handle, 20).decode(errors="replace").strip()
                os.close(self.handle)
                if failed.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                    raise FolderError(sentence(path, failed, "lock")) from failed
                by = f" (number {holder})" if holder else ""
                raise FolderError(
                    f"another process{by} is writing {what}: wait until it ends, then try again"
                ) from None
            # The last holder removes the file: a lock on a removed one would keep nobody out.
            if path.exists() and path.stat().st_ino == os.fstat(self.handle).st_ino:
                break
            os.close(self.handle)
        with refusals(path):
            try:
                os.truncate(self.handle, 0)
                os.write(self.handle, str(os.getpid()).encode())
            except BaseException:
                os.close(self.handle)
                raise

    def release(self) -> None:
        with contextlib.suppress(OSError):
            self.path.unlink()
        os.close(self.handle)

    @staticmethod
    def held(path: Path) -> bool:
        """Whether some process holds the lock now."""
        try:
            handle = os.open(path, os.O_RDONLY)
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return False
        except OSError:
            return True
        finally:
            os.close(handle)
