"""What if, from a year on, something were otherwise? By expectation, from the state in which history stood by then.

What the question and its scenario have in common is lived once and kept: the years before, and the state in which they
leave the country. So an answer costs only the years that it changes, and is the same to the last bit as if everything
had been lived from the beginning.
"""

import hashlib
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greyspace.country import Pack, Scenario, number_of
from greyspace.errors import InputError
from greyspace.evidence import known_id
from greyspace.evidence.resolve import Setting
from greyspace.results.files import make_folder, write_whole
from greyspace.simulate import Life, Plan, plan
from greyspace.simulate.world import day_of
from greyspace.study.atlas import Adding, Atlas, version
from greyspace.systems import SYSTEMS

FIRST = 2016
"""Lives begin in this year, or in the first that a country covers."""

ENROLLED = "identity_register.enrolled"

OnYear = Callable[[Atlas], None]
"""Called with each year that is finished."""

State = Mapping[str, NDArray[Any]]


class Stopped(Exception):
    """Nobody wants the answer any more."""


@dataclass(frozen=True)
class Question:
    """A scenario to the end of the year ``until``, with parameters and systems otherwise from the year ``since`` on.

    ``sets``: parameters, each with its value from then on; ``off``: systems that are not there from then on.
    """

    pack: Pack
    scenario: str
    since: int
    until: int
    sets: Mapping[str, float] = field(default_factory=dict)
    off: tuple[str, ...] = ()
    seed: int = 1

    @property
    def base(self) -> "Question":
        """The scenario as it is."""
        return replace(self, sets={}, off=())

    @property
    def changes(self) -> bool:
        """Whether anything is otherwise than in the scenario."""
        return bool(self.sets or self.off)

    @cached_property
    def start(self) -> date:
        """The first day of the life."""
        return beginning(self.pack)

    @cached_property
    def monday(self) -> date:
        """From which day on something is otherwise: odds are renewed on the first Monday of each year."""
        return max(self.start, _monday_from(date(self.since, 1, 1)))

    @property
    def day(self) -> int:
        """The same, in days since 1970-01-01."""
        return number_of(self.monday)

    @cached_property
    def plan(self) -> Plan:
        """What is lived. InputError for a scenario, parameter, system, value or year that is not there."""
        scenario = self.pack.scenario(self.scenario)
        sets: dict[str, Setting] = {}
        for key, value in self.sets.items():
            name = known_id(self.pack.parameters, key)
            sets[name] = self._from_then(name, scenario.sets().get(name), value)
        for name in self.off:
            if name not in {system.NAME for system in SYSTEMS}:
                raise InputError(f"there is no system '{name}'.")
            scenario = self._without(scenario, name)
        return plan(
            self.pack, scenario, engine="expected", seed=self.seed, start=self.start, end=date(self.until, 12, 31),
            sets=sets,
        )  # fmt: skip

    def _from_then(self, name: str, told: Setting | None, value: float) -> Setting:
        """A setting of the scenario, if it has one, until the day; the value from then on."""
        if self.monday <= self.start:
            return value
        since = {self.monday: value}
        if name == ENROLLED:
            # People enrol in the weeks before a share holds: were that the day itself, some would too early.
            usual = self.base.plan.p.between(name, self.monday)
            since = {self.monday: usual, self.monday + timedelta(weeks=1): value}
        if told is None:
            return since
        if not isinstance(told, Mapping):
            assert not isinstance(told, str)
            told = {date.min: told}
        before = {day: of for day, of in told.items() if day < self.monday}
        if before:
            # What grows from date to date grows on to the eve, and does not turn to the new value before.
            eve = self.monday - timedelta(days=1)
            before.setdefault(eve, self.base.plan.p.between(name, eve))
        return {**before, **since}

    def _without(self, scenario: Scenario, name: str) -> Scenario:
        told = scenario.systems.get(name, True)
        if told is False:
            return scenario
        if self.monday <= self.start:
            found: bool | dict[date, bool] = False
        elif told is True:
            found = {self.monday: False}
        else:
            found = {day: on for day, on in told.items() if day < self.monday}
            if not found and not next(iter(told.values())):  # on until its first date, and that is later
                found = {self.monday: False}
            elif not found:  # it would have come later
                found = False
            elif next(reversed(found.values())):
                found[self.monday] = False
        return scenario.model_copy(update={"systems": {**scenario.systems, name: found}})

    @cached_property
    def answer(self) -> str:
        """16 hex digits over all that shapes the answer."""
        return answer_of(self.plan)


def answer_of(made: Plan) -> str:
    """16 hex digits over all that shapes what a plan comes to, added up."""
    return hashlib.blake2s(f"{made.run_id}/{version()}".encode(), digest_size=8).hexdigest()


def beginning(pack: Pack) -> date:
    """The first day of lives: the first Monday of their first year that the pack covers wholly."""
    covered = date(min(row.year for row in pack.projection), 1, 7)
    return _monday_from(max(date(FIRST, 1, 1), covered))


def _monday_from(day: date) -> date:
    return date.fromordinal(day.toordinal() + (7 - day.weekday()) % 7)


@dataclass(frozen=True)
class Kept:
    """Answers on disk, and the states from which they part; whatever is torn or missing is lived again."""

    folder: Path

    def atlas(self, answer: str) -> Atlas | None:
        """The totals of an answer, or of anything else that has such an id."""
        return Atlas.kept(self._atlas(answer))

    def has(self, answer: str) -> bool:
        """Whether there is an answer of that id."""
        return self._atlas(answer).is_file()

    def put(self, answer: str, found: Atlas) -> None:
        """Keep an answer."""
        found.keep(self._atlas(answer))

    def state(self, question: Question) -> State | None:
        """How the country stood when a question parts from its scenario."""
        try:
            with self._state(question).open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                return dict(arrays)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None

    def put_state(self, question: Question, state: State) -> None:
        """Keep how the country stood; not packed, since unpacking it would take a thirtieth of an answer."""
        path, arrays = self._state(question), dict[str, Any](state)
        make_folder(path.parent)
        write_whole(path, lambda file: np.savez(file, **arrays), durable=False)

    def _atlas(self, answer: str) -> Path:
        return self.folder / "answers" / f"{answer}.npz"

    def _state(self, question: Question) -> Path:
        return self.folder / "states" / f"{question.base.answer}-{question.since}.npz"


def live(question: Question, kept: Kept, on_year: OnYear, stop: Callable[[], bool]) -> Atlas:
    """The answer to a question: read where it is kept, else lived from where it parts from its scenario.

    ``on_year`` is called with each finished year in which the question may differ from its scenario. ``stop`` is asked
    between periods; Stopped where it says yes. InputError as ``Question.plan``.
    """
    found = kept.atlas(question.answer)
    if found is not None:
        return found
    adding = Adding([region.id for region in question.pack.regions])
    if not question.changes or question.monday <= question.start:
        found = _lived(Life(question.plan), adding, question, kept, on_year, stop)
    else:
        before = kept.atlas(question.base.answer)
        if before is None:
            before = live(question.base, kept, lambda _: None, stop)
        state = kept.state(question) or _state_anew(question, kept, stop)
        adding.take(before.until(question.monday.year))
        found = _lived(Life(question.plan, taken_up=state), adding, question, kept, on_year, stop)
    kept.put(question.answer, found)
    return found


def _state_anew(question: Question, kept: Kept, stop: Callable[[], bool]) -> State:
    """The state in which a question parts from its scenario, which was asked about from another year so far."""
    life = Life(question.base.plan)
    for period in life.world.periods:
        if period.monday >= question.day:
            break
        if stop():
            raise Stopped
        life.step(period, life.odds(period), lambda _: None)
    state = life.arrays()
    kept.put_state(question, state)
    return state


def _lived(
    life: Life, adding: Adding, question: Question, kept: Kept, on_year: OnYear, stop: Callable[[], bool]
) -> Atlas:
    """Live to the end; a scenario as it is leaves the state of the year from which it is asked about."""
    begins = question.day if question.changes else 0
    periods = [period for period in life.world.periods if period.monday >= begins]
    for number, period in enumerate(periods):
        if stop():
            raise Stopped
        if not question.changes and period.monday == question.day and question.monday > question.start:
            kept.put_state(question, life.arrays())
        adding(life.world, period, life.step(period, life.odds(period), lambda _: None))
        year = day_of(period.monday).year
        if number + 1 == len(periods) or day_of(periods[number + 1].monday).year > year:
            on_year(adding.year(year))
    life.close()
    return adding.whole()
