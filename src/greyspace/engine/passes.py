"""A week of many people at once, in passes: each does one thing for all in a list, and hands on a shorter list.

So random words are drawn many at a time, tables stay near, and hardly a branch has to be guessed. Nothing depends on
who shares a list: every draw is counted by person, day and decision, and days come one after the other. The order
inside a week: on Monday the mood may change (news of last week, fading, enrolment); then the candidate days in order,
each: what act, is it an intent, which way, where to, what the contacts of the route come to, what it leaves.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import FINDINGS, VERDICTS, WAYS_NOT_BEGUN, Layout
from greyspace.draws import blocks, inner, kernel, step
from greyspace.engine.eights import EIGHT, find, find_far, keep_below, keep_having, keep_not_below
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
_PASSED = 0
_FEW = 4
_NOT_BEGUN = len(WAYS_NOT_BEGUN)

Words = NDArray[np.uint32]


class Room(NamedTuple):
    """What one thread writes on.

    Persons stand in fours of one unit, as they share blocks of words; where one stands is a slot: 4 x four + lane.
    """

    serial: Words  # [four] serial of the unit
    four: Words  # [four] its number in the unit
    unit: Words  # [four] the unit in the crowd
    at: NDArray[np.uint64]  # [four] its first person in the crowd
    size: Words  # [four] persons in it: the last of a unit may have gaps
    words: Words  # [4, n] the next four, by lane
    c0: Words  # counters, then words
    c1: Words
    c2: Words
    c3: Words
    busy: Words  # fours in which a mood may change; then slots with a candidate day this week
    days: Words  # their sets of days
    limit: Words  # thresholds with which draws are compared
    today: Words  # slots with a candidate day today, or an intent
    who: Words  # and the persons there
    act: Words  # and what they are about to do
    slot: Words  # acts begun today: where the person stands,
    body: Words  # the person,
    does: Words  # what,
    way: Words  # how,
    goes: Words  # where to,
    mark: NDArray[np.int32]  # and the gravest mark so far
    begun: Words  # possible contacts, and those that happen: of which act begun today,
    contact: Words  # which contact of all walks,
    chain: Words  # word that says who is met; then who is,
    finds: Words  # word that says what is found; then what is,
    decides: Words  # word that says what is decided; then what is,
    payer: Words  # what the person would pay rather than be stopped,
    seen: Words  # the group at the contact, and whether the place has power,
    cases: Words  # and which of them an officer decides


def room(layout: Layout, largest: int) -> Room:
    """Room for one thread; ``largest``: persons in the largest unit."""
    slots = TOGETHER + (largest + 3) // 4 * 4 + EIGHT
    contacts = slots + longest_walk(layout) + EIGHT
    lengths = {
        slots // 4: ("serial", "four", "unit", "size"),
        slots: ("busy", "days", "today", "who", "act", "slot", "body", "does", "way", "goes"),
        contacts: ("limit", "begun", "contact", "chain", "finds", "decides", "payer", "seen", "cases"),
    }
    words = np.zeros((4, contacts), np.uint32)
    own: dict[str, Any] = {name: np.zeros(n, np.uint32) for n, names in lengths.items() for name in names}
    own |= {f"c{lane}": words[lane] for lane in range(4)}
    return Room(words=words, at=np.zeros(slots // 4, np.uint64), mark=np.zeros(slots, np.int32), **own)


@step
def _together(unit, end, crowd, heard, room):
    """Put whole units side by side; returns the unit after the last, and the fours taken."""
    fours = np.uint32(0)
    u = unit
    while u < end:
        first = crowd.first[u]
        size = np.uint32(crowd.first[u + 1] - first)
        many = (size + _LANE) >> _FOUR
        if fours > 0 and (fours + many) << _FOUR > TOGETHER:
            break
        serial = crowd.serial[u]
        for q in range(many):
            at = fours + np.uint32(q)
            room.serial[at] = serial
            room.four[at] = q
            room.unit[at] = u
            room.at[at] = first + 4 * q
            room.size[at] = 4
        fours += many
        if size & _LANE:
            room.size[fours - _ONE] = size & _LANE
        heard[u] = 0
        u += 1
    return u, np.uint32(fours)


@inner
def _index(slot, room):
    """Where in the crowd the person is who stands there; meaningless for a gap."""
    return room.at[slot >> _FOUR] + np.uint64(slot & _LANE)


@inner
def _is_somebody(slot, room):
    """Whether anybody stands there."""
    return (slot & _LANE) < room.size[slot >> _FOUR]


@inner
def _fill(n, value, words):
    for j in range(n):
        words[j] = value


@inner
def _drawn(slot, four, room):
    """The draw of the person who stands there, from the words of the fours."""
    return room.words[slot & _LANE, four] >> SHIFT


@step
def _change_moods(fours, region, crowd, odds, layout, walks, keys, monday, room):
    """On Monday the mood may change; units in which that cannot be draw nothing."""
    most = walks.most_change[region]
    n = np.uint32(0)
    for q in range(fours):
        room.busy[n] = q
        limit = most[crowd.news[room.unit[q]]]
        room.limit[n] = limit
        n += np.uint32(limit > 0)
    n = np.uint32(n)
    for j in range(n):
        four = room.busy[j]
        room.c0[j] = room.serial[four]
        room.c1[j] = room.four[four] << MEMBER_AT
    _fill(n, monday, room.c2)
    _fill(n, 0, room.c3)
    blocks(n, room.c0, room.c1, room.c2, room.c3, keys.seed, keys.mood)
    # Those whose draw would change nobody are left out unseen.
    kept = keep_below(n, room.c0, room.limit, np.uint32(0), _LANES, room.today, np.uint32(0))
    kept = keep_below(n, room.c1, room.limit, np.uint32(1), _LANES, room.today, kept)
    kept = keep_below(n, room.c2, room.limit, np.uint32(2), _LANES, room.today, kept)
    kept = keep_below(n, room.c3, room.limit, np.uint32(3), _LANES, room.today, kept)
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
        room.c0[q] = room.serial[q]
        room.c1[q] = room.four[q] << MEMBER_AT
    _fill(fours, monday, room.c2)
    _fill(fours, 0, room.c3)
    blocks(fours, room.c0, room.c1, room.c2, room.c3, keys.seed, keys.week)
    # Most have none, whoever they are, and are left out unseen.
    _fill(fours, walks.least_free[region], room.limit)
    n = keep_not_below(fours, room.c0, room.limit, np.uint32(0), _LANES, room.busy, np.uint32(0))
    n = keep_not_below(fours, room.c1, room.limit, np.uint32(1), _LANES, room.busy, n)
    n = keep_not_below(fours, room.c2, room.limit, np.uint32(2), _LANES, room.busy, n)
    n = keep_not_below(fours, room.c3, room.limit, np.uint32(3), _LANES, room.busy, n)
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
    room.c0[j] = room.serial[four]
    room.c1[j] = ((room.four[four] << _FOUR) | (slot & _LANE)) << MEMBER_AT


@step
def _find_intents(busy, weekday, region, crowd, odds, walks, keys, day, room):
    """List in ``today`` who on this day wants to do an act, with the words for the rest; returns how many."""
    n = keep_having(busy, room.days, _ONE << np.uint32(weekday), room.today)
    for j in range(n):
        slot = room.busy[room.today[j]]
        room.today[j] = slot
        _count_person(j, slot, room)
    _fill(n, day, room.c2)
    _fill(n, 0, room.c3)
    blocks(n, room.c0, room.c1, room.c2, room.c3, keys.seed, keys.day)
    # Most are not wanted, whatever the act.
    _fill(n, walks.most_accept[region], room.limit)
    n = keep_below(n, room.c1, room.limit, np.uint32(0), _ONE, room.act, np.uint32(0))
    kept = np.uint32(0)
    pick, accept = walks.pick[region], odds.accept[region]
    for i in range(n):
        j = room.act[i]
        slot = room.today[j]
        person = crowd.persons[_index(slot, room)]
        profile = profile_of(person)
        act = find(room.c0[j] >> SHIFT, pick[profile])
        accepts = room.c1[j]
        room.today[kept] = slot
        room.who[kept] = person
        room.act[kept] = act
        room.c2[kept] = room.c2[j]
        room.c3[kept] = room.c3[j]
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
        way = find(room.c2[j] >> SHIFT, way_of[walks.chooser[person & PROFILE_AND_STATUS], act])
        held = np.uint32(free_from(person) > day)
        goes = room.c3[j]
        # Words that were read make room for those who do not begin; who is held is prevented, whatever the way.
        room.c0[others] = (act << _WAY_BITS) | (way * (_ONE - held))
        room.c1[others] = profile_of(person)
        room.slot[begun] = slot
        room.body[begun] = person
        room.does[begun] = act
        room.way[begun] = way
        room.goes[begun] = goes
        ends = held | np.uint32(way < _NOT_BEGUN)
        others += ends
        begun += _ONE - ends
    for j in range(others):
        act, way = room.c0[j] >> _WAY_BITS, room.c0[j] & _WAY
        states[room.c1[j], act, way] += _ONE
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
    while b < begun and n <= TOGETHER:
        walk = ((region * shape[1] + room.does[b]) * shape[2] + room.way[b]) * shape[3] + room.goes[b]
        contact = walks.begin[walk]
        many = walks.begin[walk + 1] - contact
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
        room.c3[j] = walks.draws[room.contact[j]]
        room.limit[j] = walks.met[room.contact[j]]
    _fill(n, day, room.c2)
    return np.uint32(b), np.uint32(n)


@step
def _meet(n, walks, keys, day, room):
    """Keep the contacts that happen, with the words that say what comes of them; returns how many."""
    blocks(n, room.c0, room.c1, room.c2, room.c3, keys.seed, keys.contact)
    kept = keep_below(n, room.c0, room.limit, np.uint32(0), _ONE, room.cases, np.uint32(0))
    for i in range(kept):
        j = room.cases[i]
        room.begun[i] = room.begun[j]
        room.contact[i] = room.contact[j]
        room.chain[i] = room.c0[j]
        room.finds[i] = room.c1[j]
        room.decides[i] = room.c2[j]
    # Whether a place has power is settled once an act, so it is counted by the place.
    for j in range(kept):
        _count_person(j, room.slot[room.begun[j]], room)
        room.c3[j] = walks.place[room.contact[j]]
    _fill(kept, day, room.c2)
    blocks(kept, room.c0, room.c1, room.c2, room.c3, keys.seed, keys.power)
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
        powered = np.uint32((room.c0[j] >> SHIFT) < odds.powered[place, room.way[b]])
        found = find(room.finds[j] >> SHIFT, walks.finding[place, met, group, powered])
        room.chain[j] = met
        room.seen[j] = (group << _ONE) | powered
        room.finds[j] = found
        room.payer[j] = layout.standing_of[profile_of(room.body[b])] * layout.ranks
        room.cases[cases] = j
        cases += np.uint32(found % _FINDINGS != _PASSED)
    return np.uint32(cases)


@step
def _decide(n, layout, walks, keys, day, room):
    """What is decided in each of the ``cases``."""
    # What the person would pay rather than be stopped is settled once an act, so that all its officers meet the same.
    for i in range(n):
        _count_person(i, room.slot[room.begun[room.cases[i]]], room)
    _fill(n, day, room.c2)
    _fill(n, 0, room.c3)
    blocks(n, room.c0, room.c1, room.c2, room.c3, keys.seed, keys.purse)
    for i in range(n):
        j = room.cases[i]
        payer = room.payer[j] + np.uint32(rank_of(room.c0[i], layout.ranks))
        place = walks.place[room.contact[j]]
        case = np.uint32(layout.case_of[room.chain[j]])
        verdict = walks.verdict[place, case, payer, room.seen[j] & _ONE, room.finds[j] % _FINDINGS]
        room.payer[j] = payer
        room.decides[j] = find(room.decides[j] >> SHIFT, verdict)


@step
def _judge(n, layout, walks, room, tallies):
    """Count the contacts in their order, until one ends the act, and keep the gravest mark."""
    ranks = np.uint32(layout.ranks)
    for j in range(n):
        b = room.begun[j]
        if room.mark[b] >= layout.first_ending:
            continue
        place = walks.place[room.contact[j]]
        met = room.chain[j]
        powered, group = room.seen[j] & _ONE, room.seen[j] >> _ONE
        recorded, finding = room.finds[j] // _FINDINGS, room.finds[j] % _FINDINGS
        payer, verdict = room.payer[j], np.uint32(_PASSED)
        if finding != _PASSED:
            verdict = room.decides[j]
            case = np.uint32(layout.case_of[met])
            tallies.cases[place, case, payer, powered, finding, verdict] += _ONE
        outcome = recorded * _VERDICTS + verdict
        tallies.outcomes[place, met, payer // ranks, group, powered, outcome] += _ONE
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


@kernel
def live_units(unit, end, crowd, heard, odds, layout, walks, keys, monday, tallies, room):
    """Let the units ``unit..end``, all of one region, live one week; ``heard[unit]`` gets the news for the next."""
    region = np.int64(crowd.region[unit])
    while unit < end:
        unit, fours = _together(unit, end, crowd, heard, room)
        _change_moods(fours, region, crowd, odds, layout, walks, keys, monday, room)
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
