"""The shape that every system has: contacts, equipment, odds, what it writes down and covers, what it tells others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import FINDINGS, FOUND, NOTHING
from greyspace.country import ACTS, PROFILES, Pack
from greyspace.draws import kernel
from greyspace.evidence import Parameters
from greyspace.infrastructure import Infrastructure, Site
from greyspace.society.acts import FALSE_PAPERS, OFFENCE
from greyspace.society.papers import FALSE

GROUPS = ("anyone", "enrolled", "not_enrolled")
"""What a contact may tell apart; ``anyone`` where it tells nothing apart."""

RECORD_KINDS = ("paper", "face", "plate", "workplace", "border")
"""How an act can be on record: written by hand, by a face or a number plate, as a picture at work or at the border."""

MONTH_DAYS = 365.25 / 12.0

Floats = NDArray[np.float64]
Chain = tuple[str, str, str]
"""Encounter, act and papers."""


@dataclass(frozen=True)
class Contact:
    """A point where a system or an officer meets a person who carries out ``act``.

    ``encounter`` is the kind of step of a route at which it is met. Contacts of one ``chain`` stand for each other:
    those of a later system come first, and who does not meet them comes to those of an earlier one. ``officer``: which
    of ``institutions.OFFICERS`` decides there. ``device``: with power, a device stands behind what happens; without, an
    officer alone. ``by_enrolment``: the odds differ between those in the register and others. ``record``: which of
    ``RECORD_KINDS`` it keeps, where it keeps any; without power a device's officer writes on paper. ``papers``: which
    of ``PAPERS`` the travellers show whom it is for; empty where they make no difference. ``teaches``: which of
    ``society.knowing.CLASSES`` who hears of a case there may learn of, besides devices. ``armed``:
    guards stop the person and may shoot, so that whoever is not let off may die.
    """

    name: str
    encounter: str
    act: str
    officer: str
    device: bool = False
    by_enrolment: bool = False
    record: str = "paper"
    papers: str = ""
    teaches: str = ""
    armed: bool = False

    @property
    def chain(self) -> Chain:
        """What contacts have in common that stand for each other."""
        return self.encounter, self.act, self.papers

    @property
    def charge(self) -> str:
        """What one is charged with whom an officer catches here: the act, or the graver offence of false papers."""
        return FALSE_PAPERS if self.papers in FALSE else self.act


@dataclass(frozen=True)
class Record:
    """What a system writes down about a person: under which identity, and who can read it."""

    what: str
    identity: str
    readable_by: str


@dataclass(frozen=True)
class View:
    """What a system may read of the world in one period: weeks ``first`` to ``last`` (exclusive) of the run.

    ``published`` holds the named arrays of systems before it. ``begun``, ``free`` and ``recorded`` are a month's acts
    in persons of the nation, as long ago as it takes to follow a record up: those begun, those that went free, and of
    these those that left a record, by where the person lives. ``knows_<class>``: share of people who know what systems
    of a class can do. What a system publishes hangs on none of these.
    """

    country: Pack
    p: Parameters
    day: date
    first: int
    last: int
    infrastructure: Infrastructure
    masked: Floats  # [place] share of travellers masked
    supply: Floats  # [place, use] share of the period's hours in which a use of electricity has supply
    published: Mapping[str, Floats] = field(default_factory=dict)
    begun: Floats = field(default_factory=lambda: np.zeros((1, len(ACTS))))  # [place, A]
    free: Floats = field(default_factory=lambda: np.zeros((1, len(ACTS))))  # [place, A]
    recorded: Floats = field(default_factory=lambda: np.zeros((1, len(ACTS), len(RECORD_KINDS))))  # [place, A, kind]
    readers_known: bool = True  # False: as those see it who do not know what the register can do
    knows_phone_and_money: Floats = field(default_factory=lambda: np.zeros(1))  # [place]
    knows_register: Floats = field(default_factory=lambda: np.zeros(1))  # [place]

    @property
    def places(self) -> int:
        return len(self.country.regions)

    def empty(self) -> Floats:
        """Zeros ``[place, group, powered, found]`` for one contact's odds, in the order of ``FOUND``."""
        return np.zeros((self.places, len(GROUPS), 2, len(FOUND)))

    def everywhere(self, *parts: tuple[Mapping[str, float], float]) -> Floats:
        """One contact's odds, where they are the same for all: of each part its findings and the share recorded, as
        :func:`add` would add them.
        """
        row = [0.0] * len(FOUND)
        for findings, recorded in parts:
            for finding, chance in findings.items():
                place = FINDINGS.index(finding)
                row[place + len(FINDINGS)] += chance * recorded
                row[place] += chance * (1.0 - recorded)
        found = np.empty((self.places, len(GROUPS), 2, len(FOUND)))
        found[:] = row
        return found

    @property
    def people(self) -> Floats:
        """``[place, profile]``: persons of the nation in the year."""
        return self.country.people_of(self.day.year)

    def persons(self, *roles: str) -> Floats:
        """``[place]``: persons of the nation in these roles."""
        return self.people[:, of_roles(*roles)].sum(axis=1)

    def supplied(self, use: int) -> Floats:
        """``[place]``: share of the period's hours in which a use of electricity has supply."""
        return self.supply[:, use]

    @property
    def careless(self) -> Floats:
        """``[place]``: of what telephones, cards and boxes would hold of acts that are not permitted, the share left.

        Those who know what these record leave them at home, or leave nothing on them.
        """
        return 1.0 - self.p.number("knowing.leaves_no_trace") * self.knows_phone_and_money

    def by_settlement(self, capital: float, urban: float, rural: float) -> Floats:
        """``[place]``: what holds in the towns of the capital, in other towns, and in the countryside."""
        return np.array([capital, urban, rural])[self.country.settlement_classes]

    def at_the_border(self, border: float, elsewhere: float) -> Floats:
        """``[place]``: what holds where one can cross to China, and elsewhere."""
        return np.where(self.country.at_the_border, border, elsewhere)


def in_turn(met: Floats, before: NDArray[np.int64]) -> Floats:
    """``[place, C]``: of those who come to an encounter, the share who meet each contact of its chain.

    ``met[place, C]``: of those who reach a contact, the share who meet it; ``before[C]``: the contact that stands in
    front of each, which comes sooner, or NOTHING.
    """
    found = np.empty(met.shape)
    _in_turn(met, before, np.empty(met.shape[1]), found)
    return found


@kernel
def _in_turn(met, before, missed, out):  # type: ignore[no-untyped-def]
    for r in range(met.shape[0]):
        for c in range(met.shape[1]):
            come = 1.0 if before[c] == NOTHING else missed[before[c]]
            out[r, c] = come * met[r, c]
            missed[c] = come * (1.0 - met[r, c])


def up_to(share: Floats, before: NDArray[np.int64]) -> Floats:
    """``[place, C]``: such shares, with those of all who stand before a contact in its chain."""
    found = share.copy()
    _up_to(before, found)
    return found


@kernel
def _up_to(before, out):  # type: ignore[no-untyped-def]
    for r in range(out.shape[0]):
        for c in range(out.shape[1]):
            if before[c] != NOTHING:
                out[r, c] += out[r, before[c]]


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
    @property
    def routine(self) -> Callable[[View], dict[str, Floats]]: ...  # by kind: records [place] of a month, of no act
    @property
    def coverage(self) -> Callable[[View], dict[str, Floats]]: ...  # by whom or what: share [place], NaN without any


@cache
def of_roles(*roles: str) -> NDArray[np.bool_]:
    """``[profile]``: who has one of these roles."""
    return np.array([who.role in roles for who in PROFILES])


def nothing(view: View) -> dict[str, Floats]:
    """What a system has to say where a question does not touch it: whom it meets, what it keeps, whom it covers."""
    return {}


def officer_at_home(act: str) -> str:
    """Who comes for an act at home: the police of the quarter, or state security for what is held to be grave.

    >>> officer_at_home("visitor"), officer_at_home("foreign_media")
    ('neighbourhood', 'security')
    """
    return "neighbourhood" if OFFENCE[act] in ("minor", "journey") else "security"


def add(odds: Floats, findings: Mapping[str, Floats | float], recorded: Floats | float) -> None:
    """Add the chances of findings to one contact's odds, split into recorded and not.

    Each chance has the shape of ``odds`` without its last axis, or broadcasts to it. What an officer then makes of whom
    he has found is not a system's to say.
    """
    alike = isinstance(recorded, float)
    for finding, chance in findings.items():
        place = FINDINGS.index(finding)
        if not (alike and recorded == 0.0):
            written = odds[..., place + len(FINDINGS)]
            written += chance * recorded
        if not (alike and recorded == 1.0):
            unwritten = odds[..., place]
            unwritten += chance * (1.0 - recorded)
