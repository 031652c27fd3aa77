"""The shape that every system has: contacts, equipment, odds, what it writes down, what it tells later systems."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import FINDINGS, FOUND
from greyspace.country import Pack
from greyspace.evidence import Parameters
from greyspace.infrastructure import Infrastructure, Site

GROUPS = ("anyone", "enrolled", "not_enrolled")
"""What a contact may tell apart; ``anyone`` where it tells nothing apart."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Contact:
    """A point where a system or an officer meets a person who carries out ``act``.

    ``encounter`` is the kind of step of a route at which it is met. Contacts of one encounter and act stand for each
    other: those of a later system come first, and who does not meet them comes to those of an earlier one. ``officer``:
    which of ``institutions.OFFICERS`` decides there. ``device``: with power, a device stands behind what happens;
    without, an officer alone. ``by_enrolment``: the odds differ between those in the register and others.
    """

    name: str
    encounter: str
    act: str
    officer: str
    device: bool = False
    by_enrolment: bool = False


@dataclass(frozen=True)
class Record:
    """What a system writes down about a person: under which identity, and who can read it."""

    what: str
    identity: str
    readable_by: str


@dataclass(frozen=True)
class View:
    """What a system may read of the world in one period: weeks ``first`` to ``last`` (exclusive) of the run.

    ``published`` holds the named arrays of systems before it.
    """

    country: Pack
    p: Parameters
    day: date
    first: int
    last: int
    infrastructure: Infrastructure
    masked: Floats  # [place] share of travellers masked
    published: Mapping[str, Floats] = field(default_factory=dict)

    @property
    def places(self) -> int:
        return len(self.country.regions)

    def empty(self) -> Floats:
        """Zeros ``[place, group, powered, found]`` for one contact's odds, in the order of ``FOUND``."""
        return np.zeros((self.places, len(GROUPS), 2, len(FOUND)))


class System(Protocol):
    """What a module of this room offers; its docstring says what it is in the world and which parameters it reads."""

    @property
    def NAME(self) -> str: ...
    @property
    def CONTACTS(self) -> tuple[Contact, ...]: ...
    @property
    def RECORDS(self) -> tuple[Record, ...]: ...
    @property
    def sites(self) -> Callable[[Pack, Parameters], tuple[Site, ...]]: ...
    @property
    def publish(self) -> Callable[[View], dict[str, Floats]]: ...
    @property
    def met(self) -> Callable[[View], dict[str, Floats]]: ...  # by contact: share [place] met of those who reach it
    @property
    def odds(self) -> Callable[[View], dict[str, Floats]]: ...


def add(odds: Floats, findings: Mapping[str, Floats | float], recorded: Floats | float) -> None:
    """Add the chances of findings to one contact's odds, split into recorded and not.

    Each chance has the shape of ``odds`` without its last axis, or broadcasts to it. What an officer then makes of whom
    he has found is not a system's to say.
    """
    for finding, chance in findings.items():
        place = FINDINGS.index(finding)
        odds[..., place + len(FINDINGS)] += np.asarray(chance) * recorded
        odds[..., place] += np.asarray(chance) * (1.0 - np.asarray(recorded))
