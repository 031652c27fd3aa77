"""A month of a country, ready to follow single persons through: lived by the expectation, its odds kept.

History up to the month is lived once. What is kept of it is what a person of that month can meet: the odds of the month
and of some weeks before, what people are like when those begin, what systems keep of ordinary days, and of how many
people of the whole nation there is such a record at each place.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import DESTINATION, HOME, NOTHING, VERDICTS, Layout, Odds, chances
from greyspace.contract.axes import PUNISHED
from greyspace.country import ACTS, Pack, Scenario, number_of
from greyspace.engine import Expected
from greyspace.errors import InputError
from greyspace.evidence import Parameters
from greyspace.evidence.resolve import Setting
from greyspace.footprint.habits import Habit
from greyspace.footprint.unicity import KINDS, Crowd, Own, Post
from greyspace.simulate import Life, World, plan
from greyspace.simulate.measures import PeriodTallies
from greyspace.simulate.world import Period
from greyspace.society.population import Recipe
from greyspace.systems import System
from greyspace.systems.shape import MONTH_DAYS

LEAD_WEEKS = 8
"""Persons are lived one by one from so many weeks before the month, so that its first day finds some held, and units
with news."""

_ADULTS = ("farmer", "worker", "office", "home")
_EVERYBODY = ("pupil", *_ADULTS)
ORDINARY = {
    ("phones", "phone"): ("owners", _ADULTS, ""),
    ("phones", "screen"): ("", _ADULTS, "phone"),
    ("payments", "payment"): ("payers", _ADULTS, ""),
    ("payments", "transport_card"): ("riders", _EVERYBODY, ""),
    ("payments", "set_top"): ("viewers", _EVERYBODY, ""),
    ("school_cameras", "school"): ("equipped_classrooms", ("pupil",), ""),
    ("school_cameras", "school_report"): ("", ("pupil",), "school"),
    ("workplace_cameras", "workplace"): ("filmed_{role}", ("worker", "office"), ""),
    ("workplace_cameras", "face"): ("", ("worker", "office"), "workplace"),
}
"""Records of ordinary days that are of one person or household: who can leave them (what the system calls those it is
for, or what it publishes), their roles, and with which records of the same system they come."""

OF_NOBODY = {
    ("airport", "face"): "of passengers, mostly foreigners: the model does not say who of its people flies",
    ("school_cameras", "school_consequence"): "what becomes of a report, no record of its own",
}
"""Records of ordinary days that cannot be told of a person of the model, and why."""

_THINGS = {("phones", "phone"): "telephone", ("payments", "payment"): "telephone"}
"""What it takes, where records of two systems take the same: who pays by telephone has one."""

_OF_HOUSEHOLDS = (("payments", "set_top"),)
_PERSISTENT = (("phones", "screen"), ("workplace_cameras", "face"))
"""Records that come with every record of another kind of those who have what it takes, and of nobody else."""

Floats = NDArray[np.float64]
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Stage:
    """A period of the world: its odds, and what is kept of ordinary days in it."""

    mondays: tuple[int, ...]
    odds: Odds
    habits: tuple[Habit, ...]
    linked: Floats  # [R] share of sites that reach the centre

    @property
    def days(self) -> tuple[int, int]:
        """The first and the last."""
        return self.mondays[0], self.mondays[-1] + 6


@dataclass(frozen=True)
class Month:
    """All that single persons are followed through a calendar month with; nothing in it changes."""

    pack: Pack
    scenario: Scenario
    first: date
    days: NDArray[np.int64]  # since 1970-01-01
    world: World
    p: Parameters
    stages: tuple[Stage, ...]  # some weeks before the month, and the month
    recipe: Recipe  # people as they are when the stages begin
    persons: Floats  # [R, P] of the nation
    posts: Mapping[Post, Floats]  # [R, P] records of acts a day, by where they are made, and whose
    seed: int

    @property
    def layout(self) -> Layout:
        return self.world.layout

    def stage_of(self, day: int) -> Stage:
        """The stage that a day lies in."""
        return next(stage for stage in self.stages if stage.days[0] <= day <= stage.days[1])

    @property
    def joinable(self) -> dict[str, float]:
        """By kind, the share of records that are put to a person where they can be read."""
        known = (*("paper", "face", "plate", "workplace", "border"), *("payment", "phone", "transport_card", "set_top"))
        found = {kind: self.p.number(f"analysis.joinable_{kind}") for kind in known}
        return found | {"school_report": found["paper"]}

    def crowd(self, off: frozenset[str] = frozenset()) -> Crowd:
        """The nation's, without the records of some systems."""
        middle = self.stage_of(int(self.days[len(self.days) // 2]))
        owns = [own for own in _owns(middle.habits) if own.system not in off]
        acts = {post: rate for post, rate in self.posts.items() if post[1] not in off}
        return Crowd(self.persons, owns, acts, float(self.persons.sum()) / sum(self.recipe.units))


def month(
    pack: Pack,
    scenario: Scenario,
    day: date,
    seed: int = 1,
    sets: Mapping[str, Setting] | None = None,
    start: date = date(2016, 1, 4),
    tell: Tell = lambda *_: None,
) -> Month:
    """Live a country by the expectation up to the end of the month of ``day``, and keep what its persons can meet.

    InputError where the month begins before the run does, or the pack does not cover it.
    """
    first = day.replace(day=1)
    end = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if first < start:
        raise InputError(f"--month {first:%Y-%m}: the run begins on {start}; give a later month, or an earlier --from.")
    made = plan(pack, scenario, engine="expected", seed=seed, start=start, end=end, sets=sets)
    life = Life(made)
    world = life.world
    periods = world.periods
    last = number_of(end)
    leads = [n for n, period in enumerate(periods) if period.monday <= number_of(first) - 7 * LEAD_WEEKS]
    begin = max(leads, default=0)
    days = np.arange(number_of(first), last + 1)
    stages: list[Stage] = []
    posts: dict[Post, Floats] = {}
    recipe, persons = None, np.zeros(0)
    for n, period in enumerate(periods):
        assert isinstance(life.engine, Expected)
        if n == begin:
            recipe = world.recipe(_statuses(world, life.engine.people()))
        knowing = life.learnt.knowing
        odds = life.odds(period)
        got = life.step(period, odds, lambda _: None)
        if n >= begin:
            mondays = tuple(int(monday) for monday in world.weeks[period.first : period.last])
            network = world.infrastructure.network[period.first : period.last].mean(axis=0)
            habits = _habits(world, period, world.routine(period, knowing), world.coverage(period, knowing))
            stages.append(Stage(mondays, _own(odds), habits, network))
            overlap = int(np.isin(np.arange(mondays[0], mondays[-1] + 7), days).sum())
            if overlap:
                for post, rate in _of_acts(world, odds, got).items():
                    share = overlap / (7.0 * period.weeks * len(days))
                    posts[post] = posts.get(post, np.zeros_like(rate)) + rate * share
        persons = np.asarray(got.people, np.float64).sum(axis=-1) * got.weight
        tell("living up to the month", n + 1, len(periods))
    assert recipe is not None
    middle = date(first.year, first.month, 15)
    return Month(pack, scenario, first, days, world, world.p.on(middle), tuple(stages), recipe, persons, posts, seed)


def system_of(world: World) -> dict[str, System]:
    """By the name of a contact, the system it is of."""
    return {contact.name: each for each in world.systems for contact in each.CONTACTS}


# -- what people are like, and what they leave on ordinary days


def _own(odds: Odds) -> Odds:
    """The odds by themselves: the world writes over some of its arrays."""
    return Odds(*(np.array(array) for array in odds))


def _statuses(world: World, people: Floats) -> Floats:
    """``[R, M, S]``: shares of the statuses, by temper; where there is nobody, all calm and not enrolled."""
    tempers = np.array(world.layout.temper_of)
    found = np.stack([people[:, tempers == m].sum(axis=1) for m in range(len(world.axes.tempers))], axis=1)
    total = found.sum(axis=-1, keepdims=True)
    nobody = np.eye(found.shape[-1])[1]
    return np.where(total > 0, np.divide(found, total, out=np.zeros_like(found), where=total > 0), nobody)


def _habits(
    world: World,
    period: Period,
    records: Mapping[tuple[str, str], Floats],
    coverage: Mapping[tuple[str, str], Floats],
) -> tuple[Habit, ...]:
    """What a person can leave on ordinary days, such that the whole nation leaves the ``records`` of a month."""
    view, profiles = world.view(period), world.pack.profiles
    unsaid = set(records) - set(ORDINARY) - set(OF_NOBODY)
    if unsaid:
        raise ValueError(f"nobody says whose records {sorted(unsaid)} are")
    people = view.people
    size = np.array([region.persons / region.households for region in world.pack.regions])
    found: list[Habit] = []
    for key in (key for key in ORDINARY if key in records):
        system, kind = key
        whom, roles, within = ORDINARY[key]
        whole = records[system, within] if within else np.full(len(size), MONTH_DAYS)
        if within:
            share = np.divide(records[key], whole, out=np.zeros_like(whole), where=whole > 0)
            lasts = key in _PERSISTENT
            has = np.repeat((share if lasts else np.ones_like(share))[:, None], len(profiles), axis=1)
            found.append(Habit(system, kind, has, np.ones_like(share) if lasts else share, within))
            continue
        has = np.zeros((len(size), len(profiles)))
        for i, who in enumerate(profiles):
            if who.role in roles:
                name = whom.format(role=who.role)
                has[:, i] = view.published[name] if name in view.published else coverage[system, name]
        of_household = key in _OF_HOUSEHOLDS
        able = (people * has).sum(axis=1) / (size if of_household else 1.0)
        on_day = np.divide(records[key], able * whole, out=np.zeros_like(able), where=able > 0)
        found.append(Habit(system, kind, has, on_day, of_household=of_household, thing=_THINGS.get(key, "")))
    return tuple(found)


def _owns(habits: tuple[Habit, ...]) -> list[Own]:
    """Habits whose records bear something that stands for one person."""
    known = {habit.name: habit for habit in habits}
    found = []
    for habit in habits:
        if habit.kind not in KINDS:
            continue
        has, on_day = habit.has, habit.on_day
        if habit.within:
            whole = known[f"{habit.system}/{habit.within}"]
            has, on_day = has * whole.has, on_day * whole.on_day
        found.append(Own(habit.system, habit.kind, has, on_day, habit.thing or habit.name))
    return found


# -- whose records of acts there are


def _of_acts(world: World, odds: Odds, got: PeriodTallies) -> dict[Post, Floats]:
    """``[R, P]`` records of a whole period, persons of the nation, by post: by whom, as those who act pass there.

    Where records are made is counted; whose they are follows from how many of each region and profile come by.
    """
    owner = system_of(world)
    recorded = got.met.ended[..., len(VERDICTS) :].sum(axis=-1, dtype=np.float64) * got.weight
    come = _come_by(world, odds, got.acts[..., PUNISHED:].sum(axis=-1))
    begun = got.whole.states[..., PUNISHED:].sum(axis=-1).astype(np.float64)  # [R, P, A]
    each = np.divide(begun, begun.sum(axis=1, keepdims=True), out=np.zeros_like(begun), where=begun > 0)
    found: dict[Post, Floats] = {}
    for place, c, powered in np.argwhere(recorded > 0).tolist():
        contact = world.contacts[c]
        kind = contact.record if powered or not contact.device else "paper"
        if kind not in KINDS:
            continue
        from_where = come[:, place, c]
        share = from_where / from_where.sum() if from_where.sum() > 0 else np.eye(len(from_where))[place]
        whose = (recorded[place, c, powered] * share)[:, None] * each[:, :, ACTS.index(contact.act)]
        post = (place, owner[contact.name].NAME, kind)
        found[post] = found.get(post, 0.0) + whose
    return found


def _come_by(world: World, odds: Odds, begun: Floats) -> Floats:
    """``[R home, R place, C]``: how often those who live in a region come to where a contact may happen.

    ``begun[R, A, W]`` acts. Acts that end on the way are taken to be finished.
    """
    lay = world.layout
    regions, contacts = len(odds.met), odds.met.shape[1]
    head = np.arange(contacts)
    for c, other in enumerate(lay.instead):
        if other != NOTHING:
            head[other] = head[c]
    going = begun[..., None] * chances(odds.dest)[:, :, None, :]  # [R, A, W, R]
    found = np.zeros((regions, regions, contacts))
    rows = np.argwhere(lay.route_of != NOTHING)
    home, goal = rows[:, 0], rows[:, 3]
    steps, many = lay.routes[lay.route_of[lay.route_of != NOTHING]], going[lay.route_of != NOTHING]
    for step in range(steps.shape[1]):
        contact, where, times = (steps[:, step, i] for i in range(3))
        there = contact != NOTHING
        place = np.where(where == HOME, home, np.where(where == DESTINATION, goal, where))
        np.add.at(found, (home[there], place[there], contact[there]), (many * times)[there])
    return found[:, :, head]
