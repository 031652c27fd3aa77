"""Who makes, sells and brings what the devices of a country are built of: a graph of organisations, parts and ways in.

Organisations and products only; no person has a place in it. A device needs parts, each of which somebody makes; who
makes it abroad is reached by a way in. A device can be mended while each of its parts has a maker who can be reached.
A maker whom sources only suspect counts, since nobody can say that he is not the one: what the graph says is what can
still be mended as far as is known.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from greyspace.errors import InputError
from greyspace.evidence import Evidence, Source, Strict, read_yaml, sentences, unknown_sources

FILE = "chain.yaml"
"""In the folder of a pack; a pack may go without."""

KINDS = ("device", "part", "organisation", "way_in")
TIES = {
    "needs": ("device", "part"),
    "makes": ("organisation", "part"),
    "sells": ("organisation", "part"),
    "comes_by": ("organisation", "way_in"),
}
"""Each kind of tie, and what it leads from and to. Who sells is told; what is mended hangs on who makes."""


class Thing(Strict):
    """A node. ``system``: the system of the model whose equipment a device is. ``country``: two letters, ISO 3166.

    ``lasting``: a part that can be copied and does not wear, such as software; a repair does not wait for its maker.
    """

    kind: Literal["device", "part", "organisation", "way_in"]
    name: str = Field(min_length=1)
    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    system: str | None = None
    lasting: bool = False
    note: str | None = None


class Tie(Strict):
    """An edge, and what one source says of it."""

    kind: Literal["needs", "makes", "sells", "comes_by"]
    giver: str = Field(alias="from")
    taker: str = Field(alias="to")
    evidence: Evidence


@dataclass(frozen=True)
class Chain:
    """The whole graph; things by id, in the order of the file."""

    things: dict[str, Thing]
    ties: tuple[Tie, ...]

    def of(self, kind: str) -> list[str]:
        """Ids of the things of one kind."""
        return [name for name, thing in self.things.items() if thing.kind == kind]

    @cached_property
    def _to(self) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for tie in self.ties:
            found.setdefault((tie.kind, tie.giver), []).append(tie.taker)
        return found

    def parts(self, device: str) -> list[str]:
        """What a device needs."""
        return self._to.get(("needs", device), [])

    def makers(self, part: str, lost: Collection[str] = ()) -> list[str]:
        """Who makes a part and can be reached, with some things ``lost``."""
        if part in lost:
            return []
        makers = [tie.giver for tie in self.ties if tie.kind == "makes" and tie.taker == part]
        return [maker for maker in makers if maker not in lost and self._reached(maker, lost)]

    def _reached(self, maker: str, lost: Collection[str]) -> bool:
        ways = self._to.get(("comes_by", maker), [])
        return not ways or any(way not in lost for way in ways)

    def lacks(self, device: str, lost: Collection[str] = ()) -> list[str]:
        """Parts that wear and that nobody known can supply, with some things ``lost``; none: it can be mended."""
        wearing = [part for part in self.parts(device) if not self.things[part].lasting]
        return [part for part in wearing if not self.makers(part, lost)]

    def decisive(self, device: str) -> list[str]:
        """The organisations and ways in without which, each by itself, the device can no longer be mended."""
        return [name for name in (*self.of("organisation"), *self.of("way_in")) if self.lacks(device, [name])]

    def known(self, name: str) -> str:
        """The id of a thing that can fall out, by id or name. InputError with those that there are."""
        for key, thing in self.things.items():
            if thing.kind != "device" and name.lower() in (key, key.replace("_", " "), thing.name.lower()):
                return key
        allowed = ", ".join((*self.of("organisation"), *self.of("way_in"), *self.of("part")))
        raise InputError(f"'{name}' is nothing of the supply graph that could fall out (allowed: {allowed}).")


def read_chain(folder: Path, sources: dict[str, Source]) -> tuple[Chain | None, list[str]]:
    """The graph of a pack's folder, None where it has none; and in words what is wrong with it."""
    path = folder / FILE
    if not path.exists():
        return None, []
    try:
        blocks = read_yaml(path)
    except InputError as error:
        return None, [str(error)]
    problems = [f"{path}: {key} is not known here (allowed: things, ties)." for key in blocks if key not in _TOP]
    things: dict[str, Thing] = {}
    named = blocks.get("things") or {}
    if not isinstance(named, dict):
        problems.append(f"{path}, things: names with what they are are needed, not a {type(named).__name__}.")
        named = {}
    for key, block in named.items():
        try:
            things[str(key)] = Thing.model_validate(block)
        except ValidationError as error:
            problems += sentences(f"{path}, things.{key}", error)
    ties: list[Tie] = []
    given = blocks.get("ties") or []
    if not isinstance(given, list):
        problems.append(f"{path}, ties: a list is needed, not a {type(given).__name__}.")
        given = []
    for number, block in enumerate(given, 1):
        where = f"{path}, tie {number}"
        try:
            tie = Tie.model_validate(block)
        except ValidationError as error:
            problems += sentences(where, error)
            continue
        problems += unknown_sources(where, [tie.evidence], sources)
        problems += _misplaced(where, tie, things)
        ties.append(tie)
    for name, thing in things.items():
        if thing.kind == "part" and not any(tie.kind == "makes" and tie.taker == name for tie in ties):
            problems.append(f"{path}, things.{name}: nobody makes this part; name who does, be it only suspected.")
        if thing.kind == "device" and not any(tie.giver == name for tie in ties):
            problems.append(f"{path}, things.{name}: a device needs at least one part.")
    return Chain(things, tuple(ties)), problems


_TOP = ("things", "ties")


def _misplaced(where: str, tie: Tie, things: dict[str, Thing]) -> list[str]:
    found = []
    for end, name, kind in zip(("from", "to"), (tie.giver, tie.taker), TIES[tie.kind], strict=True):
        if name not in things:
            found.append(f"{where}, {end}: '{name}' is not among the things (allowed: {', '.join(things)}).")
        elif things[name].kind != kind:
            found.append(f"{where}, {end}: '{name}' is a {things[name].kind} where a {kind} is needed ({tie.kind}).")
    return found
