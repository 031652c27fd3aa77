"""A study on disk: what each run came to is kept as it ends, and put into one data set a hundred runs at a time.

``studies/<id>`` holds ``yearly/part-*.parquet`` (sums by run, year and region), ``runs/part-*.parquet`` (what each run
was) and ``study.json``. Until all runs are there it stands in ``studies/.partial/<id>``, with ``begun.json``, and with
a small file in ``pieces`` for each run of a hundred that is not complete. A part is written once, whole, from the same
runs in the same order: whoever was stopped how often, its bytes are the same.
"""

import contextlib
import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from greyspace.errors import FolderError
from greyspace.results import checkpoint
from greyspace.results.files import (
    Lock,
    checksum,
    make_folder,
    read_bytes,
    read_json,
    refusals,
    sweep,
    sync,
    write_json,
)
from greyspace.results.files import write_whole as whole
from greyspace.results.identity import plain
from greyspace.results.tables import Labels, numbers, strings

BATCH = 100
"""Runs of one part."""

FORMAT = 1
_DIGEST = b"greyspace digest"
_SIDES = ("runs", "yearly")
_BEGUN = "begun.json"

Floats = NDArray[np.float64]


class Sum(NamedTuple):
    """A column of the data set: its name, its unit, what it is, and by which column one divides it ('': by none)."""

    name: str
    unit: str
    says: str
    over: str = ""


class Told(NamedTuple):
    """A run of a study: its id, its labels, and by id the values of what was drawn (None: it has no single one)."""

    run_id: str
    scenario: str
    structure: str
    draw: int
    seed: int
    drawn: Mapping[str, float | str | None]


@dataclass(frozen=True)
class Shape:
    """How many runs a study has, and along what its data set lies."""

    runs: int
    scenarios: tuple[str, ...]
    structures: tuple[str, ...]
    regions: tuple[str, ...]
    columns: tuple[Sum, ...]

    @property
    def batches(self) -> int:
        """Parts of the data set."""
        return -(-self.runs // BATCH)

    def of_batch(self, batch: int) -> range:
        """Numbers of the runs of one part."""
        return range(batch * BATCH, min((batch + 1) * BATCH, self.runs))


def piece(run_id: str, years: Sequence[int], values: Floats, settled: bool) -> bytes:
    """What one run came to, as it is kept: ``values[year, region, column]``."""
    file = io.BytesIO()
    arrays: dict[str, NDArray[Any]] = {
        "years": np.array(years, np.int32),
        "values": np.ascontiguousarray(values, np.float64),
    }
    checkpoint.dump(file, arrays, {"run_id": run_id, "settled": settled})
    return file.getvalue()


class StudyDraft:
    """A study being made, or made, under its lock. Whatever is left without ``finish`` can be gone on with."""

    def __init__(self, root: Path, study_id: str, shape: Shape, told: Callable[[int], Told]) -> None:
        """``told`` says what a run is, by its number. FolderError: another process is at it, or the folder refuses."""
        self.shape, self.study_id = shape, study_id
        self.refused: list[str] = []
        """Sentences about files that were torn, and are made again."""
        self._told = told
        self._home = root / "studies" / study_id
        self._aside = root / "studies" / ".partial" / study_id
        make_folder(self._aside.parent)
        self._lock = Lock(self._aside.with_suffix(".lock"), f"study {study_id}")
        try:
            self.finished = self._home.is_dir()
            self.folder = self._home if self.finished else self._aside
            self._pending: dict[int, set[int]] = {}
            for name in (*_SIDES, "figures", *(() if self.finished else ("pieces",))):
                make_folder(self.folder / name)
            for left in self.folder.rglob(".*.tmp"):
                sweep(left)
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._lock.release()

    def begin(self, name: str, command: str) -> None:
        """Leave word for who lists studies: what this one is called, and what goes on with it."""
        if not self.finished:
            write_json(self.folder / _BEGUN, {"name": name, "command": command, "runs": self.shape.runs})

    # -- runs

    def missing(self) -> list[int]:
        """Numbers of the runs that are not kept yet; every file that is there is read against its checksum.

        FolderError where a file of a finished study was changed.
        """
        found: list[int] = []
        for batch in range(self.shape.batches):
            if self._has_part(batch):
                continue
            there = {number for number in self.shape.of_batch(batch) if self._has_piece(number)}
            self._pending[batch] = there
            found += [number for number in self.shape.of_batch(batch) if number not in there]
            self._settle(batch)
        return found

    def _has_part(self, batch: int) -> bool:
        there = [self._part(side, batch) for side in _SIDES]
        for path in there:
            if not path.is_file():
                if self.finished:
                    raise FolderError(f"{path} is missing: remove {self.folder} and give the command again")
                return False
            if read_part(path) is None:
                if self.finished:
                    raise FolderError(f"{path} was changed: remove {self.folder} and give the command again")
                self.refused.append(f"{path} is torn or was changed: its runs are lived again")
                for each in there:
                    sweep(each)
                return False
        for number in self.shape.of_batch(batch):  # by a kill just after the part was written
            sweep(self._piece(number))
        return True

    def _has_piece(self, number: int) -> bool:
        path = self._piece(number)
        if not path.is_file():
            return False
        loaded = checkpoint.load(read_bytes(path))
        if loaded is not None and loaded[1]["run_id"] == self._told(number).run_id:
            return True
        self.refused.append(f"{path} is torn or of another run: this one is lived again")
        sweep(path)
        return False

    def keep(self, number: int, came: bytes) -> None:
        """Keep what a run came to (:func:`piece`); the last one of a part has the part written."""
        batch = number // BATCH
        whole(self._piece(number), lambda file: file.write(came))
        self._pending.setdefault(batch, set()).add(number)
        self._settle(batch)

    def _settle(self, batch: int) -> None:
        numbers_of = self.shape.of_batch(batch)
        if len(self._pending[batch]) < len(numbers_of):
            return
        came, told = [], []
        for number in numbers_of:
            loaded = checkpoint.load(read_bytes(self._piece(number)))
            if loaded is None:
                raise FolderError(f"{self._piece(number)} was changed while it was read: give the command again")
            came.append(loaded)
            told.append(self._told(number))
        self._write("runs", batch, self._of_runs(numbers_of, told, came))
        self._write("yearly", batch, self._of_years(numbers_of, told, came))
        del self._pending[batch]
        for number in numbers_of:
            sweep(self._piece(number))

    def _piece(self, number: int) -> Path:
        return self.folder / "pieces" / f"{number:06d}"

    def _part(self, side: str, batch: int) -> Path:
        return self.folder / side / f"part-{batch:05d}.parquet"

    def _write(self, side: str, batch: int, rows: pa.Table) -> None:
        rows = rows.replace_schema_metadata({_DIGEST: _digest(rows)})
        data = pa.BufferOutputStream()
        pq.write_table(rows, data, compression="zstd", compression_level=3)
        whole(self._part(side, batch), lambda file: file.write(data.getvalue()))

    def _of_runs(self, of: range, told: Sequence[Told], came: Sequence[Any]) -> pa.Table:
        columns: dict[str, Any] = {
            "run": np.array(of, np.int32),
            "run_id": strings([each.run_id for each in told]),
            **self._labels(told, np.arange(len(told))),
            "settled": np.array([bool(facts["settled"]) for _, facts in came]),
        }
        for name in told[0].drawn:
            values = [each.drawn[name] for each in told]
            # A word, or a number; what has no single value is not a number.
            if any(isinstance(value, str) for value in values):
                columns[name] = strings([str(value) for value in values])
            else:
                columns[name] = np.array([np.nan if value is None else value for value in values], np.float64)
        return _table(columns, {})

    def _of_years(self, of: range, told: Sequence[Told], came: Sequence[Any]) -> pa.Table:
        shapes = [arrays["values"].shape[:2] for arrays, _ in came]
        run = np.repeat(np.arange(len(told)), [years * regions for years, regions in shapes])
        year = np.concatenate(
            [np.repeat(arrays["years"], shape[1]) for (arrays, _), shape in zip(came, shapes, strict=True)]
        )
        region = np.concatenate([np.tile(np.arange(shape[1]), shape[0]) for shape in shapes])
        columns: dict[str, Any] = {
            "run": np.array(of, np.int32)[run],
            **self._labels(told, run),
            "year": year,
            "region": Labels(region, self.shape.regions),
        }
        for i, column in enumerate(self.shape.columns):
            columns[column.name] = np.concatenate([arrays["values"][..., i].ravel() for arrays, _ in came])
        return _table(columns, {column.name: column for column in self.shape.columns})

    def _labels(self, told: Sequence[Told], at: NDArray[Any]) -> dict[str, Any]:
        scenarios = np.array([self.shape.scenarios.index(each.scenario) for each in told])
        structures = np.array([self.shape.structures.index(each.structure) for each in told])
        return {
            "scenario": Labels(scenarios[at], self.shape.scenarios),
            "structure": Labels(structures[at], self.shape.structures),
            "draw": np.array([each.draw for each in told], np.int32)[at],
            "seed": np.array([each.seed for each in told], np.int64)[at],
        }

    # -- the whole

    def parts(self) -> Iterator[pa.Table]:
        """The parts of the data set, one after the other."""
        for batch in range(self.shape.batches):
            rows = read_part(self._part("yearly", batch))
            if rows is None:
                raise FolderError(f"{self._part('yearly', batch)} was changed: remove {self.folder} and try again")
            yield rows

    def content_digest(self) -> str:
        """32 hex digits over all values of the data set."""
        hashed = hashlib.blake2s(digest_size=16)
        for side in _SIDES:
            for batch in range(self.shape.batches):
                hashed.update(pq.read_schema(self._part(side, batch)).metadata[_DIGEST])
        return hashed.hexdigest()

    def write(self, file: str, content: str | bytes) -> None:
        """Write one file beside the data set, whole."""
        data = content.encode() if isinstance(content, str) else content
        whole(self.folder / file, lambda out: out.write(data))

    def files(self) -> list[Path]:
        """All files but the record itself, sorted."""
        own = ("study.json", _BEGUN)
        return sorted(path for path in self.folder.rglob("*") if path.is_file() and path.name not in own)

    def finish(self, about: Mapping[str, Any]) -> Path:
        """Write the record, and put the folder in place; where it is."""
        files = {
            path.relative_to(self.folder).as_posix(): {
                "bytes": path.stat().st_size,
                "checksum": checksum(read_bytes(path)),
            }
            for path in self.files()
        }
        content = {"format": FORMAT, "study_id": self.study_id, **plain(about), "content_digest": self.content_digest()}
        columns = {column.name: column._asdict() for column in self.shape.columns}
        write_json(self.folder / "study.json", {**content, "columns": columns, "files": files})
        if not self.finished:
            sweep(self.folder / "pieces")
            sweep(self.folder / _BEGUN)
            for name in _SIDES:
                sync(self.folder / name)
            with refusals(self._home):
                self.folder.rename(self._home)
            sync(self._home.parent)
            self.folder, self.finished = self._home, True
        return self.folder


def read_study(folder: Path) -> dict[str, Any]:
    """The record of a finished study; FolderError where it was changed, or is of another layout."""
    content = read_json(folder / "study.json")
    if content.get("format") != FORMAT:
        raise FolderError(f"{folder} was written by another version of greyspace (layout {content.get('format')})")
    return content


@dataclass(frozen=True)
class StudyResults:
    """A finished study: its record ``meta``, and its files."""

    folder: Path
    meta: Mapping[str, Any]

    def glance(self) -> None:
        """FolderError where a file is missing or of another size: quick enough for a list of studies."""
        for file, about in self.meta["files"].items():
            path = self.folder / file
            if not path.is_file():
                raise FolderError(f"{path} is missing")
            if path.stat().st_size != about["bytes"]:
                raise FolderError(f"{path} was changed after it was written")

    def read(self, file: str) -> bytes:
        """One file, verified."""
        data = read_bytes(self.folder / file)
        if checksum(data) != self.meta["files"][file]["checksum"]:
            raise FolderError(f"{self.folder / file} was changed after it was written")
        return data

    def parts(self, side: str) -> list[Path]:
        """Where the parts of ``runs`` or of ``yearly`` are, in order."""
        return sorted(self.folder / file for file in self.meta["files"] if file.startswith(f"{side}/part-"))


def open_study(folder: Path) -> StudyResults:
    """The finished study in a folder; FolderError names what was changed, and says what to do."""
    try:
        found = StudyResults(folder, read_study(folder))
        found.glance()
    except FolderError as failed:
        raise FolderError(f"{failed}: remove {folder} and give the command again") from failed
    return found


@dataclass(frozen=True)
class Unfinished:
    """A study that was begun and not finished, of which ``done`` runs are kept; ``busy`` if a process is at it now."""

    study_id: str
    name: str
    command: str
    runs: int
    done: int
    busy: bool
    folder: Path


def unfinished(home: Path, names: Sequence[str]) -> Iterator[Unfinished]:
    """What is known of studies in a folder of unfinished ones; one that never left word of itself is passed over."""
    for name in names:
        folder = home / name
        with contextlib.suppress(FolderError):
            about = read_json(folder / _BEGUN)
            batches = {int(path.stem.removeprefix("part-")) for path in (folder / _SIDES[-1]).glob("part-*.parquet")}
            pieces = {int(path.name) for path in (folder / "pieces").glob("[0-9]*")}
            done = {number for number in pieces if number // BATCH not in batches}
            kept = sum(min(BATCH, about["runs"] - batch * BATCH) for batch in batches) + len(done)
            busy = Lock.held(folder.with_suffix(".lock"))
            yield Unfinished(name, about["name"], about["command"], about["runs"], kept, busy, folder)


def read_part(path: Path) -> pa.Table | None:
    """One part; None where it is not as it was written."""
    try:
        rows = pq.ParquetFile(io.BytesIO(read_bytes(path))).read()
    except (pa.ArrowException, OSError):
        return None
    return rows if (rows.schema.metadata or {}).get(_DIGEST) == _digest(rows) else None


def _digest(rows: pa.Table) -> bytes:
    """32 hex digits over the values of a table."""
    hashed = hashlib.blake2s(digest_size=16)
    hashed.update(json.dumps([rows.column_names, rows.num_rows]).encode())
    for column in rows.columns:
        for array in column.chunks:
            if pa.types.is_dictionary(array.type):
                hashed.update(json.dumps(array.dictionary.to_pylist()).encode())
                array = array.indices
            if pa.types.is_string(array.type):
                hashed.update(json.dumps(array.to_pylist()).encode())
            elif pa.types.is_boolean(array.type):
                hashed.update(np.from_dlpack(array.cast(pa.uint8())).data)
            else:
                hashed.update(np.ascontiguousarray(np.from_dlpack(array)).data)
    return hashed.hexdigest().encode()


def _table(columns: Mapping[str, Any], described: Mapping[str, Sum]) -> pa.Table:
    arrays, fields = [], []
    for name, column in columns.items():
        if isinstance(column, Labels):
            codes = numbers(np.asarray(column.codes, np.int32), pa.int32())
            array: Any = pa.DictionaryArray.from_arrays(codes, strings(list(column.names)))
        elif isinstance(column, pa.Array):
            array = column
        elif column.dtype == np.bool_:
            array = numbers(column.astype(np.uint8), pa.uint8()).cast(pa.bool_())
        else:
            array = numbers(column, {"i4": pa.int32(), "i8": pa.int64(), "f8": pa.float64()}[column.dtype.str[1:]])
        about = described.get(name)
        words = None if about is None else {"description": about.says, "unit": about.unit, "over": about.over}
        arrays.append(array)
        fields.append(pa.field(name, array.type, nullable=False, metadata=words))
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))
