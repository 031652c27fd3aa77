"""The world of one run: from a pack, its parameters and a scenario to the odds of every period.

The only place that knows systems, institutions, society and infrastructure at once.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import (
    FINDINGS,
    NOTHING,
    OUTCOMES,
    VERDICTS,
    WAYS_NOT_BEGUN,
    Axes,
    Layout,
    Odds,
    check_layout,
    check_odds,
    cumulative,
    draw_count,
    partial_sums,
    threshold,
)
from greyspace.contract.axes import FREE_RECORDED, FREE_UNSEEN, NEWS_DIGITAL, NEWS_HUMAN, PAID, PUNISHED, TURNED_BACK
from greyspace.country import ACTS, STANDINGS, Pack, generator, household_standings, shares
from greyspace.errors import InputError
from greyspace.evidence import Parameters
from greyspace.infrastructure import NOT_INSTALLED, RAIL, Infrastructure, Site, paths
from greyspace.infrastructure.power import at_the_train
from greyspace.institutions import OFFICERS, RANKS, Cases, Enforcement, Practice, enforce, means_of, payers_at, value_of
from greyspace.simulate.learn import Experience, shift
from greyspace.society import caution
from greyspace.society.acts import OFFENCE, occasions
from greyspace.society.population import Recipe
from greyspace.society.routes import MODES, Network, ways
from greyspace.systems import GROUPS, SYSTEMS, Contact, System, View

PERIOD_WEEKS = 4
"""The odds are renewed every four weeks, on the same Mondays whenever a run starts."""

Floats = NDArray[np.float64]

# What an act leaves behind, from nothing to the gravest: name, state, hold class, news, and whether it teaches what
# gates do. The longer of two holds follows the shorter, so that one can turn out as the other.
_MARKS = (
    ("nothing", FREE_UNSEEN, 0, 0, False),
    ("logged", FREE_RECORDED, 0, 0, False),
    ("filmed", FREE_RECORDED, 0, 0, False),
    ("kept_at_gate", FREE_RECORDED, 0, 0, True),
    ("paid", PAID, 0, 0, False),
    ("paid_at_gate", PAID, 0, 0, True),
    ("turned_back", TURNED_BACK, 0, 0, False),
    ("turned_back_at_gate", TURNED_BACK, 0, 0, True),
    ("held_short", PUNISHED, 1, NEWS_HUMAN, False),
    ("held_long", PUNISHED, 2, NEWS_HUMAN, False),
    ("held_short_by_gate", PUNISHED, 1, NEWS_DIGITAL, True),
    ("held_long_by_gate", PUNISHED, 2, NEWS_DIGITAL, True),
)
_MARK = {name: k for k, (name, *_) in enumerate(_MARKS)}
_HOLDS = ("none", "short", "long")


@dataclass(frozen=True)
class Period:
    """Weeks ``first`` to ``last`` (exclusive) of the run, under one set of odds. ``monday``: days since 1970-01-01."""

    first: int
    last: int
    monday: int

    @property
    def weeks(self) -> int:
        return self.last - self.first


def mondays(start: date, end: date) -> NDArray[np.int64]:
    """The Mondays of the weeks from that of ``start`` to that of ``end``, as days since 1970-01-01.

    >>> [str(np.datetime64(int(d), "D")) for d in mondays(date(2016, 1, 6), date(2016, 1, 11))]
    ['2016-01-04', '2016-01-11']
    """
    first = start.toordinal() - start.weekday()
    last = end.toordinal() - end.weekday()
    return np.arange(first, last + 7, 7, dtype=np.int64) - date(1970, 1, 1).toordinal()


def day_of(day: int) -> date:
    """The date of a day since 1970-01-01."""
    return date.fromordinal(int(day) + date(1970, 1, 1).toordinal())


class World:
    """``pack`` already holds the scenario's events, ``p`` its parameters; ``off`` are the systems it switches off.

    ``cuts``: dates on which something changes here or in a world that this one is held against.
    """

    def __init__(
        self,
        pack: Pack,
        p: Parameters,
        seed: int,
        weeks: NDArray[np.int64],
        off: frozenset[str],
        cuts: Collection[date] = (),
    ) -> None:
        self.pack = pack
        self.p = p
        self.weeks = weeks
        self._cuts = cuts
        self.systems: tuple[System, ...] = tuple(system for system in SYSTEMS if system.NAME not in off)
        self.infrastructure: Infrastructure = paths(pack, p, seed, weeks, self._sites())
        if not self.contacts:
            raise InputError(
                f"every system that meets people is switched off ({', '.join(sorted(off))}); leave at least one on"
            )
        self.network = Network(pack)
        self.axes, self.layout = self._layout()
        check_layout(self.layout, self.axes)
        self._occasions = occasions(pack, p)
        self._events: dict[tuple[str, str | None], Floats] = {}
        self._viewed: tuple[Period, View] | None = None
        self._destinations = self.network.destinations(p)
        self._dest = cumulative(self._destinations, "destinations")
        self._standing = household_standings(pack)
        self._payers = payers_at(p, self.cases, self._standing)

    # -- what does not change in a run

    def _sites(self) -> list[Site]:
        """All equipment; InputError where two systems claim one and the same device."""
        owner: dict[str, str] = {}
        found = []
        for system in self.systems:
            for site in system.sites(self.pack, self.p):
                if site.id in owner:
                    raise InputError(
                        f"{site.id}: one device cannot serve {owner[site.id]} and {system.NAME}; switch one of these "
                        "systems off, or leave enforcer_cameras.at_gates at 0"
                    )
                owner[site.id] = system.NAME
                found.append(site)
        return found

    @cached_property
    def contacts(self) -> tuple[Contact, ...]:
        """All contacts; one that stands in front of another (of a later system) comes first."""
        return tuple(contact for system in reversed(self.systems) for contact in system.CONTACTS)

    @cached_property
    def cases(self) -> Cases:
        """Who decides over whom, whatever systems a scenario switches off."""
        pairs = {(contact.officer, OFFENCE[contact.act]): None for system in SYSTEMS for contact in system.CONTACTS}
        return Cases(tuple(pairs))

    def _layout(self) -> tuple[Axes, Layout]:
        pack, p = self.pack, self.p
        profiles = pack.profiles
        minor = np.array([who.role == "pupil" for who in profiles])
        standing = np.array([STANDINGS.index(who.standing) for who in profiles], np.int32)
        axes = Axes(
            regions=tuple(region.id for region in pack.regions),
            profiles=tuple("_".join((w.role, w.sex, w.standing, *(["involved"] * w.involved))) for w in profiles),
            standings=STANDINGS,
            tempers=tuple(f"{standing}_{age}" for standing in STANDINGS for age in ("adult", "minor")),
            moods=caution.MOODS,
            traits=caution.TRAITS,
            acts=ACTS,
            ways=(*WAYS_NOT_BEGUN, *MODES),
            contacts=tuple(contact.name for contact in self.contacts),
            cases=self.cases.names,
            groups=GROUPS,
            marks=tuple(_MARK),
            holds=_HOLDS,
        )
        now = caution.parts()
        after = [
            caution.status(now.caution + (state == PUNISHED), np.maximum(now.knows, np.int32(teaches)), now.enrolled)
            for _, state, _, _, teaches in _MARKS
        ]
        first: dict[tuple[str, str], int] = {}
        instead = np.full(len(self.contacts), NOTHING, np.int32)
        for i in range(len(self.contacts) - 1, -1, -1):
            key = (self.contacts[i].encounter, self.contacts[i].act)
            instead[i] = first.get(key, NOTHING)
            first[key] = i
        route_of, routes = self._routes(first)
        layout = Layout(
            standing_of=standing,
            temper_of=(2 * standing + minor).astype(np.int32),
            group_of=np.array([self._groups(contact) for contact in self.contacts], np.int32),
            case_of=np.array(
                [self.cases.of(contact.officer, OFFENCE[contact.act]) for contact in self.contacts], np.int32
            ),
            instead=instead,
            mark_of=np.array(
                [[[_mark(c, on, o) for o in range(len(OUTCOMES))] for on in (False, True)] for c in self.contacts],
                np.int32,
            ),
            state_of=np.array([state for _, state, *_ in _MARKS], np.int32),
            hold_of=np.array([hold for _, _, hold, *_ in _MARKS], np.int32),
            hold_days=np.array(
                [0, round(p.number("officers.penalty_days_short")), round(p.number("officers.penalty_days_long"))],
                np.int32,
            ),
            news_of=np.array([news for _, _, _, news, _ in _MARKS], np.int32),
            gone=np.zeros(len(_MARKS), np.int32),
            status_after=np.stack(after).astype(np.int32),
            becomes=caution.becomes(),
            route_of=route_of,
            routes=routes,
            first_ending=_MARK["turned_back"],
            ranks=RANKS,
        )
        return axes, layout

    def _groups(self, contact: Contact) -> list[int]:
        return [GROUPS.index(trait) if contact.by_enrolment else GROUPS.index("anyone") for trait in caution.TRAITS]

    def _routes(self, first: Mapping[tuple[str, str], int]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The routes between all regions, each kept once."""
        regions = len(self.pack.regions)
        rows: dict[tuple[tuple[int, int, int, int], ...], int] = {}
        route_of = np.full((regions, len(ACTS), len(WAYS_NOT_BEGUN) + len(MODES), regions), NOTHING, np.int32)
        for origin in range(regions):
            for destination in range(regions):
                for m, mode in enumerate(MODES):
                    steps = self.network.steps(mode, origin, destination, self.p)
                    for a, act in enumerate(ACTS):
                        met: dict[str, int] = {}
                        row = []
                        for step in steps:
                            if (step.encounter, act) in first:
                                before = met.get(step.encounter, 0)
                                count = draw_count(step.encounter, before)
                                row.append((first[step.encounter, act], step.place, step.times, count))
                                met[step.encounter] = before + step.times
                        if row:
                            number = rows.setdefault(tuple(row), len(rows))
                            route_of[origin, a, len(WAYS_NOT_BEGUN) + m, destination] = number
        routes = np.zeros((max(len(rows), 1), max((len(row) for row in rows), default=1), 4), np.int32)
        routes[..., 0] = NOTHING
        for steps_of, number in rows.items():
            routes[number, : len(steps_of)] = steps_of
        return route_of, routes

    # -- time

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """Four weeks each, cut where a year begins, where a dated event begins or ends, and where a gate is installed.

        A period lies in one year, whose weight holds for all of it. Nothing acts before its date; and as what is
        installed counts whether or not a scenario has it, scenarios share their periods.
        """
        cut = (self.weeks // 7) % PERIOD_WEEKS == 0
        cut[0] = True
        years = np.array([day_of(int(day)).year for day in self.weeks])
        cut[1:] |= years[1:] != years[:-1]
        days = {day for event in self.pack.events for day in (event.start, event.until) if day is not None}
        for day in days | {gate.installed for gate in self.pack.gates} | set(self._cuts):
            at = int(np.searchsorted(self.weeks, day.toordinal() - date(1970, 1, 1).toordinal()))
            if at < len(self.weeks):
                cut[at] = True
        starts = np.flatnonzero(cut)
        ends = [*starts[1:], len(self.weeks)]
        return tuple(Period(int(a), int(b), int(self.weeks[a])) for a, b in zip(starts, ends, strict=True))

    def _in_place(self, variable: str, monday: int, act: str | None = None) -> Floats:
        """An event's variable ``[R]`` on a day."""
        key = (variable, act)
        if key not in self._events:
            by_province = {q: self.pack.events_over(variable, self.weeks, q, act) for q in self.pack.provinces}
            self._events[key] = np.stack([by_province[region.province] for region in self.pack.regions], axis=1)
        return np.asarray(self._events[key][int(np.searchsorted(self.weeks, monday))])

    def view(self, period: Period) -> View:
        """What systems may read in a period, with all that they publish."""
        if self._viewed is None or self._viewed[0] != period:
            self._viewed = (period, self._look(period))
        return self._viewed[1]

    def _look(self, period: Period) -> View:
        view = View(
            country=self.pack,
            p=self.p,
            day=day_of(period.monday),
            first=period.first,
            last=period.last,
            infrastructure=self.infrastructure,
            masked=self._in_place("masked", period.monday),
        )
        for system in self.systems:
            view = replace(view, published={**view.published, **system.publish(view)})
        return view

    # -- what officers make of whom they find

    def enforcement(self, period: Period, practice: Practice) -> Enforcement:
        """Verdicts and prices of a period, from what officers have met lately."""
        view = self.view(period)
        none = np.zeros((view.places, 2))
        in_view = np.stack([view.published.get(f"in_view_{kind}", none) for kind in OFFICERS], axis=1)
        return enforce(self.p, view.day, self.cases, self._payers, practice, in_view, self._standing)

    def _costs(self, period: Period, view: View, finding: Floats, found: Enforcement) -> Floats:
        """``[R, A, mode, X]``, kg: what bribes and tolls would cost on a journey to who pays wherever he is asked."""
        places, standings = view.places, len(STANDINGS)
        enrolled = self.p.between("identity_register.enrolled", view.day)
        group = {True: (0.0, enrolled, 1.0 - enrolled), False: (1.0, 0.0, 0.0)}
        by_finding = finding.reshape(*finding.shape[:-1], 2, len(FINDINGS)).sum(axis=-2)
        paying = found.verdict[..., VERDICTS.index("paid")] * found.prices
        asked = paying.reshape(places, -1, standings, RANKS, 2, len(FINDINGS)).mean(axis=3)  # [R, D, X, powered, F]
        share = self._shares_met(view)
        powered = self._powered(period)
        amount: dict[tuple[str, str], Floats] = {}  # [place, X, powered] at an encounter, of an act
        for c, contact in enumerate(self.contacts):
            of = sum(weight * by_finding[:, c, g] for g, weight in enumerate(group[contact.by_enrolment]))
            expected = (of[:, None] * asked[:, self.layout.case_of[c]]).sum(axis=-1)
            key = (contact.encounter, contact.act)
            amount[key] = amount.get(key, 0.0) + share[:, c, None, None] * expected
        costs = np.zeros((places, len(ACTS), len(MODES), standings))
        for (encounter, act), kg in amount.items():
            a = ACTS.index(act)
            for m, mode in enumerate(MODES):
                on = powered[:, self.axes.ways.index(mode)][:, None]
                here = kg[..., 0] * (1.0 - on) + kg[..., 1] * on
                passes = self._passes.get((encounter, mode))
                if passes is not None:
                    for place in range(places):  # added in this order: the same bits everywhere
                        costs[:, a, m] += passes[:, a, place, None] * here[place]
        return costs

    @cached_property
    def _passes(self) -> dict[tuple[str, str], Floats]:
        """By encounter and mode ``[R, A, place]``: how often one passes it on a journey, over all destinations."""
        regions = len(self.pack.regions)
        found: dict[tuple[str, str], Floats] = {}
        for origin in range(regions):
            for destination in range(regions):
                likely = self._destinations[origin, :, destination]
                for mode in MODES:
                    for step in self.network.steps(mode, origin, destination, self.p):
                        passes = found.setdefault((step.encounter, mode), np.zeros((regions, len(ACTS), regions)))
                        passes[origin, :, step.place] += likely * step.times
        return found

    def _stays(self, period: Period, view: View, finding: Floats, found: Enforcement) -> Floats:
        """``[R, M, A, mode]``: share of travellers for whom a journey is worth what bribes and tolls would cost."""
        costs = self._costs(period, view, finding, found)
        worth = value_of(self.p).over(costs) * means_of(self.p).over(costs)
        standing = np.repeat(np.arange(len(STANDINGS)), len(self.axes.tempers) // len(STANDINGS))
        return np.moveaxis(worth, -1, 1)[:, standing]

    # -- odds

    def odds(self, period: Period, known: Experience, found: Enforcement) -> Odds:
        """The odds of a period, checked; InputError where a system's odds do not add up."""
        view = self.view(period)
        ceiling, pick, accept = self._occasions
        finding = self._findings(view)
        made = Odds(
            ceiling=ceiling,
            pick=pick,
            accept=accept,
            way=cumulative(self._ways(period, known, self._stays(period, view, finding, found)), "ways"),
            dest=self._dest,
            met=threshold(self._met(view), "contacts met"),
            powered=threshold(self._powered(period), "power"),
            finding=cumulative(finding, "findings"),
            verdict=cumulative(found.verdict, "verdicts"),
            graver=threshold(self._graver(), "graver marks"),
            weekly=partial_sums(self._weekly(period), "changes of mood"),
        )
        check_odds(made, self.layout, self.axes)
        return made

    def _ways(self, period: Period, known: Experience, stays: Floats) -> Floats:
        no_transport = np.stack([self._in_place("no_transport", period.monday, act) for act in ACTS], axis=1)
        power = self.infrastructure.power.share[period.first : period.last, :, RAIL].mean(axis=0)
        knows = caution.parts().knows[:: len(caution.TRAITS)]
        moved = shift(known, self.p, knows)
        return ways(self.p, no_transport, power, caution.chilled(self.p), moved, stays)

    def _met(self, view: View) -> Floats:
        """Cumulative along the chain of contacts that stand for each other."""
        found = self._shares_met(view)
        before: dict[tuple[str, str], Floats] = {}
        for i, contact in enumerate(self.contacts):
            key = (contact.encounter, contact.act)
            found[:, i] += before.get(key, 0.0)
            before[key] = found[:, i]
        return found

    def _shares_met(self, view: View) -> Floats:
        """``[R, C]``: of those who come to an encounter, the share who meet each contact of its chain."""
        share = {name: met for system in self.systems for name, met in system.met(view).items()}
        missed: dict[tuple[str, str], Floats] = {}
        found = np.empty((view.places, len(self.contacts)))
        for i, contact in enumerate(self.contacts):
            key = (contact.encounter, contact.act)
            left = missed.get(key, np.ones(view.places))
            found[:, i] = left * share[contact.name]
            missed[key] = left * (1.0 - share[contact.name])
        return found

    def _powered(self, period: Period) -> Floats:
        """By rail a passenger is there when a train is; otherwise a place has power its share of the hours."""
        usual = self.infrastructure.power.share[period.first : period.last, :, RAIL].mean(axis=0)
        rail = at_the_train(usual, self.p.number("power.train_gate_coupling"))
        found = np.repeat(usual[:, None], len(self.axes.ways), axis=1)
        found[:, self.axes.ways.index("rail")] = rail
        return found

    def _findings(self, view: View) -> Floats:
        table = {name: odds for system in self.systems for name, odds in system.odds(view).items()}
        for name, odds in table.items():
            off = np.abs(odds.sum(axis=-1) - 1.0) > 1e-9
            if off.any():
                place, group, powered = np.argwhere(off)[0]
                raise InputError(
                    f"the odds of contact '{name}' add up to {odds[place, group, powered].sum():.6g}, not 1, "
                    f"in {self.axes.regions[place]} for group {GROUPS[group]}, "
                    f"{'with' if powered else 'without'} power"
                )
        return np.stack([table[contact.name] for contact in self.contacts], axis=1)

    def _graver(self) -> Floats:
        found = np.zeros(len(_MARKS))
        found[[_MARK["held_short"], _MARK["held_short_by_gate"]]] = self.p.number("officers.penalty_long_share")
        return found

    def _weekly(self, period: Period) -> Floats:
        day, ahead = day_of(period.monday), day_of(period.monday + 7 * period.weeks)
        now = self.p.between("identity_register.enrolled", day)
        then = self.p.between("identity_register.enrolled", ahead)
        a_week = 1.0 - ((1.0 - max(then, now)) / (1.0 - now)) ** (1.0 / period.weeks) if now < 1.0 else 0.0
        enrolling = np.array([0.0 if temper.endswith("minor") else a_week for temper in self.axes.tempers])
        gates = bool((self.infrastructure.state[: period.last] != NOT_INSTALLED).any())
        change = caution.weekly(self.p, gates, enrolling)
        return np.repeat(change[None], len(self.pack.regions), axis=0)

    def gated(self, period: Period) -> Floats:
        """``[R]``: 1 where a gate of the region's province can work in the period."""
        if not any(system.NAME == "station_gates" for system in self.systems):
            return np.zeros(len(self.pack.regions))
        live = self.view(period).published["gate_live"]
        by_province = np.zeros(len(self.network.provinces))
        np.maximum.at(by_province, self.network.province_of, live)
        return (by_province[self.network.province_of] > 0).astype(np.float64)

    # -- people

    def start(self, spread: Floats) -> Floats:
        """``[R, M, S]``: chances of each status at the start, given the spread of caution ``[R, M, level]``."""
        now = caution.parts()
        knows = self.p.number("caution.knows_initial")
        enrolled = self.p.between("identity_register.enrolled", day_of(int(self.weeks[0])))
        adult = np.array([not temper.endswith("minor") for temper in self.axes.tempers])
        share = np.where(adult, enrolled, 0.0)[:, None]
        traits = np.where(now.enrolled == 1, share, 1.0 - share)
        found = spread[:, :, now.caution] * np.where(now.knows == 1, knows, 1.0 - knows) * traits[None]
        return np.asarray(found / found.sum(axis=-1, keepdims=True))

    def recipe(self, start: Floats) -> Recipe:
        """How to make the people, at the size the nation has in the reference year."""
        least, most = (round(self.p.number(f"population.{word}_households")) for word in ("least", "most"))
        if least > most:
            raise InputError(
                f"population.least_households is {least} and population.most_households {most}; "
                "the least cannot exceed the most"
            )
        year = round(self.p.number("population.reference_year"))
        growth = self.pack.nation(year) / self.pack.nation(self.census_year)
        made = generator(self.pack)
        # By persons: households are a little larger in some regions than in others, but are all drawn alike.
        members = float((made.size * np.arange(1, len(made.size) + 1)).sum())
        unit = members * (least + most) / 2
        units = tuple(max(1, round(region.persons * growth / unit)) for region in self.pack.regions)
        return Recipe(made, units, least, most, self.layout.temper_of, start)

    @property
    def census_year(self) -> int:
        """The first year of the projection: that of the census."""
        return min(row.year for row in self.pack.projection)

    def persons(self, year: int) -> Floats:
        """``[R]``: persons of each region in a year; regions keep their shares of the census."""
        growth = self.pack.nation(year) / self.pack.nation(self.census_year)
        return np.array([region.persons * growth for region in self.pack.regions])

    def alike(self) -> NDArray[np.int32]:
        """``[P]``: the same number for profiles that act by the same odds: of one role, standing and involvement."""
        kinds = [(who.role, who.standing, who.involved) for who in self.pack.profiles]
        known = {kind: i for i, kind in enumerate(dict.fromkeys(kinds))}
        return np.array([known[kind] for kind in kinds], np.int32)

    def profile_shares(self) -> Floats:
        """``[R, P]``: what profiles the people of a region have."""
        return shares(self.pack)


def _mark(contact: Contact, powered: bool, outcome: int) -> int:
    """The mark that an outcome at a contact leaves; a gate without power is an officer like any other."""
    seen, verdict = OUTCOMES[outcome].split("_", 1)
    gate = contact.device and powered
    if verdict in ("passed", "held_in_error") and not (gate and verdict == "held_in_error"):
        return _MARK["nothing"] if seen == "unrecorded" else _MARK["filmed" if gate else "logged"]
    name = {
        "held_in_error": ("", "kept_at_gate"),
        "turned_back": ("turned_back", "turned_back_at_gate"),
        "paid": ("paid", "paid_at_gate"),
        "penalised": ("held_short", "held_short_by_gate"),
    }[verdict]
    return _MARK[name[gate]]
