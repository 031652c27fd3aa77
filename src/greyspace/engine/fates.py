"""What acts do to those who are free on a day: how many begin each, in which ways, and what it leaves of them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import NOTHING, ONE, WAYS_NOT_BEGUN, Layout
from greyspace.draws import inner, kernel

_MODES_FROM = len(WAYS_NOT_BEGUN)
_ONE = float(ONE)

Floats = NDArray[np.float64]


class Effects(NamedTuple):
    """What marks do to a person, each once: many marks do the same, and most do nothing."""

    of_mark: NDArray[np.int32]  # [mark] -> effect, or NOTHING
    after: NDArray[np.int32]  # [effect, S] -> status
    hold: NDArray[np.int32]  # [effect] -> hold class
    gone: NDArray[np.int32]  # [effect] -> 1 if the person leaves the population
    told: NDArray[np.bool_]  # [effect] whether the unit hears of it


class Fate(NamedTuple):
    """What acts do to those who are free on a day, by cell: region * classes + class."""

    does: Floats  # [effect, S, cell]; after the effects, how often news of each kind is made, the last kind first
    leaves: Floats  # [S, cell] over all effects
    held: Floats  # [S, cell] over those that hold somebody


class Kinds(NamedTuple):
    """Kinds of people who choose alike and can pay alike."""

    standing: NDArray[np.int32]  # [kind]
    temper: NDArray[np.int32]  # [kind]
    of_class: NDArray[np.int32]  # [class] -> kind


class Taken(NamedTuple):
    """The ways by which anybody at all does an act, act by act; most acts have one."""

    first: NDArray[np.int64]  # [A + 1]: those of an act begin here
    way: NDArray[np.int64]


def effects_of(layout: Layout) -> Effects:
    stays = np.arange(layout.status_after.shape[1])
    known: dict[tuple[int, int, bool, bytes], int] = {}
    first: list[int] = []
    of_mark = np.full(len(layout.state_of), NOTHING, np.int32)
    for k, after in enumerate(layout.status_after):
        hold, gone, told = int(layout.hold_of[k]), int(layout.gone[k]), bool(layout.news_of[k] != 0)
        if hold > 0 or gone != 0 or told or (after != stays).any():
            of_mark[k] = known.setdefault((hold, gone, told, after.tobytes()), len(known))
            if of_mark[k] == len(first):
                first.append(k)
    after, told = layout.status_after[first], layout.news_of[first] != 0
    return Effects(of_mark, after, layout.hold_of[first], layout.gone[first], told)


@kernel
def find_used(way, used):
    """Set ``used[A, W]`` where the thresholds ``way[.., A, W]`` leave anybody a way to do an act."""
    rows, acts, ways = way.shape
    # Laid out in one row: the last threshold of an act is above all others, so the first of the next never counts.
    of_row = used.reshape(acts * ways)
    for n in range(rows):
        row = way[n].reshape(acts * ways)
        for i in range(1, acts * ways):
            of_row[i] |= row[i] > row[i - 1]
        for a in range(acts):
            used[a, 0] |= row[a * ways] > 0


@kernel
def gather(left, state_of, news_of, effect_of, comes, marked):
    """``comes[R, X, T, taken, state]`` and ``marked[R, X, taken, T, (effect, news)]`` of chances of marks."""
    regions, standings, traits, taken, marks = left.shape
    for r in range(regions):
        for x in range(standings):
            for t in range(traits):
                for i in range(taken):
                    row, more = comes[r, x, t, i], marked[r, x, i, t]
                    row[:] = 0.0
                    more[:] = 0.0
                    for k in range(marks):
                        share = left[r, x, t, i, k]
                        if share == 0.0:
                            continue
                        row[state_of[k]] += share
                        if news_of[k] != 0:
                            more[-news_of[k]] += share
                        if effect_of[k] != NOTHING:
                            more[effect_of[k]] += share


@kernel
def choose_ways(way, taken, chosen):
    """``chosen[R, M, U, taken]``: chances, by the mood, of the ways that anybody takes."""
    regions, tempers, moods, _ = chosen.shape
    for r in range(regions):
        for m in range(tempers):
            for u in range(moods):
                for a in range(taken.first.shape[0] - 1):
                    for i in range(taken.first[a], taken.first[a + 1]):
                        w = taken.way[i]
                        chosen[r, m, u, i] = way[r, m, u, a, w] / _ONE
                        if w > 0:
                            chosen[r, m, u, i] -= way[r, m, u, a, w - 1] / _ONE


@inner
def _mix(rows, weights, first, end, out):
    """``out``: the sum of ``rows[first:end]``, each times its weight, added up in their order.

    Several rows at once, so that what is added to is read and written less often than there are rows.
    """
    width = out.shape[0]
    if end - first == 1:
        weight, row = weights[first], rows[first]
        for j in range(width):
            out[j] = weight * row[j]
        return
    out[:] = 0.0
    for i in range(first, end - 3, 4):
        w0, w1, w2, w3 = weights[i], weights[i + 1], weights[i + 2], weights[i + 3]
        r0, r1, r2, r3 = rows[i], rows[i + 1], rows[i + 2], rows[i + 3]
        for j in range(width):
            out[j] = out[j] + w0 * r0[j] + w1 * r1[j] + w2 * r2[j] + w3 * r3[j]
    for i in range(end - (end - first) % 4, end):
        weight, row = weights[i], rows[i]
        for j in range(width):
            out[j] += weight * row[j]


@kernel
def fates(daily, pick, accept, chosen, taken, marked, kinds, effects, does, of_cell, rate, fate):
    """Per free day: ``rate[R, P, A]`` of intents, and what acts do to people, ``fate``.

    ``chosen[R, M, U, taken]`` of ways that begin the act, and ``marked[R, X, taken, (T, effect)]`` what that does.
    ``does[A, (S, effect)]`` of one kind of people, and ``of_cell[P, (S, effect)]`` are written over.
    """
    regions, profiles, acts = pick.shape
    number, statuses = fate.does.shape[:2]
    # Statuses are moods by traits, so what one mood chooses is done to all traits in a row.
    moods, width = chosen.shape[2], marked.shape[3]
    for r in range(regions):
        for y in range(kinds.standing.shape[0]):
            x, m = kinds.standing[y], kinds.temper[y]
            for a in range(acts):
                begun = taken.first[a]
                while begun < taken.first[a + 1] and taken.way[begun] < _MODES_FROM:
                    begun += 1
                for u in range(moods):
                    of_mood = does[a, u * width : (u + 1) * width]
                    _mix(marked[r, x], chosen[r, m, u], begun, taken.first[a + 1], of_mood)
            for p in range(profiles):
                if kinds.of_class[p] != y:
                    continue
                for a in range(acts):
                    rate[r, p, a] = daily[r, p] * pick[r, p, a] * accept[r, p, a]
                _mix(does, rate[r, p], 0, acts, of_cell[p])
        for s in range(statuses):
            for e in range(number):
                there = fate.does[e, s, r * profiles : (r + 1) * profiles]
                for p in range(profiles):
                    there[p] = of_cell[p, s * number + e]
    for s in range(statuses):
        leaves, held = fate.leaves[s], fate.held[s]
        leaves[:] = 0.0
        held[:] = 0.0
        for e in range(effects.hold.shape[0]):
            each = fate.does[e, s]
            for i in range(each.shape[0]):
                leaves[i] += each[i]
            if effects.hold[e] > 0 and effects.gone[e] == 0:
                for i in range(each.shape[0]):
                    held[i] += each[i]
