"""A finished run: its tables, what each number means, and how it came about."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from greyspace.errors import FolderError, InputError
from greyspace.results.files import checksum, read_bytes, read_json
from greyspace.results.tables import Key, Measure, Table, join

_WORD = re.compile(r"[a-z][a-z0-9_]*")
_PART = re.compile(r"[a-z][a-z0-9_]*/part-[0-9A-Za-z_-]+\.parquet")

FORMAT = 1
"""The layout of a run's folder; a folder of a later layout is refused."""


@dataclass(frozen=True)
class Results:
    """A complete run in its folder ``runs/<id>``.

    ``meta`` holds the manifest's entries (run_id, scenario, seed, parameters, versions, ...), ``facts`` (what the run
    noted about itself) and ``content_digest`` (one hash over all values).
    """

    folder: Path
    meta: Mapping[str, Any]
    tables: Mapping[str, Table]
    parts: Mapping[str, tuple[Mapping[str, Any], ...]]
    digests: Mapping[str, str]

    @property
    def run_id(self) -> str:
        return str(self.meta["run_id"])

    @property
    def measures(self) -> dict[str, Measure]:
        """Every measure by name, with its unit and description, as the run itself recorded them."""
        return {measure.name: measure for table in self.tables.values() for measure in table.measures}

    def table(self, name: str) -> pl.DataFrame:
        """One table as a Polars frame, sorted by its keys: dates as Date, words as String, measures as Float64.

        InputError if the run has no such table, FolderError if a file is missing or was changed.
        """
        if name not in self.tables:
            raise InputError(f"run {self.run_id} has no table '{name}': it has {', '.join(self.tables)}")
        whole = join(self.tables[name], [read_part(self.folder, part) for part in self.parts[name]])
        frame = cast(pl.DataFrame, pl.from_arrow(whole))
        words = [key.name for key in self.tables[name].keys if key.kind == "label"]
        return frame.with_columns(pl.col(words).cast(pl.String))

    def verify(self) -> None:
        """Read every file against its checksum; FolderError names the first that is not as it was written."""
        for parts in self.parts.values():
            for part in parts:
                _checked(self.folder, part)

    def glance(self) -> None:
        """Like ``verify``, by name and size only: quick enough for a list of many runs."""
        for parts in self.parts.values():
            for part in parts:
                path = self.folder / part["file"]
                if not path.is_file():
                    raise FolderError(f"{path} is missing")
                if path.stat().st_size != part["bytes"]:
                    raise FolderError(f"{path} was changed after it was written")


def _checked(folder: Path, part: Mapping[str, Any]) -> bytes:
    data = read_bytes(folder / part["file"])
    if checksum(data) != part["checksum"]:
        raise FolderError(f"{folder / part['file']} was changed after it was written")
    return data


def read_part(folder: Path, part: Mapping[str, Any]) -> pa.Table:
    """One file of a table, its checksum held against the run's own record."""
    return pq.ParquetFile(io.BytesIO(_checked(folder, part))).read()


def read_results(folder: Path) -> Results:
    """The run in ``folder`` as its run.json describes it; its other files are not read yet."""
    content = read_json(folder / "run.json")
    if content.get("format") != FORMAT:
        raise FolderError(f"{folder} was written by another version of greyspace (layout {content.get('format')})")
    if content["manifest"]["run_id"] != folder.name:
        raise FolderError(f"{folder} holds run {content['manifest']['run_id']}, whose folder was renamed")
    for name, described in content["tables"].items():
        columns = [column["name"] for column in (*described["keys"], *described["measures"])]
        files = [part["file"] for part in described["parts"]]
        # The names go into queries and paths: those of a folder made by someone else could be anything.
        if not all(map(_WORD.fullmatch, (name, *columns))) or not all(map(_PART.fullmatch, files)):
            raise FolderError(f"{folder / 'run.json'} names a table, column or file that no run has")
    tables = {
        name: Table(
            name,
            tuple(Key(**key) for key in described["keys"]),
            tuple(Measure(**measure) for measure in described["measures"]),
        )
        for name, described in content["tables"].items()
    }
    return Results(
        folder=folder,
        meta={**content["manifest"], "facts": content["facts"], "content_digest": content["content_digest"]},
        tables=tables,
        parts={name: tuple(described["parts"]) for name, described in content["tables"].items()},
        digests={name: described["digest"] for name, described in content["tables"].items()},
    )
