"""The rows of a pack's tables, as they are once read."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Region:
    """A province's towns or its countryside. Its place in the file is its index everywhere.

    persons, households: at the census. latitude, longitude: of the seat of the province.
    """

    id: str
    province: str
    urban: bool
    name: str
    name_ko: str
    persons: int
    households: int
    borders_china: bool
    capital: bool
    latitude: float
    longitude: float

    @property
    def settlement(self) -> str:
        """urban or rural."""
        return "urban" if self.urban else "rural"

    @property
    def settlement_class(self) -> str:
        """capital (the towns of the capital's province), urban or rural: what the household tables go by."""
        return "capital" if self.capital and self.urban else self.settlement


@dataclass(frozen=True)
class Age:
    """The share of all persons who are of this sex and age (0-14, 15-64, 65+)."""

    sex: str
    age: str
    share: float


@dataclass(frozen=True)
class HouseholdKind:
    """The share of a settlement class's households that are of this kind (farm, town) and standing."""

    settlement: str
    kind: str
    standing: str
    share: float


@dataclass(frozen=True)
class HouseholdSize:
    """The share of households that have this many members."""

    size: int
    share: float


@dataclass(frozen=True)
class Roles:
    """Of persons aged 15-64 of this sex in such a household: the shares in each role."""

    kind: str
    standing: str
    sex: str
    farmer: float
    worker: float
    office: float
    home: float


@dataclass(frozen=True)
class Involvement:
    """The share who trade in markets or across the border, near the border or away from it."""

    role: str
    sex: str
    standing: str
    border: bool
    share: float


@dataclass(frozen=True)
class NationYear:
    """Persons of the whole nation in the middle of a year."""

    year: int
    persons: int


@dataclass(frozen=True)
class Supply:
    """Hours a day of electricity for one use (home, industry, rail)."""

    province: str
    settlement: str
    use: str
    hours_winter: float
    hours_summer: float


@dataclass(frozen=True)
class Link:
    """From a date on, the share of sites that can reach a central register."""

    date: date
    province: str
    settlement: str
    linked: float


@dataclass(frozen=True)
class Station:
    """A station on a line; km from the line's first station. One that stands on two lines has one name."""

    line: str
    order: int
    station: str
    province: str
    km: float
    size: str


@dataclass(frozen=True)
class ActRate:
    """How often a person of this role sets out, unafraid: acts a person-day; ceiling: the rate nothing may exceed."""

    act: str
    role: str
    involved: bool
    rate: float
    ceiling: float


@dataclass(frozen=True)
class GateSite:
    """A station whose gate the programme equips; rank orders a province's stations, first equipped first."""

    province: str
    station: str
    installed: date
    rank: int
