"""What a life comes to, by region and year: sums small enough to keep many of them, from which every measure is read.

Every number is a sum. Over regions, years and runs they are added; a rate or a mean is one sum divided by another.
"""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import STATES
from greyspace.country import ACTS, JOURNEYS
from greyspace.infrastructure import HOME, NOT_INSTALLED, WORKING
from greyspace.institutions import ACCOUNTS, GRAMS, OFFICERS
from greyspace.results import TABLES, source_hash
from greyspace.results.files import make_folder, write_whole
from greyspace.results.studies import Sum
from greyspace.simulate import Plan, World
from greyspace.simulate.measures import OFFICER_MEASURES, PeriodTallies, officers_of
from greyspace.simulate.world import Period, day_of
from greyspace.society.acts import act_of
from greyspace.study.era import HANDS, ON_THE_WAY, Era, nothing, together

Floats = NDArray[np.float64]


COVERED = {
    "payers": ("payments", "payers"),
    "riders": ("payments", "riders"),
    "pupils": ("school_cameras", "pupils"),
    "vehicle_trips": ("plate_cameras", "vehicle_trips"),
    "border": ("border_video", "border"),
    "industry_workers": ("workplace_cameras", "industry_workers"),
    "owners": ("phones", "owners"),
}
"""Whom a system is for, by the name of the level: (system, whom)."""

LEVELS = {
    "food_price": ("times usual", "price of food"),
    "goods_price": ("times usual", "price of smuggled goods"),
    "power_home": ("share", "hours with power at home"),
    "linked": ("share", "sites linked to the register"),
    **{
        name: ("share", f"{whom.replace('_', ' ')} under {of.replace('_', ' ')}")
        for name, (of, whom) in COVERED.items()
    },
}
"""What is averaged over persons and time: its unit, and what it is."""

_HOLDS = {
    "short": "held for a short term",
    "long": "held for a long term",
    "camp": "sent to a camp",
    "killed": "killed",
}
_HANDS = {
    "looked_over": "travellers found in order",
    "stopped": "travellers stopped by mistake",
    "caught": "travellers caught without a record",
    "on_record": "travellers caught by a device that keeps a record",
}
_PAID = {"found": ("persons", "in officers' hands"), "payers": ("persons", "who paid"), "kg": ("kg of rice", "paid by")}
_MOVED = (
    *(("payers", taker) for taker in ("officers", "guards", "brokers", "state")),
    *(("officers", taker) for taker in ("superiors", "watchers", "state")),
    *(("guards", taker) for taker in ("superiors", "state")),
    *(("state", taker) for taker in ("officers", "guards")),
)
"""Accounts between which anything moves."""

_MONTHS = "officer_months"
_OF_POSTS = tuple(name for name in OFFICER_MEASURES if name not in ("officers", _MONTHS))
_KNOWN = {
    measure.name: measure for table in TABLES if table.name in ("series", "officers") for measure in table.measures
}

COLUMNS: tuple[Sum, ...] = (
    Sum("person_years", "person-years", "years lived by all persons of the nation"),
    *(
        Sum(f"{act}_{state}", "acts", f"{act.replace('_', ' ')}: {_KNOWN[state].description}", "person_years")
        for act in ACTS
        for state in STATES
    ),
    Sum("leads", "acts", "begun acts that an older record brought somebody to", "person_years"),
    Sum("bribes", "persons", "who paid officers a bribe or a toll, for whatever act", "person_years"),
    Sum("kg", "kg of rice", "bribes and tolls paid to officers, for whatever act", "person_years"),
    *(Sum(f"held_{hold}", "persons", f"newly {says}", "person_years") for hold, says in _HOLDS.items()),
    Sum("gate_weeks", "gate-weeks", "gates that are installed, times weeks"),
    Sum("gates_working", "gate-weeks", "of them, those in which the gate was not broken", "gate_weeks"),
    Sum("gates_live", "gate-weeks", "of them, those in which it did its work", "gate_weeks"),
    *(
        Sum(f"travel_{hand}_{name}", unit, f"{says}: {what}", "" if name == "found" else f"travel_{hand}_found")
        for hand, says in _HANDS.items()
        for name, (unit, what) in _PAID.items()
    ),
    Sum(_MONTHS, "months", "months of officers who meet travellers"),
    *(
        Sum(
            f"officers_{name}",
            f"{_KNOWN[name].unit} x months",
            f"of these officers: {_KNOWN[name].description}",
            _MONTHS,
        )
        for name in _OF_POSTS
    ),
    *(
        Sum(f"kg_{giver}_to_{taker}", "kg of rice", f"what went from {giver} to {taker}", "person_years")
        for giver, taker in _MOVED
    ),
    *(
        column
        for name, (unit, says) in LEVELS.items()
        for column in (
            Sum(name, f"{unit} x person-years", says, f"{name}_of"),
            Sum(f"{name}_of", "person-years", f"those in which there was anything of the kind: {says}"),
        )
    ),
)
"""What is kept of each region and year, in persons of the nation."""

_AT = {column.name: i for i, column in enumerate(COLUMNS)}
_STATES = slice(_AT[f"{ACTS[0]}_{STATES[0]}"], _AT["leads"])
_TRAVEL = slice(_AT[f"travel_{HANDS[0]}_found"], _AT[_MONTHS])
_POSTS = slice(_AT[_MONTHS], _AT[_MONTHS] + 1 + len(_OF_POSTS))

YEAR_WEEKS = 365.25 / 7.0


@dataclass(frozen=True)
class Totals:
    """Sums over some regions and time: ``values`` in the order of :data:`COLUMNS`."""

    values: Floats

    def flow(self, name: str) -> float:
        """One of :data:`COLUMNS`."""
        return float(self.values[_AT[name]])

    def level(self, name: str) -> float | None:
        """The mean of one of :data:`LEVELS`; None where there never was anything of the kind."""
        of = self.flow(f"{name}_of")
        return self.flow(name) / of if of > 0 else None

    @property
    def person_years(self) -> float:
        """Years lived by all persons."""
        return self.flow("person_years")

    @property
    def recorded(self) -> float:
        """Acts that went free but recorded."""
        return sum(self.flow(f"{act}_free_recorded") for act in ACTS)

    @property
    def era(self) -> Era:
        """As far as sums are kept for it: acts, travellers in officers' hands, posts (all together), money."""
        empty = nothing()
        posts = np.zeros((1, len(OFFICER_MEASURES)))
        posts[0, [OFFICER_MEASURES.index(name) for name in (_MONTHS, *_OF_POSTS)]] = self.values[_POSTS]
        moved = np.zeros_like(empty.moved)
        for giver, taker in _MOVED:
            moved[ACCOUNTS.index(giver), ACCOUNTS.index(taker)] = self.flow(f"kg_{giver}_to_{taker}")
        return Era(
            entrances=empty.entrances,
            states=self.values[_STATES].reshape(empty.states.shape),
            modes=empty.modes,
            hands=self.values[_TRAVEL].reshape(empty.hands.shape),
            posts=posts,
            moved=moved,
        )


ByYear = Mapping[int, Floats]
"""Sums ``[region, column]`` by calendar year; a period counts for the year in which it begins."""


def none() -> Totals:
    """Totals before anything happened."""
    return Totals(np.zeros(len(COLUMNS)))


def whole(years: ByYear) -> Totals:
    """Totals over all years and regions."""
    return Totals(sum((of.sum(axis=0) for of in years.values()), np.zeros(len(COLUMNS))))


def nation(years: ByYear) -> dict[int, Totals]:
    """Totals over all regions, by year."""
    return {year: Totals(of.sum(axis=0)) for year, of in years.items()}


def by_year(plans: Sequence[Plan], since: int) -> dict[str, ByYear]:
    """Expectations under several scenarios, by name and year, from the Monday ``since`` on (days since 1970-01-01)."""
    return dict(together(plans, since, dict, one_more))


@dataclass(frozen=True)
class Lives:
    """Lives under several scenarios with one seed and the same dates, from ``since`` on, for whichever process is free.

    ``shelf``: folder where the totals of each life are kept; one that is there is not lived again.
    """

    plans: tuple[Plan, ...]
    since: int
    shelf: Path | None = None

    def live(self) -> dict[str, ByYear]:
        """Sums by scenario and year."""
        found = {plan.scenario.id: years for plan in self.plans if (years := self._kept(plan)) is not None}
        missing = [plan for plan in self.plans if plan.scenario.id not in found]
        if missing:
            fresh = by_year(missing, self.since)
            for plan in missing:
                found[plan.scenario.id] = fresh[plan.scenario.id]
                if self.shelf is not None:
                    _keep(self._file(plan, self.shelf), fresh[plan.scenario.id])
        return {plan.scenario.id: found[plan.scenario.id] for plan in self.plans}

    def missing(self) -> int:
        """How many of them are not kept yet."""
        return sum(self.shelf is None or not self._file(plan, self.shelf).exists() for plan in self.plans)

    def _file(self, plan: Plan, shelf: Path) -> Path:
        return shelf / f"{plan.run_id}-{self.since}-{source_hash(('study',))}.npz"

    def _kept(self, plan: Plan) -> ByYear | None:
        if self.shelf is None:
            return None
        try:
            with self._file(plan, self.shelf).open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                return dict(zip(arrays["years"].tolist(), arrays["values"], strict=True))
        # One that is torn is lived again.
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None


def _keep(path: Path, years: ByYear) -> None:
    make_folder(path.parent)
    arrays: dict[str, Any] = {"years": np.array(list(years)), "values": np.stack(list(years.values()))}
    write_whole(path, lambda file: np.savez_compressed(file, **arrays))


def one_more(found: ByYear, world: World, period: Period, got: PeriodTallies) -> ByYear:
    """Sums by year with one more period."""
    year = day_of(period.monday).year
    new = of_period(world, period, got)
    return {**found, year: found[year] + new if year in found else new}


def of_period(world: World, period: Period, got: PeriodTallies) -> Floats:
    """``[region, column]``: what one period came to, in which ``world`` came to ``got``."""
    persons = world.persons(day_of(period.monday).year)
    years = persons * period.weeks / YEAR_WEEKS
    states = got.acts.sum(axis=2, dtype=np.float64) * got.weight
    held = got.whole.held.sum(axis=1) * got.weight
    led = [c for c, contact in enumerate(world.contacts) if contact.encounter == "lead"]
    leads = got.met.ended[:, led].sum(axis=(1, 2, 3), dtype=np.float64) * got.weight
    paid = got.bribes.sum(axis=2)  # [R, D, finding, (found, payers, kg)]
    journeys = [d for d, (_, charge) in enumerate(world.cases.pairs) if act_of(charge) in JOURNEYS]
    posts = officers_of(got.enforcement, period.weeks)[:, [OFFICERS.index(kind) for kind in ON_THE_WAY]]
    months = posts[..., OFFICER_MEASURES.index(_MONTHS)]
    of_posts = [months, *(months * posts[..., OFFICER_MEASURES.index(name)] for name in _OF_POSTS)]
    moved = got.ledger.moved / GRAMS
    found = [
        years[:, None],
        states.reshape(len(years), -1),
        leads[:, None],
        paid[..., 1:].sum(axis=(1, 2)),
        np.stack([held[:, world.axes.holds.index(hold)] for hold in _HOLDS], axis=1),
        gate_weeks(world, slice(period.first, period.last)),
        paid[:, journeys].sum(axis=1).reshape(len(years), -1),
        np.stack([of.sum(axis=1) for of in of_posts], axis=1),
        np.stack([moved[:, ACCOUNTS.index(giver), ACCOUNTS.index(taker)] for giver, taker in _MOVED], axis=1),
        _levels(world, period, got, years),
    ]
    return np.concatenate(found, axis=1)


def gate_weeks(world: World, weeks: slice) -> Floats:
    """``[region, (installed, working, live)]``: weeks of gates, which are all the equipment that has a site."""
    infra, regions = world.infrastructure, len(world.axes.regions)
    at = np.array([site.region for site in infra.sites], np.int64)
    state = infra.state[weeks]
    of_sites = [(state != NOT_INSTALLED).sum(axis=0), (state == WORKING).sum(axis=0), world.live(weeks).sum(axis=0)]
    return np.stack([np.bincount(at, weights=of, minlength=regions) for of in of_sites], axis=1)


def _levels(world: World, period: Period, got: PeriodTallies, years: Floats) -> Floats:
    """``[region, (level times person-years, these)]``, of all :data:`LEVELS`."""
    infra, weeks = world.infrastructure, slice(period.first, period.last)
    covered = world.coverage(period, got.knew)
    nobody = np.full(len(years), np.nan)
    of = {
        "food_price": np.full(len(years), float(got.market.food)),
        "goods_price": np.full(len(years), float(got.market.goods)),
        "power_home": infra.power.share[weeks][..., HOME].mean(axis=0),
        "linked": infra.network[weeks].mean(axis=0),
        **{name: covered.get(kind, nobody) for name, kind in COVERED.items()},
    }
    found = []
    for name in LEVELS:
        there = np.isfinite(of[name])
        found += [np.where(there, of[name], 0.0) * years, np.where(there, years, 0.0)]
    return np.stack(found, axis=1)
