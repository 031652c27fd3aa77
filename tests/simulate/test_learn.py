"""What travellers and officers make of what they went through."""

from datetime import date

import numpy as np
import pytest

from given import country, parameters, world
from greyspace.contract import OUTCOMES, STATES, WAYS_NOT_BEGUN
from greyspace.country import ACTS, JOURNEYS
from greyspace.institutions import MONTH_WEEKS, Practice, ends, found_so, no_practice, usual
from greyspace.simulate.learn import (
    Experience,
    Heard,
    Learnt,
    Penalties,
    comparison,
    heard_of,
    learn_from,
    nothing_heard,
    nothing_known,
    nothing_learnt,
    penalties,
    practised,
    remember,
    settled,
    shift,
    smuggled,
)
from greyspace.society.routes import MODES
from greyspace.society.sums import summed

R = 3
WAYS = len(WAYS_NOT_BEGUN) + len(MODES)
JOURNEY = [ACTS.index(act) for act in JOURNEYS]
WITHOUT = ACTS.index("journey_without_permit")
EACH = np.ones(R)
OPEN = np.zeros(R)


@pytest.fixture
def p():
    return parameters(country("dprk"))


def tallies(rail, road, state="turned_back", act=0, begun=1e6):
    """A week in which shares ``rail`` and ``road`` of journeys of one act end so and the others go free, everywhere."""
    modes = nobody()
    for way, share in enumerate((rail, road)):
        modes[:, JOURNEY[act], len(WAYS_NOT_BEGUN) + way, STATES.index(state)] = share * begun
        modes[:, JOURNEY[act], len(WAYS_NOT_BEGUN) + way, STATES.index("free_unseen")] = (1 - share) * begun
    return modes


def nobody(regions=R):
    """A week in which nothing is set out on."""
    return np.zeros((regions, len(ACTS), WAYS, len(STATES)))


def after(p, *weeks, gated=OPEN):
    known = nothing_known(R)
    for week in weeks:
        known = remember(known, p, summed(week), 1, EACH, gated)
    return known


def test_before_the_first_journey_rail_and_road_are_alike(p):
    assert (comparison(nothing_known(R), p) == 0).all()


@pytest.mark.parametrize("state", ["punished", "turned_back", "paid"])
def test_twice_the_risk_counts_one(p, state):
    assert comparison(after(p, tallies(0.2, 0.1, state)), p)[:, 0] == pytest.approx(1.0, abs=0.01)
    assert comparison(after(p, tallies(0.1, 0.2, state)), p)[:, 0] == pytest.approx(-1.0, abs=0.01)


@pytest.mark.parametrize("state", ["free_recorded", "free_unseen"])
def test_to_be_seen_and_let_go_is_no_risk(p, state):
    assert comparison(after(p, tallies(1.0, 0.0, state)), p)[:, 0] == pytest.approx(0.0)


def test_one_kind_of_journey_tells_nothing_of_the_other_even_where_it_is_never_made(p):
    found = comparison(after(p, tallies(0.4, 0.1, act=1)), p)
    assert (found[:, 0] == 0).all()
    assert found[:, 1] == pytest.approx(2.0, abs=0.01)


def test_where_few_travel_the_nation_speaks(p):
    modes = tallies(0.2, 0.1)
    modes[0] = 0
    modes[0, JOURNEY[0], 3, STATES.index("punished")] = 1
    found = comparison(after(p, modes), p)[:, 0]
    assert found[0] == pytest.approx(found[1], abs=0.02)


def test_memory_fades(p):
    weeks = round(p.number("experience.memory_weeks"))
    known = remember(after(p, tallies(0.2, 0.1)), p, summed(nobody()), weeks, EACH, OPEN)
    assert known.begun.max() == pytest.approx(np.exp(-weeks / p.number("experience.memory_weeks")) * 1e6)


def test_a_sample_remembers_as_much_as_the_nation_it_stands_for(p):
    one = remember(nothing_known(R), p, summed(tallies(0.2, 0.1)), 1, EACH, OPEN)
    few = remember(nothing_known(R), p, summed(tallies(0.2, 0.1, begun=1e4)), 1, 100 * EACH, OPEN)
    assert np.allclose(one.begun, few.begun)
    assert np.allclose(comparison(one, p), comparison(few, p))


def test_nothing_has_shifted_once_it_is_called_usual(p):
    known = settled(after(p, tallies(0.3, 0.1)), p)
    assert np.allclose(shift(known, p, np.array([0, 1])), 0.0)


def test_who_does_not_know_of_gates_goes_by_what_was_before_them(p):
    usual = settled(after(p, tallies(0.1, 0.1)), p)
    known = remember(usual, p, summed(tallies(0.4, 0.1, begun=1e8)), 1, EACH, np.array([1.0, 1.0, 0.0]))
    moved = shift(known, p, np.array([0, 1]))[..., 0]
    assert moved[0] == pytest.approx([0.0, 2.0], abs=0.1)
    assert moved[2] == pytest.approx([2.0, 2.0], abs=0.1)  # no gate there: everybody sees what there is


def test_a_checkpoint_keeps_it_all(p):
    known = settled(after(p, tallies(0.3, 0.1)), p)
    again = Experience.of(known.arrays())
    assert all((getattr(known, name) == getattr(again, name)).all() for name in known.__dataclass_fields__)


# Officers.


@pytest.fixture(scope="module")
def made():
    return world(country("toyland"))


def lived(made, cases, practice=None, modes=None, weeks=4, weight=1.0):
    """What officers know after weeks with ``cases`` tallies under the first odds."""
    before = practice or no_practice(2, made.cases)
    found = made.enforcement(made.periods[0], before)
    modes = nobody(2) if modes is None else modes
    return practised(before, made.p, made.cases, found, found_so(cases, weight), summed(modes), weeks, weight)


def some_cases(made, number=5):
    found = made.enforcement(made.periods[0], no_practice(2, made.cases))
    return np.random.default_rng(number).integers(0, 9, found.verdict.shape)


def test_officers_of_a_sample_have_met_as_many_as_those_of_the_nation_it_stands_for(made):
    cases = some_cases(made)
    one, few = lived(made, 100 * cases), lived(made, cases, weight=100.0)
    for name, met in one.arrays().items():
        assert few.arrays()[name] == pytest.approx(met), name


def test_officers_in_a_row_are_counted_by_the_journeys_that_could_be_caught(made):
    """By rail and by road; who has a permit, or never set out, is not among them."""
    modes = nobody(2)
    rail, road = len(WAYS_NOT_BEGUN), len(WAYS_NOT_BEGUN) + 1
    modes[:, WITHOUT, rail, STATES.index("paid")] = 30
    modes[0, WITHOUT, road, STATES.index("free_unseen")] = 20
    modes[:, JOURNEY[0], rail, STATES.index("free_unseen")] = 1000
    modes[:, WITHOUT, 1, STATES.index("chilled")] = 1000
    journeys = lived(made, some_cases(made), modes=modes, weight=2.0).journeys
    assert journeys == pytest.approx(np.array([120.0, 40.0]) * MONTH_WEEKS / 4)


def test_a_checkpoint_keeps_what_officers_know(made):
    known = usual(lived(made, some_cases(made)), made.cases)
    again = Practice.of(known.arrays())
    assert known.usual.any()
    assert all((met == again.arrays()[name]).all() for name, met in known.arrays().items())


# What people hear of, and what is smuggled.


def acts_that_ended(state, number, act="trade", regions=R):
    modes = nobody(regions)
    modes[:, ACTS.index(act), -1, STATES.index(state)] = number
    return modes


PERSONS = np.array([1000.0, 2000.0, 0.0])
NOBODY_CAUGHT = Penalties(np.zeros(R), np.zeros(R), np.zeros((R, 2)))


def heard(*states, act="trade", weeks=1, known=None, penalised=NOBODY_CAUGHT):
    modes = sum((acts_that_ended(state, 100.0, act) for state in states), nobody())
    return heard_of(known or nothing_heard(R), summed(modes), penalised, PERSONS, weeks)


def test_a_bribe_is_heard_of_and_so_is_whoever_gets_away_with_it():
    """A person and week; what was known before counts for half."""
    got = heard("paid", "free_recorded", "free_unseen", "turned_back", "punished", "chilled", "prevented")
    assert got.bribes[:2] == pytest.approx([0.05, 0.025])
    assert got.unpunished[:2] == pytest.approx([0.15, 0.075])
    again = heard(known=got)
    assert again.bribes == pytest.approx(got.bribes / 2)
    assert again.unpunished == pytest.approx(got.unpunished / 2)


def test_what_is_permitted_calms_nobody_and_no_bribe_for_it_is_news():
    got = heard("paid", "free_unseen", act="journey_with_permit")
    assert not got.bribes.any()
    assert not got.unpunished.any()


def test_months_of_the_same_come_to_the_same_however_they_are_cut():
    long = heard_of(nothing_heard(R), summed(acts_that_ended("paid", 400.0)), NOBODY_CAUGHT, PERSONS, 4)
    short = heard("paid")
    assert long.bribes == pytest.approx(short.bribes)
    known = nothing_heard(R)
    for _ in range(60):
        known = heard("paid", known=known)
    assert known.bribes[:2] == pytest.approx([0.1, 0.05])


def test_a_checkpoint_keeps_what_people_heard():
    got = heard("paid", "free_unseen", penalised=Penalties(np.ones(R), np.full(R, 2.0), np.zeros((R, 2))))
    again = Heard.of(got.arrays())
    for name, array in got.arrays().items():
        assert array.any(), name
        assert (again.arrays()[name] == array).all(), name


def test_penalties_are_heard_of_a_person_and_week():
    got = heard(weeks=2, penalised=Penalties(np.full(R, 40.0), np.full(R, 8.0), np.zeros((R, 2))))
    assert got.human[:2] == pytest.approx([0.01, 0.005])
    assert got.digital[:2] == pytest.approx([0.002, 0.001])


def caught(made, outcome="recorded_penalised", powered=1):
    """One person meets every contact of a world, and it ends so."""
    met = np.zeros((1, len(made.contacts), 2, len(OUTCOMES)))
    met[0, :, powered, OUTCOMES.index(outcome)] = 1.0
    return penalties(made.sorting, ends(met))


def test_a_penalty_is_brought_about_by_a_device_or_by_officers_and_by_no_device_without_power(made):
    devices = sum(contact.device for contact in made.contacts)
    lit, dark = caught(made), caught(made, powered=0)
    assert lit.digital == devices
    assert lit.human == len(made.contacts) - devices
    assert dark.digital == 0
    assert dark.human == len(made.contacts)


def test_searches_of_telephones_and_footprints_teach_of_these_and_gates_with_power_of_the_register(made):
    """The register is behind a gate that knows faces; without power an officer stands there like any other."""
    telephones = sum(c.encounter == "phone_search" or c.name.startswith("footprint_") for c in made.contacts)
    gates = sum(contact.by_enrolment for contact in made.contacts)
    assert caught(made).classes.tolist() == [[telephones, gates]]
    assert caught(made, powered=0).classes.tolist() == [[telephones, 0]]


@pytest.mark.parametrize("outcome", ["recorded_passed", "recorded_turned_back", "recorded_paid", "unrecorded_paid"])
def test_who_gets_away_is_no_case(made, outcome):
    assert not any(part.any() for part in caught(made, outcome))


def test_what_a_region_learns_of_is_what_happened_there(made):
    start = nothing_learnt(made.p, 2, made.cases)
    met = np.zeros((2, len(made.contacts), 2, len(OUTCOMES)))
    search = [contact.encounter for contact in made.contacts].index("phone_search")
    met[1, search, ..., OUTCOMES.index("recorded_penalised")] = 100.0
    found, told = lesson(made, ended=met, persons=np.full(2, 1e4))
    known = learn_from(start, made.p, made.cases, made.sorting, found, told).knowing
    quiet, busy = known.phone_and_money - start.knowing.phone_and_money
    assert busy > quiet > 0  # hearsay goes everywhere
    assert np.ptp(known.register - start.knowing.register) == 0


def test_loads_that_come_through_are_counted_a_month_and_those_that_are_stopped_are_not():
    for state, counts in (("free_unseen", 1), ("free_recorded", 1), ("paid", 1), ("turned_back", 0), ("punished", 0)):
        modes = acts_that_ended(state, 10.0, "smuggling") + acts_that_ended(state, 99.0, "crossing")
        assert smuggled(modes, 250.0, 4) == pytest.approx(counts * 30.0 * 250.0 * MONTH_WEEKS / 4), state


def lesson(made, regions=2, **told):
    """Four weeks in which nothing happened, but what is ``told``."""
    period = made.periods[0]
    found = made.enforcement(period, no_practice(regions, made.cases))
    ended, cases = np.zeros((regions, len(made.contacts), 2, len(OUTCOMES))), np.zeros(found.verdict.shape)
    modes, people = told.pop("modes", nobody(regions)), np.ones((regions, 2, 2))
    got = made.lesson(period, modes, ended, found_so(cases, 1.0), people, 4, 1.0, 30.0)
    return found, got._replace(**told)


def test_all_that_is_learnt_is_learnt_from_the_same_weeks(made):
    """Travellers from journeys, people from what is paid, officers from cases, the market from loads: each its own."""
    start = nothing_learnt(made.p, 2, made.cases)
    modes = acts_that_ended("paid", 10.0, "journey_without_permit", 2)
    modes[:, ACTS.index("journey_without_permit"), 3] = modes[:, ACTS.index("journey_without_permit"), -1]
    found, told = lesson(made, modes=modes)
    known = learn_from(start, made.p, made.cases, made.sorting, found, told)
    assert known.travellers.stopped.sum() > 0
    assert (known.heard.bribes > 0).all()
    assert known.traces.begun.sum() > 0
    assert len(known.traces.weeks) == 1
    again = Learnt.of(known.arrays())
    for name, array in known.arrays().items():
        assert (again.arrays()[name] == array).all(), name


def test_a_border_that_shuts_is_felt_in_the_market(made):
    start = nothing_learnt(made.p, 2, made.cases)
    prices = []
    for share in (1.0, 0.1):
        found, told = lesson(made, border_open=share, day=date(2021, 6, 7))
        prices.append(learn_from(start, made.p, made.cases, made.sorting, found, told).market.goods)
    assert prices[1] > prices[0]


def test_before_the_usual_is_known_what_is_smuggled_counts_as_usual(made):
    start = nothing_learnt(made.p, 2, made.cases)
    modes = acts_that_ended("free_unseen", 5.0, "smuggling", 2)
    for usual_loads, dearer in ((0.0, 0), (smuggled(modes, 1.0, 4), 0), (2 * smuggled(modes, 1.0, 4), 1)):
        found, told = lesson(made, modes=modes, usual_loads=usual_loads, border_open=1.0)
        goods = learn_from(start, made.p, made.cases, made.sorting, found, told).market.goods
        assert (goods > 1.0 + 1e-9) == dearer, usual_loads
