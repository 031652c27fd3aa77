"""Journeys: along the lines there are, there and back, to where people are, by rail or by road."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from given import allowed, country, parameters
from greyspace.country import ACTS, JOURNEYS
from greyspace.errors import InputError
from greyspace.evidence import resolve
from greyspace.society import caution
from greyspace.society.acts import SANCTIONED
from greyspace.society.papers import FALSE, carried
from greyspace.society.routes import JOURNEY_MODES, LINES, MODE_OF, MODES, Network, line_of, papers_of, ways

NUMBERS = st.integers(0, 2**32 - 1)
WITHOUT = ACTS.index("journey_without_permit")
TRAVEL = [ACTS.index(act) for act in JOURNEYS]
AT_HOME = [a for a in range(len(ACTS)) if a not in TRAVEL]
RAIL, ROAD = 3, 4


@pytest.fixture(scope="module")
def net():
    return Network(country("dprk"))


def province(net, name):
    return net.provinces.index(name)


def test_the_train_from_pyongyang_to_chongjin_runs_up_the_east_coast(net):
    along = net.passed[province(net, "pyongyang"), province(net, "north_hamgyong")]
    assert [net.provinces[i] for i in along] == ["pyongyang", "south_pyongan", "south_hamgyong", "north_hamgyong"]


def test_the_train_to_hyesan_turns_inland_in_north_hamgyong(net):
    along = net.passed[province(net, "pyongyang"), province(net, "ryanggang")]
    assert [net.provinces[i] for i in along][-2:] == ["north_hamgyong", "ryanggang"]


def test_a_way_back_passes_the_same_provinces(net):
    for (a, b), along in net.passed.items():
        assert along[0] == a
        assert b in along
        assert len(set(along)) == len(along)
        assert sorted(along) == sorted(net.passed[b, a])
        assert (len(along) == 1) == (a == b)


def test_distances_are_those_of_the_map(net):
    km = net.straight_km
    assert np.allclose(km, km.T)
    assert np.allclose(np.diag(km), 0.0, atol=1e-3)
    assert km[province(net, "pyongyang"), province(net, "north_hamgyong")] == pytest.approx(460, abs=30)
    for via in range(len(net.provinces)):
        assert (km <= km[:, [via]] + km[[via], :] + 1e-3).all()


def test_a_country_in_two_pieces_is_refused_by_name():
    pack = country("dprk")
    cut = replace(pack, stations=tuple(s for s in pack.stations if s.line != "Pyongbu"))
    with pytest.raises(InputError, match=r"stations\.csv: no line leads from .*Sariwon"):
        _ = Network(cut).passed


@settings(max_examples=30)
@given(NUMBERS)
def test_everybody_who_travels_goes_somewhere(number):
    pack = country("dprk")
    there = Network(pack).destinations(resolve(pack.parameters, allowed(pack, number)))
    assert there.shape == (20, len(ACTS), 20)
    assert (there >= 0).all()
    assert np.allclose(there.sum(axis=-1), 1.0)


def test_the_capital_draws_as_many_as_it_pulls(net):
    capital = [region.capital for region in net.country.regions]
    little, much = (
        net.destinations(parameters(net.country, routes__capital_pull=pull))[:, TRAVEL][..., capital].sum(axis=-1)
        for pull in (0.2, 1.5)
    )
    assert (much > little).all()


def test_people_go_near_rather_than_far(net):
    p = parameters(net.country, routes__capital_pull=1)
    there = net.destinations(p)[:, 0]
    persons = np.array([region.persons for region in net.country.regions])
    wish = there / persons
    km = net.straight_km[net.province_of][:, net.province_of] + np.where(
        net.province_of[:, None] == net.province_of, p.number("routes.internal_km"), 0
    )
    for origin in range(20):
        order = np.argsort(km[origin])
        assert (np.diff(wish[origin, order]) <= 1e-12).all()


def journey(net, mode, origin, destination, p):
    """The same, whether one has a permit or not."""
    with_one, without = (net.steps(act, mode, origin, destination, p) for act in JOURNEYS)
    assert with_one == without
    return without


def test_a_journey_by_rail_passes_a_gate_at_each_end_and_is_checked_both_ways(net):
    p = parameters(net.country)
    a, b = net.country.region_index["pyongyang_urban"], net.country.region_index["north_hamgyong_urban"]
    *steps, lead = journey(net, "rail", a, b, p)
    assert [step.encounter for step in steps] == ["gate_home", *["train_check"] * 4, "gate_away"]
    assert steps[0].place == a
    assert steps[-1].place == b
    assert all(step.times == 2 for step in steps[1:-1])
    # Whatever may come of a record comes at home, once.
    assert (lead.encounter, lead.place, lead.times) == ("lead", a, 1)


def test_false_papers_change_what_is_found_on_the_way_but_not_the_way(net):
    p = parameters(net.country)
    a, b = net.country.region_index["pyongyang_urban"], net.country.region_index["north_hamgyong_urban"]
    with_permit, without = JOURNEYS
    for mode in MODES:
        if papers_of(mode) in FALSE:
            assert net.steps(without, mode, a, b, p) == net.steps(without, line_of(mode), a, b, p) != ()
            assert net.steps(with_permit, mode, a, b, p) == ()


def test_people_of_the_countryside_take_the_train_in_town(net):
    index = net.country.region_index
    steps = journey(net, "rail", index["kangwon_rural"], index["chagang_rural"], parameters(net.country))
    gates = [step.place for step in steps if step.encounter.startswith("gate_")]
    assert gates == [index["kangwon_urban"], index["chagang_urban"]]


def test_who_stays_in_the_province_is_known_at_both_gates(net):
    here = net.country.region_index["kangwon_urban"]
    steps = journey(net, "rail", here, here, parameters(net.country))
    assert {step.encounter for step in steps} == {"gate_home", "train_check", "lead"}


def posts(steps):
    return sum(step.times for step in steps if step.encounter == "road_post")


def test_a_longer_road_has_more_posts(net):
    index = net.country.region_index
    p = parameters(net.country)
    home = index["pyongyang_urban"]
    near, far = (
        posts(journey(net, "road", home, index[there], p)) for there in ("south_pyongan_urban", "north_hamgyong_urban")
    )
    assert far > near > 0
    doubled = parameters(net.country, road_posts__posts_per_100km=2 * p.number("road_posts.posts_per_100km"))
    more = posts(journey(net, "road", home, index["north_hamgyong_urban"], doubled))
    assert more == pytest.approx(2 * far, abs=len(net.provinces))


@given(NUMBERS)
def test_no_way_has_more_posts_than_have_draws_of_their_own(number):
    pack = country("dprk")
    net = Network(pack)
    p = resolve(pack.parameters, allowed(pack, number) | {"road_posts.posts_per_100km": 40.0})
    for there in range(20):
        steps = journey(net, "road", 0, there, p)
        assert 1 <= posts(steps) <= 255
        assert all(step.times >= 1 for step in steps)


def test_whoever_comes_into_the_capital_by_road_passes_an_approach_and_others_do_not(net):
    """There and back; who only passes through comes in and goes out twice."""
    index, p = net.country.region_index, parameters(net.country)

    def approaches(a, b):
        return sum(s.times for s in journey(net, "road", index[a], index[b], p) if s.encounter == "approach")

    assert approaches("south_pyongan_urban", "pyongyang_urban") == approaches("pyongyang_rural", "chagang_rural") == 2
    assert approaches("pyongyang_urban", "pyongyang_rural") == 0
    assert approaches("ryanggang_urban", "north_hamgyong_urban") == 0
    assert approaches("south_hwanghae_urban", "north_pyongan_urban") == 4
    assert not any(s.encounter == "approach" for s in journey(net, "rail", index["chagang_urban"], 0, p))


def test_what_is_done_at_home_is_met_at_home_and_in_one_way(net):
    p = parameters(net.country)
    for act, mode in MODE_OF.items():
        for other in MODES:
            assert bool(net.steps(act, other, 7, 7, p)) == (other == mode), (act, other)
        assert net.steps(act, mode, 7, 8, p) == ()
    for mode in ("foot", "home", "company", "work"):
        assert journey(net, mode, 3, 5, p) == ()


def test_who_goes_to_the_border_is_met_there_and_led_home_from_nowhere_else(net):
    """From the interior one comes to the countryside of the nearest province along the border."""
    index, p = net.country.region_index, parameters(net.country)
    for home, border in (
        ("ryanggang_urban", "ryanggang_urban"),
        ("south_hamgyong_urban", "chagang_rural"),
        ("pyongyang_urban", "north_pyongan_rural"),
    ):
        steps = {step.encounter: step for step in net.steps("crossing", "foot", index[home], index[home], p)}
        assert steps["border_patrol"].place == steps["border_camera"].place == index[border]
        assert steps["neighbours"].place == steps["lead"].place == index[home]
        assert list(steps)[-1] == "lead"


# Ways: what becomes of an intent before the first contact.


def some_ways(number, no_transport=None, chill=None, shift=None, stays=None):
    pack = country("dprk")
    p = resolve(pack.parameters, allowed(pack, number))
    r, m, u, a = 20, 8, len(caution.MOODS), len(ACTS)
    rng = np.random.default_rng(number)
    gone = rng.uniform(0, 1, (r, a)) if no_transport is None else np.full((r, a), no_transport)
    cold = np.tile(caution.chilled(p), (r, 1, 1)) if chill is None else np.full((r, u, a), chill)
    moved = rng.uniform(-26, 26, (r, u, len(TRAVEL))) if shift is None else shift
    power = rng.uniform(0, 1, r)
    stay = rng.uniform(0, 1, (r, m, a, len(MODES))) if stays is None else np.full((r, m, a, len(MODES)), stays)
    wanted = rng.dirichlet(np.ones(3), (r, m, len(LINES)))
    return ways(p, gone, power, cold, moved, stay, carried(wanted, stay[:, :, WITHOUT, JOURNEY_MODES]))


def bare(stays):
    """Nobody has a paper that is not his."""
    shows = stays[:, :, WITHOUT, JOURNEY_MODES].copy()
    shows[..., 1:] = 0.0
    return shows


@given(NUMBERS)
def test_every_intent_ends_somewhere(number):
    found = some_ways(number)
    assert found.shape == (20, 8, len(caution.MOODS), len(ACTS), 3 + len(MODES))
    assert (found >= -1e-12).all()
    assert np.allclose(found.sum(axis=-1), 1.0, atol=1e-12)


@given(NUMBERS)
def test_nobody_travels_where_there_is_no_transport_and_all_else_is_done_as_ever(number):
    found = some_ways(number, no_transport=1.0)
    assert np.allclose(found[..., TRAVEL, 0], 1.0)
    assert (found[..., AT_HOME, 0] == 0).all()


@given(NUMBERS)
def test_nobody_sets_out_where_everybody_is_chilled(number):
    found = some_ways(number, chill=1.0)
    assert np.allclose(found[..., RAIL:], 0.0)


@given(NUMBERS)
def test_nobody_is_priced_out_before_anybody_asks_a_price(number):
    assert np.allclose(some_ways(number, stays=1.0)[..., 2], 0.0, atol=1e-15)


@given(NUMBERS)
def test_where_nobody_can_pay_whoever_would_have_gone_is_priced_out(number):
    free, dear = some_ways(number, stays=1.0), some_ways(number, stays=0.0)
    assert (dear[..., RAIL:] == 0).all()
    assert np.allclose(dear[..., 2], free[..., RAIL:].sum(axis=-1))


@given(NUMBERS)
def test_a_price_keeps_home_only_those_who_would_have_set_out(number):
    """Who stays at home for want of a train, or out of caution, is asked for nothing."""
    free, dear = some_ways(number, stays=1.0), some_ways(number)
    assert np.allclose(dear[..., :2], free[..., :2], atol=1e-15)
    assert (dear[..., AT_HOME, RAIL:] <= free[..., AT_HOME, RAIL:]).all()
    for line in JOURNEY_MODES + RAIL:  # who finds a false paper too dear may go without
        assert (dear[..., line].sum(axis=-1) <= free[..., line].sum(axis=-1) + 1e-12).all()


def test_who_is_priced_off_the_railway_does_not_crowd_the_road():
    """A journey by one mode is not worth what is asked: it is not made, and nobody changes over for it."""
    pack = country("dprk")
    p = parameters(pack)
    stays = np.ones((20, 8, len(ACTS), len(MODES)))
    stays[..., MODES.index("rail")] = 0.25
    nobody, moved = np.zeros((20, len(ACTS))), np.zeros((20, len(caution.MOODS), len(TRAVEL)))
    found, free = (
        ways(p, nobody, np.ones(20), np.zeros((20, len(caution.MOODS), len(ACTS))), moved, x, bare(x))
        for x in (stays, np.ones_like(stays))
    )
    assert free[..., TRAVEL, RAIL].min() > 0
    assert np.allclose(found[..., RAIL], 0.25 * free[..., RAIL])
    assert (found[..., RAIL + 1 :] == free[..., RAIL + 1 :]).all()


@given(NUMBERS, st.floats(0.01, 20))
def test_a_riskier_railway_never_draws_passengers_from_the_road(number, more):
    shape = (20, len(caution.MOODS), len(TRAVEL))
    before = np.random.default_rng(number).uniform(-10, 10, shape)
    less, much = (some_ways(number, shift=shift) for shift in (before, before + more))
    assert (much[..., RAIL] <= less[..., RAIL] + 1e-12).all()
    assert (much[..., AT_HOME, :] == less[..., AT_HOME, :]).all()


@given(NUMBERS)
def test_standing_trains_stop_some_and_send_others_by_road(number):
    pack = country("dprk")
    p = resolve(pack.parameters, allowed(pack, number))
    nobody = np.zeros((1, len(ACTS)))
    still = np.zeros((1, len(caution.MOODS), len(TRAVEL)))
    free = np.ones((1, 1, len(ACTS), len(MODES)))
    calm = np.zeros((1, len(caution.MOODS), len(ACTS)))
    dark, light = (ways(p, nobody, np.array([power]), calm, still, free, bare(free)) for power in (0.0, 1.0))
    assert (dark[..., RAIL] <= light[..., RAIL]).all()
    assert (dark[..., ROAD] >= light[..., ROAD]).all()
    assert np.allclose(light[..., 0], 0.0)
    assert (dark[..., AT_HOME, :] == light[..., AT_HOME, :]).all()
    lost = p.number("routes.rail_share") * p.number("routes.rail_needs_power") * (1 - p.number("routes.switch_share"))
    assert np.allclose(dark[..., TRAVEL, 0], lost)


def test_what_is_permitted_is_not_chilled():
    found = some_ways(5)
    assert (found[..., SANCTIONED, 1] == 0).all()
    assert (found[..., WITHOUT, 1] > 0).any()
