"""The world of one run: from a pack, its parameters and a scenario to the odds of every period.

The only place that knows systems, institutions, society and infrastructure at once.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import (
    FINDINGS,
    NOTHING,
    ONE,
    OUTCOMES,
    WAYS_NOT_BEGUN,
    Axes,
    Layout,
    Odds,
    OddsError,
    check_layout,
    check_odds,
    cumulative,
    draw_count,
    partial_sums,
    threshold,
)
from greyspace.contract.axes import FREE_RECORDED, FREE_UNSEEN, NEWS_DIGITAL, NEWS_HUMAN, PAID, PUNISHED, TURNED_BACK
from greyspace.contract.odds import Thresholds
from greyspace.country import ACTS, JOURNEYS, STANDINGS, Pack, household_standings, number_of
from greyspace.errors import InputError
from greyspace.evidence import Parameters
from greyspace.infrastructure import HOME, INDUSTRY, NOT_INSTALLED, RAIL, WORKING, Infrastructure, Site, paths
from greyspace.infrastructure.power import at_the_train
from greyspace.institutions import (
    OFFENCES,
    OFFICERS,
    RANKS,
    Cases,
    Enforcement,
    Market,
    Passed,
    Practice,
    Weighed,
    along,
    drawn,
    enforce,
    means_of,
    on_average,
    payers_at,
    payers_of,
    value_of,
    willing,
    worth_it,
)
from greyspace.simulate.learn import Experience, Heard, Knowing, Learnt, Lesson, Sorting, followed_up, shift
from greyspace.simulate.unchanged import Unchanged
from greyspace.society import attitudes, caution
from greyspace.society.acts import OFFENCE, occasions
from greyspace.society.papers import FALSE, PAPERS, carried, prices, wanted
from greyspace.society.population import Recipe
from greyspace.society.routes import JOURNEY_MODES, LINES, MODE_OF, MODES, Network, Step, line_of, papers_of, ways
from greyspace.systems import GROUPS, SYSTEMS, Chain, Contact, System, View, in_turn, nothing, up_to

PERIOD_WEEKS = 4
"""The odds are renewed every four weeks, on the same Mondays whenever a run starts."""

Floats = NDArray[np.float64]
_Row = tuple[tuple[int, int, int, int], ...]

# What an act leaves behind, from nothing to the gravest: name, state, hold class, news, and whether it teaches what
# devices do.
_MARKS = (
    ("nothing", FREE_UNSEEN, 0, 0, False),
    ("logged", FREE_RECORDED, 0, 0, False),
    ("filmed", FREE_RECORDED, 0, 0, False),
    ("kept_by_device", FREE_RECORDED, 0, 0, True),
    ("paid", PAID, 0, 0, False),
    ("paid_by_device", PAID, 0, 0, True),
    ("turned_back", TURNED_BACK, 0, 0, False),
    ("turned_back_by_device", TURNED_BACK, 0, 0, True),
    ("fined", PUNISHED, 0, NEWS_HUMAN, False),
    ("fined_by_device", PUNISHED, 0, NEWS_DIGITAL, True),
    ("held_short", PUNISHED, 1, NEWS_HUMAN, False),
    ("held_short_by_device", PUNISHED, 1, NEWS_DIGITAL, True),
    ("held_long", PUNISHED, 2, NEWS_HUMAN, False),
    ("held_long_by_device", PUNISHED, 2, NEWS_DIGITAL, True),
    ("camp", PUNISHED, 3, NEWS_HUMAN, False),
    ("camp_by_device", PUNISHED, 3, NEWS_DIGITAL, True),
    ("killed", PUNISHED, 4, NEWS_HUMAN, False),
)
_MARK = {name: k for k, (name, *_) in enumerate(_MARKS)}
_HOLDS = ("none", "short", "long", "camp", "killed")
"""How a penalty takes somebody away. Who is killed is held no day, since he is gone."""

_PASSED = np.eye(2 * len(FINDINGS))[FINDINGS.index("passed")]
"""What is found of everybody at a contact of a system that is off."""

_MOST_CHRONIC = 0.95
"""A factor lifts the share of a region's people who stay cautious to no more than this part of what can last."""

_TRAVELS = JOURNEY_MODES.size
"""The first so many modes are those of journeys."""

_USE = dict.fromkeys(MODES, RAIL) | {"home": HOME, "company": HOME, "work": INDUSTRY}
"""On which supply of electricity equipment hangs that an act meets, by mode."""


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

    ``switched``: of systems switched in the middle, whether each is on from a date on; before its first date it is the
    other way round. Such a system keeps its contacts all along, so that switching moves nobody's draws; while it is
    off nobody meets them. ``cuts``: dates on which something changes here or in a world that this one is held against.
    """

    def __init__(
        self,
        pack: Pack,
        p: Parameters,
        seed: int,
        weeks: NDArray[np.int64],
        off: frozenset[str],
        cuts: Collection[date] = (),
        switched: Mapping[str, Mapping[date, bool]] | None = None,
    ) -> None:
        self.pack = pack
        self.p = p
        self.weeks = weeks
        self._switched = {name: dict(sorted(dates.items())) for name, dates in (switched or {}).items()}
        self._cuts = {*cuts, *(day for dates in self._switched.values() for day in dates)}
        self.systems: tuple[System, ...] = tuple(system for system in SYSTEMS if system.NAME not in off)
        self.infrastructure: Infrastructure = paths(pack, p, seed, weeks, self._sites())
        if not self.contacts:
            raise InputError(
                f"every system that meets people is switched off ({', '.join(sorted(off))}); leave at least one on"
            )
        self.network = Network(pack)
        self._known_ways: dict[tuple[str, int, int], tuple[Step, ...]] = {}
        self.axes, self.layout = self._layout()
        check_layout(self.layout, self.axes)
        self._occasions = occasions(pack, p)
        self._viewed: tuple[Period, View] | None = None
        self._unchanged: dict[tuple[str, str, bool], Unchanged] = {}
        regions, odds = len(pack.regions), (len(GROUPS), 2, 2 * len(FINDINGS))
        names = [contact.name for contact in self.contacts]
        self._shares = _Gathered(names, np.zeros((regions, len(names))), 0.0)
        self._found = _Gathered(names, np.empty((regions, len(names), *odds)), _PASSED)
        false = [names[c] for c in self._false_papers]
        self._thought = _Gathered(false, np.empty((regions, len(false), *odds)), _PASSED)
        self._destinations = self.network.destinations(p)
        self._dest = cumulative(self._destinations, "destinations")
        self.standing = household_standings(pack)
        self._payers = payers_at(p, self.cases, self.standing)

    # -- what does not change in a run

    def _sites(self) -> list[Site]:
        """All equipment; InputError where two systems claim one and the same device."""
        owner = self._owner = dict[str, str]()
        found = []
        for system in self.systems:
            for site in system.sites(self.pack, self.p):
                if site.id in owner:
                    raise InputError(
                        f"{site.id}: one device cannot serve {owner[site.id]} and {system.NAME}; switch one of these "
                        "systems off, or leave enforcer_cameras.at_gates at 0"
                    )
                owner[site.id] = system.NAME
                comes = self._comes(system.NAME)
                # What a system is given when it comes is not worn out before.
                found.append(replace(site, installed=max(site.installed, number_of(comes))) if comes else site)
        return found

    def _comes(self, system: str) -> date | None:
        """The day on which a system first comes; None where it is there from the beginning."""
        first = next(iter(self._switched.get(system, {}).items()), None)
        return first[0] if first is not None and first[1] else None

    def is_on(self, system: str, day: date) -> bool:
        """Whether a system of this world works on a day."""
        dates = self._switched.get(system)
        if not dates:
            return True
        switches = [on for since, on in dates.items() if since <= day]
        return switches[-1] if switches else not next(iter(dates.values()))

    def systems_on(self, day: date) -> tuple[System, ...]:
        """The systems that work on a day."""
        if not self._switched:
            return self.systems
        return tuple(system for system in self.systems if self.is_on(system.NAME, day))

    def in_use(self, days: NDArray[np.int64]) -> NDArray[np.bool_]:
        """``[day, site]``: whether the system that a site belongs to works on a day."""
        owners = [self._owner[site.id] for site in self.infrastructure.sites]
        return np.array([[self.is_on(owner, day_of(int(day))) for owner in owners] for day in days], np.bool_)

    def live(self, weeks: slice | NDArray[np.bool_]) -> Floats:
        """``[week, site]`` of these weeks: share of the time in which a site does its work."""
        infra = self.infrastructure
        # Devices turned on officers compare no faces.
        on_people = not self.p.number("enforcer_cameras.at_gates")
        remote = on_people and self.p["station_gates.gallery"] == "remote"
        works = (infra.state[weeks] == WORKING) * infra.site_power[weeks] * (infra.linked[weeks] if remote else 1.0)
        return np.asarray(works * self.in_use(self.weeks[weeks]))

    @cached_property
    def contacts(self) -> tuple[Contact, ...]:
        """All contacts; one that stands in front of another (of a later system) comes first."""
        return tuple(contact for system in reversed(self.systems) for contact in system.CONTACTS)

    @cached_property
    def sorting(self) -> Sorting:
        """Where what is met at the contacts counts in what is learnt."""
        return Sorting.of(self.contacts)

    @cached_property
    def cases(self) -> Cases:
        """Who decides over whom, whatever systems a scenario switches off."""
        contacts = [contact for system in SYSTEMS for contact in system.CONTACTS]
        found = tuple(dict.fromkeys((contact.officer, contact.charge, contact.armed) for contact in contacts))
        pairs = tuple((officer, charge) for officer, charge, _ in found)
        return Cases(pairs, OFFENCE, tuple(armed for *_, armed in found))

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
        first: dict[Chain, int] = {}
        instead = np.full(len(self.contacts), NOTHING, np.int32)
        for i in range(len(self.contacts) - 1, -1, -1):
            key = self.contacts[i].chain
            instead[i] = first.get(key, NOTHING)
            first[key] = i
        route_of, routes = self._routes(first)
        layout = Layout(
            standing_of=standing,
            temper_of=(2 * standing + minor).astype(np.int32),
            group_of=np.array([self._groups(contact) for contact in self.contacts], np.int32),
            case_of=np.array([self.cases.of(c.officer, c.charge, c.armed) for c in self.contacts], np.int32),
            instead=instead,
            mark_of=np.array(
                [[[_mark(c, on, o) for o in range(len(OUTCOMES))] for on in (False, True)] for c in self.contacts],
                np.int32,
            ),
            state_of=np.array([state for _, state, *_ in _MARKS], np.int32),
            hold_of=np.array([hold for _, _, hold, *_ in _MARKS], np.int32),
            hold_days=np.array(
                [
                    0,
                    round(p.number("officers.penalty_days_short")),
                    round(p.number("officers.penalty_days_long")),
                    round(p.number("penalties.days_camp")),
                    0,
                ],
                np.int32,
            ),
            news_of=np.array([news for _, _, _, news, _ in _MARKS], np.int32),
            gone=np.array([name == "killed" for name in _MARK], np.int32),
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

    def _routes(self, first: Mapping[Chain, int]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The routes between all regions, each kept once."""
        regions, province_of = len(self.pack.regions), self.network.province_of.tolist()
        travels = [
            (int(m), ACTS.index(act))
            for m in JOURNEY_MODES.ravel()
            for act in JOURNEYS
            if self.network.steps(act, MODES[m], 0, 0, self.p)
        ]
        stays = {(MODES.index(mode), ACTS.index(act)) for act, mode in MODE_OF.items()}
        everything, away = sorted({*travels, *stays}), sorted(travels)
        rows: dict[_Row, int] = {}
        route_of = np.full((regions, len(ACTS), len(WAYS_NOT_BEGUN) + len(MODES), regions), NOTHING, np.int32)
        # What stands between two provinces stands there wherever in them one sets out; a lead comes to one's home.
        along: dict[tuple[int, int, int, int], _Row] = {}
        home: dict[tuple[int, int, int], _Row] = {}
        for origin, a in enumerate(province_of):
            for m, act in travels:
                home[m, act, origin] = self._row(first, act, m, (Step("lead", origin, 1),))
            for destination, b in enumerate(province_of):
                for m, act in everything if origin == destination else away:
                    if (m, act) in stays:
                        row = self._row(first, act, m, self.network.steps(ACTS[act], MODES[m], origin, origin, self.p))
                    else:
                        if (m, act, a, b) not in along:
                            along[m, act, a, b] = self._row(first, act, m, self._along(line_of(MODES[m]), a, b))
                        row = along[m, act, a, b] + home[m, act, origin]
                    if row:
                        route_of[origin, act, len(WAYS_NOT_BEGUN) + m, destination] = rows.setdefault(row, len(rows))
        steps = np.array([len(row) for row in rows], np.int64)
        routes = np.zeros((max(len(rows), 1), int(steps.max(initial=1)), 4), np.int32)
        routes[..., 0] = NOTHING
        met = np.array([step for row in rows for step in row]).reshape(-1, 4)
        routes[: len(rows)][np.arange(routes.shape[1]) < steps[:, None]] = met
        return route_of, routes

    def _row(self, first: Mapping[Chain, int], act: int, mode: int, steps: Sequence[Step]) -> _Row:
        """What is met at these steps: contact, place, times, and where its draws begin."""
        met: dict[str, int] = {}
        row = []
        papers = papers_of(MODES[mode])
        for step in steps:
            # For papers of the mode's kind, or for any.
            of_any = first.get((step.encounter, ACTS[act], ""))
            contact = first.get((step.encounter, ACTS[act], papers), of_any)
            if contact is not None:
                before = met.get(step.encounter, 0)
                row.append((contact, step.place, step.times, draw_count(step.encounter, before)))
                met[step.encounter] = before + step.times
        return tuple(row)

    def _along(self, line: str, a: int, b: int) -> tuple[Step, ...]:
        if (line, a, b) not in self._known_ways:
            self._known_ways[line, a, b] = self.network.along(line, a, b, self.p)
        return self._known_ways[line, a, b]

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
            at = int(np.searchsorted(self.weeks, number_of(day)))
            if at < len(self.weeks):
                cut[at] = True
        starts = np.flatnonzero(cut)
        ends = [*starts[1:], len(self.weeks)]
        return tuple(Period(int(a), int(b), int(self.weeks[a])) for a, b in zip(starts, ends, strict=True))

    def renewed_from(self, day: date) -> int | None:
        """The first Monday on or after a day on which odds are renewed; None where the run ends before."""
        return next((period.monday for period in self.periods if period.monday >= number_of(day)), None)

    def _of_events(self, variable: str, act: str | None = None) -> Floats:
        """``[week, R]``: a variable of events."""
        by_province = {q: self.pack.events_over(variable, self.weeks, q, act) for q in self.pack.provinces}
        return np.stack([by_province[region.province] for region in self.pack.regions], axis=1)

    @cached_property
    def _masked(self) -> Floats:
        """``[week, R]``: share of travellers masked."""
        return self._of_events("masked")

    @cached_property
    def _without_transport(self) -> Floats:
        """``[week, R, A]``: share of those who set out for an act who find no transport."""
        return np.stack([self._of_events("no_transport", act) for act in ACTS], axis=-1)

    def _no_transport(self, period: Period) -> Floats:
        """``[R, A]``: the same in a period."""
        return np.asarray(self._without_transport[period.first])

    def view(self, period: Period) -> View:
        """What systems may read in a period, with all that they publish."""
        if self._viewed is None or (self._viewed[0] is not period and self._viewed[0] != period):
            self._viewed = (period, self._look(period))
        return self._viewed[1]

    def _look(self, period: Period) -> View:
        view = View(
            country=self.pack,
            p=self.p.on(day_of(period.monday)),
            day=day_of(period.monday),
            first=period.first,
            last=period.last,
            infrastructure=self.infrastructure,
            masked=self._masked[period.first],
            supply=self.infrastructure.power.over(period.first, period.last),
        )
        return self._published(view)

    def _published(self, view: View) -> View:
        """The view with what systems publish, each seeing what those before it have."""
        published: dict[str, Floats] = {}
        view = replace(view, published=published)
        for system in self._saying["publish"]:
            published.update(self._said(system, "publish", view) or {})
        return view

    @cached_property
    def _saying(self) -> dict[str, list[System]]:
        """By question, the systems that have something to say to it."""
        return {
            what: [system for system in self.systems if getattr(system, what) is not nothing]
            for what in ("publish", "met", "odds")
        }

    def _said(self, system: System, what: str, view: View) -> Mapping[str, Floats] | None:
        """What a system says, worked out anew only where something that it looks at has changed; None: it is off."""
        if self._switched and not self.is_on(system.NAME, view.day):
            return None
        key = (system.NAME, what, view.readers_known)
        unchanged = self._unchanged.get(key)
        if unchanged is None:
            unchanged = self._unchanged[key] = Unchanged(getattr(system, what))
        if not view.readers_known and (knowing := self._unchanged.get((system.NAME, what, True))) is not None:
            # Little of what is seen hangs on what one knows.
            found = knowing.still(view)
            if found is not None:
                return found
        return unchanged.said(view)

    def _unknowing(self, view: View) -> View:
        """What is seen by those who do not know what the register can do: little of it is other than who knows sees."""
        published = dict(view.published)
        unknowing, other = replace(view, readers_known=False, published=published), {"readers_known"}
        for system in self._saying["publish"]:
            knowing = self._unchanged.get((system.NAME, "publish", True))
            if knowing is not None and knowing.looked_at(other):
                for name, said in (self._said(system, "publish", unknowing) or {}).items():
                    if said is not published.get(name):
                        published[name] = said
                        other.add(name)
        return unknowing

    # -- what happens without any act

    def routine(self, period: Period, knowing: Knowing | None = None) -> dict[tuple[str, str], Floats]:
        """By system and kind: records ``[R]`` of a month about people who do nothing out of the ordinary.

        ``knowing``: what people know by then, or nobody knows anything.
        """
        view = self._knowing_view(period, knowing)
        on = self.systems_on(view.day)
        return {(s.NAME, kind): records for s in on for kind, records in s.routine(view).items()}

    def coverage(self, period: Period, knowing: Knowing | None = None) -> dict[tuple[str, str], Floats]:
        """By system and whom it is for: share ``[R]`` of them under it while it works; NaN where there are none."""
        view = self._knowing_view(period, knowing)
        on = self.systems_on(view.day)
        return {(s.NAME, whom): share for s in on for whom, share in s.coverage(view).items()}

    def _knowing_view(self, period: Period, knowing: Knowing | None) -> View:
        view = self.view(period)
        if knowing is None:
            return view
        return replace(view, knows_phone_and_money=knowing.phone_and_money, knows_register=knowing.register)

    # -- what officers make of whom they find

    def enforcement(self, period: Period, practice: Practice) -> Enforcement:
        """Verdicts and prices of a period, from what officers have met lately."""
        view = self.view(period)
        return self.decide(view.p, view.day, practice, self.in_view(view))

    def in_view(self, view: View) -> Floats:
        """``[R, K, powered]``: share of encounters before a live camera turned on officers."""
        none = np.zeros((view.places, 2))
        return np.stack([view.published.get(f"in_view_{kind}", none) for kind in OFFICERS], axis=1)

    def decide(self, p: Parameters, day: date, practice: Practice, in_view: Floats) -> Enforcement:
        """What officers decide who reckon with these parameters, this practice and these cameras."""
        return enforce(p, day, self.cases, self._payers, practice, in_view, self.standing)

    @cached_property
    def _penalty(self) -> Floats:
        """``[D, X]``, kg: what the penalty of each case costs a household."""
        usual = {offence: payers_of(self.p, offence, self.standing).gives.one.median for offence in OFFENCES}
        return np.array([usual[self.cases.offence_of[charge]] for _, charge in self.cases.pairs])

    @cached_property
    def _weighing(self) -> tuple[dict[Chain, int], list[int]]:
        """The contacts that travellers and smugglers weigh, and their chains, numbered."""
        weighed = [c for c, contact in enumerate(self.contacts) if contact.act in (*JOURNEYS, "smuggling")]
        chains = dict.fromkeys(self.contacts[c].chain for c in weighed)
        return {chain: i for i, chain in enumerate(chains)}, weighed

    def _amounts(self, view: View, share: Floats, finding: Floats, found: Enforcement) -> Floats:
        """``[chain, place, X, powered, (money, harm)]``, kg: what a contact costs on average.

        ``share[R, C]``: of those who come to the encounter of a contact, the share who meet it; ``finding`` by contact.
        """
        weighed = self._in_groups(view, *self._weighed)
        return on_average(weighed, len(self._weighing[0]), share, finding, found.decided, self._penalty)

    def _thought_amounts(self, view: View, amounts: Floats, share: Floats, found: Enforcement) -> Floats:
        """The amounts with which those reckon who think that no reader asks the register: other ones for false papers.

        ``amounts``: those of who knows.
        """
        unknowing = self._unknowing(view)
        for system in self._looking_at_papers:
            self._thought.take(system, self._said(system, "odds", unknowing))
        weighed = self._in_groups(view, *self._weighed_false)
        met, thought = share[:, self._false_papers], self._thought.all
        found_out = on_average(weighed, len(amounts), met, thought, found.decided, self._penalty)
        amounts = amounts.copy()
        amounts[weighed.chain] = found_out[weighed.chain]
        return amounts

    @cached_property
    def _weighed(self) -> tuple[Weighed, NDArray[np.bool_]]:
        """The contacts that travellers and smugglers weigh; and which of them tell apart who is enrolled."""
        contacts = self._weighing[1]
        return self._weighable(contacts, contacts)

    @cached_property
    def _weighed_false(self) -> tuple[Weighed, NDArray[np.bool_]]:
        """Those of :attr:`_false_papers`, by their places there."""
        return self._weighable(self._false_papers, range(len(self._false_papers)))

    @cached_property
    def _looking_at_papers(self) -> list[System]:
        """The systems to which false papers are shown."""
        return [s for s in self._saying["odds"] if any(contact.papers in FALSE for contact in s.CONTACTS)]

    @cached_property
    def _false_papers(self) -> list[int]:
        """The contacts at which false papers are shown."""
        return [c for c, contact in enumerate(self.contacts) if contact.papers in FALSE]

    def _weighable(self, contacts: Sequence[int], places: Sequence[int]) -> tuple[Weighed, NDArray[np.bool_]]:
        chains = self._weighing[0]
        weighed = Weighed(
            contact=np.array(places, np.int64),
            chain=np.array([chains[self.contacts[c].chain] for c in contacts], np.int64),
            case=self.layout.case_of[contacts].astype(np.int64),
            group=np.empty((len(contacts), len(GROUPS))),
        )
        return weighed, np.array([self.contacts[c].by_enrolment for c in contacts], np.bool_)

    def _in_groups(self, view: View, weighed: Weighed, apart: NDArray[np.bool_]) -> Weighed:
        """The contacts with the shares of people whom they tell apart."""
        enrolled = view.p.between("identity_register.enrolled", view.day)
        group = np.where(apart[:, None], (0.0, enrolled, 1.0 - enrolled), (1.0, 0.0, 0.0))
        return weighed._replace(group=group)

    def _costs(self, view: View, amounts: Floats, powered: Floats) -> Floats:
        """``[R, journeys, mode, X, (money, harm)]``, kg: what a journey would cost who gets through.

        Papers are part of the money; ``powered[R, way]``.
        """
        costs = np.zeros((len(self.pack.regions), len(JOURNEYS), len(MODES), len(STANDINGS), 2))
        without = list(JOURNEYS).index("journey_without_permit")
        costs[:, without, :, :, 0][:, JOURNEY_MODES] = prices(view.p)[:, None]
        lines = [self.axes.ways.index(line) for line in LINES]
        along(self._passed, amounts, np.ascontiguousarray(powered[:, lines].T), costs)
        return costs

    @cached_property
    def _passed(self) -> Passed:
        """Which chains stand along the lines of journeys, and for whom."""
        journeys: tuple[str, ...] = JOURNEYS
        which, modes_of, often_of = [], [], []
        for (encounter, act, papers), number in self._weighing[0].items():
            for line, modes in zip(LINES, JOURNEY_MODES, strict=True):
                often = self._passes.get((encounter, line))
                if act not in journeys or often is None:
                    continue
                with_any = modes if act == "journey_without_permit" else modes[:1]
                which.append((number, LINES.index(line), journeys.index(act)))
                modes_of.append(np.isin(np.arange(len(MODES)), modes[PAPERS.index(papers)] if papers else with_any))
                often_of.append(often[journeys.index(act)])
        chain, line_of, journey = np.array(which, np.int64).reshape(-1, 3).T.copy()
        regions = len(self.pack.regions)
        return Passed(
            chain=chain,
            line=line_of,
            journey=journey,
            modes=np.array(modes_of, np.bool_).reshape(-1, len(MODES)),
            often=np.array(often_of, np.float64).reshape(-1, regions, regions),
        )

    @cached_property
    def _passes(self) -> dict[tuple[str, str], Floats]:
        """By encounter and line ``[A, place, R]``: how often one passes it on a journey, over all destinations."""
        regions, province_of = len(self.pack.regions), self.network.province_of.tolist()
        found: dict[tuple[str, str], Floats] = {}
        likely = self._destinations[:, : len(JOURNEYS)]
        for line in LINES:
            steps: dict[str, list[tuple[int, int, int, int]]] = {}
            for (origin, a), (destination, b) in product(enumerate(province_of), repeat=2):
                for step in (*self._along(line, a, b), Step("lead", origin, 1)):
                    steps.setdefault(step.encounter, []).append((step.place, origin, destination, step.times))
            for encounter, own in steps.items():
                place, origins, destinations, times = np.array(own).T
                found[encounter, line] = np.stack(
                    [
                        np.bincount(
                            place * regions + origins, likely[origins, a, destinations] * times, regions * regions
                        ).reshape(regions, regions)
                        for a in range(len(JOURNEYS))
                    ]
                )
        return found

    def _stays(self, view: View, amounts: Floats, worth: Floats, powered: Floats, market: Market) -> Floats:
        """``[R, X, A, mode]``: share for whom an act is worth what papers, bribes and tolls would cost.

        ``worth`` as from :meth:`_worth`. Travellers weigh the worth of a journey, smugglers what a load brings; of
        other acts no worth is known, and nobody is kept from them by what they would cost.
        """
        stays = np.ones((len(worth), len(STANDINGS), len(ACTS), len(MODES)))
        # Journeys are the first acts, and their modes the first modes.
        stays[:, :, : len(JOURNEYS), :_TRAVELS] = worth.transpose(0, 3, 1, 2)
        mode = MODES.index(MODE_OF["smuggling"])
        on = powered[:, self.axes.ways.index(MODES[mode])][:, None]
        asked = np.zeros((len(worth), len(STANDINGS)))
        for (_, act, _), number in self._weighing[0].items():
            if act == "smuggling":
                asked += amounts[number, :, :, 0, 0] * (1.0 - on) + amounts[number, :, :, 1, 0] * on
        stays[:, :, ACTS.index("smuggling"), mode] = worth_it(view.p, market, asked)
        return stays

    def _worth(self, p: Parameters, costs: Floats) -> Floats:
        """``[R, journeys, mode, X]``: share of travellers to whom a journey is worth the money, and who can raise it.

        Of the modes of journeys only.
        """
        kg = costs[:, :, :_TRAVELS, :, 0]
        return willing(kg, value_of(p), means_of(p))

    def _shows(self, view: View, share: Floats, found: Enforcement, amounts: Floats, costs: Floats, worth: Floats,
               powered: Floats) -> Floats:  # fmt: skip
        """``[R, X, line, papers]``: of journeys that would be made without a permit for nothing, those made with each.

        Who does not know what the register can do reckons as if no reader asked it.
        """
        if not view.published.get("cards_read", np.zeros(1)).any():
            return self._carried(view.p, costs, worth)
        thought = self._costs(view, self._thought_amounts(view, amounts, share, found), powered)
        worths = np.stack([worth, self._worth(view.p, thought)])
        aware, blind = self._carried(view.p, np.stack([costs, thought]), worths)
        knows = view.knows_register[:, None, None, None]
        return np.asarray(knows * aware + (1.0 - knows) * blind)

    def _carried(self, p: Parameters, costs: Floats, worth: Floats) -> Floats:
        """``[..., R, X, line, papers]``: of journeys without a permit, those made with each paper at such costs."""
        without = JOURNEYS.index("journey_without_permit")
        feared = costs[..., without, JOURNEY_MODES, :, :].sum(axis=-1)  # [..., R, line, papers, X]
        worth = worth[..., without, JOURNEY_MODES, :]
        return carried(wanted(p, np.moveaxis(feared, -1, -3)), np.moveaxis(worth, -1, -3))

    @cached_property
    def _temper(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """``[M]``: standing, and whether of age (0) or not (1)."""
        minor = np.array([temper.endswith("minor") for temper in self.axes.tempers], np.int64)
        return np.repeat(np.arange(len(STANDINGS)), len(minor) // len(STANDINGS)), minor

    # -- odds

    def odds(self, period: Period, learnt: Learnt, found: Enforcement) -> Odds:
        """The odds of a period, checked; InputError where a system's odds do not add up."""
        view = self._knowing_view(period, learnt.knowing)
        begun, free, recorded = followed_up(learnt.traces, view.p)
        view = replace(view, begun=begun, free=free, recorded=recorded)
        ceiling, pick, _ = self._occasions
        finding = self._findings(view)
        to_be_found = self._found_thresholds(finding)
        share = self._shares_met(view)
        powered = self._powered(period)
        amounts = self._amounts(view, share, finding, found)
        costs = self._costs(view, amounts, powered)
        worth = self._worth(view.p, costs)
        stays = self._stays(view, amounts, worth, powered, learnt.market)
        shows = self._shows(view, share, found, amounts, costs, worth, powered)
        # Tempers of like odds are worked out once.
        standing, minor = self._temper
        of_standing = cumulative(self._ways(period, learnt.travellers, stays, shows), "ways")
        of_age = partial_sums(self._weekly(period, learnt.heard), "changes of mood")
        made = Odds(
            ceiling=ceiling,
            pick=pick,
            accept=self._accept(view.p, learnt.market),
            way=of_standing.take(standing, axis=1),
            dest=self._dest,
            met=threshold(up_to(share, self._before), "contacts met"),
            powered=threshold(powered, "power"),
            finding=to_be_found,
            verdict=found.thresholds,
            weekly=of_age.take(minor, axis=1),
        )
        check_odds(made, self.layout, self.axes)
        return made

    def _accept(self, p: Parameters, market: Market) -> Thresholds:
        """Acts go with prices: smuggling with what a load is worth, up to its ceiling."""
        accept = self._occasions[2]
        likelier = drawn(p, market)
        if likelier == 1.0:
            return accept
        found = accept.copy()
        a = ACTS.index("smuggling")
        found[..., a] = threshold(np.minimum(accept[..., a] / float(ONE) * likelier, 1.0), "smuggling at these prices")
        return found

    def lesson(
        self,
        period: Period,
        modes: NDArray[np.generic],
        ended: NDArray[np.generic],
        found: Floats,
        people: NDArray[np.generic],
        weeks: int,
        weight: float,
        usual_loads: float,
    ) -> Lesson:
        """What ``weeks`` weeks in a period came to, with the circumstances that make sense of it."""
        return Lesson(
            modes=modes,
            ended=ended,
            found=found,
            persons=np.asarray(people, np.float64).sum(axis=(1, 2)),
            weeks=weeks,
            weight=weight,
            gated=self.gated(period),
            day=day_of(period.monday),
            border_open=float(self.infrastructure.border_open[period.first : period.last].mean()),
            usual_loads=usual_loads,
            unit=self._unit_persons,
            heard_of=self._to_hear_of(period),
        )

    def _to_hear_of(self, period: Period) -> Floats:
        """``[class]`` of ``knowing.CLASSES``: 1 where a system of the class is there, else 0."""
        published = self.view(period).published
        kept = any(name in published for name in ("day_phone", "day_payment"))
        register = "known_home" in published and self.p.between("identity_register.enrolled", day_of(period.monday)) > 0
        return np.array([float(kept), float(register)])

    def _ways(self, period: Period, known: Experience, stays: Floats, shows: Floats) -> Floats:
        no_transport = self._no_transport(period)
        power = self.view(period).supply[:, RAIL]
        knows = caution.parts().knows[:: len(caution.TRAITS)]
        p = self.view(period).p
        kept = np.repeat(1.0 - caution.chilled(p)[None], len(power), axis=0)
        kept[..., ACTS.index("theft")] *= 1.0 - self.thefts_cut(period)[:, :: len(caution.TRAITS)]
        return ways(p, no_transport, power, 1.0 - kept, shift(known, p, knows), stays, shows)

    def thefts_cut(self, period: Period) -> Floats:
        """``[R, S]``: of thefts that people of each status would commit, what cameras that run keep them from."""
        watched = self.view(period).published.get("watched_thefts", np.zeros(len(self.pack.regions)))
        return attitudes.thefts_cut(self.view(period).p, watched)

    def impressions(self, period: Period, knowing: Knowing, thefts: Floats) -> attitudes.Impressions:
        """What people live among that makes them feel watched, or not; ``thefts[R]``: a household and year."""
        published, none = self.view(period).published, np.zeros(len(self.pack.regions))
        return attitudes.Impressions(
            visible=self._visible(self.view(period)),
            network=published.get("network_share", none) / self.view(period).p.number("human_network.usual_share"),
            telephones=published.get("owning", none) * knowing.phone_and_money,
            register=knowing.register if "known_home" in published else none,
            thefts=thefts,
        )

    @cached_property
    def _before(self) -> NDArray[np.int64]:
        """``[C]``: the contact that stands before each in its chain; NOTHING before the first."""
        last: dict[Chain, int] = {}
        found = []
        for i, contact in enumerate(self.contacts):
            found.append(last.get(contact.chain, NOTHING))
            last[contact.chain] = i
        return np.array(found, np.int64)

    def _shares_met(self, view: View) -> Floats:
        """``[R, C]``: of those who come to an encounter, the share who meet each contact of its chain."""
        for system in self._saying["met"]:
            self._shares.take(system, self._said(system, "met", view))
        return in_turn(self._shares.all, self._before)

    def _powered(self, period: Period) -> Floats:
        """By rail a passenger is there when a train is; otherwise a place has power its share of the hours."""
        usual = self.view(period).supply
        found = np.repeat(usual[:, :1], len(self.axes.ways), axis=1)
        for mode, use in _USE.items():
            found[:, self.axes.ways.index(mode)] = usual[:, use]
        rail = at_the_train(usual[:, RAIL], self.view(period).p.number("power.train_gate_coupling"))
        for mode in JOURNEY_MODES[LINES.index("rail")]:
            found[:, len(WAYS_NOT_BEGUN) + mode] = rail
        return found

    def _findings(self, view: View) -> Floats:
        """``[R, C, G, powered, found]``; the same array at each call, with what is new in it."""
        for system in self._saying["odds"]:
            self._found.take(system, self._said(system, "odds", view))
        return self._found.all

    def _found_thresholds(self, finding: Floats) -> Thresholds:
        """InputError, naming the contact, where what a system says does not add up."""
        try:
            return cumulative(finding, "findings")
        except OddsError:
            for c, contact in enumerate(self.contacts):
                self._check_sums(contact.name, finding[:, c])
            raise

    def _check_sums(self, name: str, odds: Floats) -> None:
        off = np.abs(odds.sum(axis=-1) - 1.0) > 1e-9
        if off.any():
            place, group, powered = np.argwhere(off)[0]
            raise InputError(
                f"the odds of contact '{name}' add up to {odds[place, group, powered].sum():.6g}, not 1, "
                f"in {self.axes.regions[place]} for group {GROUPS[group]}, "
                f"{'with' if powered else 'without'} power"
            )

    def _weekly(self, period: Period, heard: Heard) -> Floats:
        """As :func:`caution.weekly`, for who is of age and who is not."""
        day, ahead = day_of(period.monday), day_of(period.monday + 7 * period.weeks)
        now = self.p.between("identity_register.enrolled", day)
        then = self.p.between("identity_register.enrolled", ahead)
        a_week = 1.0 - ((1.0 - max(then, now)) / (1.0 - now)) ** (1.0 / period.weeks) if now < 1.0 else 0.0
        around = caution.Surroundings(
            enrolling=np.array([a_week, 0.0]),
            cameras=bool((self.infrastructure.state[: period.last] != NOT_INSTALLED).any()),
            chronic=self.chronic,
            visible=self._visible(self.view(period)),
            bribes=heard.bribes * self._unit_persons,
            unpunished=heard.unpunished,
            human=heard.human,
            digital=heard.digital,
        )
        return caution.weekly(self.view(period).p, around)

    @cached_property
    def chronic(self) -> Floats:
        """``[R]``: share of people who stay cautious where nothing happens, higher along the border."""
        p, found = self.p, []
        usual = p.number("caution.chronic")
        # Where more were cautious, more would have to grow wary in a week than are calm.
        most = max(usual, _MOST_CHRONIC / (1.0 + p.number("caution.fade_weekly")))
        factor = {kind: p.number(f"caution.chronic_{kind}") for kind in ("capital", "border", "rural")} | {"town": 1.0}
        for region in self.pack.regions:
            kind = "capital" if region.capital else "border" if region.borders_china else "rural"
            found.append(usual * factor["town" if kind == "rural" and region.urban else kind])
        return np.minimum(np.array(found), most)

    def _visible(self, view: View) -> Floats:
        """Share of a place's people who pass by equipment that they can see, whether it works or not."""
        unseen = np.ones(view.places)
        for name, share in view.published.items():
            if name.startswith("seen_"):
                unseen *= 1.0 - np.minimum(np.maximum(share, 0.0), 1.0)
        return np.asarray(1.0 - unseen)

    @cached_property
    def _unit_persons(self) -> float:
        """Mean persons of a neighbourhood unit."""
        households = (self.p.number("population.least_households") + self.p.number("population.most_households")) / 2
        size = self.pack.generator.size
        return float(households * (size * np.arange(1, len(size) + 1)).sum())

    def gated(self, period: Period) -> Floats:
        """``[R]``: 1 where a gate of the region's province can work in the period."""
        live = self.view(period).published.get("gate_live")
        if live is None:
            return np.zeros(len(self.pack.regions))
        by_province = np.bincount(self.network.province_of, live)
        return (by_province[self.network.province_of] > 0).astype(np.float64)

    # -- people

    def start(self, spread: Floats) -> Floats:
        """``[R, M, S]``: chances of each status at the start, given the spread of caution ``[R, M, level]``."""
        now = caution.parts()
        knows = self.p.number("knowing.initial_faces_and_roads")
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
        made = self.pack.generator
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
        return self.pack.residents(year)

    def alike(self) -> NDArray[np.int32]:
        """``[P]``: the same number for profiles that act by the same odds: of one role, standing and involvement."""
        kinds = [(who.role, who.standing, who.involved) for who in self.pack.profiles]
        known = {kind: i for i, kind in enumerate(dict.fromkeys(kinds))}
        return np.array([known[kind] for kind in kinds], np.int32)

    def profile_shares(self) -> Floats:
        """``[R, P]``: what profiles the people of a region have."""
        return self.pack.profile_shares


class _Gathered:
    """What systems say of their contacts in one array ``[R, C, ...]``, in which only what is said anew is written."""

    def __init__(self, names: Sequence[str], of_all: Floats, off: Floats | float) -> None:
        """``off``: what holds at the contacts of a system that is off."""
        self.all = of_all
        self.all[:] = off
        self._off = off
        self._place = {name: c for c, name in enumerate(names)}
        self._places: dict[str, list[tuple[str, int]]] = {}
        self._last: dict[str, Mapping[str, Floats] | None] = {}

    def take(self, system: System, said: Mapping[str, Floats] | None) -> None:
        """Write what a system says; None: it is off."""
        name = system.NAME
        if said is not self._last.get(name):
            if name not in self._places:
                own = [contact.name for contact in system.CONTACTS]
                self._places[name] = [(each, self._place[each]) for each in own if each in self._place]
            for contact, c in self._places[name]:
                self.all[:, c] = self._off if said is None else said[contact]
            self._last[name] = said


def _mark(contact: Contact, powered: bool, outcome: int) -> int:
    """The mark that an outcome at a contact leaves; a gate without power is an officer like any other."""
    seen, verdict = OUTCOMES[outcome].split("_", 1)
    gate = contact.device and powered
    if verdict in ("passed", "held_in_error") and not (gate and verdict == "held_in_error"):
        return _MARK["nothing"] if seen == "unrecorded" else _MARK["filmed" if gate else "logged"]
    name = {
        "held_in_error": "kept",
        "penalised": "held_short",
        "imprisoned": "held_long",
    }.get(verdict, verdict)
    return _MARK[f"{name}_by_device" if gate and name != "killed" else name]  # no device kills
