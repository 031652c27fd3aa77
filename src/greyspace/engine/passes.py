"""A week of many people at once, in passes: each does one thing for all in a list, and hands on a shorter list.

So random words are drawn many at a time, tables stay near, and hardly a branch has to be guessed. Nothing depends on
who shares a list: every draw is counted by person, day and decision. The order inside a week: on Monday the mood may
change (news of last week, fading, enrolment); then the candidate days of each person in order: what act, is it an
intent, which way, where to, what the contacts of the route come to, what it leaves. Since nobody meets anybody else
before next Monday, all live their first candidate day together, then those who have one their second, and so on.
"""

from typing import Any

import numpy as np

from greyspace.contract import FINDINGS, OUTCOMES, STATES, VERDICTS, WAYS_NOT_BEGUN, Layout
from greyspace.draws import SPARE, blocks_of_day, first_words, inner, kernel, step, three_words
from greyspace.engine.eights import (
    BELOW,
    NOT_BELOW,
    fetch,
    find,
    find_far,
    keep_below,
    keep_having,
    keep_in_fours,
    lowest,
    write_eight,
    write_row,
)
from greyspace.engine.instructions import EIGHT
from greyspace.engine.tables import CONTACT, PLACE_AT
from greyspace.engine.turns import take
from greyspace.engine.walks import longest_walk
from greyspace.engine.week import (
    GONE,
    GONE_AT,
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
_FIRST_AT = np.uint32(3)
_SIZE = np.uint32(7)
_LINE = np.uint32(16)  # persons in a line of a cache
_ACT_AT = np.uint32(14)
_WAY_AT = np.uint32(20)
_ACT = np.uint32(63)
_ONE = np.uint32(1)
_PLACE = ~CONTACT
_ANY = np.uint32(0xFFFFFFFF)
_ANY_DAY = np.uint32((1 << WEEK) - 1)
_FINDINGS = np.uint32(len(FINDINGS))
_VERDICTS = np.uint64(len(VERDICTS))
_OUTCOMES = np.uint64(len(OUTCOMES))
_STATES = np.uint64(len(STATES))
_GONE_AT = np.uint32(GONE_AT)
_BEGUN = np.uint32(len(WAYS_NOT_BEGUN)) << _WAY_AT
_BEGUN_LIMIT = _BEGUN >> SHIFT  # as it is compared with a draw
_UNMET = np.uint32(0xFFFFFFFF)


MOST_PERSONS = 2**29
"""In one process, as their places are kept; a nation of more has to be lived in shards."""

_MOST = 4096  # persons in a unit, as their counters have it, and contacts of an act
_PLACES = TOGETHER + _MOST + 17 * SPARE  # rows that begin 17 lines of a cache apart do not crowd each other out

_FOURS = ("u4", _PLACES // 4)
_SLOTS = ("u4", _PLACES)
_ROWS = {
    # Persons stand in fours of one unit, as they share blocks of words; where one stands is a slot: 4 x four + lane.
    "serial": _FOURS,  # serial of the unit
    "four": _FOURS,  # its number in the unit, where the counters of a week have it
    "unit": _FOURS,  # the unit in the crowd
    "at": _FOURS,  # its first person in the crowd x 8 + persons in it: the last may have gaps
    "busy": _FOURS,  # fours in which a mood may change
    "limit": _SLOTS,  # thresholds with which draws are compared
    "listed": _SLOTS,  # places in another list
    # Those who have candidate days left: slots, persons, sets of days after the next, and
    "slot": _SLOTS,
    "who": _SLOTS,
    "days": _SLOTS,
    # the next day's counter and words.
    "serials": _SLOTS,
    "members": _SLOTS,
    "day": _SLOTS,
    "draws": ("u4", (4, _PLACES)),
    # Intents, then acts begun: of which of them,
    "of": _SLOTS,
    "does": _SLOTS,  # which act,
    "whole": _SLOTS,  # an intent as one word: profile and status, act, way,
    "what": _SLOTS,  # an act begun, likewise,
    "mark": _SLOTS,  # and its gravest mark so far.
    # Contacts that may happen: of which act begun,
    "begun": _SLOTS,
    "contact": _SLOTS,  # which contact of all walks,
    "counters": ("u4", (4, _PLACES)),  # who does the act, when, and which draw it is; later of those that happen,
    "words": ("u4", (3, _PLACES)),  # who is met, what is found, what is decided.
    # Contacts that happen, which are ``listed``: of which act begun,
    "by": _SLOTS,
    "word": _SLOTS,  # what is settled once an act: whether the place has power, then who would pay,
    "met": _SLOTS,  # who is met,
    "finding": _SLOTS,  # what is found,
    "outcome": _SLOTS,  # what comes of it,
    "row": _SLOTS,  # row of the findings; the last bit says whether the place has power,
    "cell": _SLOTS,  # row of the counted outcomes,
    "cases": _SLOTS,  # which of them an officer decides,
    "case": _SLOTS,  # and which row of the verdicts each is
}

ROOM = np.dtype([(name, *row) for name, row in _ROWS.items()])
"""What one thread writes on, row by row.

One record, not many arrays: where each row begins is known when the week is compiled, and is in no one's way.
"""


def room(layout: Layout, largest: int) -> Any:
    """Room for one thread, an array of one; ``largest``: persons in the largest unit."""
    longest = longest_walk(layout)
    if max(largest, longest) > _MOST:
        raise ValueError(f"{largest} persons in a unit and {longest} contacts of an act: at most {_MOST} fit")
    return np.zeros(1, ROOM)


@step
def _together(unit, end, crowd, heard, most_change, room):
    """Put whole units side by side, and list in ``busy`` the fours whose mood may change.

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
        for person in range(np.uint64(first), np.uint64(first + size), np.uint64(_LINE)):
            fetch(crowd.persons, person)
        write_row(many, crowd.serial[u], 0, room.serial, fours)
        write_row(many, 0, _ONE << MEMBER_AT, room.four, fours)
        write_row(many, u, 0, room.unit, fours)
        write_row(many, (first << _FIRST_AT) | _LANES, _LANES << _FIRST_AT, room.at, fours)
        write_row(many, fours, 1, room.busy, busy)
        busy += many * np.uint32(most_change[crowd.news[u]] > 0)
        fours += many
        if size & _LANE:
            room.at[fours - _ONE] -= _LANES - (size & _LANE)
        heard[u] = 0
        u += 1
    return u, fours, busy


@inner
def _index(slot, room):
    """Where in the crowd the person is who stands there."""
    return (room.at[slot >> _FOUR] >> _FIRST_AT) + (slot & _LANE)


@inner
def _person(slot, persons, room):
    """The person who stands there; of a gap, one who is gone."""
    at, lane = room.at[slot >> _FOUR], slot & _LANE
    last = (at & _SIZE) - _ONE
    # Somebody is looked up in any case, so that there is nothing to guess.
    return persons[(at >> _FIRST_AT) + min(lane, last)] | (np.uint32(lane > last) << _GONE_AT)


@inner
def _fill(n, value, words):
    for j in range(n):
        words[j] = value


@step
def _change_moods(n, region, crowd, moods, keys, monday, room, noted):
    """On Monday the mood may change, in so many fours that are listed in ``busy``."""
    most = moods.most[region]
    for j in range(n):
        four = room.busy[j]
        room.serials[j] = room.serial[four]
        room.members[j] = room.four[four]
        room.limit[j] = most[crowd.news[room.unit[four]]]
    draws = room.draws
    blocks_of_day(n, room.serials, room.members, room.day, draws[0], draws[1], draws[2], draws[3], keys.seed, keys.mood)
    # Those whose draw would change nobody are left out unseen.
    kept = keep_in_fours(n, draws, room.limit, BELOW, room.listed)
    changes, weekly = moods.change[region], moods.weekly[region]
    for j in range(kept):
        place = room.listed[j]
        slot = (room.busy[place >> _FOUR] << _FOUR) | (place & _LANE)
        room.slot[j] = slot
        room.who[j] = _person(slot, crowd.persons, room)
    n, kept = kept, np.uint32(0)
    for j in range(n):
        place, slot, person = room.listed[j], room.slot[j], room.who[j]
        draw = draws[place & _LANE, place >> _FOUR] >> SHIFT
        may = draw < changes[crowd.news[room.unit[slot >> _FOUR]], person & PROFILE_AND_STATUS]
        # Who is held hears nothing and does not calm down.
        free = (free_from(person) <= monday) & ((person & GONE) == 0)
        room.slot[kept] = slot
        room.days[kept] = draw
        kept += np.uint32(may & free)
    for j in range(kept):
        slot = room.slot[j]
        index = _index(slot, room)
        person = crowd.persons[index]
        status, news = status_of(person), crowd.news[room.unit[slot >> _FOUR]]
        change = choose(room.days[j], weekly[moods.temper_of[profile_of(person)], news, status])
        after = with_status(person, moods.becomes[status, np.uint32(change)])
        crowd.persons[index] = after
        noted.people[region, person & PROFILE_AND_STATUS] -= _ONE
        noted.people[region, after & PROFILE_AND_STATUS] += _ONE


@step
def _find_days(fours, region, persons, candidates, keys, room):
    """List who has candidate days, and which; returns how many."""
    draws = room.draws
    blocks_of_day(fours, room.serial, room.four, room.day, draws[0], draws[1], draws[2], draws[3], keys.seed, keys.week)
    # Most have none, whoever they are, and are left out unseen.
    n = keep_in_fours(fours, draws, candidates.least_free[region], NOT_BELOW, room.slot)
    ceiling, every_eighth = candidates.ceiling[region], candidates.every_eighth[region]
    # A loop that does nothing but fetch has many of them on their way at once; so have short loops after it.
    for j in range(n):
        room.who[j] = _person(room.slot[j], persons, room)
    kept = np.uint32(0)
    for j in range(n):
        slot, person = room.slot[j], room.who[j]
        draw = draws[slot & _LANE, slot >> _FOUR] >> SHIFT
        room.slot[kept] = slot
        room.who[kept] = person
        room.days[kept] = draw
        kept += np.uint32((draw >= ceiling[profile_of(person), 0]) & ((person & GONE) == 0))
    for j in range(kept):
        slot, profile = room.slot[j], profile_of(room.who[j])
        room.days[j] = find_far(room.days[j], every_eighth[profile], ceiling[profile])
        room.serials[j] = room.serial[slot >> _FOUR]
        room.members[j] = (room.four[slot >> _FOUR] << _FOUR) | ((slot & _LANE) << MEMBER_AT)
    return np.uint32(kept)


@step
def _keep_days(n, persons, room):
    """Keep of so many those who have a candidate day left, as they are now; returns how many."""
    kept = keep_having(n, room.days, _ANY_DAY, room.listed)
    for i in range(kept):
        j = room.listed[i]
        slot = room.slot[j]
        room.slot[i] = slot
        room.who[i] = persons[_index(slot, room)]
        room.days[i] = room.days[j]
        room.serials[i] = room.serials[j]
        room.members[i] = room.members[j]
    return np.uint32(kept)


@step
def _find_intents(n, region, intents, keys, monday, room):
    """List in ``of`` who on the next candidate day wants to do an act, and in ``does`` which; returns how many."""
    for j in range(n):
        days = room.days[j]
        room.day[j] = np.uint32(monday) + lowest(days)
        room.days[j] = days & (days - _ONE)
    draws = room.draws
    blocks_of_day(n, room.serials, room.members, room.day, draws[0], draws[1], draws[2], draws[3], keys.seed, keys.day)
    # Most are not wanted, whatever the act.
    n = keep_below(n, draws[1], intents.most[region], room.of)
    kept = np.uint32(0)
    pick, accept = intents.pick[region], intents.accept[region]
    for i in range(n):
        j = room.of[i]
        person = room.who[j]
        profile = profile_of(person)
        act = find(draws[0, j] >> SHIFT, pick[profile])
        room.of[kept] = j
        room.does[kept] = act
        kept += np.uint32(((draws[1, j] >> SHIFT) < accept[profile, act]) & ((person & GONE) == 0))
    return np.uint32(kept)


@inner
def _act_of(what):
    """The act of an intent that is one word."""
    return (what >> _ACT_AT) & _ACT


@inner
def _tell(what, state, acts, ways, states, modes):
    """Count an intent that ended in a state, in the rows of its region."""
    act = _act_of(what)
    states[(profile_of(what) * acts + act) * _STATES + state] += _ONE
    modes[(act * ways + (what >> _WAY_AT)) * _STATES + state] += _ONE


@step
def _begin(n, region, ways, room, tallies):
    """Keep the intents that are begun, with their way; the others end here. Returns how many are begun."""
    way_of = ways.way[region]
    states, modes = tallies.states[region], tallies.modes[region]
    acts, number = np.uint64(way_of.shape[1]), np.uint64(ways.number)
    begun = np.uint32(0)
    for i in range(n):
        j, act = room.of[i], room.does[i]
        person = room.who[j]
        way = find(room.draws[2, j] >> SHIFT, way_of[ways.chooser[person & PROFILE_AND_STATUS], act])
        held = np.uint32(free_from(person) > np.int64(room.day[j]))
        # Who is held is prevented, whatever the way.
        what = (person & PROFILE_AND_STATUS) | (act << _ACT_AT) | ((way * (_ONE - held)) << _WAY_AT)
        room.whole[i] = what
        room.of[begun] = j
        room.what[begun] = what
        begun += np.uint32(what >= _BEGUN)
    others = keep_below(n, room.whole, _BEGUN_LIMIT, room.listed)
    for i in range(others):
        what = room.whole[room.listed[i]]
        _tell(what, what >> _WAY_AT, acts, number, states, modes)
    _fill(begun, 0, room.mark)
    return np.uint32(begun)


@step
def _set_out(first, begun, region, routes, room):
    """List the contacts that acts from ``first`` on may have, as far as there is room.

    Returns the first act that is left for later, and how many contacts are listed.
    """
    b = first
    n = np.uint32(0)
    dest, only = routes.dest[region], routes.only[region]
    acts, ways, destinations = np.uint64(dest.shape[0]), np.uint64(routes.ways), np.uint64(dest.shape[1])
    here = np.uint64(region) * acts
    while b < begun and n <= TOGETHER:
        act = _act_of(room.what[b])
        place = only[act]
        if place == destinations:
            place = np.uint32(choose(room.draws[3, room.of[b]] >> SHIFT, dest[act]))
        walk = ((here + act) * ways + (room.what[b] >> _WAY_AT)) * destinations + place
        contact = routes.begin[walk]
        many = routes.begin[walk + np.uint64(1)] - contact
        # Few have more than eight: so many are written whether there are as many or not, with no number to guess.
        write_eight(b, 0, room.begun, n)
        write_eight(contact, 1, room.contact, n)
        if many > EIGHT:
            write_row(many, b, 0, room.begun, n)
            write_row(many, contact, 1, room.contact, n)
        n += many
        b += _ONE
    for i in range(n):
        j, contact = room.of[room.begun[i]], room.contact[i]
        room.counters[0, i] = room.serials[j]
        room.counters[1, i] = room.members[j]
        room.counters[2, i] = room.day[j]
        room.counters[3, i] = routes.draws[contact]
        room.limit[i] = routes.met[contact]
    return np.uint32(b), np.uint32(n)


@inner
def _count_act(i, at, number, counters):
    """Counter ``i``: the same person and day as that ``at``, for draws that are settled once an act."""
    counters[0, i] = counters[0, at]
    counters[1, i] = counters[1, at]
    counters[2, i] = counters[2, at]
    counters[3, i] = number


@step
def _meet(n, where, keys, room):
    """Keep the contacts that happen; returns how many."""
    counters, words = room.counters, room.words
    three_words(
        n, counters[0], counters[1], counters[2], counters[3], words[0], words[1], words[2], keys.seed, keys.contact
    )
    kept = keep_below(n, words[0], room.limit, room.listed)
    # Whether a place has power is settled once an act, so it is counted by the place.
    for i in range(kept):
        at = room.listed[i]
        _count_act(i, at, where[room.contact[at]] >> PLACE_AT, counters)
    first_words(kept, counters[0], counters[1], counters[2], counters[3], room.word, keys.seed, keys.power)
    return np.uint32(kept)


@step
def _find(n, contacts, room):
    """Who is met, whether the place has power, what is found; lists in ``cases`` where somebody decides."""
    number, groups = np.uint32(contacts.group_of.shape[0]), np.uint32(contacts.groups)
    standings = np.uint32(contacts.standings)
    # Here one loop looks up where to look and the next looks there: each has more at once on its way.
    for i in range(n):
        at = room.listed[i]
        b, contact, draw = room.begun[at], room.contact[at], room.words[0, at] >> SHIFT
        what = room.what[b]
        where = contacts.where[contact]
        while draw >= contacts.met[where]:
            where = (where & _PLACE) | contacts.instead[where & CONTACT]
        place, met = where >> PLACE_AT, where & CONTACT
        spot = place * number + met
        group = contacts.group_of[met, contacts.trait[what & PROFILE_AND_STATUS]]
        powered = np.uint32((room.word[i] >> SHIFT) < contacts.powered[place, what >> _WAY_AT])
        standing = contacts.standing_of[profile_of(what)]
        room.by[i] = b
        room.met[i] = met
        room.row[i] = ((spot * groups + group) << _ONE) | powered
        room.cell[i] = (((spot * standings + standing) * groups + group) << _ONE) | powered
    for i in range(n):
        found = find(room.words[1, room.listed[i]] >> SHIFT, contacts.finding[room.row[i]])
        recorded = np.uint32(found >= _FINDINGS)
        finding = found - recorded * _FINDINGS
        room.finding[i] = finding
        room.outcome[i] = recorded * _VERDICTS
    return keep_having(n, room.finding, _ANY, room.cases)


@step
def _decide(n, verdicts, keys, room):
    """What is decided in each of the ``cases``."""
    # What the person would pay rather than be stopped is settled once an act, so that all its officers meet the same.
    counters = room.counters
    for c in range(n):
        _count_act(c, room.cases[c], 0, counters)
    first_words(n, counters[0], counters[1], counters[2], counters[3], room.word, keys.seed, keys.purse)
    number, payers, ranks = np.uint32(verdicts.cases), np.uint32(verdicts.payers), np.uint32(verdicts.ranks)
    for c in range(n):
        i = room.cases[c]
        at = room.listed[i]
        standing = verdicts.standing_of[profile_of(room.what[room.by[i]])]
        payer = standing * ranks + np.uint32(rank_of(room.word[c], verdicts.ranks))
        case = (verdicts.where[room.contact[at]] >> PLACE_AT) * number + verdicts.case_of[room.met[i]]
        row = (((case * payers + payer) << _ONE) | (room.row[i] & _ONE)) * _FINDINGS + room.finding[i]
        room.case[c] = row
        room.outcome[i] += find(room.words[2, at] >> SHIFT, verdicts.verdict[row])


@step
def _judge(n, cases, ends, room, tallies):
    """Count the contacts in their order, until one ends the act, and keep the gravest mark."""
    first_ending = np.uint32(ends.first_ending)
    for i in range(n):
        b = room.by[i]
        mark = room.mark[b]
        if mark >= first_ending:
            room.outcome[i] = _UNMET
            continue
        outcome = room.outcome[i]
        tallies.outcomes[room.cell[i] * _OUTCOMES + outcome] += _ONE
        powered = room.row[i] & _ONE
        room.mark[b] = max(mark, ends.mark[((room.met[i] << _ONE) | powered) * _OUTCOMES + outcome])
    for c in range(cases):
        i = room.cases[c]
        if room.outcome[i] != _UNMET:
            tallies.cases[room.case[c] * _VERDICTS + room.outcome[i] % _VERDICTS] += _ONE


@step
def _leave(begun, region, crowd, ends, ways, monday, room, heard, tallies, noted):
    """What the acts of a day leave behind: states, holds, news, the persons as they are, and notes of who changed."""
    states, modes = tallies.states[region], tallies.modes[region]
    acts, number = np.uint64(ways.way.shape[2]), np.uint64(ways.number)
    for b in range(begun):
        what, mark = room.what[b], room.mark[b]
        _tell(what, ends.state_of[mark], acts, number, states, modes)
        if mark == 0 and ends.nothing:
            continue
        j = room.of[b]
        person = room.who[j]
        after = with_status(person, ends.status_after[mark, status_of(person)])
        hold = ends.hold_of[mark]
        stays = np.uint32(ends.gone[mark] == 0)
        if hold > 0:
            tallies.held[region, profile_of(what), hold] += _ONE
            day = np.int64(room.day[j])
            after = held_until(after, release_day(day, day - monday, np.int64(ends.hold_days[hold])))
            noted.detained[region, profile_of(what), hold, day - monday] += stays
        noted.people[region, person & PROFILE_AND_STATUS] -= _ONE
        noted.people[region, after & PROFILE_AND_STATUS] += stays
        if not stays:
            after |= GONE
        slot = room.slot[j]
        heard[room.unit[slot >> _FOUR]] |= np.uint8(ends.news_of[mark])
        crowd.persons[_index(slot, room)] = after


@inner
def _live_units(unit, end, crowd, heard, tables, keys, monday, tallies, noted, room):
    """Let the units ``unit..end``, all of one region, live one week."""
    region = np.int64(crowd.region[unit])
    while unit < end:
        unit, fours, n = _together(unit, end, crowd, heard, tables.moods.most[region], room)
        _fill(fours, monday, room.day)
        _change_moods(n, region, crowd, tables.moods, keys, monday, room, noted)
        n = _find_days(fours, region, crowd.persons, tables.candidates, keys, room)
        while n > 0:
            intents = _find_intents(n, region, tables.intents, keys, monday, room)
            begun = _begin(intents, region, tables.ways, room, tallies)
            b = np.uint32(0)
            while b < begun:
                b, met = _set_out(b, begun, region, tables.routes, room)
                met = _meet(met, tables.contacts.where, keys, room)
                cases = _find(met, tables.contacts, room)
                _decide(cases, tables.verdicts, keys, room)
                _judge(met, cases, tables.ends, room, tallies)
            _leave(begun, region, crowd, tables.ends, tables.ways, monday, room, heard, tallies, noted)
            n = _keep_days(n, crowd.persons, room)


@kernel
def live_blocks(blocks, turn, most, crowd, heard, tables, keys, monday, tallies, noted, rooms):
    """Let at most so many of the ``blocks`` that nobody has taken live one week; ``heard[unit]`` gets the next news.

    ``tallies`` are rows here: ``states[R, P x A x state]``, ``modes[R, A x W x state]``, one row of all ``outcomes``
    and one of all ``cases``. In ``noted`` stands who changes, for the census.
    """
    for _ in range(most):
        block = take(turn)
        if block >= blocks.shape[0]:
            break
        unit, end = blocks[block, 0], blocks[block, 1]
        _live_units(unit, end, crowd, heard, tables, keys, monday, tallies, noted, rooms[0])
