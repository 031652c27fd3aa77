"""What one history comes to: sums small enough to keep of thousands of histories, from which every quantity is read."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greyspace.contract.axes import PAID
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
    PeriodTallies,
    Recorder,
    together,
)
from greyspace.simulate.world import Period
from greyspace.society import caution
from greyspace.society.acts import act_of
from greyspace.society.knowing import CLASSES, WEEKS_A_YEAR
from greyspace.society.routes import JOURNEY_MODES, MODES
from greyspace.study.era import HANDS
from greyspace.study.gates import GROUPS, groups
from greyspace.systems import station_gates

Floats = NDArray[np.float64]

CELLS = tuple(f"{kind}_{settlement}" for kind in ("capital", "border", "inland") for settlement in ("urban", "rural"))
"""Kinds of regions: the capital's province, provinces that border China, all others; their towns and countryside."""

GATE_MEASURES = ("installed", "working", "live", "installed_at_the_end", "working_at_the_end")
"""Gate-weeks, and gates in the last week."""

_NO_PERMIT = "journey_without_permit"

_YEAR = 365.25

_REMEMBERED = "survey.bribes_remembered_years"

_OF_SPAN = "|"
"""Between the number of a span and the name of a part."""

Span = tuple[date, date]
"""The first and the last day that count; a week or period counts where it begins."""


@dataclass(frozen=True)
class Totals:
    """Sums over a history from a day on, in persons of the nation: ``parts[part][name]`` is an array.

    ``states`` and ``by_standing``, by act: ``[cell, state]`` and ``[standing, state]``. ``hands``, by act: ``[hand,
    (found, payers, kg)]``. ``posts``, by kind of officer: the officer measures times officer-months, these themselves
    first. ``journeys``, by mode: ``[state]`` of those without a permit. ``moved``, by giver: kg ``[account]``.
    ``market``, ``households`` and ``vendors`` (``[standing]``), and ``attitudes``, over adults: means. ``records``, by
    kind, ``leads`` and ``footprints``, by act, and ``held``, by hold: numbers. ``knows_of``, by class: share of people.
    ``coverage``, by system and whom, and ``power``, by use: shares and hours times persons, and these persons, ``[2,
    cell]``. ``people``: shares. ``ever``: shares of adults. ``entrances``, by entrance and
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

    def of_span(self, number: int) -> "Totals":
        """The totals of one span of a history that was lived for several, see :func:`of_spans`."""
        prefix = f"{number}{_OF_SPAN}"
        return Totals({part.removeprefix(prefix): of for part, of in self.parts.items() if part.startswith(prefix)})


def cells(pack: Pack) -> NDArray[np.int64]:
    """``[R]``: the kind of each region, an index of :data:`CELLS`."""
    kinds = ["capital" if r.capital else "border" if r.borders_china else "inland" for r in pack.regions]
    return np.array([CELLS.index(f"{k}_{r.settlement}") for k, r in zip(kinds, pack.regions, strict=True)], np.int64)


def of_equipment(world: World, since: date, until: date = date.max) -> Totals:
    """What is settled before anybody lives: the fates of gates, and hours of power."""
    pack, infra = world.pack, world.infrastructure
    later = _within(world.weeks, since, until)
    last = int(np.flatnonzero(later)[-1])
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
                *(float(of[last, labels == name].sum()) for of in (there, works)),
            ]
        )
        for name in GROUPS
    }
    weeks = int(later.sum())
    span = {"years": np.array(weeks * 7 / _YEAR), "persons": np.array(float(persons.sum()))}
    return Totals({"gates": gates, "power": power, "span": span})


def of_life(life: Life, since: date) -> Totals:
    """Live a life to its end, and add up what happens from ``since`` on."""
    return of_spans(life, ((since, date.max),)).of_span(0)


def of_spans(life: Life, spans: Sequence[Span]) -> Totals:
    """Live a life to its end once, and add up each span by itself: :meth:`Totals.of_span` parts them."""
    world = life.world
    recorder, sums = Recorder(world), [_Sums(span) for span in spans]
    for period in world.periods:
        got = life.step(period, life.odds(period), lambda _: None)
        mondays = world.weeks[period.first : period.last]
        # Weeks that lie in the same spans are taken as one: their sums are all that is asked of them.
        inside = np.stack([_within(mondays, *span) for span in spans])
        begin = [0, *(np.flatnonzero((inside[:, 1:] != inside[:, :-1]).any(axis=0)) + 1), len(mondays)]
        for i, end in itertools.pairwise(begin):
            whole = end - i == len(mondays)
            recorder.week(int(mondays[i]), got.weight, got.whole if whole else together(got.weeks[i:end]))
        recorder.period(period, int(world.weeks[period.last - 1]), got)
        taken = recorder.taken()
        for of in sums:
            of.add(period, got, taken)
    life.close()
    found: dict[str, Mapping[str, Floats]] = {}
    for number, ((since, until), of) in enumerate(zip(spans, sums, strict=True)):
        parts = {**of_equipment(world, since, until).parts, **_lived(world, recorder, of, since)}
        found |= {f"{number}{_OF_SPAN}{part}": each for part, each in parts.items()}
    return Totals(found)


def _within(days: NDArray[np.int64], since: date, until: date) -> NDArray[np.bool_]:
    return np.asarray((days >= number_of(since)) & (days <= number_of(until)))


_MEANS = frozenset({"market", "households", "vendors", "coverage", "knowing", "human_network"})
_ONE_BY_ONE = frozenset({"officers", "attitudes", "people"})
"""Tables whose blocks are small and weigh differently."""


class _Sums:
    """Tables of a span of a history added up as they come: all its contacts would be a gigabyte.

    ``paid`` and ``weeks``, each ``[R, P]``: acts that ended with a bribe, and person-weeks.
    """

    def __init__(self, span: Span) -> None:
        self._first, self._last = (number_of(day) for day in span)
        self.paid: Floats = np.zeros(())
        self.weeks: Floats = np.zeros(())
        self._total: dict[str, Floats] = {}
        self._mean: dict[str, tuple[float, Floats]] = {}
        self._blocks: dict[str, list[Floats]] = {name: [] for name in _ONE_BY_ONE}

    def add(self, period: Period, got: PeriodTallies, taken: Mapping[str, Sequence[tuple[int, Floats]]]) -> None:
        """Add what a period came to, and what a recorder had ``taken`` down of it."""
        weeks = period.weeks
        if self._first <= period.monday <= self._last:
            self.paid = self.paid + got.whole.states[..., PAID].sum(axis=-1)
            self.weeks = self.weeks + got.people.sum(axis=-1) * float(weeks)
        for name, blocks in taken.items():
            for block in (block for day, block in blocks if self._first <= day <= self._last):
                if name in _ONE_BY_ONE:
                    self._blocks[name].append(block)
                    continue
                if name in self._total:
                    self._total[name] += block
                else:
                    self._total[name] = block.copy()
                if name in _MEANS:
                    weight, mean = self._mean.get(name, (0.0, 0.0))
                    self._mean[name] = weight + weeks, mean + weeks * block

    def blocks(self, name: str) -> list[Floats]:
        return self._blocks[name]

    def total(self, name: str) -> Floats:
        return self._total[name]

    def mean(self, name: str) -> Floats:
        weight, summed = self._mean[name]
        return np.asarray(summed / weight)


def _lived(world: World, recorder: Recorder, sums: _Sums, since: date) -> dict[str, dict[str, Floats]]:
    axes, cell = world.axes, cells(world.pack)
    blocks, total, mean = sums.blocks, sums.total, sums.mean
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
    found["ever"] = _ever(world, sums.paid, sums.weeks)
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


def _ever(world: World, paid: Floats, weeks: Floats) -> dict[str, Floats]:
    """Share of adults who would remember a bribe if life had always been as in these periods.

    ``paid`` acts that ended with a bribe, and person-``weeks``, each ``[R, P]``. All of a profile and region pay alike.
    """
    adult = np.array([who.role != "pupil" for who in world.pack.profiles])
    rate = np.divide(paid * WEEKS_A_YEAR, weeks, out=np.zeros_like(paid), where=weeks > 0)
    of = weeks * adult
    never = np.exp(-rate * world.p.number(_REMEMBERED))
    return {"paid": np.asarray(((1.0 - never) * of).sum() / of.sum())}


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
