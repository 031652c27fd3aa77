"""Facts that what comes out is held against: which quantity, when, how near is near, and what each was used for.

A pack's file ``targets.yaml`` holds them as data. No run reads it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from greyspace.country import Pack
from greyspace.errors import InputError
from greyspace.evidence import Evidence, Strict, known_id, read_yaml, sentences, unknown_sources
from greyspace.study.claims import Number, Window
from greyspace.study.quantities import Quantity, quantity
from greyspace.study.totals import Span, Totals

FILE = "targets.yaml"

ROLES = {
    "put in": "numbers of the pack were set by it, so that agreement shows nothing",
    "fit": "no number was set by it; calibration may use it",
    "held out": "no number was set by it, and calibration may not use it",
}
"""What a target is used for."""


class Target(Strict):
    """One fact, as a quantity of the model. ``fact``: id of a parameter with its evidence; else ``value`` with its own.

    ``tolerance``: how far off still counts as agreement: a difference in the unit of the quantity, or a factor where it
    is ``as: ratio``.
    """

    id: str
    says: str = Field(min_length=1)
    quantity: str
    window: str
    fact: str | None = None
    times: Number = 1.0
    plus: Number = 0.0
    value: Number | None = None
    evidence: tuple[Evidence, ...] = ()
    derivation: str | None = None
    bound: Literal["about", "at least", "at most"]
    tolerance: Number
    kind: Literal["difference", "ratio"] = Field(default="difference", alias="as")
    role: Literal["put in", "fit", "held out"]
    because: str = Field(min_length=1)

    @field_validator("quantity")
    @classmethod
    def known(cls, name: str) -> str:
        try:
            quantity(name)
        except InputError as error:
            raise ValueError(str(error)) from None
        return name

    @model_validator(mode="after")
    def whole(self) -> "Target":
        if (self.fact is None) == (self.value is None):
            raise ValueError("exactly one of fact (id of a parameter) and value is needed")
        if self.value is not None and not self.evidence:
            raise ValueError("a value needs its evidence")
        least = 1.0 if self.kind == "ratio" else 0.0
        if self.tolerance <= least:
            raise ValueError(f"tolerance must be more than {least:g} as a {self.kind}, not {self.tolerance:g}")
        return self

    @property
    def of(self) -> Quantity:
        """The quantity of the model that is held against it."""
        return quantity(self.quantity)

    def told(self, pack: Pack, day: date) -> float:
        """The fact, in the unit of the quantity; a dated one as it stands on a day."""
        if self.value is not None:
            return self.value
        known = pack.parameters[self.fact or ""]
        number = known.value
        if known.values:
            number = known.values[max((when for when in known.values if when <= day), default=min(known.values))]
        assert isinstance(number, float)  # the loader has seen to it
        return number * self.times + self.plus

    def grade(self, pack: Pack) -> str:
        """The grades of its evidence, or that it is assumed."""
        if self.fact is None:
            found = self.evidence
        else:
            known = pack.parameters[self.fact]
            if known.grounds == "assumed":
                return "assumed"
            found = known.evidence
        return ", ".join(dict.fromkeys(each.grade for each in found))

    def off(self, value: float | None, told: float) -> float:
        """How many tolerances a value is off, with its sign: it agrees from -1 to 1.

        0 on the good side of a bound, infinite where there was nothing to measure.

        >>> t = Target(id="t", says="x", quantity="market/food_price", window="w", value=2, bound="at most",
        ...            tolerance=2, role="fit", because="an example", **{"as": "ratio"}, evidence=[
        ...            {"source": "s", "locator": "l", "says": "2", "grade": "B2", "directness": "measured"}])
        >>> t.off(8.0, 2.0), t.off(1.0, 2.0)
        (2.0, 0.0)
        """
        if value is None:
            return math.inf
        if self.kind == "ratio":
            distance = math.log(value / told) / math.log(self.tolerance) if value > 0 else -math.inf
        else:
            distance = (value - told) / self.tolerance
        if self.bound == "at least":
            return min(distance, 0.0)
        return max(distance, 0.0) if self.bound == "at most" else distance

    def edges(self, told: float) -> tuple[float, float]:
        """From where to where a value agrees."""
        if self.kind == "ratio":
            low, high = told / self.tolerance, told * self.tolerance
        else:
            low, high = told - self.tolerance, told + self.tolerance
        return (-math.inf if self.bound == "at most" else low), (math.inf if self.bound == "at least" else high)


@dataclass(frozen=True)
class Targets:
    """All targets of a pack. ``window``: what one history covers; ``windows``: its parts in which targets are measured.

    ``not_compared``: facts that the model has no quantity for, with the reason.
    """

    pack: Pack
    window: Window
    windows: Mapping[str, Window]
    targets: Mapping[str, Target]
    not_compared: Mapping[str, str]

    @property
    def spans(self) -> tuple[Span, ...]:
        """The windows as parts of a history, in their order."""
        return tuple((each.start, each.end) for each in self.windows.values())

    def told(self, target: Target) -> float:
        """A fact as it stands on the first day of its window, in the unit of the quantity."""
        return target.told(self.pack, self.windows[target.window].start)

    def found(self, target: Target, totals: Totals) -> float | None:
        """What a history over :attr:`spans` came to."""
        return target.of.of(totals.of_span(list(self.windows).index(target.window)))

    def off(self, target: Target, totals: Totals) -> float:
        """How many tolerances a history is off."""
        return target.off(self.found(target, totals), self.told(target))


def load_targets(pack: Pack) -> Targets:
    """The targets of a pack. InputError with the first problem, or where it has none."""
    found, problems = read_targets(pack)
    if problems:
        raise InputError(problems[0])
    if found is None:
        raise InputError(f"the pack {pack.id} has no targets: they stand in its file {FILE}.")
    return found


def read_targets(pack: Pack) -> tuple[Targets | None, list[str]]:
    """The targets of a pack, None where it has no such file, and in words what is wrong with them."""
    path = pack.folder / FILE
    if not path.is_file():
        return None, []
    try:
        blocks = read_yaml(path)
    except InputError as error:
        return None, [str(error)]
    parts = ("history", "windows", "targets", "not_compared")
    problems = [f"{path}, {key}: this key is not known here (allowed: {', '.join(parts)})." for key in blocks
                if key not in parts]  # fmt: skip
    for part in parts:
        if not isinstance(blocks.get(part, {}), dict):
            problems.append(f"{path}, {part}: expected keys with values, found '{blocks[part]}'.")
    if problems:
        return None, problems
    window = _one(path, "history", blocks.get("history", {}), Window, problems)
    windows = {
        str(key): each
        for key, block in blocks.get("windows", {}).items()
        if (each := _one(path, f"windows, {key}", block, Window, problems)) is not None
    }
    targets = {
        str(key): each
        for key, block in blocks.get("targets", {}).items()
        if (each := _one(path, f"targets, {key}", block, Target, problems, str(key))) is not None
    }
    left = {str(key): str(why) for key, why in blocks.get("not_compared", {}).items()}
    if window is None or problems:
        return None, problems
    found = Targets(pack, window, windows, targets, left)
    return found, list(_contradictions(found, path))


def _one(path: Path, where: str, block: Any, kind: type[Any], problems: list[str], name: str | None = None) -> Any:
    if not isinstance(block, dict):
        problems.append(f"{path}, {where}: expected keys with values, found '{block}'.")
        return None
    try:
        return kind.model_validate({**block, **({"id": name} if name else {})})
    except ValidationError as error:
        problems += sentences(f"{path}, {where}", error)
        return None


def _contradictions(found: Targets, path: Path) -> list[str]:
    pack, problems = found.pack, []
    if not found.targets:
        problems.append(f"{path}, targets: there is none.")
    for name, window in found.windows.items():
        if not found.window.start <= window.start <= window.end <= found.window.end:
            problems.append(
                f"{path}, windows, {name}: it must lie within the history, {found.window.start} to {found.window.end}."
            )
        if name not in {target.window for target in found.targets.values()}:
            problems.append(f"{path}, windows, {name}: no target uses this window.")
    for name, target in found.targets.items():
        where = f"{path}, targets, {name}"
        if target.window not in found.windows:
            problems.append(f"{where}: there is no window '{target.window}' (allowed: {', '.join(found.windows)}).")
            continue
        problems += unknown_sources(where, target.evidence, pack.sources)
        problems += [f"{where}, fact: {each}" for each in _no_fact(pack, target.fact)]
        if not problems and target.kind == "ratio" and found.told(target) <= 0:
            problems.append(f"{where}: a fact of {found.told(target):g} has no ratio; leave out 'as: ratio'.")
    for key in found.not_compared:
        problems += [f"{path}, not_compared: {each}" for each in _no_fact(pack, key)]
    return problems


def _no_fact(pack: Pack, key: str | None) -> list[str]:
    if key is None:
        return []
    try:
        known = pack.parameters[known_id(pack.parameters, key)]
    except InputError as error:
        return [str(error)]
    return [f"{known.id} is a word, not a number."] if known.range is None else []
