"""Two runs are compared over the time they share, with the amounts themselves and not only their difference."""

from collections.abc import Callable

import polars as pl
import pytest

from greyspace.errors import InputError
from greyspace.results import Results, Store, compare

from .conftest import MONDAYS, manifest_of, series_of


def test_amounts_and_differences_stand_side_by_side(make_run: Callable[..., Results]) -> None:
    a, b = make_run("aaaa"), make_run("bbbb", more=1.0, scenario="no gates")
    compared = compare(a, b, by=["region", "year"])
    assert compared.frame.columns == ["region", "year", "measure", "unit", "a", "b", "difference"]
    intents = compared.frame.filter(pl.col("measure") == "intents")
    assert intents.height == 4
    assert intents["difference"].to_list() == [104.0] * 4
    assert intents["unit"].unique().to_list() == ["acts"]
    punished = compared.frame.filter(pl.col("measure") == "punished")
    assert (punished["difference"] == 0).all()
    total = compare(a, b, by=(), measures=["intents"]).frame
    assert total["a"].item() == a.table("series")["intents"].sum()
    assert compared.changed == {"scenario": ("observed", "no gates")}
    assert compared.parts == MONDAYS[0]


def test_the_first_week_that_parts_is_named(store: Store, make_run: Callable[..., Results]) -> None:
    a = make_run("aaaa")
    with store.begin("bbbb", manifest_of("bbbb", cpu="another")) as draft:
        draft.write("series", "early", series_of(MONDAYS[:70]))
        draft.write("series", "late", series_of(MONDAYS[70:], more=1e-9))
        b = draft.finish({})
    compared = compare(a, b)
    assert compared.parts == MONDAYS[70]
    assert compared.changed == {"cpu": ("some", "another")}
    assert compare(a, a).parts is None


def test_only_shared_time_is_compared(store: Store, make_run: Callable[..., Results]) -> None:
    a = make_run("aaaa")
    for run_id, weeks in (("late", MONDAYS[100:]), ("early", MONDAYS[:90])):
        with store.begin(run_id, manifest_of(run_id)) as draft:
            draft.write("series", 0, series_of(weeks))
            draft.finish({})
    late, early = store.open("late"), store.open("early")
    compared = compare(a, late)
    assert (compared.first, compared.last) == (MONDAYS[100], MONDAYS[-1])
    assert (compared.frame["difference"] == 0).all()
    with pytest.raises(InputError, match="no time in common"):
        compare(early, late)


def test_levels_are_averaged_over_time_and_shares_over_cells(store: Store) -> None:
    for run_id, more in (("aaaa", 0.0), ("bbbb", 10.0)):
        with store.begin(run_id, manifest_of(run_id)) as draft:
            weeks = MONDAYS[:2] * 2
            regions = ["a", "a", "b", "b"]
            persons = {"caution": [0] * 4, "knows": [0] * 4, "enrolled": [0] * 4, "persons": [100, 102 + more, 50, 50]}
            draft.write("people", 0, {"week": weeks, "region": regions, **persons})
            draft.write("places", 0, {"week": weeks, "region": regions, "linked": [0.0, 1.0, 0.5, 0.5 + more / 100]})
            draft.finish({})
    a, b = store.open("aaaa"), store.open("bbbb")
    people = compare(a, b, table="people").frame.row(0, named=True)
    assert (people["year"], people["a"], people["b"]) == (2016, 151.0, 156.0)
    places = compare(a, b, by=["region"], table="places").frame
    assert places["a"].to_list() == [0.5, 0.5]
    assert places["b"].to_list() == [0.5, 0.55]


def test_a_cell_of_one_run_alone_counts_as_nothing_in_the_other(store: Store) -> None:
    for run_id, region in (("aaaa", "north"), ("bbbb", "south")):
        with store.begin(run_id, manifest_of(run_id)) as draft:
            draft.write("held", 0, {"week": MONDAYS[:1], "region": [region], "hold": ["days"], "held_new": [3]})
            draft.finish({})
    frame = compare(store.open("aaaa"), store.open("bbbb"), by=["region"], table="held").frame
    assert frame.select("region", "a", "b", "difference").rows() == [("north", 3, 0, -3), ("south", 0, 3, 3)]


def test_a_misspelt_key_measure_or_table_is_answered_with_the_nearest(make_run: Callable[..., Results]) -> None:
    run = make_run()
    with pytest.raises(InputError, match="did you mean 'region'"):
        compare(run, run, by=["regions"])
    with pytest.raises(InputError, match="did you mean 'punished'"):
        compare(run, run, measures=["punish"])
    with pytest.raises(InputError, match="no table 'serie'"):
        compare(run, run, table="serie")
