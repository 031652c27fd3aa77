"""Scenarios: what differs from history, in a few lines of YAML."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from greyspace.country.events import Event, read_events
from greyspace.errors import InputError
from greyspace.evidence import ParameterSet, Source, Strict, known_id, read_yaml, resolve, sentences, unknown_sources

Number = Annotated[float, Field(allow_inf_nan=False)]


def _switch(value: object) -> object:
    """One check in place of a union of types, which would report one mistake twice."""
    if isinstance(value, bool):
        return value
    if not isinstance(value, dict) or not value:
        raise ValueError("true, false, or a map from dates to true and false is needed, as in {2021-04-05: false}")
    for day, on in value.items():
        if not isinstance(day, date) or not isinstance(on, bool):
            raise ValueError(f"'{day}: {on}' is not a date with true or false, as in 2021-04-05: false")
    dates = dict(sorted(value.items()))
    for before, after in pairwise(dates):
        if dates[before] is dates[after]:
            raise ValueError(f"{after} switches nothing: it is {'on' if dates[after] else 'off'} since {before}")
    return dates


class Changes(Strict):
    """Events taken away, by id, and put in."""

    remove: tuple[str, ...] = ()
    add: dict[str, dict[str, object]] = Field(default_factory=dict)


_KOREAN = "^$|[\uac00-\ud7a3]"
"""Has a syllable of Korean in it."""


class Scenario(Strict):
    """One 'if'. start: the date from which its parameters hold (written `from`); None: from the beginning.

    systems: whether one is there, for the whole run or from a date on; before its first date it is the other way round.
    name_ko, sentence_ko: the same in Korean, both or neither.
    """

    id: str
    name: str = Field(min_length=1)
    sentence: str = Field(min_length=1)
    name_ko: str = Field(default="", pattern=_KOREAN)
    sentence_ko: str = Field(default="", pattern=_KOREAN)
    parameters: dict[str, Number | str | dict[date, Number]] = Field(default_factory=dict)
    events: Changes = Changes()
    systems: dict[str, Annotated[bool | dict[date, bool], BeforeValidator(_switch)]] = Field(default_factory=dict)
    start: date | None = Field(default=None, alias="from")
    added: tuple[Event, ...] = ()

    @model_validator(mode="after")
    def _in_both(self) -> "Scenario":
        if bool(self.name_ko) != bool(self.sentence_ko):
            raise ValueError("name_ko and sentence_ko are given together, or neither is")
        return self

    def sets(self) -> dict[str, float | str | Mapping[date, float]]:
        """What `resolve` takes: a number that holds only from a date on is given with that date."""
        if self.start is None:
            return dict(self.parameters)
        return {
            key: {self.start: value} if isinstance(value, float) else value for key, value in self.parameters.items()
        }

    def switched(self) -> dict[str, dict[date, bool]]:
        """Systems that are switched in the middle of a run: from which date on they are on, or off."""
        return {name: when for name, when in self.systems.items() if not isinstance(when, bool)}

    def over(self, events: tuple[Event, ...]) -> tuple[Event, ...]:
        """The pack's events with this scenario's changes."""
        kept = (event for event in events if event.id not in self.events.remove)
        return tuple(sorted((*kept, *self.added), key=lambda event: (event.start, event.id)))


def read_scenarios(
    folder: Path,
    parameters: ParameterSet,
    events: tuple[Event, ...],
    provinces: tuple[str, ...],
    sources: dict[str, Source],
) -> tuple[dict[str, Scenario], list[str]]:
    """Scenarios of folder/*.yaml by file name, and in words what is wrong with them."""
    found: dict[str, Scenario] = {}
    problems: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            found[path.stem] = read_scenario(path, parameters, events, provinces, sources)
        except InputError as error:
            problems.append(str(error))
    return found, problems


def read_scenario(
    path: Path,
    parameters: ParameterSet,
    events: tuple[Event, ...],
    provinces: tuple[str, ...],
    sources: dict[str, Source],
) -> Scenario:
    """One scenario, checked against the pack. Raises InputError with the first problem."""
    block = read_yaml(path)
    try:
        scenario = Scenario.model_validate({**block, "id": path.stem})
    except ValidationError as error:
        raise InputError(sentences(str(path), error)[0]) from None
    known = {event.id for event in events}
    for removed in scenario.events.remove:
        if removed not in known:
            allowed = f"allowed: {', '.join(sorted(known))}"
            raise InputError(f"{path}, events.remove: there is no event '{removed}' ({allowed}).")
    added, problems = read_events(scenario.events.add, f"{path}, events.add", provinces)
    for event in added:
        if event.id in known - set(scenario.events.remove):
            problems.append(f"{path}, events.add: '{event.id}' is an event of the pack; remove it first.")
        problems += unknown_sources(f"{path}, events.add, {event.id}", event.evidence, sources)
    if problems:
        raise InputError(problems[0])
    scenario = scenario.model_copy(update={"added": added})
    try:
        for key in scenario.parameters:
            known_id(parameters, key)
        resolve(parameters, scenario.sets())
    except InputError as error:
        raise InputError(f"{path}, parameters: {error}") from None
    return scenario
