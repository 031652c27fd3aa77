"""Where numbers come from: the sources a pack cites, graded, and grouped by independence."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from greyspace.errors import InputError
from greyspace.evidence.yamlfile import read_blocks, sentences


class Strict(BaseModel):
    """A block of YAML in which an unknown key is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class Source(Strict):
    """One document. reliability follows the Admiralty letters: A reliable ... E unreliable, F cannot be judged.

    group: sources of one group repeat one another, so that two of them count as one voice.
    """

    title: str = Field(min_length=1)
    author: str = Field(min_length=1)
    publisher: str = Field(min_length=1)
    date: str = Field(pattern=r"^(\d{4}(-\d{2}(-\d{2})?)?|undated)$")
    kind: Literal["census", "survey", "report", "press", "paper", "standard", "dataset", "encyclopedia", "testimony"]
    reliability: Literal["A", "B", "C", "D", "E", "F"]
    group: str = Field(pattern=r"^[a-z0-9_]+$")
    url: str | None = None
    note: str | None = None


class Evidence(Strict):
    """What one source says of one number. grade: its Admiralty grade, a letter and a digit such as B2."""

    source: str
    locator: str = Field(min_length=1)
    says: str = Field(min_length=1)
    grade: str = Field(pattern=r"^[A-F][1-6]$")
    directness: Literal["measured", "reported", "analogy", "expert"]


def read_sources(folder: Path) -> tuple[dict[str, Source], list[str]]:
    """Read `folder`/*.yaml (id: source): the sources, and in words what is wrong with the others."""
    found: dict[str, Source] = {}
    problems: list[str] = []
    for path, key, block in read_blocks(folder, problems):
        where = f"{path}, {key}"
        if key in found:
            problems.append(f"{where}: a source with this id stands in another file already.")
            continue
        try:
            found[str(key)] = Source.model_validate(_dates_as_text(block))
        except ValidationError as error:
            problems += sentences(where, error)
    return found, problems


def load_sources(folder: Path | str) -> dict[str, Source]:
    """Read the sources of a folder, by id. Raises InputError with the first problem."""
    found, problems = read_sources(Path(folder))
    if problems:
        raise InputError(problems[0])
    return found


def unknown_sources(where: str, evidence: Iterable[Evidence], sources: dict[str, Source]) -> list[str]:
    """Say, in words, which cited sources do not exist, or carry another letter than their citation."""
    problems = []
    for item in evidence:
        if item.source not in sources:
            problems.append(f"{where}: source '{item.source}' is not in sources/; add it there or correct the id.")
        elif item.grade[0] != sources[item.source].reliability:
            allowed = sources[item.source].reliability
            problems.append(
                f"{where}: grade {item.grade} of '{item.source}' must begin with the source's reliability {allowed}."
            )
    return problems


def _dates_as_text(block: object) -> object:
    """YAML reads 2024-04-16 as a date and 2012 as a number; a source's date is text of any precision."""
    if isinstance(block, dict) and block.get("date") is not None:
        return {**block, "date": str(block["date"])}
    return block
