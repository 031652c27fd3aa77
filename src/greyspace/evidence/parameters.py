"""Parameters as evidence: each number with unit, range, distribution, and where it comes from."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError, field_validator, model_validator

from greyspace.errors import InputError
from greyspace.evidence.sources import Evidence, Strict
from greyspace.evidence.yamlfile import read_blocks, read_yaml, sentences

Value = float | str
Number = Annotated[float, Field(allow_inf_nan=False)]


class Pert(Strict):
    """A hump between low and high, highest at mode, with four times the weight on the mode."""

    kind: Literal["pert"]
    low: Number
    mode: Number
    high: Number

    @model_validator(mode="after")
    def ordered(self) -> "Pert":
        if not (self.low <= self.mode <= self.high and self.low < self.high):
            raise ValueError(
                f"low <= mode <= high is needed, with low < high, not {self.low}, {self.mode}, {self.high}"
            )
        return self


class Uniform(Strict):
    """Each value between low and high as likely as any other."""

    kind: Literal["uniform"]
    low: Number
    high: Number

    @model_validator(mode="after")
    def ordered(self) -> "Uniform":
        if not self.low < self.high:
            raise ValueError(f"low < high is needed, not {self.low}, {self.high}")
        return self


class LogUniform(Strict):
    """Each ratio between low and high as likely as any other."""

    kind: Literal["loguniform"]
    low: Number
    high: Number

    @model_validator(mode="after")
    def ordered(self) -> "LogUniform":
        if not 0 < self.low < self.high:
            raise ValueError(f"0 < low < high is needed, not {self.low}, {self.high}")
        return self


class Choice(Strict):
    """Each option as likely as any other."""

    kind: Literal["choice"]
    options: tuple[Number, ...] | tuple[str, ...] = Field(min_length=2)


Distribution = Annotated[Pert | Uniform | LogUniform | Choice, Field(discriminator="kind")]


def _number_or_word(value: object) -> Value | None:
    """One check in place of a union of types, which would report one mistake twice."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"a number or a word is needed, not {value}")
    return float(value)


class Parameter(Strict):
    """One number or word about the world, with what is known of it.

    value holds for a whole run; values hold each from its date on. range gives the limits that nothing may leave.
    Without evidence it must say `status: assumed` and why; `role: lever` marks a setting, not a fact.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")
    file: str
    description: str = Field(min_length=1)
    unit: str = Field(min_length=1)
    value: Annotated[Any, BeforeValidator(_number_or_word)] = None
    values: dict[date, Number] | None = None
    distribution: Distribution | None = None
    range: tuple[Number, Number] | None = None
    options: tuple[str, ...] | None = None
    evidence: tuple[Evidence, ...] = ()
    derivation: str | None = None
    status: Literal["assumed"] | None = None
    why: str | None = None
    aliases: tuple[str, ...] = ()
    role: Literal["lever"] | None = None

    @field_validator("values")
    @classmethod
    def dated_in_order(cls, values: dict[date, float] | None) -> dict[date, float] | None:
        return None if values is None else dict(sorted(values.items()))

    @model_validator(mode="after")
    def whole(self) -> "Parameter":
        if (self.value is None) == (not self.values):
            raise ValueError("exactly one of value and values is needed")
        if isinstance(self.value, str):
            if not self.options or self.range:
                raise ValueError("a word needs options (the words allowed) and no range")
        elif self.range is None or self.options:
            raise ValueError("a number needs range: [least, most] and no options")
        elif not self.range[0] <= self.range[1]:
            raise ValueError(f"range must be [least, most], not {list(self.range)}")
        for value in self.values.values() if self.values else (self.value,):
            self.refuse_outside(value)
        if self.distribution is not None:
            self._check_distribution()
        self._check_grounds()
        return self

    def refuse_outside(self, value: object) -> None:
        """Raise ValueError, naming what is allowed, for a value that this parameter cannot take."""
        if self.options is not None:
            if value not in self.options:
                raise ValueError(f"'{value}' is not allowed; allowed: {', '.join(self.options)}")
            return
        assert self.range is not None
        low, high = self.range
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ValueError(f"'{value}' is not a number; allowed: {low:g} to {high:g} ({self.unit})")
        if not low <= value <= high:
            raise ValueError(f"{value:g} is outside the range; allowed: {low:g} to {high:g} ({self.unit})")

    def _check_distribution(self) -> None:
        if self.values:
            raise ValueError("dated values have no distribution; their uncertainty is a parameter of its own")
        if self.role == "lever":
            raise ValueError("a lever is set, not uncertain: it has no distribution")
        if isinstance(self.distribution, Choice):
            if self.value not in self.distribution.options:
                raise ValueError(f"the value {self.value} is not among the options of the distribution")
            ends: tuple[Value, ...] = self.distribution.options
        else:
            assert self.distribution is not None
            ends = (self.distribution.low, self.distribution.high)
            if isinstance(self.value, str) or self.value is None or not ends[0] <= self.value <= ends[1]:
                raise ValueError(f"the value {self.value} is outside the distribution, {ends[0]} to {ends[1]}")
        for end in ends:
            self.refuse_outside(end)

    def _check_grounds(self) -> None:
        if self.role == "lever":
            if self.evidence or self.status or not self.why:
                raise ValueError("a lever has why (what it does), and neither evidence nor status")
        elif self.status == "assumed":
            if not self.why:
                raise ValueError("an assumption needs why: what it rests on")
        elif not self.evidence:
            raise ValueError("without evidence it must say status: assumed, and why")

    @property
    def grounds(self) -> str:
        """How it is known: sourced, derived (from sources, by a stated step), assumed or lever."""
        if self.role == "lever":
            return "lever"
        if self.status == "assumed":
            return "assumed"
        return "derived" if self.derivation else "sourced"


@dataclass(frozen=True)
class ParameterSet(Mapping[str, Parameter]):
    """All parameters of a pack by id (`topic.key`), in the order of the sorted files; old ids in `aliases`.

    `joint`: settings that belong together, one of which a draw takes in place of the distributions of what they name.
    """

    by_id: dict[str, Parameter]
    aliases: dict[str, str]
    joint: tuple[Mapping[str, Value], ...] = ()

    def __getitem__(self, key: str) -> Parameter:
        return self.by_id[self.aliases.get(key, key)]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_id)

    def __len__(self) -> int:
        return len(self.by_id)


def read_parameters(folder: Path) -> tuple[ParameterSet, list[str]]:
    """Read `folder`/<topic>.yaml: the parameters, and in words what is wrong with the others."""
    by_id: dict[str, Parameter] = {}
    problems: list[str] = []
    for path, key, block in read_blocks(folder, problems):
        where = f"{path}, {key}"
        if not isinstance(block, dict):
            problems.append(f"{where}: expected keys such as description, unit and value, found '{block}'.")
            continue
        try:
            parameter = Parameter.model_validate({**block, "id": f"{path.stem}.{key}", "file": path.name})
        except ValidationError as error:
            problems += sentences(where, error)
            continue
        by_id[parameter.id] = parameter
    aliases: dict[str, str] = {}
    for parameter in by_id.values():
        for old in parameter.aliases:
            if old in by_id or old in aliases:
                problems.append(
                    f"{folder}/{parameter.file}, {parameter.id}: alias '{old}' is taken by another parameter."
                )
            aliases[old] = parameter.id
    return ParameterSet(by_id, aliases), problems


def read_joint(path: Path, parameters: ParameterSet) -> tuple[tuple[Mapping[str, Value], ...], list[str]]:
    """Read a file of settings that belong together (`draws`, a list), and in words what is wrong with it."""
    if not path.is_file():
        return (), []
    try:
        draws = read_yaml(path).get("draws")
    except InputError as error:
        return (), [str(error)]
    if not isinstance(draws, list) or not draws or not all(isinstance(each, dict) and each for each in draws):
        return (), [f"{path}, draws: expected a list of settings, each with ids of parameters and their values."]
    problems: list[str] = []
    named = set(draws[0])
    for number, each in enumerate(draws, 1):
        where = f"{path}, draw {number}"
        if set(each) != named:
            problems.append(f"{where}: it sets other parameters than the first; all must set the same.")
        for key, value in each.items():
            if key not in parameters.by_id or parameters.by_id[key].distribution is None:
                problems.append(f"{where}: '{key}' is no uncertain parameter of this pack.")
                continue
            try:
                parameters.by_id[key].refuse_outside(value)
            except ValueError as error:
                problems.append(f"{where}, {key}: {error}.")
    found = tuple({key: of if isinstance(of, str) else float(of) for key, of in each.items()} for each in draws)
    return (found, []) if not problems else ((), problems)


def load_parameters(folder: Path | str) -> ParameterSet:
    """Read the parameters of a folder. Raises InputError with the first problem, or when there are none."""
    found, problems = read_parameters(Path(folder))
    if problems:
        raise InputError(problems[0])
    if not found:
        raise InputError(f"{folder}: no parameters here; a pack has one YAML file a topic in parameters/.")
    return found


def uncertain(parameters: ParameterSet) -> list[str]:
    """Ids of the parameters that have a distribution, in the order of the set."""
    return [key for key, parameter in parameters.items() if parameter.distribution is not None]


def quantile(parameter: Parameter, u: float) -> Value:
    """The value below which a share u of the parameter's distribution lies; 0 < u < 1.

    >>> from greyspace.evidence import Parameter
    >>> p = Parameter(id="a.b", file="a.yaml", description="x", unit="days", value=3, range=(0, 9), status="assumed",
    ...               why="example", distribution={"kind": "uniform", "low": 2, "high": 6})
    >>> quantile(p, 0.25)
    3.0
    """
    if not 0 < u < 1:
        raise ValueError(f"u must lie between 0 and 1, not {u}")
    match parameter.distribution:
        case Uniform(low=low, high=high):
            return low + (high - low) * u
        case LogUniform(low=low, high=high):
            return float(low * (high / low) ** u)
        case Choice(options=options):
            return options[int(u * len(options))]
        case Pert(low=low, mode=mode, high=high):
            from scipy.special import betaincinv

            width = high - low
            return float(low + width * betaincinv(1 + 4 * (mode - low) / width, 1 + 4 * (high - mode) / width, u))
    raise ValueError(f"{parameter.id} has no distribution")


def counts(parameters: ParameterSet) -> dict[str, int]:
    """How many parameters are sourced, derived, assumed, and levers."""
    found = {"sourced": 0, "derived": 0, "assumed": 0, "lever": 0}
    for parameter in parameters.values():
        found[parameter.grounds] += 1
    return found
