"""From findings to figures, and what to say under each."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from greyspace import __version__
from greyspace.contract import STATES, VERDICTS
from greyspace.contract.axes import PUNISHED
from greyspace.country import ACTS
from greyspace.figures import gates as of_gates
from greyspace.figures import officers as of_officers
from greyspace.figures import travellers as of_travellers
from greyspace.figures.readings import Readings
from greyspace.figures.style import save
from greyspace.simulate.world import day_of
from greyspace.study.era import ENTRANCES, PAPERS, PENALTIES, Era
from greyspace.study.findings import Findings, Sighting
from greyspace.study.gates import GROUPS, Fates
from greyspace.study.officers import OF_OFFICERS, paid_at

_PARTS = {
    "live": "did its work",
    "no_power": "no power",
    "not_linked": "no link to the register",
    "in_repair": "in repair",
    "waiting_for_spare": "waiting for a spare part",
}
_LIMITS = {"power": "electricity\nall the time", "network": "every gate\nlinked", "spares": "spare parts\nfor all"}
_STOOD = {
    "a working gate": ("live",),
    "a gate without\npower or broken": ("unpowered", "idle"),
    "an officer alone": ("manual",),
}
_WHICH = {"first": ", where the first gate was installed", "capital": ", the capital"}
_PAPERS = {"permit": "Travellers with a permit", "none": "Travellers without a permit"}
_OUTCOMES = {
    "passed": "passed",
    "held_in_error": "held and let go",
    "punished": "punished",
    "turned_back": "turned back",
    "paid": "had to pay",
    "recorded": "of all these: recorded",
}
_PRICES = {"price_on_record": "caught by a gate,\non record", "price_caught": "caught by\nan officer"}
_CHANGES = {
    ("Bribes", "per 1,000 journeys without a permit"): {"bribes": "bribes paid"},
    ("Price", "kg of rice"): {"price": "mean price", "fixed_price": "asked of the\nsame household"},
    ("Innocent people held up", "per 1,000 journeys with a permit"): {"held_up": "made to pay"},
}
_RARE = 250.0
"""Outcomes of no more inspections of a thousand than these are shown on a finer axis."""

_JOURNEYS = {
    "journey_without_permit": "Journeys without a permit",
    "journey_with_permit": "Journeys with a permit",
}
_BLOCKS = {
    "Stopped, or made to pay": {"punished": "punished", "turned_back": "turned back", "paid": "had to pay"},
    "Journeys made freely": {"free_recorded": "free but recorded", "free_unseen": "free and unseen"},
    "Journeys not begun": {
        "prevented": "no way to go\n(no train, no permit, held)",
        "priced_out": "not worth what it costs",
        "chilled": "given up out of caution\n(an assumption)",
    },
}


def draw(findings: Findings, folder: Path) -> list[tuple[str, str]]:
    """Draw every figure that the findings allow, as PNG and SVG in ``folder``: (file stem, caption) of each."""
    made = []
    for stem, picture in _PICTURES.items():
        found = picture(findings)
        if found is not None:
            figure, caption = found
            save(figure, folder, stem)
            made.append((stem, caption))
    return made


def gates_working(findings: Findings) -> tuple[Figure, str] | None:
    """How many of the installed gates work, week by week."""
    counts = [
        of_gates.Count(
            name=_name(findings, group) + _WHICH.get(group, ""),
            working=_by_week([fate.working[group] for fate in findings.fates]),
            installed=_by_week([fate.installed[group] for fate in findings.fates]),
            own=_by_week([fate.working[group] for fate in findings.settled_fates]),
            sighting=_sighting(findings, group),
        )
        for group in _present(findings)
    ]
    if not counts:
        return None
    border = findings.pack.events_over("border_open", findings.weeks)
    figure = of_gates.working(
        counts,
        [day_of(int(week)) for week in findings.weeks],
        border,
        "How many face-recognition gates were in working order",
        f"{findings.pack.title}. Gates at railway stations, week by week: those that are not broken. Even these "
        "stand idle without electricity, or without a link where they need one. How many were installed is itself "
        "uncertain.",
        _foot(findings, _gate_draws(findings)),
    )
    caption = (
        f"Station gates whole and installed, by week, {_where(findings)}. The line is the median and the band the "
        f"10th to 90th percentile over {len(findings.fates)} draws of all uncertain parameters; the dashed line is "
        f"the median over {len(findings.settled_fates)} seeds at the pack's own values."
    )
    if findings.sighting is not None:
        caption += (
            f" These values were chosen to agree with {_seen(findings, findings.sighting)}: that is fitted to, not "
            "predicted."
        )
    return figure, caption


def why_down(findings: Findings) -> tuple[Figure, str] | None:
    """What the time of gates was lost to, and which limit mattered."""
    cases = {
        f"over {len(findings.fates)} draws": findings.fates,
        "at the pack's values": findings.settled_fates,
    }
    bars = [
        of_gates.Bar(_name(findings, group), case, shares)
        for group in _present(findings)
        for case, fates in cases.items()
        if (shares := _mean_shares(fates, group))
    ]
    if not bars:
        return None
    everything = max(findings.factorial[0], key=len)
    gains = {limit: Readings(tuple(share[limit] for share in findings.shares)) for limit in findings.shares[0]}

    def lifted(limits: frozenset[str]) -> Readings:
        return Readings(tuple(worth[limits] for worth in findings.factorial))

    rows = [
        of_gates.Lifted("did its work:\nlimits as they are", lifted(frozenset())),
        *[
            of_gates.Lifted(f"gain: {_LIMITS[limit]}", gain, gain=True)
            for limit, gain in sorted(gains.items(), key=lambda item: -float(np.median(item[1].draws)))
        ],
        of_gates.Lifted("did its work:\nall limits lifted", lifted(everything)),
    ]
    figure = of_gates.causes(
        bars,
        _PARTS,
        rows,
        "Why gates did not do their work",
        f"{findings.pack.title}. Left: a week counts as lost to the first that applies: waiting for a spare part, in "
        "repair (or not yet reported), no link, no power. Right: what three limits take away. The gain from lifting "
        "one is its mean over all orders of lifting the three (Shapley share); in each draw the gains add up to the "
        "whole difference. Gates that hold their own list of faces need no link: in such draws the network takes "
        "nothing away.",
        _foot(findings, _gate_draws(findings, f"; the limits: {len(findings.factorial)} of these draws")),
    )
    caption = (
        f"Where the time of installed gates went, {_where(findings)}: mean shares over {len(findings.fates)} draws "
        f"and over {len(findings.settled_fates)} seeds at the pack's own values. Beside it the share of gate-time in "
        "which gates did their work with the limits as they are and with all lifted, and the Shapley share of each "
        f"limit in the gain (medians, 10th to 90th percentiles over {len(findings.factorial)} draws)."
    )
    return figure, caption


def travellers(findings: Findings) -> tuple[Figure, str] | None:
    """What happened to travellers at the entrance of stations."""
    kinds = [_kind(findings, papers) for papers in _PAPERS]
    if not any(readings.all for kind in kinds for column in kind.columns for readings in column.rows):
        return None
    figure = of_travellers.entrances(
        kinds,
        "What happened to travellers at the entrance to the trains",
        f"{findings.pack.title}. Of 1,000 inspections from {findings.since:%B %Y} on under '{findings.baseline}'. "
        "Outcomes of a row add up to 1,000; medians need not. Numbers: median [10th to 90th percentile]. Mind the "
        "scales: rare outcomes have a finer one.",
        _foot(findings, _journey_draws(findings)),
    )
    caption = (
        f"Outcomes of 1,000 inspections at station entrances from {findings.since:%B %Y} on, for travellers with and "
        "without a permit, by what stood there: a working gate, a gate without power or broken (an officer decides), "
        f"or an officer alone. {_ranges(findings)}"
    )
    return figure, caption


def difference(findings: Findings) -> tuple[Figure, str] | None:
    """What gates changed in the whole country: the first scenario against the one without gates."""
    if findings.without is None:
        return None
    acts = [_act(findings, act) for act in _JOURNEYS]
    if not any(row.change.all for act in acts for block in act.blocks for row in block.rows):
        return None
    figure = of_travellers.differences(
        acts,
        "What the gates changed in the whole country",
        f"{findings.pack.title}. '{findings.baseline}' minus '{findings.without}' from {findings.since:%B %Y} on: "
        "for every 1,000 journeys begun without gates, so many more (right of zero) or fewer (left) end like this "
        "with gates. The changes of a column add up to zero in each draw: who gives a journey up can be neither "
        "stopped nor punished. Panels have scales of their own.",
        _foot(findings, _journey_draws(findings)),
    )
    caption = (
        f"Change in what journeys end as, '{findings.baseline}' against '{findings.without}', for every 1,000 "
        f"journeys begun without gates, from {findings.since:%B %Y} on. {_ranges(findings)} Journeys given up out of "
        "caution are an assumption of the model and shown apart: nobody can observe them."
    )
    return figure, caption


def officers(findings: Findings) -> tuple[Figure, str] | None:
    """Whom officers let off at what price, and whom they hold up, by what stood there; and what gates changed of it."""
    caught = ("paid", "turned_back", *PENALTIES)
    stood = _STOOD.items()
    lines = [
        (
            f"Under '{findings.baseline}'",
            [
                of_officers.Panel(
                    "Without a permit: let off",
                    "paid and went on, per 1,000 not let through",
                    tuple((name, _at_entrances(findings, which, "none", caught)) for name, which in stood),
                ),
                of_officers.Panel(
                    "Mean price of a bribe",
                    "kg of rice",
                    tuple((words, _of_officers(findings, name)) for name, words in _PRICES.items()),
                ),
                of_officers.Panel(
                    "With a permit: had to pay",
                    "per 1,000 inspections",
                    tuple((name, _at_entrances(findings, which, "permit", VERDICTS)) for name, which in stood),
                ),
            ],
        )
    ]
    if not any(readings.all for _, line in lines for panel in line for _, readings in panel.rows):
        return None
    against = ""
    if findings.without is not None:
        against = f"; and the change against '{findings.without}', in the whole country"
        changes = [
            of_officers.Panel(
                name, unit, tuple((words, _of_officers(findings, key, True)) for key, words in rows.items()), True
            )
            for (name, unit), rows in _CHANGES.items()
        ]
        lines.append((f"Change: '{findings.baseline}' minus '{findings.without}', whole country", changes))
    figure = of_officers.panels(
        lines,
        "What the gates changed for officers and for those they hold up",
        f"{findings.pack.title}. From {findings.since:%B %Y} on. Above: at station entrances, by what stood there; "
        "prices by who caught. Whoever a working gate puts on record leaves a trace, which makes letting him off a "
        "risk to the officer. Numbers: median [10th to 90th percentile]. Panels have scales of their own.",
        _foot(findings, _journey_draws(findings)),
    )
    caption = (
        "How many of those caught without a permit at a station were let off for a bribe, by what stood at the "
        "entrance; what a bribe cost on average, in kg of rice, by who caught; and how many travellers with a permit "
        f"were made to pay{against}. From {findings.since:%B %Y} on. {_ranges(findings)}"
    )
    return figure, caption


_PICTURES: Mapping[str, Callable[[Findings], tuple[Figure, str] | None]] = {
    "gates_working": gates_working,
    "why_down": why_down,
    "travellers": travellers,
    "difference": difference,
    "officers": officers,
}


def _present(findings: Findings) -> list[str]:
    """The groups that have gates in any draw."""
    fates = [*findings.fates, *findings.settled_fates]
    return [group for group in GROUPS if any(fate.installed[group].any() for fate in fates)]


def _name(findings: Findings, group: str) -> str:
    name = findings.names.get(group, group)
    return "All other provinces" if group == "elsewhere" else name


def _where(findings: Findings) -> str:
    names = [_name(findings, group) for group in _present(findings)]
    *most, last = [name[0].lower() + name[1:] if name.startswith("All ") else name for name in names]
    return f"{', '.join(most)} and {last}" if most else last


def _by_week(rows: Sequence[object]) -> of_gates.Floats:
    return np.array(rows, dtype=np.float64)


def _seen(findings: Findings, sighting: Sighting) -> str:
    """What device lives and spare parts were fitted to."""
    when = f"in {findings.seen_on:%B %Y}" if sighting.within else "after the end of this run"
    return f"an invented sighting {when}" if findings.pack.stylised else f"what sources saw {when}"


def _sighting(findings: Findings, group: str) -> of_gates.Sighting | None:
    """What sources saw of a group, if they did and the time of the run holds that day."""
    day, seen = findings.seen_on, findings.sighting
    if seen is None or group == "elsewhere" or not seen.within or day < findings.since:
        return None
    at_least = group == "capital"
    count = seen.capital_at_least if at_least else seen.first_at_most
    told = f"at least {count:g}" if at_least else f"at most {count:g}" if count else "none"
    agree = np.mean([fit[int(at_least)] for fit in seen.fits])
    words = f"seen in {day:%B %Y}: {told} in operation; fitted to, not predicted (so in {agree:.0%} of draws)"
    return of_gates.Sighting(day, count, at_least, words)


def _mean_shares(fates: Sequence[Fates], group: str) -> dict[str, float]:
    """Mean shares of gate-time by part, over the draws in which the group has gates."""
    rows = [weeks for fate in fates if (weeks := fate.weeks_by.get(group)) and weeks["installed"]]
    return {part: float(np.mean([row[part] / row["installed"] for row in rows])) for part in _PARTS} if rows else {}


def _readings(findings: Findings, of: Callable[[Mapping[str, Era]], float | None]) -> Readings:
    """A number in each draw, at the pack's values, and by seed; where there is nothing to count, it is left out."""
    return Readings(
        draws=tuple(value for era in findings.eras if (value := of(era)) is not None),
        own=of(findings.at_values) if findings.at_values else None,
        seeds=tuple(value for era in findings.seeds if (value := of(era)) is not None),
    )


def _kind(findings: Findings, papers: str) -> of_travellers.Papers:
    p = PAPERS.index(papers)
    columns = {name: [_per_thousand(findings, p, stood, name) for stood in _STOOD.values()] for name in _OUTCOMES}
    # Who has a permit is never punished, and who has none never held by mistake: no empty panels.
    columns = {
        name: rows
        for name, rows in columns.items()
        if name not in ("held_in_error", "punished") or any(value > 0 for row in rows for value in row.all)
    }
    # What is rare would be a line at zero on the axis of what is common: it has an axis of its own.
    tops = {name: _top(rows) for name, rows in columns.items()}
    rare = [top for top in tops.values() if top <= _RARE]
    tops = {name: max(rare) if top <= _RARE else 1000.0 for name, top in tops.items()}
    total = [_share_of_inspections(findings, p, stood) for stood in _STOOD.values()]
    return of_travellers.Papers(
        name=_PAPERS[papers],
        entrances=tuple(f"{name}\n({share})" for name, share in zip(_STOOD, total, strict=True)),
        columns=tuple(of_travellers.Column(_OUTCOMES[name], tuple(rows), tops[name]) for name, rows in columns.items()),
    )


def _per_thousand(findings: Findings, papers: int, stood: tuple[str, ...], outcome: str) -> Readings:
    entrances = [ENTRANCES.index(name) for name in stood]

    def of(era: Mapping[str, Era]) -> float | None:
        row = era[findings.baseline].entrances[entrances, papers].sum(axis=0).reshape(2, len(VERDICTS))
        if not row.sum():
            return None
        if outcome == "recorded":
            counted = row[1].sum()
        else:
            named = PENALTIES if outcome == "punished" else (outcome,)
            counted = row[:, [VERDICTS.index(verdict) for verdict in named]].sum()
        return float(1000.0 * counted / row.sum())

    return _readings(findings, of)


def _share_of_inspections(findings: Findings, papers: int, stood: tuple[str, ...]) -> str:
    entrances = [ENTRANCES.index(name) for name in stood]

    def of(era: Mapping[str, Era]) -> float | None:
        met = era[findings.baseline].entrances[:, papers]
        return float(100.0 * met[entrances].sum() / met.sum()) if met.sum() else None

    found = _readings(findings, of).spread
    return f"{found[1]:.0f}% of inspections" if found else "no inspections"


def _top(rows: Sequence[Readings]) -> float:
    """The end of an axis that holds these numbers: a round one, at least 10."""
    worst = max([10.0, *(1.08 * value for row in rows for value in (*(row.spread or ()), *row.seeds, row.own or 0.0))])
    step = 10.0 ** np.floor(np.log10(worst)) / 2
    return float(min(1000.0, np.ceil(worst / step) * step))


def _at_entrances(findings: Findings, stood: Sequence[str], papers: str, of: Sequence[str]) -> Readings:
    return _readings(findings, lambda era: paid_at(era[findings.baseline], stood, papers, of))


def _of_officers(findings: Findings, name: str, change: bool = False) -> Readings:
    """One of :data:`OF_OFFICERS` under the first scenario, or its change against the one without gates."""

    def of(era: Mapping[str, Era]) -> float | None:
        here = OF_OFFICERS[name](era[findings.baseline])
        if not change:
            return here
        there = OF_OFFICERS[name](era[findings.without or ""])
        return None if here is None or there is None else here - there

    return _readings(findings, of)


def _act(findings: Findings, act: str) -> of_travellers.Act:
    a = ACTS.index(act)

    def change(state: str) -> Readings:
        def of(era: Mapping[str, Era]) -> float | None:
            without = era[findings.without or ""].states[a]
            begun = without[PUNISHED:].sum()
            more = era[findings.baseline].states[a] - without
            return float(1000.0 * more[STATES.index(state)] / begun) if begun else None

        return _readings(findings, of)

    permit = "with a permit" if act == "journey_with_permit" else "without a permit"
    blocks = []
    for name, states in _BLOCKS.items():
        rows = [of_travellers.Row(words, change(state), state == "chilled") for state, words in states.items()]
        blocks.append(of_travellers.Block(name, tuple(rows)))
    return of_travellers.Act(
        _JOURNEYS[act],
        f"change per 1,000 journeys begun {permit}\n(← fewer with gates | more with gates →)",
        tuple(blocks),
    )


_PERCENTILES = "Ranges: 10th to 90th percentile over draws. "


def _ranges(findings: Findings) -> str:
    seeds = f"{len(findings.seeds)} seed{'' if len(findings.seeds) == 1 else 's'}"
    if findings.eras:
        return (
            f"Medians and 10th to 90th percentiles over {len(findings.eras)} draws of all uncertain parameters; "
            f"beside them the pack's own values and {seeds}."
        )
    return f"No draws of the parameters were made: this is {seeds}, at the pack's own values."


def _gate_draws(findings: Findings, more: str = "") -> str:
    return (
        f"Gates: {len(findings.fates)} draws of all uncertain parameters and {len(findings.settled_fates)} seeds at "
        f"the pack's own values{more}. {_PERCENTILES}"
    )


def _journey_draws(findings: Findings) -> str:
    seeds = f"{len(findings.seeds)} seed{'' if len(findings.seeds) == 1 else 's'}"
    if not findings.eras:
        return (
            f"No draws of the parameters: {seeds} at the pack's own values, which say nothing of how uncertain these "
            "values are. Ranges: 10th to 90th percentile over seeds. "
        )
    return (
        f"Journeys: {len(findings.eras)} draws of all uncertain parameters, by expectation; {seeds} at the pack's own "
        f"values. {_PERCENTILES}"
    )


def _foot(findings: Findings, draws: str) -> str:
    """What a figure rests on."""
    pack = findings.pack
    what = "an invented country" if pack.stylised else "invented persons; conditional on a model, not a measurement"
    foot = f"greyspace {__version__}, country pack {pack.id} ({pack.content_hash[:8]}): {what}. {draws}"
    if findings.sighting is None:
        return foot.rstrip()
    seen = _seen(findings, findings.sighting)
    return f"{foot}Fitted, not predicted: lives of devices and the supply of spare parts, to {seen}."
