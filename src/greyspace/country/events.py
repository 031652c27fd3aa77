"""Dated events: a border that shuts, journeys that cannot be had, masks."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field, ValidationError, model_validator

from greyspace.errors import InputError
from greyspace.evidence import Evidence, Source, Strict, read_yaml, sentences, unknown_sources

Act = Literal[
    "journey_with_permit",
    "journey_without_permit",
    "trade",
    "smuggling",
    "crossing",
    "call_abroad",
    "foreign_media",
    "private_word",
    "absence",
    "visitor",
    "theft",
    "traffic_offence",
]
Variable = Literal["border_open", "no_transport", "masked"]

ACTS: tuple[Act, ...] = get_args(Act)
JOURNEYS: tuple[Act, ...] = ("journey_with_permit", "journey_without_permit")

#: What holds outside all events.
ORDINARY: dict[str, float] = {"border_open": 1.0, "no_transport": 0.0, "masked": 0.0}


def _everywhere(where: object) -> object:
    if where == "all":
        return None
    if not isinstance(where, list | tuple) or not where or not all(isinstance(province, str) for province in where):
        raise ValueError(f"expected all, or a list of provinces, not '{where}'")
    return where


class Event(Strict):
    """From a date up to, not including, another, a variable has a value.

    border_open   share of the ordinary traffic that the border lets through
    no_transport  share of journeys for which no transport or permit is to be had
    masked        share of travellers who wear a mask
    where: provinces; None (written `all`): everywhere. Where several events hold, the one that restricts most counts.
    """

    id: str
    start: date = Field(alias="from")
    until: date | None
    variable: Variable
    value: Annotated[float, Field(ge=0, le=1)]
    where: Annotated[tuple[str, ...] | None, BeforeValidator(_everywhere)]
    acts: tuple[Act, ...] = JOURNEYS
    description: str = Field(min_length=1)
    evidence: tuple[Evidence, ...] = ()
    status: Literal["assumed"] | None = None
    why: str | None = None

    @model_validator(mode="after")
    def sensible(self) -> "Event":
        if self.until is not None and self.until <= self.start:
            raise ValueError(f"until must be later than from ({self.start}), not {self.until}")
        if self.status == "assumed" and not self.why:
            raise ValueError("an assumption needs why: what it rests on")
        if self.status is None and not self.evidence:
            raise ValueError("without evidence it must say status: assumed, and why")
        return self


def read_events(
    blocks: Mapping[Any, object], where: str, provinces: Iterable[str]
) -> tuple[tuple[Event, ...], list[str]]:
    """Events from their YAML blocks (id: event), in order of date; and in words what is wrong with the others."""
    events: list[Event] = []
    problems: list[str] = []
    known = set(provinces)
    for key, block in blocks.items():
        place = f"{where}, {key}"
        if not isinstance(block, dict):
            problems.append(f"{place}: expected keys such as from, until, variable and value, found '{block}'.")
            continue
        try:
            event = Event.model_validate({**block, "id": str(key)})
        except ValidationError as error:
            problems += sentences(place, error)
            continue
        if event.where is not None:
            unknown = [province for province in event.where if province not in known]
            if unknown:
                allowed = f"allowed: all, or {', '.join(sorted(known))}"
                problems.append(f"{place}, where: '{unknown[0]}' is not a province of regions.csv ({allowed}).")
                continue
        events.append(event)
    return tuple(sorted(events, key=lambda event: (event.start, event.id))), problems


def read_events_file(
    path: Path, provinces: Iterable[str], sources: dict[str, Source]
) -> tuple[tuple[Event, ...], list[str]]:
    """Events of a pack's events.yaml, and in words what is wrong with it."""
    try:
        blocks = read_yaml(path)
    except InputError as error:
        return (), [str(error)]
    events, problems = read_events(blocks, str(path), provinces)
    for event in events:
        problems += unknown_sources(f"{path}, {event.id}", event.evidence, sources)
    return events, problems


def over(
    events: Iterable[Event], variable: str, days: NDArray[np.int64], province: str | None = None, act: str | None = None
) -> NDArray[np.float64]:
    """The value of a variable on each day (days since 1970-01-01), in one province and for one act.

    Without a province only events that hold everywhere count; without an act, those that hold for any act.
    """
    found = np.full(len(days), ORDINARY[variable])
    strongest = np.minimum if variable == "border_open" else np.maximum
    for event in events:
        if event.variable != variable or (act is not None and act not in event.acts):
            continue
        if event.where is not None and province not in event.where:
            continue
        holds = days >= number_of(event.start)
        if event.until is not None:
            holds &= days < number_of(event.until)
        found[holds] = strongest(found[holds], event.value)
    return found


def number_of(day: date) -> int:
    """Days since 1970-01-01.

    >>> number_of(date(2021, 4, 5))
    18722
    """
    return (day - date(1970, 1, 1)).days
