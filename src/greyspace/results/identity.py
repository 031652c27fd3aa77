"""What makes a run that run: an id over its ingredients, and nothing else (not threads, paths or time)."""

import datetime as dt
import functools
import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

ROOMS = (
    "draws",
    "contract",
    "engine",
    "evidence",
    "country",
    "infrastructure",
    "society",
    "institutions",
    "systems",
    "simulate",
)
"""The rooms whose source shapes results. A pack's data has a hash of its own."""

INGREDIENTS = (
    "source_hash",
    "pack_hash",
    "scenario",
    "parameters",
    "engine",
    "from",
    "to",
    "seed",
    "scale",
    "draws_version",
)


def plain(value: Any) -> Any:
    """The same value in the types that JSON has: NumPy scalars and arrays, dates, tuples and mappings become plain.

    Numbers that are not finite and types with no order (sets) are refused with a ValueError or TypeError.

    >>> plain({"to": dt.date(2024, 12, 30), "share": np.float64(0.5), "acts": ("a", "b")})
    {'to': '2024-12-30', 'share': 0.5, 'acts': ['a', 'b']}
    """
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"a fact of a run must be a finite number, not {value}")
        return value
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {_name(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    raise TypeError(f"a fact of a run cannot be kept as JSON: {value!r}")


def _name(key: Any) -> str:
    name = plain(key)
    return name if isinstance(name, str) else json.dumps(name)


def _canonical(value: Any) -> Any:
    # 1 and 1.0 are the same setting, and so are 0.0 and -0.0: they must not make two runs of one.
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _canonical(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_canonical(item) for item in value]
    return value


def canonical(value: Any) -> bytes:
    """Canonical JSON: sorted keys, no spaces, one spelling for each number.

    >>> canonical({"b": 1.0, "a": (True, None)})
    b'{"a":[true,null],"b":1}'
    """
    text = json.dumps(_canonical(plain(value)), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def _hash16(value: Any) -> str:
    return hashlib.blake2s(canonical(value), digest_size=8).hexdigest()


def run_id(ingredients: Mapping[str, Any]) -> str:
    """The 16 hex digits by which a run is known; each of INGREDIENTS must be there (ValueError otherwise).

    >>> given = dict.fromkeys(INGREDIENTS, 1)
    >>> run_id(given) == run_id({**given, "seed": 1.0}), run_id(given) == run_id({**given, "seed": 2})
    (True, False)
    """
    missing = [name for name in INGREDIENTS if name not in ingredients]
    if missing:
        raise ValueError(f"a run has no id without {', '.join(missing)}")
    return _hash16(ingredients)


def set_id(runs: Iterable[str], **what: Any) -> str:
    """The id of what one command makes of its runs: the same runs put to the same use give the same set.

    >>> set_id(["a", "b"], command="compare") == set_id(["b", "a"], command="compare")
    False
    """
    return _hash16({"runs": list(runs), **what})


@functools.cache
def source_hash(rooms: tuple[str, ...] = ROOMS) -> str:
    """16 hex digits over the Python source of ``rooms`` (names and bytes)."""
    package = Path(__file__).resolve().parents[1]
    digest = hashlib.blake2s(digest_size=8)
    for room in sorted(rooms):
        for file in sorted((package / room).rglob("*.py")):
            source = file.read_bytes()
            digest.update(f"{file.relative_to(package).as_posix()}\0{len(source)}\0".encode())
            digest.update(source)
    return digest.hexdigest()
