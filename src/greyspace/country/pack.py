"""A country pack: read whole, checked whole, and then never changed."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError

from greyspace.country import people
from greyspace.country.chain import Chain, read_chain
from greyspace.country.events import ACTS, Event, number_of, over, read_events_file
from greyspace.country.regions import (
    ActRate,
    Age,
    GateSite,
    HouseholdKind,
    HouseholdSize,
    Involvement,
    Link,
    NationYear,
    Region,
    Roles,
    Station,
    Supply,
)
from greyspace.country.rows import (
    Cell,
    Column,
    day,
    identifier,
    number,
    one_of,
    read_csv,
    read_tables,
    whole,
    word,
    yes_no,
)
from greyspace.country.scenarios import Scenario, read_scenario, read_scenarios
from greyspace.errors import InputError
from greyspace.evidence import (
    ParameterSet,
    Source,
    Strict,
    read_joint,
    read_parameters,
    read_sources,
    read_yaml,
    sentences,
    unknown_sources,
)

COUNTRIES = Path(__file__).parent.parent / "countries"

POSTERIOR = "posterior.yaml"
"""The file of a calibrated pack with settings that belong together, for draws to take; other packs have none."""

#: A rounded table may miss one by this much.
ROUNDING = 1e-6

_settlement = one_of("urban", "rural")
_sex, _standing, _role = one_of(*people.SEXES), one_of(*people.STANDINGS), one_of(*people.ROLES)

#: Each file: its columns in order, those that no two rows share, and what a row becomes.
FILES: dict[str, tuple[dict[str, Cell], tuple[str, ...], Callable[..., Any]]] = {
    "regions.csv": (
        {
            "id": identifier,
            "province": identifier,
            "urban": yes_no,
            "name": word,
            "name_ko": word,
            "persons": whole,
            "households": whole,
            "borders_china": yes_no,
            "capital": yes_no,
            "latitude": number,
            "longitude": number,
        },
        ("id",),
        Region,
    ),
    "ages.csv": ({"sex": _sex, "age": one_of(*people.AGES), "share": number}, ("sex", "age"), Age),
    "household_kinds.csv": (
        {
            "settlement": one_of(*people.SETTLEMENT_CLASSES),
            "kind": one_of(*people.KINDS),
            "standing": _standing,
            "share": number,
        },
        ("settlement", "kind", "standing"),
        HouseholdKind,
    ),
    "household_sizes.csv": ({"size": whole, "share": number}, ("size",), HouseholdSize),
    "roles.csv": (
        {
            "kind": one_of(*people.KINDS),
            "standing": _standing,
            "sex": _sex,
            "farmer": number,
            "worker": number,
            "office": number,
            "home": number,
        },
        ("kind", "standing", "sex"),
        Roles,
    ),
    "involvement.csv": (
        {"role": _role, "sex": _sex, "standing": _standing, "border": yes_no, "share": number},
        ("role", "sex", "standing", "border"),
        Involvement,
    ),
    "projection.csv": ({"year": whole, "persons": whole}, ("year",), NationYear),
    "power.csv": (
        {
            "province": identifier,
            "settlement": _settlement,
            "use": one_of("home", "industry", "rail"),
            "hours_winter": number,
            "hours_summer": number,
        },
        ("province", "settlement", "use"),
        Supply,
    ),
    "network.csv": (
        {"date": day, "province": identifier, "settlement": _settlement, "linked": number},
        ("date", "province", "settlement"),
        Link,
    ),
    "stations.csv": (
        {
            "line": word,
            "order": whole,
            "station": word,
            "province": identifier,
            "km": number,
            "size": one_of("hub", "main", "minor"),
        },
        ("line", "station"),
        Station,
    ),
    "acts.csv": (
        {"act": one_of(*ACTS), "role": _role, "involved": yes_no, "rate": number, "ceiling": number},
        ("act", "role", "involved"),
        ActRate,
    ),
    "gates.csv": (
        {"province": identifier, "station": word, "installed": day, "rank": whole},
        ("province", "station"),
        GateSite,
    ),
}


class Head(Strict):
    """pack.yaml: what the pack is, and the totals that its regions must come to."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(min_length=1)
    note: str = Field(min_length=1)
    stylised: bool
    persons: int = Field(gt=0)
    households: int = Field(gt=0)


@dataclass(frozen=True)
class Pack:
    """One country as data. `regions` gives the region axis of every array, `profiles` the profile axis."""

    id: str
    title: str
    note: str
    stylised: bool
    folder: Path
    content_hash: str
    parameters: ParameterSet
    sources: dict[str, Source]
    tables: dict[str, dict[str, Column]]
    events: tuple[Event, ...]
    scenarios: dict[str, Scenario]
    regions: tuple[Region, ...]
    ages: tuple[Age, ...]
    household_kinds: tuple[HouseholdKind, ...]
    household_sizes: tuple[HouseholdSize, ...]
    roles: tuple[Roles, ...]
    involvement: tuple[Involvement, ...]
    projection: tuple[NationYear, ...]
    power: tuple[Supply, ...]
    network: tuple[Link, ...]
    stations: tuple[Station, ...]
    acts: tuple[ActRate, ...]
    gates: tuple[GateSite, ...]
    chain: Chain | None

    @property
    def profiles(self) -> tuple[people.Profile, ...]:
        """The profiles, in the order of every profile axis (at most 64)."""
        return people.PROFILES

    @cached_property
    def provinces(self) -> tuple[str, ...]:
        """Province ids in the order in which regions.csv first names them."""
        return tuple(dict.fromkeys(region.province for region in self.regions))

    @cached_property
    def region_index(self) -> dict[str, int]:
        """Place of each region id on the region axis."""
        return {region.id: i for i, region in enumerate(self.regions)}

    def seat(self, province: str, urban: bool = True) -> int:
        """The region of a province that is urban (or rural), or whichever there is: its place on the region axis."""
        own = [i for i, region in enumerate(self.regions) if region.province == province]
        return next((i for i in own if self.regions[i].urban == urban), own[0])

    @cached_property
    def at_the_border(self) -> NDArray[np.bool_]:
        """``[R]``: which regions border China."""
        return np.array([region.borders_china for region in self.regions])

    @cached_property
    def in_the_capital(self) -> NDArray[np.bool_]:
        """``[R]``: which regions are of the capital's province."""
        return np.array([region.capital for region in self.regions])

    @cached_property
    def settlement_classes(self) -> NDArray[np.int64]:
        """``[R]``: capital, urban or rural, as a place in ``people.SETTLEMENT_CLASSES``."""
        return np.array([people.SETTLEMENT_CLASSES.index(region.settlement_class) for region in self.regions])

    @cached_property
    def station_sizes(self) -> dict[str, str]:
        """By station: hub, main or minor."""
        return {station.station: station.size for station in self.stations}

    @cached_property
    def stations_of(self) -> dict[str, list[str]]:
        """By province: the size of each of its stations."""
        of = {station.station: station.province for station in self.stations}
        return {q: [size for name, size in self.station_sizes.items() if of[name] == q] for q in self.provinces}

    @property
    def persons(self) -> int:
        """Persons at the census."""
        return sum(region.persons for region in self.regions)

    @property
    def households(self) -> int:
        """Households at the census."""
        return sum(region.households for region in self.regions)

    def nation(self, year: int) -> int:
        """Persons of the nation in a year. Raises InputError outside the years of projection.csv."""
        for row in self.projection:
            if row.year == year:
                return row.persons
        years = [row.year for row in self.projection]
        raise InputError(f"{self.folder / 'projection.csv'}: no year {year} (allowed: {min(years)} to {max(years)}).")

    @cached_property
    def generator(self) -> people.Generator:
        """The probabilities of households and members; nobody may write into them."""
        return people.generator(self)

    @cached_property
    def profile_shares(self) -> NDArray[np.float64]:
        """``[R, profile]``: what profiles the people of a region have; rows add up to 1."""
        return people.shares(self)

    @cached_property
    def rates(self) -> dict[str, NDArray[np.float64]]:
        """By act ``[profile]``: the rate that acts.csv has for its role and involvement, 0 where it has none."""
        rate = {(row.act, row.role, row.involved): row.rate for row in self.acts}
        return {
            act: np.array([rate.get((act, who.role, who.involved), 0.0) for who in self.profiles])
            for act in {row.act for row in self.acts}
        }

    def residents(self, year: int) -> NDArray[np.float64]:
        """``[R]``: persons of each region in a year; regions keep their shares of the census, the first of these years.

        Raises InputError outside the years of projection.csv.
        """
        if year not in self._residents:
            growth = self.nation(year) / self.nation(min(row.year for row in self.projection))
            self._residents[year] = np.array([region.persons * growth for region in self.regions])
            self._residents[year].flags.writeable = False
        return self._residents[year]

    def people_of(self, year: int) -> NDArray[np.float64]:
        """``[R, profile]``: the same by profile."""
        if year not in self._people_of:
            self._people_of[year] = self.residents(year)[:, None] * self.profile_shares
            self._people_of[year].flags.writeable = False
        return self._people_of[year]

    @cached_property
    def _people_of(self) -> dict[int, NDArray[np.float64]]:
        return {}

    @cached_property
    def _residents(self) -> dict[int, NDArray[np.float64]]:
        return {}

    def events_at(self, variable: str, date: date, province: str | None = None, act: str | None = None) -> float:
        """The value of border_open, no_transport or masked on a day, in a province, for an act."""
        return float(self.events_over(variable, np.array([number_of(date)]), province, act)[0])

    def events_over(
        self, variable: str, days: NDArray[np.int64], province: str | None = None, act: str | None = None
    ) -> NDArray[np.float64]:
        """The same for each of many days, given as days since 1970-01-01: float64[day]."""
        return over(self.events, variable, days, province, act)

    def scenario(self, name_or_path: str) -> Scenario:
        """A scenario of the pack by name, or from a YAML file. Raises InputError."""
        if name_or_path in self.scenarios:
            return self.scenarios[name_or_path]
        path = Path(name_or_path)
        if path.suffix == ".yaml":
            return read_scenario(path, self.parameters, self.events, self.provinces, self.sources)
        allowed = f"allowed: {', '.join(self.scenarios)}, or the path of a .yaml file"
        raise InputError(f"{self.folder / 'scenarios'}: there is no scenario '{name_or_path}' ({allowed}).")

    def under(self, scenario: Scenario) -> "Pack":
        """The same pack with a scenario's events; its parameters are `resolve(pack.parameters, scenario.sets())`."""
        events = scenario.over(self.events)
        if events == self.events:
            return self
        found = replace(self, events=events)
        # What was worked out from tables holds whatever happens.
        vars(found).update({name: known for name, known in vars(self).items() if name not in vars(found)})
        return found


def packs() -> tuple[str, ...]:
    """Names of the packs that come with greyspace."""
    return tuple(sorted(path.parent.name for path in COUNTRIES.glob("*/pack.yaml")))


def load_pack(name_or_path: str | Path) -> Pack:
    """Read a pack by the name of one that comes with greyspace, or by the path of a folder.

    Raises InputError with the first problem, and how many more there are.

    >>> pack = load_pack("toyland")
    >>> pack.provinces
    ('capital_city', 'northshire')
    >>> pack.events_at("masked", date(2021, 4, 5), "northshire")
    0.9
    """
    pack, problems = _read(_folder(name_or_path))
    if problems or pack is None:
        more = f" ({len(problems) - 1} more: greyspace country check lists all.)" if len(problems) > 1 else ""
        raise InputError(problems[0] + more)
    return pack


def check(path: str | Path) -> list[str]:
    """What is wrong with a pack, one sentence a problem naming file, key and what is allowed; empty: all is well."""
    try:
        return _read(_folder(path))[1]
    except InputError as error:
        return [str(error)]


def _folder(name_or_path: str | Path) -> Path:
    folder = COUNTRIES / name_or_path if str(name_or_path) in packs() else Path(name_or_path)
    if not (folder / "pack.yaml").is_file():
        allowed = f"allowed: {', '.join(packs())}, or a folder that holds pack.yaml"
        raise InputError(f"There is no country pack '{name_or_path}' ({allowed}).")
    return folder


def _read(folder: Path) -> tuple[Pack | None, list[str]]:
    problems: list[str] = []
    head = None
    try:
        head = Head.model_validate(read_yaml(folder / "pack.yaml"))
    except InputError as error:
        problems.append(str(error))
    except ValidationError as error:
        problems += sentences(str(folder / "pack.yaml"), error)
    sources, found = read_sources(folder / "sources")
    problems += found
    parameters, found = read_parameters(folder / "parameters")
    problems += found
    for parameter in parameters.values():
        where = f"{folder / 'parameters' / parameter.file}, {parameter.id}"
        problems += unknown_sources(where, parameter.evidence, sources)
    joint, found = read_joint(folder / POSTERIOR, parameters)
    problems += found
    tables, found = read_tables(folder, sources)
    problems += found
    problems += [
        f"{folder / 'tables.yaml'}: {name} is not a table of a pack (allowed: {', '.join(FILES)})."
        for name in tables
        if name not in FILES
    ]
    rows: dict[str, Any] = {}
    for name, (columns, keys, build) in FILES.items():
        raw, found = read_csv(folder, name, columns, keys, tables)
        problems += found
        rows[name.removesuffix(".csv")] = tuple(build(**row) for row in raw)
    provinces = tuple(dict.fromkeys(region.province for region in rows["regions"]))
    events, found = read_events_file(folder / "events.yaml", provinces, sources)
    problems += found
    scenarios, found = read_scenarios(folder / "scenarios", parameters, events, provinces, sources)
    problems += found
    chain, found = read_chain(folder, sources)
    problems += found
    if head is None:
        return None, problems
    pack = Pack(
        id=head.id,
        title=head.title,
        note=head.note,
        stylised=head.stylised,
        folder=folder,
        content_hash=_content_hash(folder),
        parameters=replace(parameters, joint=joint),
        sources=sources,
        tables=tables,
        events=events,
        scenarios=scenarios,
        chain=chain,
        **rows,
    )
    # Only whole tables can be held against one another: a bad row would be reported many times.
    if not problems:
        problems += _contradictions(pack, head)
    return pack, problems


def _contradictions(pack: Pack, head: Head) -> Iterable[str]:
    """What no single row shows: totals, shares that do not sum to one, gaps, names that no other file knows."""
    yield from _regions(pack, head)
    yield from _shares(pack)
    yield from _gaps(pack)
    yield from _names(pack)


def _regions(pack: Pack, head: Head) -> Iterable[str]:
    path = pack.folder / "regions.csv"
    for key, total, allowed in (
        ("persons", pack.persons, head.persons),
        ("households", pack.households, head.households),
    ):
        if total != allowed:
            yield f"{path}, {key}: the rows sum to {total:,}, but pack.yaml says {allowed:,}; a row may be missing."
    capitals = {region.province for region in pack.regions if region.capital}
    if len(capitals) != 1:
        yield f"{path}, capital: exactly one province must say yes, not {len(capitals)}."
    for region in pack.regions:
        if region.id != f"{region.province}_{region.settlement}":
            wanted = f"{region.province}_{region.settlement}"
            yield f"{path}, {region.id}: the id must be '{wanted}' (province and settlement)."


def _shares(pack: Pack) -> Iterable[str]:
    def sums(name: str, what: str, values: Iterable[float]) -> Iterable[str]:
        total = sum(values)
        if abs(total - 1) > ROUNDING:
            yield f"{pack.folder / name}, share{what}: the rows sum to {total:.6g} (allowed: 1, within {ROUNDING:g})."

    yield from sums("ages.csv", "", (row.share for row in pack.ages))
    yield from sums("household_sizes.csv", "", (row.share for row in pack.household_sizes))
    for settlement in people.SETTLEMENT_CLASSES:
        of_class = [row.share for row in pack.household_kinds if row.settlement == settlement]
        yield from sums("household_kinds.csv", f", settlement {settlement}", of_class)
    for row in pack.roles:
        total = row.farmer + row.worker + row.office + row.home
        where = f"{pack.folder / 'roles.csv'}, {row.kind}+{row.standing}+{row.sex}"
        if abs(total - 1) > ROUNDING:
            yield f"{where}: farmer, worker, office and home sum to {total:.6g} (allowed: 1, within {ROUNDING:g})."
        if row.farmer and (row.kind != "farm" or row.standing not in people.STANDINGS_OF_ROLE["farmer"]):
            yield f"{where}, farmer: {row.farmer:g} where only 0 is allowed (farmers live on farms, and none is elite)."
        if row.office and row.standing not in people.STANDINGS_OF_ROLE["office"]:
            yield f"{where}, office: {row.office:g} where only 0 is allowed (the vulnerable hold no office posts)."
    for act in pack.acts:
        where = f"{pack.folder / 'acts.csv'}, {act.act}+{act.role}+{'yes' if act.involved else 'no'}"
        if act.ceiling < act.rate:
            yield f"{where}, ceiling: {act.ceiling:g} is below the rate (allowed: {act.rate:g} or more)."
        if act.role == "pupil" and act.ceiling:
            yield f"{where}, ceiling: {act.ceiling:g} where only 0 is allowed (children do not travel alone)."


def _gaps(pack: Pack) -> Iterable[str]:
    def missing(name: str, needed: Iterable[tuple[Any, ...]], there: Iterable[tuple[Any, ...]]) -> Iterable[str]:
        known = set(there)
        for key in needed:
            if key not in known:
                what = "+".join("yes" if part is True else "no" if part is False else str(part) for part in key)
                yield f"{pack.folder / name}: there is no row for {what}; the file may be cut off."

    yield from missing("ages.csv", product(people.SEXES, people.AGES), ((r.sex, r.age) for r in pack.ages))
    yield from missing("household_sizes.csv", ((n,) for n in people.SIZES), ((r.size,) for r in pack.household_sizes))
    kinds = {(row.kind, row.standing) for row in pack.household_kinds if row.share > 0}
    needed_roles = [(kind, standing, sex) for kind, standing in sorted(kinds) for sex in people.SEXES]
    yield from missing("roles.csv", needed_roles, ((r.kind, r.standing, r.sex) for r in pack.roles))
    needed = [
        (role, sex, standing, border)
        for role, standings in people.STANDINGS_OF_ROLE.items()
        if role != "pupil"
        for sex, standing, border in product(people.SEXES, standings, (False, True))
    ]
    there = {(r.role, r.sex, r.standing, r.border) for r in pack.involvement}
    yield from missing("involvement.csv", needed, there)
    for key in sorted(there - set(needed)):
        yield f"{pack.folder / 'involvement.csv'}: {key[0]}, {key[2]} is not a profile; take the row out."
    needed_acts = product(ACTS, people.ROLES, (False, True))
    yield from missing("acts.csv", needed_acts, ((r.act, r.role, r.involved) for r in pack.acts))
    places = [(region.province, region.settlement) for region in pack.regions]
    needed_power = ((*place, use) for place in places for use in ("home", "industry", "rail"))
    yield from missing("power.csv", needed_power, ((r.province, r.settlement, r.use) for r in pack.power))
    yield from missing("network.csv", places, ((r.province, r.settlement) for r in pack.network))
    years = [row.year for row in pack.projection]
    if not years or years != list(range(years[0], years[0] + len(years))):
        yield f"{pack.folder / 'projection.csv'}, year: years must follow one another without a gap."
    elif pack.stylised is False and not (years[0] <= 2008 and years[-1] >= 2035):
        yield f"{pack.folder / 'projection.csv'}, year: {years[0]} to {years[-1]} (allowed: at least 2008 to 2035)."


def _names(pack: Pack) -> Iterable[str]:
    allowed = f"allowed: {', '.join(pack.provinces)}"
    for name in ("power", "network", "stations", "gates"):
        for row in getattr(pack, name):
            if row.province not in pack.provinces:
                yield f"{pack.folder / name}.csv, province: '{row.province}' is not in regions.csv ({allowed})."
    path = pack.folder / "stations.csv"
    province_of: dict[str, str] = {}
    lines: dict[str, list[Station]] = {}
    for station in pack.stations:
        if province_of.setdefault(station.station, station.province) != station.province:
            yield (
                f"{path}, {station.station}: stands in '{province_of[station.station]}' on one "
                f"line and in '{station.province}' on another (allowed: one province)."
            )
        lines.setdefault(station.line, []).append(station)
    for line, stations in lines.items():
        orders, distances = [s.order for s in stations], [s.km for s in stations]
        if orders != list(range(1, len(orders) + 1)):
            yield f"{path}, line {line}, order: must count 1, 2, 3 ... in the order of the rows."
        if len(distances) < 2 or any(b <= a for a, b in pairwise(distances)):
            yield f"{path}, line {line}, km: two stations or more, each farther than the one before."
    of_province: dict[str, list[int]] = {}
    for gate in pack.gates:
        where = f"{pack.folder / 'gates.csv'}, {gate.station}"
        if province_of.get(gate.station) != gate.province:
            yield f"{where}: is not a station of {gate.province} in stations.csv."
        of_province.setdefault(gate.province, []).append(gate.rank)
    for province, ranks in of_province.items():
        where = f"{pack.folder / 'gates.csv'}, {province}"
        if sorted(ranks) != list(range(1, len(ranks) + 1)):
            yield f"{where}, rank: must be 1 to {len(ranks)}, each once."
        sites = pack.parameters.by_id.get(f"station_gates.sites_{province}")
        if sites is None or sites.range is None:
            file = pack.folder / "parameters" / "station_gates.yaml"
            yield f"{file}: sites_{province} is missing, though gates.csv has its stations."
        elif sites.range[1] > len(ranks):
            yield f"{where}: {len(ranks)} stations, but station_gates.sites_{province} may be up to {sites.range[1]:g}."


_ASKED_OF_RUNS = ("claims/", "targets.yaml", "patterns.yaml")


def _content_hash(folder: Path) -> str:
    """BLAKE2s over the names and bytes of all data files, in order of name.

    Prose beside them does not count, nor do claims, targets and patterns: they ask of runs, and no run reads them.
    """
    digest = hashlib.blake2s()
    files = [path for path in folder.rglob("*") if path.suffix in (".csv", ".yaml") and path.is_file()]
    named = sorted((path.relative_to(folder).as_posix(), path) for path in files)
    for name, path in ((name, path) for name, path in named if not name.startswith(_ASKED_OF_RUNS)):
        data = path.read_bytes()
        digest.update(f"{name}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()
