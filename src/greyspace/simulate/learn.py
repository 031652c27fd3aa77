"""What the world learns from tallies: how risky travellers find the railway and the road, and whom officers meet.

Journeys begun, and journeys stopped (turned back, punished or made to pay), are remembered by home region, act and
mode, fading over weeks, and mixed with what the whole nation went through. People compare rail with road, relative to
how the two compared at the start. Who does not know what gates do goes by what travelling was like before any gate
worked there.

Acts that went free, and those that left a record, are remembered too, for as long as it takes to follow a record up.
Penalties are heard of where they happen; by those that telephones, payments or the register brought about, people learn
what these can do.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import STATES
from greyspace.contract.axes import FREE_RECORDED, FREE_UNSEEN
from greyspace.country import ACTS, JOURNEYS
from greyspace.evidence import Parameters
from greyspace.institutions import (
    MONTH_WEEKS,
    ROWS,
    Cases,
    Ends,
    Enforcement,
    Market,
    Practice,
    cleared,
    ends,
    no_practice,
    remembered,
    usual_market,
)
from greyspace.society import knowing
from greyspace.society.sums import Sums, summed
from greyspace.systems import RECORD_KINDS, Contact

_BEGUN = slice(STATES.index("punished"), None)
_STOPPED = slice(STATES.index("punished"), STATES.index("paid") + 1)
_LEAST_RISK = 1e-4
"""A risk below one in ten thousand is not told apart from none; it keeps ratios finite."""

Floats = NDArray[np.float64]


class Sorting(NamedTuple):
    """Where the people met at each contact count in what is learnt: worked out once, from the contacts of a world."""

    record: NDArray[np.int64]  # [C, powered]: act and kind of a record that is made there, flat in [A, kind]
    penalty: NDArray[np.int64]  # [C, powered]: 0 through officers alone, 1 a device
    teaches: NDArray[np.int64]  # [C, powered]: of which of knowing.CLASSES a penalty teaches; their number, of none

    @classmethod
    def of(cls, contacts: Sequence[Contact]) -> "Sorting":
        """A device without power writes on paper, and is not what brought a penalty about."""
        shape = len(contacts), 2
        record, penalty, teaches = np.empty(shape, np.int64), np.empty(shape, np.int64), np.empty(shape, np.int64)
        classes = [*knowing.CLASSES, ""]
        for c, contact in enumerate(contacts):
            for powered in (False, True):
                dead = contact.device and not powered
                kind = RECORD_KINDS.index("paper" if dead else contact.record)
                record[c, int(powered)] = ACTS.index(contact.act) * len(RECORD_KINDS) + kind
                penalty[c, int(powered)] = contact.device and powered
                teaches[c, int(powered)] = classes.index("" if dead else contact.teaches)
        return cls(record, penalty, teaches)


@dataclass(frozen=True)
class Experience:
    """Journeys remembered, in persons of the nation: ``begun`` and ``stopped`` are ``[R, journeys, (rail, road)]``.

    ``usual[R, journeys]`` and ``before_gates`` likewise are logarithms (base 2) of the risk of rail over that of road:
    at the start of the run, and as remembered when the province last had no working gate.
    """

    begun: Floats
    stopped: Floats
    usual: Floats
    before_gates: Floats

    def arrays(self) -> dict[str, Floats]:
        """For a checkpoint."""
        return {f"experience_{name}": getattr(self, name) for name in self.__dataclass_fields__}

    @classmethod
    def of(cls, arrays: dict[str, Floats]) -> "Experience":
        """From a checkpoint."""
        return cls(**{name: arrays[f"experience_{name}"] for name in cls.__dataclass_fields__})


def nothing_known(regions: int) -> Experience:
    """Before the first journey: rail and road are as usual."""
    none = np.zeros((regions, len(JOURNEYS), len(ROWS)))
    return Experience(none, none, none[..., 0], none[..., 0])


def remember(
    known: Experience, p: Parameters, came: Sums, weeks: int, persons_each: Floats, gated: Floats
) -> Experience:
    """After ``weeks`` weeks that came to so much.

    ``persons_each[R]``: persons of the nation that one counted person stands for. ``gated[R]``: whether a gate worked
    in the person's province in these weeks.
    """
    kept = np.exp(-weeks / p.number("experience.memory_weeks"))
    journeys = came.journeys * persons_each[:, None, None, None]
    begun = known.begun * kept + journeys[..., _BEGUN].sum(axis=-1)
    stopped = known.stopped * kept + journeys[..., _STOPPED].sum(axis=-1)
    after = replace(known, begun=begun, stopped=stopped)
    return replace(after, before_gates=np.where(gated[:, None] > 0, known.before_gates, comparison(after, p)))


def comparison(known: Experience, p: Parameters) -> Floats:
    """``[R, A]``: how often the risk of rail is double that of road (base-2 logarithm), as a region remembers it."""
    pooled = p.number("experience.pooled_journeys")
    everywhere = known.begun.sum(axis=0)
    nation = np.divide(known.stopped.sum(axis=0), everywhere, out=np.zeros_like(everywhere), where=everywhere > 0)
    risk = (known.stopped + pooled * nation) / (known.begun + pooled)
    risk = np.maximum(risk, _LEAST_RISK)
    # Where nobody in the nation went by one of the two there is nothing to compare, for that act alone.
    both = (everywhere > 0).all(axis=-1)
    return np.where(both, np.log2(risk[..., 0] / risk[..., 1]), 0.0)


def settled(known: Experience, p: Parameters) -> Experience:
    """Call what is remembered now the usual."""
    now = comparison(known, p)
    return replace(known, usual=now, before_gates=now)


def shift(known: Experience, p: Parameters, knows: NDArray[np.int32]) -> Floats:
    """``[R, U, A]``: change of the comparison against the usual, by mood; ``knows[U]``: who knows what gates do."""
    now = comparison(known, p)[:, None]
    before = known.before_gates[:, None]
    return np.where(knows[None, :, None] == 1, now, before) - known.usual[:, None]


def practised(
    practice: Practice,
    p: Parameters,
    cases: Cases,
    found: Enforcement,
    met: Floats,
    came: Sums,
    weeks: int,
    weight: float,
) -> Practice:
    """What officers have met after ``weeks`` weeks under ``found``: ``met[R, D, powered, F, X * J]`` persons of the
    nation, and what else they came to, each person counted standing for ``weight`` of the nation.
    """
    # Officers in a row are met on one line.
    begun = came.journeys[:, JOURNEYS.index("journey_without_permit"), :, _BEGUN]
    by_row = begun.swapaxes(0, 1).reshape(len(ROWS), -1).sum(axis=1)
    return remembered(practice, p, cases, met, by_row * weight, weeks, found)


@dataclass(frozen=True)
class Traces:
    """Acts of the last steps of so many ``weeks[step]``, in persons of the nation, by where the person lives.

    ``begun[step, R, A]``; ``free[step, R, A]``, those that went free; and ``recorded[step, R, A, kind]``, those of them
    that left a record, by its kind. The oldest step stands for all that came before it.
    """

    weeks: Floats
    begun: Floats
    free: Floats
    recorded: Floats

    def arrays(self) -> dict[str, Floats]:
        """For a checkpoint."""
        return {f"traces_{name}": getattr(self, name) for name in self.__dataclass_fields__}

    @classmethod
    def of(cls, arrays: dict[str, Floats]) -> "Traces":
        """From a checkpoint."""
        return cls(**{name: arrays[f"traces_{name}"] for name in cls.__dataclass_fields__})


def no_traces(regions: int) -> Traces:
    """Before the first act."""
    acts = np.zeros((0, regions, len(ACTS)))
    return Traces(np.zeros(0), acts, acts, np.zeros((*acts.shape, len(RECORD_KINDS))))


def traced(
    traces: Traces,
    p: Parameters,
    sorting: Sorting,
    ended: Ends,
    came: Sums,
    weeks: int,
    weight: float,
) -> Traces:
    """After ``weeks`` weeks that ``came`` to so much, in which contacts ``ended`` so.

    ``weight``: persons of the nation that each person counted stands for. How many acts left a record is known by
    where people live, of what kind it is by where they were met: the kinds are mixed as in the whole nation.
    """
    now = came.acts * weight
    begun = now[None, ..., _BEGUN].sum(axis=-1)
    free = now[None, ..., FREE_RECORDED] + now[None, ..., FREE_UNSEEN]
    recorded = now[None, ..., FREE_RECORDED, None] * _kinds(sorting, ended.let_go)
    lengths = np.append(traces.weeks, float(weeks))
    # A step is needed as long as all that came after it does not yet reach back so far.
    after = np.append(np.cumsum(lengths[::-1])[::-1][1:], 0.0)
    kept = after <= p.number("analysis.delay_weeks")
    return Traces(
        lengths[kept],
        np.concatenate([traces.begun, begun])[kept],
        np.concatenate([traces.free, free])[kept],
        np.concatenate([traces.recorded, recorded])[kept],
    )


def _kinds(sorting: Sorting, let_go: Floats) -> Floats:
    """``[A, kind]``: shares of the kinds among the records of those who were let go on; zeros where there are none."""
    shape = len(ACTS), len(RECORD_KINDS)
    found = np.bincount(sorting.record.ravel(), let_go.ravel(), shape[0] * shape[1]).reshape(shape)
    total = found.sum(axis=-1, keepdims=True)
    return np.divide(found, total, out=np.zeros_like(found), where=total > 0)


def followed_up(traces: Traces, p: Parameters) -> tuple[Floats, Floats, Floats]:
    """Acts a month when the records were made that are followed up now: ``[R, A]`` begun, ``[R, A]`` that went free,
    ``[R, A, kind]`` of them recorded. Nothing, before anybody has acted.
    """
    if not len(traces.weeks):
        none = np.zeros(traces.begun.shape[1:])
        return none, none, np.zeros(traces.recorded.shape[1:])
    step, ago = len(traces.weeks) - 1, traces.weeks[-1]
    while step > 0 and ago <= p.number("analysis.delay_weeks"):
        step -= 1
        ago += traces.weeks[step]
    a_month = MONTH_WEEKS / traces.weeks[step]
    return traces.begun[step] * a_month, traces.free[step] * a_month, traces.recorded[step] * a_month


class Penalties(NamedTuple):
    """Penalties ``[R]`` by where they happened: through officers alone or a device; and by :data:`knowing.CLASSES`."""

    human: Floats
    digital: Floats
    classes: Floats  # [R, class]


def penalties(sorting: Sorting, ended: Ends) -> Penalties:
    """Of contacts that ``ended`` so."""
    through, classes = _sorted(ended.penalised, sorting.penalty, 2), len(knowing.CLASSES)
    return Penalties(through[:, 0], through[:, 1], _sorted(ended.penalised, sorting.teaches, classes + 1)[:, :classes])


def _sorted(of_contacts: Floats, where: NDArray[np.int64], places: int) -> Floats:
    """``[R, place]`` of ``[R, C, powered]`` and ``where[C, powered]``, added up contact after contact.

    So those that nobody meets change no bit, and a system that is not there yet is as if it were off.
    """
    regions, _, powers = of_contacts.shape
    of_region = places * powers
    bins = np.add.outer(np.arange(regions) * of_region, (where * powers + np.arange(powers)).ravel())
    found = np.bincount(bins.ravel(), of_contacts.ravel(), regions * of_region)
    return np.asarray(found.reshape(regions, places, powers).sum(axis=-1))


@dataclass(frozen=True)
class Heard:
    """What people hear of and see around them, a person and week, ``[R]``: bribes paid, acts that went unpunished,
    penalties by officers and by devices.

    Kept as half of what it was and half of what the last weeks came to.
    """

    bribes: Floats
    unpunished: Floats
    human: Floats
    digital: Floats

    def arrays(self) -> dict[str, Floats]:
        """For a checkpoint."""
        return {f"heard_{name}": getattr(self, name) for name in self.__dataclass_fields__}

    @classmethod
    def of(cls, arrays: dict[str, Floats]) -> "Heard":
        """From a checkpoint."""
        return cls(**{name: arrays[f"heard_{name}"] for name in cls.__dataclass_fields__})


def nothing_heard(regions: int) -> Heard:
    """Before anything happened."""
    return Heard(*(np.zeros(regions) for _ in Heard.__dataclass_fields__))


def heard_of(known: Heard, came: Sums, penalised: Penalties, persons: Floats, weeks: int) -> Heard:
    """After ``weeks`` weeks that came to so much among ``persons[R]`` counted likewise."""
    person_weeks = np.maximum(persons, 1.0) * weeks
    of = came.unpermitted / person_weeks[:, None]
    paid = of[:, STATES.index("paid")]
    free = of[:, STATES.index("paid") :].sum(axis=1)
    return Heard(
        bribes=0.5 * (known.bribes + paid),
        unpunished=0.5 * (known.unpunished + free),
        human=0.5 * (known.human + penalised.human / person_weeks),
        digital=0.5 * (known.digital + penalised.digital / person_weeks),
    )


@dataclass(frozen=True)
class Knowing:
    """Shares ``[R]`` of people who know what telephones, payments and cards record, and what the register can do."""

    phone_and_money: Floats
    register: Floats

    def arrays(self) -> dict[str, Floats]:
        """For a checkpoint."""
        return {f"knowing_{name}": getattr(self, name) for name in self.__dataclass_fields__}

    @classmethod
    def of(cls, arrays: dict[str, Floats]) -> "Knowing":
        """From a checkpoint."""
        return cls(**{name: arrays[f"knowing_{name}"] for name in cls.__dataclass_fields__})


def knowing_first(p: Parameters, regions: int) -> Knowing:
    """Before the first case."""
    return Knowing(*knowing.initial(p, regions).T)


def knowing_after(known: Knowing, p: Parameters, penalised: Penalties, lesson: "Lesson") -> Knowing:
    """After the weeks of a lesson."""
    before = np.stack([known.phone_and_money, known.register], axis=1)
    person_weeks = np.maximum(lesson.persons, 1.0) * lesson.weeks
    cases = penalised.classes / person_weeks[:, None]
    return Knowing(*knowing.after(p, before, cases, lesson.unit, lesson.heard_of, lesson.weeks).T)


@dataclass(frozen=True)
class Learnt:
    """All that a world has learnt from tallies so far, and goes by in the next period."""

    travellers: Experience
    heard: Heard
    knowing: Knowing
    practice: Practice
    traces: Traces
    market: Market

    def arrays(self) -> dict[str, Floats]:
        """For a checkpoint."""
        return {name: array for part in vars(self).values() for name, array in part.arrays().items()}

    @classmethod
    def of(cls, arrays: dict[str, Floats]) -> "Learnt":
        """From a checkpoint."""
        return cls(
            travellers=Experience.of(arrays),
            heard=Heard.of(arrays),
            knowing=Knowing.of(arrays),
            practice=Practice.of(arrays),
            traces=Traces.of(arrays),
            market=Market.of(arrays),
        )


def nothing_learnt(p: Parameters, regions: int, cases: Cases) -> Learnt:
    """Before the first week."""
    return Learnt(
        travellers=nothing_known(regions),
        heard=nothing_heard(regions),
        knowing=knowing_first(p, regions),
        practice=no_practice(regions, cases),
        traces=no_traces(regions),
        market=usual_market(p),
    )


class Lesson(NamedTuple):
    """What some weeks came to, and under which circumstances; R regions."""

    modes: NDArray[np.generic]  # [R, A, way, state]
    ended: NDArray[np.generic]  # [R, C, powered, outcome]: contacts
    found: Floats  # [R, D, powered, F, X * J]: on whom officers decided, in persons of the nation
    persons: Floats  # [R] counted likewise
    weeks: int
    weight: float  # persons of the nation that one of those counted stands for
    gated: Floats  # [R] whether a gate worked in the person's province
    day: date
    border_open: float  # share of ordinary traffic
    usual_loads: float  # loads a month that were smuggled in as usual; 0 while that is not settled
    unit: float  # mean persons of a neighbourhood unit
    heard_of: Floats  # [class] of knowing.CLASSES: 1 where there is something to hear of, else 0


def learn_from(
    known: Learnt, p: Parameters, cases: Cases, sorting: Sorting, found: Enforcement, lesson: Lesson
) -> Learnt:
    """What the world knows after some weeks under ``found``."""
    weeks, weight, modes = lesson.weeks, lesson.weight, lesson.modes
    each = np.full(len(lesson.persons), weight)
    loads = smuggled(modes, weight, weeks)
    share = loads / lesson.usual_loads if lesson.usual_loads > 0.0 else 1.0
    came, ended = summed(modes), ends(lesson.ended)
    penalised = penalties(sorting, ended)
    return Learnt(
        travellers=remember(known.travellers, p, came, weeks, each, lesson.gated),
        heard=heard_of(known.heard, came, penalised, lesson.persons, weeks),
        knowing=knowing_after(known.knowing, p, penalised, lesson),
        practice=practised(known.practice, p, cases, found, lesson.found, came, weeks, weight),
        traces=traced(known.traces, p, sorting, ended, came, weeks, weight),
        market=cleared(p, known.market, lesson.day, lesson.border_open, share, weeks / MONTH_WEEKS),
    )


def learnt_as_ever(
    known: Learnt,
    p: Parameters,
    cases: Cases,
    sorting: Sorting,
    found: Enforcement,
    lesson: Lesson,
    period_weeks: int,
) -> Learnt:
    """What the world would know if it had always been as in these weeks under ``found``, remembered in such periods.

    Officers are where their learning leads, the market is as usual, and of systems people know what they knew.
    """
    regions = len(lesson.persons)
    blank = replace(
        known,
        travellers=nothing_known(regions),
        heard=nothing_heard(regions),
        practice=no_practice(regions, cases),
        traces=no_traces(regions),
    )
    once = learn_from(blank, p, cases, sorting, found, lesson)
    # A period's journeys, and what is left of those of all periods before.
    often = period_weeks / lesson.weeks / (1.0 - np.exp(-period_weeks / p.number("experience.memory_weeks")))
    begun, stopped = once.travellers.begun * often, once.travellers.stopped * often
    travellers = replace(once.travellers, begun=begun, stopped=stopped)
    before = np.where(lesson.gated[:, None] > 0, travellers.before_gates, comparison(travellers, p))
    return replace(
        once,
        travellers=replace(travellers, before_gates=before),
        # Nothing was half of what is kept.
        heard=Heard(*(2.0 * of_all for of_all in vars(once.heard).values())),
        knowing=known.knowing,
        practice=replace(once.practice, moved=found.moving),
        market=usual_market(p),
    )


def smuggled(modes: NDArray[np.generic], weight: float, weeks: int) -> float:
    """Loads a month that came through: smuggling that was not stopped, in the nation."""
    through = np.asarray(modes, np.float64)[:, ACTS.index("smuggling"), :, STATES.index("paid") :].sum()
    return float(through * weight * MONTH_WEEKS / weeks)
