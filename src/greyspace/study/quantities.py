"""The quantities that a claim may be about, by name: ``ends/trade/paid@capital``.

A name is a family, what the family asks for, and, for some, whose: after ``@``. Every quantity is read from the totals
of one history and from nothing else, so that a history need not be lived again for another question.
"""

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from greyspace.contract import OUTCOMES, STATES, VERDICTS
from greyspace.contract.axes import PAID, PUNISHED, TURNED_BACK
from greyspace.country import ACTS, STANDINGS
from greyspace.errors import InputError
from greyspace.infrastructure import USES
from greyspace.institutions import ACCOUNTS, OFFICERS, RECEIVERS
from greyspace.results.tables import declared
from greyspace.simulate.measures import (
    ATTITUDE_MEASURES,
    HOUSEHOLD_MEASURES,
    MARKET_MEASURES,
    OFFICER_MEASURES,
    VENDOR_MEASURES,
)
from greyspace.society.knowing import CLASSES
from greyspace.society.papers import PAPERS as SHOWN
from greyspace.society.routes import JOURNEY_MODES, LINES, MODES
from greyspace.study.era import ENTRANCES, HANDS, ON_THE_WAY, PAPERS
from greyspace.study.gates import GROUPS
from greyspace.study.totals import CELLS, GATE_MEASURES, Floats, Totals

_PLACES: dict[str, tuple[str, ...]] = {
    "everywhere": CELLS,
    "capital": tuple(cell for cell in CELLS if cell.startswith("capital")),
    "elsewhere": tuple(cell for cell in CELLS if not cell.startswith("capital")),
    "border": tuple(cell for cell in CELLS if cell.startswith("border")),
    "towns": tuple(cell for cell in CELLS if cell.endswith("urban")),
    "countryside": tuple(cell for cell in CELLS if cell.endswith("rural")),
}
"""Whose acts, by where they live; towns with the capital."""

PLACES = tuple(_PLACES)

ENDS: dict[str, tuple[str, ...]] = {
    **{state: (state,) for state in STATES},
    "begun": STATES[PUNISHED:],
    "caught": STATES[PUNISHED : PAID + 1],
    "stopped": STATES[PUNISHED : TURNED_BACK + 1],
    "free": ("free_recorded", "free_unseen"),
    "through": ("paid", "free_recorded", "free_unseen"),
}
"""How an act can end, and what several ends are called together: through is all that is carried out in the end."""

_HOLDS = ("short", "long", "camp")

_WHO = (*PLACES, *STANDINGS)
_KINDS = (*OFFICERS, "on_the_way", "all")
_MONTHS = OFFICER_MEASURES.index("officer_months")

_JOURNEYS = {
    **{papers: tuple(MODES[m] for m in JOURNEY_MODES[:, i]) for i, papers in enumerate(SHOWN)},
    **{
        f"{line}_{papers}": (MODES[m],)
        for line, row in zip(LINES, JOURNEY_MODES, strict=True)
        for papers, m in zip(SHOWN, row, strict=True)
    },
}
"""Modes of journeys without a permit, by what is shown where papers are looked at, by rail, by road or both."""

_OF_TABLES = ("officers", "market", "households", "vendors", "attitudes")
"""Families that are the measures of a table, in its units."""

Reading = Callable[[Totals, Sequence[str], str], float | None]


class Family(NamedTuple):
    """Quantities of one form. ``keys``: what may stand at each place of the name, nothing for whatever a country has.

    ``given``: whether the world says it before anybody lives, so that a run only repeats what was put in.
    """

    name: str
    keys: tuple[tuple[str, ...], ...]
    whose: tuple[str, ...]
    unit: str
    given: bool
    description: str
    read: Reading


@dataclass(frozen=True)
class Quantity:
    """One quantity; ``of`` reads it from totals, None where there is nothing to measure."""

    name: str
    family: Family
    keys: tuple[str, ...]
    whose: str

    @property
    def unit(self) -> str:
        """Its unit."""
        if self.family.name in _OF_TABLES:
            return next(m.unit for m in declared(self.family.name).measures if m.name == self.keys[0])
        if self.family.name == "gates":
            return "gates" if self.keys[0].endswith("at_the_end") else "% of gate-time"
        return self.family.unit

    @property
    def given(self) -> bool:
        """Whether it is put in, and not worked out."""
        return self.family.given

    def of(self, totals: Totals) -> float | None:
        """Its value in a history; None where there was nobody, or nothing, to measure."""
        return self.family.read(totals, self.keys, self.whose)


def quantity(name: str) -> Quantity:
    """The quantity of a name. InputError says what is allowed.

    >>> quantity("ends/trade/paid@capital").unit
    'acts of 1,000 intents'
    """
    path, _, whose = name.partition("@")
    word, *keys = path.split("/")
    family = next((family for family in FAMILIES if family.name == word), None)
    if family is None:
        raise InputError(f"there is no quantity '{name}': {_near(word, [each.name for each in FAMILIES])}")
    if len(keys) != len(family.keys):
        raise InputError(f"quantity '{name}': {word} takes {len(family.keys)} words after it, not {len(keys)}.")
    for key, allowed in zip(keys, family.keys, strict=True):
        if allowed and key not in allowed:
            raise InputError(f"quantity '{name}', '{key}': {_near(key, allowed)}")
    if whose and whose not in family.whose:
        raise InputError(f"quantity '{name}', '@{whose}': {_near(whose, family.whose) if family.whose else 'not here'}")
    return Quantity(name, family, tuple(keys), whose or "everywhere")


def _near(word: str, allowed: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, allowed, n=1)
    return f"{f'did you mean {near[0]}? ' if near else ''}(allowed: {', '.join(allowed)})"


# -- how each is read


def _states(totals: Totals, act: str, whose: str) -> Floats | None:
    """``[state]`` of an act."""
    if whose in STANDINGS:
        rows = totals.get("by_standing", act)
        return None if rows is None else np.asarray(rows[STANDINGS.index(whose)])
    rows = totals.get("states", act)
    return None if rows is None else np.asarray(rows[[CELLS.index(cell) for cell in _PLACES[whose]]].sum(axis=0))


def _summed(states: Floats, end: str) -> float:
    return float(sum(states[STATES.index(state)] for state in ENDS[end]))


def _ends(totals: Totals, keys: Sequence[str], whose: str) -> float | None:
    states = _states(totals, keys[0], whose)
    return None if states is None else _ratio(1000.0 * _summed(states, keys[1]), float(states.sum()))


def _outcomes(totals: Totals, keys: Sequence[str], whose: str) -> float | None:
    states = _states(totals, keys[0], whose)
    return None if states is None else _ratio(1000.0 * _summed(states, keys[1]), _summed(states, "begun"))


def _number(totals: Totals, keys: Sequence[str], whose: str) -> float | None:
    states = _states(totals, keys[0], whose)
    return None if states is None else _ratio(_summed(states, keys[1]), _years(totals))


def _caught(totals: Totals, act: str) -> Floats | None:
    """``[(found, payers, kg)]`` of those caught at an act, on record or not; of all acts but permitted ones."""
    hands = totals.parts.get("hands", {})
    own = [name for name in hands if act in (name, "all") and (act != "all" or name != ACTS[0])]
    rows = [hands[name][HANDS.index(hand)] for name in own for hand in ("caught", "on_record")]
    return np.asarray(np.sum(rows, axis=0)) if rows else None


def _let_off(totals: Totals, keys: Sequence[str], whose: str) -> float | None:
    rows = _caught(totals, keys[0])
    return None if rows is None else _ratio(1000.0 * float(rows[1]), float(rows[0]))


def _price(totals: Totals, keys: Sequence[str], whose: str) -> float | None:
    rows = _caught(totals, keys[0])
    return None if rows is None else _ratio(float(rows[2]), float(rows[1]))


def _held_up(totals: Totals, keys: Sequence[str], whose: str) -> float | None:
    hands = totals.parts.get("hands", {})
    paid = sum(float(rows[HANDS.index(hand), 1]) for rows in hands.values() for hand in ("looked_over", "stopped"))
    return _ratio(1000.0 * paid, _people_years(totals)) if hands else None


def _officers(totals: Totals, keys: Sequence[str], whose: str) -> float | None:
    measure, kind = keys
    kinds = OFFICERS if kind == "all" else ON_THE_WAY if kind == "on_the_way" else (kind,)
    rows = [row for name in kinds if (row := totals.get("posts", name)) is not None]
    if not rows:
        return None
    summed = np.sum(rows, axis=0)
    return _ratio(float(summed[OFFICER_MEASURES.index(measure)]), float(summed[_MONTHS]))


def _receives(totals: Totals, keys: Sequence[str], whose: str) -> float | None:
    account = keys[0]
    moved = totals.parts.get("moved", {})
    if not moved:
        return None
    at, state = ACCOUNTS.index(account), moved["state"]
    kept = sum(float(row[at]) for row in moved.values()) - float(moved[account].sum())
    if account in ("officers", "guards"):
        kept -= float(state[at])  # wages
    elif account == "state":
        kept += float(state.sum())
    return _ratio(100.0 * kept, float(moved["payers"].sum()))


def _paid_a_year(totals: Totals, keys: Sequence[str], whose: str) -> float | None:
    moved = totals.get("moved", "payers")
    return None if moved is None else _ratio(float(moved.sum()), _people_years(totals))


def _market(totals: Totals, keys: Sequence[str], whose: str) -> float | None:
    found = totals.get("market", keys[0])
    return None if found is None else float(found)


def _households(totals: Totals, keys: Sequence[str], whose: str) -> float | None:
    found = totals.get("households", keys[0])
    return None if found is None else float(found[STANDINGS.index(keys[1])])


def _vendors(totals: Totals, keys: Sequence[str], whose: str) -> float | None:
    found = totals.get("vendors", keys[0])
    return None if found is None else float(found[STANDINGS.index(keys[1])])


def _with(totals: Totals, papers: str) -> Floats | None:
    """``[state]`` of journeys without a permit on which such papers are shown."""
    rows = totals.parts.get("journeys")
    return None if rows is None else np.asarray(np.sum([rows[mode] for mode in _JOURNEYS[papers]], axis=0))


def _journeys(totals: Totals, keys: Sequence[str], whose: str) -> float | None:
    states = _with(totals, keys[0])
    return None if states is None else _ratio(1000.0 * _summed(states, keys[1]), _summed(states, "begun"))


def _gain(totals: Totals, keys: Sequence[str], whose: str) -> float | None:
    """Less what comes through with nothing to show, by the same line."""
    line = keys[0].rpartition("_")[0]
    none = f"{line}_{SHOWN[0]}" if line else SHOWN[0]
    ours, theirs = (_journeys(totals, (of, "through"), whose) for of in (keys[0], none))
    return None if ours is None or theirs is None else ours - theirs


def _shown(totals: Totals, keys: Sequence[str], whose: str) -> float | None:
    states = _with(totals, keys[0])
    if states is None:
        return None
    every = [_with(totals, papers) for papers in SHOWN]
    return _ratio(100.0 * _summed(states, "begun"), sum(_summed(of, "begun") for of in every if of is not None))


def _knows_of(totals: Totals, keys: Sequence[str], whose: str) -> float | None:
    found = totals.get("knows_of", keys[0])
    return None if found is None else 100.0 * float(found)


def _attitudes(totals: Totals, keys: Sequence[str], whose: str) -> float | None:
    found = totals.get("attitudes", keys[0])
    return None if found is None else float(found)


def _records(totals: Totals, keys: Sequence[str], whose: str) -> float | None:
    records = totals.parts.get("records")
    if records is None:
        return None
    chosen = list(records.values()) if keys[0] == "all" else [records[keys[0]]] if keys[0] in records else []
    return _ratio(float(sum(float(of) for of in chosen)), _people_years(totals))


def _coverage(totals: Totals, keys: Sequence[str], whose: str) -> float | None:
    found = totals.get("coverage", "/".join(keys))
    if found is None:  # a system that is off covers nobody
        return 0.0 if "coverage" in totals.parts else None
    return _mean(100.0 * found[0], found[1], whose)


def _leads(totals: Totals, keys: Sequence[str], whose: str) -> float | None:
    return _a_year(totals, "leads", keys[0])


def _footprints(totals: Totals, keys: Sequence[str], whose: str) -> float | None:
    return _a_year(totals, "footprints", keys[0])


def _a_year(totals: Totals, part: str, chosen: str) -> float | None:
    """Leads of a part on an act, or on all."""
    leads = totals.parts.get(part)
    if leads is None:
        return None
    return _ratio(float(sum(float(of) for act, of in leads.items() if chosen in (act, "all"))), _years(totals))


def _network(totals: Totals, keys: Sequence[str], whose: str) -> float | None:
    share = totals.get("network", "share")
    return None if share is None else 100.0 * float(share)


def _people(totals: Totals, keys: Sequence[str], whose: str) -> float | None:
    people = totals.parts.get("people")
    if people is None:
        return None
    if keys[0] == "afraid":
        return 100.0 * float(people["caution_2"] + people["caution_3"])
    return 100.0 * float(people[keys[0]]) if keys[0] in people else None


def _ever(totals: Totals, keys: Sequence[str], whose: str) -> float | None:
    share = totals.get("ever", keys[0])
    return None if share is None else 100.0 * float(share)


def _held(totals: Totals, keys: Sequence[str], whose: str) -> float | None:
    held = totals.parts.get("held")
    if held is None:
        return None
    chosen = [held[hold] for hold in (_HOLDS if keys[0] == "all" else keys)]
    return _ratio(1000.0 * float(sum(float(of) for of in chosen)), _people_years(totals))


def _entrance(totals: Totals, keys: Sequence[str], whose: str) -> float | None:
    entrance, papers, verdict = keys
    rows = [
        row
        for name in (ENTRANCES if entrance == "all" else (entrance,))
        if (row := totals.get("entrances", f"{name}/{papers}")) is not None
    ]
    if not rows:
        return None
    row = np.sum(rows, axis=0)
    wanted = [o for o, name in enumerate(OUTCOMES) if name.partition("_")[2] == verdict]
    return _ratio(1000.0 * float(row[wanted].sum()), float(row.sum()))


def _met(totals: Totals, keys: Sequence[str], whose: str) -> float | None:
    met = {
        name: sum(float(row.sum()) for p in PAPERS if (row := totals.get("entrances", f"{name}/{p}")) is not None)
        for name in ENTRANCES
    }
    return _ratio(100.0 * met[keys[0]], sum(met.values()))


def _gates(totals: Totals, keys: Sequence[str], whose: str) -> float | None:
    measure, group = keys
    chosen = GROUPS if group == "all" else (group,)
    rows = [row for name in chosen if (row := totals.get("gates", name)) is not None]
    if not rows:
        return None
    summed = np.sum(rows, axis=0)
    if measure.endswith("at_the_end"):
        return float(summed[GATE_MEASURES.index(measure)])
    return _ratio(100.0 * float(summed[GATE_MEASURES.index(measure)]), float(summed[0]))


def _power(totals: Totals, keys: Sequence[str], whose: str) -> float | None:
    found = totals.get("power", keys[0])
    return None if found is None else _mean(found[0], found[1], whose)


def _mean(summed: Floats, persons: Floats, whose: str) -> float | None:
    own = [CELLS.index(cell) for cell in _PLACES[whose]]
    return _ratio(float(summed[own].sum()), float(persons[own].sum()))


def _years(totals: Totals) -> float:
    return float(totals.parts["span"]["years"])


def _people_years(totals: Totals) -> float:
    return _years(totals) * float(totals.parts["span"]["persons"])


def _ratio(amount: float, base: float) -> float | None:
    return amount / base if base > 0 else None


_ENDED, _ANY = tuple(ENDS), ()
_GAINS = tuple(papers for papers in _JOURNEYS if not papers.endswith(SHOWN[0]))
_OR_ALL = (*ACTS, "all")

FAMILIES: tuple[Family, ...] = (
    Family("ends", (ACTS, _ENDED), _WHO, "acts of 1,000 intents", False,
           "how many of 1,000 intents of an act end so", _ends),
    Family("outcome", (ACTS, _ENDED), _WHO, "acts of 1,000 begun", False,
           "how many of 1,000 acts that are begun end so", _outcomes),
    Family("number", (ACTS, _ENDED), _WHO, "acts a year", False, "how many acts end so in a year", _number),
    Family("let_off", (_OR_ALL,), (), "persons of 1,000 caught", False,
           "how many of those caught at an act are let off for a bribe", _let_off),
    Family("price", (_OR_ALL,), (), "kg of rice", False, "mean bribe of those let off", _price),
    Family("held_up", (), (), "persons of 1,000 a year", False,
           "how many people in whom nothing is found are made to pay", _held_up),
    Family("officers", (OFFICER_MEASURES, _KINDS), (), "that of the measure", False,
           "a measure of the table `officers`, over officers of a kind and their months", _officers),
    Family("receives", (RECEIVERS,), (), "% of all that is paid", False,
           "what stays with an account of all that people pay for bribes, tolls, fees and fines", _receives),
    Family("paid_a_year", (), (), "kg of rice a person", False,
           "what people pay in a year for bribes, tolls, fees and fines", _paid_a_year),
    Family("market", (MARKET_MEASURES,), (), "that of the measure", False, "a measure of the market", _market),
    Family("households", (HOUSEHOLD_MEASURES, STANDINGS), (), "that of the measure", False,
           "a measure of households of a standing", _households),
    Family("vendors", (VENDOR_MEASURES, STANDINGS), (), "that of the measure", False,
           "a measure of vendors of a standing", _vendors),
    Family("attitudes", (ATTITUDE_MEASURES[1:],), (), "that of the measure", False,
           "what adults think of surveillance, and what cameras do, over all adults", _attitudes),
    Family("journeys", (tuple(_JOURNEYS), _ENDED), (), "journeys of 1,000 begun", False,
           "how many of 1,000 journeys without a permit end so, by what is shown for papers", _journeys),
    Family("gain", (_GAINS,), (), "journeys of 1,000 begun", False,
           "how many more journeys come through with such a paper than with nothing to show", _gain),
    Family("shown", (tuple(_JOURNEYS),), (), "% of journeys without a permit", False,
           "share of the journeys begun without a permit on which that is shown", _shown),
    Family("records", (_ANY,), (), "records a person-year", True,
           "records of a kind, or of all kinds, about people who do nothing out of the ordinary", _records),
    Family("coverage", (_ANY, _ANY), PLACES, "%", True,
           "share, of those whom a system is for, that is under it", _coverage),
    Family("leads", (_OR_ALL,), (), "leads a year", False, "leads that analysis makes of records", _leads),
    Family("footprints", (_OR_ALL,), (), "leads a year", False,
           "leads that come of what telephones, payments, cards or boxes had kept of an ordinary day", _footprints),
    Family("network", (("share",),), (), "%", True, "share of people who belong to the human network", _network),
    Family("people", (("afraid", "knows"),), (), "%", False,
           "share of people with a caution of 2 or 3, or who know what cameras can do", _people),
    Family("ever", (("paid",),), (), "% of adults", False,
           "share of adults who would remember a bribe if life had always been so", _ever),
    Family("knows_of", (CLASSES,), (), "%", False,
           "share of people who know what telephones and payments record, or what the register can do", _knows_of),
    Family("enrolled", (("enrolled",),), (), "%", True, "share of people in the register", _people),
    Family("held", ((*_HOLDS, "killed", "all"),), (), "persons of 1,000 a year", False,
           "how many people come to be held, or are killed; all are all who live", _held),
    Family("entrance", ((*ENTRANCES, "all"), PAPERS, VERDICTS), (), "of 1,000 inspections", False,
           "how inspections at the entrance of a station end, by what stands there and by papers", _entrance),
    Family("met", (ENTRANCES,), (), "% of inspections", False, "share of inspections at such an entrance", _met),
    Family("gates", (GATE_MEASURES, (*GROUPS, "all")), (), "% of gate-time, or gates", False,
           "share of gate-time in which gates worked, or did their work; gates at the end", _gates),
    Family("power", (USES,), PLACES, "hours a day", True, "hours of electricity a day", _power),
)  # fmt: skip
"""All there are."""
