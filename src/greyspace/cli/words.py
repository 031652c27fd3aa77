"""Words of the command line that mean the same in every command, and how a number or a date is read from one."""

import datetime as dt
import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from greyspace.errors import InputError

Reader = Callable[[Any, Sequence[Any]], Any]


def whole(least: int, most: int) -> Reader:
    """Reads a whole number from least to most."""

    def read(_kind: Any, tokens: Sequence[Any]) -> int:
        name, word = tokens[0].keyword, tokens[0].value
        # int() would take '1_0', ' 1' and digits of other scripts too.
        number = int(word) if word.removeprefix("-").isdecimal() and word.isascii() and len(word) < 20 else None
        if number is None or not least <= number <= most:
            raise InputError(f"{name} {word}: allowed are whole numbers from {least} to {most}.")
        return number

    return read


def share(_kind: Any, tokens: Sequence[Any]) -> float:
    """Reads a share that is more than 0 and at most 1."""
    name, word = tokens[0].keyword, tokens[0].value
    try:
        number = float(word)
    except ValueError:
        number = -1.0
    if not 0 < number <= 1:  # nan is neither
        raise InputError(f"{name} {word}: allowed is a number more than 0 and at most 1, for example 0.004.")
    return number


def day(_kind: Any, tokens: Sequence[Any]) -> dt.date:
    """Reads a date written as 2016-01-04."""
    name, word = tokens[0].keyword, tokens[0].value
    try:
        return dt.datetime.strptime(word, "%Y-%m-%d").date()
    except ValueError:
        raise InputError(f"{name} {word}: there is no such date; write it as year-month-day, 2016-01-04.") from None


def one_of(*allowed: str) -> Reader:
    """Reads one of a few words."""

    def read(_kind: Any, tokens: Sequence[Any]) -> str:
        name, word = tokens[0].keyword, tokens[0].value
        if word not in allowed:
            raise InputError(f"{name} {word}: {unknown(word, allowed)}")
        return str(word)

    return read


def unknown(word: str, allowed: Iterable[str]) -> str:
    """What to say of a word that is none of those allowed.

    >>> unknown("histroy", ("history", "no-gates"))
    "did you mean 'history'? (allowed: history, no-gates)"
    """
    allowed = list(allowed)
    near = difflib.get_close_matches(word, allowed, n=1)
    listed = ", ".join(allowed)
    return f"did you mean '{near[0]}'? (allowed: {listed})" if near else f"allowed: {listed}."


def several(words: str | None) -> list[str]:
    """Names separated by commas.

    >>> several("year, act"), several(None)
    (['year', 'act'], [])
    """
    return [name.strip() for name in (words or "").split(",") if name.strip()]


Out = Annotated[Path, Parameter(name="--out", help="folder of results")]
Country = Annotated[str, Parameter(help="name of a country pack, or the path of its folder")]
Scenario = Annotated[str, Parameter(help="name of a scenario, or a YAML file")]
Sets = Annotated[
    tuple[str, ...], Parameter(name="--set", show_default=False, help="id=value for a parameter; may be repeated")
]
First = Annotated[dt.date, Parameter(name="--from", converter=day, help="a day of the first week")]
Last = Annotated[dt.date, Parameter(name="--to", converter=day, help="a day of the last week")]
Csv = Annotated[bool, Parameter(show_default=False, help="print comma-separated values, all rows and digits")]
Json = Annotated[bool, Parameter(show_default=False, help="print JSON, and nothing else, on the standard output")]
Quiet = Annotated[bool, Parameter(show_default=False, help="say nothing on the way")]
Threads = Annotated[
    int,
    Parameter(converter=whole(1, 256), help="cores to use: several runs take one each, a single run takes all of them"),
]
Shards = Annotated[
    int | None,
    Parameter(
        converter=whole(1, 4096),
        show_default=False,
        help="split each run's people among so many workers (extra 'cluster')",
    ),
]
Gpu = Annotated[
    bool, Parameter(show_default=False, help="let the people live on a CUDA graphics card (extra 'cuda'), not on cores")
]
Scheduler = Annotated[
    str | None,
    Parameter(show_default=False, help="address of a Dask scheduler whose workers live the shards, tcp://host:port"),
]

RESULTS = Path("results")


@dataclass(frozen=True)
class Split:
    """That each run is lived in so many shards, by processes here or by the workers of a Dask scheduler elsewhere."""

    shards: int
    scheduler: str | None

    @property
    def words(self) -> list[str]:
        """As a command says it."""
        return ["--shards", str(self.shards), *(["--scheduler", self.scheduler] if self.scheduler else [])]

    @classmethod
    def given(cls, shards: int | None, scheduler: str | None) -> "Split | None":
        """What two words of a command come to; InputError for a scheduler without shards."""
        if shards is not None:
            return cls(shards, scheduler)
        if scheduler is not None:
            raise InputError(f"--scheduler {scheduler}: say with --shards into how many parts the run is split.")
        return None


def check_apart(split: Split | None, gpu: bool) -> None:
    """InputError for shards on a card."""
    if split is not None and gpu:
        raise InputError("--gpu and --shards exclude each other: shards live on cores.")
