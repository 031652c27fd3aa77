"""A checkpoint: arrays and facts in one file with its own checksum, so that a torn one is known for what it is."""

import hashlib
import io
import json
from collections.abc import Mapping
from typing import IO, Any

import numpy as np

from greyspace.results.identity import plain

_MAGIC = b"greyspace checkpoint 1\n"
_CHECK = 32


class _Hashed:
    """Writes to a file and hashes what it writes, without a second copy of a large array in memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.hash = hashlib.blake2s(digest_size=_CHECK)

    def write(self, data: bytes) -> int:
        self.hash.update(data)
        return self.file.write(data)


def dump(file: IO[bytes], arrays: Mapping[str, np.ndarray[Any, Any]], facts: Mapping[str, Any]) -> None:
    """Write one checkpoint; arrays of Python objects are refused with a ValueError."""
    head = json.dumps({"facts": plain(facts), "arrays": list(arrays)}, allow_nan=False).encode()
    out = _Hashed(file)
    out.write(_MAGIC + len(head).to_bytes(8, "little") + head)
    for array in arrays.values():
        np.lib.format.write_array(out, np.asarray(array), allow_pickle=False)
    file.write(out.hash.digest())


def seal(data: bytes) -> str:
    """The checksum with which a checkpoint ends, in hex digits."""
    return data[-_CHECK:].hex()


def load(data: bytes) -> tuple[dict[str, np.ndarray[Any, Any]], dict[str, Any]] | None:
    """Arrays (writable, C-contiguous copies) and facts of a checkpoint; None if it is torn or changed."""
    body = memoryview(data)[:-_CHECK]
    if data[: len(_MAGIC)] != _MAGIC or hashlib.blake2s(body, digest_size=_CHECK).digest() != data[-_CHECK:]:
        return None
    rest = io.BytesIO(body[len(_MAGIC) :])
    head = json.loads(rest.read(int.from_bytes(rest.read(8), "little")))
    arrays = {name: np.lib.format.read_array(rest, allow_pickle=False) for name in head["arrays"]}
    return arrays, head["facts"]
