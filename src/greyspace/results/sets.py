"""What one command made of its runs: the answer, the figures, and a record of how they came about."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from greyspace.errors import FolderError
from greyspace.results.crate import describe
from greyspace.results.files import (
    REFUSED,
    Lock,
    checksum,
    make_folder,
    read_bytes,
    read_json,
    refusals,
    sentence,
    sweep,
    sync,
    write_json,
    write_whole,
)
from greyspace.results.identity import plain
from greyspace.results.run import FORMAT, Results

MANIFEST = ("set_id", "title", "command", "runs", "scenario", "parameters")
"""What the manifest of a set must say at least; ``authors`` (names) may be given too."""


@dataclass(frozen=True)
class SetResults:
    """A set in its folder ``sets/<id>``: ``meta`` is its manifest, ``files`` what it holds, by path in the folder."""

    folder: Path
    meta: Mapping[str, Any]
    files: Mapping[str, Mapping[str, Any]]

    @property
    def runs(self) -> list[str]:
        """Ids of the runs it was made of."""
        return list(self.meta["runs"])

    def verify(self) -> None:
        """Read every file against its checksum; FolderError names the first that is not as it was written."""
        for file, known in self.files.items():
            if checksum(read_bytes(self.folder / file)) != known["checksum"]:
                raise FolderError(f"{self.folder / file} was changed after it was written")


def read_set(folder: Path) -> SetResults:
    """The set in ``folder`` as its set.json describes it."""
    content = read_json(folder / "set.json")
    if content.get("format") != FORMAT:
        raise FolderError(f"{folder} was written by another version of greyspace (layout {content.get('format')})")
    return SetResults(folder, content["manifest"], content["files"])


class SetDraft:
    """A set being made, under its lock. Made by ``Store.begin_set``; without ``finish`` nothing of it stays."""

    def __init__(self, root: Path, set_id: str, manifest: Mapping[str, Any]) -> None:
        self.manifest: dict[str, Any] = plain(manifest)
        self.folder = root / "sets" / ".partial" / set_id
        self.figures = self.folder / "figures"
        self._home = root / "sets" / set_id
        self._old = self.folder.with_suffix(".old")
        make_folder(self.folder.parent)
        self._lock = Lock(self.folder.with_suffix(".lock"), f"set {set_id}")
        try:
            # A kill between the two renames of a replacement leaves the earlier set under another name.
            if self._old.is_dir() and not self._home.exists():
                with refusals(self._home):
                    self._old.rename(self._home)
            sweep(self.folder)
            make_folder(self.figures)
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        sweep(self.folder)
        self._lock.release()
        # Figures are written by others: what the disk refuses them is said like the rest.
        if isinstance(error, OSError) and error.errno in REFUSED:
            raise FolderError(sentence(self.folder, error)) from error

    def write(self, file: str, content: str | bytes) -> None:
        """Write one file of the set, whole."""
        data = content.encode() if isinstance(content, str) else content
        write_whole(self.folder / file, lambda out: out.write(data))

    def finish(self, runs: list[Results]) -> SetResults:
        """Add the record of what was made from which runs, and put the set in place of an earlier one of its id."""
        if [run.run_id for run in runs] != self.manifest["runs"]:
            raise ValueError(f"the manifest of set {self.manifest['set_id']} names other runs")
        if not any(self.figures.iterdir()):
            self.figures.rmdir()
        paths = sorted(path for path in self.folder.rglob("*") if path.is_file())
        made = dt.datetime.now(dt.UTC).replace(microsecond=0)
        self.write("ro-crate-metadata.json", describe(self.folder, paths, self.manifest, [r.meta for r in runs], made))
        files = {}
        for path in [*paths, self.folder / "ro-crate-metadata.json"]:
            sync(path)
            data = read_bytes(path)
            files[path.relative_to(self.folder).as_posix()] = {"bytes": len(data), "checksum": checksum(data)}
        write_json(self.folder / "set.json", {"format": FORMAT, "manifest": self.manifest, "files": files})
        if self.figures.is_dir():
            sync(self.figures)
        with refusals(self._home):
            if self._home.exists():
                sweep(self._old)
                self._home.rename(self._old)
            self.folder.rename(self._home)
        sync(self._home.parent)
        sweep(self._old)
        return read_set(self._home)
