"""What happened since the first gate, added up: the same small totals from a run on disk and from one in memory."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from greyspace.contract import FINDINGS, OUTCOMES, STATES
from greyspace.country import ACTS, JOURNEYS
from greyspace.institutions import ACCOUNTS, GRAMS, OFFICERS, ROWS
from greyspace.results import Results
from greyspace.simulate import Plan, World
from greyspace.simulate.measures import OFFICER_MEASURES, PeriodTallies, officers_of
from greyspace.simulate.world import Period, day_of
from greyspace.society.acts import act_of
from greyspace.society.routes import MODES
from greyspace.study.pasts import Pasts, places
from greyspace.systems import station_gates

ENTRANCES = ("live", "unpowered", "idle", "manual")
"""What a traveller met at a station: a working gate, one without power, a broken or unlinked one, an officer alone."""

PAPERS = ("permit", "none")

HANDS = FINDINGS[1:]
"""How people come into officers' hands: looked over, stopped by mistake, caught, or caught and on record."""

PENALTIES = ("fined", "penalised", "imprisoned", "camp", "killed")
"""Verdicts that punish; one held in error is let go."""

ON_THE_WAY = tuple(kind for row in ROWS for kind in row)
"""Kinds of officers who meet travellers: those of other acts would hide what gates and journeys change."""

_HANDS_MEASURES = ("found", "payers", "kg")
_MONTHS = "officer_months"

Floats = NDArray[np.float64]

Total = TypeVar("Total")
"""What is added up over the periods of a life."""


@dataclass(frozen=True)
class Era:
    """Totals since the first gate, in persons of the nation.

    ``entrances[entrance, papers, outcome]`` counts inspections at stations, ``states[act, state]`` acts,
    ``modes[act, mode, state]`` acts carried out. ``hands[finding, (found, payers, kg)]``: people in officers' hands
    on a journey, by how they came there, and what they paid. ``posts[officer, measure]``: of each kind of officer on
    the way, officer-months, and the other measures times these. ``moved[giver, taker]``: kg of rice that went from
    one account to another, for whatever act.
    """

    entrances: Floats
    states: Floats
    modes: Floats
    hands: Floats
    posts: Floats
    moved: Floats

    def mean(self, measure: str) -> float | None:
        """The mean of a measure of officers' posts, over officers on the way and their months; None without any."""
        months = self.posts[:, OFFICER_MEASURES.index("officer_months")].sum()
        return float(self.posts[:, OFFICER_MEASURES.index(measure)].sum() / months) if months > 0 else None

    def per_thousand(self, entrance: str, papers: str) -> dict[str, float]:
        """Of a thousand inspections at such an entrance with such papers: how many came to what.

        Each verdict, all penalties together as ``punished``, and how many of all ``recorded``.
        """
        row = self.entrances[ENTRANCES.index(entrance), PAPERS.index(papers)]
        total = row.sum()
        if total == 0:
            return {}
        half = len(OUTCOMES) // 2
        verdicts = {name.split("_", 1)[1]: row[o] + row[o + half] for o, name in enumerate(OUTCOMES[:half])}
        verdicts["punished"] = sum(verdicts[name] for name in PENALTIES)
        verdicts["recorded"] = row[half:].sum()
        return {name: float(1000.0 * count / total) for name, count in verdicts.items()}


def nothing() -> Era:
    """Before anything happened."""
    return Era(
        entrances=np.zeros((len(ENTRANCES), len(PAPERS), len(OUTCOMES))),
        states=np.zeros((len(ACTS), len(STATES))),
        modes=np.zeros((len(ACTS), len(MODES), len(STATES))),
        hands=np.zeros((len(HANDS), len(_HANDS_MEASURES))),
        posts=np.zeros((len(ON_THE_WAY), len(OFFICER_MEASURES))),
        moved=np.zeros((len(ACCOUNTS), len(ACCOUNTS))),
    )


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
    later = pl.col("period") >= start
    on_journeys = later & pl.col("act").is_in(JOURNEYS)
    paid = results.table("bribes").filter(on_journeys).group_by("finding").agg(pl.col(_HANDS_MEASURES).sum())
    for row in paid.iter_rows(named=True):
        found.hands[HANDS.index(row["finding"])] += [row[name] for name in _HANDS_MEASURES]
    weighted = [pl.col(name) * (1.0 if name == _MONTHS else pl.col(_MONTHS)) for name in OFFICER_MEASURES]
    posts = results.table("officers").filter(later & pl.col("officer").is_in(ON_THE_WAY)).select("officer", *weighted)
    for row in posts.group_by("officer").agg(pl.col(OFFICER_MEASURES).sum()).iter_rows(named=True):
        found.posts[ON_THE_WAY.index(row["officer"])] += [row[name] for name in OFFICER_MEASURES]
    accounts = results.table("accounts").filter(later).group_by("giver", "taker").agg(pl.col("kg").sum())
    for row in accounts.iter_rows(named=True):
        found.moved[ACCOUNTS.index(row["giver"]), ACCOUNTS.index(row["taker"])] += row["kg"]
    return found


def added(found: Era, world: World, period: Period, got: PeriodTallies) -> Era:
    """Totals with one more period, in which ``world`` came to ``got``."""
    entrances = found.entrances.copy()
    by_contact = got.met.ended.sum(axis=0, dtype=np.float64) * got.weight
    for i, contact in enumerate(world.axes.contacts):
        for powered in (False, True):
            met = station_gates.entrance(contact, powered)
            if met is not None:
                entrances[ENTRANCES.index(met[0]), PAPERS.index(met[1])] += by_contact[i, int(powered)]
    modes = got.acts * got.weight
    posts = officers_of(got.enforcement, period.weeks)[:, [OFFICERS.index(kind) for kind in ON_THE_WAY]]
    months = posts[..., OFFICER_MEASURES.index(_MONTHS), None]
    posts = np.where(np.array(OFFICER_MEASURES) == _MONTHS, posts, posts * months)
    on_journeys = [d for d, (_, charge) in enumerate(world.cases.pairs) if act_of(charge) in JOURNEYS]
    return Era(
        entrances=entrances,
        states=found.states + modes.sum(axis=(0, 2)),
        modes=found.modes + modes[:, :, -len(MODES) :].sum(axis=0),
        hands=found.hands + got.bribes[:, on_journeys].sum(axis=(0, 1, 2)),
        posts=found.posts + posts.sum(axis=0),
        moved=found.moved + got.ledger.moved.sum(axis=0) / GRAMS,
    )


def together(
    plans: Sequence[Plan],
    since: int,
    nothing: Callable[[], Total],
    add: Callable[[Total, World, Period, PeriodTallies], Total],
) -> dict[str, Total]:
    """Expectations under several scenarios, by name, added up from ``since`` on; what they share is lived once.

    All plans have one seed and the same dates. ``add`` puts one more period to a total that began as ``nothing()``.
    """
    pasts = Pasts[Total]()

    def add_since(total: Total, world: World, period: Period, got: PeriodTallies) -> Total:
        return add(total, world, period, got) if period.monday >= since else total

    lived = (pasts.lived(plan, place, nothing, add_since)[0] for plan, place in zip(plans, places(plans), strict=True))
    return {plan.scenario.id: total for plan, total in zip(plans, lived, strict=True)}
