"""What happened since the first gate, added up: the same small totals from a run on disk and from one in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from greyspace.contract import OUTCOMES, STATES
from greyspace.country import ACTS
from greyspace.results import Results
from greyspace.simulate import Life, Plan, World
from greyspace.simulate.learn import Experience
from greyspace.simulate.loop import OddsDigest
from greyspace.simulate.world import Period, day_of
from greyspace.society.routes import MODES
from greyspace.systems import station_gates

ENTRANCES = ("live", "unpowered", "idle", "manual")
"""What a traveller met at a station: a working gate, one without power, a broken or unlinked one, an officer alone."""

PAPERS = ("permit", "none")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Era:
    """Totals since the first gate, in persons of the nation.

    ``entrances[entrance, papers, outcome]`` counts inspections at stations, ``states[act, state]`` journeys,
    ``modes[act, mode, state]`` journeys carried out.
    """

    entrances: Floats
    states: Floats
    modes: Floats

    def per_thousand(self, entrance: str, papers: str) -> dict[str, float]:
        """Of a thousand inspections at such an entrance with such papers: how many came to what."""
        row = self.entrances[ENTRANCES.index(entrance), PAPERS.index(papers)]
        total = row.sum()
        if total == 0:
            return {}
        half = len(OUTCOMES) // 2
        verdicts = {name.split("_", 1)[1]: row[o] + row[o + half] for o, name in enumerate(OUTCOMES[:half])}
        verdicts["recorded"] = row[half:].sum()
        return {name: float(1000.0 * count / total) for name, count in verdicts.items()}


def nothing() -> Era:
    """Before anything happened."""
    shape = (len(ENTRANCES), len(PAPERS), len(OUTCOMES))
    return Era(np.zeros(shape), np.zeros((len(ACTS), len(STATES))), np.zeros((len(ACTS), len(MODES), len(STATES))))


def first_monday(world: World) -> int | None:
    """The first Monday on which odds are renewed in or after the week of the first gate; None without gates."""
    sites = world.infrastructure.sites
    if not sites:
        return None
    opening = min(site.installed for site in sites)
    return next((period.monday for period in world.periods if period.monday > opening - 7), None)


def of_results(results: Results, since: int) -> Era:
    """Totals of a finished run from the Monday ``since`` (days since 1970-01-01) on."""
    start = day_of(since)
    contacts = (
        results.table("contacts")
        .filter(pl.col("period") >= start)
        .group_by("contact", "powered")
        .agg(pl.col(OUTCOMES).sum())
    )
    found = nothing()
    for row in contacts.iter_rows(named=True):
        met = station_gates.entrance(row["contact"], row["powered"])
        if met is not None:
            found.entrances[ENTRANCES.index(met[0]), PAPERS.index(met[1])] += [row[name] for name in OUTCOMES]
    journeys = results.table("modes").filter(pl.col("week") >= start).group_by("act", "way").agg(pl.col(STATES).sum())
    for row in journeys.iter_rows(named=True):
        counts = [row[name] for name in STATES]
        found.states[ACTS.index(row["act"])] += counts
        if row["way"] in MODES:
            found.modes[ACTS.index(row["act"]), MODES.index(row["way"])] += counts
    return found


def _add(found: Era, world: World, weight: float, contacts: NDArray[Any], modes: NDArray[Any]) -> Era:
    entrances = found.entrances.copy()
    by_contact = np.asarray(contacts, np.float64).sum(axis=(0, 2, 3)) * weight
    for i, contact in enumerate(world.axes.contacts):
        for powered in (False, True):
            met = station_gates.entrance(contact, powered)
            if met is not None:
                entrances[ENTRANCES.index(met[0]), PAPERS.index(met[1])] += by_contact[i, int(powered)]
    return replace(
        found,
        entrances=entrances,
        states=found.states + modes.sum(axis=(0, 2)),
        modes=found.modes + modes[:, :, -len(MODES) :].sum(axis=0),
    )


class Lived(NamedTuple):
    """A period that was lived: the digest of its odds, and the state before it."""

    period: Period
    odds: str
    state: dict[str, NDArray[Any]]


def together(plans: Sequence[Plan], since: int) -> dict[str, Era]:
    """Expectations under several scenarios, by name, from ``since`` on; what they share before it is lived once.

    All plans have one seed, one setting of the parameters, and the same dates.
    """
    found: dict[str, Era] = {}
    beginning: list[Lived] = []
    for plan in plans:
        digest = OddsDigest()
        life, number = _begin(plan, digest, beginning)
        total = nothing()
        for period in life.world.periods[number:]:
            odds = life.world.odds(period, life.known)
            if not found and (not beginning or beginning[-1].period.monday < since):
                state = {name: array.copy() for name, array in life.arrays().items()}
                beginning.append(Lived(period, digest.of(odds), state))
            got = life.step(period, odds, lambda _: None)
            if period.monday >= since:
                total = _add(total, life.world, got.weight, got.contacts, np.sum(got.modes, axis=0) * got.weight)
        life.close()
        found[plan.scenario.id] = total
    return found


def _begin(plan: Plan, digest: OddsDigest, beginning: Sequence[Lived]) -> tuple[Life, int]:
    """A life of the plan, and the period at which it stands: as far along the beginning lived before as odds agree.

    Where the very first odds differ, so does what came before them: the plan begins by itself.
    """
    if beginning:
        life = Life(plan, taken_up=beginning[0].state)
        for number, before in enumerate(beginning):
            period = life.world.periods[number]
            odds = life.world.odds(period, Experience.of(before.state))
            same = period == before.period and digest.of(odds) == before.odds
            if not same and number == 0:
                break
            if not same or number == len(beginning) - 1:
                life.restore(before.state)
                return life, number
    return Life(plan), 0
