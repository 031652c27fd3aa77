"""Verdicts on claims: in how many draws of the model each holds, by how much, what decides it, under which structure.

A share of draws is a share of draws of this model, and no probability of anything in the world.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from math import factorial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greyspace import __version__
from greyspace.country import Pack
from greyspace.evidence import Parameter, counts
from greyspace.evidence.parameters import Value
from greyspace.evidence.resolve import Setting
from greyspace.results import source_hash
from greyspace.simulate import plan
from greyspace.study.claims import Book, Claim, Test, scenario_of
from greyspace.study.draws import latin, told_over
from greyspace.study.eras import read_by
from greyspace.study.histories import History, Kept, Reader
from greyspace.study.jobs import Tell
from greyspace.study.quantities import quantity
from greyspace.study.totals import Totals

OUTCOMES = {
    "held": "the interval of the share of draws in which it holds lies above one half",
    "did not hold": "the interval lies below one half",
    "undecided": "one half lies within the interval",
    "built-in": "what it asserts was put in, so that a run shows nothing",
    "not expressible": "the model has no place for it",
}
"""What can become of a claim."""

HOLDS, CONTRARY, NEITHER = "holds", "contrary", "neither"

FEWER = 10
"""Structures are tried in one draw of so many."""

MOST_DECIDING = 3

_Z = 1.959963984540054
"""Of the standard normal distribution: 95 percent lie within."""

_CHANCE = 0.05
"""How often the strongest of all correlations may come up by chance alone to be told."""

_SAME = 1e-9

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Study:
    """An experiment on some claims of a pack: ``draws`` of the parameters, and ``seeds`` of individual runs."""

    pack: Pack
    book: Book
    claims: tuple[Claim, ...]
    draws: int
    seeds: int
    scale: float
    _plans: dict[tuple[str, str, int], History] = field(default_factory=dict)

    @cached_property
    def read(self) -> frozenset[str]:
        """Ids of the parameters that histories read, by the first arm in which people live."""
        arm = next((name for name, arm in self.book.arms.items() if self.book.windows[arm.window].people), None)
        if arm is None:
            return frozenset(self.pack.parameters)
        return read_by([self.history(arm, "own", 0).plan])

    @cached_property
    def drawn(self) -> list[dict[str, Value]]:
        """The draws, the same for every claim, so that claims share histories."""
        return latin(self.pack.parameters, self.draws, self.read) if self.draws else []

    @property
    def few(self) -> int:
        """Draws in which alternative structures are tried."""
        return min(self.draws, max(1, self.draws // FEWER))

    def history(self, arm: str, variant: str, number: int) -> History:
        """The history of an arm: at the pack's ``own`` values, in a ``draw``, under a structure, of ``individuals``."""
        key = (arm, variant, number)
        if key not in self._plans:
            self._plans[key] = self._history(arm, variant, number)
        return self._plans[key]

    def _history(self, name: str, variant: str, number: int) -> History:
        arm = self.book.arms[name]
        window = self.book.windows[arm.window]
        scenario = scenario_of(self.pack, arm)
        sets: dict[str, Setting] = {}
        if variant not in ("own", "individuals"):
            sets |= self.drawn[number]
        if variant in self.book.structures:
            sets |= self.book.structures[variant].sets
        # An arm that changes from a date on begins like those that do not.
        for told in (scenario.sets(), arm.settings()):
            sets = told_over(sets, told)
        made = plan(
            self.pack,
            scenario,
            engine="individuals" if variant == "individuals" else "expected",
            # The luck of a draw, or of a seed, is the same for all arms.
            seed=number + 1,
            scale=self.scale,
            start=window.start,
            end=window.end,
            sets=sets,
        )
        return History(made, window)

    def cases(self, claim: Claim) -> list[tuple[str, str, int]]:
        """Arms, variants and numbers of all histories that a claim needs."""
        arms = claim.arms()
        found = [(arm, "own", 0) for arm in arms]
        found += [(arm, "draw", i) for arm in arms for i in range(self.draws)]
        if claim.rival:
            others = {claim.rival.replaces.get(arm, arm) for arm in arms}
            found += [(arm, "draw", i) for arm in sorted(others) for i in range(self.draws)]
        if claim.standing != "built-in":
            found += [(arm, s, i) for s in self.book.structures for arm in arms for i in range(self.few)]
            lived = [arm for arm in arms if self.book.windows[self.book.arms[arm].window].people]
            found += [(arm, "individuals", i) for arm in lived for i in range(self.seeds)]
        return found

    def histories(self) -> list[History]:
        """All histories that are needed, each once; draw by draw, so that a stopped study has whole draws."""
        needed = {case for claim in self.claims for case in self.cases(claim)}
        order = {name: i for i, name in enumerate(["own", "draw", "individuals", *self.book.structures])}
        arms = {name: i for i, name in enumerate(self.book.arms)}
        ordered = sorted(needed, key=lambda case: (order[case[1]], case[2], arms[case[0]]))
        found = [self.history(*case) for case in ordered]
        return list({history.key: history for history in found}.values())


def find(study: Study, kept: Kept, workers: int, tell: Tell) -> dict[str, Any]:
    """Live what is missing of a study, and judge its claims: plain data, JSON-able."""
    totals = Reader(kept, workers, tell)
    totals.live(study.histories(), "histories")
    told = {}
    for number, claim in enumerate(study.claims):
        tell("verdicts", number, len(study.claims))
        told[claim.id] = verdict(study, claim, totals)
    tell("verdicts", len(study.claims), len(study.claims))
    return {"about": _about(study), "claims": told}


def _about(study: Study) -> dict[str, Any]:
    read = [study.pack.parameters[key] for key in study.read]
    grounds = [parameter.grounds for parameter in read]
    return {
        "greyspace": __version__,
        "country": study.pack.id,
        "title": study.pack.title,
        "stylised": study.pack.stylised,
        "pack_hash": study.pack.content_hash,
        "source_hash": source_hash(),
        "draws": study.draws,
        "structure_draws": study.few,
        "seeds": study.seeds,
        "scale": study.scale,
        "evidence": counts(study.pack.parameters),
        "evidence_read": {kind: grounds.count(kind) for kind in ("sourced", "derived", "assumed", "lever")},
    }


# -- one claim


def verdict(study: Study, claim: Claim, totals: Callable[[History], Totals]) -> dict[str, Any]:
    """What becomes of a claim, as plain data."""
    told: dict[str, Any] = {
        **{name: getattr(claim, name) for name in ("id", "says", "source", "where", "because", "counts_against")},
        "label": claim.standing,
        "contradicts": claim.contradicts,
        "declared": study.book.declared(claim),
        "draws": study.draws,
        "pack_hash": study.pack.content_hash,
        "source_hash": source_hash(),
    }
    if not claim.tests:
        return {**told, "outcome": "built-in" if claim.standing == "built-in" else "not expressible", "tests": []}

    def effects(variant: str, numbers: Sequence[int], replaces: Mapping[str, str]) -> list[tuple[float | None, ...]]:
        def of(test: Test, number: int) -> float | None:
            return effect(test, lambda arm: totals(study.history(replaces.get(arm, arm), variant, number)))

        return [tuple(of(test, number) for test in claim.tests) for number in numbers]

    own = effects("own", [0], {})[0]
    drawn = effects("draw", range(study.draws), {})
    judged = [judge(claim, each) for each in drawn]
    share = counted(judged)
    built_in = claim.standing == "built-in" or (
        share["holds"] > 1 and _constant(drawn) and share["of"] == share["holds"]
    )
    found = outcome(share)
    told |= {
        "label": "built-in" if built_in else claim.standing,
        # What was put in and does not come out all the same is shown as what it is.
        "outcome": "built-in" if built_in and found != "did not hold" else found,
        "share": share,
        "at_pack_values": judge(claim, own),
        "tests": [_test(test, own[t], [each[t] for each in drawn]) for t, test in enumerate(claim.tests)],
        "same_in_all_draws": _constant(drawn),
        "decides": deciding(study, claim, drawn),
    }
    if claim.rival:
        rivals = effects("draw", range(study.draws), claim.rival.replaces)
        told["rival"] = {"says": claim.rival.says, **counted([judge(claim, each) for each in rivals])}
    if claim.standing != "built-in":
        told["structures"] = {
            name: {"says": structure.says, **counted([judge(claim, e) for e in effects(name, range(study.few), {})])}
            for name, structure in study.book.structures.items()
        }
        if study.seeds and all(study.book.windows[study.book.arms[arm].window].people for arm in claim.arms()):
            seeds = effects("individuals", range(study.seeds), {})
            told["individuals"] = {**counted([judge(claim, each) for each in seeds]), "effects": seeds}
    return told


def effect(test: Test, totals: Callable[[str], Totals]) -> float | None:
    """The effect in its own unit, not yet turned into its direction; None where nothing is there to measure."""
    values = [test.of.of(totals(arm)) for arm in test.arms]
    if test.design == "one arm":
        against = test.against
        if isinstance(against, str):
            against = quantity(against).of(totals(test.arms[0]))
        values = [against, *values]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    base = known[0]
    change = (known[3] - known[2]) - (known[1] - known[0]) if test.design == "factorial" else known[-1] - base
    if test.design == "sweep":
        sign = 1.0 if test.direction == "up" else -1.0
        steps = [sign * (b - a) for a, b in pairwise(known)]
        if min(steps) < 0.0 < sign * change:
            change = 0.0  # the way goes back and forth: the ends say nothing
    if test.kind == "percent":
        return 100.0 * change / base if base > 0 else None
    return change


def judge(claim: Claim, effects: Sequence[float | None]) -> str | None:
    """What one draw says: all tests hold, one goes the other way, or neither; None where a test has nothing to say."""
    if any(effect is None for effect in effects):
        return None
    signed = [_signed(test, effect) for test, effect in zip(claim.tests, effects, strict=True) if effect is not None]
    if all(effect >= test.least for test, effect in zip(claim.tests, signed, strict=True)):
        return HOLDS
    if any(
        effect < test.least and effect <= -abs(test.least) for test, effect in zip(claim.tests, signed, strict=True)
    ):
        return CONTRARY
    return NEITHER


def _signed(test: Test, effect: float) -> float:
    return effect if test.direction == "up" else -effect


def counted(judged: Sequence[str | None]) -> dict[str, Any]:
    """How many draws say what, of those that say anything, and the interval of the share in which the claim holds."""
    said = [each for each in judged if each is not None]
    holds = said.count(HOLDS)
    low, high = wilson(holds, len(said))
    return {
        "of": len(said),
        "holds": holds,
        "contrary": said.count(CONTRARY),
        "neither": said.count(NEITHER),
        "unsaid": len(judged) - len(said),
        "interval": [low, high],
    }


def wilson(k: int, n: int) -> tuple[float, float]:
    """The interval of Wilson, 95 percent, for a share of which k of n are seen; all of it where n is 0.

    >>> [round(end, 3) for end in wilson(28, 32)]
    [0.719, 0.95]
    """
    if n == 0:
        return 0.0, 1.0
    share, weight = k / n, _Z * _Z / n
    middle = (share + weight / 2) / (1 + weight)
    half = _Z * np.sqrt(share * (1 - share) / n + weight / (4 * n)) / (1 + weight)
    # The last digit of a root must not leave the share itself out.
    return max(min(float(middle - half), share), 0.0), min(max(float(middle + half), share), 1.0)


def outcome(share: Mapping[str, Any]) -> str:
    """Held, did not hold, or undecided.

    >>> outcome({"interval": [0.4, 0.6]})
    'undecided'
    """
    low, high = share["interval"]
    return "held" if low > 0.5 else "did not hold" if high < 0.5 else "undecided"


def _constant(drawn: Sequence[tuple[float | None, ...]]) -> bool:
    """Whether the effects are the same in every draw, so that no uncertain number moves them."""
    if len(drawn) < 2 or any(effect is None for each in drawn for effect in each):
        return False
    values = np.array(drawn, dtype=float)
    return bool((np.ptp(values, axis=0) <= _SAME * np.maximum(np.abs(values).max(axis=0), 1.0)).all())


def _test(test: Test, own: float | None, drawn: Sequence[float | None]) -> dict[str, Any]:
    values = [value for value in drawn if value is not None]
    spread = [float(x) for x in np.quantile(values, [0.1, 0.5, 0.9])] if values else None
    return {
        **{name: getattr(test, name) for name in ("quantity", "design", "direction", "least", "against")},
        "arms": list(test.arms),
        "unit": test.unit,
        "given": test.given,
        "own": own,
        "spread": spread,
        "values": list(drawn),
    }


# -- what decides it


def deciding(study: Study, claim: Claim, drawn: Sequence[tuple[float | None, ...]]) -> list[dict[str, Any]]:
    """The parameters with which the margin of a claim goes most, by rank, and the grade of what is known of them.

    ``beyond_chance``: whether so strong a correlation would hardly come up among so many parameters by luck alone.
    """
    rows = [i for i, each in enumerate(drawn) if all(effect is not None for effect in each)]
    if len(rows) < 4 or _constant([drawn[i] for i in rows]):
        return []
    margin = margins(claim, [drawn[i] for i in rows])
    keys = list(study.drawn[0])
    found = []
    for key in keys:
        parameter = study.pack.parameters[key]
        found.append((key, spearman(np.array([_place(parameter, study.drawn[i][key]) for i in rows]), margin)))
    found.sort(key=lambda item: (-abs(item[1]), item[0]))
    limit = by_chance(len(rows), len(keys))
    return [
        {
            "parameter": key,
            "correlation": r,
            "beyond_chance": abs(r) > limit,
            "grounds": study.pack.parameters[key].grounds,
            "grade": grade(study.pack.parameters[key]),
            "description": study.pack.parameters[key].description,
        }
        for key, r in found[:MOST_DECIDING]
    ]


def margins(claim: Claim, drawn: Sequence[tuple[float | None, ...]]) -> Floats:
    """``[draw]``: by how much the worst of the tests holds, in widths of its own spread."""
    signed = np.array(
        [
            [_signed(test, float(e or 0.0)) - test.least for test, e in zip(claim.tests, each, strict=True)]
            for each in drawn
        ]
    )
    width = np.subtract(*np.quantile(signed, [0.9, 0.1], axis=0))
    return np.asarray((signed / np.where(width > 0, width, 1.0)).min(axis=1))


def _place(parameter: Parameter, value: Value) -> float:
    return float(parameter.options.index(value)) if isinstance(value, str) and parameter.options else float(value)


def spearman(a: Floats, b: Floats) -> float:
    """Rank correlation of two series; 0 where one of them does not vary.

    >>> spearman(np.array([1.0, 2.0, 3.0]), np.array([1.0, 4.0, 9.0]))
    1.0
    """
    from scipy.stats import rankdata

    x, y = rankdata(a) - (len(a) + 1) / 2, rankdata(b) - (len(b) + 1) / 2
    size = float(np.sqrt((x * x).sum() * (y * y).sum()))
    return round(float((x * y).sum()) / size, 12) if size > 0 else 0.0


def by_chance(draws: int, parameters: int) -> float:
    """The rank correlation that the strongest of so many parameters, none of them at work, seldom exceeds.

    >>> 0.6 < by_chance(32, 300) < 0.7
    True
    """
    from scipy.stats import t as student

    # With few draws many parameters stand in just the order of the margin.
    if not parameters or draws < 4 or 2.0 * parameters > _CHANCE * factorial(draws):
        return 1.0
    t = float(student.ppf(1.0 - _CHANCE / (2.0 * parameters), draws - 2))
    return t / float(np.sqrt(draws - 2 + t * t))


def grade(parameter: Parameter) -> str:
    """The grades of the evidence for a parameter, or that it is assumed."""
    if parameter.grounds in ("assumed", "lever"):
        return parameter.grounds
    return ", ".join(dict.fromkeys(each.grade for each in parameter.evidence))
