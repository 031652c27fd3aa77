"""Each system by itself, on and off: what it changes where it meets people, and how far it reaches beyond.

A world without a system is one that never had it: people, officers and prices have settled without it. So a system
also changes acts that it never meets. Through what, is found by lending the world without it what the world with it
has learnt, one part at a time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from greyspace.contract import FINDINGS, STATES, VERDICTS, Odds
from greyspace.country import ACTS
from greyspace.errors import InputError
from greyspace.institutions import MONTH_WEEKS
from greyspace.simulate import Life, Plan, World
from greyspace.simulate.learn import nothing_learnt
from greyspace.simulate.measures import PeriodTallies
from greyspace.society.acts import act_of
from greyspace.study.jobs import Tell, lived
from greyspace.systems import SYSTEMS

Floats = NDArray[np.float64]

PEOPLE = ("human_network", "inspections", "station_officers", "train_checks", "road_posts", "border_guards")
"""Systems that are people without devices; all others are digital."""

GROUPS: Mapping[str, tuple[str, ...]] = {
    "all that is digital": tuple(system.NAME for system in SYSTEMS if system.NAME not in PEOPLE),
    "all that people do": PEOPLE,
}

NONE = 0.1
"""Acts of 1,000 intents; a smaller change is told as none. Worlds settle, each by itself, to a few hundredths."""

_NONE_OF_SUM = 1e-3
"""A change of a sum over the nation by a smaller share is told as none."""

SUMS = ("held_up", "bribes", "leads", "records")
"""Sums over the nation: people held up in whom nothing was found; bribes and tolls, kg of rice; leads; and records
that are about no act."""

CHANNELS = ("what it tells others", "caution", "officers", "market", "choice of way", "leads")
"""Through what a system reaches acts. The first works at once; the others are learnt. Caution comes from what
neighbours go through and from equipment in sight. Officers know whom they meet, and what they can ask. Then there are
what a smuggled load is worth, whether rail or road is safer, and what is on record."""

_LEARNT = {
    "officers": ("practice",),
    "market": ("market",),
    "choice of way": ("travellers",),
    "leads": ("traces",),
}
"""Where a world keeps what is learnt. Caution is the rest: people themselves, what they heard and what they know."""

_NOTHING_FOUND = [FINDINGS.index("looked_over"), FINDINGS.index("stopped")]

State = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Totals:
    """A world from its first week to its last, in persons of the nation.

    ``states[A, state]`` intents, ``sums[A, measure]`` in the order of :data:`SUMS`; records are about no act and stand
    in ``records`` alone. ``last[A, state]``: the states in the last period, which began from the state ``before``.
    """

    states: Floats
    sums: Floats
    records: float
    last: Floats
    before: State

    @property
    def of_thousand(self) -> Floats:
        """``[A, state]``: how a thousand intents end; zeros for an act that nobody intends."""
        return _of_thousand(self.states)

    def sum(self, measure: str) -> float:
        """One of :data:`SUMS`, over all acts."""
        return self.records if measure == "records" else float(self.sums[:, SUMS.index(measure)].sum())


@dataclass(frozen=True)
class Switch:
    """One row: what is ``off``, which acts it meets, whom it reaches ``at_once``, and what the world is without it.

    ``through[channel, A, state]``: of what the last period has in 1,000 intents less or more without it, what goes back
    when one part of what is learnt is as it is with it.
    """

    name: str
    off: tuple[str, ...]
    acts: tuple[str, ...]
    at_once: tuple[str, ...]
    totals: Totals
    through: Floats


@dataclass(frozen=True)
class Switches:
    """All rows of one plan, and the world with all its systems ``on``."""

    plan: Plan
    on: Totals
    rows: tuple[Switch, ...]


def rows_of(plan: Plan) -> dict[str, tuple[str, ...]]:
    """What can be switched off in a plan, by the name of the row: each system that is on, and the groups.

    A row is left out when nobody would meet anybody any more.
    """
    there = {system.NAME: system for system in SYSTEMS if system.NAME not in plan.off}
    wanted: dict[str, tuple[str, ...]] = {name: (name,) for name in there}
    wanted |= {name: tuple(system for system in group if system in there) for name, group in GROUPS.items()}
    return {
        name: off
        for name, off in wanted.items()
        if off and any(system.CONTACTS for other, system in there.items() if other not in off)
    }


def without(plan: Plan, off: Sequence[str]) -> Plan:
    """The plan with more systems off."""
    systems = {**plan.scenario.systems, **dict.fromkeys(off, False)}
    return replace(plan, scenario=plan.scenario.model_copy(update={"systems": systems}))


def find(plan: Plan, workers: int, tell: Tell, only: Sequence[str] | None = None) -> Switches:
    """Live the plan, by expectation, as it is and without each of its systems; ``only``: the rows that are wanted.

    InputError where there is no system that could be switched off.
    """
    plan = replace(plan, engine="expected")
    rows = {name: off for name, off in rows_of(plan).items() if only is None or name in only}
    if not rows:
        raise InputError(f"scenario {plan.scenario.id}: it has no system on that could be switched off.")
    life = Life(plan)
    on = _live(life)
    jobs = [_Job(name, off, plan, on) for name, off in rows.items()]
    return Switches(plan, on, tuple(lived(jobs, workers, "systems switched off", tell)))


@dataclass(frozen=True)
class _Job:
    name: str
    off: tuple[str, ...]
    plan: Plan
    on: Totals

    def live(self) -> Switch:
        life = Life(without(self.plan, self.off))
        totals = _live(life)
        acts = {contact.act for system in SYSTEMS if system.NAME in self.off for contact in system.CONTACTS}
        return Switch(
            name=self.name,
            off=self.off,
            acts=tuple(act for act in ACTS if act in acts),
            at_once=at_once(self.plan.world(), life.world),
            totals=totals,
            through=_through(life, self.on, totals),
        )


def _live(life: Life) -> Totals:
    states, sums, records = np.zeros((len(ACTS), len(STATES))), np.zeros((len(ACTS), len(SUMS))), 0.0
    last, before = states, {}
    for number, period in enumerate(life.world.periods):
        if number == len(life.world.periods) - 1:
            before = life.snapshot()
        got = life.step(period, life.odds(period), lambda _: None)
        last = _states(got)
        states, sums = states + last, sums + _sums(life.world, got)
        kept = life.world.routine(period, got.knew).values()
        records += sum(float(of_kind.sum()) for of_kind in kept) * period.weeks / MONTH_WEEKS
    life.close()
    return Totals(states, sums, records, last, before)


def _states(got: PeriodTallies) -> Floats:
    return np.asarray(got.acts.sum(axis=(0, 2)) * got.weight, np.float64)


def _sums(world: World, got: PeriodTallies) -> Floats:
    found = np.zeros((len(ACTS), len(SUMS)))
    met = np.asarray(got.met.cases, np.float64) * got.weight
    nothing_found = met[..., _NOTHING_FOUND, :].sum(axis=(0, 2, 3, 4))
    held_up = nothing_found.sum(axis=-1) - nothing_found[:, VERDICTS.index("passed")]
    kg = got.bribes[..., -1].sum(axis=(0, 2, 3))
    for d, (_, charge) in enumerate(world.cases.pairs):
        act = act_of(charge)
        found[ACTS.index(act), SUMS.index("held_up")] += held_up[d]
        found[ACTS.index(act), SUMS.index("bribes")] += kg[d]
    for c, contact in enumerate(world.contacts):
        if contact.encounter == "lead":
            leads = got.met.ended[:, c].sum(dtype=np.float64) * got.weight
            found[ACTS.index(contact.act), SUMS.index("leads")] += leads
    return found


def at_once(on: World, off: World) -> tuple[str, ...]:
    """Whom the systems that ``off`` lacks reach before anybody has learnt anything: other systems, officers, people.

    Other systems find more or less at contacts of their own. Officers decide otherwise because they are watched.
    People see the equipment and come to be wary, or to know what it does.
    """
    before, after = _at_first(on), _at_first(off)
    names = [contact.name for contact in on.contacts]
    otherwise = {
        contact.name
        for i, contact in enumerate(off.contacts)
        if (after.finding[:, i] != before.finding[:, names.index(contact.name)]).any()
    }
    systems = [system.NAME for system in off.systems if any(c.name in otherwise for c in system.CONTACTS)]
    officers = ["officers"] if (after.verdict != before.verdict).any() else []
    people = ["people"] if (after.weekly != before.weekly).any() else []
    return (*systems, *officers, *people)


def _at_first(world: World) -> Odds:
    first = world.periods[0]
    learnt = nothing_learnt(world.view(first).p, len(world.axes.regions), world.cases)
    return world.odds(first, learnt, world.enforcement(first, learnt.practice))


def _through(life: Life, on: Totals, totals: Totals) -> Floats:
    """``[channel, A, state]`` of 1,000 intents; ``life`` is that of the world without."""
    learnt = vars(life.learnt)
    parts = {channel: {name for part in kept for name in learnt[part].arrays()} for channel, kept in _LEARNT.items()}
    known = set().union(*parts.values())
    own = _of_thousand(totals.last)
    found = np.zeros((len(CHANNELS), *own.shape))
    # All that is learnt is as with it: what is left of the change came at once.
    found[0] = _lent(life, on.before) - _of_thousand(on.last)
    for i, channel in enumerate(CHANNELS[1:], start=1):
        lent = parts.get(channel, set(totals.before) - known)
        mixed = {name: (on.before if name in lent else totals.before)[name] for name in totals.before}
        found[i] = own - _lent(life, mixed)
    return found


def _lent(life: Life, state: State) -> Floats:
    """``[A, state]`` of 1,000 intents in the last period when it begins from some state."""
    life.restore(state)
    period = life.world.periods[-1]
    return _of_thousand(_states(life.step(period, life.odds(period), lambda _: None)))


def _of_thousand(states: Floats) -> Floats:
    total = states.sum(axis=-1, keepdims=True)
    return np.divide(1000.0 * states, total, out=np.zeros_like(states), where=total > 0)


# -- what is told


@dataclass(frozen=True)
class Change:
    """A change of 1,000 intents of an act that end in a state, with the system against without it."""

    act: str
    state: str
    size: float


def changes(found: Switches, row: Switch, there: bool) -> list[Change]:
    """What a system makes of acts that it meets (``there``) or of others, the largest first; what is none left out."""
    made = found.on.of_thousand - row.totals.of_thousand
    every = [
        Change(act, state, float(made[a, s]))
        for a, act in enumerate(ACTS)
        for s, state in enumerate(STATES)
        if (act in row.acts) == there and abs(made[a, s]) >= NONE
    ]
    return sorted(every, key=lambda change: -abs(change.size))


def through(row: Switch, change: Change) -> str:
    """The channel that moves the act to that end, or from it, the most; nothing where none does."""
    # The row says what happens without the system, the change what happens with it.
    moved = -row.through[:, ACTS.index(change.act), STATES.index(change.state)] * np.sign(change.size)
    return CHANNELS[int(moved.argmax())] if moved.max() > 0.0 else ""


def sums(found: Switches, row: Switch) -> dict[str, float | None]:
    """What a system adds to the sums over the nation, a year; None where that is none."""
    weeks = found.plan.end.toordinal() - found.plan.start.toordinal() + 7
    told: dict[str, float | None] = {}
    for measure in SUMS:
        on, off = found.on.sum(measure), row.totals.sum(measure)
        told[measure] = (on - off) * 365.25 / weeks if abs(on - off) > _NONE_OF_SUM * max(on, off) else None
    return told


_MOST_SAID = 3
"""Changes of the acts that a system meets that are said in a cell, the largest first."""

NOTES = f"""\
By expectation, at the pack's own values. Changes are with the system against without it, in acts of 1,000 intents; \
less than {NONE:g} is told as none. Of the acts that a system meets, up to {_MOST_SAID} changes are told, of all \
others the largest; free and unseen is what they leave over.
- What it tells others works at once: other systems see more, officers are watched ("at once" names them).
- All else is learnt. Caution: what neighbours go through, and equipment that can be seen, frightens, in every act. \
Officers: whom they meet changes what they can ask for, of whomever they decide over. Market: what smuggling brings. \
Choice of way: whether rail or road is safer. Leads: what is on record and can be followed up.
- Held up: people in whom nothing was found, and who were held or had to pay. Records are those that are kept of \
people who do nothing out of the ordinary. Less than a thousandth of what there is with the system and without it is \
told as none."""
"""How the tables are to be read."""

SUM_TITLE = "What each system adds in the nation in a year"

HEADS = ("system", "meets", "change there", "largest elsewhere", "through", "at once")


def title(found: Switches) -> str:
    """What the tables are of."""
    plan = found.plan
    return f"What each system changes: {plan.pack.id}, {plan.scenario.id}, {plan.start} to {plan.end}"


def lines(found: Switches) -> list[tuple[str, ...]]:
    """A row a system in words, in the columns :data:`HEADS`; changes are in acts of 1,000 intents."""
    told: list[tuple[str, ...]] = []
    for row in found.rows:
        there, elsewhere = (
            # What stays free and unseen is what all other ends leave over.
            [change for change in changes(found, row, here) if change.state != "free_unseen"]
            for here in (True, False)
        )
        met = ", ".join(map(_words, row.acts)) if len(row.acts) < len(ACTS) else "all"
        told.append(
            (
                row.name,
                met or "nobody",
                "; ".join(map(_said, there[:_MOST_SAID])) or ("none" if row.acts else ""),
                _said(elsewhere[0]) if elsewhere else "" if len(row.acts) == len(ACTS) else "none",
                through(row, elsewhere[0]) if elsewhere else "",
                ", ".join(map(_words, row.at_once)),
            )
        )
    return told


SUM_HEADS = ("system", "held up", "bribes, kg", "leads", "records")


def sum_lines(found: Switches) -> list[tuple[str, ...]]:
    """A row a system, in the columns :data:`SUM_HEADS`: what it adds to the sums over the nation in a year."""
    told: list[tuple[str, ...]] = []
    for row in found.rows:
        added = sums(found, row)
        told.append((row.name, *(_amount(added[measure]) for measure in SUMS)))
    return told


def _amount(added: float | None) -> str:
    """Three digits of a large number, with its sign.

    >>> _amount(-1234567.0), _amount(None)
    ('-1,230,000', 'none')
    """
    return "none" if added is None else f"{float(f'{added:.3g}'):+,.10g}"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _said(change: Change) -> str:
    return f"{_words(change.act)}: {_words(change.state)} {float(f'{change.size:.2g}'):+g}"


def table(found: Switches) -> pl.DataFrame:
    """All numbers: a row a system, act and measure, with the system and without it.

    States are in acts of 1,000 intents, sums in persons, kg or leads of 1,000 intents; records, of no act, a year.
    """
    weeks = found.plan.end.toordinal() - found.plan.start.toordinal() + 7
    rows: list[tuple[Any, ...]] = []
    for row in found.rows:
        both = (found.on, row.totals)
        for a, act in enumerate(ACTS):
            intents = [float(of.states[a].sum()) for of in both]
            if min(intents) > 0.0:
                measured = {state: [float(of.of_thousand[a, s]) for of in both] for s, state in enumerate(STATES)}
                measured |= {
                    measure: [1000.0 * float(of.sums[a, m]) / n for of, n in zip(both, intents, strict=True)]
                    for m, measure in enumerate(SUMS)
                    if measure != "records"
                }
                rows += [(row.name, act, act in row.acts, name, *values) for name, values in measured.items()]
        rows.append((row.name, None, None, "records", *(of.records * 365.25 / weeks for of in both)))
    schema = {"system": pl.String, "act": pl.String, "meets": pl.Boolean, "measure": pl.String}
    frame = pl.DataFrame(rows, schema={**schema, "on": pl.Float64, "off": pl.Float64}, orient="row")
    return frame.with_columns((pl.col("on") - pl.col("off")).alias("difference"))
