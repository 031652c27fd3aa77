"""A value counts, its place in the files does not; a cell has one row; no number goes without a unit."""

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greyspace.results import TABLES, Labels
from greyspace.results.tables import declared, digest, encode, join

from .conftest import MONDAYS, series_of

SERIES = declared("series")


def rows(columns: dict[str, Any], pick: Any) -> dict[str, Any]:
    return {
        name: Labels(column.codes[pick], column.names) if isinstance(column, Labels) else np.asarray(column)[pick]
        for name, column in columns.items()
    }


@given(st.randoms(use_true_random=False), st.integers(0, 40))
def test_the_digest_knows_no_order_and_no_files(random: Any, cut: int) -> None:
    columns = series_of(MONDAYS[:10])
    order = np.array(random.sample(range(40), 40))
    parts = [encode(SERIES, rows(columns, pick)) for pick in (order[:cut], order[cut:])]
    whole = encode(SERIES, columns)
    assert digest(SERIES, parts) == digest(SERIES, [whole])
    assert join(SERIES, parts).equals(whole)


@given(st.integers(0, 39), st.sampled_from(["week", "region", "act", "standing", "sex", "intents", "punished"]))
def test_the_digest_knows_every_value(row: int, name: str) -> None:
    columns = {
        key: np.array(column.names)[column.codes] if isinstance(column, Labels) else np.array(column)
        for key, column in series_of(MONDAYS[:10]).items()
    }
    before = digest(SERIES, [encode(SERIES, columns)])
    if columns[name].dtype.kind == "U":
        columns[name] = columns[name].astype("U20")
        columns[name][row] = "elsewhere"
    elif columns[name].dtype.kind == "M":
        columns[name][row] += np.timedelta64(1000, "D")
    else:
        columns[name][row] = np.nextafter(columns[name][row], np.inf)
    assert digest(SERIES, [encode(SERIES, columns)]) != before


def test_the_digest_does_not_know_how_labels_were_numbered_or_zero_was_signed() -> None:
    columns = {"week": [MONDAYS[0]] * 2, "region": Labels(np.array([2, 0]), ("b", "unused", "a")), "linked": [0.0, 1.0]}
    other = {"week": [MONDAYS[0]] * 2, "region": ["a", "b"], "linked": [-0.0, 1.0]}
    places = declared("places")
    assert encode(places, columns).equals(encode(places, other))


def test_dates_may_be_days_or_dates() -> None:
    nation = declared("nation")
    given = [dt.date(2016, 1, 4), dt.date(2016, 1, 11)]
    days = np.array(given, "datetime64[D]")
    for weeks in (given, days, days.astype(int), days.astype("datetime64[ns]")):
        table = encode(nation, {"week": weeks, "spares": [3, 4]})
        assert table.column("week").to_pylist() == given
        assert table.schema.field("week").type == pa.date32()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"surprise": [1.0] * 4}, "undeclared column 'surprise'"),
        ({"week": None}, "no key 'week'"),
        ({"intents": [1.0] * 3}, "unequal length"),
        ({"intents": [1.0, np.nan, 1.0, 1.0]}, "'intents': values must be finite"),
        ({"intents": [1.0, np.inf, 1.0, 1.0]}, "finite"),
        ({"sex": ["female"] * 4}, "two rows have the same keys"),
        ({"sex": [1, 2, 3, 4]}, "labels must be strings"),
        ({"sex": Labels(np.array([0, 1, 0, 2]), ("female", "male"))}, "from 0 to 1"),
        ({"sex": Labels(np.array([0, 1, 0, 1]), ("female", "female"))}, "twice"),
        ({"week": [0.5] * 4}, "dates"),
        ({"week": [2**40] * 4}, "days, not seconds"),
        ({"intents": None, "punished": None}, "no measure"),
    ],
)
def test_what_is_not_declared_or_makes_no_sense_is_refused(change: dict[str, Any], says: str) -> None:
    columns = {name: value for name, value in {**series_of(MONDAYS[:1]), **change}.items() if value is not None}
    with pytest.raises(ValueError, match=says) as error:
        encode(SERIES, columns)
    assert "series" in str(error.value)


def test_a_flag_is_true_or_false_and_a_number_whole() -> None:
    people = declared("people")
    columns = {"week": [0] * 2, "region": ["a"] * 2, "caution": [0, 3], "knows": [True, False], "enrolled": [0, 1]}
    table = encode(people, {**columns, "persons": [1.5, 2]})
    assert table.column("enrolled").to_pylist() == [False, True]
    assert table.column("caution").to_pylist() == [0, 3]
    for change in ({"knows": [0, 2]}, {"caution": [0.5, 1.0]}):
        with pytest.raises(ValueError):
            encode(people, {**columns, **change, "persons": [1, 2]})


def test_many_keys_of_wide_range_are_still_told_apart() -> None:
    people = declared("people")
    week = np.array([-(2**30), 2**30, 2**30, -(2**30)])
    columns = {"week": week, "region": ["a", "b", "a", "b"], "caution": [2**31 - 1, -(2**31), 0, 1]}
    table = encode(people, {**columns, "knows": [0, 1, 0, 1], "enrolled": [1, 0, 0, 1], "persons": [0.0, 3, 2, 1]})
    assert table.column("persons").to_pylist() == [0.0, 1.0, 2.0, 3.0]


def test_every_column_says_what_it_is() -> None:
    seen: dict[str, Any] = {}
    for table in TABLES:
        assert len({column.name for column in table.columns}) == len(table.columns)
        for column in table.columns:
            assert column.description
        for measure in table.measures:
            assert measure.unit
            assert seen.setdefault(measure.name, measure) == measure  # one name, one meaning, in all tables
    field = encode(SERIES, series_of(MONDAYS[:1])).schema.field("intents")
    assert field.metadata[b"unit"] == b"acts"
    assert field.metadata[b"kind"] == b"flow"
