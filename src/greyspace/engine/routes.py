"""What the routes of begun acts come to, in expectation: walked once per renewal of the odds, not once per person.

What an act leaves does not depend on mood, so a route is walked for every trait and every *payer* (standing x rank of
willingness to pay) alone, all payers side by side. The gravest mark of a route is a product of distribution functions
as long as no contact ends the act. What a stop comes to is worked out first, then how often each is reached
(:mod:`greyspace.engine.paths` lays out the routes): of that both the ends of acts and the contacts are made up.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import FINDINGS, NOTHING, ONE, OUTCOMES, VERDICTS, WAYS_NOT_BEGUN, Layout, Odds, chances
from greyspace.draws import inner, kernel
from greyspace.engine.paths import lay_out

_MODES_FROM = len(WAYS_NOT_BEGUN)
_FINDINGS = len(FINDINGS)
_VERDICTS = len(VERDICTS)
_PASSED = 0
_ONE = float(ONE)

Floats = NDArray[np.float64]


class Contacts(NamedTuple):
    """Expected contacts, in the shapes of ``Tallies.outcomes`` and ``Tallies.cases``."""

    outcomes: Floats  # [R place, C, X, G, powered, outcome]
    cases: Floats  # [R place, D, X J, powered, F, V]


class _Found(NamedTuple):
    """What is found where anybody is met. Most findings never happen: those that do are listed, not looked for."""

    chance: Floats  # [R, C, G, powered, 2 F]
    kinds: NDArray[np.uint8]  # [R, C, G, powered, n] -> what is found with some chance
    number: NDArray[np.int64]  # [R, C, G, powered]: how many are listed
    power: NDArray[np.bool_]  # [R, C]: whether power changes any
    traits: NDArray[np.bool_]  # [R, C]: whether the trait does


class _Decided(NamedTuple):
    """What is decided on who is found so; with power only where it changes any, else the first rows stand."""

    chance: Floats  # [R, D, powered, F, V, payer]
    kinds: NDArray[np.uint8]  # [R, D, powered, F, n] -> verdict that any payer has
    number: NDArray[np.int64]  # [R, D, powered, F]: how many are listed
    power: NDArray[np.int64]  # [R, D]: 1 if power changes any


class _Comes(NamedTuple):
    """What each stop comes to. Only the first rows are there where power, or the trait, changes nothing."""

    within: Floats  # [stop, powered, trait, (mark, payer)]: chance that the act goes on with no mark above this one
    ended: Floats  # [stop, powered, trait, n, payer]: chance that it ends with the mark that is listed so
    kinds: NDArray[np.int64]  # [stop, n] -> mark with which it can end an act
    number: NDArray[np.int64]  # [stop]: how many are listed
    meetings: Floats  # [stop, trait, powered, payer]: contacts met, given that the stop is reached
    power: NDArray[np.int64]  # [stop]: 1 if power changes anything
    traits: NDArray[np.int64]  # [stop]: 1 if the trait does


class _Reached(NamedTuple):
    """How often a begun act reaches each stop of its tree, and which trees tell traits apart."""

    chance: Floats  # [visit, trait, powered, payer]
    traits: NDArray[np.int64]  # [outset]: for how many traits; the first stands for the others


@inner
def _differ(one, other):
    """Whether two rows differ; without a way out, so that many entries are compared at once."""
    found = False
    for i in range(one.shape[0]):
        found |= one[i] != other[i]
    return found


@kernel
def _find(finding, there, group_of, case_of, found, asked):
    """The chances of cumulative thresholds ``finding``; and ``asked[R, D, F]``, whether anybody is so found."""
    places, contacts, groups, powers, findings = finding.shape
    asked[:] = False
    for i in range(places):
        for c in range(contacts):
            if not there[i, c]:
                continue
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
                        found.chance[i, c, g, on, f] = (np.float64(now) - np.float64(before)) / _ONE
                        found.kinds[i, c, g, on, number] = f
                        number += now != before
                        if case_of[c] >= 0:
                            asked[i, case_of[c], f % _FINDINGS] |= now != before
                        before = now
                    found.number[i, c, g, on] = number


@kernel
def _decide(verdict, asked, before, decided):
    """The chances of cumulative thresholds ``verdict``; payers last, as the inner loops go.

    ``asked[R, D, F]``: whether any are needed; ``before[payer]`` is written over.
    """
    _, _, payers, powers, _, verdicts = verdict.shape
    for i in range(asked.shape[0]):
        for d in range(asked.shape[1]):
            power = False
            for f in range(_PASSED + 1, _FINDINGS):
                if asked[i, d, f]:
                    for y in range(payers):
                        power |= _differ(verdict[i, d, y, 0, f], verdict[i, d, y, powers - 1, f])
            decided.power[i, d] = power
            for on in range(powers if power else 1):
                # Who is passed over has nothing to be decided.
                for f in range(_PASSED + 1, _FINDINGS):
                    if not asked[i, d, f]:
                        continue
                    before[:] = 0.0
                    number = 0
                    for v in range(verdicts):
                        out = decided.chance[i, d, on, f, v]
                        some = False
                        for y in range(payers):
                            now = np.float64(verdict[i, d, y, on, f, v])
                            out[y] = (now - before[y]) / _ONE
                            some |= now != before[y]
                            before[y] = now
                        decided.kinds[i, d, on, f, number] = v
                        number += some
                    decided.number[i, d, on, f] = number


@inner
def _add_marks(share, g, on, found, chance, kinds, number, mark_of, marks, given):
    """Add ``share`` of one contact in one place, by what is found and decided, to ``marks[mark, payer]``.

    ``found`` of this contact, ``chance``, ``kinds`` and ``number`` of what is decided there. ``given[mark]``: whether
    it is.
    """
    chances_of, kinds_of, number_of = found
    for n in range(number_of[g, on]):
        f = kinds_of[g, on, n]
        p = share * chances_of[g, on, f]
        recorded = f // _FINDINGS * _VERDICTS
        f = f % _FINDINGS
        if f == _PASSED:
            mark = marks[mark_of[recorded]]
            given[mark_of[recorded]] = True
            for y in range(mark.shape[0]):
                mark[y] += p
            continue
        for m in range(number[f]):
            v = kinds[f, m]
            mark, rows = marks[mark_of[recorded + v]], chance[f, v]
            given[mark_of[recorded + v]] = True
            for y in range(mark.shape[0]):
                mark[y] += p * rows[y]


@inner
def _to_the_power(row, n, squares):
    """``row ** n`` for whole n > 0 in place, by squaring, all entries side by side."""
    for i in range(row.shape[0]):
        squares[i] = row[i]
    if n & 1 == 0:
        row[:] = 1.0
    n >>= 1
    while n > 0:
        for i in range(row.shape[0]):
            squares[i] *= squares[i]
        if n & 1:
            for i in range(row.shape[0]):
                row[i] *= squares[i]
        n >>= 1


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


@kernel
def _come_to(stops, met, instead, group_of, found, decided, case_of, mark_of, marks_tell, first_ending, once, given,
             squares, comes):  # fmt: skip
    """What each stop comes to, over the chain of contacts that stand for the one it names.

    ``once[powered, trait, mark, payer]``, of a contact met once, ``given[mark]`` and ``squares[(mark, payer)]`` are
    written over.
    """
    traits = group_of.shape[1]
    marks, payers = once.shape[2:]
    power = tells = False
    for s in range(stops.place.shape[0]):
        place, first, times = stops.place[s], stops.contact[s], stops.times[s]
        # The same contact met more often comes next.
        anew = s == 0 or place != stops.place[s - 1] or first != stops.contact[s - 1]
        if anew:
            power, tells = _may_tell(s, stops, met, instead, marks_tell, found, decided.power, case_of)
            comes.power[s] = comes.traits[s] = 0
            given[:] = False
            for on in range(2 if power else 1):
                for t in range(traits if tells else 1):
                    row = once[on, t]
                    row[:] = 0.0
                    before = 0.0
                    c = first
                    while c != NOTHING:
                        share = met[place, c] - before
                        if share > 0.0:
                            # Where nobody decides there is no row to read: nothing but 'passed' is found.
                            d = max(case_of[c], 0)
                            o = on * decided.power[place, d]
                            of = (found.chance[place, c], found.kinds[place, c], found.number[place, c])
                            _add_marks(share, group_of[c, t], on, of, decided.chance[place, d, o],
                                       decided.kinds[place, d, o], decided.number[place, d, o], mark_of[c, on], row,
                                       given)  # fmt: skip
                            before = met[place, c]
                        c = instead[c]
                    for y in range(payers):
                        row[0, y] += 1.0 - before
                    for k in range(1, first_ending):
                        for y in range(payers):
                            row[k, y] += row[k - 1, y]
                    if on > 0 and _differ(row.reshape(-1), once[0, t].reshape(-1)):
                        comes.power[s] = 1
                    if t > 0 and _differ(row.reshape(-1), once[on, 0].reshape(-1)):
                        comes.traits[s] = 1
        else:
            comes.power[s], comes.traits[s] = comes.power[s - 1], comes.traits[s - 1]
        comes.number[s] = 0
        for k in range(first_ending, marks):
            comes.kinds[s, comes.number[s]] = k
            comes.number[s] += given[k]
        for on in range(2 if power else 1):
            for t in range(traits if tells else 1):
                # The same contact several times: the mark is the gravest of as many, and each time some end the act.
                row, within, meetings = once[on, t], comes.within[s, on, t], comes.meetings[s, t, on]
                flat = row.reshape(-1)
                for i in range(within.shape[0]):
                    within[i] = flat[i]
                meetings[:] = 1.0
                if times > 1:
                    _to_the_power(within, times, squares)
                    often = within[(first_ending - 1) * payers :]
                    for y in range(payers):
                        goes_on = row[first_ending - 1, y]
                        meetings[y] = times if goes_on >= 1.0 else (1.0 - often[y]) / (1.0 - goes_on)
                for n in range(comes.number[s]):
                    ended, mark = comes.ended[s, on, t, n], row[comes.kinds[s, n]]
                    for y in range(payers):
                        ended[y] = mark[y] * meetings[y]
        for t in range(traits):
            for on in range(2):
                of = comes.meetings[s, t if tells else 0, on if power else 0]
                for y in range(payers):
                    comes.meetings[s, t, on, y] = of[y]


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
                        stays[(r * acts + a) * ways + w] += dest[r, a, d]
                    else:
                        ends[node] += dest[r, a, d]
    for node in range(ends.shape[0]):
        through[node] = ends[node]
    for node in range(through.shape[0] - 1, -1, -1):
        if trees.parent[node] != NOTHING:
            through[trees.parent[node]] += through[node]


@inner
def _walk(begin, end, trait, way, stops, trees, ends, through, powered, comes, settled, lit, open_at, reach, sums,
          reached):  # fmt: skip
    """Walk a tree: add up the chances that a stop is ``reached``, and in ``sums`` what who comes to the end has met.

    Places have power or not independently of each other, so only the two cases of one place need be carried side by
    side (``lit[depth, powered]``, as the stop of that depth left them), and only from its first stop where power
    matters to its last; then they are added up. ``open_at[depth]`` are the bits of the depths that are so carried.
    """
    payers, length = reach.shape[0], settled.shape[1]
    last = length - payers
    settled[0] = 1.0
    open_at[0] = 0
    for node in range(begin, end):
        if through[node] == 0.0:
            continue
        s, depth, own = trees.stop[node], trees.depth[node], trees.before[node]
        before, after = settled[depth], settled[depth + 1]
        carried = open_at[depth]
        held = own != NOTHING and carried >> own & 1 != 0
        if held:
            carried ^= np.int64(1) << own
        goes_on = before[last:]
        for y in range(payers):
            reach[y] = through[node] * goes_on[y]
        for other in range(depth):
            if carried >> other & 1:
                dark, bright = lit[other, 0, last:], lit[other, 1, last:]
                for y in range(payers):
                    reach[y] *= dark[y] + bright[y]
        chance = reached[trees.visit[node], trait]
        p = powered[stops.place[s], way]
        t = trait * comes.traits[s]
        if not held and comes.power[s] == 0:
            # Power changes nothing, yet the contacts are told apart by it.
            for y in range(payers):
                chance[0, y] += reach[y] * (1.0 - p)
            for y in range(payers):
                chance[1, y] += reach[y] * p
            within = comes.within[s, 0, t]
            for i in range(length):
                after[i] = before[i] * within[i]
        else:
            for on in range(2):
                within, carry = comes.within[s, on * comes.power[s], t], lit[depth, on]
                if held:
                    earlier = lit[own, on]
                    goes_on = earlier[last:]
                    for y in range(payers):
                        chance[on, y] += reach[y] * goes_on[y]
                    for i in range(length):
                        carry[i] = earlier[i] * within[i]
                else:
                    share = p if on == 1 else 1.0 - p
                    for y in range(payers):
                        chance[on, y] += reach[y] * share
                    for i in range(length):
                        carry[i] = share * within[i]
            if trees.again[node]:
                carried |= np.int64(1) << depth
                for i in range(length):
                    after[i] = before[i]
            else:
                dark, bright = lit[depth, 0], lit[depth, 1]
                for i in range(length):
                    after[i] = before[i] * (dark[i] + bright[i])
        open_at[depth + 1] = carried
        if ends[node] != 0.0:
            for i in range(length):
                sums[i] += ends[node] * after[i]


@inner
def _end(begin, end, trait, trees, comes, reach, sums, reached):
    """Add to ``sums[mark, payer]`` what ends acts at the stops that are reached."""
    payers = reach.shape[0]
    for visit in range(begin, end):
        s, chance = trees.visited[visit], reached[visit, trait]
        for on in range(1 + comes.power[s]):
            for y in range(payers):
                reach[y] = chance[on, y]
            if comes.power[s] == 0:
                for y in range(payers):
                    reach[y] += chance[1, y]
            ended = comes.ended[s, on, trait * comes.traits[s]]
            for n in range(comes.number[s]):
                total, mark = sums[comes.kinds[s, n]], ended[n]
                for y in range(payers):
                    total[y] += reach[y] * mark[y]


@kernel
def _walk_trees(taken, stops, trees, ends, through, stays, powered, comes, ranks, settled, lit, open_at, reach, sums,
                reached, left):  # fmt: skip
    """Walk every tree: chances ``left[R, X, T, taken, mark]`` of what a begun act leaves, averaged over ranks.

    ``taken[A, W]`` numbers the acts and ways that anybody takes; NOTHING for the others.
    """
    regions, standings, traits, _, marks = left.shape
    acts, ways = taken.shape
    payers, length = reach.shape[0], settled.shape[1]
    flat = sums.reshape(-1)
    left[:] = 0.0
    for r in range(regions):
        for a in range(acts):
            for w in range(_MODES_FROM, ways):
                if taken[a, w] == NOTHING:
                    continue
                outset = (r * acts + a) * ways + w
                first, last = trees.visits[outset], trees.visits[outset + 1]
                told = False
                for visit in range(first, last):
                    told |= comes.traits[trees.visited[visit]] != 0
                reached.traits[outset] = traits if told else 1
                for t in range(reached.traits[outset]):
                    sums[:] = 0.0
                    reached.chance[first:last, t] = 0.0
                    _walk(trees.of_outset[outset], trees.of_outset[outset + 1], t, w, stops, trees, ends, through,
                          powered, comes, settled, lit, open_at, reach, flat, reached.chance)  # fmt: skip
                    for i in range(length - 1, payers - 1, -1):
                        flat[i] -= flat[i - payers]
                    for y in range(payers):
                        flat[y] += stays[outset]
                    _end(first, last, t, trees, comes, reach, sums, reached.chance)
                    for x in range(standings):
                        row = left[r, x, t, taken[a, w]]
                        for k in range(marks):
                            for j in range(ranks):
                                row[k] += sums[k, x * ranks + j]
                            row[k] /= ranks
                for t in range(reached.traits[outset], traits):
                    for x in range(standings):
                        for k in range(marks):
                            left[r, x, t, taken[a, w], k] = left[r, x, 0, taken[a, w], k]


@kernel
def _count(flow, taken, trees, reached, ranks, lanes, made):
    """How often the begun acts ``flow[R, X, T, taken]`` reach each stop: ``made[stop, trait, powered, payer]``."""
    regions, standings, traits, _ = flow.shape
    acts, ways = taken.shape
    payers = standings * ranks
    made[:] = 0.0
    for r in range(regions):
        for a in range(acts):
            for w in range(_MODES_FROM, ways):
                if taken[a, w] == NOTHING:
                    continue
                outset = (r * acts + a) * ways + w
                for t in range(traits):
                    some = False
                    for x in range(standings):
                        begun = flow[r, x, t, taken[a, w]] / ranks
                        some |= begun != 0.0
                        for j in range(ranks):
                            for on in range(2):
                                lanes[on * payers + x * ranks + j] = begun
                    if not some:
                        continue
                    for visit in range(trees.visits[outset], trees.visits[outset + 1]):
                        here = made[trees.visited[visit], t].reshape(-1)
                        chance = reached.chance[visit, min(t, reached.traits[outset] - 1)].reshape(-1)
                        for i in range(lanes.shape[0]):
                            here[i] += lanes[i] * chance[i]


@inner
def _spread(i, stops, made, met, instead, group_of, comes, reach):
    """Spread the contacts of each chain in place ``i`` over who is met: into ``reach[contact, G, powered, payer]``."""
    reach[:] = 0.0
    for s in range(stops.of_place[i], stops.of_place[i + 1]):
        before = 0.0
        c = stops.contact[s]
        while c != NOTHING:
            share = met[i, c] - before
            if share > 0.0:
                for t in range(group_of.shape[1]):
                    here = reach[c, group_of[c, t]].reshape(-1)
                    once, often = made[s, t].reshape(-1), comes.meetings[s, t].reshape(-1)
                    for lane in range(here.shape[0]):
                        here[lane] += share * once[lane] * often[lane]
                before = met[i, c]
            c = instead[c]


@inner
def _settle(reach, chance_of, kinds_of, chance, kinds, number, ranks, amount, part, outcomes):
    """Add what contacts of one kind, ``reach[payer]``, come to: to ``outcomes[X, outcome]``.

    To ``amount[F, payer]`` are added those where an officer decides; ``part[payer]`` is written over.
    """
    standings = outcomes.shape[0]
    for n in range(kinds_of.shape[0]):
        f = kinds_of[n]
        p = chance_of[f]
        recorded = f // _FINDINGS * _VERDICTS
        f = f % _FINDINGS
        if f == _PASSED:
            for x in range(standings):
                for j in range(ranks):
                    outcomes[x, recorded] += reach[x * ranks + j] * p
            continue
        for y in range(reach.shape[0]):
            amount[f, y] += reach[y] * p
        for m in range(number[f]):
            rows = chance[f, kinds[f, m]]
            for y in range(reach.shape[0]):
                part[y] = reach[y] * p * rows[y]
            for x in range(standings):
                together = 0.0
                for j in range(ranks):
                    together += part[x * ranks + j]
                outcomes[x, recorded + kinds[f, m]] += together


@kernel
def _settle_all(stops, made, met, instead, group_of, there, found, decided, case_of, comes, ranks, reach, amount, part,
                outcomes, cases):  # fmt: skip
    """What all contacts come to: ``outcomes``, and those where an officer decided as ``cases``.

    ``reach[contact, G, powered, payer]``, ``amount[D, powered, F, payer]`` and ``part[payer]`` are written over.
    """
    places, contacts, _, groups, powers, _ = outcomes.shape
    payers = part.shape[0]
    for i in range(places):
        # Place by place, since these are the largest arrays of all: what was just cleared is at hand.
        outcomes[i] = 0.0
        cases[i] = 0.0
        amount[:] = 0.0
        _spread(i, stops, made, met, instead, group_of, comes, reach)
        for c in range(contacts):
            if not there[i, c]:
                continue
            # Where nobody decides there is no row to read: nothing but 'passed' is found.
            d = max(case_of[c], 0)
            for g in range(groups):
                for on in range(powers):
                    here = reach[c, g, on]
                    some = False
                    for y in range(payers):
                        some |= here[y] != 0.0
                    if not some:
                        continue
                    o = on * decided.power[i, d]
                    _settle(here, found.chance[i, c, g, on], found.kinds[i, c, g, on, : found.number[i, c, g, on]],
                            decided.chance[i, d, o], decided.kinds[i, d, o], decided.number[i, d, o], ranks,
                            amount[d, on], part, outcomes[i, c, :, g, on])  # fmt: skip
        for d in range(amount.shape[0]):
            for on in range(powers):
                o = on * decided.power[i, d]
                for f in range(_PASSED + 1, _FINDINGS):
                    some = False
                    for y in range(payers):
                        some |= amount[d, on, f, y] != 0.0
                    if not some:
                        continue
                    for m in range(decided.number[i, d, o, f]):
                        v = decided.kinds[i, d, o, f, m]
                        for y in range(payers):
                            cases[i, d, y, on, f, v] = amount[d, on, f, y] * decided.chance[i, d, o, f, v, y]


def room(before: Floats, shape: tuple[int, ...]) -> Floats:
    """An array to fill: the one of the last renewal where it fits, since new memory costs more than filling it."""
    return before if before.shape == shape else np.empty(shape)


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
        self._asked = np.empty((regions, int(layout.case_of.max(initial=0)) + 1, _FINDINGS), np.bool_)
        nodes = len(self._trees.stop)
        self._ends, self._through = np.empty(nodes), np.empty(nodes)
        self._stays = np.empty(len(self._trees.visits) - 1)
        self._payers = 0
        self._left: Floats = np.empty(0)

    def _make_room(self, payers: int, of_finding: tuple[int, ...]) -> None:
        """Arrays to fill at each renewal, since new memory costs more than filling it."""
        lay, stops, self._payers = self._layout, len(self._stops.place), payers
        traits, marks = lay.group_of.shape[1], len(lay.state_of)
        places, cases, findings = self._asked.shape
        # A list has room for one more, since what may be the next is written before it is known to be.
        *met, kinds = of_finding
        self._found = _Found(
            np.empty((*met, kinds)), np.empty((*met, kinds + 1), np.uint8), np.empty(met, np.int64),
            np.empty(met[:2], np.bool_), np.empty(met[:2], np.bool_),
        )  # fmt: skip
        self._decided = _Decided(
            np.empty((places, cases, 2, findings, _VERDICTS, payers)),
            np.empty((places, cases, 2, findings, _VERDICTS + 1), np.uint8),
            np.empty((places, cases, 2, findings), np.int64),
            np.empty((places, cases), np.int64),
        )
        each = (stops, 2, traits)
        self._comes = _Comes(
            np.empty((*each, lay.first_ending * payers)),
            np.empty((*each, marks - lay.first_ending, payers)),
            np.empty((stops, marks - lay.first_ending + 1), np.int64),
            np.empty(stops, np.int64),
            np.empty((stops, traits, 2, payers)),
            np.empty(stops, np.int64),
            np.empty(stops, np.int64),
        )
        self._reached = _Reached(
            np.empty((len(self._trees.visited), traits, 2, payers)), np.empty(len(self._stays), np.int64)
        )
        self._made = np.empty((stops, traits, 2, payers))

    def take(self, odds: Odds, taken: NDArray[np.int64]) -> None:
        """Work out what every stop comes to under these odds.

        ``taken[A, W]`` numbers the ways by which anybody does an act, act by act; NOTHING for the others.
        """
        lay, payers = self._layout, odds.verdict.shape[2]
        if payers != self._payers:
            self._make_room(payers, odds.finding.shape)
        self._taken = taken
        self._powered = odds.powered / _ONE
        self._met = odds.met / _ONE
        self._cases = odds.verdict.shape[1]
        _find(odds.finding, self._there, lay.group_of, lay.case_of, self._found, self._asked)
        _decide(odds.verdict, self._asked, np.empty(payers), self._decided)
        _weigh(chances(odds.dest), taken, self._trees, self._ends, self._through, self._stays)
        marks = len(lay.state_of)
        _come_to(
            self._stops, self._met, lay.instead, lay.group_of, self._found, self._decided, lay.case_of, lay.mark_of,
            self._marks_tell, lay.first_ending, np.empty((2, lay.group_of.shape[1], marks, payers)),
            np.empty(marks, np.bool_), np.empty(lay.first_ending * payers), self._comes,
        )  # fmt: skip

    def left(self) -> Floats:
        """``[R, X, T, taken, mark]``: chances of what a begun act leaves."""
        lay, payers = self._layout, self._payers
        steps, marks, through = lay.routes.shape[1], len(lay.state_of), lay.first_ending * payers
        shape = (len(self._there), payers // lay.ranks, lay.group_of.shape[1], int(self._taken.max()) + 1, marks)
        left = self._left = room(self._left, shape)
        _walk_trees(
            self._taken, self._stops, self._trees, self._ends, self._through, self._stays, self._powered, self._comes,
            lay.ranks, np.empty((steps + 1, through)), np.empty((steps, 2, through)), np.empty(steps + 1, np.int64),
            np.empty(payers), np.empty((marks, payers)), self._reached, left,
        )  # fmt: skip
        return left

    def contacts(self, flow: Floats) -> Contacts:
        """The contacts that begun acts ``flow[R, X, T, taken]`` make, the ranks of a standing in equal parts."""
        lay, payers = self._layout, self._payers
        _count(flow, self._taken, self._trees, self._reached, lay.ranks, np.empty(2 * payers), self._made)
        places, contacts, groups, powers, _ = self._found.chance.shape
        outcomes = np.empty((places, contacts, payers // lay.ranks, groups, powers, len(OUTCOMES)))
        cases = np.empty((places, self._cases, payers, powers, _FINDINGS, _VERDICTS))
        _settle_all(
            self._stops, self._made, self._met, lay.instead, lay.group_of, self._there, self._found, self._decided,
            lay.case_of, self._comes, lay.ranks, np.empty((contacts, groups, powers, payers)),
            np.empty((self._asked.shape[1], powers, _FINDINGS, payers)), np.empty(payers), outcomes, cases,
        )  # fmt: skip
        return Contacts(outcomes, cases)
