"""When two plans part: never before the told day, and gates are as if they were off until the first is installed."""

from copy import copy
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from given import country, world
from greyspace.country import number_of
from greyspace.simulate import Life, plan
from greyspace.simulate.parting import parting
from greyspace.study import lives
from greyspace.systems import identity_register, station_gates

START, END = date(2021, 2, 1), date(2021, 6, 28)


def made(pack="toyland", scenario="history", systems=None, start=START, end=END, seed=1, engine="expected", **sets):
    own = country(pack)
    told = own.scenario(scenario)
    told = told.model_copy(update={"systems": {**told.systems, **(systems or {})}})
    named = {key.replace("__", "."): value for key, value in sets.items()}
    return plan(own, told, engine=engine, seed=seed, start=start, end=end, sets=named)


FIRST_GATE = date(2021, 4, 5)
LATER = date(2021, 5, 3)


USUAL = country("toyland").parameters["bribery.found_out"].value
PARTS = {
    "the same": (made(), None),
    "another country": (made("dprk"), START),
    "another seed": (made(seed=2), START),
    "another engine": (made(engine="individuals"), START),
    "another end": (made(end=END - timedelta(weeks=1)), START),
    "another number": (made(bribery__demand=7.0), START),
    "another number from a day on": (made(bribery__found_out={LATER: 0.5}), LATER),
    "odds that are renewed on a day more": (made(bribery__found_out={LATER: USUAL}), LATER),
    # Nobody asks of a gate before one stands, wherever its faces are kept.
    "a word of gates": (made(station_gates__gallery="local"), FIRST_GATE),
    "no gates": (made(systems={"station_gates": False}), FIRST_GATE),
    "gates until a day": (made(systems={"station_gates": {LATER: False}}), LATER),
    "gates from a day on": (made(systems={"station_gates": {LATER: True}}), FIRST_GATE),
    "no posts": (made(systems={"road_posts": False}), START),
    "posts until a day": (made(systems={"road_posts": {LATER: False}}), LATER),
    "posts from a day on": (made(systems={"road_posts": {LATER: True}}), START),
    "devices turned on officers": (made(systems={"station_gates": False}, enforcer_cameras__at_gates=1.0), START),
}


@pytest.mark.parametrize(("other", "day"), PARTS.values(), ids=PARTS)
def test_two_plans_part_when_what_is_told_of_them_does(other, day):
    assert parting(made(), other) == parting(other, made()) == day


def test_who_counts_what_is_covered_sees_whether_gates_are_to_come():
    assert parting(made(), made(systems={"station_gates": False}), covered=True) == START
    assert parting(made(), made(systems={"station_gates": {date(2021, 3, 1): False}}), covered=True) == date(2021, 3, 1)
    assert parting(made(), made(station_gates__gallery="local"), covered=True) == FIRST_GATE


def test_gates_that_never_come_leave_nothing_to_tell_apart():
    off = {"station_gates": False}
    assert parting(made(systems=off), made(systems=off, station_gates__gallery="local")) is None
    earlier = {"start": date(2021, 1, 4), "end": date(2021, 3, 22)}
    assert parting(made(**earlier), made(**earlier, systems=off)) is None
    # The last period ends on the day that another begins with the first gate.
    assert parting(made(end=date(2021, 3, 29)), made(end=date(2021, 3, 29), systems=off)) == FIRST_GATE


def test_events_part_plans_where_the_first_begins_that_only_one_has():
    pack = country("toyland")
    event = pack.events[-1]
    start = event.start - timedelta(weeks=8)
    told = pack.scenario("history")
    without = told.model_copy(update={"events": told.events.model_copy(update={"remove": (event.id,)})})
    ends = event.start + timedelta(weeks=8)
    one, other = (plan(pack, of, engine="expected", start=start, end=ends) for of in (told, without))
    assert parting(one, other) == event.start


def _states(life, until):
    """State and sums after each period that ends before a day."""
    years = {}
    for period in life.world.periods:
        if period.monday + 7 * period.weeks >= number_of(until):
            break
        years = lives.one_more(years, life.world, period, life.step(period, life.odds(period), lambda _: None))
        yield {**{name: of.copy() for name, of in life.arrays().items()}, **{str(y): of for y, of in years.items()}}


OWN = [
    *("match_unmasked", "match_masked", "capture_failure_masked", "false_match"),
    *("traffic_share_hub", "traffic_share_main", "further_share"),
]


@pytest.mark.parametrize("name", ["toyland", "brightland", "dprk"])
def test_before_the_first_gate_it_makes_no_difference_whether_there_will_be_any_or_how_good_they_are(name):
    pack = country(name)
    first = min(gate.installed for gate in pack.gates)
    when = {"start": first - timedelta(weeks=10), "end": first + timedelta(weeks=8)}
    ranges = {key: pack.parameters[f"station_gates.{key}"].range for key in OWN}
    ranges |= {
        key.removeprefix("station_gates."): of.range
        for key, of in pack.parameters.items()
        if key.startswith("station_gates.sites_")
    }
    low, high = ({f"station_gates__{key}": of[end] for key, of in ranges.items()} for end in (0, 1))
    usual = pack.parameters["station_gates.gallery"].value
    other = next(word for word in pack.parameters["station_gates.gallery"].options if word != usual)
    # All stations may be equipped, so that some are at the low end.
    low["station_gates__further_share"] = 0.5
    one = made(name, **when)
    others = [
        made(name, systems={"station_gates": False}, **when),
        made(name, **low, **when),
        made(name, station_gates__gallery=other, **high, **when),
    ]
    own = list(_states(Life(one), first))
    assert own
    for plan_of in others:
        assert parting(one, plan_of) == first
        for mine, theirs in zip(own, _states(Life(plan_of), first), strict=True):
            for key in mine:
                assert np.array_equal(mine[key], theirs[key], equal_nan=True), (key, plan_of.sets)


def test_what_belongs_to_gates_is_read_by_nobody_else():
    """Gates read it, and the register where their faces are kept: what that makes of it, nobody but gates reads."""
    life = Life(made(end=date(2021, 7, 26)))
    for period in life.world.periods:
        life.step(period, life.odds(period), lambda _: None)
    view = life.world.view(life.world.periods[-1])
    readers = {}
    for system in life.world.systems:
        p = copy(view.p)
        p.used = set()
        for what in ("publish", "met", "odds", "routine", "coverage"):
            getattr(system, what)(replace(view, p=p))
        for key in p.used:
            readers.setdefault(key, set()).add(system.NAME)
    own = {key: of for key, of in readers.items() if key.startswith(station_gates.OWN)}
    assert own.pop("station_gates.gallery") == {"identity_register"}
    assert len(own) >= 5
    assert set().union(*own.values()) == {"station_gates"}
    local = world(country("toyland"), {"station_gates.gallery": "local"}, start=START).view
    told = [identity_register.publish(of) for of in (view, replace(view, p=local(life.world.periods[0]).p))]
    differ = {name for name in told[0] if not np.array_equal(told[0][name], told[1][name])}
    assert differ == {"needs_link", "known_away"}
    noted = [(system, of._noted) for (system, _, _), of in life.world._unchanged.items()]
    looks = {system for system, of in noted if of is not None and differ & set(of.published)}
    assert looks == {"station_gates"}
