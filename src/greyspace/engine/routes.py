"""What the routes of begun acts come to, in expectation: walked once per renewal of the odds, not once per person.

What an act leaves does not depend on mood, so a route is walked for every trait and every *payer* (standing x rank of
willingness to pay) alone, all payers side by side. The gravest mark of a route is a product of distribution functions
as long as no contact ends the act. What a stop comes to is worked out first, then how often each is reached
(:mod:`greyspace.engine.paths` lays out the routes): of that both the ends of acts and the contacts are made up.

Rows over payers are worked out in eights (:mod:`greyspace.engine.lanes`); what fills them up to whole eights means
nothing. Marks that nobody comes by under the odds taken, which are most, are carried nowhere.
"""

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import FINDINGS, NOTHING, ONE, OUTCOMES, VERDICTS, WAYS_NOT_BEGUN, Layout, Odds, chances
from greyspace.draws import inner, kernel
from greyspace.engine.lanes import EIGHT, differ, eight, put, room_for, same, total
from greyspace.engine.paths import EITHER, Ints, lay_out

_MODES_FROM = len(WAYS_NOT_BEGUN)
_FINDINGS = len(FINDINGS)
_VERDICTS = len(VERDICTS)
_PASSED = 0
_ONE = float(ONE)

Floats = NDArray[np.float64]


class _Found(NamedTuple):
    """What is found where anybody is met. Most findings never happen: those that do are listed, not looked for."""

    chance: Floats  # [R, C, G, powered, n]
    kinds: NDArray[np.uint8]  # [R, C, G, powered, n] -> what is found with this chance
    number: NDArray[np.int64]  # [R, C, G, powered]: how many are listed
    power: NDArray[np.bool_]  # [R, C]: whether power changes any
    traits: NDArray[np.bool_]  # [R, C]: whether the trait does


class _Decided(NamedTuple):
    """What is decided on who is found so; with power only where it changes any, else the first rows stand."""

    chance: Floats  # [row, payer], one row after the other
    first: Ints  # [R, D, powered, F] -> first row of those listed
    kinds: NDArray[np.uint8]  # [R, D, powered, F, n] -> verdict that any payer has
    number: NDArray[np.int64]  # [R, D, powered, F]: how many are listed
    power: NDArray[np.int64]  # [R, D]: 1 if power changes any


class _Comes(NamedTuple):
    """What each stop comes to. Rows are laid one by one as they are needed: most stops need one."""

    row: Ints  # [stop, powered, trait] -> row; one for all where power, or the trait, changes nothing
    within: Floats  # [row, (level, payer)]: chance that the act goes on with no mark above this level's
    ended: Floats  # [n, payer], row after row: chance that it ends with each of the marks that are listed
    first: Ints  # [row] -> first of its own
    kinds: Ints  # [stop, n] -> mark with which it can end an act
    number: Ints  # [stop]: how many are listed
    meetings: Floats  # [row, payer]: contacts met, given that the stop is reached
    power: Ints  # [stop]: 1 if power changes anything
    traits: Ints  # [stop]: 1 if the trait does


class _Reached(NamedTuple):
    """How often a begun act reaches each stop of its tree, and which trees tell traits apart."""

    chance: Floats  # [trait, row, payer]
    traits: NDArray[np.int64]  # [outset]: for how many traits; the first stands for the others


@inner
def _differ(one, other):
    """Whether two rows differ; without a way out, so that many entries are compared at once."""
    found = False
    for i in range(one.shape[0]):
        found |= one[i] != other[i]
    return found


@kernel
def _find(finding, last, there, group_of, case_of, found, asked, shown):
    """The chances of cumulative thresholds ``finding``, worked out anew where they are not those of ``last``.

    ``asked[R, D, F]``: whether anybody is so found; ``shown[C, powered, 2 F]``: whether anybody is, anywhere.
    """
    places, contacts, groups, powers, findings = finding.shape
    asked[:] = False
    shown[:] = False
    for i in range(places):
        for c in range(contacts):
            if not there[i, c]:
                continue
            now_there, last_there = finding[i, c].reshape(-1), last[i, c].reshape(-1)
            if _differ(now_there, last_there):
                for n in range(now_there.shape[0]):
                    last_there[n] = now_there[n]
                first = finding[i, c, group_of[c, 0]]
                power = traits = False
                for t in range(group_of.shape[1]):
                    mine = finding[i, c, group_of[c, t]]
                    power |= _differ(mine[0], mine[powers - 1])
                    traits |= _differ(mine.reshape(-1), first.reshape(-1))
                found.power[i, c], found.traits[i, c] = power, traits
                for g in range(groups):
                    for on in range(powers):
                        before, number = np.uint32(0), 0
                        for f in range(findings):
                            now = finding[i, c, g, on, f]
                            found.chance[i, c, g, on, number] = (np.float64(now) - np.float64(before)) / _ONE
                            found.kinds[i, c, g, on, number] = f
                            number += now != before
                            before = now
                        found.number[i, c, g, on] = number
            for g in range(groups):
                for on in range(powers):
                    for n in range(found.number[i, c, g, on]):
                        f = found.kinds[i, c, g, on, n]
                        shown[c, on, f] = True
                        if case_of[c] >= 0:
                            asked[i, case_of[c], f % _FINDINGS] = True


@kernel
def _decide(verdict, asked, rows, decided, given):
    """The chances of cumulative thresholds ``verdict``; payers last, as the inner loops go.

    ``asked[R, D, F]``: whether any are needed; ``given[D, F, V]``: whether any payer has it, anywhere.
    ``rows[V + 1, payer]``, noughts in the lanes of nobody, are written over.
    """
    _, _, payers, powers, _, verdicts = verdict.shape
    given[:] = False
    rows[0] = 0.0
    listed = 0
    for i in range(asked.shape[0]):
        for d in range(asked.shape[1]):
            power = False
            for on in range(powers):
                if on > 0 and not power:
                    break
                # Who is passed over has nothing to be decided.
                for f in range(_PASSED + 1, _FINDINGS):
                    if not asked[i, d, f]:
                        continue
                    for y in range(payers):
                        for v in range(verdicts):
                            now = verdict[i, d, y, on, f, v]
                            power |= now != verdict[i, d, y, powers - 1, f, v]
                            rows[v + 1, y] = now
                    decided.first[i, d, on, f], number = listed, 0
                    for v in range(verdicts):
                        lower, upper, out = rows[v], rows[v + 1], decided.chance[listed]
                        some = False
                        for y in range(0, out.shape[0], EIGHT):
                            some |= differ(eight(upper, y), eight(lower, y))
                        for y in range(0, out.shape[0] if some else 0, EIGHT):
                            put(out, y, (eight(upper, y) - eight(lower, y)) / same(_ONE))
                        given[d, f, v] |= some
                        decided.kinds[i, d, on, f, number] = v
                        number += some
                        listed += some
                    decided.number[i, d, on, f] = number
            decided.power[i, d] = power


@kernel
def _list_marks(shown, given, case_of, mark_of, marks):
    """Set ``marks[mark]`` where anybody may come by it: of who is ``shown`` so and ``given`` that."""
    marks[:] = False
    # Who meets nobody.
    marks[0] = True
    contacts, powers, findings = shown.shape
    for c in range(contacts):
        for on in range(powers):
            for n in range(findings):
                if not shown[c, on, n]:
                    continue
                recorded, f = n // _FINDINGS * _VERDICTS, n % _FINDINGS
                if f == _PASSED:
                    marks[mark_of[c, on, recorded]] = True
                    continue
                for v in range(_VERDICTS):
                    marks[mark_of[c, on, recorded + v]] |= given[case_of[c], f, v]


@inner
def _add_marks(share, g, on, found, chance, first, kinds, number, mark_of, marks, given):
    """Add ``share`` of one contact in one place, by what is found and decided, to ``marks[mark, payer]``.

    ``found`` of this contact, ``first``, ``kinds`` and ``number`` of what is decided there with some ``chance``.
    ``given[mark]``: whether it is.
    """
    chances_of, kinds_of, number_of = found
    for n in range(number_of[g, on]):
        f = kinds_of[g, on, n]
        p = share * chances_of[g, on, n]
        recorded = f // _FINDINGS * _VERDICTS
        f = f % _FINDINGS
        if f == _PASSED:
            mark = marks[mark_of[recorded]]
            given[mark_of[recorded]] = True
            for y in range(0, mark.shape[0], EIGHT):
                put(mark, y, eight(mark, y) + same(p))
            continue
        for m in range(number[f]):
            v = kinds[f, m]
            mark, rows = marks[mark_of[recorded + v]], chance[first[f] + m]
            given[mark_of[recorded + v]] = True
            for y in range(0, mark.shape[0], EIGHT):
                put(mark, y, eight(mark, y) + same(p) * eight(rows, y))


@inner
def _to_the_power(row, n):
    """``row ** n`` for whole n > 0 in place, by squaring."""
    for i in range(0, row.shape[0], EIGHT):
        squares, product, left = eight(row, i), same(1.0), n
        while True:
            if left & 1:
                product *= squares
            left >>= 1
            if left == 0:
                break
            squares *= squares
        put(row, i, product)


@inner
def _may_tell(s, stops, met, instead, marks_tell, found, power_of, case_of):
    """Whether power, and whether the trait, may change what a stop comes to."""
    place = stops.place[s]
    power = traits = False
    before = 0.0
    c = stops.contact[s]
    while c != NOTHING:
        if met[place, c] - before > 0.0:
            power |= marks_tell[c] or found.power[place, c] or power_of[place, max(case_of[c], 0)] != 0
            traits |= found.traits[place, c]
            before = met[place, c]
        c = instead[c]
    return power, traits


@inner
def _differ_any(one, other, rows):
    """Whether any of these rows of lanes differs."""
    found = False
    for k in rows:
        for y in range(0, one.shape[1], EIGHT):
            found |= differ(eight(one[k], y), eight(other[k], y))
    return found


@kernel
def _come_to(stops, met, instead, group_of, found, decided, case_of, mark_of, marks_tell, came_by, levels, once,
             given, comes):  # fmt: skip
    """What each stop comes to, over the chain of contacts that stand for the one it names.

    ``came_by`` are the marks that anybody comes by, and the first of them, ``levels``, do not end an act.
    ``once[powered, trait, mark, payer]``, of a contact met once, and ``given[mark]`` are written over.
    """
    traits = group_of.shape[1]
    payers = once.shape[3]
    rows = listed = 0
    for s in range(stops.place.shape[0]):
        place, first, times = stops.place[s], stops.contact[s], stops.times[s]
        # The same contact met more often comes next.
        if s == 0 or place != stops.place[s - 1] or first != stops.contact[s - 1]:
            power, tells = _may_tell(s, stops, met, instead, marks_tell, found, decided.power, case_of)
            comes.power[s] = comes.traits[s] = 0
            given[:] = False
            for on in range(2 if power else 1):
                for t in range(traits if tells else 1):
                    row = once[on, t]
                    for k in came_by:
                        row[k] = 0.0
                    before = 0.0
                    c = first
                    while c != NOTHING:
                        share = met[place, c] - before
                        if share > 0.0:
                            # Where nobody decides there is no row to read: nothing but 'passed' is found.
                            d = max(case_of[c], 0)
                            o = on * decided.power[place, d]
                            of = (found.chance[place, c], found.kinds[place, c], found.number[place, c])
                            _add_marks(share, group_of[c, t], on, of, decided.chance, decided.first[place, d, o],
                                       decided.kinds[place, d, o], decided.number[place, d, o], mark_of[c, on], row,
                                       given)  # fmt: skip
                            before = met[place, c]
                        c = instead[c]
                    level = row[0]
                    for y in range(0, payers, EIGHT):
                        put(level, y, eight(level, y) + same(1.0 - before))
                    for n in range(1, levels.shape[0]):
                        lower, level = row[levels[n - 1]], row[levels[n]]
                        for y in range(0, payers, EIGHT):
                            put(level, y, eight(level, y) + eight(lower, y))
                    if on > 0 and _differ_any(row, once[0, t], came_by):
                        comes.power[s] = 1
                    if t > 0 and _differ_any(row, once[on, 0], came_by):
                        comes.traits[s] = 1
        else:
            comes.power[s], comes.traits[s] = comes.power[s - 1], comes.traits[s - 1]
        comes.number[s] = 0
        for k in came_by[levels.shape[0] :]:
            comes.kinds[s, comes.number[s]] = k
            comes.number[s] += given[k]
        for on in range(2):
            for t in range(traits):
                like_on, like_t = on * comes.power[s], t * comes.traits[s]
                if like_on != on or like_t != t:
                    comes.row[s, on, t] = comes.row[s, like_on, like_t]
                    continue
                comes.row[s, on, t] = rows
                meetings = comes.meetings[rows]
                # The same contact several times: the mark is the gravest of as many, and each time some end the act.
                row, within = once[on, t], comes.within[rows]
                for n in range(levels.shape[0]):
                    level = row[levels[n]]
                    for y in range(0, payers, EIGHT):
                        put(within, n * payers + y, eight(level, y))
                meetings[:] = 1.0
                if times > 1:
                    _to_the_power(within, times)
                    goes_on, often = row[levels[levels.shape[0] - 1]], within[(levels.shape[0] - 1) * payers :]
                    for y in range(payers):
                        meetings[y] = times if goes_on[y] >= 1.0 else (1.0 - often[y]) / (1.0 - goes_on[y])
                comes.first[rows] = listed
                for n in range(comes.number[s]):
                    ended, mark = comes.ended[listed], row[comes.kinds[s, n]]
                    for y in range(0, payers, EIGHT):
                        put(ended, y, eight(mark, y) * eight(meetings, y))
                    listed += 1
                rows += 1


@kernel
def _weigh(dest, taken, trees, ends, through, stays):
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
def _walk_trees(taken, stops, trees, ends, through, stays, powered, comes, levels, marks, ranks, settled, at, lit,
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


@inner
def _begin(flow, taken, ranks, begun, some):
    """By payer the begun acts ``flow[R, X, T, taken]``: ``begun[outset, T, payer]``, and whether any are, ``some``."""
    regions, standings, traits, _ = flow.shape
    acts, ways = taken.shape
    some[:] = False
    for a in range(acts):
        for w in range(ways):
            for r in range(regions if taken[a, w] != NOTHING else 0):
                outset = (a * ways + w) * regions + r
                for t in range(traits):
                    lanes = begun[outset, t]
                    lanes[:] = 0.0
                    for x in range(standings):
                        each = flow[r, x, t, taken[a, w]] / ranks
                        some[outset, t] |= each != 0.0
                        for j in range(ranks):
                            lanes[x * ranks + j] = each


@inner
def _meet(i, begun, some, stops, trees, reached, powered, met, instead, group_of, there, comes, made, reach):
    """Whom the begun acts meet in place ``i``: ``reach[contact, G, powered, payer]`` of all who are ``there``.

    Contacts of each chain are spread over who is met. ``made[trait, powered, payer]``, of one stop, is written over.
    """
    for c in range(there.shape[1]):
        if there[i, c]:
            reach[c] = 0.0
    traits, powers = made.shape[:2]
    for s in range(stops.of_place[i], stops.of_place[i + 1]):
        made[:] = 0.0
        for n in range(trees.of_stop[s], trees.of_stop[s + 1]):
            outset, light, p = trees.outset_of[n], trees.light_of[n], powered[i, trees.way_of[n]]
            for t in range(traits):
                if not some[outset, t]:
                    continue
                lanes, chance = begun[outset, t], reached.chance[min(t, reached.traits[outset] - 1), n]
                if light != EITHER:
                    there_so = made[t, light]
                    for y in range(0, lanes.shape[0], EIGHT):
                        put(there_so, y, eight(there_so, y) + eight(lanes, y) * eight(chance, y))
                    continue
                dark, bright = made[t, 0], made[t, 1]
                for y in range(0, lanes.shape[0], EIGHT):
                    come = eight(lanes, y) * eight(chance, y)
                    put(dark, y, eight(dark, y) + come * same(1.0 - p))
                    put(bright, y, eight(bright, y) + come * same(p))
        for t in range(traits):
            for on in range(powers):
                times, often = made[t, on], comes.meetings[comes.row[s, on, t]]
                for y in range(0, times.shape[0], EIGHT):
                    put(times, y, eight(times, y) * eight(often, y))
        before = 0.0
        c = stops.contact[s]
        while c != NOTHING:
            share = met[i, c] - before
            if share > 0.0:
                for t in range(traits):
                    for on in range(powers):
                        here, times = reach[c, group_of[c, t], on], made[t, on]
                        for y in range(0, here.shape[0], EIGHT):
                            put(here, y, eight(here, y) + same(share) * eight(times, y))
                before = met[i, c]
            c = instead[c]


@inner
def _anybody(row):
    some = False
    for y in range(0, row.shape[0], EIGHT):
        some |= differ(eight(row, y), same(0.0))
    return some


@inner
def _look(reach, on, chances_of, kinds_of, number_of, looked):
    """``looked[finding, payer]``: who of those met, ``reach[G, powered, payer]``, is found how; the findings, as bits.

    What is found there is as in ``_Found``.
    """
    any_so = np.int64(0)
    for g in range(reach.shape[0]):
        here = reach[g, on]
        for n in range(number_of[g, on] if _anybody(here) else 0):
            f = np.int64(kinds_of[g, on, n])
            row, p = looked[f], chances_of[g, on, n]
            first = any_so >> f & 1 == 0
            any_so |= np.int64(1) << f
            for y in range(0, row.shape[0], EIGHT):
                so_far = same(0.0) if first else eight(row, y)
                put(row, y, so_far + eight(here, y) * same(p))
    return any_so


@kernel
def _settle(flow, taken, stops, trees, reached, powered, met, instead, group_of, there, found, decided, case_of, comes,
            ranks, begun, some, made, reach, looked, ended, deciding):  # fmt: skip
    """What the contacts of begun acts ``flow[R, X, T, taken]`` come to, as in :class:`Contacts`.

    All after ``ranks`` but the last two are written over: as in :func:`_begin`, :func:`_meet` and :func:`_look`.
    """
    _begin(flow, taken, ranks, begun, some)
    for i in range(ended.shape[0]):
        ended[i] = 0.0
        deciding[i] = 0.0
        _meet(i, begun, some, stops, trees, reached, powered, met, instead, group_of, there, comes, made, reach)
        for c in range(ended.shape[1]):
            if not there[i, c]:
                continue
            # Where nobody decides there is no row to read: nothing but 'passed' is found.
            d = max(case_of[c], 0)
            for on in range(ended.shape[2]):
                so = _look(reach[c], on, found.chance[i, c], found.kinds[i, c], found.number[i, c], looked)
                o = on * decided.power[i, d]
                for n in range(looked.shape[0]):
                    if so >> n & 1 == 0:
                        continue
                    each, recorded, f = looked[n], n // _FINDINGS * _VERDICTS, n % _FINDINGS
                    if f == _PASSED:
                        for y in range(0, each.shape[0], EIGHT):
                            ended[i, c, on, recorded] += total(eight(each, y))
                        continue
                    all_so = deciding[i, d, on, f]
                    for y in range(0, each.shape[0], EIGHT):
                        put(all_so, y, eight(all_so, y) + eight(each, y))
                    for m in range(decided.number[i, d, o, f]):
                        v = decided.kinds[i, d, o, f, m]
                        chance = decided.chance[decided.first[i, d, o, f] + m]
                        for y in range(0, each.shape[0], EIGHT):
                            ended[i, c, on, recorded + v] += total(eight(each, y) * eight(chance, y))


@inner
def _of_ranks(each, rows, first, ranks):
    """``each * rows`` of the ranks from payer ``first`` on. Four are written out: to go round takes longer."""
    if ranks == 4:
        return (
            each[first] * rows[first]
            + each[first + 1] * rows[first + 1]
            + each[first + 2] * rows[first + 2]
            + each[first + 3] * rows[first + 3]
        )
    together = 0.0
    for y in range(first, first + ranks):
        together += each[y] * rows[y]
    return together


@kernel
def _tell_outcomes(flow, taken, stops, trees, reached, powered, met, instead, group_of, there, found, decided, case_of,
                   comes, ranks, begun, some, made, reach, each, outcomes):  # fmt: skip
    """The same by standing and group of people: ``outcomes``; ``each[payer]`` is written over too."""
    places, contacts, standings, groups, powers, _ = outcomes.shape
    _begin(flow, taken, ranks, begun, some)
    for i in range(places):
        # Place by place, since this is the largest array of all: what was just cleared is at hand.
        outcomes[i] = 0.0
        _meet(i, begun, some, stops, trees, reached, powered, met, instead, group_of, there, comes, made, reach)
        for c in range(contacts):
            d = max(case_of[c], 0)
            for g in range(groups if there[i, c] else 0):
                for on in range(powers):
                    here = reach[c, g, on]
                    o = on * decided.power[i, d]
                    for n in range(found.number[i, c, g, on] if _anybody(here) else 0):
                        kind = found.kinds[i, c, g, on, n]
                        recorded, f = kind // _FINDINGS * _VERDICTS, kind % _FINDINGS
                        for y in range(0, each.shape[0], EIGHT):
                            put(each, y, eight(here, y) * same(found.chance[i, c, g, on, n]))
                        for x in range(standings if f == _PASSED else 0):
                            for j in range(ranks):
                                outcomes[i, c, x, g, on, recorded] += each[x * ranks + j]
                        for m in range(decided.number[i, d, o, f] if f != _PASSED else 0):
                            v = decided.kinds[i, d, o, f, m]
                            rows = decided.chance[decided.first[i, d, o, f] + m]
                            for x in range(standings):
                                # An index without a sign need not be looked at before it is used.
                                of_those = _of_ranks(each, rows, np.uint64(x) * np.uint64(ranks), ranks)
                                outcomes[i, c, x, g, on, recorded + v] += of_those


@kernel
def _tell_cases(deciding, decided, cases):
    """What was decided on whom: ``cases`` of ``deciding[R, D, powered, F, payer]``."""
    places, number, payers, powers, findings, _ = cases.shape
    for i in range(places):
        for d in range(number):
            cases[i, d] = 0.0
            for on in range(powers):
                for f in range(_PASSED + 1, findings):
                    here, o = deciding[i, d, on, f], on * decided.power[i, d]
                    if not _anybody(here):
                        continue
                    for m in range(decided.number[i, d, o, f]):
                        v = decided.kinds[i, d, o, f, m]
                        for y in range(payers):
                            cases[i, d, y, on, f, v] = here[y] * decided.chance[decided.first[i, d, o, f] + m, y]


def room(before: Floats, shape: tuple[int, ...]) -> Floats:
    """An array to fill: the one of the last renewal where it fits, since new memory costs more than filling it."""
    return before if before.shape == shape else room_for(*shape)


class Routes:
    """All routes of a layout, under the odds taken last."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._stops, self._trees = lay_out(layout)
        regions = layout.route_of.shape[0]
        self._there = np.zeros((regions, len(layout.instead)), np.bool_)
        place, named = self._stops.place, self._stops.contact
        while len(named):
            self._there[place, named] = True
            named = np.asarray(layout.instead[named], np.int64)
            place, named = place[named != NOTHING], named[named != NOTHING]
        self._marks_tell = (layout.mark_of[:, 0] != layout.mark_of[:, 1]).any(axis=1)
        cases = int(layout.case_of.max(initial=0)) + 1
        self._asked = np.empty((regions, cases, _FINDINGS), np.bool_)
        self._shown = np.empty((len(layout.instead), 2, 2 * _FINDINGS), np.bool_)
        self._given = np.empty((cases, _FINDINGS, _VERDICTS), np.bool_)
        self._may_come = np.empty(len(layout.state_of), np.bool_)
        nodes = len(self._trees.stop)
        self._ends, self._through = np.empty(nodes), np.empty(nodes)
        self._stays = np.empty(len(self._trees.visits) - 1)
        self._dest: NDArray[np.uint32] | None = None
        self._taken = np.empty((0, 0), np.int64)
        self.payers = self.renewals = 0
        self._left: Floats = np.empty(0)

    def _make_room(self, payers: int, of_finding: tuple[int, ...]) -> None:
        """Arrays to fill at each renewal, since new memory costs more than filling it."""
        lay, self.payers = self._layout, payers
        lanes = self._lanes = -(-payers // EIGHT) * EIGHT
        traits = lay.group_of.shape[1]
        places, cases, findings = self._asked.shape
        self._finding = np.zeros(of_finding, np.uint32)
        # A list has room for one more, since what may be the next is written before it is known to be.
        *met, kinds = of_finding
        self._found = _Found(
            np.empty((*met, kinds + 1)), np.empty((*met, kinds + 1), np.uint8), np.empty(met, np.int64),
            np.empty(met[:2], np.bool_), np.empty(met[:2], np.bool_),
        )  # fmt: skip
        self._decided = _Decided(
            room_for(places * cases * 2 * findings * _VERDICTS + 1, lanes),
            np.empty((places, cases, 2, findings), np.int32),
            np.empty((places, cases, 2, findings, _VERDICTS + 1), np.uint8),
            np.empty((places, cases, 2, findings), np.int64),
            np.empty((places, cases), np.int64),
        )
        self._reached = _Reached(
            room_for(traits, len(self._trees.visited), lanes), np.empty(len(self._stays), np.int64)
        )
        most = int(np.diff(self._trees.visits).max(initial=0))
        self._arrived = room_for(most, lanes)
        outsets, (contacts, groups, powers) = len(self._stays), met[1:]
        self._meeting = (
            room_for(outsets, traits, lanes), np.empty((outsets, traits), np.bool_), room_for(traits, powers, lanes),
            room_for(contacts, groups, powers, lanes),
        )  # fmt: skip
        self._looked = room_for(kinds, lanes)
        self._once = room_for(2, traits, len(lay.state_of), lanes)
        self._sums = room_for(len(lay.state_of), lanes)
        self._upper = room_for(_VERDICTS + 1, lanes)
        self._upper[:] = 0.0
        self._levels = self._endings = 0

    def _make_rows(self, levels: int, endings: int) -> None:
        """Arrays for as many marks that do not and that do end an act, of which there are few, and seldom others."""
        lay, stops, lanes = self._layout, len(self._stops.place), self._lanes
        self._levels, self._endings = levels, endings
        steps, traits, through = lay.routes.shape[1], lay.group_of.shape[1], levels * lanes
        self._comes = _Comes(
            np.empty((stops, 2, traits), np.int32),
            room_for(stops * 2 * traits, through),
            room_for(stops * 2 * traits * endings, lanes),
            np.empty(stops * 2 * traits, np.int32),
            np.empty((stops, endings + 1), np.int32),
            np.empty(stops, np.int32),
            room_for(stops * 2 * traits, lanes),
            np.empty(stops, np.int32),
            np.empty(stops, np.int32),
        )
        self._settled, self._lit = room_for(steps + 1, through), room_for(steps, 2, through)
        self._so_far = room_for(through)

    def take(self, odds: Odds, taken: NDArray[np.int64]) -> None:
        """Work out what every stop comes to under these odds.

        ``taken[A, W]`` numbers the ways by which anybody does an act, act by act; NOTHING for the others.
        """
        lay, payers = self._layout, odds.verdict.shape[2]
        if payers != self.payers:
            self._make_room(payers, odds.finding.shape)
        self.renewals += 1
        self._powered = odds.powered / _ONE
        self._met = odds.met / _ONE
        self._cases = odds.verdict.shape[1]
        _find(
            odds.finding, self._finding, self._there, lay.group_of, lay.case_of, self._found, self._asked, self._shown
        )
        _decide(odds.verdict, self._asked, self._upper, self._decided, self._given)
        _list_marks(self._shown, self._given, lay.case_of, lay.mark_of, self._may_come)
        self._marks = np.flatnonzero(self._may_come)
        levels = self._marks[: np.searchsorted(self._marks, lay.first_ending)]
        endings = len(self._marks) - len(levels)
        if (len(levels), endings) != (self._levels, self._endings):
            self._make_rows(len(levels), endings)
        if odds.dest is not self._dest or not np.array_equal(taken, self._taken):
            _weigh(chances(odds.dest), taken, self._trees, self._ends, self._through, self._stays)
            self._dest, self._taken = odds.dest, taken
        marks = len(lay.state_of)
        _come_to(
            self._stops, self._met, lay.instead, lay.group_of, self._found, self._decided, lay.case_of, lay.mark_of,
            self._marks_tell, self._marks, levels, self._once, np.empty(marks, np.bool_), self._comes,
        )  # fmt: skip

    def left(self) -> Floats:
        """``[R, X, T, taken, mark]``: chances of what a begun act leaves."""
        lay = self._layout
        steps, marks = lay.routes.shape[1], len(lay.state_of)
        shape = (len(self._there), self.payers // lay.ranks, lay.group_of.shape[1], int(self._taken.max()) + 1, marks)
        left = self._left = room(self._left, shape)
        _walk_trees(
            self._taken, self._stops, self._trees, self._ends, self._through, self._stays, self._powered, self._comes,
            self._marks[: self._levels], self._marks, lay.ranks, self._settled, np.empty(steps + 1, np.int64),
            self._lit, np.empty(steps + 1, np.int64), self._so_far, self._sums, self._arrived, self._reached, left,
        )  # fmt: skip
        return left

    def settle(self, flow: Floats) -> tuple[Floats, Floats]:
        """How contacts that begun acts ``flow[R, X, T, taken]`` make end, ``[R, C, powered, outcome]``, and on whom is
        decided, ``[R, D, powered, F, payer]``; the ranks of a standing are equal parts of it.
        """
        places, contacts, _, powers = self._found.number.shape
        ended = np.empty((places, contacts, powers, len(OUTCOMES)))
        deciding = room_for(places, self._cases, powers, _FINDINGS, self._lanes)
        _settle(*self._meetings(flow), self._looked, ended, deciding)
        return ended, deciding

    def outcomes(self, flow: Floats) -> Floats:
        """The same contacts by whom they were met, ``[R, C, X, G, powered, outcome]``."""
        places, contacts, groups, powers = self._found.number.shape
        outcomes = np.empty((places, contacts, self.payers // self._layout.ranks, groups, powers, len(OUTCOMES)))
        _tell_outcomes(*self._meetings(flow), room_for(self._lanes), outcomes)
        return outcomes

    def cases(self, deciding: Floats) -> Floats:
        """What is decided, ``[R, D, X J, powered, F, V]``."""
        places, cases, powers, *_ = deciding.shape
        found = np.empty((places, cases, self.payers, powers, _FINDINGS, _VERDICTS))
        _tell_cases(deciding, self._decided, found)
        return found

    def _meetings(self, flow: Floats) -> tuple[Any, ...]:
        """What says who meets whom and what that comes to, with room to work it out."""
        lay = self._layout
        return (
            flow, self._taken, self._stops, self._trees, self._reached, self._powered, self._met, lay.instead,
            lay.group_of, self._there, self._found, self._decided, lay.case_of, self._comes, lay.ranks, *self._meeting,
        )  # fmt: skip


class Contacts:
    """Expected contacts of begun acts. By whom they were met is worked out only where somebody asks for it."""

    def __init__(self, routes: Routes, flow: Floats) -> None:
        """``flow[R, X, T, taken]``: the begun acts."""
        self._routes, self._flow, self._renewals = routes, flow, routes.renewals
        ended, deciding = routes.settle(flow)
        self.ended: Floats = ended
        """``[R place, C, powered, outcome]``: how contacts ended, of all people together."""
        self._deciding = deciding

    def found(self, each: float) -> Floats:
        """``[R place, D, powered, F, X J]``: on whom an officer decided, each standing for so many persons."""
        return self._deciding[..., : self._routes.payers] * each

    @cached_property
    def outcomes(self) -> Floats:
        """``[R place, C, X, G, powered, outcome]``; ValueError if the odds were renewed since."""
        return self._known().outcomes(self._flow)

    @cached_property
    def cases(self) -> Floats:
        """``[R place, D, X J, powered, F, V]``: those where an officer decided; ValueError likewise."""
        return self._known().cases(self._deciding)

    def _known(self) -> Routes:
        if self._routes.renewals != self._renewals:
            raise ValueError("what contacts came to is known until the odds are renewed: ask for it before")
        return self._routes
