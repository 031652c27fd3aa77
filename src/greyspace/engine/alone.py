"""The week of one person, from beginning to end: for processors on which thousands live at once, each by itself.

The passes do one thing for many persons; here one person does all things. Draws, order and effects are the same, and so
is every bit. All that persons share is added to in one go, so that it does not matter who comes first.
"""

from typing import Any

import numpy as np
from numba import types

from greyspace.contract import DESTINATION, FINDINGS, HOME, NOTHING, VERDICTS, WAYS_NOT_BEGUN
from greyspace.draws import inner, kernel, philox, step
from greyspace.engine.instructions import intrinsic, place_of
from greyspace.engine.week import (
    GONE,
    MEMBER_AT,
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

_FOUR = np.uint32(2)  # a shift
_LANE = np.uint32(3)
_FINDINGS = np.int64(len(FINDINGS))
_VERDICTS = np.int64(len(VERDICTS))
_PASSED = np.int64(0)
_NOT_BEGUN = len(WAYS_NOT_BEGUN)
_ROW = types.Array(types.uint32, 1, "C")


def _at_once(name: str) -> Any:
    """A function that changes ``row[at]`` by a value, in one go: both processors and graphics cards know how."""

    def change(typing: Any, row: Any, at: Any, value: Any) -> Any:
        def make(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            row, at, value = arguments
            builder.atomic_rmw(name, place_of(context, builder, signature.args[0], row, at), value, "monotonic")
            return context.get_dummy_value()

        return types.void(_ROW, types.int64, types.uint32), make

    return intrinsic(change)


_add = _at_once("add")
_or = _at_once("or")


@inner
def _count(row, at):
    _add(row, np.int64(at), np.uint32(1))


@inner
def _words(serial, member, day, count, keys, decision):
    """The block of words for a decision of that member, or of those four."""
    return philox(serial, np.uint32(member) << MEMBER_AT, np.uint32(day), np.uint32(count), keys.seed, decision)


@step
def _meet(contact, place, count, person, way, serial, member, day, odds, layout, keys, tallies):
    """Meet a contact, or who stands for it, or nobody; returns the mark it leaves."""
    meets, finds, decides, _ = _words(serial, member, day, count, keys, keys.contact)
    while contact != NOTHING and (meets >> SHIFT) >= odds.met[place, contact]:
        contact = np.int64(layout.instead[contact])
    if contact == NOTHING:
        return np.int64(0)
    standing = np.int64(layout.standing_of[profile_of(person)])
    group = np.int64(layout.group_of[contact, np.int64(status_of(person)) % layout.group_of.shape[1]])
    power = _words(serial, member, day, place, keys, keys.power)[0]
    powered = np.int64((power >> SHIFT) < odds.powered[place, way])
    found = choose(finds >> SHIFT, odds.finding[place, contact, group, powered])
    recorded, finding = found // _FINDINGS, found % _FINDINGS
    verdict = _PASSED
    if finding != _PASSED:
        rank = rank_of(_words(serial, member, day, 0, keys, keys.purse)[0], layout.ranks)
        payer = standing * layout.ranks + rank
        case = np.int64(layout.case_of[contact])
        verdict = choose(decides >> SHIFT, odds.verdict[place, case, payer, powered, finding])
        _count(tallies.cases[place, case, payer, powered, finding], verdict)
    outcome = recorded * _VERDICTS + verdict
    _count(tallies.outcomes[place, contact, standing, group, powered], outcome)
    return np.int64(layout.mark_of[contact, powered, outcome])


@step
def _walk(region, act, way, goes, person, serial, member, day, odds, layout, keys, tallies):
    """Meet the contacts of a route in their order, until one ends the act; returns the gravest mark."""
    gravest = np.int64(0)
    row = np.int64(layout.route_of[region, act, way, goes])
    if row == NOTHING:
        return gravest
    for at in range(layout.routes.shape[1]):
        contact, place = np.int64(layout.routes[row, at, 0]), np.int64(layout.routes[row, at, 1])
        if contact == NOTHING:
            break
        if place == HOME:
            place = region
        elif place == DESTINATION:
            place = goes
        count = layout.routes[row, at, 3]
        for time in range(layout.routes[row, at, 2]):
            mark = _meet(contact, place, count + time, person, way, serial, member, day, odds, layout, keys, tallies)
            gravest = max(gravest, mark)
            if gravest >= layout.first_ending:
                return gravest
    return gravest


@step
def _live_day(person, region, serial, member, day, weekday, odds, layout, keys, tallies):
    """Live a candidate day; returns the person as it is afterwards, and the news."""
    profile, status = np.int64(profile_of(person)), np.int64(status_of(person))
    picks, accepts, ways, goes_to = _words(serial, member, day, 0, keys, keys.day)
    act = choose(picks >> SHIFT, odds.pick[region, profile])
    if (accepts >> SHIFT) >= odds.accept[region, profile, act]:
        return person, np.uint32(0)
    mood = status // layout.group_of.shape[1]
    way = choose(ways >> SHIFT, odds.way[region, layout.temper_of[profile], mood, act])
    held = free_from(person) > day
    if held or way < _NOT_BEGUN:
        if held:
            way = np.int64(0)
        _count(tallies.states[region, profile, act], way)
        _count(tallies.modes[region, act, way], way)
        return person, np.uint32(0)
    goes = choose(goes_to >> SHIFT, odds.dest[region, act])
    mark = _walk(region, act, way, goes, person, serial, member, day, odds, layout, keys, tallies)
    state = layout.state_of[mark]
    _count(tallies.states[region, profile, act], state)
    _count(tallies.modes[region, act, way], state)
    after = np.uint32(with_status(person, layout.status_after[mark, status]))
    hold = layout.hold_of[mark]
    if hold > 0:
        _count(tallies.held[region, profile], hold)
        after = np.uint32(held_until(after, release_day(day, weekday, np.int64(layout.hold_days[hold]))))
    if layout.gone[mark] != 0:
        after = np.uint32(after | GONE)
    return after, np.uint32(layout.news_of[mark])


@kernel
def live_alone(at, unit, crowd, heard, odds, layout, keys, monday, tallies):
    """Let the person at ``at`` of the crowd, one of the unit's, live one week; ``heard[unit]`` gets its news.

    ``crowd.news`` and ``heard`` are ``uint32`` here, since smaller words cannot be changed in one go everywhere.
    """
    person = crowd.persons[at]
    if person & GONE:
        return
    region, serial = np.int64(crowd.region[unit]), crowd.serial[unit]
    member = np.uint32(at - crowd.first[unit])
    # What is decided once a week: four members share a block.
    four, lane = np.uint32(member >> _FOUR), np.int64(member & _LANE)
    # Who is held hears nothing and does not calm down.
    if free_from(person) <= monday:
        draw = _words(serial, four, monday, 0, keys, keys.mood)[lane] >> SHIFT
        status = status_of(person)
        weekly = odds.weekly[region, layout.temper_of[profile_of(person)], crowd.news[unit], status]
        if draw < weekly[weekly.shape[0] - 1]:
            person = np.uint32(with_status(person, layout.becomes[status, choose(draw, weekly)]))
    draw = _words(serial, four, monday, 0, keys, keys.week)[lane] >> SHIFT
    days = choose(draw, odds.ceiling[region, profile_of(person)])
    news = np.uint32(0)
    for weekday in range(WEEK):
        if (days >> weekday) & 1 and not person & GONE:
            person, told = _live_day(
                person, region, serial, member, monday + weekday, weekday, odds, layout, keys, tallies
            )
            news |= told
    crowd.persons[at] = person
    if news:
        _or(heard, np.int64(unit), news)
