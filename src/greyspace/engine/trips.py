"""Begun acts on their way: how often they come to each stop, and with what mark they end."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import NOTHING, WAYS_NOT_BEGUN
from greyspace.draws import inner, kernel
from greyspace.engine.instructions import EIGHT
from greyspace.engine.lanes import eight, put, same
from greyspace.engine.paths import EITHER

_MODES_FROM = len(WAYS_NOT_BEGUN)

Floats = NDArray[np.float64]


class Reached(NamedTuple):
    """How often a begun act reaches each stop of its tree, and which trees tell traits apart."""

    chance: Floats  # [trait, row, payer]
    traits: NDArray[np.int64]  # [outset]: for how many traits; the first stands for the others


@kernel
def weigh(dest, taken, trees, ends, through, stays):
    """Of a begun act, who goes which way: ``through[node]``, who ends there, ``ends[node]``; ``stays[outset]`` meet
    nobody.
    """
    regions, acts, ways, _ = trees.end.shape
    ends[:] = 0.0
    stays[:] = 0.0
    for r in range(regions):
        for a in range(acts):
            for w in range(_MODES_FROM, ways):
                if taken[a, w] == NOTHING:
                    continue
                for d in range(regions):
                    node = trees.end[r, a, w, d]
                    if node == NOTHING:
                        stays[(a * ways + w) * regions + r] += dest[r, a, d]
                    else:
                        ends[node] += dest[r, a, d]
    for node in range(ends.shape[0]):
        through[node] = ends[node]
    for node in range(through.shape[0] - 1, -1, -1):
        if trees.parent[node] != NOTHING:
            through[trees.parent[node]] += through[node]


@inner
def _walk(begin, end, first, trait, way, stops, trees, ends, through, powered, comes, settled, at, lit, open_at, sums,
          reached):  # fmt: skip
    """Walk a tree: add up the chances that a stop is ``reached``, and in ``sums`` what who comes to the end has met.

    ``first`` is its first visit.

    Places have power or not independently of each other, so only the two cases of one place need be carried side by
    side (``lit[depth, powered]``, as the stop of that depth left them), and only from its first stop where power
    matters to its last; then they are added up in ``settled[at[depth]]``. ``open_at[depth]`` are the bits of the depths
    that are so carried.
    """
    payers, length = reached.shape[1], sums.shape[0]
    last = length - payers
    settled[0] = 1.0
    at[0] = open_at[0] = 0
    for node in range(begin, end):
        s, depth, own = trees.stop[node], trees.depth[node], trees.before[node]
        before, after = settled[at[depth]], settled[depth + 1]
        at[depth + 1] = depth + 1
        carried = open_at[depth]
        held = own != NOTHING and carried >> own & 1 != 0
        if held:
            carried ^= np.int64(1) << own
        p = powered[stops.place[s], way]
        within_dark, within_lit = comes.within[comes.row[s, 0, trait]], comes.within[comes.row[s, 1, trait]]
        was_dark, was_lit = lit[own, 0], lit[own, 1]
        visit = trees.visit[node]
        told = trees.light[visit] != EITHER
        arrived, with_power = reached[visit - first], reached[visit - first + told]
        for y in range(0, payers, EIGHT):
            reach = same(through[node]) * eight(before, last + y)
            for other in range(depth if carried != 0 else 0):
                if carried >> other & 1:
                    reach *= eight(lit[other, 0], last + y) + eight(lit[other, 1], last + y)
            if held:
                put(arrived, y, eight(arrived, y) + reach * eight(was_dark, last + y))
                put(with_power, y, eight(with_power, y) + reach * eight(was_lit, last + y))
            elif told:
                put(arrived, y, eight(arrived, y) + reach * same(1.0 - p))
                put(with_power, y, eight(with_power, y) + reach * same(p))
            else:
                put(arrived, y, eight(arrived, y) + reach)
        if not held and comes.power[s] == 0:
            # Power changes nothing, yet the contacts are told apart by it.
            for i in range(0, length, EIGHT):
                put(after, i, eight(before, i) * eight(within_dark, i))
        elif trees.again[node]:
            carried |= np.int64(1) << depth
            at[depth + 1] = at[depth]
            after = before
            dark, bright = lit[depth, 0], lit[depth, 1]
            for i in range(0, length, EIGHT):
                put(dark, i, (eight(was_dark, i) if held else same(1.0 - p)) * eight(within_dark, i))
                put(bright, i, (eight(was_lit, i) if held else same(p)) * eight(within_lit, i))
        else:
            for i in range(0, length, EIGHT):
                off = (eight(was_dark, i) if held else same(1.0 - p)) * eight(within_dark, i)
                on = (eight(was_lit, i) if held else same(p)) * eight(within_lit, i)
                put(after, i, eight(before, i) * (off + on))
        open_at[depth + 1] = carried
        if ends[node] != 0.0:
            for i in range(0, length, EIGHT):
                put(sums, i, eight(sums, i) + same(ends[node]) * eight(after, i))


@inner
def _add_ends(reach, share, kinds, ended, sums):
    """Add to ``sums[mark, payer]`` what ends acts of a ``share`` of those who reach a stop."""
    for n in range(kinds.shape[0]):
        so_far, those = sums[kinds[n]], ended[n]
        for y in range(0, reach.shape[0], EIGHT):
            put(so_far, y, eight(so_far, y) + eight(reach, y) * same(share) * eight(those, y))


@inner
def _end(begin, end, trait, way, stops, trees, powered, comes, sums, reached):
    """Add to ``sums[mark, payer]`` what ends acts at the stops that are reached."""
    for visit in range(begin, end):
        s, light, reach = trees.visited[visit], trees.light[visit], reached[visit - begin]
        kinds = comes.kinds[s, : comes.number[s]]
        dark, bright = comes.first[comes.row[s, 0, trait]], comes.first[comes.row[s, 1, trait]]
        if comes.power[s] == 0:
            _add_ends(reach, 1.0, kinds, comes.ended[dark:], sums)
        elif light != EITHER:
            _add_ends(reach, 1.0, kinds, comes.ended[(bright if light != 0 else dark) :], sums)
        else:
            p = powered[stops.place[s], way]
            _add_ends(reach, 1.0 - p, kinds, comes.ended[dark:], sums)
            _add_ends(reach, p, kinds, comes.ended[bright:], sums)


@inner
def _mean(row, first, ranks):
    """The mean over the ranks from payer ``first`` on. Four are written out: to go round costs more than to add."""
    if ranks == 4:
        return (row[first] + row[first + 1] + row[first + 2] + row[first + 3]) / 4.0
    total = 0.0
    for y in range(first, first + ranks):
        total += row[y]
    return total / ranks


@kernel
def walk_trees(taken, stops, trees, ends, through, stays, powered, comes, levels, marks, ranks, settled, at, lit,
               open_at, so_far, sums, arrived, reached, left):  # fmt: skip
    """Walk every tree: chances ``left[R, X, T, taken, mark]`` of what a begun act leaves, averaged over ranks.

    ``taken[A, W]`` numbers the acts and ways that anybody takes; NOTHING for the others. ``marks`` are those that
    anybody comes by, and the first of them, ``levels``, do not end an act. ``arrived[visit, payer]`` is for one tree.
    """
    regions, standings, traits = left.shape[:3]
    acts, ways = taken.shape
    payers = sums.shape[1]
    left[:] = 0.0
    for a in range(acts):
        for w in range(_MODES_FROM, ways):
            for r in range(regions if taken[a, w] != NOTHING else 0):
                outset = (a * ways + w) * regions + r
                first, last = trees.visits[outset], trees.visits[outset + 1]
                told = False
                for visit in range(first, last):
                    told |= comes.traits[trees.visited[visit]] != 0
                reached.traits[outset] = traits if told else 1
                for t in range(reached.traits[outset]):
                    sums[:] = 0.0
                    so_far[:] = 0.0
                    for visit in range(last - first):
                        arrived[visit] = 0.0
                    _walk(trees.of_outset[outset], trees.of_outset[outset + 1], first, t, w, stops, trees, ends,
                          through, powered, comes, settled, at, lit, open_at, so_far, arrived)  # fmt: skip
                    for visit in range(first, last):
                        row, of_visit = reached.chance[t, trees.row[visit]], arrived[visit - first]
                        for y in range(0, payers, EIGHT):
                            put(row, y, eight(of_visit, y))
                    level = sums[0]
                    for y in range(0, payers, EIGHT):
                        put(level, y, eight(so_far, y) + same(stays[outset]))
                    for n in range(1, levels.shape[0]):
                        level = sums[levels[n]]
                        for y in range(0, payers, EIGHT):
                            put(level, y, eight(so_far, n * payers + y) - eight(so_far, (n - 1) * payers + y))
                    _end(first, last, t, w, stops, trees, powered, comes, sums, arrived)
                    for x in range(standings):
                        # Where no stop tells traits apart, as mostly, the first stands for all.
                        for u in range(t, t + 1 if told else traits):
                            row = left[r, x, u, taken[a, w]]
                            for k in marks:
                                row[k] = _mean(sums[k], x * ranks, ranks)
