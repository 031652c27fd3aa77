"""The lives of gates: how long they worked, where, what stopped them, and which limit mattered most.

Gates do not depend on what people do, so their fates are drawn without running anybody: cheap enough for many draws.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

from greyspace.country import Pack, number_of
from greyspace.evidence import Parameters, resolve
from greyspace.evidence.resolve import Setting
from greyspace.infrastructure import LIMITS, NOT_INSTALLED, WORKING, Infrastructure, limits_off, paths, why_down
from greyspace.systems import station_gates

GROUPS = ("first", "capital", "elsewhere")
"""The province outside the capital that had the first gate, the capital, all others."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Fates:
    """What became of the gates in one draw, by group where it says so.

    ``first_lives``: (weeks until the first failure or the end, whether it failed) of each gate. ``working[week]`` and
    ``installed[week]`` count gates, ``live[week]`` adds up the shares of hours in which they did their work.
    ``weeks_by`` are gate-weeks by cause. ``seen``: working and installed on the day on which sources saw them, or
    at the end where none did.
    """

    first_lives: Mapping[str, list[tuple[int, bool]]]
    working: Mapping[str, NDArray[np.int64]]
    installed: Mapping[str, NDArray[np.int64]]
    live: Mapping[str, Floats]
    weeks_by: Mapping[str, Mapping[str, float]]
    seen: Mapping[str, tuple[int, int]]

    def live_share(self) -> float:
        """Share of all installed gate-time in which gates did their work."""
        installed = sum(float(count.sum()) for count in self.installed.values())
        return sum(float(live.sum()) for live in self.live.values()) / installed if installed else 0.0


def groups(pack: Pack) -> dict[str, str]:
    """The group of each province."""
    capital = next(region.province for region in pack.regions if region.capital)
    others = [gate for gate in pack.gates if gate.province != capital]
    first = min(others, key=lambda gate: (gate.installed, gate.rank)).province if others else None
    return {
        province: "capital" if province == capital else "first" if province == first else "elsewhere"
        for province in pack.provinces
    }


def group_names(pack: Pack) -> dict[str, str]:
    """What to call the groups in a sentence: the names of the provinces, or 'elsewhere'."""
    of = groups(pack)
    # A region is called by its province and settlement: 'South Hamgyong, towns'.
    named = {region.province: region.name.split(",")[0] for region in pack.regions}
    found = {group: named[province] for province, group in of.items() if group != "elsewhere"}
    # A pack may have gates in its capital only.
    return {"first": "the other provinces", **found, "elsewhere": "elsewhere"}


def fates(pack: Pack, p: Parameters, seed: int, weeks: NDArray[np.int64]) -> Fates:
    """One draw of the fates of all gates over ``weeks`` (Mondays as days since 1970-01-01)."""
    infra = paths(pack, p, seed, weeks, station_gates.sites(pack, p))
    of = groups(pack)
    labels = np.array([of[site.province] for site in infra.sites])
    remote = p["station_gates.gallery"] == "remote"
    there = infra.state != NOT_INSTALLED
    works = infra.state == WORKING
    live = works * infra.site_power * (infra.linked if remote else 1.0)
    day = seen_day(p)
    last = len(weeks) - 1
    seen = last if day is None else int(np.clip(np.searchsorted(weeks, day, side="right") - 1, 0, last))
    members = {group: labels == group for group in GROUPS}
    return Fates(
        first_lives={group: _first_lives(infra, own) for group, own in members.items()},
        working={group: works[:, own].sum(axis=1) for group, own in members.items()},
        installed={group: there[:, own].sum(axis=1) for group, own in members.items()},
        live={group: live[:, own].sum(axis=1) for group, own in members.items()},
        weeks_by=why_down(infra.state, infra.site_power, infra.linked, list(labels), needs_link=remote),
        seen={group: (int(works[seen, own].sum()), int(there[seen, own].sum())) for group, own in members.items()},
    )


def seen_day(p: Parameters) -> int | None:
    """The day (since 1970-01-01) on which sources saw which gates worked; None for a country of which none tells.

    Fates that end before that day show their end.
    """
    if "fitted.gates_seen_in" not in p:
        return None
    year = p.number("fitted.gates_seen_in")
    return number_of(date(int(year), 1, 1)) + int((year % 1) * 365.25)


def _first_lives(infra: Infrastructure, own: NDArray[np.bool_]) -> list[tuple[int, bool]]:
    found = []
    for i in np.flatnonzero(own):
        there = np.flatnonzero(infra.state[:, i] != NOT_INSTALLED)
        if len(there):
            broken = np.flatnonzero(infra.state[there, i] != WORKING)
            found.append((int(broken[0]), True) if len(broken) else (len(there), False))
    return found


def fits(found: Fates, p: Parameters) -> tuple[bool, bool]:
    """Whether a draw shows what the sources saw: how few worked in the first province, how many in the capital."""
    return (
        found.seen["first"][0] <= p.number("fitted.first_province_working_at_most"),
        found.seen["capital"][0] >= p.number("fitted.capital_working_at_least"),
    )


def many(
    pack: Pack, settings: Sequence[Mapping[str, Setting]], seeds: Sequence[int], weeks: NDArray[np.int64]
) -> list[tuple[Parameters, Fates]]:
    """Fates for each setting of the parameters, with its own seed."""
    resolved = [resolve(pack.parameters, dict(setting)) for setting in settings]
    return [(p, fates(pack, p, seed, weeks)) for p, seed in zip(resolved, seeds, strict=True)]


def shapley(worth: Mapping[frozenset[str], float]) -> dict[str, float]:
    """Shares of ``worth[all] - worth[none]`` due to each member: the mean gain over all orders of joining.

    ``worth`` has every subset of the members.

    >>> shapley({frozenset(): 0.0, frozenset("a"): 1.0, frozenset("b"): 0.0, frozenset("ab"): 2.0})
    {'a': 1.5, 'b': 0.5}
    """
    members = sorted(frozenset().union(*worth))
    n = len(members)
    found = {}
    for member in members:
        others = [other for other in members if other != member]
        gain = 0.0
        for size in range(n):
            weight = factorial(size) * factorial(n - size - 1) / factorial(n)
            for subset in combinations(others, size):
                before = frozenset(subset)
                gain += weight * (worth[before | {member}] - worth[before])
        found[member] = gain
    return found


def limits(
    pack: Pack, setting: Mapping[str, Setting], seed: int, weeks: NDArray[np.int64]
) -> tuple[dict[frozenset[str], float], dict[str, float]]:
    """A full factorial over the limits (power, network, spares), each lifted or not, with the same draws.

    Returns the share of gate-time live for each set of limits lifted, and the limits' Shapley shares of the whole gain.
    """
    worth = {}
    for size in range(len(LIMITS) + 1):
        for lifted in combinations(sorted(LIMITS), size):
            p = resolve(pack.parameters, {**setting, **limits_off(lifted)})
            worth[frozenset(lifted)] = fates(pack, p, seed, weeks).live_share()
    return worth, shapley(worth)
