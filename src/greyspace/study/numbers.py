"""The numbers of the answer as plain data: spreads over draws, values at the pack's own settings, and by seed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

import numpy as np

from greyspace.contract import STATES
from greyspace.contract.axes import PUNISHED
from greyspace.country import ACTS
from greyspace.infrastructure import CAUSES, kaplan_meier
from greyspace.institutions import MONTH_WEEKS
from greyspace.study.era import ENTRANCES, PAPERS, Era
from greyspace.study.findings import Findings, Spread
from greyspace.study.gates import GROUPS, Fates
from greyspace.study.officers import OF_OFFICERS

_BEGUN = slice(PUNISHED, None)


def numbers(found: Findings) -> dict[str, Any]:
    """All numbers of the answer, as plain data: spreads over draws, and the values at the pack's own settings."""
    lives = {group: _life(found.fates, group) for group in GROUPS}
    rests_on = _rests_on(found)
    facts: dict[str, Any] = {
        "since": found.since.isoformat(),
        "gate_draws": len(found.fates),
        "journey_draws": len(found.eras),
        "seeds": len(found.seeds),
        "evidence": {kind: len(ids) for kind, ids in rests_on.items()},
        "rests_on": rests_on,
        "gates": {
            group: {
                "name": found.names.get(group, group),
                "installed": asdict(Spread.of([fate.seen[group][1] for fate in found.fates])),
                "working_when_seen": asdict(Spread.of([fate.seen[group][0] for fate in found.fates])),
                "months_to_first_failure": lives[group],
                "live_share": asdict(Spread.of([_share(fate, group, "live") for fate in found.fates])),
                "lost_to": {
                    cause: asdict(Spread.of([_share(fate, group, cause) for fate in found.fates])) for cause in CAUSES
                },
            }
            for group in GROUPS
        },
        "fitted": None
        if found.sighting is None
        else {
            "draws_with_both": float(np.mean([all(fit) for fit in found.sighting.fits])),
            "at_pack_values_with_both": float(np.mean([all(fit) for fit in found.sighting.settled_fits])),
        },
        "limits": {
            "live_with_all": asdict(Spread.of([worth[frozenset()] for worth in found.factorial])),
            "live_with_none": asdict(Spread.of([worth[max(worth, key=len)] for worth in found.factorial])),
            "shapley": {limit: asdict(Spread.of([s[limit] for s in found.shares])) for limit in found.shares[0]},
            "mattered_most": _ranking(found.shares),
        },
        "at_the_gate": {
            papers: {entrance: _inspections(found, entrance, papers) for entrance in ENTRANCES} for papers in PAPERS
        },
    }
    facts["officers"] = _officers(found)
    if found.without is not None:
        facts["against"] = found.without
        facts["difference_per_1000_begun"] = {
            act: {state: _differences(found, a, s) for s, state in enumerate(STATES)} for a, act in enumerate(ACTS)
        }
    return facts


def _rests_on(found: Findings) -> dict[str, list[str]]:
    """Ids of the parameters that the runs read: those sourced, derived, assumed, and levers."""
    grounds = {key: found.pack.parameters[key].grounds for key in sorted(found.read)}
    kinds = ("sourced", "derived", "assumed", "lever")
    return {kind: [key for key in grounds if grounds[key] == kind] for kind in kinds}


def _life(fates: Sequence[Fates], group: str) -> float | None:
    """Months after which half of the gates of all draws had failed once (Kaplan-Meier); None if fewer than half had."""
    lives = [life for fate in fates for life in fate.first_lives[group]]
    if not lives:
        return None
    curve = kaplan_meier(np.array([weeks for weeks, _ in lives]), np.array([failed for _, failed in lives]))
    half = np.flatnonzero(curve.alive <= 0.5)
    return float(curve.weeks[half[0]] / MONTH_WEEKS) if len(half) else None


def _share(fate: Fates, group: str, what: str) -> float:
    weeks = fate.weeks_by.get(group, {})
    installed = weeks.get("installed", 0.0)
    return weeks[what] / installed if installed else 0.0


def _ranking(shares: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """In which share of the draws each limit mattered most."""
    most = [max(share, key=lambda limit: share[limit]) for share in shares]
    return {limit: most.count(limit) / len(most) for limit in shares[0]}


def _inspections(found: Findings, entrance: str, papers: str) -> dict[str, Any]:
    """Verdicts per thousand inspections: spread over draws, at the pack's values, and by seed."""

    def of(eras: Sequence[Mapping[str, Era]]) -> list[dict[str, float]]:
        return [per for era in eras if (per := era[found.baseline].per_thousand(entrance, papers))]

    draws, seeds = of(found.eras), of(found.seeds)
    own = of([found.at_values]) if found.at_values else []
    names = (draws or seeds or [{}])[0]
    return {
        name: {
            "draws": asdict(Spread.of([row[name] for row in draws])) if draws else None,
            "pack_values": own[0][name] if own else None,
            "seeds": [row[name] for row in seeds],
        }
        for name in names
    }


def _officers(found: Findings) -> dict[str, Any]:
    """Each of :data:`OF_OFFICERS` under the first scenario, and its change against the one without gates."""
    told: dict[str, Any] = {}
    for name, of in OF_OFFICERS.items():
        told[name] = {"with": _readings(found, partial(_one, of=of, scenario=found.baseline))}
        if found.without is not None:
            change = partial(_change, of=of, first=found.baseline, second=found.without)
            told[name]["change"] = _readings(found, change)
    return told


def _one(era: Mapping[str, Era], of: Callable[[Era], float | None], scenario: str) -> float | None:
    return of(era[scenario])


def _change(era: Mapping[str, Era], of: Callable[[Era], float | None], first: str, second: str) -> float | None:
    a, b = of(era[first]), of(era[second])
    return None if a is None or b is None else a - b


def _readings(found: Findings, of: Callable[[Mapping[str, Era]], float | None]) -> dict[str, Any] | None:
    """A number over draws, at the pack's values and by seed; None where it never comes up."""
    draws, seeds = ([x for era in eras if (x := of(era)) is not None] for eras in (found.eras, found.seeds))
    own = of(found.at_values) if found.at_values else None
    if not draws and not seeds:
        return None
    return {"draws": asdict(Spread.of(draws)) if draws else None, "pack_values": own, "seeds": seeds}


def _differences(found: Findings, act: int, state: int) -> dict[str, Any]:
    """Change of a state, with gates against without, per thousand acts begun without gates; empty without any."""

    def of(era: Mapping[str, Era]) -> float | None:
        with_gates, without = era[found.baseline].states[act], era[found.without or ""].states[act]
        begun = without[_BEGUN].sum()
        return float(1000.0 * (with_gates[state] - without[state]) / begun) if begun > 0 else None

    return _readings(found, of) or {}
