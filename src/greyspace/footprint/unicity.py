"""How many points of a trace single one person out of the whole nation.

The idea is that of de Montjoye and others (2013, 'Unique in the Crowd', Scientific Reports 3:1376): take a few points
of somebody's trace, a place and a time each, and ask how many traces hold all of them. They could count in the records
of a country; here some persons are followed, among whom everybody would be unique. So the crowd is the nation's: of
each kind of people (region, profile, what they own) the chance that all those points are theirs too, times how many
there are. Given the kind of people, their points fall independently of each other; habits of a single person beyond it
(the same market every Tuesday) are not in the model, and would single him or her out sooner.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.draws import uniforms

Floats = NDArray[np.float64]
Post = tuple[int, str, str]
"""A place, a system and a kind of record."""

Point = tuple[str, int, str, str, int]
"""A cell, by resolution in place and what it is told apart by, and for how many days; see :func:`point`."""

TIMES = ("day", "week", "month")
PLACES = ("unit", "post", "region", "nation")
"""How well a place is known: which kind of post or device in which region; the region alone; nothing but that it was in
the country. ``unit`` goes beyond the model: as if what is kept of ordinary days told the neighbourhood unit."""

KINDS = ("phone", "payment", "transport_card", "face", "plate", "paper")
"""Kinds of records that bear something that stands for one person; only they are points."""

POINTS = (1, 2, 3, 4, 5, 6, 8, 10)


@dataclass(frozen=True)
class Own:
    """What some own and others do not: ``has[R, P]`` of the people; ``on_day[R]``: chance of a record a day at home.

    Where several take the same ``thing``, those who own what fewer own also own what more do.
    """

    system: str
    kind: str
    has: Floats
    on_day: Floats
    thing: str


class Crowd:
    """The nation: ``persons[R, P]``, what they own, and records of acts a day, ``acts[post][R, P]`` by where who lives.

    ``unit``: mean persons of a neighbourhood unit.
    """

    def __init__(self, persons: Floats, owns: Sequence[Own], acts: Mapping[Post, Floats], unit: float) -> None:
        self.owns = tuple(owns)
        self._in_unit = (unit - 1.0) / np.maximum(persons.sum(axis=1), unit)
        regions, profiles = persons.shape
        combos = np.arange(1 << len(owns))
        self._owned = [(combos >> i & 1).astype(np.bool_) for i in range(len(owns))]
        self._weight = np.repeat(persons[..., None], len(combos), axis=2)
        for thing in dict.fromkeys(own.thing for own in owns):
            most, least = np.ones_like(self._weight), np.zeros_like(self._weight)
            for own, owned in zip(owns, self._owned, strict=True):
                if own.thing == thing:
                    most = np.where(owned, np.minimum(most, own.has[..., None]), most)
                    least = np.where(owned, least, np.maximum(least, own.has[..., None]))
            self._weight = self._weight * np.maximum(most - least, 0.0)
        each = np.maximum(persons, 1e-300)
        self._rate = {post: rate / each for post, rate in acts.items()}
        self._in_region = [np.zeros((regions, profiles)) for _ in range(regions)]
        for (place, *_), rate in self._rate.items():
            self._in_region[place] = self._in_region[place] + rate
        self._cells: dict[Point, Floats] = {}
        self._others: dict[tuple[Point, ...], float] = {}

    def others(self, points: Sequence[Point]) -> float:
        """Expected persons of the nation of whom all these points hold."""
        key = tuple(sorted(points))
        if key not in self._others:
            chance = self._weight
            at_home = next((place for how, place, *_ in key if how == "unit"), None)
            if at_home is not None:
                # Neighbours alone can have been there.
                chance = chance * (self._in_unit * np.eye(len(self._in_unit))[at_home])[:, None, None]
            for each in key:
                chance = chance * self._chance(each)
            self._others[key] = float(chance.sum())
        return self._others[key]

    def _chance(self, at: Point) -> Floats:
        """``[R, P, what is owned]``: chance that the point holds of a person."""
        if at not in self._cells:
            how, place, system, kind, days = at
            nothing = np.ones(self._weight.shape)
            for own, owned in zip(self.owns, self._owned, strict=True):
                if how in ("unit", "post") and (own.system, own.kind) != (system, kind):
                    continue
                home = np.ones(len(own.on_day)) if how == "nation" else np.eye(len(own.on_day))[place]
                none = (1.0 - own.on_day * home) ** days
                nothing = nothing * np.where(owned, none[:, None, None], 1.0)
            nothing = nothing * np.exp(-self._of_acts(at) * days)[..., None]
            self._cells[at] = 1.0 - nothing
        return self._cells[at]

    def _of_acts(self, at: Point) -> Floats:
        how, place, system, kind, _ = at
        if how == "unit":
            return np.zeros(self._weight.shape[:2])
        if how == "post":
            return self._rate.get((place, system, kind), np.zeros(self._weight.shape[:2]))
        return self._in_region[place] if how == "region" else self._everywhere

    @cached_property
    def _everywhere(self) -> Floats:
        return np.asarray(np.sum(self._in_region, axis=0))


def point(how: str, post: Post, days: int, at_home: bool) -> Point:
    """What is known of a record, by :data:`PLACES`, and within how many days; ``at_home``: it is of an ordinary day."""
    place, system, kind = post
    return {
        "unit": ("unit" if at_home else "post", place, system, kind, days),
        "post": ("post", place, system, kind, days),
        "region": ("region", place, "", "", days),
        "nation": ("nation", 0, "", "", days),
    }[how]


def bins(days: NDArray[np.int64], first: int, last: int, time: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which bin of time each day falls into, and how many days of ``first..last`` that bin has."""
    if time == "day":
        return days, np.ones(len(days), np.int64)
    if time == "month":
        return np.zeros(len(days), np.int64), np.full(len(days), last - first + 1)
    # Day 0, of 1970, was a Thursday.
    monday = days - (days + 3) % 7
    return monday, np.minimum(monday + 6, last) - np.maximum(monday, first) + 1


class Trace(NamedTuple):
    """Records that bear something that stands for one person, in order of day."""

    posts: tuple[Post, ...]
    days: NDArray[np.int64]
    at_home: NDArray[np.bool_]  # of an ordinary day


def distinct(trace: Trace, first: int, last: int, time: str, place: str) -> list[Point]:
    """The different points of a trace at a resolution, in order; the month goes from day ``first`` to ``last``."""
    of, long = bins(trace.days, first, last, time)
    rows = zip(trace.posts, of.tolist(), long.tolist(), trace.at_home.tolist(), strict=True)
    found = {(point(place, post, days, home), at): None for post, at, days, home in rows}
    return [at for at, _ in found]


class Known(NamedTuple):
    """What it means to know some random points of a trace: over all choices of them, the mean chance that they hold of
    nobody else, and the median of how many others of the nation they hold of.
    """

    alone: float
    others: float


def known_by(
    crowd: Crowd, points: Sequence[Point], known: int, seed: int, who: tuple[int, int], choices: int
) -> Known | None:
    """What ``known`` points of a trace, chosen at random, tell; None if it has not so many, or none are asked for.

    The number of others is taken to vary as such numbers do (Poisson). ``who`` counts the draws of the choices.
    """
    if not 0 < known <= len(points):
        return None
    one, many = np.arange(len(points)), np.arange(choices)[:, None]
    draws = uniforms(seed, f"footprint/points/{known}", who[0], who[1], many, one)
    order = np.argsort(draws[..., 0], axis=1, kind="stable")[:, :known]
    others = np.array([crowd.others([points[i] for i in row]) for row in order])
    return Known(float(np.exp(-others).mean()), float(np.median(others)))
