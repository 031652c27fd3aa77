"""Whom begun acts meet, once it is known how many were begun: contacts by how they end, and what officers decided."""

import numpy as np

from greyspace.contract import FINDINGS, NOTHING, VERDICTS
from greyspace.draws import inner, kernel
from greyspace.engine.instructions import EIGHT
from greyspace.engine.lanes import differ, eight, put, same, total
from greyspace.engine.paths import EITHER

_FINDINGS = len(FINDINGS)
_VERDICTS = len(VERDICTS)
_PASSED = 0


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

    What is found there is as in ``Found``.
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
def settle(flow, taken, stops, trees, reached, powered, met, instead, group_of, there, found, decided, case_of, comes,
           ranks, begun, some, made, reach, looked, ended, deciding):  # fmt: skip
    """What the contacts of begun acts ``flow[R, X, T, taken]`` come to.

    ``ended[R, C, powered, outcome]`` says how they end, ``deciding[R, D, powered, F, payer]`` on whom officers decide.
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
def tell_outcomes(flow, taken, stops, trees, reached, powered, met, instead, group_of, there, found, decided, case_of,
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
def tell_cases(deciding, decided, cases):
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
