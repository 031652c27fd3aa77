"""From a pack to the odds of every period."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from given import allowed, calm, country, odds_of, plausible, practice, with_gates_live, world
from greyspace.contract import NOTHING, ONE, VERDICTS, WAYS_NOT_BEGUN, chances, check_odds
from greyspace.contract.axes import NEWS_DIGITAL, NEWS_HUMAN, PUNISHED
from greyspace.country import ACTS, JOURNEYS, STANDINGS
from greyspace.errors import InputError
from greyspace.infrastructure import WORKING
from greyspace.institutions import RANKS, ROWS, usual_market
from greyspace.simulate import World, mondays, plan
from greyspace.simulate.learn import Experience, nothing_heard, nothing_learnt
from greyspace.simulate.world import PERIOD_WEEKS, day_of
from greyspace.society import caution
from greyspace.society.papers import prices
from greyspace.society.routes import JOURNEY_MODES
from greyspace.systems import SYSTEMS

NUMBERS = st.integers(0, 2**32 - 1)


def some_experience(regions, number):
    rng = np.random.default_rng(number)
    begun = rng.uniform(0, 1e5, (regions, 2, 2))
    return Experience(begun, begun * rng.uniform(0, 1, begun.shape), *rng.uniform(-13, 13, (2, regions, 2)))


def all_odds(made):
    return [odds_of(made, period) for period in made.periods]


def some_odds(made, period, number):
    """Odds where travellers and officers have been through much."""
    return odds_of(
        made,
        period,
        some_experience(len(made.pack.regions), number),
        practice(made.cases, len(made.pack.regions), number),
    )


@settings(max_examples=15)
@given(NUMBERS)
def test_odds_hold_for_all_that_is_plausible(number):
    for name in ("toyland", "dprk"):
        pack = country(name)
        made = world(pack, plausible(pack, number), start=date(2021, 1, 4), end=date(2021, 12, 27), seed=number)
        for period in made.periods[::6]:
            check_odds(some_odds(made, period, number), made.layout, made.axes)


@settings(max_examples=25)
@given(NUMBERS)
def test_odds_hold_or_are_refused_in_a_sentence_for_all_that_is_allowed(number):
    pack = country("toyland")
    sets = allowed(pack, number) | {"power.hours_factor": 1.0}
    # Devices that watch officers do not watch travellers as well.
    gates = {"station_gates": not sets["enforcer_cameras.at_gates"]}
    made = world(pack, sets, start=date(2021, 1, 4), end=date(2021, 12, 27), seed=number, systems=gates)
    chronic, fade = sets["caution.chronic"], sets["caution.fade_weekly"]
    if chronic == 1 or chronic * fade > 1 - chronic:
        # Only the share for the whole country can be too large: no factor lifts a region beyond what can last.
        with pytest.raises(InputError):
            some_odds(made, made.periods[-1], number)
    else:
        check_odds(some_odds(made, made.periods[-1], number), made.layout, made.axes)


def test_a_month_without_transport_lets_nobody_travel_and_nothing_else_be_given_up():
    pack = country("toyland")
    events = tuple(replace_event(event, 1.0) if event.variable == "no_transport" else event for event in pack.events)
    made = world(replace(pack, events=events), start=date(2020, 3, 2), end=date(2020, 3, 30))
    way = all_odds(made)[1].way
    travel = np.array([act in JOURNEYS for act in ACTS])
    assert (way[..., travel, 0] == 2**31).all()
    assert (way[..., ~travel, 0] == 0).all()


def replace_event(event, value):
    return event.model_copy(update={"value": value})


# What a mark leaves.


def test_a_penalty_frightens_and_nothing_calms():
    made = world(country("dprk"))
    now = caution.parts()
    for mark, (state, after) in enumerate(zip(made.layout.state_of, made.layout.status_after, strict=True)):
        rise = np.minimum(now.caution + (state == PUNISHED), 3)
        assert (now.caution[after] == rise).all(), made.axes.marks[mark]
        assert (now.knows[after] >= now.knows).all()
        assert (now.enrolled[after] == now.enrolled).all()


def test_what_a_device_does_teaches_what_devices_do_and_what_people_do_does_not():
    made = world(country("dprk"))
    now = caution.parts()
    for name, after, news in zip(made.axes.marks, made.layout.status_after, made.layout.news_of, strict=True):
        assert (now.knows[after] == 1).all() == name.endswith("_by_device"), name
        assert not (news & NEWS_DIGITAL and not name.endswith("_by_device"))
        assert not (news & NEWS_HUMAN and name.endswith("_by_device"))


def test_a_fine_holds_nobody_and_all_other_penalties_do_the_graver_for_longer():
    made = world(country("dprk"))
    lay = made.layout
    fine = np.array([name.startswith("fined") for name in made.axes.marks])
    assert fine.any()
    assert (lay.state_of[fine] == PUNISHED).all()
    assert ((lay.hold_of > 0) == ((lay.state_of == PUNISHED) & ~fine)).all()
    killed = made.axes.holds.index("killed")
    assert lay.hold_days[0] == lay.hold_days[killed] == 0
    assert (np.diff(lay.hold_days[:killed]) > 0).all()
    assert (lay.gone == (lay.hold_of == killed)).all()  # who is dead, and nobody else, is gone
    by_people, by_device = (
        [lay.hold_of[made.axes.marks.index(name + by)] for name in ("held_short", "held_long", "camp")]
        for by in ("", "_by_device")
    )
    assert by_people == by_device == [1, 2, 3]


def test_equipment_teaches_and_frightens_people_only_where_it_is_a_device_that_they_meet():
    """What is written by hand leaves no news of devices, with power or without."""
    made = world(country("dprk"))
    marks = np.array([name.endswith("_by_device") for name in made.axes.marks])
    for c, contact in enumerate(made.contacts):
        assert not marks[made.layout.mark_of[c, 0]].any(), contact.name
        assert marks[made.layout.mark_of[c, 1]].any() == contact.device, contact.name


# What a journey would cost.


def priced_out(sets):
    """``[temper, act, mode]`` of one region: share of travellers for whom a journey is not worth what it would cost."""
    made = world(country("toyland"), sets)
    period = made.periods[-1]
    view = made.view(period)
    found = made.enforcement(period, practice(made.cases, 2, 9))
    amounts = made._amounts(view, made._shares_met(view), made._findings(view), found)
    powered = made._powered(period)
    worth = made._worth(view.p, made._costs(view, amounts, powered))
    stays = made._stays(view, amounts, worth, powered, usual_market(made.p))
    return 1.0 - stays[0][..., : len(ROWS)]


def test_what_a_journey_would_cost_is_what_all_contacts_of_its_routes_would_ask():
    """Of who pays wherever he is asked: read off the odds and routes that engines get, one contact after the other."""
    pack = with_gates_live(country("toyland"))
    made = world(pack, {"station_gates.gallery": "local"})
    period, lay = made.periods[-1], made.layout
    view = made.view(period)
    found = made.enforcement(period, practice(made.cases, 2, 9))
    learnt = replace(nothing_learnt(made.p, 2, made.cases), travellers=some_experience(2, 9))
    odds = made.odds(period, learnt, found)
    finding, verdict, dest = chances(odds.finding), chances(odds.verdict), chances(odds.dest)
    finding = finding.reshape(*finding.shape[:-1], 2, -1).sum(axis=-2)
    asked = verdict[..., VERDICTS.index("paid")] * found.prices
    asked = asked.reshape(*asked.shape[:2], len(STANDINGS), RANKS, 2, -1).mean(axis=3)
    enrolled = made.p.between("identity_register.enrolled", view.day)
    traits = {"anyone": [1, 0, 0], "by_enrolment": [0, enrolled, 1 - enrolled]}
    ways = JOURNEY_MODES.size
    wanted = np.zeros((2, 2, ways, len(STANDINGS)))
    wanted[:, JOURNEYS.index("journey_without_permit"), JOURNEY_MODES] = prices(made.p)[:, None]
    for origin, act, mode, destination in np.ndindex(2, 2, ways, 2):
        way = len(WAYS_NOT_BEGUN) + mode
        if lay.route_of[origin, ACTS.index(JOURNEYS[act]), way, destination] == NOTHING:
            continue  # with a permit of one's own and a false paper
        for contact, place, times, _ in lay.routes[lay.route_of[origin, ACTS.index(JOURNEYS[act]), way, destination]]:
            passed, at = 0.0, contact
            while contact != NOTHING and at != NOTHING:
                here, on = odds.met[place, at] / ONE - passed, odds.powered[place, way] / ONE
                passed += here
                of = np.array(traits["by_enrolment" if made.contacts[at].by_enrolment else "anyone"])
                kg = ((of[:, None, None] * finding[place, at]).sum(axis=0) * asked[place, lay.case_of[at]]).sum(axis=-1)
                share = times * here * dest[origin, ACTS.index(JOURNEYS[act]), destination]
                wanted[origin, act, mode] += share * (kg[:, 0] * (1 - on) + kg[:, 1] * on)
                at = lay.instead[at]
    amounts = made._amounts(view, made._shares_met(view), made._findings(view), found)
    costs = made._costs(view, amounts, made._powered(period))
    assert costs[:, :, :ways, :, 0] == pytest.approx(wanted, rel=1e-6, abs=1e-6)
    assert (costs[:, :, ways:] == 0).all()  # nobody travels in any other way
    assert (wanted[:, 1] > 0).all()
    # Who is caught and does not pay is punished.
    harm = costs[:, JOURNEYS.index("journey_without_permit"), JOURNEY_MODES, :, 1]
    assert (harm > 0).all()


def test_who_would_have_to_pay_more_than_a_journey_is_worth_or_than_he_has_does_not_begin_it():
    usual = priced_out({})
    without = ACTS.index("journey_without_permit")
    assert (usual[:, without] > 0.02).all()
    worth_much = {"bribery.journey_value": 10000, "bribery.journey_value_spread": 0.05}
    has_much = {f"bribery.means_{standing}": 1e6 for standing in STANDINGS} | {"bribery.means_spread": 0.05}
    assert (priced_out(worth_much | has_much) < 1e-6).all()
    for one in (worth_much, has_much):
        left = priced_out(one)[:, without]
        assert ((left > 0) & (left < usual[:, without])).any()
    assert (priced_out({"bribery.journey_value": 0.01})[:, without] > 0.99).all()


# Systems on and off.


def test_a_system_switched_off_takes_only_its_own_contacts_with_it():
    pack = country("dprk")
    whole = world(with_gates_live(pack))
    names = [contact.name for contact in whole.contacts]
    met = practice(whole.cases, 20, 3)
    before = odds_of(whole, whole.periods[-1], met=met)
    priced_out = WAYS_NOT_BEGUN.index("priced_out")
    for off in ("station_gates", "train_checks", "road_posts"):
        made = world(with_gates_live(pack), systems={off: False})
        mine = {contact.name for system in whole.systems if system.NAME == off for contact in system.CONTACTS}
        left = [contact.name for contact in made.contacts]
        assert left == [name for name in names if name not in mine]
        after = odds_of(made, made.periods[-1], met=met)
        kept = [names.index(name) for name in left]
        assert (after.finding == before.finding[:, kept]).all()
        assert (after.verdict == before.verdict).all()
        assert (after.way[..., :priced_out] == before.way[..., :priced_out]).all()
        if off != "station_gates":
            # Who meets fewer officers pays less, and fewer stay at home for it.
            assert (after.way[..., priced_out] <= before.way[..., priced_out]).all()
            assert (after.way[..., priced_out] < before.way[..., priced_out]).any()
            assert (after.met == before.met[:, kept]).all()
            assert len(made.infrastructure.sites) == len(whole.infrastructure.sites)
        else:
            assert made.infrastructure.sites == ()


def test_a_gate_without_a_register_knows_nobody():
    made = world(with_gates_live(country("dprk")), systems={"identity_register": False})
    view = made.view(made.periods[-1])
    gates = next(system for system in made.systems if system.NAME == "station_gates")
    for table in gates.odds(view).values():
        assert (table[:, 1] == table[:, 2]).all()
    assert all_odds(made)


def test_a_station_without_officers_stops_nobody_where_no_gate_works():
    made = world(with_gates_live(country("dprk")), systems={"station_officers": False})
    view = made.view(made.periods[-1])
    gates = next(system for system in made.systems if system.NAME == "station_gates")
    odds = gates.odds(view)
    assert np.allclose(odds["gate_home_idle_none"][..., 0], 1.0)
    assert np.allclose(odds["gate_home_live_none"][..., 0, 0], 1.0)
    assert (odds["gate_home_live_none"][..., 1, 0] < 1.0).all()
    assert all_odds(made)


def test_a_world_in_which_nothing_meets_anybody_is_refused_in_a_sentence():
    pack = country("toyland")
    off = {system.NAME: False for system in SYSTEMS}
    with pytest.raises(InputError, match="road_posts"):
        world(pack, systems=off)


def test_one_device_cannot_watch_travellers_and_officers():
    with pytest.raises(InputError, match=r"enforcer_cameras and station_gates.*at_gates"):
        world(country("toyland"), {"enforcer_cameras.at_gates": 1})


def test_a_scenario_that_changes_nothing_changes_no_bit():
    """Nor if it says from a date on what is so anyway, where another scenario of the pack begins."""
    pack = country("toyland")
    said = {"bribery.demand": pack.parameters["bribery.demand"].value}
    told = pack.scenario("history").model_copy(
        update={"id": "as-before", "name": "as before", "parameters": said, "start": date(2021, 4, 5)}
    )
    first, second = (
        plan(pack, scenario, start=date(2021, 1, 4), end=date(2022, 1, 3)).world()
        for scenario in (pack.scenario("history"), told)
    )
    assert first.periods == second.periods
    for a, b in zip(all_odds(first), all_odds(second), strict=True):
        assert all(x.tobytes() == y.tobytes() for x, y in zip(a, b, strict=True))


# Time.


@given(st.dates(date(2009, 1, 1), date(2034, 12, 31)), st.integers(0, 900))
def test_a_run_is_whole_weeks_from_the_monday_of_its_first_day_to_that_of_its_last(start, days):
    end = start + timedelta(days)
    weeks = mondays(start, end)
    assert {day_of(day).weekday() for day in weeks} == {0}
    assert day_of(weeks[0]) <= start < day_of(weeks[0] + 7)
    assert day_of(weeks[-1]) <= end < day_of(weeks[-1] + 7)
    assert (np.diff(weeks) == 7).all()


@pytest.mark.parametrize("name", ["toyland", "dprk"])
def test_periods_lie_on_the_same_mondays_whenever_a_run_starts(name):
    pack = country(name)
    early = {period.monday for period in world(pack, end=date(2024, 12, 30)).periods}
    for start in (date(2020, 6, 15), date(2021, 4, 12), date(2021, 10, 11)):
        made = world(pack, start=start, end=date(2024, 12, 30))
        late = [period.monday for period in made.periods]
        assert set(late[1:]) == {monday for monday in early if monday > late[0]}
        assert [p.first for p in made.periods[1:]] == [p.last for p in made.periods[:-1]]
        assert made.periods[-1].last == len(made.weeks)
        assert max(period.weeks for period in made.periods) == PERIOD_WEEKS


@pytest.mark.parametrize("name", ["toyland", "dprk"])
def test_a_run_that_starts_later_shares_its_infrastructure(name):
    pack = country(name)
    whole, late = (world(pack, start=start).infrastructure for start in (date(2020, 1, 6), date(2021, 8, 2)))
    n = len(late.weeks)
    assert (whole.weeks[-n:] == late.weeks).all()
    for array in ("state", "linked", "site_power", "spares", "border_open", "network"):
        assert (getattr(whole, array)[-n:] == getattr(late, array)).all(), array
    assert (whole.power.share[-n:] == late.power.share).all()


def test_scenarios_share_their_periods():
    """Also those that begin on a date of their own."""
    pack = country("dprk")
    assert any(scenario.start for scenario in pack.scenarios.values())
    every = [
        plan(pack, scenario, start=date(2019, 1, 7), end=date(2024, 12, 30)).world().periods
        for scenario in pack.scenarios.values()
    ]
    assert all(periods == every[0] for periods in every)


def test_nothing_acts_before_its_date():
    """A gate works, an event binds and a dated setting holds from the first Monday on or after its day."""
    pack = country("dprk")
    made = plan(
        pack,
        pack.scenario("history"),
        start=date(2019, 1, 7),
        end=date(2024, 12, 30),
        sets={"power.least_hours": {date(2022, 2, 9): 24.0}},
    ).world()
    starts = {day_of(period.monday) for period in made.periods}
    days = [gate.installed for gate in pack.gates] + [date(2022, 2, 9)]
    days += [day for event in pack.events for day in (event.start, event.until) if day is not None]
    for day in days:
        monday = day + timedelta(-day.weekday() % 7)
        assert monday in starts, day


def test_power_around_the_clock_never_leaves_fewer_gates_alive():
    """Better power wears less, and it lights what lives; a part used later can be missed, so this holds for the sum."""
    pack = country("dprk")
    live = {}
    for scenario in ("history", "full-power"):
        total = np.zeros(0)
        for seed in range(6):
            infra = world(
                pack, scenario=scenario, seed=seed, start=date(2021, 4, 5), end=date(2024, 6, 24)
            ).infrastructure
            total = np.append(total, ((infra.state == WORKING) * infra.site_power).sum(axis=1))
        live[scenario] = total
    assert (live["full-power"] >= live["history"]).mean() > 0.99
    assert live["full-power"].sum() > live["history"].sum()
    assert (world(pack, scenario="full-power").infrastructure.site_power == 1).all()


def test_power_comes_with_the_train():
    pack = country("dprk")
    with_train, without = (
        all_odds(world(pack, {"power.train_gate_coupling": share}, end=date(2020, 3, 2)))[0] for share in (1.0, 0.0)
    )
    rail = list(world(pack).axes.ways).index("rail")
    assert (with_train.powered[:, rail] == 2**31).all()
    assert (without.powered[:, rail] == without.powered[:, rail + 1]).all()


# People.


def test_a_region_keeps_its_share_of_a_nation_that_grows():
    pack = country("dprk")
    made = world(pack)
    for year in (2008, 2016, 2024, 2035):
        now = made.persons(year)
        assert now.sum() == pytest.approx(pack.persons * pack.nation(year) / pack.nation(2008))
        assert np.allclose(now / now.sum(), made.persons(2008) / pack.persons)


def test_people_begin_as_the_pack_says():
    made = world(country("dprk"), {"knowing.initial_faces_and_roads": 0.2}, start=date(2018, 7, 2))
    start = made.start(calm(made))
    assert np.allclose(start.sum(axis=-1), 1.0)
    some = 1.0 - start[..., caution.parts().caution == 0].sum(axis=-1)
    assert np.allclose(some, made.chronic[:, None])
    now = caution.parts()
    assert np.allclose(start.sum(axis=-1), 1.0)
    assert np.allclose(start[..., now.knows == 1].sum(axis=-1), 0.2)
    adult = [not temper.endswith("minor") for temper in made.axes.tempers]
    enrolled = start[..., now.enrolled == 1].sum(axis=-1)
    assert np.allclose(enrolled[:, adult], made.p.between("identity_register.enrolled", date(2018, 7, 2)))
    assert np.allclose(enrolled[:, ~np.array(adult)], 0.0)


def test_fewest_households_above_most_is_refused_in_a_sentence():
    made = world(country("toyland"), {"population.least_households": 50, "population.most_households": 40})
    with pytest.raises(InputError, match=r"least_households.*most_households"):
        made.recipe(made.start(calm(made)))


@settings(max_examples=20)
@given(NUMBERS)
def test_caution_is_higher_along_the_border_and_can_last_everywhere(number):
    """A factor that would make more people cautious than can stay so lifts a region to what can last, no further."""
    pack = country("dprk")
    made = world(pack, plausible(pack, number))
    usual, fade = made.p.number("caution.chronic"), made.p.number("caution.fade_weekly")
    border = np.array([region.borders_china and not region.capital for region in pack.regions])
    plain = np.array([region.urban and not (region.borders_china or region.capital) for region in pack.regions])
    assert (made.chronic[plain] == usual).all()
    lifted = usual * made.p.number("caution.chronic_border")
    assert (made.chronic[border] <= lifted + 1e-12).all()
    assert made.chronic[border] == pytest.approx(min(lifted, max(usual, 0.95 / (1 + fade))))
    assert (made.chronic * fade <= 1 - made.chronic).all()


def test_the_register_grows_as_fast_as_the_pack_says():
    made = world(country("dprk"), start=date(2018, 1, 1), end=date(2020, 6, 29))
    enrols = 3
    outside = 1.0 - made.p.between("identity_register.enrolled", date(2018, 1, 1))
    unread = np.flatnonzero(
        (caution.parts().enrolled == 0) & (caution.parts().caution == 0) & (caution.parts().knows == 1)
    )
    for period in made.periods:
        change = made._weekly(period, nothing_heard(20))[0, 0, 0, int(unread[0])]
        weekly = change[enrols] / (1.0 - change[:enrols].sum())
        outside *= (1.0 - weekly) ** period.weeks
    last = day_of(made.periods[-1].monday + 7 * made.periods[-1].weeks)
    assert 1.0 - outside == pytest.approx(made.p.between("identity_register.enrolled", last), abs=1e-9)


def test_worlds_are_made_of_their_seed():
    pack = country("dprk")
    a, b, c = (world(pack, seed=seed) for seed in (1, 1, 2))
    assert isinstance(a, World)
    assert (a.infrastructure.state == b.infrastructure.state).all()
    assert (a.infrastructure.power.share != c.infrastructure.power.share).any()
