"""What the world learns from tallies: how risky travellers find the railway and the road, and whom officers meet.

Journeys begun, and journeys stopped (turned back, punished or made to pay), are remembered by home region, act and
mode, fading over weeks, and mixed with what the whole nation went through. People compare rail with road, relative to
how the two compared at the start. Who does not know what gates do goes by what travelling was like before any gate
worked there.

Acts that went free and left a record are remembered too, for as long as it takes to follow a record up.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import OUTCOMES, STATES, WAYS_NOT_BEGUN
from greyspace.contract.axes import FREE_RECORDED
from greyspace.country import ACTS, JOURNEYS
from greyspace.evidence import Parameters
from greyspace.institutions import (
    MONTH_WEEKS,
    ROWS,
    Cases,
    Enforcement,
    Market,
    Practice,
    cleared,
    no_practice,
    remembered,
    usual_market,
)
from greyspace.society.acts import SANCTIONED
from greyspace.systems import RECORD_KINDS, Contact

_BEGUN = slice(STATES.index("punished"), None)
_STOPPED = slice(STATES.index("punished"), STATES.index("paid") + 1)
_LET_GO = [OUTCOMES.index(f"recorded_{verdict}") for verdict in ("passed", "held_in_error")]
_LEAST_RISK = 1e-4
"""A risk below one in ten thousand is not told apart from none; it keeps ratios finite."""

Floats = NDArray[np.float64]


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
    known: Experience, p: Parameters, modes: NDArray[np.generic], weeks: int, persons_each: Floats, gated: Floats
) -> Experience:
    """After ``weeks`` weeks with tallies ``modes[R, A, way, state]``.

    ``persons_each[R]``: persons of the nation that one counted person stands for. ``gated[R]``: whether a gate worked
    in the person's province in these weeks.
    """
    kept = np.exp(-weeks / p.number("experience.memory_weeks"))
    journeys = _journeys(modes) * persons_each[:, None, None, None]
    begun = known.begun * kept + journeys[..., _BEGUN].sum(axis=-1)
    stopped = known.stopped * kept + journeys[..., _STOPPED].sum(axis=-1)
    after = replace(known, begun=begun, stopped=stopped)
    return replace(after, before_gates=np.where(gated[:, None] > 0, known.before_gates, comparison(after, p)))


def _journeys(modes: NDArray[np.generic]) -> Floats:
    """``[R, journeys, (rail, road), state]`` of tallies ``[R, A, way, state]``."""
    travel = [ACTS.index(act) for act in JOURNEYS]
    return np.asarray(modes, np.float64)[:, travel, len(WAYS_NOT_BEGUN) : len(WAYS_NOT_BEGUN) + len(ROWS)]


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
    met: NDArray[np.generic],
    modes: NDArray[np.generic],
    weeks: int,
    weight: float,
) -> Practice:
    """What officers have met after ``weeks`` weeks under ``found``: tallies ``met[R, D, X * J, powered, F, V]`` and
    ``modes[R, A, way, state]``, each person counted standing for ``weight`` of the nation.
    """
    # Officers in a row are met by one mode.
    begun = _journeys(modes)[:, JOURNEYS.index("journey_without_permit"), :, _BEGUN].sum(axis=(0, 2))
    return remembered(practice, p, cases, np.asarray(met, np.float64) * weight, begun * weight, weeks, found)


@dataclass(frozen=True)
class Traces:
    """Acts of the last steps of so many ``weeks[step]``, in persons of the nation, by where the person lives.

    ``begun[step, R, A]``, and ``recorded[step, R, A, kind]``: those that went free and left a record, by its kind. The
    oldest step stands for all that came before it.
    """

    weeks: Floats
    begun: Floats
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
    return Traces(np.zeros(0), acts, np.zeros((*acts.shape, len(RECORD_KINDS))))


def traced(
    traces: Traces,
    p: Parameters,
    contacts: Sequence[Contact],
    met: NDArray[np.generic],
    modes: NDArray[np.generic],
    weeks: int,
    weight: float,
) -> Traces:
    """After ``weeks`` weeks with tallies ``met[R, C, X, G, powered, outcome]`` and ``modes[R, A, way, state]``.

    ``weight``: persons of the nation that each person counted stands for. How many acts left a record is known by
    where people live, of what kind it is by where they were met: the kinds are mixed as in the whole nation.
    """
    now = np.asarray(modes, np.float64).sum(axis=2) * weight
    begun = now[None, ..., _BEGUN].sum(axis=-1)
    recorded = now[None, ..., FREE_RECORDED, None] * _kinds(contacts, met)
    lengths = np.append(traces.weeks, float(weeks))
    # A step is needed as long as all that came after it does not yet reach back so far.
    after = np.append(np.cumsum(lengths[::-1])[::-1][1:], 0.0)
    kept = after <= p.number("analysis.delay_weeks")
    return Traces(
        lengths[kept],
        np.concatenate([traces.begun, begun])[kept],
        np.concatenate([traces.recorded, recorded])[kept],
    )


def _kinds(contacts: Sequence[Contact], met: NDArray[np.generic]) -> Floats:
    """``[A, kind]``: shares of the kinds among the records of those who were let go on; zeros where there are none."""
    let_go = np.asarray(met, np.float64)[..., _LET_GO].sum(axis=(0, 2, 3, 5))
    found = np.zeros((len(ACTS), len(RECORD_KINDS)))
    for c, contact in enumerate(contacts):
        for powered in (False, True):
            kind = contact.record if powered or not contact.device else "paper"
            found[ACTS.index(contact.act), RECORD_KINDS.index(kind)] += let_go[c, int(powered)]
    total = found.sum(axis=-1, keepdims=True)
    return np.divide(found, total, out=np.zeros_like(found), where=total > 0)


def followed_up(traces: Traces, p: Parameters) -> tuple[Floats, Floats]:
    """``[R, A]`` acts begun, ``[R, A, kind]`` recorded, a month, when the records were made that are followed up now.

    Nothing, before anybody has acted.
    """
    if not len(traces.weeks):
        return np.zeros(traces.begun.shape[1:]), np.zeros(traces.recorded.shape[1:])
    step, ago = len(traces.weeks) - 1, traces.weeks[-1]
    while step > 0 and ago <= p.number("analysis.delay_weeks"):
        step -= 1
        ago += traces.weeks[step]
    a_month = MONTH_WEEKS / traces.weeks[step]
    return traces.begun[step] * a_month, traces.recorded[step] * a_month


@dataclass(frozen=True)
class Heard:
    """What people hear of and see around them, a person and week: bribes paid, and acts that went unpunished, ``[R]``.

    Kept as half of what it was and half of what the last weeks came to.
    """

    bribes: Floats
    unpunished: Floats

    def arrays(self) -> dict[str, Floats]:
        """For a checkpoint."""
        return {f"heard_{name}": getattr(self, name) for name in self.__dataclass_fields__}

    @classmethod
    def of(cls, arrays: dict[str, Floats]) -> "Heard":
        """From a checkpoint."""
        return cls(**{name: arrays[f"heard_{name}"] for name in cls.__dataclass_fields__})


def nothing_heard(regions: int) -> Heard:
    """Before anything happened."""
    return Heard(np.zeros(regions), np.zeros(regions))


def heard_of(known: Heard, modes: NDArray[np.generic], persons: Floats, weeks: int) -> Heard:
    """After ``weeks`` weeks with tallies ``modes[R, A, way, state]`` among ``persons[R]`` counted likewise."""
    of = np.asarray(modes, np.float64)[:, ~SANCTIONED].sum(axis=(1, 2)) / (np.maximum(persons, 1.0) * weeks)[:, None]
    paid = of[:, STATES.index("paid")]
    free = of[:, STATES.index("paid") :].sum(axis=1)
    return Heard(0.5 * (known.bribes + paid), 0.5 * (known.unpunished + free))


@dataclass(frozen=True)
class Learnt:
    """All that a world has learnt from tallies so far, and goes by in the next period."""

    travellers: Experience
    heard: Heard
    practice: Practice
    traces: Traces
    market: Market

    def arrays(self) -> dict[str, Floats]:
        """For a checkpoint."""
        return {name: array for part in vars(self).values() for name, array in part.arrays().items()}

    @classmethod
    def of(cls, arrays: dict[str, Floats]) -> "Learnt":
        """From a checkpoint."""
        return cls(Experience.of(arrays), Heard.of(arrays), Practice.of(arrays), Traces.of(arrays), Market.of(arrays))


def nothing_learnt(p: Parameters, regions: int, cases: Cases) -> Learnt:
    """Before the first week."""
    return Learnt(
        travellers=nothing_known(regions),
        heard=nothing_heard(regions),
        practice=no_practice(regions, cases),
        traces=no_traces(regions),
        market=usual_market(p),
    )


class Lesson(NamedTuple):
    """What some weeks came to, and under which circumstances; R regions."""

    modes: NDArray[np.generic]  # [R, A, way, state]
    contacts: NDArray[np.generic]  # [R, C, X, G, powered, outcome]
    cases: NDArray[np.generic]  # [R, D, X * J, powered, F, V]
    persons: Floats  # [R] counted likewise
    weeks: int
    weight: float  # persons of the nation that one of those counted stands for
    gated: Floats  # [R] whether a gate worked in the person's province
    day: date
    border_open: float  # share of ordinary traffic
    usual_loads: float  # loads a month that were smuggled in as usual; 0 while that is not settled


def learn_from(
    known: Learnt, p: Parameters, cases: Cases, contacts: Sequence[Contact], found: Enforcement, lesson: Lesson
) -> Learnt:
    """What the world knows after some weeks under ``found``."""
    weeks, weight, modes = lesson.weeks, lesson.weight, lesson.modes
    each = np.full(len(lesson.persons), weight)
    loads = smuggled(modes, weight, weeks)
    share = loads / lesson.usual_loads if lesson.usual_loads > 0.0 else 1.0
    return Learnt(
        travellers=remember(known.travellers, p, modes, weeks, each, lesson.gated),
        heard=heard_of(known.heard, modes, lesson.persons, weeks),
        practice=practised(known.practice, p, cases, found, lesson.cases, modes, weeks, weight),
        traces=traced(known.traces, p, contacts, lesson.contacts, modes, weeks, weight),
        market=cleared(p, known.market, lesson.day, lesson.border_open, share, weeks / MONTH_WEEKS),
    )


def smuggled(modes: NDArray[np.generic], weight: float, weeks: int) -> float:
    """Loads a month that came through: smuggling that was not stopped, in the nation."""
    through = np.asarray(modes, np.float64)[:, ACTS.index("smuggling"), :, STATES.index("paid") :].sum()
    return float(through * weight * MONTH_WEEKS / weeks)
