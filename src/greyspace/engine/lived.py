"""What the expectation lived, as acts: worked out of its person-days when somebody asks."""

from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import STATES, WAYS_NOT_BEGUN
from greyspace.draws import kernel
from greyspace.engine.fates import Kinds, Taken

_MODES_FROM = len(WAYS_NOT_BEGUN)
_STATES = len(STATES)

Floats = NDArray[np.float64]


class Terms(NamedTuple):
    """What turns the person-days of one renewal into acts. Nobody writes over it, since weeks are asked afterwards."""

    rate: Floats  # [R, class, A] intents on a free day
    chosen: Floats  # [R, M, U, taken]
    taken: Taken
    comes: Floats  # [R, X, T, taken, state]
    kinds: Kinds
    does: Floats  # [effect, S, cell], as in Fate
    hold: NDArray[np.int32]  # [effect]
    alike: NDArray[np.int32]  # [P] -> class
    share: Floats  # [R, P] of its class
    ways: int
    moods: int
    holds: int


@kernel
def _count_states(days_free, days_held, terms, here, states):
    """Person-days become intents ``states[R, class, A, state]``; ``here[T, U]`` are written over."""
    rate, chosen, taken, kinds = terms.rate, terms.chosen, terms.taken, terms.kinds
    regions, classes, acts = rate.shape
    traits, moods = here.shape
    for r in range(regions):
        for p in range(classes):
            i = r * classes + p
            for t in range(traits):
                for u in range(moods):
                    here[t, u] = days_free[u * traits + t, i]
            x, m = kinds.standing[kinds.of_class[p]], kinds.temper[kinds.of_class[p]]
            for a in range(acts):
                row, intents = states[r, p, a], rate[r, p, a]
                row[:] = 0.0
                if intents == 0.0:
                    continue
                row[0] = days_held[i] * intents
                for j in range(taken.first[a], taken.first[a + 1]):
                    for t in range(traits):
                        begun = 0.0
                        for u in range(moods):
                            begun += here[t, u] * chosen[r, m, u, j]
                        begun *= intents
                        if taken.way[j] < _MODES_FROM:
                            row[taken.way[j]] += begun
                        else:
                            for state in range(_STATES):
                                row[state] += begun * terms.comes[r, x, t, j, state]


@kernel
def _count_ways(days_free, days_held, terms, here, acted, modes, flow):
    """Person-days become intents ``modes[R, A, way, state]``, and acts begun, ``flow[R, X, T, taken]``.

    What an act leaves depends on traits but not on mood, so acts are added up over moods first. ``here[P, T, U]`` are
    the person-days of one region, and ``acted[kind, T, U]`` the intents to do one act; both are written over.
    """
    rate, chosen, taken, comes, kinds = terms.rate, terms.chosen, terms.taken, terms.comes, terms.kinds
    regions, classes, acts = rate.shape
    traits, moods = here.shape[1:]
    modes[:] = 0.0
    flow[:] = 0.0
    for r in range(regions):
        for u in range(moods):
            for t in range(traits):
                for p in range(classes):
                    here[p, t, u] = days_free[u * traits + t, r * classes + p]
        for a in range(acts):
            acted[:] = 0.0
            for p in range(classes):
                intents = rate[r, p, a]
                if intents == 0.0:
                    continue
                of_kind = acted[kinds.of_class[p]]
                for t in range(traits):
                    for u in range(moods):
                        of_kind[t, u] += here[p, t, u] * intents
                modes[r, a, 0, 0] += days_held[r * classes + p] * intents
            for y in range(acted.shape[0]):
                x, m = kinds.standing[y], kinds.temper[y]
                for t in range(traits):
                    for i in range(taken.first[a], taken.first[a + 1]):
                        begun = 0.0
                        for u in range(moods):
                            begun += acted[y, t, u] * chosen[r, m, u, i]
                        flow[r, x, t, i] += begun
            for x in range(comes.shape[1]):
                for t in range(traits):
                    for i in range(taken.first[a], taken.first[a + 1]):
                        w, begun = taken.way[i], flow[r, x, t, i]
                        if w < _MODES_FROM:
                            modes[r, a, w, w] += begun
                            flow[r, x, t, i] = 0.0
                            continue
                        for state in range(_STATES):
                            modes[r, a, w, state] += begun * comes[r, x, t, i, state]


@kernel
def _count_holds(days_free, does, hold, holds):
    """``holds[hold class, cell]`` begun in these person-days; none of the first class, which holds nobody."""
    holds[:] = 0.0
    for e in range(hold.shape[0]):
        if hold[e] > 0:
            for s in range(days_free.shape[0]):
                for i in range(days_free.shape[1]):
                    holds[hold[e], i] += days_free[s, i] * does[e, s, i]


@kernel
def _share_out(of_class, alike, share, out):
    """``out[R, P, ...]``: each profile's share of what its class came to."""
    for r in range(out.shape[0]):
        for p in range(out.shape[1]):
            for i in range(out.shape[2]):
                out[r, p, i] = of_class[r, alike[p], i] * share[r, p]


def of_profiles(of_class: Floats, alike: NDArray[np.int32], share: Floats) -> Floats:
    """``[R, P, ...]`` of ``[R, class, ...]``."""
    regions, classes, *rest = of_class.shape
    out = np.empty((regions, len(alike), *rest))
    rows = np.ascontiguousarray(of_class).reshape(regions, classes, -1)
    _share_out(rows, alike, share, out.reshape(*out.shape[:2], -1))
    return out


class Lived:
    """What people came to in some weeks under one renewal of the odds. Acts are added up when somebody asks for them.

    Odds are the same on all days of a renewal, so person-days say it all; few ask for each week by itself.
    """

    def __init__(self, terms: Terms, days_free: Floats, days_held: Floats) -> None:
        """``days_free[S, cell]`` and ``days_held[cell]``: person-days of people who are free, and held."""
        self._terms, self._free, self._held = terms, days_free, days_held

    def __add__(self, other: "Lived") -> "Lived":
        """Both together; ValueError if their odds differ."""
        if other._terms is not self._terms:
            raise ValueError("weeks under different odds are no weeks of one renewal")
        return Lived(self._terms, self._free + other._free, self._held + other._held)

    @cached_property
    def states(self) -> Floats:
        """``[R, P, A, state]``: intents."""
        states = np.empty((*self._terms.rate.shape, _STATES))
        _count_states(self._free, self._held, self._terms, np.empty(self._of_status), states)
        return self._of_profiles(states)

    @property
    def modes(self) -> Floats:
        """``[R, A, way, state]``: the same by way, of all profiles."""
        return self._ways[0]

    @property
    def flow(self) -> Floats:
        """``[R, X, T, taken]``: acts begun, by who began them, in the ways that anybody takes."""
        return self._ways[1]

    @cached_property
    def held(self) -> Floats:
        """``[R, P, hold class]``: holds begun."""
        terms = self._terms
        held = np.empty((terms.holds, len(self._held)))
        _count_holds(self._free, terms.does, terms.hold, held)
        return self._of_profiles(held.T.reshape(*terms.rate.shape[:2], terms.holds))

    @cached_property
    def _ways(self) -> tuple[Floats, Floats]:
        terms, traits_and_moods = self._terms, self._of_status
        regions, classes, acts = terms.rate.shape
        modes = np.empty((regions, acts, terms.ways, _STATES))
        flow = np.empty(terms.comes.shape[:-1])
        here = np.empty((classes, *traits_and_moods))
        acted = np.empty((len(terms.kinds.standing), *traits_and_moods))
        _count_ways(self._free, self._held, terms, here, acted, modes, flow)
        return modes, flow

    @property
    def _of_status(self) -> tuple[int, int]:
        """Traits and moods."""
        return self._terms.comes.shape[2], self._terms.chosen.shape[2]

    def _of_profiles(self, of_class: Floats) -> Floats:
        return of_profiles(of_class, self._terms.alike, self._terms.share)
