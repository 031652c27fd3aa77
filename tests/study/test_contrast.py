"""Scenarios against one another: what is said of a change is the change, and of its range, the range."""

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from given import country
from greyspace.contract import STATES
from greyspace.country import ACTS
from greyspace.errors import InputError
from greyspace.results import Store
from greyspace.simulate import plan, run
from greyspace.study import contrast
from greyspace.study.era import nothing
from greyspace.study.eras import put_under
from legible import legible


def era(number: float):
    found = nothing()
    found.states[...] = 1000.0 + 10.0 * np.arange(found.states.size).reshape(found.states.shape) % 700
    found.states[:, -1] += number
    return found


def both(number: float):
    return {"history": era(0.0), "full-power": era(number)}


@pytest.fixture(scope="module")
def found():
    return contrast.Contrast(
        pack=country("toyland"),
        base="history",
        others=("full-power",),
        since=date(2025, 1, 6),
        end=date(2034, 12, 25),
        own=both(500.0),
        eras=[both(x) for x in np.linspace(-100.0, 900.0, 11)],
        seeds=[both(450.0), both(550.0)],
    )


def test_a_row_of_the_table_is_what_it_says(found):
    whole = contrast.table(found)
    assert whole.height == len(ACTS) * 2 * len(STATES)
    assert np.allclose(whole["b"] - whole["a"], whole["difference"])
    row = whole.row(
        by_predicate=(pl.col("act") == "trade") & (pl.col("state") == STATES[-1]) & (pl.col("unit") == "acts a year"),
        named=True,
    )
    years = ((date(2034, 12, 25) - date(2025, 1, 6)).days + 7) / 365.25
    assert row["difference"] == pytest.approx(500.0 / years)
    assert [row[name] * years for name in ("low", "mid", "high")] == pytest.approx([0.0, 400.0, 800.0])
    assert [row[name] * years for name in ("seeds_low", "seeds_high")] == pytest.approx([450.0, 550.0])
    thousands = whole.filter(unit="of 1,000 intents").group_by("act").agg(pl.col("a", "b", "difference").sum())
    assert thousands["a"].to_list() == pytest.approx([1000.0] * len(ACTS))
    assert thousands["difference"].to_list() == pytest.approx([0.0] * len(ACTS))


def test_words_and_figure_say_what_ranges_are_over(found):
    assert "over 11 draws; then the ends over 2 seeds" in contrast.say(found)
    figure, caption = contrast.picture(found, "full-power")
    legible(figure)
    assert "11 draws of all uncertain parameters" in caption
    assert "2 seeds" in caption


def test_a_seed_in_which_nobody_intends_an_act_says_nothing_of_it(found):
    def without(each, act):
        kept = (np.arange(len(ACTS)) != ACTS.index(act))[:, None]
        return {name: replace(era, states=era.states * kept) for name, era in each.items()}

    crossing = pl.col("act") == "crossing"
    one = contrast.table(replace(found, seeds=[without(found.seeds[0], "crossing"), found.seeds[1]]))
    assert (one.filter(crossing)["seeds_low"] == one.filter(crossing)["seeds_high"]).all()
    assert one.filter(~crossing).equals(contrast.table(found).filter(~crossing))
    assert one.filter(crossing)["seeds"].unique().to_list() == [1]
    assert one.filter(~crossing)["seeds"].unique().to_list() == [2]
    assert one["draws"].unique().to_list() == [11]
    some = replace(found, seeds=[without(found.seeds[0], "crossing"), found.seeds[1]])
    told = {line.split(":")[0]: line for line in contrast.say(some).splitlines()}
    assert "; seeds (1 of 2) " in told["- crossing"]
    assert "1 of 2" not in told["- trade"]
    assert "2 seeds, or over as many as have the act at all." in contrast.say(some)
    figure, caption = contrast.picture(some, "full-power")
    legible(figure)
    assert "1 to 2 seeds" in caption
    none = replace(found, seeds=[without(each, "crossing") for each in found.seeds])
    assert contrast.table(none).filter(crossing)["seeds_low"].null_count() == 2 * len(STATES)
    assert "nan" not in contrast.say(none)
    legible(contrast.picture(none, "full-power")[0])


def test_without_draws_no_range_is_claimed(found):
    alone = replace(found, eras=[], seeds=[])
    assert contrast.table(alone)["low"].null_count() == contrast.table(alone).height
    assert "No draws" in contrast.say(alone)
    assert "say nothing of how uncertain" in contrast.picture(alone, "full-power")[1]


def test_scenarios_that_do_the_same_differ_in_nothing_and_one_alone_is_refused(tmp_path):
    pack = country("toyland")
    span = {"engine": "expected", "start": date(2021, 1, 4), "end": date(2021, 3, 29)}
    plans = [plan(pack, pack.scenario(name), **span) for name in ("history", "as-is")]
    runs = [run(each, Store(tmp_path)) for each in plans]
    found = contrast.find(plans, runs, date(2021, 1, 25), 0, 1, lambda *_: None)
    whole = contrast.table(found)
    for name in ("difference", "seeds_low", "seeds_high"):
        assert whole[name].abs().max() < 1e-9  # columns are added up in any order
    assert np.allclose(found.seeds[0]["history"].states, found.own["history"].states)
    with pytest.raises(InputError, match="two scenarios or more"):
        contrast.find(plans[:1], runs[:1], date(2021, 1, 25), 0, 1, lambda *_: None)
    with pytest.raises(InputError, match="the runs end before"):
        contrast.find(plans, runs, date(2022, 1, 3), 0, 1, lambda *_: None)


def test_a_draw_holds_until_the_scenario_sets_the_number_itself():
    """So all scenarios have one history in a draw."""
    pack = country("dprk")
    made = plan(pack, pack.scenario("china-like"), end=date(2034, 12, 25))
    drawn = {"station_gates.match_unmasked": 0.85, "station_gates.log_share": 0.4}
    p = replace(made, sets=put_under(made, drawn)).p
    assert [p.at("station_gates.match_unmasked", day) for day in (date(2016, 1, 4), date(2025, 1, 5))] == [0.85, 0.85]
    assert p.at("station_gates.match_unmasked", date(2025, 1, 6)) == 0.99
    assert p["station_gates.log_share"] == 0.4


def test_what_a_change_hangs_on_is_told_where_draws_tell_it(found):
    ids = list(found.pack.parameters)[:20]
    noise = np.random.default_rng(1).permuted(np.tile(np.arange(11.0), (20, 1)), axis=1)
    moved = {key: np.arange(11.0) if i == 7 else noise[i] for i, key in enumerate(ids)}
    frame = contrast.hangs_on(replace(found, moved=moved))
    assert frame["parameter"][0] == ids[7]
    assert frame["correlation"][0] == pytest.approx(-1.0)
    assert set(frame["act"]) == set(ACTS)
    assert contrast.hangs_on(found).is_empty()
