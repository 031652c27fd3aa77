"""How every compiled function of greyspace is compiled, and where the compiled code is kept.

This module must be imported before any compiled function is defined, because Numba reads its cache folder once. The
folder's name holds a hash of every source file that takes part in compiled code, since Numba itself does not notice
when a function called from another file has changed.
"""

import atexit
import hashlib
import os
import shutil
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

COMPILED_ROOMS = ("draws", "contract", "engine", "infrastructure", "society", "institutions", "systems")


def _source_hash() -> str:
    package = Path(__file__).parent.parent
    digest = hashlib.blake2s()
    for room in COMPILED_ROOMS:
        for file in sorted((package / room).glob("*.py")):
            digest.update(f"{room}/{file.name}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "greyspace" / f"{_source_hash()}-numba{version('numba')}"


def _drop_torn(folder: Path) -> None:
    """Empty the folder if a file in it was cut off (a full disk, a power cut): Numba would fail on it for ever.

    Every file of Numba's cache is a pickle, or ends with one, and a whole pickle ends with a full stop.
    """
    for file in folder.rglob("*.nb[ci]"):
        with file.open("rb") as opened:
            opened.seek(max(0, file.stat().st_size - 1))
            whole = opened.read() == b"."
        if not whole:
            for entry in folder.iterdir():
                shutil.rmtree(entry, ignore_errors=True)
            return


def _prepare_cache() -> None:
    if "NUMBA_CACHE_DIR" in os.environ:
        return
    try:
        folder = _cache_folder()
        folder.mkdir(parents=True, exist_ok=True)
        # A folder may exist and still refuse files: try one.
        with tempfile.TemporaryFile(dir=folder):
            pass
        _drop_torn(folder)
    except (OSError, RuntimeError):
        private = tempfile.mkdtemp(prefix="greyspace-")
        atexit.register(shutil.rmtree, private, ignore_errors=True)
        folder = Path(private)
        print(
            "greyspace: the user cache is not writable; compiled code is kept for this process only.", file=sys.stderr
        )
    os.environ["NUMBA_CACHE_DIR"] = str(folder)


_prepare_cache()

from numba import njit  # noqa: E402  (the cache folder must be set first)

# forceinline: a call that hands on named tuples of arrays costs more than most of what is called (1.7 times as fast).
# No wrapper for calls from C is made, since nothing calls from there: less to compile at the first start.
_OPTIONS: dict[str, Any] = {
    "nogil": True,
    "cache": True,
    "error_model": "numpy",
    "forceinline": True,
    "no_cfunc_wrapper": True,
}


def _options() -> dict[str, Any]:
    """The options of every kernel, with Numba's private `_nrt` where this version of Numba still knows it."""
    try:
        # Kernels allocate nothing, so reference counting is left out of them.
        private: dict[str, Any] = {"_nrt": False}
        njit(**private, **_OPTIONS)(lambda x: x)
    except (KeyError, TypeError):
        return _OPTIONS
    return _OPTIONS | private


kernel = njit(**_options())
"""For what Python calls."""

inner = njit(**(_options() | {"no_cpython_wrapper": True}))
"""For what only other kernels call: without a way in from Python it compiles a fifth faster."""

step = njit(**(_options() | {"no_cpython_wrapper": True, "forceinline": False}))
"""For long parts of a kernel that are called seldom: kept apart, they compile sooner and their loops run faster."""
