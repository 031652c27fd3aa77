"""Why equipment does not work: survival curves, and weeks lost by cause."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greyspace.infrastructure.devices import IN_REPAIR, NOT_INSTALLED, WAITING, WORKING, Fates
from greyspace.infrastructure.sites import Site

CAUSES = ("waiting_for_spare", "in_repair", "not_linked", "no_power")


@dataclass(frozen=True)
class Survival:
    """A Kaplan-Meier curve: after ``weeks[i]`` the share ``alive[i]`` still lives its first life."""

    weeks: NDArray[np.int64]
    alive: NDArray[np.float64]

    def at(self, weeks: float) -> float:
        """Share of first lives longer than ``weeks``."""
        index = int(np.searchsorted(self.weeks, weeks, side="right"))
        return 1.0 if index == 0 else float(self.alive[index - 1])


def kaplan_meier(lasted: NDArray[np.int64], failed: NDArray[np.bool_]) -> Survival:
    """The product-limit estimate from durations in weeks, some cut short while alive (``failed`` false).

    >>> kaplan_meier(np.array([1, 2, 2, 3]), np.array([True, True, False, True])).alive.tolist()
    [0.75, 0.5, 0.0]
    """
    times = np.unique(lasted[failed])
    at_risk = (lasted[None, :] >= times[:, None]).sum(axis=1)
    deaths = ((lasted[None, :] == times[:, None]) & failed[None, :]).sum(axis=1)
    return Survival(times, np.cumprod(1.0 - deaths / at_risk))


def survival(fates: Fates, sites: Sequence[Site], groups: Sequence[str] | None = None) -> dict[str, Survival]:
    """First lives by group (by default the province), from installation to the first failure; sites not yet
    installed are left out.
    """
    labels = np.array([s.province for s in sites] if groups is None else groups)
    there = (fates.state != NOT_INSTALLED).any(axis=0)
    installed = np.argmax(fates.state != NOT_INSTALLED, axis=0)
    ended = np.full(len(sites), len(fates.weeks))
    np.minimum.at(ended, fates.failures.site, np.searchsorted(fates.weeks, fates.failures.week))
    failed = ended < len(fates.weeks)
    lasted = ended - installed + failed
    return {
        str(g): kaplan_meier(lasted[there & (labels == g)], failed[there & (labels == g)])
        for g in dict.fromkeys(labels[there])
    }


def alive(fates: Fates, groups: Sequence[str], day: int) -> dict[str, tuple[int, int]]:
    """(working, installed) sites by group in the week that holds ``day``, repaired ones included."""
    week = int(np.searchsorted(fates.weeks, day, side="right")) - 1
    state = fates.state[week]
    labels = np.array(groups)
    return {
        str(g): (int((state[labels == g] == WORKING).sum()), int((state[labels == g] != NOT_INSTALLED).sum()))
        for g in dict.fromkeys(labels)
    }


def why_down(
    state: NDArray[np.uint8],
    power: NDArray[np.float64],
    linked: NDArray[np.bool_],
    groups: Sequence[str],
    needs_link: bool = False,
) -> Mapping[str, Mapping[str, float]]:
    """Site-weeks by group: ``installed``, ``live``, and lost by each cause, that add up to ``installed``.

    ``state``, ``power`` (share of hours) and ``linked`` have the shape (week, site). A week counts under the first
    cause that applies, in the order of ``CAUSES``; power takes its share of the weeks that are left.
    """
    labels = np.array(groups)
    on_its_feet = state == WORKING
    reached = on_its_feet & linked if needs_link else on_its_feet
    parts = {
        "installed": state != NOT_INSTALLED,
        "waiting_for_spare": state == WAITING,
        "in_repair": state == IN_REPAIR,
        "not_linked": on_its_feet & ~reached,
        "no_power": reached * (1.0 - power),
        "live": reached * power,
    }
    return {str(g): {k: float(v[:, labels == g].sum()) for k, v in parts.items()} for g in dict.fromkeys(labels)}
