"""What a folder holds can be listed and asked in SQL; a question changes nothing and reaches nothing else."""

import os
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from greyspace.errors import FolderError, InputError
from greyspace.results import TABLES, Labels, Results, Store, catalogue, sql

from .conftest import MONDAYS, manifest_of, series_of


@pytest.fixture
def two(store: Store, make_run: Callable[..., Results]) -> Store:
    make_run("aaaa")
    make_run("bbbb", more=1.0, scenario="no gates", seed=2)
    return store


def test_views_hold_every_run_with_its_name(two: Store) -> None:
    counts = sql(
        two, "SELECT run_id, scenario, seed, count(*) AS n, sum(intents) AS s FROM series GROUP BY ALL ORDER BY 1"
    )
    assert counts.drop("s").rows() == [("aaaa", "observed", 1, 416), ("bbbb", "no gates", 2, 416)]
    assert counts["s"][1] - counts["s"][0] == 416
    assert sql(two, "SELECT DISTINCT run_id FROM series WHERE scenario = 'no gates'").rows() == [("bbbb",)]
    assert sql(two, "SELECT count(*) FROM series", runs=["bbbb"]).item() == 416


def test_a_view_agrees_with_the_table(two: Store) -> None:
    columns = "week, region, act, standing, sex, intents, punished"
    asked = sql(two, f"SELECT {columns} FROM series WHERE run_id = 'aaaa' ORDER BY week, region, act, standing, sex")
    assert asked.equals(two.open("aaaa").table("series"))


def test_tidy_views_have_one_row_a_measure_that_was_written(two: Store) -> None:
    tidy = sql(two, "SELECT measure, count(*) n, sum(value) s FROM series_tidy WHERE seed = 1 GROUP BY 1 ORDER BY 1")
    assert tidy["measure"].to_list() == ["intents", "punished"]
    assert tidy["n"].to_list() == [416, 416]
    assert tidy["s"][0] == two.open("aaaa").table("series")["intents"].sum()


def test_runs_parameters_and_measures_can_be_asked(two: Store) -> None:
    assert sql(two, "SELECT run_id, scenario, year(starts) FROM runs ORDER BY 1").rows() == [
        ("aaaa", "observed", 2016),
        ("bbbb", "no gates", 2016),
    ]
    assert sql(two, "SELECT number FROM parameters WHERE parameter = 'gates.share'").rows() == [(0.5,), (0.5,)]
    assert sql(two, "SELECT unit FROM measures WHERE measure = 'free_unseen' AND in_table = 'series'").item() == "acts"
    assert set(sql(two, "SHOW TABLES")["name"]) >= {table.name for table in TABLES}


def test_an_empty_store_answers_with_no_rows(store: Store) -> None:
    for view in ("series", "series_tidy", "runs", "parameters", "nation_tidy"):
        assert sql(store, f"SELECT * FROM {view}").height == 0
    assert catalogue(store) == []


def test_runs_with_other_columns_and_labels_stand_side_by_side(two: Store) -> None:
    with two.begin("cccc", manifest_of("cccc")) as draft:
        for part, region in enumerate(("upland", "lowland")):
            columns = {"week": MONDAYS[:1], "region": Labels([0], [region]), "act": ["walk"]}
            draft.write("series", part, {**columns, "standing": ["elite"], "sex": ["male"], "paid": [2.0]})
        draft.finish({})
    asked = sql(two, "SELECT run_id, region, intents, paid FROM series WHERE act = 'walk' ORDER BY region")
    assert asked.rows() == [("cccc", "lowland", None, 2.0), ("cccc", "upland", None, 2.0)]
    assert sql(two, "SELECT count(*) FROM series_tidy WHERE run_id = 'cccc'").item() == 2


REFUSED = [
    "COPY (SELECT 1) TO '{out}'",
    "COPY series TO '{out}' (FORMAT parquet)",
    "EXPORT DATABASE '{out}'",
    "ATTACH '{out}' AS other",
    "CREATE TABLE mine AS SELECT 1",
    "DROP VIEW series_tidy",
    "DELETE FROM series",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "RESET lock_configuration",
    "PRAGMA enable_profiling = 'json'",
    "CALL enable_logging(storage = 'file', storage_path = '{out}')",
    "SELECT * FROM enable_logging(storage = 'file', storage_path = '{out}')",
    "SELECT 1; COPY (SELECT 1) TO '{out}'",
    "SELECT 1; SELECT 2",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '{out}'",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('{parquet}')",
    "SELECT * FROM '{parquet}'",
    "SELECT * FROM parquet_scan('{parquet}')",
    "SELECT * FROM parquet_metadata('{parquet}')",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM query('SELECT * FROM read_text(''/etc/passwd'')')",
    "SELECT * FROM 'https://example.org/x.parquet'",
    "SELECT * FROM two",
    "SELECT nothing FROM series",
    "SELEKT 1",
    "",
]


@pytest.mark.parametrize("query", REFUSED)
def test_a_question_cannot_write_or_read_elsewhere(
    two: Store, query: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    before = sorted(two.root.rglob("*"))
    parquet = two.open("aaaa").folder / "series" / "part-2016.parquet"
    with pytest.raises(InputError) as error:
        sql(two, query.format(out=tmp_path / "here" / "out", parquet=parquet))
    assert "\n" not in str(error.value)
    assert os.listdir() == []
    assert sorted(two.root.rglob("*")) == before


@pytest.mark.parametrize(
    "what",
    ["sum(seed)", "1::hugeint", "[1, 2]", "{'a': 1}", "map {'a': 1}", "now()", "1::decimal(9, 2)"],
)
def test_any_type_of_answer_is_a_frame(two: Store, what: str) -> None:
    assert sql(two, f"SELECT {what} AS x FROM runs").columns == ["x"]


def test_pivots_and_plans_are_questions_too(two: Store) -> None:
    pivot = sql(two, "PIVOT series ON sex USING sum(intents) GROUP BY run_id ORDER BY run_id")
    assert pivot.columns == ["run_id", "female", "male"]
    assert sql(two, "EXPLAIN SELECT 1").height > 0


def test_the_list_tells_complete_partial_and_corrupt(two: Store) -> None:
    with two.begin("cccc", manifest_of("cccc")) as draft:
        draft.save({}, {})
        assert [entry.note for entry in catalogue(two) if entry.state == "partial"] == ["a process is writing it"]
    part = two.open("bbbb").folder / "series" / "part-2016.parquet"
    part.write_bytes(part.read_bytes()[:-1])
    entries = {entry.id: entry for entry in catalogue(two)}
    assert {name: entry.state for name, entry in entries.items()} == {
        "aaaa": "complete",
        "bbbb": "corrupt",
        "cccc": "partial",
    }
    assert str(part) in entries["bbbb"].note
    assert entries["aaaa"].meta["scenario"] == "observed"
    with pytest.raises(FolderError, match=r"part-2016.parquet was changed"):
        sql(two, "SELECT 1")
    assert sql(two, "SELECT count(*) FROM series", runs=["aaaa"]).item() == 416


def test_a_changed_byte_that_sql_meets_is_one_sentence(two: Store) -> None:
    part = two.open("bbbb").folder / "series" / "part-2016.parquet"
    part.write_bytes(b"\0" * part.stat().st_size)
    with pytest.raises((FolderError, InputError)) as error:
        sql(two, "SELECT sum(intents) FROM series")
    assert "\n" not in str(error.value)


def test_answers_are_polars_frames_with_dates(two: Store) -> None:
    frame = sql(two, "SELECT week, region, sum(intents) AS intents FROM series GROUP BY ALL")
    assert frame.schema == {"week": pl.Date, "region": pl.String, "intents": pl.Float64}
    assert series_of(MONDAYS[:1])["week"][0] in frame["week"].to_numpy()
