"""What travellers and officers make of what they went through."""

import numpy as np
import pytest

from given import country, parameters, world
from greyspace.contract import STATES, WAYS_NOT_BEGUN
from greyspace.institutions import MONTH_WEEKS, Practice, no_practice, usual
from greyspace.simulate.learn import Experience, comparison, nothing_known, practised, remember, settled, shift

R, A = 3, 2
EACH = np.ones(R)
OPEN = np.zeros(R)


@pytest.fixture
def p():
    return parameters(country("dprk"))


def tallies(rail, road, state="turned_back", act=0, begun=1e6):
    """A week in which shares ``rail`` and ``road`` of journeys of one act end so and the others go free, everywhere."""
    modes = np.zeros((R, A, len(WAYS_NOT_BEGUN) + 2, len(STATES)))
    for way, share in enumerate((rail, road)):
        modes[:, act, len(WAYS_NOT_BEGUN) + way, STATES.index(state)] = share * begun
        modes[:, act, len(WAYS_NOT_BEGUN) + way, STATES.index("free_unseen")] = (1 - share) * begun
    return modes


def after(p, *weeks, gated=OPEN):
    known = nothing_known(R, A, 2)
    for week in weeks:
        known = remember(known, p, week, 1, EACH, gated)
    return known


def test_before_the_first_journey_rail_and_road_are_alike(p):
    assert (comparison(nothing_known(R, A, 2), p) == 0).all()


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
    modes[0, 0, 3, STATES.index("punished")] = 1
    found = comparison(after(p, modes), p)[:, 0]
    assert found[0] == pytest.approx(found[1], abs=0.02)


def test_memory_fades(p):
    weeks = round(p.number("experience.memory_weeks"))
    known = remember(after(p, tallies(0.2, 0.1)), p, np.zeros((R, A, 5, len(STATES))), weeks, EACH, OPEN)
    assert known.begun.max() == pytest.approx(np.exp(-weeks / p.number("experience.memory_weeks")) * 1e6)


def test_a_sample_remembers_as_much_as_the_nation_it_stands_for(p):
    one = remember(nothing_known(R, A, 2), p, tallies(0.2, 0.1), 1, EACH, OPEN)
    few = remember(nothing_known(R, A, 2), p, tallies(0.2, 0.1, begun=1e4), 1, 100 * EACH, OPEN)
    assert np.allclose(one.begun, few.begun)
    assert np.allclose(comparison(one, p), comparison(few, p))


def test_nothing_has_shifted_once_it_is_called_usual(p):
    known = settled(after(p, tallies(0.3, 0.1)), p)
    assert np.allclose(shift(known, p, np.array([0, 1])), 0.0)


def test_who_does_not_know_of_gates_goes_by_what_was_before_them(p):
    usual = settled(after(p, tallies(0.1, 0.1)), p)
    known = remember(usual, p, tallies(0.4, 0.1, begun=1e8), 1, EACH, np.array([1.0, 1.0, 0.0]))
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
    nobody = np.zeros((2, A, len(WAYS_NOT_BEGUN) + 2, len(STATES)))
    return practised(before, made.p, made.cases, found, cases, nobody if modes is None else modes, weeks, weight)


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
    modes = np.zeros((2, A, len(WAYS_NOT_BEGUN) + 2, len(STATES)))
    rail, road = len(WAYS_NOT_BEGUN), len(WAYS_NOT_BEGUN) + 1
    modes[:, 1, rail, STATES.index("paid")] = 30
    modes[0, 1, road, STATES.index("free_unseen")] = 20
    modes[:, 0, rail, STATES.index("free_unseen")] = 1000
    modes[:, 1, 1, STATES.index("chilled")] = 1000
    journeys = lived(made, some_cases(made), modes=modes, weight=2.0).journeys
    assert journeys == pytest.approx(np.array([120.0, 40.0]) * MONTH_WEEKS / 4)


def test_a_checkpoint_keeps_what_officers_know(made):
    known = usual(lived(made, some_cases(made)), made.cases)
    again = Practice.of(known.arrays())
    assert known.usual.any()
    assert all((met == again.arrays()[name]).all() for name, met in known.arrays().items())
