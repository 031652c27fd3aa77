"""Households, neighbourhood units and persons, made unit by unit from counters.

A unit is the same unit at every scale and on every machine: its number in the nation is all that its draws depend on.
A scale below one takes evenly spaced whole units of each region.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import Crowd, cumulative
from greyspace.country import Generator
from greyspace.draws import inner, kernel, philox, stream, words
from greyspace.engine import choose, person_of

_SHIFT = np.uint32(1)
_INDEX_AT = np.uint32(8)
_REGION_AT = 24


@dataclass(frozen=True)
class Recipe:
    """How to make the people of a country. ``start[R, M, S]``: chances of each status at the start, by temper."""

    generator: Generator
    units: tuple[int, ...]  # of the whole nation, by region
    least_households: int
    most_households: int
    temper_of: NDArray[np.int32]
    start: NDArray[np.float64]


@inner
def _households_of(serial, least, most, seed, key):
    """How many households the unit has: evenly from ``least`` to ``most``."""
    w = philox(serial, 0, 0, 0, seed, key)
    return least + np.int64((np.uint64(w[0]) * np.uint64(most - least + 1)) >> np.uint64(32))


@kernel
def _count(serial, least, most, size, seed, unit_key, household_key, sizes):
    """Persons of each unit into ``sizes``."""
    for u in range(serial.shape[0]):
        n = 0
        for h in range(_households_of(serial[u], least, most, seed, unit_key)):
            w = philox(serial[u], np.uint32(h) << _INDEX_AT, 0, 0, seed, household_key)
            n += 1 + choose(w[1] >> _SHIFT, size)
        sizes[u] = n


@kernel
def _fill(serial, region, first, least, most, size, household, member, temper_of, start, seed, unit_key, household_key,
          member_key, persons):  # fmt: skip
    """Draw every person of the units."""
    for u in range(serial.shape[0]):
        r = region[u]
        i = first[u]
        m = 0
        for h in range(_households_of(serial[u], least, most, seed, unit_key)):
            w = philox(serial[u], np.uint32(h) << _INDEX_AT, 0, 0, seed, household_key)
            kind = choose(w[0] >> _SHIFT, household[r])
            for _ in range(1 + choose(w[1] >> _SHIFT, size)):
                v = philox(serial[u], np.uint32(m) << _INDEX_AT, 0, 0, seed, member_key)
                profile = choose(v[0] >> _SHIFT, member[r, kind])
                status = choose(v[1] >> _SHIFT, start[r, temper_of[profile]])
                persons[i + m] = person_of(profile, status)
                m += 1


def units_at(recipe: Recipe, scale: float) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    """Serial number and region of the units at ``scale``: at least one a region, evenly spaced through the nation."""
    serials, regions = [], []
    for r, total in enumerate(recipe.units):
        taken = min(total, max(1, round(total * scale)))
        within = (2 * np.arange(taken, dtype=np.int64) + 1) * total // (2 * taken)
        serials.append((r << _REGION_AT) + within)
        regions.append(np.full(taken, r, np.int32))
    return np.concatenate(serials).astype(np.uint32), np.concatenate(regions)


def unit_sizes(recipe: Recipe, seed: int, serial: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Persons of each of the units given, without making them."""
    sizes = np.empty(len(serial), np.int64)
    keys = [np.uint32(stream(f"population/{name}")) for name in ("unit", "household")]
    size = cumulative(recipe.generator.size, "household sizes")
    _count(serial, recipe.least_households, recipe.most_households, size, np.uint32(seed), *keys, sizes)
    return sizes


def household_sizes(recipe: Recipe, seed: int, serial: int) -> NDArray[np.int64]:
    """Persons of each household of a unit, in the order of its members."""
    spread = recipe.most_households - recipe.least_households + 1
    number = recipe.least_households + (int(words(seed, "population/unit", serial)[0]) * spread >> 32)
    size = cumulative(recipe.generator.size, "household sizes")
    drawn = words(seed, "population/household", serial, np.arange(number) << int(_INDEX_AT))[:, 1] >> _SHIFT
    return 1 + np.searchsorted(size, drawn, side="right")


def make(recipe: Recipe, seed: int, serial: NDArray[np.uint32], region: NDArray[np.int32]) -> Crowd:
    """The people of the units given (all of a run's, or one shard's): the same whoever makes them."""
    made = recipe.generator
    keys = [np.uint32(stream(f"population/{name}")) for name in ("unit", "household", "member")]
    first = np.concatenate([np.zeros(1, np.int64), np.cumsum(unit_sizes(recipe, seed, serial))])
    persons = np.empty(int(first[-1]), np.uint32)
    regions = len(recipe.units)
    _fill(
        serial, region, first, recipe.least_households, recipe.most_households,
        cumulative(made.size, "household sizes"),
        cumulative(made.household.reshape(regions, -1), "household kinds"),
        cumulative(made.member.reshape(regions, -1, made.member.shape[-1]), "members"),
        recipe.temper_of, cumulative(recipe.start, "statuses at the start"), np.uint32(seed), *keys, persons,
    )  # fmt: skip
    return Crowd(persons, serial, first, region, np.zeros(len(serial), np.uint8))
