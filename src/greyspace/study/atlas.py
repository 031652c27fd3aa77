"""What a life comes to by year and region: totals small enough to keep many, from which every view of a page is read.

A life is added up as it is lived, period after period; a finished run on disk gives the same totals from its tables.
"""

import datetime as dt
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from greyspace.contract import FINDINGS, STATES
from greyspace.contract.axes import PUNISHED
from greyspace.country import ACTS, Pack
from greyspace.infrastructure import USES
from greyspace.institutions import MONTH_WEEKS
from greyspace.results import Results, source_hash
from greyspace.results.files import make_folder, write_whole
from greyspace.simulate import World
from greyspace.simulate.measures import PeriodTallies
from greyspace.simulate.world import Period, day_of
from greyspace.society import caution
from greyspace.society.acts import SANCTIONED
from greyspace.study.lives import gate_weeks

Floats = NDArray[np.float64]

FORBIDDEN = "forbidden"
"""All acts that are not permitted but ordinary, together."""

COVERED = (
    ("station_gates", "rail_departures"),
    ("plate_cameras", "vehicle_trips"),
    ("border_video", "border"),
    ("workplace_cameras", "industry_workers"),
    ("school_cameras", "pupils"),
    ("payments", "payers"),
    ("payments", "riders"),
    ("phones", "owners"),
)
"""Whom a system is for: (system, whom)."""

_HANDS = FINDINGS[1:]
_HOLDS = ("short", "long", "camp", "killed")
_MARKET = ("food_price", "goods_price")
_WEEKS_A_YEAR = 365.25 / 7.0

_SHAPES: dict[str, tuple[int, ...]] = {
    "person_weeks": (),
    "acts": (len(ACTS), len(STATES)),
    "held": (len(_HOLDS),),
    "leads": (),
    "hands": (len(_HANDS), 3),
    "people": (3,),
    "power": (len(USES) + 1,),
    "gates": (3,),
    "records": (),
    "covered": (len(COVERED), 2),
}
"""Parts by region, and the shape of one region's: see :class:`Atlas`."""


@dataclass(frozen=True)
class Atlas:
    """Totals by year, ``[year, region, ...]``, in persons of the nation.

    ``acts[act, state]``; ``held[class]`` persons newly held or killed; ``leads`` on older records; ``hands[finding,
    (found, payers, kg)]`` of people in officers' hands, where that is; ``people[(afraid, knows, enrolled)]`` in
    person-weeks; ``power[use, then linked]`` as shares times person-weeks; ``gates[(installed, working, live)]`` in
    weeks; ``records`` of people who do nothing out of the ordinary; ``covered[whom, (share times person-weeks,
    person-weeks where there is anybody)]``. ``nation[year, (weeks, prices times weeks)]``.
    """

    years: tuple[int, ...]
    regions: tuple[str, ...]
    parts: Mapping[str, Floats]
    nation: Floats

    def until(self, year: int) -> "Atlas":
        """The years before ``year``."""
        n = sum(each < year for each in self.years)
        parts = {name: part[:n] for name, part in self.parts.items()}
        return Atlas(self.years[:n], self.regions, parts, self.nation[:n])

    def keep(self, path: Path) -> None:
        """Write it to a file, whole or not at all."""
        make_folder(path.parent)
        own = {"years": np.array(self.years), "regions": np.array(self.regions), "nation": self.nation}
        arrays: dict[str, Any] = {**own, **self.parts}
        write_whole(path, lambda file: np.savez_compressed(file, **arrays))

    @classmethod
    def kept(cls, path: Path) -> "Atlas | None":
        """What a file holds; None where it is not there, or torn."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                return cls(
                    tuple(int(year) for year in arrays["years"]),
                    tuple(str(region) for region in arrays["regions"]),
                    {name: arrays[name] for name in _SHAPES},
                    arrays["nation"],
                )
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None


def version() -> str:
    """A hash of how lives are lived and added up: what was kept under another is not read."""
    return source_hash(("study",))[:8]


class Adding:
    """An atlas in the making."""

    def __init__(self, regions: Sequence[str]) -> None:
        self.regions = tuple(regions)
        self._of: dict[int, dict[str, Floats]] = {}

    def __call__(self, world: World, period: Period, got: PeriodTallies) -> None:
        """Add a period, which counts for the year in which it lies."""
        of = self._year(day_of(period.monday).year)
        for name, more in _amounts(world, period, got).items():
            of[name] += more

    def _year(self, year: int) -> dict[str, Floats]:
        if year not in self._of:
            parts = {name: np.zeros((len(self.regions), *shape)) for name, shape in _SHAPES.items()}
            self._of[year] = {**parts, "nation": np.zeros(1 + len(_MARKET))}
        return self._of[year]

    def year(self, year: int) -> Atlas:
        """What one year came to."""
        return self._atlas((year,))

    def whole(self) -> Atlas:
        """All years so far."""
        return self._atlas(tuple(sorted(self._of)))

    def _atlas(self, years: tuple[int, ...]) -> Atlas:
        parts = {name: np.stack([self._of[year][name] for year in years]) for name in _SHAPES}
        return Atlas(years, self.regions, parts, np.stack([self._of[year]["nation"] for year in years]))

    def take(self, before: Atlas) -> None:
        """Begin with what an earlier time came to."""
        for i, year in enumerate(before.years):
            parts = {name: part[i].copy() for name, part in before.parts.items()}
            self._of[year] = {**parts, "nation": before.nation[i].copy()}


def _amounts(world: World, period: Period, got: PeriodTallies) -> dict[str, Floats]:
    persons = world.persons(day_of(period.monday).year)
    person_weeks = persons * period.weeks
    infra, weeks = world.infrastructure, slice(period.first, period.last)
    leads = [c for c, contact in enumerate(world.contacts) if contact.encounter == "lead"]
    now, people = caution.parts(), got.people.sum(axis=1).astype(np.float64)
    total = np.maximum(people.sum(axis=1), 1e-300)
    parts = (now.caution >= 2, now.knows == 1, now.enrolled == 1)
    shares = np.stack([people[:, part].sum(axis=1) / total for part in parts], axis=1)
    holds = [world.axes.holds.index(name) for name in _HOLDS]
    supply = np.concatenate([infra.power.share[weeks], infra.network[weeks][..., None]], axis=2).sum(axis=0)
    return {
        "person_weeks": person_weeks,
        "acts": got.acts.sum(axis=2) * got.weight,
        "held": got.whole.held.sum(axis=1)[:, holds] * got.weight,
        "leads": got.met.ended[:, leads].sum(axis=(1, 2, 3)) * got.weight,
        "hands": got.bribes.sum(axis=(1, 2)),
        "people": shares * person_weeks[:, None],
        "power": supply * persons[:, None],
        "gates": gate_weeks(world, weeks),
        "records": np.sum([*world.routine(period, got.knew).values(), np.zeros(len(persons))], axis=0)
        * (period.weeks / MONTH_WEEKS),
        "covered": _covered(world, period, got, person_weeks),
        "nation": period.weeks * np.array([1.0, got.market.food, got.market.goods]),
    }


def _covered(world: World, period: Period, got: PeriodTallies, person_weeks: Floats) -> Floats:
    by_kind = world.coverage(period, got.knew)
    found = np.zeros((len(person_weeks), len(COVERED), 2))
    for i, kind in enumerate(COVERED):
        # A system that is off covers nobody.
        share = by_kind.get(kind, np.zeros(len(person_weeks)))
        there = np.isfinite(share)
        found[:, i, 0] = np.where(there, share, 0.0) * person_weeks
        found[:, i, 1] = there * person_weeks
    return found


# -- the same from the tables of a finished run


def of_results(results: Results, pack: Pack) -> Atlas:
    """The atlas of a finished run. FolderError where a file of it is missing or was changed."""
    regions = tuple(region.id for region in pack.regions)
    weeks = results.table("nation").select("week", pl.col("week").dt.year().alias("year"))
    years = tuple(sorted(weeks["year"].unique()))
    starts = results.table("market").sort("period")
    # A period lasts until the next begins.
    ends = [*starts["period"].to_list()[1:], weeks["week"].max() + dt.timedelta(7)]  # type: ignore[operator]
    lasts = starts.select("period", ((pl.Series(ends) - pl.col("period")).dt.total_days() / 7.0).alias("weeks"))
    lived = np.array([weeks.filter(pl.col("year") == year).height for year in years], np.float64)
    person_weeks = np.stack([pack.residents(year) for year in years]) * lived[:, None]

    def block(name: str, measures: Sequence[str], key: str = "", words: Sequence[str] = (), own: Any = None) -> Floats:
        """``[year, region, word, measure]`` summed; without a key there is one word."""
        frame = results.table(name) if own is None else own
        date, place = (
            ("week" if "week" in frame.columns else "period"),
            ("place" if "place" in frame.columns else "region"),
        )
        of = {word: i for i, word in enumerate(words)} or {"": 0}
        word = pl.col(key) if key else pl.lit("")
        grouped = frame.group_by(pl.col(date).dt.year().alias("year"), place, word.alias("word")).agg(
            pl.col(measures).sum()
        )
        found = np.zeros((len(years), len(regions), len(of), len(measures)))
        for year, region, each, *amounts in grouped.iter_rows():
            if each in of:
                found[years.index(year), regions.index(region), of[each]] = amounts
        return found

    now = pl.col("persons")
    people = results.table("people").sort("week").join_asof(lasts.rename({"period": "week"}).sort("week"), on="week")
    # Rows are of the last week of a period: what began last holds.
    kinds = {"afraid": pl.col("caution") >= 2, "knows": pl.col("knows"), "enrolled": pl.col("enrolled")}
    of_week = people.group_by("week", "region", "weeks").agg(
        *[now.filter(kind).sum().alias(name) for name, kind in kinds.items()], now.sum().alias("all")
    )
    shares = of_week.with_columns(pl.col(*kinds) / pl.col("all") * pl.col("weeks"))
    supply = [*(f"power_{use}" for use in USES), "linked"]
    gates = results.table("sites").with_columns(pl.lit(1.0).alias("there")) if "sites" in results.tables else None
    covered = (
        results.table("coverage")
        .join(lasts, on="period")
        .with_columns(
            (pl.col("covered") * pl.col("weeks")).alias("share"),
            pl.concat_str("system", pl.lit("/"), "whom").alias("kind"),
        )
    )
    market = starts.join(lasts, on="period").with_columns(pl.col(_MARKET) * pl.col("weeks"))
    prices = market.group_by(pl.col("period").dt.year().alias("year")).agg(pl.col("weeks", *_MARKET).sum()).sort("year")
    persons = person_weeks / lived[:, None]
    parts = {
        "person_weeks": person_weeks,
        "acts": block("series", STATES, "act", ACTS),
        "held": block("held", ["held_new"], "hold", _HOLDS)[..., 0],
        "leads": block("leads", ["leads"])[..., 0, 0],
        "hands": block("bribes", ["found", "payers", "kg"], "finding", _HANDS),
        "people": block("people", list(kinds), own=shares)[..., 0, :] * persons[..., None],
        "power": block("places", supply)[..., 0, :] * persons[..., None],
        "gates": np.zeros((*persons.shape, 3))
        if gates is None
        else block("sites", ["there", "working", "live"], own=gates)[..., 0, :],
        "records": block("routine", ["records"])[..., 0, 0],
        "covered": block("coverage", ["share", "weeks"], "kind", ["/".join(kind) for kind in COVERED], own=covered)
        * persons[..., None, None],
    }
    return Atlas(years, regions, parts, prices.select("weeks", *_MARKET).to_numpy())


# -- what is read from it


class Measure(NamedTuple):
    """Something that is read from an atlas, for any group of regions together.

    ``act`` and ``end`` where it is how an act ends; ``given``: put in, and not worked out. ``read`` takes parts summed
    over the regions of each place, ``[year, place, ...]``, and gives ``[year, place]``, NaN where there is nothing.
    """

    name: str
    unit: str
    says: str
    group: str
    read: "Reading"
    act: str | None = None
    end: str | None = None
    by_region: bool = True
    given: bool = False


Parts = Mapping[str, Floats]
Reading = Callable[[Parts], Floats]


def read(atlas: Atlas, measures: Sequence[Measure], places: Sequence[Sequence[str]]) -> Floats:
    """``[measure, year, place]``; a place is some of the regions, by id."""
    of = np.array([[region in place for place in places] for region in atlas.regions], np.float64)
    parts = {name: np.einsum("yr...,rp->yp...", part, of) for name, part in atlas.parts.items()}
    parts["nation"] = np.repeat(atlas.nation[:, None], len(places), axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.stack([measure.read(parts) for measure in measures])
    return np.where(np.isfinite(found), found, np.nan)


def _of_acts(act: str) -> list[int]:
    return list(np.flatnonzero(~SANCTIONED)) if act == FORBIDDEN else [ACTS.index(act)]


def _ends(act: str, state: str) -> Reading:
    """Of begun acts, or, of what was not begun, of intents; in percent."""
    s, chosen = STATES.index(state), _of_acts(act)

    def reading(parts: Parts) -> Floats:
        acts = parts["acts"][:, :, chosen].sum(axis=2)
        return np.asarray(100.0 * acts[..., s] / acts[..., PUNISHED if s >= PUNISHED else 0 :].sum(axis=-1))

    return reading


def _begun(act: str) -> Reading:
    chosen = _of_acts(act)
    return lambda parts: np.asarray(
        1000.0 * parts["acts"][:, :, chosen, PUNISHED:].sum(axis=(2, 3)) / parts["person_weeks"] * _WEEKS_A_YEAR
    )


def _ratio(part: str, at: tuple[int, ...], of: str, of_at: tuple[int, ...] = (), times: float = 1.0) -> Reading:
    def reading(parts: Parts) -> Floats:
        return np.asarray(times * _at(parts[part], at) / _at(parts[of], of_at))

    return reading


def _at(part: Floats, at: tuple[int, ...]) -> Floats:
    for i in at:
        part = part[:, :, i]
    return part


def _hands(findings: Sequence[str], at: int, below: int | None, times: float) -> Reading:
    """People in officers' hands, or what they paid: for each of ``below``, or, for None, for each person-year."""
    rows = [_HANDS.index(name) for name in findings]

    def reading(parts: Parts) -> Floats:
        hands = parts["hands"][:, :, rows].sum(axis=2)
        base = parts["person_weeks"] / _WEEKS_A_YEAR if below is None else hands[..., below]
        return np.asarray(times * hands[..., at] / base)

    return reading


_STATES_SAID = {
    "paid": "let off for a bribe",
    "punished": "ended with a penalty",
    "turned_back": "turned back",
    "free_recorded": "went free, but recorded",
    "free_unseen": "went free and unseen",
    "chilled": "not begun out of caution",
    "priced_out": "not begun because bribes and tolls make it not worth it",
    "prevented": "not begun because the person is held, or there is no transport or permit",
}
_COVERED_SAID = {
    "rail_departures": "departures by rail past a station with a gate that works",
    "vehicle_trips": "trips by road that a plate camera reads",
    "border": "the border under a camera that works",
    "industry_workers": "workers in industry under a camera",
    "pupils": "pupils under a camera",
    "payers": "adults who pay by telephone",
    "riders": "riders with an electronic card",
    "owners": "adults with a telephone",
}
_CAUGHT, _INNOCENT = ("caught", "on_record"), ("looked_over", "stopped")
_OF_100_000 = 1e5 * _WEEKS_A_YEAR


def _measures() -> Iterator[Measure]:
    for act in (FORBIDDEN, *ACTS):
        words = "acts that are not permitted, all together" if act == FORBIDDEN else act.replace("_", " ")
        begun = "acts of 1,000 people a year"
        yield Measure(f"act.{act}.begun", begun, f"{words}: begun", "acts", _begun(act), act, "begun")
        for state, said in _STATES_SAID.items():
            base = "acts begun" if STATES.index(state) >= PUNISHED else "intents"
            says = f"{words}: of {base}, the share {said}"
            yield Measure(f"act.{act}.{state}", f"% of {base}", says, "acts", _ends(act, state), act, state)
    yield Measure(
        "officers.let_off",
        "% of those caught",
        "of those caught by an officer, the share let off for a bribe",
        "officers",
        _hands(_CAUGHT, 1, 0, 100.0),
    )
    yield Measure("officers.price", "kg of rice", "mean bribe of those let off", "officers", _hands(_CAUGHT, 2, 1, 1.0))
    yield Measure(
        "officers.paid",
        "kg of rice a person and year",
        "what people pay officers, in bribes and tolls",
        "officers",
        _hands(_HANDS, 2, None, 1.0),
    )
    yield Measure(
        "officers.held_up",
        "of 1,000 people a year",
        "people in whom nothing is found and who are made to pay",
        "officers",
        _hands(_INNOCENT, 1, None, 1000.0),
    )
    for i, (name, said) in enumerate(
        (
            ("short", "held for a short term"),
            ("long", "held for a long term"),
            ("camp", "sent to a camp"),
            ("killed", "shot and killed"),
        )
    ):
        yield Measure(
            f"held.{name}",
            "of 100,000 people a year",
            f"people {said}",
            "held",
            _ratio("held", (i,), "person_weeks", times=_OF_100_000),
        )
    for i, (name, said, given) in enumerate(
        (
            ("afraid", "people whose caution is high: 2 or 3 on a scale to 3", False),
            ("knows", "people who know what cameras on faces and roads can do", False),
            ("enrolled", "people whose face is in the register", True),
        )
    ):
        yield Measure(
            f"people.{name}",
            "% of people",
            said,
            "people",
            _ratio("people", (i,), "person_weeks", times=100.0),
            given=given,
        )
    yield Measure(
        "records.leads",
        "of 1,000 people a year",
        "acts to which somebody was led later, by an older record",
        "records",
        _ratio("leads", (), "person_weeks", times=1000.0 * _WEEKS_A_YEAR),
    )
    yield Measure(
        "records.ordinary",
        "records a person and year",
        "records about people who do nothing out of the ordinary, one a person, day and kind at most",
        "records",
        _ratio("records", (), "person_weeks", times=_WEEKS_A_YEAR),
        given=True,
    )
    for i, (_, whom) in enumerate(COVERED):
        yield Measure(
            f"covered.{whom}",
            "%",
            f"{_COVERED_SAID[whom]}: share of all, as it works",
            "records",
            _ratio("covered", (i, 0), "covered", (i, 1), 100.0),
            given=True,
        )
    yield Measure(
        "gates.installed",
        "gates",
        "gates at stations, working or not: mean over the year",
        "gates",
        lambda parts: parts["gates"][..., 0] / parts["nation"][..., 0],
        given=True,
    )
    yield Measure(
        "gates.working",
        "% of gates",
        "share of the time of gates in which they are not broken",
        "gates",
        _ratio("gates", (1,), "gates", (0,), 100.0),
    )
    yield Measure(
        "gates.live",
        "% of gates",
        "share of the time of gates in which they do their work: whole, with power, linked",
        "gates",
        _ratio("gates", (2,), "gates", (0,), 100.0),
    )
    for i, use in enumerate(USES):
        said = {"home": "at home", "industry": "in industry", "rail": "on the railway"}[use]
        yield Measure(
            f"supply.power_{use}",
            "hours a day",
            f"electricity {said}",
            "supply",
            _ratio("power", (i,), "person_weeks", times=24.0),
            given=True,
        )
    yield Measure(
        "supply.linked",
        "% of sites",
        "sites that can reach a central register",
        "supply",
        _ratio("power", (len(USES),), "person_weeks", times=100.0),
        given=True,
    )
    for i, name in enumerate(_MARKET):
        said = {"food_price": "food in the market", "goods_price": "goods that come over the border"}[name]
        yield Measure(
            f"prices.{name.removesuffix('_price')}",
            "times usual",
            f"price of {said}",
            "prices",
            _ratio("nation", (1 + i,), "nation", (0,)),
            by_region=False,
        )


MEASURES: Mapping[str, Measure] = {measure.name: measure for measure in _measures()}
"""All there are, by name."""
