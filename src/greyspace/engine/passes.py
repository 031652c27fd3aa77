"""A week of many people at once, in passes: each does one thing for all in a list, and hands on a shorter list.

So random words are drawn many at a time, tables stay near, and hardly a branch has to be guessed. Nothing depends on
who shares a list: every draw is counted by person, day and decision, and days come one after the other. The order
inside a week: on Monday the mood may change (news of last week, fading, enrolment); then the candidate days in order,
each: what act, is it an intent, which way, where to, what the contacts of the route come to, what it leaves.
"""

from typing import Any

import numpy as np

from greyspace.contract import FINDINGS, VERDICTS, WAYS_NOT_BEGUN, Layout
from greyspace.draws import SPARE, blocks, inner, kernel, step
from greyspace.engine.eights import find, find_far, keep_below, keep_having, keep_not_below, write_row
from greyspace.engine.turns import take
from greyspace.engine.walks import longest_walk
from greyspace.engine.week import (
    GONE,
    MEMBER_AT,
    PROFILE_AND_STATUS,
    SHIFT,
    WEEK,
    choose,
    free_from,
    held_until,
    profile_of,
    rank_of,
    release_day,
    status_of,
    with_status,
)

TOGETHER = 16384
"""Places for persons that are lived together, whole units: what is known of them stays in the caches nearest by."""

_FOUR = np.uint32(2)  # a shift
_LANE = np.uint32(3)
_LANES = np.uint32(4)
_WAY_BITS = np.uint32(16)
_WAY = np.uint32((1 << 16) - 1)
_ONE = np.uint32(1)
_FINDINGS = np.uint32(len(FINDINGS))
_VERDICTS = np.uint32(len(VERDICTS))
_STANDING = np.uint32(8)
_STANDING_AND_ONE = np.uint32(9)
_GROUP = np.uint32(255)
_PASSED = 0
_FEW = 4
_NOT_BEGUN = len(WAYS_NOT_BEGUN)


_MOST = 4096  # persons in a unit, as their counters have it, and contacts of an act
_PLACES = TOGETHER + _MOST + 17 * SPARE  # rows that begin 17 lines of a cache apart do not crowd each other out

_FOURS = ("u4", _PLACES // 4)
_SLOTS = ("u4", _PLACES)
_ROWS = {
    # Persons stand in fours of one unit, as they share blocks of words; where one stands is a slot: 4 x four + lane.
    "serial": _FOURS,  # serial of the unit
    "four": _FOURS,  # its number in the unit
    "unit": _FOURS,  # the unit in the crowd
    "size": _FOURS,  # persons in it: the last of a unit may have gaps
    "at": _FOURS,  # its first person in the crowd
    "words": ("u4", (4, _PLACES)),  # counters, then words
    "busy": _SLOTS,  # fours in which a mood may change; then slots with a candidate day this week
    "days": _SLOTS,  # their sets of days
    "limit": _SLOTS,  # thresholds with which draws are compared
    "today": _SLOTS,  # slots with a candidate day today, or an intent
    "who": _SLOTS,  # and the persons there
    "act": _SLOTS,  # and what they are about to do
    "slot": _SLOTS,  # acts begun today: where the person stands,
    "body": _SLOTS,  # the person,
    "does": _SLOTS,  # what,
    "way": _SLOTS,  # how,
    "goes": _SLOTS,  # where to,
    "mark": _SLOTS,  # and the gravest mark so far
    "begun": _SLOTS,  # possible contacts, and those that happen: of which act begun today,
    "contact": _SLOTS,  # which contact of all walks,
    "chain": _SLOTS,  # word that says who is met; then who is,
    "finds": _SLOTS,  # word that says what is found; then what is,
    "decides": _SLOTS,  # word that says what is decided; then what is,
    "payer": _SLOTS,  # what the person would pay rather than be stopped, if somebody decides,
    "seen": _SLOTS,  # the standing, the group at the contact, and whether the place has power,
    "cases": _SLOTS,  # and which of them an officer decides
}

ROOM = np.dtype([(name, *row) for name, row in _ROWS.items()])
"""What one thread writes on, row by row.

One record, not many arrays: where each row begins is known when the week is compiled, and is in no one's way.
"""


def room(layout: Layout, largest: int) -> Any:
    """Room for one thread; ``largest``: persons in the largest unit."""
    longest = longest_walk(layout)
    if max(largest, longest) > _MOST:
        raise ValueError(f"{largest} persons in a unit and {longest} contacts of an act: at most {_MOST} fit")
    return np.zeros(1, ROOM)[0]


@step
def _together(unit, end, crowd, heard, most_change, room):
    """Put whole units side by side, and list in ``busy`` the fours whose mood may change, with thresholds in ``limit``.

    Returns the unit after the last, the fours taken, and those that are listed.
    """
    fours = busy = np.uint32(0)
    u = unit
    while u < end:
        first = np.uint32(crowd.first[u])
        size = np.uint32(crowd.first[u + 1]) - first
        many = (size + _LANE) >> _FOUR
        if fours > 0 and (fours + many) << _FOUR > TOGETHER:
            break
        write_row(many, crowd.serial[u], 0, room.serial, fours)
        write_row(many, 0, 1, room.four, fours)
        write_row(many, u, 0, room.unit, fours)
        write_row(many, _LANES, 0, room.size, fours)
        write_row(many, first, _LANES, room.at, fours)
        limit = most_change[crowd.news[u]]
        write_row(many, fours, 1, room.busy, busy)
        write_row(many, limit, 0, room.limit, busy)
        busy += many * np.uint32(limit > 0)
        fours += many
        if size & _LANE:
            room.size[fours - _ONE] = size & _LANE
        heard[u] = 0
        u += 1
    return u, fours, busy


@inner
def _index(slot, room):
    """Where in the crowd the person is who stands there; meaningless for a gap."""
    return room.at[slot >> _FOUR] + (slot & _LANE)


@inner
def _is_somebody(slot, room):
    """Whether anybody stands there."""
    return (slot & _LANE) < room.size[slot >> _FOUR]


@inner
def _fill(n, value, words):
    for j in range(n):
        words[j] = value


@inner
def _turn(n, room, seed, key):
    """Turn the first ``n`` counters into words."""
    blocks(n, room.words[0], room.words[1], room.words[2], room.words[3], seed, key)


@inner
def _drawn(slot, four, room):
    """The draw of the person who stands there, from the words of the fours."""
    return room.words[slot & _LANE, four] >> SHIFT


@step
def _change_moods(n, region, crowd, odds, layout, walks, keys, monday, room):
    """On Monday the mood may change, in so many fours that are listed in ``busy``."""
    for j in range(n):
        four = room.busy[j]
        room.words[0, j] = room.serial[four]
        room.words[1, j] = room.four[four] << MEMBER_AT
    _fill(n, monday, room.words[2])
    _fill(n, 0, room.words[3])
    _turn(n, room, keys.seed, keys.mood)
    # Those whose draw would change nobody are left out unseen.
    kept = keep_below(n, room.words[0], room.limit, np.uint32(0), _LANES, room.today, np.uint32(0))
    kept = keep_below(n, room.words[1], room.limit, np.uint32(1), _LANES, room.today, kept)
    kept = keep_below(n, room.words[2], room.limit, np.uint32(2), _LANES, room.today, kept)
    kept = keep_below(n, room.words[3], room.limit, np.uint32(3), _LANES, room.today, kept)
    changes, weekly = walks.change[region], odds.weekly[region]
    n, kept = kept, np.uint32(0)
    for j in range(n):
        place = room.today[j]
        slot = (room.busy[place >> _FOUR] << _FOUR) | (place & _LANE)
        room.act[j] = _drawn(place, place >> _FOUR, room)
        room.today[j] = slot
        room.who[j] = crowd.persons[_index(slot, room)] if _is_somebody(slot, room) else GONE
    for j in range(n):
        slot, draw, person = room.today[j], room.act[j], room.who[j]
        may = draw < changes[crowd.news[room.unit[slot >> _FOUR]], person & PROFILE_AND_STATUS]
        # Who is held hears nothing and does not calm down.
        free = (free_from(person) <= monday) & ((person & GONE) == 0)
        room.today[kept] = slot
        room.act[kept] = draw
        kept += np.uint32(may & free)
    for j in range(kept):
        slot = room.today[j]
        index = _index(slot, room)
        person = crowd.persons[index]
        status, news = status_of(person), crowd.news[room.unit[slot >> _FOUR]]
        change = choose(room.act[j], weekly[layout.temper_of[profile_of(person)], news, status])
        crowd.persons[index] = with_status(person, layout.becomes[status, change])


@step
def _find_days(fours, region, crowd, walks, keys, monday, room):
    """List in ``busy`` who has candidate days, and which in ``days``; returns how many."""
    for q in range(fours):
        room.words[0, q] = room.serial[q]
        room.words[1, q] = room.four[q] << MEMBER_AT
    _fill(fours, monday, room.words[2])
    _fill(fours, 0, room.words[3])
    _turn(fours, room, keys.seed, keys.week)
    # Most have none, whoever they are, and are left out unseen.
    _fill(fours, walks.least_free[region], room.limit)
    n = keep_not_below(fours, room.words[0], room.limit, np.uint32(0), _LANES, room.busy, np.uint32(0))
    n = keep_not_below(fours, room.words[1], room.limit, np.uint32(1), _LANES, room.busy, n)
    n = keep_not_below(fours, room.words[2], room.limit, np.uint32(2), _LANES, room.busy, n)
    n = keep_not_below(fours, room.words[3], room.limit, np.uint32(3), _LANES, room.busy, n)
    ceiling, every_eighth = walks.ceiling[region], walks.every_eighth[region]
    # A loop that does nothing but fetch has many of them on their way from memory at once.
    for j in range(n):
        slot = room.busy[j]
        room.who[j] = crowd.persons[_index(slot, room)] if _is_somebody(slot, room) else GONE
    kept = np.uint32(0)
    for j in range(n):
        slot, person = room.busy[j], room.who[j]
        draw = _drawn(slot, slot >> _FOUR, room)
        profile = profile_of(person)
        room.busy[kept] = slot
        room.days[kept] = draw
        room.who[kept] = profile
        kept += np.uint32((draw >= ceiling[profile, 0]) & ((person & GONE) == 0))
    for j in range(kept):
        profile = room.who[j]
        room.days[j] = find_far(room.days[j], every_eighth[profile], ceiling[profile])
    return np.uint32(kept)


@inner
def _count_person(j, slot, room):
    """Who decides, as the first half of a counter."""
    four = slot >> _FOUR
    room.words[0, j] = room.serial[four]
    room.words[1, j] = ((room.four[four] << _FOUR) | (slot & _LANE)) << MEMBER_AT


@step
def _find_intents(busy, weekday, region, crowd, odds, walks, keys, day, room):
    """List in ``today`` who on this day wants to do an act, with the words for the rest; returns how many."""
    n = keep_having(busy, room.days, _ONE << np.uint32(weekday), room.today)
    for j in range(n):
        slot = room.busy[room.today[j]]
        room.today[j] = slot
        _count_person(j, slot, room)
    _fill(n, day, room.words[2])
    _fill(n, 0, room.words[3])
    _turn(n, room, keys.seed, keys.day)
    # Most are not wanted, whatever the act.
    _fill(n, walks.most_accept[region], room.limit)
    n = keep_below(n, room.words[1], room.limit, np.uint32(0), _ONE, room.act, np.uint32(0))
    kept = np.uint32(0)
    pick, accept = walks.pick[region], odds.accept[region]
    # Here and in _find one loop looks up where to look and the next looks there: each has more at once on its way.
    for i in range(n):
        slot = room.today[room.act[i]]
        room.today[i] = slot
        room.who[i] = crowd.persons[_index(slot, room)]
    for i in range(n):
        j = room.act[i]
        slot = room.today[i]
        person = room.who[i]
        profile = profile_of(person)
        act = find(room.words[0, j] >> SHIFT, pick[profile])
        accepts = room.words[1, j]
        room.today[kept] = slot
        room.who[kept] = person
        room.act[kept] = act
        room.words[2, kept] = room.words[2, j]
        room.words[3, kept] = room.words[3, j]
        kept += np.uint32(((accepts >> SHIFT) < accept[profile, act]) & ((person & GONE) == 0))
    return np.uint32(kept)


@step
def _begin(n, region, odds, walks, day, room, tallies):
    """List which intents are begun, with way and destination; the others end here. Returns how many are begun."""
    way_of = walks.way[region]
    states, modes = tallies.states[region], tallies.modes[region]
    begun = others = np.uint32(0)
    for j in range(n):
        slot = room.today[j]
        person = room.who[j]
        act = room.act[j]
        way = find(room.words[2, j] >> SHIFT, way_of[walks.chooser[person & PROFILE_AND_STATUS], act])
        held = np.uint32(free_from(person) > day)
        goes = room.words[3, j]
        # Words that were read make room for those who do not begin; who is held is prevented, whatever the way.
        room.words[0, others] = (act << _WAY_BITS) | (way * (_ONE - held))
        room.words[1, others] = profile_of(person)
        room.slot[begun] = slot
        room.body[begun] = person
        room.does[begun] = act
        room.way[begun] = way
        room.goes[begun] = goes
        ends = held | np.uint32(way < _NOT_BEGUN)
        others += ends
        begun += _ONE - ends
    for j in range(others):
        act, way = room.words[0, j] >> _WAY_BITS, room.words[0, j] & _WAY
        states[room.words[1, j], act, way] += _ONE
        modes[act, way, way] += _ONE
    dest, only = odds.dest[region], walks.only[region]
    regions = np.uint32(dest.shape[1])
    for b in range(begun):
        act = room.does[b]
        place = only[act]
        if place == regions:
            place = np.uint32(choose(room.goes[b] >> SHIFT, dest[act]))
        room.goes[b] = place
    _fill(begun, 0, room.mark)
    return np.uint32(begun)


@step
def _set_out(first, begun, region, walks, shape, day, room):
    """List the contacts that acts from ``first`` on may have, as far as there is room.

    Returns the first act that is left for later, and how many contacts are listed.
    """
    b = first
    n = np.uint32(0)
    acts, ways, destinations = np.uint64(shape[1]), np.uint64(shape[2]), np.uint64(shape[3])
    here = np.uint64(region) * acts
    while b < begun and n <= TOGETHER:
        walk = ((here + room.does[b]) * ways + room.way[b]) * destinations + room.goes[b]
        contact = walks.begin[walk]
        many = walks.begin[walk + np.uint64(1)] - contact
        # Most have few: these are written whether there are as many or not, so that there is no number to guess.
        for i in range(_FEW):
            room.begun[n + np.uint32(i)] = b
            room.contact[n + np.uint32(i)] = contact + i
        if many > _FEW:
            for i in range(_FEW, many):
                room.begun[n + np.uint32(i)] = b
                room.contact[n + np.uint32(i)] = contact + i
        n += many
        b += _ONE
    for j in range(n):
        _count_person(j, room.slot[room.begun[j]], room)
        room.words[3, j] = walks.draws[room.contact[j]]
        room.limit[j] = walks.met[room.contact[j]]
    _fill(n, day, room.words[2])
    return np.uint32(b), np.uint32(n)


@step
def _meet(n, walks, keys, day, room):
    """Keep the contacts that happen, with the words that say what comes of them; returns how many."""
    _turn(n, room, keys.seed, keys.contact)
    kept = keep_below(n, room.words[0], room.limit, np.uint32(0), _ONE, room.cases, np.uint32(0))
    for i in range(kept):
        j = room.cases[i]
        room.begun[i] = room.begun[j]
        room.contact[i] = room.contact[j]
        room.chain[i] = room.words[0, j]
        room.finds[i] = room.words[1, j]
        room.decides[i] = room.words[2, j]
    # Whether a place has power is settled once an act, so it is counted by the place.
    for j in range(kept):
        _count_person(j, room.slot[room.begun[j]], room)
        room.words[3, j] = walks.place[room.contact[j]]
    _fill(kept, day, room.words[2])
    _turn(kept, room, keys.seed, keys.power)
    return np.uint32(kept)


@step
def _find(n, odds, layout, walks, room):
    """Who is met, whether the place has power, what is found; lists in ``cases`` where somebody decides."""
    cases = np.uint32(0)
    for j in range(n):
        b = room.begun[j]
        place = walks.place[room.contact[j]]
        met = walks.contact[room.contact[j]]
        while (room.chain[j] >> SHIFT) >= odds.met[place, met]:
            met = np.uint32(layout.instead[met])
        group = np.uint32(layout.group_of[met, walks.trait[room.body[b] & PROFILE_AND_STATUS]])
        powered = np.uint32((room.words[0, j] >> SHIFT) < odds.powered[place, room.way[b]])
        room.chain[j] = met
        standing = np.uint32(layout.standing_of[profile_of(room.body[b])])
        room.seen[j] = (((standing << _STANDING) | group) << _ONE) | powered
    for j in range(n):
        seen, place = room.seen[j], walks.place[room.contact[j]]
        row = walks.finding[place, room.chain[j], (seen >> _ONE) & _GROUP, seen & _ONE]
        found = find(room.finds[j] >> SHIFT, row)
        room.finds[j] = found
        room.cases[cases] = j
        cases += np.uint32(found % _FINDINGS != _PASSED)
    return np.uint32(cases)


@step
def _decide(n, layout, walks, keys, day, room):
    """What is decided in each of the ``cases``."""
    # What the person would pay rather than be stopped is settled once an act, so that all its officers meet the same.
    for i in range(n):
        _count_person(i, room.slot[room.begun[room.cases[i]]], room)
    _fill(n, day, room.words[2])
    _fill(n, 0, room.words[3])
    _turn(n, room, keys.seed, keys.purse)
    ranks = np.uint32(layout.ranks)
    for i in range(n):
        j = room.cases[i]
        standing = room.seen[j] >> _STANDING_AND_ONE
        payer = standing * ranks + np.uint32(rank_of(room.words[0, i], layout.ranks))
        place = walks.place[room.contact[j]]
        case = np.uint32(layout.case_of[room.chain[j]])
        verdict = walks.verdict[place, case, payer, room.seen[j] & _ONE, room.finds[j] % _FINDINGS]
        room.payer[j] = payer
        room.decides[j] = find(room.decides[j] >> SHIFT, verdict)


@step
def _judge(n, layout, walks, room, tallies):
    """Count the contacts in their order, until one ends the act, and keep the gravest mark."""
    for j in range(n):
        b = room.begun[j]
        if room.mark[b] >= layout.first_ending:
            continue
        place = walks.place[room.contact[j]]
        met = room.chain[j]
        seen = room.seen[j]
        powered, group, standing = seen & _ONE, (seen >> _ONE) & _GROUP, seen >> _STANDING_AND_ONE
        recorded, finding = room.finds[j] // _FINDINGS, room.finds[j] % _FINDINGS
        verdict = np.uint32(_PASSED)
        if finding != _PASSED:
            verdict = room.decides[j]
            case = np.uint32(layout.case_of[met])
            tallies.cases[place, case, room.payer[j], powered, finding, verdict] += _ONE
        outcome = recorded * _VERDICTS + verdict
        tallies.outcomes[place, met, standing, group, powered, outcome] += _ONE
        room.mark[b] = max(room.mark[b], layout.mark_of[met, powered, outcome])


@step
def _leave(begun, region, crowd, layout, walks, day, weekday, room, heard, tallies):
    """What the acts of a day leave behind: states, holds, news, and the persons as they are afterwards."""
    states, modes = tallies.states[region], tallies.modes[region]
    for b in range(begun):
        person = room.body[b]
        profile = profile_of(person)
        mark = room.mark[b]
        state = np.uint32(layout.state_of[mark])
        states[profile, room.does[b], state] += _ONE
        modes[room.does[b], room.way[b], state] += _ONE
        if mark == 0 and walks.leaves_nothing:
            continue
        after = with_status(person, layout.status_after[mark, status_of(person)])
        hold = layout.hold_of[mark]
        if hold > 0:
            tallies.held[region, profile, hold] += _ONE
            after = held_until(after, release_day(day, weekday, layout.hold_days[hold]))
        if layout.gone[mark] != 0:
            after |= GONE
        slot = room.slot[b]
        heard[room.unit[slot >> _FOUR]] |= np.uint8(layout.news_of[mark])
        crowd.persons[_index(slot, room)] = after


@inner
def _live_units(unit, end, crowd, heard, odds, layout, walks, keys, monday, tallies, room):
    """Let the units ``unit..end``, all of one region, live one week."""
    region = np.int64(crowd.region[unit])
    while unit < end:
        unit, fours, n = _together(unit, end, crowd, heard, walks.most_change[region], room)
        _change_moods(n, region, crowd, odds, layout, walks, keys, monday, room)
        busy = _find_days(fours, region, crowd, walks, keys, monday, room)
        for weekday in range(WEEK):
            day = monday + weekday
            n = _find_intents(busy, weekday, region, crowd, odds, walks, keys, day, room)
            begun = _begin(n, region, odds, walks, day, room, tallies)
            b = np.uint32(0)
            while b < begun:
                b, n = _set_out(b, begun, region, walks, layout.route_of.shape, day, room)
                n = _meet(n, walks, keys, day, room)
                cases = _find(n, odds, layout, walks, room)
                _decide(cases, layout, walks, keys, day, room)
                _judge(n, layout, walks, room, tallies)
            _leave(begun, region, crowd, layout, walks, day, weekday, room, heard, tallies)


@kernel
def live_blocks(blocks, turn, most, crowd, heard, odds, layout, walks, keys, monday, tallies, room):
    """Let at most so many of the ``blocks`` that nobody has taken live one week; ``heard[unit]`` gets the next news."""
    for _ in range(most):
        block = take(turn)
        if block >= blocks.shape[0]:
            break
        _live_units(blocks[block, 0], blocks[block, 1], crowd, heard, odds, layout, walks, keys, monday, tallies, room)
