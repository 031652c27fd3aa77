"""What each stop of a route comes to under the odds taken, by trait and payer: whether acts go on, or how they end.

Marks that nobody comes by, which are most, are carried nowhere.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import FINDINGS, NOTHING, ONE, VERDICTS
from greyspace.draws import inner, kernel
from greyspace.engine.instructions import EIGHT
from greyspace.engine.lanes import differ, eight, put, same
from greyspace.engine.paths import Ints

_FINDINGS = len(FINDINGS)
_VERDICTS = len(VERDICTS)
_PASSED = 0
_ONE = float(ONE)

Floats = NDArray[np.float64]


class Found(NamedTuple):
    """What is found where anybody is met. Most findings never happen: those that do are listed, not looked for."""

    chance: Floats  # [R, C, G, powered, n]
    kinds: NDArray[np.uint8]  # [R, C, G, powered, n] -> what is found with this chance
    number: NDArray[np.int64]  # [R, C, G, powered]: how many are listed
    power: NDArray[np.bool_]  # [R, C]: whether power changes any
    traits: NDArray[np.bool_]  # [R, C]: whether the trait does


class Decided(NamedTuple):
    """What is decided on who is found so; with power only where it changes any, else the first rows stand."""

    chance: Floats  # [row, payer], one row after the other
    first: Ints  # [R, D, powered, F] -> first row of those listed
    kinds: NDArray[np.uint8]  # [R, D, powered, F, n] -> verdict that any payer has
    number: NDArray[np.int64]  # [R, D, powered, F]: how many are listed
    power: NDArray[np.int64]  # [R, D]: 1 if power changes any


class Comes(NamedTuple):
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


@inner
def _differ(one, other):
    """Whether two rows differ; without a way out, so that many entries are compared at once."""
    found = False
    for i in range(one.shape[0]):
        found |= one[i] != other[i]
    return found


@kernel
def list_found(finding, last, there, group_of, case_of, found, asked, shown):
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
def list_decided(verdict, asked, rows, decided, given):
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
def list_marks(shown, given, case_of, mark_of, marks):
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
def come_to(stops, met, instead, group_of, found, decided, case_of, mark_of, marks_tell, came_by, levels, once,
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
