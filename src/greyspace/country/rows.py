"""CSV files read against their columns, with one sentence for whatever is wrong."""

import csv
import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from greyspace.errors import InputError
from greyspace.evidence import Evidence, Source, Strict, read_yaml, sentences, unknown_sources

Cell = Callable[[str], Any]


class Column(Strict):
    """What a column holds, and where its numbers come from. `role: key` marks names, dates and ranks."""

    description: str = Field(min_length=1)
    unit: str = Field(min_length=1)
    range: tuple[float, float] | None = None
    role: Literal["key"] | None = None
    evidence: tuple[Evidence, ...] = ()
    derivation: str | None = None
    status: Literal["assumed"] | None = None
    why: str | None = None

    @model_validator(mode="after")
    def grounded(self) -> "Column":
        if self.role == "key":
            return self
        if self.range is None or not self.range[0] <= self.range[1]:
            raise ValueError("a column of numbers needs range: [least, most]")
        if self.status == "assumed" and not self.why:
            raise ValueError("an assumption needs why: what it rests on")
        if self.status is None and not self.evidence:
            raise ValueError("without evidence it must say status: assumed, and why")
        return self


Tables = Mapping[str, Mapping[str, Column]]


def read_tables(folder: Path, sources: dict[str, Source]) -> tuple[dict[str, dict[str, Column]], list[str]]:
    """Read tables*.yaml: for each CSV file, its columns; and in words what is wrong."""
    tables: dict[str, dict[str, Column]] = {}
    problems: list[str] = []
    for path in sorted(folder.glob("tables*.yaml")):
        try:
            blocks = read_yaml(path)
        except InputError as error:
            problems.append(str(error))
            continue
        for name, columns in blocks.items():
            if name in tables:
                problems.append(f"{path}, {name}: this table is described in another file already.")
                continue
            if not isinstance(columns, dict):
                problems.append(f"{path}, {name}: expected the table's columns, found '{columns}'.")
                continue
            tables[name] = {}
            for column, block in columns.items():
                where = f"{path}, {name}, {column}"
                try:
                    tables[name][column] = Column.model_validate(block)
                except ValidationError as error:
                    problems += sentences(where, error)
                    continue
                problems += unknown_sources(where, tables[name][column].evidence, sources)
    return tables, problems


def word(text: str) -> str:
    """A short name in any script, without control characters."""
    if not text or len(text) > 80 or not text.isprintable():
        raise ValueError("is not a name (allowed: 1 to 80 printable characters)")
    return text


def identifier(text: str) -> str:
    """A name in small letters, digits and underscores."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", text):
        raise ValueError("is not an id (allowed: small letters, digits and _, a letter first, at most 40)")
    return text


def number(text: str) -> float:
    """A plain decimal number."""
    if not re.fullmatch(r"-?\d{1,12}(\.\d{1,12})?", text):
        raise ValueError("is not a number (allowed: digits with a decimal point, such as 0.25)")
    return float(text)


def whole(text: str) -> int:
    """A whole number."""
    if not re.fullmatch(r"-?\d{1,12}", text):
        raise ValueError("is not a whole number (allowed: digits only)")
    return int(text)


def yes_no(text: str) -> bool:
    """yes or no."""
    if text not in ("yes", "no"):
        raise ValueError("is neither yes nor no")
    return text == "yes"


def day(text: str) -> date:
    """An ISO date."""
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("is not a date (allowed: year-month-day, such as 2021-04-01)") from None


def one_of(*allowed: str) -> Cell:
    """A cell that holds one of a few words."""

    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"is not allowed (allowed: {', '.join(allowed)})")
        return text

    return read


def read_csv(
    folder: Path, name: str, columns: Mapping[str, Cell], keys: tuple[str, ...], tables: Tables
) -> tuple[list[dict[str, Any]], list[str]]:
    """Read folder/name, whose header must be `columns` in this order and whose `keys` no two rows share.

    A number must lie in the range its column has in tables.yaml. Returns the good rows, and what is wrong in words.
    """
    path = folder / name
    problems: list[str] = []
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return [], [f"{path}: this file is missing; a pack needs it, with columns {', '.join(columns)}."]
    except (OSError, UnicodeDecodeError):
        return [], [f"{path}: cannot be read as UTF-8 text."]
    if "\x00" in text:
        return [], [f"{path}: holds a NUL byte; expected plain comma-separated text."]
    try:
        lines = list(csv.reader(text.splitlines(), strict=True))
    except csv.Error as error:
        return [], [f"{path}: is not comma-separated text ({error})."]
    if not lines or lines[0] != list(columns):
        found = ", ".join(lines[0]) if lines else "nothing"
        return [], [f"{path}, header: expected {', '.join(columns)}, found {found[:200]}."]
    described = tables.get(name)
    if described is None:
        problems.append(f"{folder / 'tables.yaml'}: {name} is not described; add its columns with unit and evidence.")
        described = {}
    elif list(described) != list(columns):
        problems.append(f"{folder / 'tables.yaml'}, {name}: expected the columns {', '.join(columns)}, in this order.")
    if not text.endswith("\n"):
        problems.append(f"{path}: the last line has no end; the file may be cut off.")
    rows: list[dict[str, Any]] = []
    seen: dict[tuple[Any, ...], int] = {}
    for line, cells in enumerate(lines[1:], start=2):
        if len(cells) != len(columns):
            allowed = f"{len(columns)} are allowed; the file may be cut off"
            problems.append(f"{path}, line {line}: has {len(cells)} values where {allowed}.")
            continue
        row: dict[str, Any] = {}
        for (column, read), cell in zip(columns.items(), cells, strict=True):
            try:
                value = read(cell)
                _refuse_outside(value, described.get(column))
            except ValueError as error:
                problems.append(f"{path}, line {line}, {column}: '{cell[:60]}' {error}.")
            else:
                row[column] = value
        if len(row) < len(columns):
            continue
        key = tuple(row[column] for column in keys)
        if key in seen:
            what = ", ".join(cells[list(columns).index(column)] for column in keys)
            problems.append(f"{path}, line {line}, {'+'.join(keys)}: '{what}' stands on line {seen[key]} already.")
            continue
        seen[key] = line
        rows.append(row)
    return rows, problems


def _refuse_outside(value: object, column: Column | None) -> None:
    if column is None or column.range is None or isinstance(value, bool) or not isinstance(value, int | float):
        return
    low, high = column.range
    if not low <= value <= high:
        raise ValueError(f"is outside the range (allowed: {low:g} to {high:g} {column.unit})")
