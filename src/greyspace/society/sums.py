"""What became of what people would do, in the sums that the world learns from."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import STATES, WAYS_NOT_BEGUN
from greyspace.country import ACTS, JOURNEYS
from greyspace.draws import inner, kernel
from greyspace.society.acts import SANCTIONED
from greyspace.society.routes import JOURNEY_MODES, LINES, MODES

Floats = NDArray[np.float64]

_JOURNEY_OF = np.array([JOURNEYS.index(act) if act in JOURNEYS else -1 for act in ACTS])
_LINE_OF = np.full(len(WAYS_NOT_BEGUN) + len(MODES), -1)
_LINE_OF[len(WAYS_NOT_BEGUN) + JOURNEY_MODES] = np.arange(len(LINES))[:, None]


class Sums(NamedTuple):
    """Tallies of intents by region, added up."""

    acts: Floats  # [R, A, state], however they were carried out
    unpermitted: Floats  # [R, state], of all acts that are not permitted
    journeys: Floats  # [R, journeys, line, state], with whatever papers


def summed(modes: NDArray[np.generic]) -> Sums:
    """The sums of ``modes[R, A, way, state]``."""
    regions = len(modes)
    found = Sums(
        np.zeros((regions, len(ACTS), len(STATES))),
        np.zeros((regions, len(STATES))),
        np.zeros((regions, len(JOURNEYS), len(LINES), len(STATES))),
    )
    _add_up(np.asarray(modes, np.float64), SANCTIONED, _JOURNEY_OF, _LINE_OF, found)
    return found


@kernel
def _add_up(modes, sanctioned, journey_of, line_of, out):  # type: ignore[no-untyped-def]
    """All of them in one pass."""
    regions, acts, ways, _ = modes.shape
    for r in range(regions):
        for a in range(acts):
            for w in range(ways):
                _add(modes[r, a, w], out.acts[r, a])
                if not sanctioned[a]:
                    _add(modes[r, a, w], out.unpermitted[r])
                if journey_of[a] >= 0 and line_of[w] >= 0:
                    _add(modes[r, a, w], out.journeys[r, journey_of[a], line_of[w]])


@inner
def _add(states, to):  # type: ignore[no-untyped-def]
    for s in range(len(STATES)):
        to[s] += states[s]
