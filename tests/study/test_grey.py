"""Finished runs as grey space and as penalties: what is said is what the tables hold."""

from datetime import date

import polars as pl
import pytest

import greyspace as gs
from given import country
from greyspace.country import SEXES, STANDINGS
from greyspace.errors import InputError
from greyspace.simulate import Life, plan
from greyspace.study import detained, grey
from legible import legible

WEEKS = {"country": "toyland", "engine": "expected", "start": "2021-11-01", "end": "2022-02-21"}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    out = tmp_path_factory.mktemp("runs")
    return [gs.run(name, out=out, **WEEKS) for name in ("history", "no-gates")]


def test_shares_are_of_what_was_begun_and_of_what_was_intended(runs):
    frame = grey.find(runs, ["standing", "sex"], grey.GREY_ACTS)
    assert frame.height == 11 * 2 * len(STANDINGS) * len(SEXES)
    ended = frame.filter(pl.col("begun") > 0).select(pl.sum_horizontal(grey.BEGUN))
    assert ended.to_series().to_list() == pytest.approx([100.0] * ended.height)
    row = frame.row(
        by_predicate=(pl.col("act") == "trade")
        & (pl.col("scenario") == "no-gates")
        & (pl.col("standing") == "elite")
        & (pl.col("sex") == "female"),
        named=True,
    )
    own = runs[1].table("series").filter(act="trade", standing="elite", sex="female")
    begun = own.select(pl.sum_horizontal(grey.BEGUN)).to_series().sum()
    assert row["begun"] == pytest.approx(begun * 365.25 / (17 * 7))
    assert row["paid"] == pytest.approx(100.0 * own["paid"].sum() / begun)
    assert row["chilled"] == pytest.approx(100.0 * own["chilled"].sum() / own["intents"].sum())


def test_a_year_of_which_a_part_was_run_is_told_as_a_whole_one(runs):
    by_year = grey.find(runs[:1], ["year"], ["trade"])
    assert by_year["year"].to_list() == [2021, 2022]
    whole = grey.find(runs[:1], [], ["trade"])["begun"].item()
    assert by_year["begun"].min() < whole < by_year["begun"].max()
    assert by_year["begun"].to_list() == pytest.approx([whole, whole], rel=0.1)


def test_runs_of_one_scenario_are_put_together(runs):
    twice = grey.find([runs[0], runs[0]], [], ["trade"])
    once = grey.find(runs[:1], [], ["trade"])
    assert twice["seeds"].item() == 2
    assert twice["begun"].item() == pytest.approx(once["begun"].item())
    assert twice["paid"].item() == pytest.approx(once["paid"].item())


def test_acts_are_never_pooled_and_cases_stand_side_by_side(runs):
    frame = grey.find(runs, ["province"], grey.GREY_ACTS)
    assert frame.columns[:3] == ["act", "scenario", "province"]
    assert frame["scenario"].to_list()[:4] == ["history", "no-gates"] * 2
    assert set(frame["province"]) == {"capital_city", "northshire"}


@pytest.mark.parametrize("by", [[], ["year"], ["standing"], ["region", "sex"]])
def test_the_figure_is_legible_and_says_what_it_is_of(runs, by):
    frame = grey.find(runs, by, grey.GREY_ACTS)
    figure, caption = grey.picture(frame, runs, by)
    legible(figure)
    assert "history" in caption
    assert "by expectation" in caption


def test_what_cannot_be_told_apart_or_put_together_is_refused(runs, tmp_path):
    with pytest.raises(InputError, match="--by moon: allowed are year"):
        grey.find(runs, ["moon"], ["trade"])
    with pytest.raises(InputError, match="--acts singing: allowed are"):
        grey.find(runs, [], ["singing"])
    other = gs.run("history", out=tmp_path, **{**WEEKS, "end": "2022-01-31"})
    with pytest.raises(InputError, match="different last weeks"):
        grey.find([runs[0], other], [], ["trade"])
    many = grey.find(runs, ["region", "standing", "sex", "year"], ["trade"])
    with pytest.raises(InputError, match="too many for a figure"):
        grey.picture(many, runs, ["region", "standing", "sex", "year"])


def test_who_is_held_is_whom_the_engine_holds(runs):
    """At the end of a run: reckoned from who was newly held, against the engine's own count."""
    pack = country("toyland")
    one = plan(pack, pack.scenario("history"), engine="expected", start=date(2021, 11, 1), end=date(2022, 2, 21))
    life = Life(one)
    for period in life.world.periods:
        life.step(period, life.odds(period), lambda _: None)
    inside = float(life.engine.state()["held"].sum()) * life.weight(period.monday)
    found = 0.0
    for hold, days in detained.DAYS.items():
        new = runs[0].table("held").filter(hold=hold).group_by("week").agg(pl.col("held_new").sum()).sort("week")
        for ago, number in enumerate(reversed(new["held_new"].to_list()), start=1):
            found += number * sum(day >= 7 * ago for day in detained._free(one.p.number(days))) / 7.0
    assert found == pytest.approx(inside, rel=0.01)


def test_penalties_by_year_are_those_of_the_tables(runs):
    frame = detained.find(runs)
    assert list(dict.fromkeys(frame["severity"])) == ["fined", "short", "long", "camp", "killed"]
    row = frame.row(
        by_predicate=(pl.col("scenario") == "history") & (pl.col("severity") == "long") & (pl.col("year") == 2021),
        named=True,
    )
    own = runs[0].table("held").filter((pl.col("hold") == "long") & (pl.col("week").dt.year() == 2021))
    assert row["punished"] == pytest.approx(own["held_new"].sum() * 365.25 / (9 * 7))
    assert row["person_days"] == pytest.approx(365.25 * row["held"])
    assert (frame.filter(severity="fined")["held"] == 0.0).all()
    legible(detained.picture(frame, runs)[0])


def test_stays_add_up_to_their_days():
    for days in (2.0, 7.0, 15.0, 90.0):
        held = detained._inside([7.0, *[0.0] * 30], days)
        # From a week on they last until a Monday, at most six days more.
        assert 7.0 * days <= 7.0 * sum(held) <= 7.0 * (days + 6.0)
    assert 7.0 * sum(detained._inside([7.0, 0.0, 0.0], 2.0)) == pytest.approx(14.0)
