"""Claims of the documents as experiments, declared before anything is run.

A pack's folder ``claims`` holds them as data: ``experiments.yaml`` has the windows, arms and alternative structures;
every other file has claims by their permanent id. What is declared has a hash, printed before the histories begin and
kept with the verdict.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from greyspace.country import Pack, Scenario
from greyspace.errors import InputError
from greyspace.evidence import Strict, known_id, read_yaml, resolve, sentences
from greyspace.evidence.resolve import Setting
from greyspace.results.identity import canonical
from greyspace.study.quantities import Quantity, quantity
from greyspace.systems import SYSTEMS

FOLDER = "claims"
EXPERIMENTS = "experiments.yaml"
"""The file that holds no claims, but what their experiments are made of."""

LABELS = {
    "built-in": "what the claim asserts was put into the model; a run can only repeat it",
    "conditional": "it follows from mechanisms that were put in, if their numbers are so; how much is worked out",
    "emergent": "no part of the model says it; it comes about, or not, when the parts work on one another",
    "not-expressible": "the model has no place for it; it stays in the list with the reason",
}
"""What a claim is to the model."""

Number = Annotated[float, Field(allow_inf_nan=False)]


class Window(Strict):
    """A time that histories cover. since: the day from which they are counted. people: whether anybody lives in it."""

    says: str = Field(min_length=1)
    start: date = Field(alias="from")
    end: date = Field(alias="to")
    since: date | None = None
    people: bool = True

    @model_validator(mode="after")
    def in_order(self) -> "Window":
        if not self.start <= self.counted <= self.end:
            raise ValueError(f"from <= since <= to is needed, not {self.start}, {self.counted}, {self.end}")
        return self

    @property
    def counted(self) -> date:
        """The day from which it is counted."""
        return self.since or self.start


class Arm(Strict):
    """One kind of history: a scenario in a window, ``without`` some systems, with settings.

    start: the day from which the settings hold; None: they always did.
    """

    says: str = Field(min_length=1)
    window: str
    scenario: str = "history"
    sets: dict[str, Number | str] = Field(default_factory=dict)
    start: date | None = Field(default=None, alias="from")
    without: tuple[str, ...] = ()

    def settings(self) -> dict[str, Setting]:
        """What the plan of this arm sets over its scenario."""
        if self.start is None:
            return dict(self.sets)
        return {key: {self.start: of} if isinstance(of, float) else of for key, of in self.sets.items()}


class Structure(Strict):
    """An alternative structure: settings put in place of what is drawn, under every arm that does not set them."""

    says: str = Field(min_length=1)
    sets: dict[str, Number | str]


class Test(Strict):
    """One comparison. A claim with several holds where all of them do.

    ``one arm``: the quantity less ``against``, a number or another quantity of the same arm. ``two arms``: second less
    first. ``sweep``: last less first, and no step the other way. ``factorial``: arms a, b, c, d; (d - c) - (b - a).
    ``as: percent`` takes differences in percent of the first arm. ``least``, of the effect in its direction, counts;
    less than nothing says how far it may go the other way.
    """

    __test__ = False  # no test of pytest

    quantity: str
    design: Literal["one arm", "two arms", "sweep", "factorial"]
    arms: tuple[str, ...]
    direction: Literal["up", "down"]
    least: Number
    kind: Literal["difference", "percent"] = Field(default="difference", alias="as")
    against: Number | str | None = None

    @field_validator("quantity")
    @classmethod
    def known(cls, name: str) -> str:
        return _known(name)

    @model_validator(mode="after")
    def whole(self) -> "Test":
        wanted = {"one arm": 1, "two arms": 2, "factorial": 4}
        if self.design == "sweep":
            if len(self.arms) < 3:
                raise ValueError(f"a sweep has three arms or more, not {len(self.arms)}")
        elif len(self.arms) != wanted[self.design]:
            raise ValueError(f"{self.design} has {wanted[self.design]} arms, not {len(self.arms)}")
        if (self.against is None) == (self.design == "one arm"):
            raise ValueError("against (a number or a quantity) is for one arm, and needed there")
        if isinstance(self.against, str):
            _known(self.against)
        return self

    @property
    def of(self) -> Quantity:
        """The quantity that is compared."""
        return quantity(self.quantity)

    @property
    def given(self) -> bool:
        """Whether all that is compared was put into the model."""
        return self.of.given and (not isinstance(self.against, str) or quantity(self.against).given)

    @property
    def unit(self) -> str:
        """The unit of the effect."""
        return "%" if self.kind == "percent" else self.of.unit


class Rival(Strict):
    """Another mechanism that would give the same: the tests again with some arms replaced by others."""

    says: str = Field(min_length=1)
    replaces: dict[str, str]


class Claim(Strict):
    """One sentence of a document as an experiment. ``id`` is permanent; ``says`` is a paraphrase in other words."""

    id: str = Field(pattern=r"^[A-Z]\d{2,3}$")
    file: str
    says: str = Field(min_length=1)
    source: str
    where: str = Field(min_length=1)
    label: Literal["built-in", "conditional", "emergent", "not-expressible"]
    because: str = Field(min_length=1)
    tests: tuple[Test, ...] = ()
    counts_against: str | None = None
    rival: Rival | None = None
    contradicts: str | None = None

    @model_validator(mode="after")
    def whole(self) -> "Claim":
        if self.label == "not-expressible":
            if self.tests or self.rival:
                raise ValueError("a claim that is not expressible has no tests and no rival, only because")
        elif self.label != "built-in" and not self.tests:
            raise ValueError(f"a claim that is {self.label} needs tests")
        if self.tests and not self.counts_against:
            raise ValueError("a claim with tests needs counts_against: what would speak against it")
        if self.rival and not set(self.rival.replaces) & {arm for test in self.tests for arm in test.arms}:
            raise ValueError("rival.replaces: none of these arms is in the tests")
        return self

    @property
    def standing(self) -> str:
        """Its label; built-in also where all that its tests compare was put into the model, whatever it says."""
        if self.tests and all(test.given for test in self.tests):
            return "built-in"
        return self.label

    def arms(self) -> tuple[str, ...]:
        """The arms of its tests, each once."""
        return tuple(dict.fromkeys(arm for test in self.tests for arm in test.arms))


@dataclass(frozen=True)
class Book:
    """All claims of a pack, with what their experiments are made of."""

    windows: Mapping[str, Window] = field(default_factory=dict)
    arms: Mapping[str, Arm] = field(default_factory=dict)
    structures: Mapping[str, Structure] = field(default_factory=dict)
    claims: Mapping[str, Claim] = field(default_factory=dict)

    def declared(self, claim: Claim) -> str:
        """16 hex digits over all that is declared of a claim: itself, its arms and windows, the structures.

        >>> from greyspace.country import load_pack
        >>> book = load_claims(load_pack("dprk"))
        >>> len(book.declared(book.claims["C33"]))
        16
        """
        arms = {*claim.arms(), *(claim.rival.replaces.values() if claim.rival else ())}
        named = {name: self.arms[name] for name in sorted(arms)}
        windows = {arm.window: self.windows[arm.window] for arm in named.values()}
        told: dict[str, Any] = {"claim": claim.model_dump(mode="json", exclude={"file"})}
        for what, of in (("arms", named), ("windows", windows), ("structures", self.structures)):
            told[what] = {name: each.model_dump(mode="json") for name, each in of.items()}
        return hashlib.blake2s(canonical(told), digest_size=8).hexdigest()

    def chosen(self, ids: Iterable[str]) -> list[Claim]:
        """The claims of these ids, all where there are none. InputError for one that is not there."""
        wanted = list(dict.fromkeys(ids))
        for name in wanted:
            if name not in self.claims:
                raise InputError(f"there is no claim '{name}' (allowed: {', '.join(self.claims)}).")
        return [self.claims[name] for name in wanted or self.claims]


def load_claims(pack: Pack) -> Book:
    """The claims of a pack, checked against it. InputError with the first problem."""
    book, problems = read_claims(pack)
    if problems:
        raise InputError(problems[0])
    return book


def read_claims(pack: Pack, folder: Path | None = None) -> tuple[Book, list[str]]:
    """The claims of a pack, or of another folder, and in words what is wrong with them."""
    folder = folder or pack.folder / FOLDER
    problems: list[str] = []
    files = {path.name: _blocks(path, problems) for path in sorted(folder.glob("*.yaml"))}
    parts: dict[str, dict[str, Any]] = {"windows": {}, "arms": {}, "structures": {}}
    kinds: dict[str, type[Strict]] = {"windows": Window, "arms": Arm, "structures": Structure}
    for part, blocks in files.pop(EXPERIMENTS, {}).items():
        where = f"{folder / EXPERIMENTS}, {part}"
        if part not in parts or not isinstance(blocks, dict):
            problems.append(f"{where}: allowed are {', '.join(parts)}, each a mapping from names.")
            continue
        parts[part] = _read(blocks, kinds[part], where, problems, {})
    claims: dict[str, Any] = {}
    for name, blocks in files.items():
        for key, claim in _read(blocks, Claim, str(folder / name), problems, {"file": name}, named=True).items():
            if key in claims:
                problems.append(f"{folder / name}, {key}: this id stands in {claims[key].file} already.")
            claims[key] = claim
    claims = dict(sorted(claims.items(), key=lambda item: (item[0][1:], item[0])))
    book = Book(parts["windows"], parts["arms"], parts["structures"], claims)
    problems += _contradictions(book, pack, folder)
    return book, problems


def _blocks(path: Path, problems: list[str]) -> dict[Any, Any]:
    try:
        return read_yaml(path)
    except InputError as error:
        problems.append(str(error))
        return {}


def _read(
    blocks: Mapping[Any, Any],
    kind: type[Strict],
    where: str,
    problems: list[str],
    more: Mapping[str, str],
    named: bool = False,
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, block in blocks.items():
        if not isinstance(block, dict):
            problems.append(f"{where}, {key}: expected keys with values, found '{block}'.")
            continue
        try:
            found[str(key)] = kind.model_validate({**block, **more, **({"id": str(key)} if named else {})})
        except ValidationError as error:
            problems += sentences(f"{where}, {key}", error)
    return found


def _contradictions(book: Book, pack: Pack, folder: Path) -> list[str]:
    """Names that nothing else knows, settings that cannot be, what is declared and used by no claim."""
    problems: list[str] = []
    path = folder / EXPERIMENTS
    systems = {system.NAME for system in SYSTEMS}
    for name, arm in book.arms.items():
        where = f"{path}, arms, {name}"
        if arm.window not in book.windows:
            problems.append(f"{where}: there is no window '{arm.window}' (allowed: {', '.join(book.windows)}).")
        if arm.scenario not in pack.scenarios:
            problems.append(f"{where}: there is no scenario '{arm.scenario}' (allowed: {', '.join(pack.scenarios)}).")
        problems += [
            f"{where}, without: there is no system '{each}' (allowed: {', '.join(sorted(systems))})."
            for each in arm.without
            if each not in systems
        ]
        problems += _settings(pack, arm.settings(), f"{where}, sets")
    for name, structure in book.structures.items():
        problems += _settings(pack, structure.sets, f"{path}, structures, {name}, sets")
    used: set[str] = set()
    for claim in book.claims.values():
        where = f"{folder / claim.file}, {claim.id}"
        arms = {*claim.arms()}
        if claim.rival:
            arms |= {*claim.rival.replaces, *claim.rival.replaces.values()}
        used |= arms
        problems += [
            f"{where}: there is no arm '{arm}' (allowed: {', '.join(book.arms)})."
            for arm in sorted(arms - set(book.arms))
        ]
        if claim.source not in pack.sources:
            problems.append(f"{where}: source '{claim.source}' is not in sources/; add it there or correct the id.")
        if claim.contradicts is not None and claim.contradicts not in book.claims:
            problems.append(f"{where}, contradicts: there is no claim '{claim.contradicts}'.")
    problems += [f"{path}, arms, {name}: no claim uses this arm." for name in book.arms if name not in used]
    windows = {arm.window for arm in book.arms.values()}
    problems += [f"{path}, windows, {name}: no arm uses this window." for name in book.windows if name not in windows]
    return problems


def _settings(pack: Pack, sets: Mapping[str, Setting], where: str) -> list[str]:
    try:
        for key in sets:
            known_id(pack.parameters, key)
        resolve(pack.parameters, sets)
    except InputError as error:
        return [f"{where}: {error}"]
    return []


def scenario_of(pack: Pack, arm: Arm) -> Scenario:
    """The scenario of an arm, with the systems that the arm switches off."""
    scenario = pack.scenarios[arm.scenario]
    systems = {**scenario.systems, **dict.fromkeys(arm.without, False)}
    return scenario.model_copy(update={"systems": systems}) if arm.without else scenario


def _known(name: str) -> str:
    try:
        quantity(name)
    except InputError as error:
        raise ValueError(str(error)) from None
    return name
