"""What of a difference between two scenarios is due to which of the limits that they lift.

All that the two differ in falls into groups. Every set of groups is lived as the second scenario has it, and the others
as the first has it: 2^k worlds, with the same luck. A group's Shapley share is its mean effect over all orders of
adding one group after the other; the shares add up to the whole difference. Alone and last are the ends of that: where
limits multiply, one that is lifted alone does little, and each that is missing undoes the others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import polars as pl
from matplotlib.figure import Figure

from greyspace import __version__
from greyspace.country import Pack, Scenario
from greyspace.country.scenarios import Changes
from greyspace.errors import InputError
from greyspace.evidence.parameters import Value
from greyspace.figures import attribution as of_attribution
from greyspace.figures.readings import Readings, spread
from greyspace.simulate import Plan
from greyspace.simulate.world import day_of
from greyspace.study.draws import latin
from greyspace.study.eras import put_under, read_by
from greyspace.study.gates import shapley
from greyspace.study.gauges import Gauge
from greyspace.study.jobs import Tell, lived
from greyspace.study.lives import Lives, Totals, whole

GROUPS: Mapping[str, tuple[str, ...]] = {
    "electricity": ("power", "border_video.hours"),
    "network": ("network",),
    "hardware": ("devices", "supply", "border_open"),
    "sensing": (
        *("station_gates", "identity_register", "plate_cameras", "border_video", "workplace_cameras"),
        *("school_cameras", "airport", "payments", "phones", "masked"),
    ),
    "analysis": ("analysis",),
    "enforcers": ("bribery", "enforcer_cameras", "officers", "officials", "penalties"),
    "watchers": ("human_network", "inspections", "station_officers", "train_checks", "road_posts", "border_guards"),
    "fear": ("caution", "knowing", "experience", "attitudes"),
}
"""What falls into which group: topics of parameters, single parameters, systems, and variables of events."""

REST = "rest"
"""Whatever falls into no other group."""

SAYS: Mapping[str, str] = {
    "electricity": "electricity",
    "network": "links between sites",
    "hardware": "devices and spare parts",
    "sensing": "cameras, registers, phones and cards",
    "analysis": "those who look at records",
    "enforcers": "officers: pay, demands, cameras on them",
    "watchers": "people who watch and inspect",
    "fear": "caution and knowing",
    REST: "all else",
}
"""What the groups are called."""

MOST_GROUPS = 6
"""More groups would take more than 64 worlds."""

_TOGETHER = 4
"""Worlds that share what they have in common, for one process."""


def group_of(name: str) -> str:
    """The group of a parameter's id, a system, or the variable of an event.

    >>> group_of("power.least_hours"), group_of("border_video.hours"), group_of("market.fee")
    ('electricity', 'electricity', 'rest')
    """
    for group, members in GROUPS.items():
        if name in members:
            return group
    topic = name.partition(".")[0]
    return next((group for group, members in GROUPS.items() if topic in members), REST)


def differ_in(pack: Pack, a: Scenario, b: Scenario) -> dict[str, tuple[str, ...]]:
    """By group, in their order, what two scenarios set differently: parameters, systems, events."""
    one, other = a.sets(), b.sets()
    found = [key for key in sorted({*one, *other}) if one.get(key) != other.get(key)]
    found += [
        name for name in sorted({*a.systems, *b.systems}) if a.systems.get(name, True) != b.systems.get(name, True)
    ]
    by_group: dict[str, list[str]] = {}
    for name in found:
        by_group.setdefault(group_of(name), []).append(name)
    ours, theirs = ({event.id: event for event in scenario.over(pack.events)} for scenario in (a, b))
    for event in sorted({*ours, *theirs}):
        if ours.get(event) != theirs.get(event):
            variable = (ours.get(event) or theirs[event]).variable
            by_group.setdefault(group_of(variable), []).append(event)
    return {group: tuple(by_group[group]) for group in (*GROUPS, REST) if group in by_group}


def mixed(pack: Pack, a: Scenario, b: Scenario, groups: Iterable[str]) -> Scenario:
    """The first scenario with what falls into ``groups`` as the second has it."""
    taken = set(groups)

    def of(name: str) -> Scenario:
        return b if group_of(name) in taken else a

    sets = {key: of(key).sets()[key] for key in sorted({*a.sets(), *b.sets()}) if key in of(key).sets()}
    systems = {name: of(name).systems[name] for name in sorted({*a.systems, *b.systems}) if name in of(name).systems}
    ours, theirs = ({event.id: event for event in scenario.over(pack.events)} for scenario in (a, b))
    events = []
    for event in sorted({*ours, *theirs}):
        chosen = theirs if group_of((ours.get(event) or theirs[event]).variable) in taken else ours
        if event in chosen:
            events.append(chosen[event])
    gone = tuple(event.id for event in pack.events if event not in events)
    return a.model_copy(
        update={
            "id": "+".join([a.id, *sorted(taken)]),
            "parameters": sets,
            "systems": systems,
            "start": None,
            "events": Changes(remove=gone),
            "added": tuple(event for event in events if event not in pack.events),
        }
    )


@dataclass(frozen=True)
class Attribution:
    """A difference, its groups, and the worlds of each draw: totals by set of groups lifted; ``own`` at pack values."""

    a: Plan
    b: Plan
    since: int
    groups: Mapping[str, tuple[str, ...]]
    own: Mapping[frozenset[str], Totals]
    draws: Sequence[Mapping[frozenset[str], Totals]]

    def worth(self, gauge: Gauge, of: Mapping[frozenset[str], Totals]) -> dict[frozenset[str], float]:
        """A measure by set of groups lifted. InputError where it is nothing in one of the worlds."""
        found = {lifted: gauge.of(totals) for lifted, totals in of.items()}
        if any(value is None for value in found.values()):
            raise InputError(f"--measure {gauge.name}: in some of these worlds there is nothing to measure.")
        return {lifted: float(value) for lifted, value in found.items() if value is not None}


@dataclass(frozen=True)
class Part:
    """One group: its share of the difference, what it does alone, and what it adds when it comes last."""

    group: str
    share: Readings
    alone: Readings
    last: Readings


def jobs(
    a: Plan, b: Plan, since: int, draws: int, shelf: Path | None
) -> tuple[dict[str, tuple[str, ...]], list[Lives]]:
    """The groups, and the worlds to live. InputError where the two do not differ, or in too many groups."""
    groups = differ_in(a.pack, a.scenario, b.scenario)
    if not groups:
        raise InputError(f"'{a.scenario.id}' and '{b.scenario.id}' differ in nothing: there is nothing to attribute.")
    if len(groups) > MOST_GROUPS:
        raise InputError(
            f"'{a.scenario.id}' and '{b.scenario.id}' differ in {len(groups)} groups ({', '.join(groups)}); "
            f"at most {MOST_GROUPS} can be told apart."
        )
    plans = [replace(a, scenario=scenario) for scenario in _worlds(a, b, groups)]
    drawn: list[tuple[int, Mapping[str, Value]]] = [(a.seed, {})]
    if draws:
        read = read_by([a, b])
        drawn += [(number + 1, setting) for number, setting in enumerate(latin(a.pack.parameters, draws, read))]
    found = []
    for seed, setting in drawn:
        put = [replace(plan, engine="expected", seed=seed, sets=put_under(plan, setting)) for plan in plans]
        found += [Lives(tuple(put[i : i + _TOGETHER]), since, shelf) for i in range(0, len(put), _TOGETHER)]
    return groups, found


def _worlds(a: Plan, b: Plan, groups: Mapping[str, tuple[str, ...]]) -> list[Scenario]:
    return [mixed(a.pack, a.scenario, b.scenario, lifted) for lifted in _subsets(groups)]


def _subsets(groups: Iterable[str]) -> list[frozenset[str]]:
    members = list(groups)
    return [frozenset(some) for size in range(len(members) + 1) for some in combinations(members, size)]


def find(
    a: Plan, b: Plan, since: int, groups: Mapping[str, tuple[str, ...]], todo: Sequence[Lives], workers: int, tell: Tell
) -> Attribution:
    """Live the worlds that :func:`jobs` gave, and sort them by draw and by what is lifted."""
    found = lived(todo, workers, "worlds with some limits lifted", tell)
    totals = [whole(years) for job in found for years in job.values()]
    subsets = _subsets(groups)
    by_draw = [
        dict(zip(subsets, totals[i : i + len(subsets)], strict=True)) for i in range(0, len(totals), len(subsets))
    ]
    return Attribution(a, b, since, groups, by_draw[0], by_draw[1:])


def parts(found: Attribution, gauge: Gauge) -> tuple[list[Part], Readings]:
    """Each group's part of the difference in a measure, the largest first, and the whole difference."""
    every, none = frozenset(found.groups), frozenset[str]()
    own = found.worth(gauge, found.own)
    drawn = [found.worth(gauge, of) for of in found.draws]
    shares, drawn_shares = shapley(own), [shapley(worth) for worth in drawn]
    rows = []
    for group in found.groups:
        only, others = frozenset([group]), every - {group}
        rows.append(
            Part(
                group,
                Readings(tuple(s[group] for s in drawn_shares), shares[group]),
                Readings(tuple(w[only] - w[none] for w in drawn), own[only] - own[none]),
                Readings(tuple(w[every] - w[others] for w in drawn), own[every] - own[others]),
            )
        )
    rows.sort(key=lambda part: -abs(part.share.own or 0.0))
    return rows, Readings(tuple(w[every] - w[none] for w in drawn), own[every] - own[none])


def table(found: Attribution, gauges: Sequence[Gauge]) -> pl.DataFrame:
    """One row a measure and group: Shapley share, alone and last, at the pack's own values and over draws."""
    rows = []
    for gauge in gauges:
        of, all_of = parts(found, gauge)
        for part in [*of, Part("whole", all_of, all_of, all_of)]:
            cells: list[float | None] = []
            for readings in (part.share, part.alone, part.last):
                low, mid, high = spread(readings.draws) if readings.draws else (None, None, None)
                cells += [readings.own, low, mid, high]
            rows.append((gauge.name, gauge.unit, part.group, ", ".join(found.groups.get(part.group, ())), *cells))
    names = ["measure", "unit", "group", "settings"]
    numbers = [f"{what}{end}" for what in ("share", "alone", "last") for end in ("", "_low", "_mid", "_high")]
    schema = {**dict.fromkeys(names, pl.String), **dict.fromkeys(numbers, pl.Float64)}
    return pl.DataFrame(rows, schema=schema, orient="row")


def worlds(found: Attribution, gauges: Sequence[Gauge]) -> pl.DataFrame:
    """One row a world: the groups that are lifted in it, and each measure at the pack's own values."""
    rows = [
        ("+".join(group for group in found.groups if group in lifted), *(gauge.of(totals) for gauge in gauges))
        for lifted, totals in found.own.items()
    ]
    schema = {"lifted": pl.String, **{gauge.name: pl.Float64 for gauge in gauges}}
    return pl.DataFrame(rows, schema=schema, orient="row")


def picture(found: Attribution, gauges: Sequence[Gauge]) -> tuple[Figure, str]:
    """The parts of one difference or more as a figure, and its caption."""
    pack, a, b = found.a.pack, found.a.scenario.id, found.b.scenario.id
    panels = []
    for gauge in gauges:
        of, all_of = parts(found, gauge)
        none = found.worth(gauge, found.own)[frozenset()]
        rows = [of_attribution.Row(SAYS[part.group], part.share, part.alone, part.last) for part in of]
        panels.append(of_attribution.Panel(gauge.says, gauge.unit, none, all_of, tuple(rows)))
    span = f"{day_of(found.since):%B %Y} to {found.a.end:%B %Y}"
    drawn = f" and over {len(found.draws)} draws" if found.draws else "; nothing is said of how uncertain they are"
    figure = of_attribution.attribution(
        panels,
        f"What '{b}' changes against '{a}', and which limits it is due to",
        f"{pack.title}, {span}. Bars: a group's share of the difference; shares add up to the whole. Marks: what a "
        "group does when it alone is lifted, and what it adds when all others are lifted already. Where these lie far "
        "apart, limits multiply.",
        f"greyspace {__version__}, country pack {pack.id} ({pack.content_hash[:8]}): "
        f"{'an invented country' if pack.stylised else 'invented persons; conditional on a model, not a measurement'}. "
        f"Shapley shares over {2 ** len(found.groups)} worlds by expectation, at the pack's own values{drawn}.",
    )
    caption = (
        f"Shapley shares of what '{b}' changes against '{a}' from {span}, by group of limits, with what each group "
        "does alone and what it adds last."
    )
    return figure, caption
