"""What scenarios come to against the first of them: how intents of each act end, and how sure that is.

Ranges come first over draws of all uncertain parameters, kinds of equipment among them, by expectation with the same
luck for all scenarios; then over seeds of individual runs, which say how much is luck alone.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import polars as pl
from matplotlib.figure import Figure
from numpy.typing import NDArray

from greyspace import __version__
from greyspace.contract import STATES
from greyspace.country import ACTS, Pack
from greyspace.errors import InputError
from greyspace.figures import compare as of_compare
from greyspace.figures.readings import Readings
from greyspace.figures.style import save
from greyspace.results import Results
from greyspace.results.sets import SetDraft
from greyspace.simulate import Plan
from greyspace.simulate.world import day_of
from greyspace.study import drivers
from greyspace.study.era import Era
from greyspace.study.eras import by_draw, by_seed, read_by
from greyspace.study.jobs import Tell

Floats = NDArray[np.float64]

_YEAR = 365.25


@dataclass(frozen=True)
class Contrast:
    """Totals from ``since`` to ``end``, by scenario: at the pack's own values, by draw, and by seed of individual runs.

    ``base`` is the first scenario, against which each of ``others`` is held. ``moved``: ranks of each uncertain
    parameter over the draws.
    """

    pack: Pack
    base: str
    others: tuple[str, ...]
    since: date
    end: date
    own: Mapping[str, Era]
    eras: Sequence[Mapping[str, Era]]
    seeds: Sequence[Mapping[str, Era]]
    moved: Mapping[str, Floats] = field(default_factory=dict)

    @property
    def years(self) -> float:
        """Years that the totals cover."""
        return ((self.end - self.since).days + 7) / _YEAR


def find(plans: Sequence[Plan], runs: Sequence[Results], since: date, draws: int, workers: int, tell: Tell) -> Contrast:
    """Work out the contrast of plans (scenarios by seeds, with their finished runs), counted from a day on.

    InputError where no period of the runs begins on that day or later, or where there is one scenario only.
    """
    names = tuple(dict.fromkeys(plan.scenario.id for plan in plans))
    if len(names) < 2:
        raise InputError(f"there is nothing to hold '{names[0]}' against: give two scenarios or more.")
    monday = plans[0].world().renewed_from(since)
    if monday is None:
        raise InputError(f"--since {since}: the runs end before; the last week begins on {plans[0].end}.")
    read = read_by(plans)
    own, *eras = by_draw(plans, draws, read, monday, workers, tell)
    return Contrast(
        pack=plans[0].pack,
        base=names[0],
        others=names[1:],
        since=day_of(monday),
        end=plans[0].end,
        own=own,
        eras=eras,
        seeds=by_seed(plans, runs, monday),
        moved=drivers.moved(plans, draws, read),
    )


def hangs_on(found: Contrast) -> pl.DataFrame:
    """For each change worth saying, the parameters with which it goes along over draws; see ``study.drivers``."""
    rows = []
    for other in found.others:
        for act in _there(found):
            for s, state in enumerate(STATES):
                change = _change(found, other, act, s, _of_thousand)
                # A draw in which nobody intends the act would shift the others against the parameters.
                if len(change.draws) == len(found.eras) and abs(change.middle or 0.0) >= _WORTH_SAYING:
                    told = drivers.strongest(found.pack.parameters, found.moved, change.draws)
                    rows += [(other, act, state, *row) for row in told]
    return drivers.table(rows)


def table(found: Contrast) -> pl.DataFrame:
    """One row an other scenario, act and state, in acts a year and in acts of a thousand intents.

    ``a`` is the first scenario and ``b`` the other, at the pack's own values. ``low``, ``mid``, ``high`` are the 10th
    percentile, median and 90th percentile of b - a over draws, ``seeds_low`` and ``seeds_high`` its ends over seeds;
    ``draws`` and ``seeds``, how many of them that is: those in which anybody intends the act in both scenarios.
    """
    rows = []
    for other in found.others:
        for act in _there(found):
            a, b = (found.own[name].states[ACTS.index(act)] for name in (found.base, other))
            for unit, of in (("acts a year", _yearly(found)), ("of 1,000 intents", _of_thousand)):
                for s, state in enumerate(STATES):
                    change = _change(found, other, act, s, of)
                    low, mid, high = (change.spread if change.draws else None) or (None, None, None)
                    ends = (min(change.seeds), max(change.seeds)) if change.seeds else (None, None)
                    used = (len(change.draws), len(change.seeds))
                    rows.append((other, act, state, unit, of(a)[s], of(b)[s], change.own, low, mid, high, *ends, *used))
    names = [*("scenario", "act", "state", "unit"), *("a", "b", "difference", "low", "mid", "high")]
    names += ["seeds_low", "seeds_high", "draws", "seeds"]
    kinds = [pl.String] * 4 + [pl.Float64] * (len(names) - 6) + [pl.Int64] * 2
    return pl.DataFrame(rows, schema=dict(zip(names, kinds, strict=True)), orient="row")


def picture(found: Contrast, other: str) -> tuple[Figure, str]:
    """How intents ended under the first scenario and another, and what changed."""
    rows = []
    for act in _there(found):
        a, b = (_of_thousand(found.own[name].states[ACTS.index(act)]) for name in (found.base, other))
        rows.append(
            of_compare.Act(act, a, b, tuple(_change(found, other, act, s, _of_thousand) for s in range(len(STATES))))
        )
    sentence = found.pack.scenarios[other].sentence if other in found.pack.scenarios else ""
    drawn = (
        f"{len(found.eras)} draws of all uncertain parameters, by expectation"
        if found.eras
        else "the pack's own values alone, which say nothing of how uncertain they are"
    )
    seeds = f", and {_seeds(found, other)} of individual runs" if found.seeds else ""
    what = (
        "an invented country" if found.pack.stylised else "invented persons; conditional on a model, not a measurement"
    )
    figure = of_compare.acts(
        rows,
        found.base,
        other,
        f"What '{other}' changes against '{found.base}'",
        f"{found.pack.title}, {found.since:%B %Y} to {found.end:%B %Y}. {sentence} Left: how intents ended, at the "
        "pack's own values. Right: change in acts of 1,000 intents, median in figures; each panel has its own scale.",
        f"greyspace {__version__}, country pack {found.pack.id} ({found.pack.content_hash[:8]}): {what}. Changes over "
        f"{drawn}{seeds}.",
    )
    caption = (
        f"How intents of each act ended under '{found.base}' and under '{other}', and the change of each end in acts "
        f"of 1,000 intents, from {found.since:%B %Y} to {found.end:%B %Y}; changes over {drawn}{seeds}."
    )
    return figure, caption


def say(found: Contrast) -> str:
    """The larger changes in words, a line an act."""
    lines = [
        f"Change against '{found.base}', in acts of 1,000 intents, {found.since} to {found.end}. "
        + (f"In brackets: 10th to 90th percentile over {len(found.eras)} draws" if found.eras else "No draws")
        + (f"; then the ends over {len(found.seeds)} seeds" if found.seeds else "")
        + (", or over as many as have the act at all." if found.seeds and _some_left_out(found) else ".")
    ]
    for other in found.others:
        lines += ["", f"'{other}':"]
        for act in _there(found):
            words = []
            changes = {state: _change(found, other, act, s, _of_thousand) for s, state in enumerate(STATES)}
            for state, change in sorted(changes.items(), key=lambda item: -abs(item[1].middle or 0.0))[:_MOST_SAID]:
                if abs(change.middle or 0.0) >= _WORTH_SAYING:
                    seeds = (
                        [Readings(own=end(change.seeds)).words(1, sign=True) for end in (min, max)]
                        if change.seeds
                        else []
                    )
                    left = (
                        f" ({len(change.seeds)} of {len(found.seeds)})" if len(change.seeds) < len(found.seeds) else ""
                    )
                    told = f"; seeds{left} {' to '.join(seeds)}" if seeds else ""
                    drawn = Readings(draws=change.draws, own=change.own).words(1, sign=True)
                    words.append(f"{state.replace('_', ' ')} {drawn}{told}")
            lines.append(f"- {act.replace('_', ' ')}: {', '.join(words) or 'no change to speak of'}.")
    return "\n".join(lines)


def _used(found: Contrast, other: str) -> list[int]:
    """How many seeds say anything, of each act."""
    return [len(_change(found, other, act, 0, _of_thousand).seeds) for act in _there(found)]


def _some_left_out(found: Contrast) -> bool:
    return any(used < len(found.seeds) for other in found.others for used in _used(found, other))


def _seeds(found: Contrast, other: str) -> str:
    """The number of seeds, and that of those that a rare act has."""
    fewest, most = min(_used(found, other), default=0), len(found.seeds)
    return f"{most} seeds" if fewest == most else f"{fewest} to {most} seeds (an act that nobody intends says nothing)"


_WORTH_SAYING = 0.5
"""Acts of 1,000 intents: less is left to the table."""

_MOST_SAID = 3
"""Ends of an act whose change is said in words, the largest first."""


def write(
    draft: SetDraft, plans: Sequence[Plan], runs: Sequence[Results], since: date, draws: int, workers: int, tell: Tell
) -> str:
    """Work out the contrast; write its table, figures and words into the set; return the words."""
    found = find(plans, runs, since, draws, workers, tell)
    whole = table(found)
    draft.write("comparison.csv", whole.write_csv())
    draft.write("answer.json", json.dumps(whole.to_dicts(), indent=1) + "\n")
    hanging = hangs_on(found)
    draft.write("drivers.csv", hanging.write_csv())
    text = "\n\n".join(part for part in (say(found), drivers.say(hanging, len(found.eras))) if part)
    told = [text]
    for other in found.others:
        figure, caption = picture(found, other)
        save(figure, draft.figures, other)
        told.append(f"![{caption}](figures/{other}.png)\n\n*{caption}*")
    draft.write("answer.md", "\n\n".join(told) + "\n")
    return text


def _there(found: Contrast) -> list[str]:
    """Acts that anybody intends."""
    return [act for a, act in enumerate(ACTS) if all(era.states[a].sum() > 0 for era in found.own.values())]


def _of_thousand(states: Floats) -> Floats:
    return np.asarray(1000.0 * states / states.sum())


def _yearly(found: Contrast) -> Callable[[Floats], Floats]:
    return lambda states: np.asarray(states / found.years)


def _change(found: Contrast, other: str, act: str, state: int, of: Callable[[Floats], Floats]) -> Readings:
    """A rare act may be intended by nobody of a small run: such a seed says nothing of it, and is left out."""

    def one(era: Mapping[str, Era]) -> float | None:
        a, b = (era[name].states[ACTS.index(act)] for name in (found.base, other))
        return float(of(b)[state] - of(a)[state]) if a.sum() > 0 and b.sum() > 0 else None

    def all_of(eras: Sequence[Mapping[str, Era]]) -> tuple[float, ...]:
        return tuple(change for change in map(one, eras) if change is not None)

    return Readings(all_of(found.eras), one(found.own), all_of(found.seeds))
