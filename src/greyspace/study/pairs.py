"""Two scenarios side by side, year by year: at the pack's values, in draws, under other structures, with other luck.

Whatever is drawn, or other luck, is the same for both: so their difference is due to what they differ in.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greyspace.country import Pack, number_of
from greyspace.errors import InputError
from greyspace.evidence.parameters import Value
from greyspace.simulate import Life, Plan
from greyspace.simulate.parting import parting
from greyspace.study.atlas import Adding, Atlas, Measure, read
from greyspace.study.claims import load_claims
from greyspace.study.draws import latin
from greyspace.study.eras import put_under, read_by
from greyspace.study.whatif import Kept, Question, Stopped, answer_of

Floats = NDArray[np.float64]

KINDS = ("own", "draw", "structure", "seed")
"""What a pair of lives is for."""


@dataclass(frozen=True)
class Pair:
    """Two lives that differ in their scenario alone."""

    kind: str
    name: str
    says: str
    a: Plan
    b: Plan


@dataclass(frozen=True)
class Wanted:
    """Two scenarios to the end of the year ``until``, and how often each is lived otherwise."""

    pack: Pack
    a: str
    b: str
    until: int
    draws: int
    seeds: int
    structures: bool

    def plans(self) -> tuple[Plan, Plan]:
        """At the pack's own values. InputError for a scenario or a year that is not there, or one scenario twice."""
        if self.a == self.b:
            raise InputError(f"there is nothing to hold '{self.a}' against: choose another scenario.")
        a, b = (Question(self.pack, name, self.until, self.until).plan for name in (self.a, self.b))
        return a, b

    @property
    def key(self) -> str:
        """16 hex digits over all that shapes it."""
        own = (self.a, self.b, self.until, self.draws, self.seeds, self.structures)
        told = f"{[answer_of(plan) for plan in self.plans()]}/{own}"
        return hashlib.blake2s(told.encode(), digest_size=8).hexdigest()

    def pairs(self) -> list[Pair]:
        """All pairs, the pack's own values first."""
        a, b = self.plans()
        found = [Pair("own", "", "the pack's own values", a, b)]

        def put(kind: str, name: str, says: str, sets: Mapping[str, Value], seed: int) -> None:
            both = [replace(plan, seed=seed, sets=put_under(plan, sets)) for plan in (a, b)]
            found.append(Pair(kind, name, says, *both))

        if self.draws:
            for number, drawn in enumerate(latin(self.pack.parameters, self.draws, read_by([a, b])), 1):
                put("draw", str(number), f"draw {number} of all uncertain parameters", drawn, number)
        if self.structures:
            for name, structure in load_claims(self.pack).structures.items():
                put("structure", name, structure.says, structure.sets, a.seed)
        for seed in range(2, self.seeds + 2):
            put("seed", str(seed), f"seed {seed}", {}, seed)
        return found


@dataclass(frozen=True)
class Lived:
    """A pair that was lived: the ids of its answers."""

    kind: str
    name: str
    says: str
    a: str
    b: str


def live(wanted: Wanted, kept: Kept, tell: Callable[[int, int], None], stop: Callable[[], bool]) -> list[Lived]:
    """Live all pairs, each life kept as soon as it is finished; ``tell`` is called with lives done, and in all."""
    pairs = wanted.pairs()
    for number, pair in enumerate(pairs):
        tell(2 * number, 2 * len(pairs))
        there = [kept.has(answer_of(plan)) for plan in (pair.a, pair.b)]
        day = 0 if there[1] else parts(pair.a, pair.b)
        shared = _lived(pair.a, kept, stop, day=day) if day or not there[0] else None
        tell(2 * number + 1, 2 * len(pairs))
        if not there[1]:
            _lived(pair.b, kept, stop, shared)
    return [Lived(pair.kind, pair.name, pair.says, answer_of(pair.a), answer_of(pair.b)) for pair in pairs]


def parts(a: Plan, b: Plan) -> int:
    """The day, since 1970-01-01, from which two plans of the same dates and seed may differ; 0: from the beginning."""
    day = parting(a, b, covered=True)
    return 0 if day == a.start else number_of(day or a.end)


Shared = tuple[int, dict[str, Any], Atlas]
"""The Monday on which a life stood, its state then, and what it had come to."""


def _lived(
    plan: Plan, kept: Kept, stop: Callable[[], bool], shared: Shared | None = None, day: int = 0
) -> Shared | None:
    """Live a plan, from where it shares the way of another on, and keep it; how it stood before the period in which, or
    at the end of which, that other differs from a ``day`` on.
    """
    life = Life(plan, taken_up=None if shared is None else shared[1])
    adding = Adding(life.world.axes.regions)
    if shared is not None:
        adding.take(shared[2])
    found: Shared | None = None
    for number, period in enumerate(life.world.periods):
        if shared is not None and period.monday < shared[0]:
            continue
        if stop():
            raise Stopped
        if number and period.monday < day <= period.monday + 7 * period.weeks:
            state = life.snapshot()
            found = (period.monday, state, adding.whole())
        adding(life.world, period, life.step(period, life.odds(period), lambda _: None))
    life.close()
    kept.put(answer_of(plan), adding.whole())
    return found


@dataclass(frozen=True)
class Band:
    """The differences of some pairs, ``[pair, year, place]``."""

    names: tuple[str, ...]
    differences: Floats

    def at(self, share: float) -> Floats:
        """``[year, place]``: the difference below which that share of the pairs lies, of those that have one."""
        with np.errstate(all="ignore"):
            some = np.isfinite(self.differences).any(axis=0)
            filled = np.where(some, self.differences, 0.0)
            return np.where(some, np.nanquantile(filled, share, axis=0), np.nan)


def bands(
    pairs: Sequence[Lived], atlas: Callable[[str], Atlas], measure: Measure, places: Sequence[Sequence[str]]
) -> tuple[Floats, Floats, dict[str, Band]]:
    """One and the other at the pack's own values, ``[year, place]``, and the differences by kind of pair."""
    one, other, found = np.empty(0), np.empty(0), {}
    for kind in KINDS:
        differences, names = [], []
        for pair in pairs:
            if pair.kind == kind:
                a, b = (read(atlas(answer), [measure], places)[0] for answer in (pair.a, pair.b))
                differences.append(b - a)
                names.append(pair.name)
                if kind == "own":
                    one, other = a, b
        found[kind] = Band(tuple(names), np.stack(differences) if differences else np.empty((0, *one.shape)))
    return one, other, found
