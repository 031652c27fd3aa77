"""From tallies to the rows of a run's tables.

Weeks and periods are kept as dense arrays until a year is complete; then they become columns. All counts are weighted
to persons of the nation in their year, with one weight for all, so that tables reconcile with each other.
"""

import functools
import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import FINDINGS, OUTCOMES, STATES, VERDICTS
from greyspace.contract.axes import FREE_RECORDED, PUNISHED
from greyspace.country import ACTS, SEXES, STANDINGS
from greyspace.evidence import Parameters
from greyspace.infrastructure import NOT_INSTALLED, USES, WORKING
from greyspace.institutions import (
    ACCOUNTS,
    GRAMS,
    GUARDS,
    MONTH_WEEKS,
    OFFENCES,
    OFFICERS,
    RANKS,
    Books,
    Enforcement,
    Ledger,
    Market,
    books,
    bribes_by_finding,
    ends,
    found_so,
    heads,
    profit,
    purses,
    spending,
    vendors_of,
)
from greyspace.results import Draft, Labels
from greyspace.simulate.learn import Knowing, penalties, smuggled
from greyspace.simulate.world import Period, World, day_of
from greyspace.society import attitudes, caution
from greyspace.society.acts import act_of
from greyspace.society.knowing import CLASSES, WEEKS_A_YEAR

Floats = NDArray[np.float64]

WEEKLY = ("series", "modes", "held")
BY_PERIOD = (
    *("people", "contacts", "bribes", "officers", "officials", "accounts", "market", "households", "vendors"),
    *("leads", "human_network", "routine", "coverage", "knowing", "attitudes"),
)


class Acts(Protocol):
    """What people did and came to in some weeks: counted, or expected and added up when somebody asks."""

    @property
    def states(self) -> NDArray[Any]:
        """``[R, P, A, state]``."""

    @property
    def modes(self) -> NDArray[Any]:
        """``[R, A, way, state]``."""

    @property
    def held(self) -> NDArray[Any]:
        """``[R, P, hold class]``: holds begun."""

    def __add__(self, other: Self) -> Self:
        """Both together."""


@dataclass(frozen=True)
class Counted:
    """Acts of individuals."""

    states: NDArray[Any]
    modes: NDArray[Any]
    held: NDArray[Any]

    def __add__(self, other: "Counted") -> "Counted":
        # A sum of numpy's, which widens counts of 32 bits.
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return Counted(*(np.sum(pair, axis=0) for pair in pairs))


def together(weeks: Sequence[Acts]) -> Acts:
    """All acts of some weeks, of which there is at least one."""
    return functools.reduce(operator.add, weeks)


class Met(Protocol):
    """Whom people met in some weeks: counted, or expected and told apart when somebody asks, while its odds hold."""

    @property
    def ended(self) -> NDArray[Any]:
        """``[R, C, powered, outcome]``: how contacts ended, of all people together."""

    def found(self, each: float) -> Floats:
        """``[R, D, powered, F, X * J]``: on whom an officer decided, each standing for so many persons."""

    @property
    def outcomes(self) -> NDArray[Any]:
        """``[R, C, X, G, powered, outcome]``: contacts."""

    @property
    def cases(self) -> NDArray[Any]:
        """``[R, D, X * J, powered, F, V]``: what officers decided."""


@dataclass(frozen=True)
class CountedMet:
    """Whom individuals met."""

    outcomes: NDArray[Any]
    cases: NDArray[Any]

    @cached_property
    def ended(self) -> NDArray[Any]:
        """As in :class:`Met`."""
        return np.asarray(self.outcomes.sum(axis=(2, 3)))

    def found(self, each: float) -> Floats:
        """As in :class:`Met`."""
        return found_so(self.cases, each)


@dataclass(frozen=True)
class PeriodTallies:
    """What one period came to: its ``weeks``, and the ``whole``; whom people ``met``; people at its end.

    ``enforcement`` is what officers made of whom they found, under the parameters ``p``; ``market`` is what it cleared
    at by then; what people knew before, and know by then; ``weight``: persons of the nation that one of those counted
    stands for.
    """

    weeks: Sequence[Acts]
    whole: Acts
    met: Met
    people: NDArray[Any]
    enforcement: Enforcement
    p: Parameters
    market: Market
    knew: Knowing
    knows: Knowing
    weight: float

    @property
    def acts(self) -> NDArray[Any]:
        """``[R, A, way, state]`` of all weeks."""
        return self.whole.modes

    @property
    def books(self) -> Books:
        """What officers took and gave."""
        return self._accounts[0]

    @property
    def ledger(self) -> Ledger:
        """The money that moved, of the whole nation."""
        return self._accounts[1]

    @cached_property
    def _accounts(self) -> tuple[Books, Ledger]:
        return books(self.p, self.enforcement, self.met.cases, len(self.weeks), self.weight)

    @cached_property
    def bribes(self) -> Floats:
        """``[R, D, standing, finding, (found, payers, kg)]``, persons of the nation; who is passed by is not there."""
        met = np.asarray(self.met.cases, np.float64)
        return bribes_by_finding(met, self.enforcement.prices, self.weight)[..., 1:, :]


class Folding:
    """Sums over profiles into standing x sex, and over statuses into their parts; the same for a whole run."""

    def __init__(self, world: World) -> None:
        cells = [STANDINGS.index(who.standing) * len(SEXES) + SEXES.index(who.sex) for who in world.pack.profiles]
        # Adding up in the order of profiles, one cell after the other: no matrix product, the same bits everywhere.
        self._members = [np.flatnonzero(np.array(cells) == i) for i in range(len(STANDINGS) * len(SEXES))]
        adults = [who.standing if who.role != "pupil" else None for who in world.pack.profiles]
        self._adults = [[i for i, standing in enumerate(adults) if standing == name] for name in STANDINGS]

    def series(self, states: NDArray[Any]) -> Floats:
        """``[R, A, standing, sex, state]`` from ``states[R, P, A, state]``."""
        folded = np.stack([states[:, of].sum(axis=1) for of in self._members], axis=2).astype(np.float64)
        regions, acts, _, kinds = folded.shape
        return folded.reshape(regions, acts, len(STANDINGS), len(SEXES), kinds)

    def adults(self, people: NDArray[Any]) -> Floats:
        """``[R, standing, S]`` from ``people[R, P, S]``."""
        return np.stack([people[:, of].sum(axis=1) for of in self._adults], axis=1).astype(np.float64)


class Recorder:
    """What a run has counted since the last part was written."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._folding = Folding(world)
        self.days: dict[str, list[int]] = {name: [] for name in (*WEEKLY, *BY_PERIOD)}
        self.blocks: dict[str, list[Floats]] = {name: [] for name in (*WEEKLY, *BY_PERIOD)}
        pairs = world.cases.pairs
        # Kinds of officers and charges, in the order of the bribes.
        self.pairs = tuple(dict.fromkeys(pairs))
        self._cases_of = [[d for d, one in enumerate(pairs) if one == pair] for pair in self.pairs]
        # Which systems keep what, and cover whom, hangs only on which of them are on.
        each = {world.systems_on(day_of(period.monday)): period for period in reversed(world.periods)}.values()
        self.kinds = {
            "routine": _in_order(world, [world.routine(period) for period in each]),
            "coverage": _in_order(world, [world.coverage(period) for period in each]),
        }

    def week(self, monday: int, weight: float, acts: Acts) -> None:
        """Take in one week's acts, or those of some weeks as if they were one."""
        self._add("series", monday, self._folding.series(acts.states) * weight)
        self._add("modes", monday, acts.modes * weight)
        self._add("held", monday, acts.held.sum(axis=1).astype(np.float64) * weight)

    def period(self, period: Period, last_monday: int, got: PeriodTallies) -> None:
        """Take in a period: the people at its end, contacts, what officers decided and took, the money that moved."""
        monday, weight = period.monday, got.weight
        self._add("people", last_monday, got.people.sum(axis=1).astype(np.float64) * weight)
        self._add("contacts", monday, got.met.outcomes * weight)
        bribes = got.bribes
        self._add("bribes", monday, self._by_pair(bribes))
        self._add("officers", monday, officers_of(got.enforcement, period.weeks))
        posts = heads(self._world.pack, self._world.view(period).p, day_of(monday))
        self._add("officials", monday, officials_of(posts, got.enforcement, got.books, period.weeks))
        self._add("accounts", monday, got.ledger.moved.astype(np.float64) / GRAMS)
        self._add("market", monday, self._market(period, got, bribes))
        self._add("households", monday, self._households(period, got.market, bribes))
        self._add("vendors", monday, self._vendors(period, got, bribes))
        self._add("leads", monday, self._leads(got) * weight)
        self._add("human_network", monday, self._watching(period))
        months = period.weeks / MONTH_WEEKS
        self._add("routine", monday, self._by_kind("routine", self._world.routine(period, got.knew)) * months)
        self._add("coverage", monday, self._by_kind("coverage", self._world.coverage(period, got.knew)))
        self._add("knowing", monday, self._knowing(got))
        self._add("attitudes", monday, self._attitudes(period, got))

    def _by_pair(self, bribes: Floats) -> Floats:
        """``[R, pair, ...]`` from ``[R, D, ...]``: one row for an officer and a charge, armed guards or not."""
        return np.stack([bribes[:, of].sum(axis=1) for of in self._cases_of], axis=1)

    def _households(self, period: Period, market: Market, bribes: Floats) -> Floats:
        """``[standing, measure]`` of the nation's households, in the order of :data:`HOUSEHOLD_MEASURES`."""
        world, day = self._world, day_of(period.monday)
        p = world.p.on(day)
        kg = bribes[..., -1].sum(axis=(0, 1, 3))
        paid = kg / np.maximum(self._number(day), 1.0) * MONTH_WEEKS / period.weeks
        found = purses(p, market, day, paid)
        spent = found.bribes / spending(p, day)
        return np.stack([found.income, found.bribes, spent, found.hardship], axis=-1)

    def _number(self, day: date) -> Floats:
        """``[standing]``: households of the nation."""
        world = self._world
        size = world.p.on(day).number("households.persons")
        return np.asarray(float(world.persons(day.year).sum()) / size * world.standing)

    def _market(self, period: Period, got: PeriodTallies, bribes: Floats) -> Floats:
        """What the market cleared at, and the share of smugglers' profit that guards had of it."""
        cases = self._world.cases
        mine = [d for d, (officer, act) in enumerate(cases.pairs) if officer in GUARDS and act == "smuggling"]
        loads = smuggled(got.acts, got.weight, period.weeks) * period.weeks / MONTH_WEEKS
        brought = loads * profit(self._world.view(period).p, got.market)
        share = float(bribes[:, mine, ..., -1].sum()) / brought if brought > 0.0 else 0.0
        return np.append(got.market.arrays()["market"], share)

    def _vendors(self, period: Period, got: PeriodTallies, bribes: Floats) -> Floats:
        """``[standing, measure]`` of the nation's vendors, in the order of :data:`VENDOR_MEASURES`."""
        world, day, months = self._world, day_of(period.monday), period.weeks / MONTH_WEEKS
        persons = world.persons(day.year)[:, None] * world.profile_shares()
        number = np.zeros(len(STANDINGS))
        for i, who in enumerate(world.pack.profiles):
            if who.involved:
                number[STANDINGS.index(who.standing)] += persons[:, i].sum()
        trade = [d for d, (_, act) in enumerate(world.cases.pairs) if act == "trade"]
        by_payer = (got.met.cases[:, trade] * got.weight / months).sum(axis=(0, 1, 3, 4))
        met = by_payer.reshape(len(STANDINGS), RANKS, -1).sum(axis=1)
        fined, *held = (met[:, VERDICTS.index(verdict)] for verdict in TAKES_GOODS)
        tolls = bribes[:, trade, ..., -1].sum(axis=(0, 1, 3)) / months
        found = vendors_of(world.p.on(day), got.market, day, self._number(day), number, tolls, fined, fined + sum(held))
        amounts = (found.sales, found.margin, found.tolls, found.fees, found.lost, found.income)
        return np.stack([number, *amounts, found.income / got.market.food], axis=-1)

    def _by_kind(self, name: str, found: Mapping[tuple[str, str], Floats]) -> Floats:
        """``[R, kind]``; of a system that is off no records, and nobody to cover."""
        places, kinds = len(self._world.axes.regions), self.kinds[name]
        none = np.full(places, 0.0 if name == "routine" else np.nan)
        return np.stack([found.get(kind, none) for kind in kinds], axis=1) if kinds else np.zeros((places, 0))

    def _leads(self, got: PeriodTallies) -> Floats:
        """``[R, A, (records, leads, of them from footprints)]``; a lead is met where the person lives."""
        recorded = got.acts[..., FREE_RECORDED].sum(axis=2).astype(np.float64)
        leads, footprints = np.zeros_like(recorded), np.zeros_like(recorded)
        for c, contact in enumerate(self._world.contacts):
            if contact.encounter == "lead":
                met = got.met.ended[:, c].sum(axis=(1, 2))
                a = self._world.axes.acts.index(contact.act)
                leads[:, a] += met
                if contact.name.startswith("footprint_"):
                    footprints[:, a] += met
        return np.stack([recorded, leads, footprints], axis=-1)

    def _knowing(self, got: PeriodTallies) -> Floats:
        """``[R, class, (known, cases)]``: cameras on faces and roads, then the classes of which a share is kept."""
        found = penalties(self._world.sorting, ends(got.met.ended))
        persons = got.people.sum(axis=(1, 2)).astype(np.float64)
        faces = got.people[..., caution.parts().knows == 1].sum(axis=(1, 2)) / np.maximum(persons, 1.0)
        known = np.stack([faces, *got.knows.arrays().values()], axis=1)
        cases = np.concatenate([found.digital[:, None], found.classes], axis=1) * got.weight
        return np.stack([known, cases], axis=-1)

    def _attitudes(self, period: Period, got: PeriodTallies) -> Floats:
        """``[R, standing, measure]`` of adults at the end of a period, in the order of :data:`ATTITUDE_MEASURES`."""
        world, p = self._world, self._world.view(period).p
        among = impressions(world, period, got)
        people = self._folding.adults(got.people)
        persons = people.sum(axis=-1)
        cuts = world.thefts_cut(period)
        watched = _mean(attitudes.feels_watched(p, among), people)
        think = _mean(attitudes.thinks_cameras_cut_theft(p, among), people)
        right = attitudes.are_right(p, think, _mean(cuts, people.sum(axis=1, keepdims=True)))
        suffered = np.broadcast_to(among.thefts[:, None], persons.shape)
        return np.stack([persons * got.weight, watched, think, suffered, _mean(cuts, people), right], axis=-1)

    def _watching(self, period: Period) -> Floats:
        """``[R, (share of people in the network, searches for nothing)]``."""
        published = self._world.view(period).published
        none = np.zeros(len(self._world.axes.regions))
        person_years = self._world.persons(day_of(period.monday).year) * period.weeks / (12.0 * MONTH_WEEKS)
        searches = published.get("false_reports", none) * person_years
        return np.stack([published.get("network_share", none), searches], axis=-1)

    def _add(self, name: str, day: int, block: Floats) -> None:
        self.days[name].append(day)
        self.blocks[name].append(block)

    def taken(self) -> dict[str, list[tuple[int, Floats]]]:
        """What is pending, table by table, each block with its day; then nothing is."""
        found = {name: list(zip(self.days[name], blocks, strict=True)) for name, blocks in self.blocks.items()}
        for name in found:
            self.days[name], self.blocks[name] = [], []
        return found

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What is pending, for a checkpoint."""
        found: dict[str, NDArray[Any]] = {}
        for name, blocks in self.blocks.items():
            if blocks:
                found[f"pending_{name}"] = np.stack(blocks)
                found[f"pending_{name}_days"] = np.array(self.days[name], np.int64)
        return found

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Take up what a checkpoint held."""
        for name in self.blocks:
            self.blocks[name] = list(arrays.get(f"pending_{name}", ()))
            self.days[name] = [int(day) for day in arrays.get(f"pending_{name}_days", ())]

    def years(self) -> list[int]:
        """The years of which something is pending."""
        return sorted({day_of(day).year for days in self.days.values() for day in days})

    def write(self, draft: Draft, year: int) -> None:
        """Write what is pending of a year as one part of each table, and let it go."""
        for name in self.blocks:
            own = [i for i, day in enumerate(self.days[name]) if day_of(day).year == year]
            if own:
                days = np.array([self.days[name][i] for i in own])
                draft.write(name, year, self._columns(name, days, np.stack([self.blocks[name][i] for i in own])))
            kept = [i for i in range(len(self.days[name])) if i not in set(own)]
            self.days[name] = [self.days[name][i] for i in kept]
            self.blocks[name] = [self.blocks[name][i] for i in kept]
        for name, columns in self._surroundings(year):
            draft.write(name, year, columns)

    def _columns(self, name: str, days: NDArray[np.int64], cells: Floats) -> dict[str, Any]:
        axes = self._world.axes
        if name == "series":
            keys = _keys(days, region=axes.regions, act=axes.acts, standing=STANDINGS, sex=SEXES)
            return keys | _states(cells)
        if name == "modes":
            begun = {"begun": cells[..., PUNISHED:].sum(axis=-1).ravel()}
            return _keys(days, region=axes.regions, act=axes.acts, way=axes.ways) | _states(cells) | begun
        if name == "held":
            held = cells[..., 1:]
            return _keys(days, region=axes.regions, hold=axes.holds[1:]) | {"held_new": held.ravel()}
        if name == "people":
            return self._people(days, cells)
        if name == "contacts":
            return self._contacts(days, cells)
        if name == "leads":
            keys = _keys(days, "period", region=axes.regions, act=axes.acts)
            return keys | {measure: cells[..., i].ravel() for i, measure in enumerate(LEAD_MEASURES)}
        if name == "knowing":
            keys = _keys(days, "period", region=axes.regions, knows_of=("faces_and_roads", *CLASSES))
            return keys | {"known": cells[..., 0].ravel(), "cases": cells[..., 1].ravel()}
        if name == "attitudes":
            keys = _keys(days, "period", region=axes.regions, standing=STANDINGS)
            return keys | {measure: cells[..., i].ravel() for i, measure in enumerate(ATTITUDE_MEASURES)}
        if name == "human_network":
            keys = _keys(days, "period", place=axes.regions)
            return keys | {"network_share": cells[..., 0].ravel(), "false_reports": cells[..., 1].ravel()}
        if name in self.kinds:
            return self._without_acts(name, days, cells)
        if name in ("market", "households", "vendors"):
            return self._of_the_market(name, days, cells)
        return self._of_officers(name, days, cells)

    def _people(self, days: NDArray[np.int64], cells: Floats) -> dict[str, Any]:
        keys = _keys(days, region=self._world.axes.regions, status=cells.shape[-1])
        status = keys.pop("status")
        parts = {name: part[status] for name, part in caution.parts()._asdict().items()}
        return keys | parts | {"persons": cells.ravel()}

    def _contacts(self, days: NDArray[np.int64], cells: Floats) -> dict[str, Any]:
        """Only cells in which somebody was met."""
        axes = self._world.axes
        keys = _keys(
            days, "period", place=axes.regions, contact=axes.contacts, standing=STANDINGS, group=axes.groups, powered=2
        )
        met = cells.sum(axis=-1).ravel() > 0
        kept = {name: _of(column, met) for name, column in keys.items()}
        flat = cells.reshape(-1, len(OUTCOMES))[met]
        return kept | {outcome: flat[:, o] for o, outcome in enumerate(OUTCOMES)}

    def _without_acts(self, name: str, days: NDArray[np.int64], cells: Floats) -> dict[str, Any]:
        """Routine records and coverage: only cells with records, or with anything to cover."""
        kinds = self.kinds[name]
        key, measure = ("kind", "records") if name == "routine" else ("whom", "covered")
        some = cells.ravel() > 0 if name == "routine" else np.isfinite(cells.ravel())
        keys = _keys(days, "period", place=self._world.axes.regions, kind=len(kinds))
        kind = keys.pop("kind")[some]
        systems = tuple(dict.fromkeys(system for system, _ in kinds))
        words = tuple(dict.fromkeys(word for _, word in kinds))
        kept = {name: _of(column, some) for name, column in keys.items()}
        kept["system"] = Labels(np.array([systems.index(system) for system, _ in kinds], np.int32)[kind], systems)
        kept[key] = Labels(np.array([words.index(word) for _, word in kinds], np.int32)[kind], words)
        return kept | {measure: cells.ravel()[some]}

    def _of_the_market(self, name: str, days: NDArray[np.int64], cells: Floats) -> dict[str, Any]:
        if name == "market":
            return {"period": days} | {measure: cells[:, i] for i, measure in enumerate(MARKET_MEASURES)}
        measures = HOUSEHOLD_MEASURES if name == "households" else VENDOR_MEASURES
        flat = cells.reshape(-1, len(measures))
        keys = _keys(days, "period", standing=STANDINGS)
        return keys | {measure: flat[:, i] for i, measure in enumerate(measures)}

    def _of_officers(self, name: str, days: NDArray[np.int64], cells: Floats) -> dict[str, Any]:
        """Bribes, officers, officials and accounts: only cells with anybody, or anything, in them."""
        regions = self._world.axes.regions
        if name == "accounts":
            keys = _keys(days, "period", place=regions, giver=ACCOUNTS, taker=ACCOUNTS)
            some = cells.ravel() > 0
            return {key: _of(column, some) for key, column in keys.items()} | {"kg": cells.ravel()[some]}
        if name in ("officers", "officials"):
            keys = _keys(days, "period", place=regions, officer=OFFICERS)
            measures: tuple[str, ...] = OFFICER_MEASURES if name == "officers" else OFFICIAL_MEASURES
        else:
            cases, pairs = self._world.cases, len(self.pairs)
            keys = _keys(days, "period", place=regions, pair=pairs, standing=STANDINGS, finding=FINDINGS[1:])
            pair = keys.pop("pair")
            first = np.array([of[0] for of in self._cases_of])[pair]
            keys["officer"] = Labels(cases.officer[first], OFFICERS)
            keys["act"] = Labels(np.array([ACTS.index(act_of(charge)) for _, charge in self.pairs])[pair], ACTS)
            keys["offence"] = Labels(cases.offence[first], OFFENCES)
            measures = ("found", "payers", "kg")
        flat = cells.reshape(-1, len(measures))
        some = np.asarray((flat[:, : len(measures) if name == "officials" else 1] > 0).any(axis=-1))
        kept = {key: _of(column, some) for key, column in keys.items()}
        return kept | {measure: flat[some, i] for i, measure in enumerate(measures)}

    def _surroundings(self, year: int) -> Iterable[tuple[str, dict[str, Any]]]:
        """What the world was like: known before the run, written with it."""
        world, infra = self._world, self._world.infrastructure
        of_year = np.array([day_of(int(day)).year == year for day in world.weeks])
        days = world.weeks[of_year]
        share = infra.power.share[of_year]
        places = {f"power_{use}": share[..., i].ravel() for i, use in enumerate(USES)}
        yield "places", _keys(days, region=world.axes.regions) | places | {"linked": infra.network[of_year].ravel()}
        nation = {
            "spares": infra.spares[of_year],
            "border_open": infra.border_open[of_year],
            "no_transport": world.pack.events_over("no_transport", days),
            "masked": world.pack.events_over("masked", days),
        }
        yield "nation", {"week": days, **nation}
        state = infra.state[of_year]
        there = (state != NOT_INSTALLED).ravel()
        if there.any():
            linked, power = infra.linked[of_year], infra.site_power[of_year]
            live = world.live(of_year)
            names = tuple(site.id for site in infra.sites)
            regions = np.tile([site.region for site in infra.sites], len(days))
            cells = {"working": state == WORKING, "linked": linked, "power": power, "live": live}
            keys = _keys(days, site=names) | {"region": Labels(regions, world.axes.regions)}
            yield (
                "sites",
                {name: _of(column, there) for name, column in keys.items()}
                | {name: np.asarray(cell, np.float64).ravel()[there] for name, cell in cells.items()},
            )


def impressions(world: World, period: Period, got: PeriodTallies) -> attitudes.Impressions:
    """What people lived among in a period that was lived: what they saw, whom, and how often something was stolen."""
    thefts = got.acts[:, ACTS.index("theft"), :, PUNISHED:].sum(axis=(1, 2)) * got.weight
    at_home = thefts * (1.0 - world.view(period).p.number("workplace_cameras.theft_at_work"))
    size = np.array([region.persons / region.households for region in world.pack.regions])
    household_years = world.persons(day_of(period.monday).year) / size * period.weeks / WEEKS_A_YEAR
    return world.impressions(period, got.knows, at_home / household_years)


def _mean(chance: Floats, people: Floats) -> Floats:
    """``[R, group]``: mean of ``chance[R, S]`` over ``people[R, group, S]``; 0 where there are none."""
    persons = people.sum(axis=-1)
    total = (people * chance[:, None]).sum(axis=-1)
    return np.divide(total, persons, out=np.zeros_like(total), where=persons > 0)


def _in_order(world: World, found: Iterable[Mapping[tuple[str, str], Floats]]) -> tuple[tuple[str, str], ...]:
    """By system and kind, what there is at any time, in the order of the systems."""
    order = [system.NAME for system in world.systems]
    return tuple(sorted(dict.fromkeys(key for kinds in found for key in kinds), key=lambda key: order.index(key[0])))


def _keys(days: NDArray[np.int64], date: str = "week", **axes: tuple[str, ...] | int) -> dict[str, Any]:
    """The key columns of a dense block ``[day, *axes]``."""
    shape = (len(days), *(axis if isinstance(axis, int) else len(axis) for axis in axes.values()))
    index = np.indices(shape, dtype=np.int32)
    columns: dict[str, Any] = {date: days[index[0].ravel()]}
    for i, (name, axis) in enumerate(axes.items()):
        codes = index[i + 1].ravel()
        columns[name] = codes if isinstance(axis, int) else Labels(codes, axis)
    return columns


def _of(column: Any, rows: NDArray[np.bool_]) -> Any:
    return Labels(column.codes[rows], column.names) if isinstance(column, Labels) else column[rows]


def _states(cells: Floats) -> dict[str, Floats]:
    flat = cells.reshape(-1, len(STATES))
    return {"intents": flat.sum(axis=-1)} | {state: flat[:, i] for i, state in enumerate(STATES)}


LEAD_MEASURES = ("free_recorded", "leads", "from_footprints")
ATTITUDE_MEASURES = (
    "adults",
    "feel_watched",
    "think_cameras_cut_theft",
    "thefts_suffered",
    "thefts_cut",
    "are_right",
)
TAKES_GOODS = ("fined", "penalised", "imprisoned", "camp")
"""Verdicts that cost a vendor his goods, the fine first."""

MARKET_MEASURES = ("food_price", "goods_price", "stock_months", "smuggled_loads", "guards_share")
VENDOR_MEASURES = ("vendors", "sales", "margin", "tolls_paid", "fees_paid", "losses", "earnings", "buys")
OFFICIAL_MEASURES = (
    *("heads", "head_months", "kept_busy", "caught", "bribes", "tolls", "pay", "handed_up", "to_watchers", "lost"),
    "remains",
)
HOUSEHOLD_MEASURES = ("income", "bribes_paid", "spent_on_bribes", "hardship")
OFFICER_MEASURES = (
    *(
        "officers",
        "officer_months",
        "encounters",
        "stake",
        "least_bribe",
        "fixed_price",
        "let_off",
        "taken",
        "short",
        "held_up",
    ),
    *("in_view", "on_record", "led_away", "bought"),
)


def officers_of(found: Enforcement, weeks: int) -> Floats:
    """Officers of a period ``[R, K, measure]``, in the order of :data:`OFFICER_MEASURES`."""
    measures = (
        *(found.officers, found.officers * weeks / MONTH_WEEKS, found.post.encounters, found.stake, found.least),
        *(found.fixed_price, found.let_off, found.taken, found.short, found.held_up),
        *(found.watch.covered, found.watch.on_record, found.moved, found.bought),
    )
    return np.stack([np.broadcast_to(measure, found.least.shape) for measure in measures], axis=-1)


def officials_of(posts: Floats, found: Enforcement, had: Books, weeks: int) -> Floats:
    """Officials of a period ``[R, K, measure]``, in the order of :data:`OFFICIAL_MEASURES`; ``posts[R, K]`` of them."""
    left = had.bribes + had.tolls + had.pay - had.handed_up - had.watchers - had.lost
    return np.stack([posts, posts * weeks / MONTH_WEEKS, found.officers, *had, left], axis=-1)
