"""One decision, one stream: the name of a decision becomes the second half of the generator's key."""

import hashlib
from functools import cache

DRAWS_VERSION = 2
"""Changes whenever a bit of any draw may change; part of every stream's name and of every run's identity."""

_KNOWN: dict[int, str] = {}


@cache
def stream(name: str) -> int:
    """The 32-bit key of the decision called ``name``.

    Two names that collide are an error, so that no two decisions can ever share their random numbers.

    >>> stream("week") == stream("week"), stream("week") != stream("day")
    (True, True)
    """
    digest = hashlib.blake2s(f"greyspace/{DRAWS_VERSION}/{name}".encode()).digest()
    key = int.from_bytes(digest[:4], "little")
    if _KNOWN.setdefault(key, name) != name:
        raise ValueError(f"the decisions '{_KNOWN[key]}' and '{name}' would share one stream: rename one of them")
    return key
