"""One person's week, as scalar functions: the whole of what the engine knows about people.

The order inside a week: on Monday the mood may change (news of last week, fading, enrolment); then the candidate days
in order, each: what act, is it an intent, which way, where to, what the contacts of the route come to, what it leaves.
"""

from typing import NamedTuple

import numpy as np

from greyspace.contract import DESTINATION, FINDINGS, HOME, NOTHING, ONE, VERDICTS
from greyspace.draws import inner, kernel, philox, stream

_PROFILE = np.uint32(63)
_STATUS = np.uint32(255)
_GONE = np.uint32(1 << 14)
_STATUS_AT = np.uint32(6)
_FREE_AT = np.uint32(15)
_NOT_STATUS = np.uint32(0xFFFFFFFF ^ (255 << 6))
_BELOW_FREE = np.uint32((1 << 15) - 1)
_SHIFT = np.uint32(1)
_MEMBER_AT = np.uint32(8)
_ONE = np.uint32(ONE)
_WORD_BITS = np.uint64(31)
_FINDINGS = len(FINDINGS)
_VERDICTS = len(VERDICTS)
_PASSED = 0
_CHILLED_OR_LESS = 2
_PREVENTED = 0
_WEEK = 7


class Keys(NamedTuple):
    """The seed and the streams of the six decisions in a week."""

    seed: np.uint32
    week: np.uint32  # which days are candidates; four members a block
    mood: np.uint32  # the change on Monday; four members a block
    day: np.uint32  # act, acceptance, way, destination
    purse: np.uint32  # rank of willingness to pay during this act
    contact: np.uint32  # which contact is met, what is found, how grave, what is decided; counted as the route says
    power: np.uint32  # whether a place has power for this act; counted by place


def keys(seed: int) -> Keys:
    """The keys of a run; ``seed`` is an integer in 0..2**32 - 1."""
    names = ("week", "mood", "day", "purse", "contact", "power")
    return Keys(np.uint32(seed), *(np.uint32(stream(f"person/{name}")) for name in names))


@kernel
def person_of(profile, status):
    """The word of a free person."""
    return np.uint32(np.uint32(profile) | (np.uint32(status) << _STATUS_AT))


@inner
def profile_of(person):
    """The person's profile."""
    return np.int64(person & _PROFILE)


@inner
def status_of(person):
    """The person's status: mood and traits."""
    return np.int64((person >> _STATUS_AT) & _STATUS)


@inner
def is_gone(person):
    """Whether the person has left the population."""
    return (person & _GONE) != 0


@inner
def free_from(person):
    """First free day, since 1970-01-01."""
    return np.int64(person >> _FREE_AT)


@inner
def with_status(person, status):
    """The person with another status."""
    return (person & _NOT_STATUS) | (np.uint32(status) << _STATUS_AT)


@inner
def choose(draw, row):
    """The first entry of a cumulative row that exceeds the draw; the row's length if none does."""
    for i in range(row.shape[0]):
        if draw < row[i]:
            return i
    return row.shape[0]


@kernel
def choose_far(draw, row):
    """Like :func:`choose` by bisection, for long rows."""
    low, high = 0, row.shape[0]
    while low < high:
        middle = (low + high) >> 1
        if draw < row[middle]:
            high = middle
        else:
            low = middle + 1
    return low


@inner
def release_day(day, weekday, hold_days):
    """First free day of a hold that begins the day after ``day``; a week or longer ends on a Monday."""
    free = day + 1 + hold_days
    if hold_days >= _WEEK:
        ahead = weekday + 1 + hold_days
        free = day - weekday + (ahead + _WEEK - 1) // _WEEK * _WEEK
    return free


@inner
def rank_of(word, ranks):
    """One of ``ranks`` equally likely ranks."""
    return np.int64((np.uint64(word >> _SHIFT) * np.uint64(ranks)) >> _WORD_BITS)


@inner
def meet(place, contact, payer, trait, powered, serial, member, day, count, odds, layout, keys, outcomes, cases):
    """One contact: who is met of the chain of alternatives, what is found, what is decided; returns its mark."""
    w = philox(serial, np.uint32(member) << _MEMBER_AT, day, count, keys.seed, keys.contact)
    draw = w[0] >> _SHIFT
    met = contact
    while met != NOTHING and draw >= odds.met[place, met]:
        met = layout.instead[met]
    if met == NOTHING:
        return 0
    group = layout.group_of[met, trait]
    finding = choose(w[1] >> _SHIFT, odds.finding[place, met, group, powered])
    recorded = 0
    if finding >= _FINDINGS:
        recorded, finding = 1, finding - _FINDINGS
    verdict = _PASSED
    if finding != _PASSED:
        case = layout.case_of[met]
        verdict = choose(w[2] >> _SHIFT, odds.verdict[place, case, payer, powered, finding])
        cases[place, case, payer, powered, finding, verdict] += np.uint32(1)
    outcome = recorded * _VERDICTS + verdict
    outcomes[place, met, payer // layout.ranks, group, powered, outcome] += np.uint32(1)
    return layout.mark_of[met, powered, outcome]


@inner
def walk(region, destination, act, way, standing, trait, serial, member, day, odds, layout, keys, outcomes, cases):
    """The route of a begun act: its contacts in order until one ends it; returns the gravest mark."""
    row = layout.route_of[region, act, way, destination]
    if row == NOTHING:
        return 0
    gravest = 0
    # What the person would pay rather than be stopped is settled once an act, so that all its officers meet the same.
    w = philox(serial, np.uint32(member) << _MEMBER_AT, day, 0, keys.seed, keys.purse)
    payer = standing * layout.ranks + rank_of(w[0], layout.ranks)
    # Whether a place has power is settled once an act: bit sets of places asked, and of places with power.
    asked0 = asked1 = asked2 = asked3 = np.int64(-1)
    answer0 = answer1 = answer2 = answer3 = 0
    for step in range(layout.routes.shape[1]):
        contact = layout.routes[row, step, 0]
        if contact == NOTHING:
            break
        place = np.int64(layout.routes[row, step, 1])
        if place == HOME:
            place = np.int64(region)
        elif place == DESTINATION:
            place = np.int64(destination)
        if place == asked0:
            powered = answer0
        elif place == asked1:
            powered = answer1
        elif place == asked2:
            powered = answer2
        elif place == asked3:
            powered = answer3
        else:
            w = philox(serial, np.uint32(member) << _MEMBER_AT, day, np.uint32(place), keys.seed, keys.power)
            powered = 1 if (w[0] >> _SHIFT) < odds.powered[place, way] else 0
            # The oldest answer is forgotten; asked again, the same counter gives the same answer.
            asked3, answer3 = asked2, answer2
            asked2, answer2 = asked1, answer1
            asked1, answer1 = asked0, answer0
            asked0, answer0 = place, powered
        for time in range(layout.routes[row, step, 2]):
            count = layout.routes[row, step, 3] + time
            mark = meet(
                place, contact, payer, trait, powered, serial, member, day, count, odds, layout, keys, outcomes, cases
            )
            gravest = max(gravest, mark)
            if mark >= layout.first_ending:
                return gravest
    return gravest


@inner
def live_day(person, region, serial, member, monday, weekday, odds, layout, keys, tallies):
    """A candidate day; returns the person after it and the news bits it makes."""
    day = monday + weekday
    profile = profile_of(person)
    status = status_of(person)
    w = philox(serial, np.uint32(member) << _MEMBER_AT, day, 0, keys.seed, keys.day)
    act = choose(w[0] >> _SHIFT, odds.pick[region, profile])
    if (w[1] >> _SHIFT) >= odds.accept[region, profile, act]:
        return person, 0
    if free_from(person) > day:
        tallies.states[region, profile, act, _PREVENTED] += np.uint32(1)
        tallies.modes[region, act, 0, _PREVENTED] += np.uint32(1)
        return person, 0
    traits = layout.group_of.shape[1]
    way = choose(w[2] >> _SHIFT, odds.way[region, layout.temper_of[profile], status // traits, act])
    if way <= _CHILLED_OR_LESS:
        tallies.states[region, profile, act, way] += np.uint32(1)
        tallies.modes[region, act, way, way] += np.uint32(1)
        return person, 0
    destination = choose(w[3] >> _SHIFT, odds.dest[region, act])
    standing = layout.standing_of[profile]
    mark = walk(
        region,
        destination,
        act,
        way,
        standing,
        status % traits,
        serial,
        member,
        day,
        odds,
        layout,
        keys,
        tallies.outcomes,
        tallies.cases,
    )
    state = layout.state_of[mark]
    tallies.states[region, profile, act, state] += np.uint32(1)
    tallies.modes[region, act, way, state] += np.uint32(1)
    person = with_status(person, layout.status_after[mark, status])
    hold = layout.hold_of[mark]
    if hold > 0:
        tallies.held[region, profile, hold] += np.uint32(1)
        until = release_day(day, weekday, layout.hold_days[hold])
        person = (person & _BELOW_FREE) | (np.uint32(until) << _FREE_AT)
    if layout.gone[mark] != 0:
        person = person | _GONE
    return person, layout.news_of[mark]


@inner
def change_mood(person, region, temper, news, word, odds, layout):
    """The change on Monday under last week's news; ``word`` is this person's word of the mood stream."""
    status = status_of(person)
    row = odds.weekly[region, temper, news, status]
    change = choose(word >> _SHIFT, row)
    if change < row.shape[0]:
        return with_status(person, layout.becomes[status, change])
    return person


@inner
def may_change(person, region, temper, news, odds):
    """Whether any change on Monday is possible at all, so that nobody is drawn for without need."""
    row = odds.weekly[region, temper, news, status_of(person)]
    return row[row.shape[0] - 1] > 0


@kernel
def live_units(unit, end, crowd, heard, odds, layout, keys, monday, tallies):
    """Let the units ``unit..end`` live one week; ``heard[unit]`` gets the news bits for the next."""
    for u in range(unit, end):
        region = np.int64(crowd.region[u])
        serial = crowd.serial[u]
        news = np.int64(crowd.news[u])
        first = crowd.first[u]
        size = crowd.first[u + 1] - first
        told = 0
        for quad in range((size + 3) >> 2):
            block = np.uint32(quad) << _MEMBER_AT
            week_words = philox(serial, block, monday, 0, keys.seed, keys.week)
            mood_drawn = False
            mood_words = week_words
            for lane in range(min(4, size - 4 * quad)):
                member = 4 * quad + lane
                i = first + member
                person = crowd.persons[i]
                if is_gone(person):
                    continue
                profile = profile_of(person)
                temper = layout.temper_of[profile]
                # Who is held hears nothing and does not calm down.
                if free_from(person) <= monday and may_change(person, region, temper, news, odds):
                    if not mood_drawn:
                        mood_words = philox(serial, block, monday, 0, keys.seed, keys.mood)
                        mood_drawn = True
                    person = change_mood(person, region, temper, news, mood_words[lane], odds, layout)
                    crowd.persons[i] = person
                draw = week_words[lane] >> _SHIFT
                if draw < odds.ceiling[region, profile, 0]:
                    continue
                days = choose_far(draw, odds.ceiling[region, profile])
                for weekday in range(_WEEK):
                    if (days >> weekday) & 1:
                        person, said = live_day(
                            person, region, serial, member, monday, weekday, odds, layout, keys, tallies
                        )
                        told |= said
                        if is_gone(person):
                            break
                crowd.persons[i] = person
        heard[u] = np.uint8(told)


@kernel
def count_people(crowd, day, people, held):
    """Count who is there: ``people[R, P, S]`` by status, and those held on ``day`` into ``held[R, P]``."""
    for u in range(crowd.region.shape[0]):
        region = np.int64(crowd.region[u])
        for i in range(crowd.first[u], crowd.first[u + 1]):
            person = crowd.persons[i]
            if not is_gone(person):
                people[region, profile_of(person), status_of(person)] += 1
                if free_from(person) > day:
                    held[region, profile_of(person)] += 1
