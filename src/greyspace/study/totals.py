"""What one history comes to: sums small enough to keep of thousands of histories, from which every quantity is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import FINDINGS
from greyspace.country import Pack, number_of
from greyspace.infrastructure import NOT_INSTALLED, USES, WORKING
from greyspace.institutions import ACCOUNTS, OFFICERS
from greyspace.simulate import Life, World
from greyspace.simulate.measures import (
    ATTITUDE_MEASURES,
    HOUSEHOLD_MEASURES,
    LEAD_MEASURES,
    MARKET_MEASURES,
    OFFICER_MEASURES,
    VENDOR_MEASURES,
    Recorder,
)
from greyspace.society import caution
from greyspace.society.acts import act_of
from greyspace.society.knowing import CLASSES
from greyspace.society.routes import JOURNEY_MODES, MODES
from greyspace.study.gates import GROUPS, groups
from greyspace.systems import station_gates

Floats = NDArray[np.float64]

CELLS = tuple(f"{kind}_{settlement}" for kind in ("capital", "border", "inland") for settlement in ("urban", "rural"))
"""Kinds of regions: the capital's province, provinces that border China, all others; their towns and countryside."""

HANDS = FINDINGS[1:]
"""How people come into officers' hands."""

GATE_MEASURES = ("installed", "working", "live", "installed_at_the_end", "working_at_the_end")
"""Gate-weeks, and gates in the last week."""

_NO_PERMIT = "journey_without_permit"

_YEAR = 365.25


@dataclass(frozen=True)
class Totals:
    """Sums over a history from a day on, in persons of the nation: ``parts[part][name]`` is an array.

    ``states`` and ``by_standing``, by act: ``[cell, state]`` and ``[standing, state]``. ``hands``, by act: ``[hand,
    (found, payers, kg)]``. ``posts``, by kind of officer: the officer measures times officer-months, these themselves
    first. ``journeys``, by mode: ``[state]`` of those without a permit. ``moved``, by giver: kg ``[account]``.
    ``market``, ``households`` and ``vendors`` (``[standing]``), and ``attitudes``, over adults: means. ``records``, by
    kind, ``leads`` and ``footprints``, by act, and ``held``, by hold: numbers. ``knows_of``, by class: share of people.
    ``coverage``, by system and whom, and ``power``, by use: shares and hours times persons, and these persons, ``[2,
    cell]``. ``people``: shares. ``entrances``, by entrance and
    papers: ``[outcome]``. ``gates``, by group: :data:`GATE_MEASURES`. ``span``: years, and persons.
    """

    parts: Mapping[str, Mapping[str, Floats]]

    def plain(self) -> dict[str, Any]:
        """For a file."""
        return {part: {name: of.tolist() for name, of in named.items()} for part, named in self.parts.items()}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Totals":
        """From a file."""
        return cls({part: {name: np.array(of) for name, of in named.items()} for part, named in plain.items()})

    def get(self, part: str, name: str) -> Floats | None:
        """One array; None where the history has none of that name."""
        return self.parts.get(part, {}).get(name)


def cells(pack: Pack) -> NDArray[np.int64]:
    """``[R]``: the kind of each region, an index of :data:`CELLS`."""
    kinds = ["capital" if r.capital else "border" if r.borders_china else "inland" for r in pack.regions]
    return np.array([CELLS.index(f"{k}_{r.settlement}") for k, r in zip(kinds, pack.regions, strict=True)], np.int64)


def of_equipment(world: World, since: date) -> Totals:
    """What is settled before anybody lives: the fates of gates, and hours of power."""
    pack, infra = world.pack, world.infrastructure
    later = world.weeks >= number_of(since)
    cell, persons = cells(pack), pack.residents(since.year)
    hours = 24.0 * infra.power.share[later].mean(axis=0)
    power = {use: _weighted(hours[:, i], persons, cell) for i, use in enumerate(USES)}
    group = groups(pack)
    labels = np.array([group[pack.regions[site.region].province] for site in infra.sites], dtype=object)
    there, works = infra.state != NOT_INSTALLED, infra.state == WORKING
    live = world.live(later)
    gates = {
        name: np.array(
            [
                *(float(of[later][:, labels == name].sum()) for of in (there, works)),
                float(live[:, labels == name].sum()),
                *(float(of[-1, labels == name].sum()) for of in (there, works)),
            ]
        )
        for name in GROUPS
    }
    weeks = int(later.sum())
    span = {"years": np.array(weeks * 7 / _YEAR), "persons": np.array(float(persons.sum()))}
    return Totals({"gates": gates, "power": power, "span": span})


def of_life(life: Life, since: date) -> Totals:
    """Live a life to its end, and add up what happens from ``since`` on."""
    world = life.world
    recorder = Recorder(world)
    for period in world.periods:
        got = life.step(period, life.odds(period), lambda _: None)
        for i, monday in enumerate(world.weeks[period.first : period.last]):
            recorder.week(int(monday), got.weight, got.states[i], got.modes[i], got.held[i])
        recorder.period(period, int(world.weeks[period.last - 1]), got)
    life.close()
    return Totals({**of_equipment(world, since).parts, **_lived(world, recorder, since)})


def _lived(world: World, recorder: Recorder, since: date) -> dict[str, dict[str, Floats]]:
    axes, cell, first = world.axes, cells(world.pack), number_of(since)
    lasts = {period.monday: float(period.weeks) for period in world.periods}

    def blocks(name: str) -> list[Floats]:
        days = recorder.days[name]
        return [b for day, b in zip(days, recorder.blocks[name], strict=True) if day >= first]

    def total(name: str) -> Floats:
        return np.asarray(np.sum(blocks(name), axis=0))

    def mean(name: str) -> Floats:
        weights = [lasts[day] for day in recorder.days[name] if day >= first]
        summed = np.sum([w * b for w, b in zip(weights, blocks(name), strict=True)], axis=0)
        return np.asarray(summed / sum(weights))

    series = total("series")  # [R, A, standing, sex, state]
    modes = total("modes").sum(axis=0)[axes.acts.index(_NO_PERMIT), -len(MODES) :]
    by_region, by_standing = series.sum(axis=(2, 3)), series.sum(axis=(0, 3))
    found: dict[str, dict[str, Floats]] = {
        "states": {act: _by_cell(by_region[:, a], cell) for a, act in enumerate(axes.acts)},
        "by_standing": {act: by_standing[a] for a, act in enumerate(axes.acts)},
        "journeys": {MODES[m]: modes[m] for m in JOURNEY_MODES.ravel()},
    }
    bribes = total("bribes").sum(axis=(0, 2))  # [pair, finding, measure]
    found["hands"] = {act: np.zeros((len(HANDS), bribes.shape[-1])) for act in axes.acts}
    for d, (_, charge) in enumerate(recorder.pairs):
        found["hands"][act_of(charge)] += bribes[d]
    months = OFFICER_MEASURES.index("officer_months")
    posts = np.zeros((len(OFFICERS), len(OFFICER_MEASURES)))
    for block in blocks("officers"):
        weighted = block * block[..., months, None]
        weighted[..., months] = block[..., months]
        posts += weighted.sum(axis=0)
    found["posts"] = {kind: posts[k] for k, kind in enumerate(OFFICERS)}
    moved = total("accounts").sum(axis=0)
    found["moved"] = {giver: moved[g] for g, giver in enumerate(ACCOUNTS)}
    market, homes = mean("market"), mean("households")
    found["market"] = {name: market[i] for i, name in enumerate(MARKET_MEASURES)}
    found["households"] = {name: homes[:, i] for i, name in enumerate(HOUSEHOLD_MEASURES)}
    earn = mean("vendors")
    found["vendors"] = {name: earn[:, i] for i, name in enumerate(VENDOR_MEASURES)}
    of_region = world.pack.residents(since.year)
    found["records"], found["coverage"] = _without_acts(recorder, total, mean, cell, of_region)
    leads = total("leads").sum(axis=0)
    for name, measure in (("leads", "leads"), ("footprints", "from_footprints")):
        found[name] = {act: leads[a, LEAD_MEASURES.index(measure)] for a, act in enumerate(axes.acts)}
    known = (mean("knowing")[..., 0] * of_region[:, None]).sum(axis=0) / of_region.sum()
    found["knows_of"] = {name: known[1 + i] for i, name in enumerate(CLASSES)}
    found["attitudes"] = _attitudes(np.stack(blocks("attitudes")))
    network = mean("human_network")
    found["network"] = {
        "share": np.asarray((network[:, 0] * of_region).sum() / of_region.sum()),
        "false_reports": total("human_network")[:, 1].sum(),
    }
    held = total("held").sum(axis=0)
    found["held"] = {hold: held[h] for h, hold in enumerate(axes.holds) if h}
    found["people"] = _people(np.sum(blocks("people"), axis=(0, 1)))
    found["entrances"] = _entrances(world, total("contacts"))
    return found


def _without_acts(
    recorder: Recorder,
    total: Callable[[str], Floats],
    mean: Callable[[str], Floats],
    cell: NDArray[np.int64],
    of: Floats,
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Records that are about no act, by kind; coverage, by system and whom."""
    records: dict[str, Floats] = {}
    counts = total("routine").sum(axis=0)
    for i, (_, kind) in enumerate(recorder.kinds["routine"]):
        records[kind] = records.get(kind, np.zeros(())) + counts[i]
    coverage = {}
    covered = mean("coverage")
    for i, (system, whom) in enumerate(recorder.kinds["coverage"]):
        coverage[f"{system}/{whom}"] = _weighted(covered[:, i], of, cell)
    return records, coverage


def _people(persons: Floats) -> dict[str, Floats]:
    """Share of people at each caution, and the mean of every other part of a status."""
    named = caution.parts()._asdict()
    total = persons.sum()
    shares = {f"caution_{level}": persons[named["caution"] == level].sum() / total for level in range(caution.LEVELS)}
    return shares | {name: (persons * part).sum() / total for name, part in named.items()}


def _attitudes(blocks: Floats) -> dict[str, Floats]:
    """The mean of each measure ``[period, R, standing, measure]``, over adults, period after period alike."""
    adults = blocks[..., 0]
    shares = (blocks[..., 1:] * adults[..., None]).sum(axis=(0, 1, 2)) / adults.sum()
    return {name: shares[i] for i, name in enumerate(ATTITUDE_MEASURES[1:])}


def _entrances(world: World, contacts: Floats) -> dict[str, Floats]:
    found: dict[str, Floats] = {}
    by_contact = contacts.sum(axis=(0, 2, 3))  # [contact, powered, outcome]
    for c, contact in enumerate(world.axes.contacts):
        for powered in (False, True):
            met = station_gates.entrance(contact, powered)
            if met is not None:
                name = "/".join(met)
                found[name] = found.get(name, 0.0) + by_contact[c, int(powered)]
    return found


def _by_cell(of: Floats, cell: NDArray[np.int64]) -> Floats:
    """``[cell, ...]`` from ``[R, ...]``, added up region after region."""
    found = np.zeros((len(CELLS), *of.shape[1:]))
    for r, at in enumerate(cell):
        found[at] += of[r]
    return found


def _weighted(of: Floats, persons: Floats, cell: NDArray[np.int64]) -> Floats:
    """``[(sum over persons, persons), cell]`` of what is ``[R]``, NaN where there is nothing to measure."""
    there = np.isfinite(of)
    return np.stack([_by_cell(np.where(there, of * persons, 0.0), cell), _by_cell(np.where(there, persons, 0.0), cell)])
