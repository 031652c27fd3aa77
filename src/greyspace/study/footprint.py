"""A synthetic person's footprint: what each system wrote down in a month, under what, and what it comes to once joined.

A person of a region and profile is drawn from the population that the month finds, and lived through it by the same
draws and odds as everybody (:mod:`greyspace.footprint.trace`). What systems keep of ordinary days is drawn at the rates
at which they keep it of the whole nation (:mod:`greyspace.footprint.habits`).

Parameters: analysis.joinable_<kind>, and whatever the month rests on.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import NOTHING, STATES, Crowd
from greyspace.contract.axes import PUNISHED
from greyspace.country import Pack
from greyspace.draws import uniforms
from greyspace.engine import Individuals
from greyspace.engine.week import FREE_AT, GONE, PROFILE, PROFILE_AND_STATUS, STATUS_AT
from greyspace.errors import InputError
from greyspace.footprint import joins, trace, unicity
from greyspace.footprint.habits import Who, had, left
from greyspace.footprint.joins import IDENTITY_OF, JOINS, Records
from greyspace.simulate.world import day_of
from greyspace.society import caution
from greyspace.society.population import household_sizes, make
from greyspace.study.months import Month, month, system_of
from greyspace.systems import SYSTEMS, Record, System

__all__ = ["Footprint", "month", "person", "profiles", "refuse_unknown", "told"]

_LIVED_TOGETHER = 64
_MOST_UNITS = 16384
"""Units that are looked through for a person of a profile: about two million persons."""

_CHOICES = 40
"""Choices of points of one trace."""

LIMITS = (
    "The model knows the day of a record, not the hour.",
    "It knows the region, and which kind of post or device; not which street, station or cell.",
    "Telephones do not travel along: what an operator knows is told of the region in which somebody lives.",
    "People have no habits of their own beyond what their profile does: no market every Tuesday, no way to work.",
    "Records name what they are kept under, never anybody: nobody here has a name, a face or a number.",
)
"""What a footprint does not resolve."""

Bools = NDArray[np.bool_]


class Told(NamedTuple):
    """A person of a crowd, followed through the month."""

    who: trace.Person
    acts: list[trace.Act]
    held: list[int]  # days
    gone_from: int  # day; far ahead if never
    word: int  # the person as the month's first Monday finds him or her


@dataclass(frozen=True)
class Followed:
    """Some persons of a crowd through a month: who they are, what they did, what of it was written down."""

    who: Who
    told: tuple[Told, ...]
    has: dict[str, Bools]  # by kind of record of ordinary days, [n]
    records: Records
    joined: dict[str, Bools]  # by join, [record]


@dataclass(frozen=True)
class Footprint:
    """One person's month; ``off``: systems whose records are left out."""

    month: Month
    seed: int
    off: frozenset[str]
    region: str
    profile: str
    followed: Followed


def profiles(pack: Pack) -> tuple[str, ...]:
    """All profiles of a country: role, sex, standing, and whether involved in trade."""
    return tuple("_".join((w.role, w.sex, w.standing, *(["involved"] * w.involved))) for w in pack.profiles)


def refuse_unknown(pack: Pack, profile: str, region: str, off: Iterable[str] = ()) -> None:
    """InputError for a profile, region or system that is not there."""
    for word, values, allowed in (
        ("--profile", [profile], profiles(pack)),
        ("--region", [region], [each.id for each in pack.regions]),
        ("--off", sorted(off), [system.NAME for system in SYSTEMS]),
    ):
        unknown = [value for value in values if value not in allowed]
        if unknown:
            near = difflib.get_close_matches(unknown[0], allowed, n=1)
            meant = f"did you mean '{near[0]}'? " if near else ""
            raise InputError(f"{word} {unknown[0]}: there is no such one; {meant}allowed: {', '.join(allowed)}.")


def person(month: Month, profile: str, region: str, seed: int, off: Iterable[str] = ()) -> Footprint:
    """Somebody of a profile and region; another ``seed`` is somebody else. InputError where there is nobody such."""
    axes, left_out = month.world.axes, frozenset(off)
    refuse_unknown(month.pack, profile, region, left_out)
    r, p = axes.regions.index(region), axes.profiles.index(profile)
    if month.persons[r, p] <= 0:
        raise InputError(f"--profile {profile}: nobody in {region} is of this profile; choose another of the two.")
    crowd, index = _somebody(month, r, p, seed)
    return Footprint(month, seed, left_out, region, profile, follow(month, crowd, [index], seed, left_out))


def _somebody(month: Month, region: int, profile: int, seed: int) -> tuple[Crowd, int]:
    """One unit, and the index in it of a person of the profile."""
    units = month.recipe.units[region]
    looked = 0
    while looked < min(_MOST_UNITS, 4 * units):
        draws = uniforms(seed, "footprint/unit", region, looked + np.arange(_LIVED_TOGETHER))
        within = np.minimum((draws[:, 0] * units).astype(np.int64), units - 1)
        serial = ((region << 24) + within).astype(np.uint32)
        made = make(month.recipe, seed, serial, np.full(len(serial), region, np.int32))
        fits = np.flatnonzero(made.persons & ((1 << STATUS_AT) - 1) == profile)
        for unit in dict.fromkeys((np.searchsorted(made.first, fits, side="right") - 1).tolist()):
            first, end = (int(at) for at in made.first[unit : unit + 2])
            mine = fits[(fits >= first) & (fits < end)] - first
            taken = int(mine[int(draws[unit, 1] * len(mine))])
            alone = Crowd(
                made.persons[first:end].copy(),
                made.serial[unit : unit + 1],
                np.array([0, end - first], np.int64),
                made.region[unit : unit + 1],
                made.news[unit : unit + 1].copy(),
            )
            return alone, taken
        looked += _LIVED_TOGETHER
    names = month.world.axes
    raise InputError(
        f"--profile {names.profiles[profile]}: among {looked} neighbourhood units of {names.regions[region]} nobody is "
        "of this profile; choose a more common one."
    )


# -- following


def follow(month: Month, crowd: Crowd, chosen: Iterable[int], seed: int, off: frozenset[str]) -> Followed:
    """Live a crowd up to and through the month, and tell of those chosen what was written down."""
    people = trace.persons_of(crowd, chosen)
    serial = np.array([crowd.serial[each.unit] for each in people], np.uint32)
    region = np.array([crowd.region[each.unit] for each in people], np.int64)
    profile = np.array([crowd.persons[each.number] & PROFILE for each in people], np.int64)
    household = np.array(_households(month, seed, serial, [each.member for each in people]), np.uint32)
    member = np.array([each.member for each in people], np.uint32)
    who = Who(serial, member, household, region, profile)
    told = _lived(month, crowd, people, seed)
    has, ordinary = _ordinary(month, who, told, seed)
    records = _sorted([ordinary, _of_acts(month, told)])
    records = records.where(~np.isin(records.system, sorted(off)))
    linked = month.stage_of(int(month.days[0])).linked
    return Followed(who, told, has, records, joins.joined(records, who, seed, month.joinable, linked))


def _households(month: Month, seed: int, serial: NDArray[np.uint32], members: list[int]) -> list[int]:
    ends = {int(unit): np.cumsum(household_sizes(month.recipe, seed, int(unit))) for unit in set(serial.tolist())}
    return [int(np.searchsorted(ends[int(s)], m, side="right")) for s, m in zip(serial, members, strict=True)]


def _lived(month: Month, crowd: Crowd, people: list[trace.Person], seed: int) -> tuple[Told, ...]:
    first, last = int(month.days[0]), int(month.days[-1])
    indices = [each.number for each in people]
    acts: list[list[trace.Act]] = [[] for _ in people]
    held: list[list[int]] = [[] for _ in people]
    gone = np.full(len(people), last + 1)
    number = {each.number: i for i, each in enumerate(people)}
    words = crowd.persons[indices]
    engine = Individuals(crowd, month.layout, seed)
    for stage in month.stages:
        for monday in stage.mondays:
            # The engine changes persons and news; units stay as they are.
            before = crowd._replace(persons=crowd.persons.copy(), news=crowd.news.copy())
            engine.advance(stage.odds, monday)
            if monday > last or monday + 6 < first:
                continue
            if monday <= first:
                words = before.persons[indices]
            for who, found, _ in trace.week(before, people, stage.odds, month.layout, seed, monday):
                acts[number[who.number]] += [act for act in found if first <= act.day <= last]
            free = [crowds[indices].astype(np.int64) >> FREE_AT for crowds in (before.persons, crowd.persons)]
            left_us = [crowds[indices] & GONE > 0 for crowds in (before.persons, crowd.persons)]
            for i in range(len(people)):
                punished = [act.day for act in acts[i] if act.state == PUNISHED and act.day >= monday]
                since = punished[-1] + 1 if punished else last + 1
                days = range(max(monday, first), min(monday + 7, last + 1))
                held[i] += [d for d in days if d < free[0][i] or since <= d < free[1][i]]
                if left_us[1][i]:
                    gone[i] = min(gone[i], first if left_us[0][i] else since)
    return tuple(Told(each, acts[i], held[i], int(gone[i]), int(words[i])) for i, each in enumerate(people))


def _ordinary(month: Month, who: Who, told: tuple[Told, ...], seed: int) -> tuple[dict[str, Bools], Records]:
    """Who can leave records of ordinary days, by kind, and those that are left; nobody does who is held or gone."""
    away = np.zeros((len(told), len(month.days)), np.bool_)
    for i, each in enumerate(told):
        away[i] = np.isin(month.days, each.held) | (month.days >= each.gone_from)
    has: dict[str, Bools] = {}
    parts = []
    for stage in month.stages:
        mine = (month.days >= stage.days[0]) & (month.days <= stage.days[1])
        if not mine.any():
            continue
        for habit, can in zip(stage.habits, had(stage.habits, seed, who), strict=True):
            has[habit.kind] = has.get(habit.kind, np.zeros_like(can)) | can
        days = month.days[mine]
        for habit, on in zip(stage.habits, left(stage.habits, seed, who, days), strict=True):
            whose, which = np.nonzero(on & ~away[:, mine])
            system, kind = np.full(len(whose), habit.system), np.full(len(whose), habit.kind)
            none = np.full(len(whose), NOTHING, np.int64)
            parts.append(Records(whose.astype(np.int64), days[which], who.region[whose], system, kind, none))
    return has, _sorted(parts)


def _of_acts(month: Month, told: tuple[Told, ...]) -> Records:
    owner, contacts = system_of(month.world), month.world.contacts
    rows: list[tuple[int, int, int, str, str, int]] = []
    for i, each in enumerate(told):
        for number, act in enumerate(each.acts):
            for met in act.met:
                if met.recorded:
                    contact = contacts[met.contact]
                    kind = contact.record if met.powered or not contact.device else "paper"
                    rows.append((i, act.day, met.place, owner[contact.name].NAME, kind, number))
    person, day, place, system, kinds, number_of = ([row[i] for row in rows] for i in range(6))
    return Records(
        np.array(person, np.int64), np.array(day, np.int64), np.array(place, np.int64),
        np.array(system, np.str_), np.array(kinds, np.str_), np.array(number_of, np.int64),
    )  # fmt: skip


def _sorted(parts: list[Records]) -> Records:
    """All of them by person and day; those of a day in the order in which they come."""
    person, day = (np.concatenate([getattr(part, of) for part in parts]) for of in ("person", "day"))
    order = np.lexsort((day, person))
    rest = [np.concatenate([getattr(part, of) for part in parts])[order] for of in Records._fields[2:]]
    return Records(person[order], day[order], *rest)


# -- as plain data


def told(found: Footprint) -> dict[str, Any]:
    """A footprint as plain data, JSON-able."""
    month, axes = found.month, found.month.world.axes
    of, records = found.followed, found.followed.records
    own = of.told[0]
    profile = month.pack.profiles[axes.profiles.index(found.profile)]
    region = month.pack.regions[axes.regions.index(found.region)]
    status = (own.word & int(PROFILE_AND_STATUS)) >> STATUS_AT
    parts = caution.parts()
    crowd = month.crowd(found.off)
    return {
        "country": month.pack.id,
        "scenario": month.scenario.id,
        "month": f"{month.first:%Y-%m}",
        "seed": found.seed,
        "off": sorted(found.off),
        "person": {
            "profile": found.profile,
            "role": profile.role,
            "sex": profile.sex,
            "standing": profile.standing,
            "involved": profile.involved,
            "region": region.id,
            "region_name": region.name,
            "region_name_ko": region.name_ko,
            "has": [kind for kind, can in of.has.items() if can[0]],
            "enrolled": bool(parts.enrolled[status]),
            "caution": int(parts.caution[status]),
            "knows_cameras": bool(parts.knows[status]),
            "held_days": [day_of(day).isoformat() for day in own.held],
            "killed_on": None if own.gone_from > month.days[-1] else day_of(own.gone_from).isoformat(),
        },
        "days": [day_of(int(day)).isoformat() for day in month.days],
        "systems": [
            {
                "id": system.NAME,
                "says": _sentence(system),
                "records": int((records.system == system.NAME).sum()),
                "on": system.NAME not in found.off,
            }
            for system in month.world.systems
        ],
        "records": [_record(found, i) for i in range(len(records.day))],
        "acts": [
            {
                "day": day_of(act.day).isoformat(),
                "act": axes.acts[act.act],
                "way": axes.ways[act.way],
                "to": None if act.destination == NOTHING else axes.regions[act.destination],
                "state": STATES[act.state],
            }
            for act in own.acts
        ],
        "joins": dict(JOINS),
        "reconstructed": {join: _reconstructed(records, put) for join, put in of.joined.items()},
        "posts": _posts(found, crowd),
        "unicity": _unicity(found, crowd),
        "limits": list(LIMITS),
    }


def _sentence(system: System) -> str:
    return " ".join(str(system.__doc__ or system.NAME).split("\n\n")[0].split())


def _record(found: Footprint, i: int) -> dict[str, Any]:
    axes, records = found.month.world.axes, found.followed.records
    system, kind, act = str(records.system[i]), str(records.kind[i]), int(records.act[i])
    said = _said(found.month, system, kind)
    return {
        "day": day_of(int(records.day[i])).isoformat(),
        "system": system,
        "kind": kind,
        "identity": IDENTITY_OF[kind],
        "what": said.what,
        "held_by": said.readable_by,
        "place": axes.regions[records.place[i]],
        "post": f"{system} {kind}",
        "act": None if act < 0 else act,
        "handle": joins.HANDLE_OF.get(kind),
        "joined": [join for join, put in found.followed.joined.items() if put[i]],
    }


_BY_HAND = {"station_gates": "station_officers", "workplace_cameras": "human_network"}
"""Whose officers write by hand where a device of a system has no power."""


def _said(month: Month, system: str, kind: str) -> Record:
    """What the system says of its records of a kind."""
    of = {each.NAME: each for each in month.world.systems}
    writer = of.get(_BY_HAND.get(system, system) if kind == "paper" else system, of[system])
    fitting = [record for record in writer.RECORDS if record.identity == IDENTITY_OF[kind]]
    if kind == "school":
        return writer.RECORDS[0]
    return fitting[0] if fitting else Record("what was written by hand", IDENTITY_OF[kind], "whoever wrote it")


def _reconstructed(records: Records, put: Bools) -> dict[str, Any]:
    days = np.unique(records.day[put & joins.tells_where(records)])
    return {"days": [day_of(int(day)).isoformat() for day in days], "records": int(put.sum())}


def trace_of(records: Records, person: int) -> unicity.Trace:
    """The points of a person's records: those that bear something that stands for one person; of one act, the first."""
    rows = np.flatnonzero((records.person == person) & np.isin(records.kind, unicity.KINDS))
    acts = records.act[rows]
    rows = rows[(acts < 0) | np.isin(np.arange(len(rows)), np.unique(acts, return_index=True)[1])]
    posts = tuple((int(records.place[i]), str(records.system[i]), str(records.kind[i])) for i in rows)
    return unicity.Trace(posts, records.day[rows], records.act[rows] < 0)


def _posts(found: Footprint, crowd: unicity.Crowd) -> list[dict[str, Any]]:
    axes, long = found.month.world.axes, {"day": 1, "week": 7, "month": len(found.month.days)}

    def others(how: str, post: unicity.Post) -> dict[str, float]:
        return {
            time: _digits(crowd.others([unicity.point(how, post, days, at_home=False)])) for time, days in long.items()
        }

    return [
        {
            "place": axes.regions[post[0]],
            "post": f"{post[1]} {post[2]}",
            "others": others("post", post),
            "others_in_region": others("region", post),
        }
        for post in dict.fromkeys(trace_of(found.followed.records, 0).posts)
    ]


def _digits(number: float) -> float:
    return float(f"{number:.4g}")


def _unicity(found: Footprint, crowd: unicity.Crowd) -> dict[str, Any]:
    month, who = found.month, found.followed.who
    trace = trace_of(found.followed.records, 0)
    ends = int(month.days[0]), int(month.days[-1])
    of = int(who.serial[0]), int(who.counter()[0])
    alone: dict[str, dict[str, list[float | None]]] = {}
    others: dict[str, dict[str, list[float | None]]] = {}
    for time in unicity.TIMES:
        alone[time], others[time] = {}, {}
        for place in unicity.PLACES:
            own = unicity.distinct(trace, *ends, time, place)
            known = [unicity.known_by(crowd, own, k, found.seed, of, _CHOICES) for k in unicity.POINTS]
            alone[time][place] = [None if each is None else round(each.alone, 6) for each in known]
            others[time][place] = [None if each is None else _digits(each.others) for each in known]
    return {
        "points": list(unicity.POINTS),
        "time": list(unicity.TIMES),
        "place": list(unicity.PLACES),
        "singled_out": alone,
        "others": others,
    }
