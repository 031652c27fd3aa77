"""A site: one place where equipment stands, and the number under which its draws are counted."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

HOME, INDUSTRY, RAIL = 0, 1, 2
USES = ("home", "industry", "rail")


@dataclass(frozen=True)
class Site:
    """Equipment at one place.

    ``region`` is an index into the pack's regions; ``installed`` counts days since 1970-01-01; a spare part goes to the
    lowest ``priority`` first, and 0 (the capital) has a reserve; ``use`` says on which supply of electricity it hangs.
    """

    id: str
    region: int
    province: str
    installed: int
    priority: int
    use: int = RAIL


def numbers(ids: Sequence[str]) -> NDArray[np.uint32]:
    """One 32-bit number for each id: of the id alone, so that adding a site or region moves nobody's draws.

    >>> bool(numbers(["hamhung", "hyesan"])[0] == numbers(["hamhung"])[0])
    True
    """
    found = [int.from_bytes(hashlib.blake2s(i.encode()).digest()[:4], "little") for i in ids]
    if len(set(found)) < len(found):
        raise ValueError("two sites or regions have the same id, or ids that would share their draws: rename one")
    return np.array(found, dtype=np.uint32)
