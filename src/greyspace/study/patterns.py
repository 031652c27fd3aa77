"""Patterns that histories are held against: what must come out at an end of a scale, and what sources tell in words.

A pack's file ``patterns.yaml`` holds them as data, with the arms and windows of their histories. No run reads it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from greyspace.country import Pack
from greyspace.errors import InputError
from greyspace.evidence import Strict, known_id, read_yaml, resolve, sentences
from greyspace.study.claims import Arm, Test, Window
from greyspace.study.targets import read_targets
from greyspace.systems import SYSTEMS

FILE = "patterns.yaml"

KINDS = {
    "limit": "what must come out at an end of a scale, or which way it must go, if the reasoning put in is at work",
    "told": "what sources tell in words; nothing was set by it",
    "put in": "what sources tell and was put in, so that a run only repeats it",
}
"""What a pattern is."""


class Pattern(Strict):
    """One pattern. ``source`` and ``where`` of what is told; ``because``: how it is read.

    alone: only the model itself is held against it, since no wrong model changes what it rests on.
    """

    id: str
    says: str = Field(min_length=1)
    kind: Literal["limit", "told", "put in"]
    source: str | None = None
    where: str | None = None
    because: str | None = None
    alone: bool = False
    tests: tuple[Test, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def whole(self) -> "Pattern":
        if self.kind != "limit" and not (self.source and self.where and self.because):
            raise ValueError(f"a pattern that is {self.kind} needs source, where and because")
        return self

    def arms(self) -> tuple[str, ...]:
        """The arms of its tests, each once."""
        return tuple(dict.fromkeys(arm for test in self.tests for arm in test.arms))


@dataclass(frozen=True)
class Patterns:
    """All patterns of a pack, with what their histories are made of.

    An arm whose window is not among ``windows`` is that part of the history of the pack's targets.
    """

    windows: Mapping[str, Window] = field(default_factory=dict)
    arms: Mapping[str, Arm] = field(default_factory=dict)
    patterns: Mapping[str, Pattern] = field(default_factory=dict)

    def against(self, alone: bool) -> tuple[Pattern, ...]:
        """The patterns that the model is held against, or those that wrong models are as well."""
        return tuple(pattern for pattern in self.patterns.values() if alone or not pattern.alone)


def load_patterns(pack: Pack) -> Patterns:
    """The patterns of a pack; none where it has no such file. InputError with the first problem."""
    found, problems = read_patterns(pack)
    if problems:
        raise InputError(problems[0])
    return found


def read_patterns(pack: Pack) -> tuple[Patterns, list[str]]:
    """The patterns of a pack, and in words what is wrong with them."""
    path = pack.folder / FILE
    if not path.is_file():
        return Patterns(), []
    try:
        blocks = read_yaml(path)
    except InputError as error:
        return Patterns(), [str(error)]
    kinds: dict[str, type[Strict]] = {"windows": Window, "arms": Arm, "patterns": Pattern}
    problems, parts = [], dict[str, dict[str, Any]]()
    for part in blocks:
        if part not in kinds or not isinstance(blocks[part], dict):
            problems.append(f"{path}, {part}: allowed are {', '.join(kinds)}, each a mapping from names.")
    for part, kind in kinds.items():
        parts[part] = {}
        named = blocks.get(part)
        for key, block in (named if isinstance(named, dict) else {}).items():
            if not isinstance(block, dict):
                problems.append(f"{path}, {part}, {key}: expected keys with values, found '{block}'.")
                continue
            try:
                parts[part][str(key)] = kind.model_validate(
                    {**block, **({"id": str(key)} if part == "patterns" else {})}
                )
            except ValidationError as error:
                problems += sentences(f"{path}, {part}, {key}", error)
    found = Patterns(**parts)
    return found, problems + _contradictions(found, pack)


def _contradictions(found: Patterns, pack: Pack) -> list[str]:
    """Names that nothing else knows, settings that cannot be, what is declared and used by no pattern."""
    path, problems = pack.folder / FILE, list[str]()
    systems = {system.NAME for system in SYSTEMS}
    targets, _ = read_targets(pack)
    of_targets = targets.windows if targets else {}
    for name, arm in found.arms.items():
        where = f"{path}, arms, {name}"
        if arm.window not in {**found.windows, **of_targets}:
            allowed = ", ".join({**found.windows, **of_targets})
            problems.append(f"{where}: there is no window '{arm.window}' (allowed: {allowed}).")
        elif arm.window not in found.windows and (arm.sets or arm.without or arm.scenario != "history"):
            problems.append(f"{where}: '{arm.window}' is a window of the targets, whose history has no settings.")
        if arm.scenario not in pack.scenarios:
            problems.append(f"{where}: there is no scenario '{arm.scenario}' (allowed: {', '.join(pack.scenarios)}).")
        problems += [f"{where}, without: there is no system '{each}'." for each in arm.without if each not in systems]
        try:
            for key in arm.settings():
                known_id(pack.parameters, key)
            resolve(pack.parameters, arm.settings())
        except InputError as error:
            problems.append(f"{where}, sets: {error}")
    used: set[str] = set()
    for name, pattern in found.patterns.items():
        used |= {*pattern.arms()}
        where = f"{path}, patterns, {name}"
        if targets and name in targets.targets:
            problems.append(f"{where}: a target of targets.yaml has this name already.")
        problems += [
            f"{where}: there is no arm '{arm}' (allowed: {', '.join(found.arms)})."
            for arm in pattern.arms()
            if arm not in found.arms
        ]
        if pattern.source is not None and pattern.source not in pack.sources:
            problems.append(f"{where}: source '{pattern.source}' is not in sources/; add it there or correct the id.")
    problems += [f"{path}, arms, {name}: no pattern uses this arm." for name in found.arms if name not in used]
    windows = {arm.window for arm in found.arms.values()}
    return problems + [
        f"{path}, windows, {name}: no arm uses this window." for name in found.windows if name not in windows
    ]
