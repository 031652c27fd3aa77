"""Maps over two parameters: points are worlds, and the line lies where the measure breaks even."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from given import country
from greyspace.errors import InputError
from greyspace.evidence import resolve
from greyspace.simulate import plan
from greyspace.study import grid, lives
from greyspace.study.gauges import named
from legible import legible

START, END = date(2023, 1, 2), date(2023, 1, 23)


@pytest.fixture(scope="module")
def pack():
    return country("toyland")


def made(pack, name="history", sets=None):
    return plan(pack, pack.scenario(name), engine="expected", start=START, end=END, sets=sets)


def axes(pack):
    return (
        grid.axis(pack.parameters, "--x", "power.least_hours=0:24", 2),
        grid.axis(pack.parameters, "--y", "bribery.wage_factor=1,10", 9),
    )


def chart(pack, against=None, level=None, workers=1, measure="held_up"):
    other = made(pack, against) if against else None
    return grid.chart(made(pack), other, named(measure), *axes(pack), level, workers, lambda *_: None)


@pytest.fixture(scope="module")
def found(pack):
    return chart(pack, against="no-gates")


def test_a_point_is_the_world_under_its_values(pack, found):
    """The last point of a row is begun from its neighbour; alone it finds its beginning by itself."""
    since = (START - date(1970, 1, 1)).days
    for name, values in (("history", found.a), ("no-gates", found.b)):
        alone = made(pack, name, {"power.least_hours": 24.0, "bribery.wage_factor": 10.0})
        totals = lives.whole(lives.by_year([alone], since)[name])
        assert values[1, 1] == pytest.approx(named("held_up").of(totals), rel=0.02)
    assert found.settled.all()
    assert (found.margin == found.a - found.b).all()
    assert grid.table(found)["margin"].to_list() == found.margin.ravel().tolist()


def test_two_processes_find_the_same(pack, found):
    spread = chart(pack, against="no-gates", workers=2)
    assert (spread.a == found.a).all()
    assert (spread.b == found.b).all()


def test_a_scenario_against_itself_breaks_even_everywhere(pack):
    same = chart(pack, against="history")
    assert (same.margin == 0.0).all()
    assert "Nowhere" not in grid.say(replace(same, a=same.a + np.array([[0.0, 1.0], [0.0, -1.0]])))


def test_without_another_scenario_it_breaks_even_at_what_it_is_now(pack):
    here = chart(pack)
    assert here.own == (0.0, 1.0)
    assert here.margin[0, 0] == pytest.approx(0.0, abs=1e-9)
    asked = chart(pack, level=2.0)
    assert asked.level == 2.0
    assert asked.a == pytest.approx(here.a)
    assert grid.histories(*axes(pack), against=False, level=None) == 5
    assert grid.histories(*axes(pack), against=True, level=None) == 8


def test_the_crossing_lies_where_a_straight_line_puts_it(found):
    planted = replace(found, a=np.array([[1.0, -3.0], [2.0, 4.0]]), b=np.zeros((2, 2)))
    assert grid.crossings(planted) == [[6.0], []]
    assert grid.crossings(planted, across=True) == [[], pytest.approx([1.0 + 9.0 * 3.0 / 7.0])]
    ratio = replace(
        planted, x=grid.Axis("power.least_hours", (1.0, 100.0), True), a=np.array([[1.0, -1.0], [1.0, 1.0]])
    )
    assert grid.crossings(ratio)[0] == pytest.approx([10.0])
    assert "more at 75% of the points" in grid.say(planted)


def test_points_that_did_not_settle_or_have_nothing_to_measure_are_left_empty(found):
    loose = replace(found, settled=np.array([[True, True], [True, False]]))
    assert np.isnan(loose.margin[1, 1])
    assert grid.table(loose)["margin"].null_count() == 1
    figure, _ = grid.picture(loose)
    legible(figure)
    assert "1 of 4 points did not come to rest" in " ".join(t.get_text() for t in figure.texts).replace("\n", " ")
    empty = replace(found, a=np.full((2, 2), np.nan))
    assert "nothing to measure" in grid.say(empty)
    legible(grid.picture(empty)[0])


def test_axes_are_read_as_they_are_written(pack):
    def values(words, points=3):
        return grid.axis(pack.parameters, "--x", words, points).values

    assert values("power.least_hours=0:24") == (0.0, 12.0, 24.0)
    assert values("bribery.wage_factor=100,1,10") == (1.0, 10.0, 100.0)
    assert values("bribery.wage_factor=1:100") == pytest.approx((1.0, 10.0, 100.0))
    drawn = pack.parameters["devices.life_years"].distribution
    assert values("devices.life_years")[0] == drawn.low
    assert values("devices.life_years")[-1] == drawn.high


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("power.leest_hours=0:24", "did you mean power.least_hours"),
        ("power.least_hours=24:0", "the first number must be the smaller"),
        ("power.least_hours=0:x", "'x' is not a number"),
        ("power.least_hours=5", "give the ends"),
        ("power.least_hours=5,5", "two values at least"),
        ("power.least_hours=0:99", "0 to 24"),
        ("station_gates.gallery=0:1", "a word, not a number"),
    ],
)
def test_what_is_no_axis_is_refused(pack, words, sentence):
    with pytest.raises(InputError, match=sentence):
        grid.axis(pack.parameters, "--x", words, 3)


def test_one_parameter_on_both_sides_is_refused(pack):
    side = axes(pack)[0]
    with pytest.raises(InputError, match="two parameters"):
        grid.chart(made(pack), None, named("leads"), side, side, 1.0, 1, lambda *_: None)


@pytest.mark.parametrize("name", ["dprk", "toyland", "brightland"])
def test_maps_that_are_ready_can_be_made_of_every_country(name):
    pack = country(name)
    for ready in grid.READY.values():
        x, y = (grid.axis(pack.parameters, "--x", words, 4) for words in (ready.x, ready.y))
        assert len(x.values) == len(y.values) == 4
        resolve(pack.parameters, {x.key: x.values[-1], y.key: y.values[-1]})
        assert named(ready.measure)
        assert ready.against is None or ready.against in pack.scenarios
