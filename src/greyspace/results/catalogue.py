"""All that a folder of results holds, as a list and as tables for SQL."""

import functools
import json
import operator
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl
import pyarrow as pa

from greyspace.errors import FolderError, InputError
from greyspace.results.folder import Store
from greyspace.results.run import Results, read_results
from greyspace.results.sets import read_set
from greyspace.results.tables import TABLES, Key, Table

_KINDS = {
    "date": pa.date32(),
    "label": pa.dictionary(pa.int32(), pa.string()),
    "flag": pa.bool_(),
    "number": pa.int32(),
}
_RUN = {"run_id": pa.string(), "scenario": pa.string(), "seed": pa.int64()}


@dataclass(frozen=True)
class Entry:
    """A run, a set or a study in a store; ``note`` says in one sentence what is wrong with a corrupt one."""

    kind: Literal["run", "set", "study"]
    id: str
    state: Literal["complete", "partial", "corrupt"]
    meta: dict[str, Any] = field(default_factory=dict)
    note: str = ""


def catalogue(store: Store) -> list[Entry]:
    """Every run, set and study of a store, by kind and id. Files are checked by name and size, not read."""
    entries = []
    for run_id in store.run_ids():
        try:
            run = _glanced(store, run_id)
            entries.append(Entry("run", run_id, "complete", dict(run.meta)))
        except FolderError as failed:
            entries.append(Entry("run", run_id, "corrupt", note=str(failed)))
    for partial in store.partials():
        note = "a process is writing it" if partial.busy else "it can be resumed"
        entries.append(Entry("run", partial.run_id, "partial", dict(partial.manifest), note))
    for set_id in store.set_ids():
        try:
            entries.append(Entry("set", set_id, "complete", dict(read_set(store.root / "sets" / set_id).meta)))
        except FolderError as failed:
            entries.append(Entry("set", set_id, "corrupt", note=str(failed)))
    for study_id in store.study_ids():
        try:
            entries.append(Entry("study", study_id, "complete", dict(store.open_study(study_id).meta)))
        except FolderError as failed:
            entries.append(Entry("study", study_id, "corrupt", note=str(failed)))
    for begun in store.unfinished_studies():
        note = "a process is at it" if begun.busy else "the same command goes on"
        about = {"name": begun.name, "command": begun.command, "runs": begun.runs, "done": begun.done}
        entries.append(Entry("study", begun.study_id, "partial", about, note))
    return sorted(entries, key=lambda entry: (entry.kind, entry.id))


def _glanced(store: Store, run_id: str) -> Results:
    folder = store.root / "runs" / run_id
    try:
        run = read_results(folder)
        run.glance()
    except FolderError as failed:
        raise FolderError(f"{failed}: remove {folder} and run again") from failed
    return run


def sql(store: Store, query: str, runs: Sequence[str] | None = None) -> pl.DataFrame:
    """Ask one question of the finished runs of a store (or of ``runs`` among them, by id) in DuckDB's SQL.

    There is a view for each table, its rows with run_id, scenario and seed before them; ``<table>_tidy`` with one row a
    measure; ``runs``, ``parameters`` and ``measures``. A query can read these and nothing else: no file, no network,
    no setting. InputError if it is not one question or not sound, FolderError if a run was changed on disk.
    """
    found = [_glanced(store, run_id) for run_id in (store.run_ids() if runs is None else runs)]
    return _asked(store, query, _views(found), [_tidy(table) for table in _tables(found)])


def sql_study(store: Store, reference: str, query: str) -> pl.DataFrame:
    """Ask one question of one finished study of a store, by its id or the beginning of it, as ``sql`` asks of runs.

    The views are ``yearly`` (sums by run, year and region), ``runs`` (what each run was) and ``columns`` (what the sums
    are, and by which of them one divides). InputError as ``sql`` and ``Store.open_study``, FolderError likewise.
    """
    import pyarrow.dataset as ds
    import pyarrow.parquet as pq
    from pyarrow.fs import LocalFileSystem

    study = store.open_study(reference)
    parquet, files = ds.ParquetFileFormat(), LocalFileSystem()
    views: dict[str, Any] = {}
    try:
        for side in ("yearly", "runs"):
            parts = study.parts(side)
            fragments = [parquet.make_fragment(str(path), files) for path in parts]
            views[side] = ds.FileSystemDataset(fragments, pq.read_schema(parts[0]).remove_metadata(), parquet, files)
    except (pa.ArrowException, OSError) as failed:
        raise FolderError(f"a file of {study.folder} cannot be read: {_first_line(failed)}") from failed
    columns = pl.DataFrame(list(study.meta["columns"].values()))
    views["columns"] = columns.rename({"over": "divide_by"}).to_arrow()
    return _asked(store, query, views, [])


def _asked(store: Store, query: str, views: dict[str, Any], more: Sequence[str]) -> pl.DataFrame:
    """The answer to a question of some views, and of ``more`` that are made of these."""
    import duckdb

    with duckdb.connect(":memory:") as connection:
        for name, rows in views.items():
            connection.register(name, rows)
        for view in more:
            connection.execute(view)
        # Views read through Arrow, so the database itself needs no file at all; the lock comes last.
        for setting in (
            "temp_directory = ''",
            "autoinstall_known_extensions = false",
            "autoload_known_extensions = false",
            "python_enable_replacements = false",
            "enable_external_access = false",
            "lock_configuration = true",
        ):
            connection.execute(f"SET {setting}")
        try:
            statements = connection.extract_statements(query)
            kinds = {statement.type.name for statement in statements}
            if len(statements) != 1 or not kinds <= {"SELECT", "EXPLAIN", "MULTI"}:
                raise InputError("a query must be one SELECT: results are read, never changed")
            return connection.sql(statements[0]).pl()
        except (duckdb.Error, pl.exceptions.PolarsError) as failed:
            raise InputError(f"the query cannot be answered: {_first_line(failed)}") from failed
        except (pa.ArrowException, OSError) as failed:
            raise FolderError(f"a file of {store.root} cannot be read: {_first_line(failed)}") from failed


def _first_line(failed: BaseException) -> str:
    return str(failed).strip().partition("\n")[0]


def _tables(runs: Sequence[Results]) -> list[Table]:
    """Declared tables, with the columns that the runs at hand have besides."""
    merged = {table.name: {column.name: column for column in table.columns} for table in TABLES}
    for run in runs:
        for table in run.tables.values():
            columns = merged.setdefault(table.name, {})
            for column in table.columns:
                columns.setdefault(column.name, column)
    return [
        Table(
            name,
            tuple(column for column in columns.values() if isinstance(column, Key)),
            tuple(column for column in columns.values() if not isinstance(column, Key)),
        )
        for name, columns in merged.items()
    ]


def _views(runs: Sequence[Results]) -> dict[str, Any]:
    import pyarrow.dataset as ds  # here, because it imports pandas where that is installed: a second
    from pyarrow.fs import LocalFileSystem

    def only(run: Results) -> Any:
        named = {"run_id": run.run_id, "scenario": run.meta["scenario"], "seed": run.meta["seed"]}
        return functools.reduce(operator.and_, (ds.field(name) == value for name, value in named.items()))

    views: dict[str, Any] = {}
    parquet, files = ds.ParquetFileFormat(), LocalFileSystem()
    for table in _tables(runs):
        columns = [(key.name, _KINDS[key.kind]) for key in table.keys] + [
            (m.name, pa.float64()) for m in table.measures
        ]
        fragments = [
            parquet.make_fragment(str(run.folder / part["file"]), files, partition_expression=only(run))
            for run in runs
            for part in run.parts.get(table.name, ())
        ]
        views[table.name] = ds.FileSystemDataset(fragments, pa.schema([*_RUN.items(), *columns]), parquet, files)
    words = {"run_id": pl.String, "scenario": pl.String, "country": pl.String, "seed": pl.Int64, "scale": pl.Float64}
    words |= {"engine": pl.String, "starts": pl.String, "ends": pl.String, "source_hash": pl.String}
    words |= {"pack_hash": pl.String, "content_digest": pl.String}
    frame = pl.DataFrame(
        [{**run.meta, "starts": run.meta["from"], "ends": run.meta["to"]} for run in runs], schema=words, orient="row"
    )
    views["runs"] = frame.with_columns(pl.col("starts", "ends").str.to_date()).to_arrow()
    parameters = [
        (run.run_id, name, value if isinstance(value, str) else json.dumps(value), _number(value))
        for run in runs
        for name, value in sorted(run.meta["parameters"].items())
    ]
    words = {"run_id": pl.String, "parameter": pl.String, "value": pl.String, "number": pl.Float64}
    views["parameters"] = pl.DataFrame(parameters, schema=words, orient="row").to_arrow()
    measures = [(t.name, m.name, m.unit, m.kind, m.description) for t in _tables(runs) for m in t.measures]
    names = ["in_table", "measure", "unit", "kind", "description"]
    views["measures"] = pl.DataFrame(measures, schema=names, orient="row").to_arrow()
    return views


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None


def _tidy(table: Table) -> str:
    measures = ", ".join(f'"{measure.name}"' for measure in table.measures)
    return f'CREATE VIEW "{table.name}_tidy" AS UNPIVOT "{table.name}" ON {measures} INTO NAME measure VALUE value'
