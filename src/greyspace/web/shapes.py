"""The shapes of what is asked and answered, as JSON has them. Numbers that do not exist are null."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
Number = Annotated[float, Field(allow_inf_nan=False)]
Line = list[float | None]
"""A number a year; null where there is nothing to measure."""


class Asked(BaseModel):
    """What a page sends: nothing besides what is named."""

    model_config = ConfigDict(extra="forbid")


class Text(BaseModel):
    """The same words in the languages of the page."""

    en: str
    ko: str


class CountryName(BaseModel):
    id: str
    title: str
    stylised: bool


class Limits(BaseModel):
    """What is refused beyond: scale and years of a run, draws and seeds of a comparison, jobs that wait."""

    scale: float
    draws: int
    seeds: int
    jobs: int
    body_bytes: int


class Meta(BaseModel):
    version: str
    cite: str
    licence: str
    about: str
    default_country: str
    countries: list[CountryName]
    limits: Limits
    cores: int
    footprint: bool


class Region(BaseModel):
    id: str
    name: str
    name_ko: str
    province: str
    urban: bool
    persons: int
    capital: bool
    borders_china: bool
    latitude: float
    longitude: float


class Province(BaseModel):
    id: str
    name: str
    name_ko: str
    persons: int
    capital: bool
    borders_china: bool
    latitude: float
    longitude: float


class System(BaseModel):
    id: str
    says: str


class Scenario(BaseModel):
    """``name_ko`` and ``sentence_ko`` are empty where the country does not give them."""

    id: str
    name: str
    sentence: str
    name_ko: str
    sentence_ko: str


class Profile(BaseModel):
    id: str
    role: str
    sex: str
    standing: str
    involved: bool


class Slider(BaseModel):
    """``history``: where it stands when nothing is moved, in the year that a question begins with by default;
    ``by_year``: in each year. All ``parameters`` are set to one value."""

    id: str
    group: str
    label: Text
    says: str
    parameters: list[str]
    unit: str
    low: float
    high: float
    scale: Literal["linear", "log"]
    history: float
    by_year: dict[int, float]
    grounds: str
    grade: str | None
    why: str | None


class Preset(BaseModel):
    id: str
    label: Text
    sliders: dict[str, float]
    off: list[str]


class Country(BaseModel):
    """``since``: years from which something may be otherwise; ``until``: last years of an answer."""

    id: str
    title: str
    note: str
    stylised: bool
    pack_hash: str
    persons: int
    first_year: int
    since: list[int]
    default_since: int
    until: list[int]
    default_until: int
    regions: list[Region]
    provinces: list[Province]
    acts: list[str]
    ends: list[str]
    systems: list[System]
    scenarios: list[Scenario]
    profiles: list[Profile]
    sliders: list[Slider]
    presets: list[Preset]
    evidence: dict[str, int]


class Measure(BaseModel):
    """``given``: put in, and not worked out. ``act`` and ``end`` where it is how an act ends."""

    id: str
    label: Text
    unit: str
    says: str
    group: str
    act: str | None
    end: str | None
    by_region: bool
    given: bool


class Values(BaseModel):
    values: dict[str, Line]


class Series(BaseModel):
    """A measure by year, for the whole country (``nation``) and other places by id; ``more`` are further measures."""

    answer: str
    label: str
    country: str
    scenario: str
    measure: Measure
    years: list[int]
    values: dict[str, Line]
    more: dict[str, Values]


class WhatIf(Asked):
    client: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
    country: Id
    scenario: Id = "history"
    since: int | None = None
    until: int | None = None
    sliders: Annotated[dict[Id, Number], Field(max_length=32)] = {}
    off: Annotated[list[Id], Field(max_length=32)] = []


class NewRun(Asked):
    country: Id
    scenario: Id = "history"
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 1
    scale: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] = 0.004
    first: int | None = None
    until: int | None = None
    sliders: Annotated[dict[Id, Number], Field(max_length=32)] = {}
    off: Annotated[list[Id], Field(max_length=32)] = []


class NewCompare(Asked):
    country: Id
    a: Id
    b: Id
    until: int | None = None
    draws: Annotated[int, Field(ge=0)] = 8
    seeds: Annotated[int, Field(ge=0)] = 2
    structures: bool = True


class Job(BaseModel):
    id: str
    kind: Literal["run", "compare"]
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    says: str
    country: str
    phase: str
    done: int
    of: int
    seconds: float
    error: str | None
    result: dict[str, str] | None
    request: dict[str, Any]


class FinishedRun(BaseModel):
    id: str
    scenario: str
    engine: str
    seed: int
    scale: float
    first: str
    last: str


class Compared(BaseModel):
    id: str
    a: str
    b: str
    until: int
    draws: int
    seeds: int
    structures: int
    runs: int


class Spread(BaseModel):
    """Over so many lives: ends, or 10th, 50th and 90th percentile, of the difference by year."""

    runs: int
    low: Line
    mid: Line
    high: Line


class Structure(BaseModel):
    says: str
    difference: Line


class ComparedPlace(BaseModel):
    a: Line
    b: Line
    difference: Line
    draws: Spread
    structures: Spread
    seeds: Spread
    each_structure: dict[str, Structure]


class ComparedSeries(BaseModel):
    id: str
    label: str
    a: str
    b: str
    measure: Measure
    years: list[int]
    runs: int
    places: dict[str, ComparedPlace]


class Source(BaseModel):
    id: str
    author: str
    title: str
    publisher: str
    date: str
    kind: str
    reliability: str
    group: str
    url: str | None
    note: str | None


class Grounds(BaseModel):
    source: str
    locator: str
    says: str
    grade: str
    directness: str


class Parameter(BaseModel):
    id: str
    topic: str
    description: str
    unit: str
    value: float | str | None
    values: dict[str, float] | None
    range: tuple[float, float] | None
    options: list[str] | None
    distribution: dict[str, Any] | None
    grounds: str
    grades: list[str]
    evidence: list[Grounds]
    derivation: str | None
    why: str | None


class Share(BaseModel):
    holds: int
    of: int
    interval: list[float] | None


class Effect(BaseModel):
    what: str
    effect: str
    unit: str
    spread: list[float] | None
    own: float | None


class Verdict(BaseModel):
    outcome: str
    in_short: str
    share: Share | None
    effects: list[Effect]
    decides: str
    paragraphs: list[str]
    current: bool
    draws: int


class Test(BaseModel):
    quantity: str
    what: str
    unit: str


class Claim(BaseModel):
    id: str
    says: str
    label: str
    label_says: str
    because: str
    source: Source
    where: str
    counts_against: str | None
    declaration: list[str]
    tests: list[Test]
    verdict: Verdict | None


class Claims(BaseModel):
    about: dict[str, Any] | None
    claims: list[Claim]


class Mistake(BaseModel):
    error: str
