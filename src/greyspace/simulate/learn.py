"""What the world learns from tallies: how risky travellers find the railway and the road, and whom officers meet.

Journeys begun, and journeys stopped (turned back, punished or made to pay), are remembered by home region, act and
mode, fading over weeks, and mixed with what the whole nation went through. People compare rail with road, relative to
how the two compared at the start. Who does not know what gates do goes by what travelling was like before any gate
worked there.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import STATES, WAYS_NOT_BEGUN
from greyspace.evidence import Parameters
from greyspace.institutions import ROWS, Cases, Enforcement, Practice, remembered
from greyspace.society.acts import SANCTIONED

_BEGUN = slice(STATES.index("punished"), None)
_STOPPED = slice(STATES.index("punished"), STATES.index("paid") + 1)
_LEAST_RISK = 1e-4
"""A risk below one in ten thousand is not told apart from none; it keeps ratios finite."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Experience:
    """Journeys remembered, in persons of the nation: ``begun`` and ``stopped`` are ``[R, A, mode]``.

    ``usual[R, A]`` and ``before_gates[R, A]`` are logarithms (base 2) of the risk of rail over that of road: at the
    start of the run, and as remembered when the province last had no working gate.
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


def nothing_known(regions: int, acts: int, modes: int) -> Experience:
    """Before the first journey: rail and road are as usual."""
    none = np.zeros((regions, acts, modes))
    return Experience(none, none, np.zeros((regions, acts)), np.zeros((regions, acts)))


def remember(
    known: Experience, p: Parameters, modes: NDArray[np.generic], weeks: int, persons_each: Floats, gated: Floats
) -> Experience:
    """After ``weeks`` weeks with tallies ``modes[R, A, way, state]``.

    ``persons_each[R]``: persons of the nation that one counted person stands for. ``gated[R]``: whether a gate worked
    in the person's province in these weeks.
    """
    kept = np.exp(-weeks / p.number("experience.memory_weeks"))
    journeys = np.asarray(modes, np.float64)[:, :, len(WAYS_NOT_BEGUN) :] * persons_each[:, None, None, None]
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
    met: NDArray[np.generic],
    modes: NDArray[np.generic],
    weeks: int,
    weight: float,
) -> Practice:
    """What officers have met after ``weeks`` weeks under ``found``: tallies ``met[R, D, X * J, powered, F, V]`` and
    ``modes[R, A, way, state]``, each person counted standing for ``weight`` of the nation.
    """
    begun = np.asarray(modes, np.float64)[:, ~SANCTIONED, len(WAYS_NOT_BEGUN) :, _BEGUN].sum(axis=(0, 1, 3))
    assert len(begun) == len(ROWS)  # officers in a row are met by one mode
    return remembered(practice, p, cases, np.asarray(met, np.float64) * weight, begun * weight, weeks, found)
