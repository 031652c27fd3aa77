"""Where one meets the border, and the roads into the capital."""

from dataclasses import replace

import pytest

from given import country, parameters
from greyspace.society.routes import Network


@pytest.fixture(scope="module")
def net():
    return Network(country("dprk"))


def met_at(net, act, mode, origin, destination, p):
    """Encounters of an act with their places and times."""
    return {step.encounter: (step.place, step.times) for step in net.steps(act, mode, origin, destination, p)}


def test_who_lives_along_the_border_crosses_there_and_others_at_the_nearest_stretch(net):
    pack, p = net.country, parameters(net.country)
    for i, region in enumerate(pack.regions):
        place, times = met_at(net, "crossing", "foot", i, i, p)["border_patrol"]
        assert times == 1
        assert pack.regions[place].borders_china
        if region.borders_china:
            assert place == i
    inland = next(i for i, region in enumerate(pack.regions) if region.id == "pyongyang_urban")
    place, _ = met_at(net, "crossing", "foot", inland, inland, p)["border_camera"]
    assert pack.regions[place].id == "north_pyongan_rural"


def test_what_else_may_be_met_at_home_stays_there(net):
    p = parameters(net.country)
    for encounter, (place, _) in met_at(net, "crossing", "foot", 0, 0, p).items():
        assert (place == 0) != encounter.startswith("border"), encounter


def test_where_there_is_no_border_everything_is_met_at_home():
    pack = country("dprk")
    landlocked = Network(replace(pack, regions=tuple(replace(r, borders_china=False) for r in pack.regions)))
    assert landlocked.border_of == tuple(range(len(pack.regions)))


def test_the_roads_into_the_capital_are_passed_there_and_back_by_who_goes_there_or_leaves_it(net):
    p = parameters(net.country)
    towns = {province: net.town_of[i] for i, province in enumerate(net.provinces)}
    capital, away = towns["pyongyang"], towns["north_hamgyong"]
    place = net.countryside_of[net.provinces.index("pyongyang")]
    act = "journey_without_permit"
    assert met_at(net, act, "road", capital, away, p)["approach"] == (place, 2)
    assert met_at(net, act, "road", away, capital, p)["approach"] == (place, 2)
    assert "approach" not in met_at(net, act, "road", capital, capital, p)
    assert "approach" not in met_at(net, act, "rail", away, capital, p)
    assert "approach" not in met_at(net, act, "road", away, towns["south_hamgyong"], p)


def test_who_passes_through_the_capital_comes_in_and_goes_out(net):
    p, capital = parameters(net.country), net.provinces.index("pyongyang")
    through = [(a, b) for (a, b), along in net.passed.items() if capital in along[1:-1]]
    assert through
    for a, b in through:
        steps = met_at(net, "journey_with_permit", "road", net.town_of[a], net.town_of[b], p)
        assert steps["approach"][1] == 4
