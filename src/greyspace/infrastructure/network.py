"""Interconnection: which sites can reach a central register."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from greyspace.country import Pack
from greyspace.draws import uniforms
from greyspace.evidence import Parameters
from greyspace.infrastructure.sites import Site, numbers
from greyspace.infrastructure.weeks import by_week, dates


def share(pack: Pack, p: Parameters, weeks: NDArray[np.int64]) -> NDArray[np.float64]:
    """Share of sites that are linked: shape (week, region). A row of the pack's table holds from its date on."""
    days = dates(weeks)
    series: dict[tuple[str, str], list[tuple[date, float]]] = {}
    for row in sorted(pack.network, key=lambda row: row.date):
        series.setdefault((row.province, row.settlement), []).append((row.date, row.linked))
    table = np.zeros((len(weeks), len(pack.regions)))
    for index, region in enumerate(pack.regions):
        for since, linked in series[region.province, region.settlement]:
            table[np.searchsorted(weeks, np.datetime64(since, "D").astype(np.int64)) :, index] = linked
    least = by_week(p, "network.least_linked", days)
    return np.maximum(np.minimum(table * by_week(p, "network.linked_factor", days)[:, None], 1.0), least[:, None])


def links(pack: Pack, p: Parameters, seed: int, weeks: NDArray[np.int64], sites: Sequence[Site]) -> NDArray[np.bool_]:
    """Whether each site is linked in each week: shape (week, site).

    A site keeps one draw for good: as the share of its region grows it is linked at some time, and stays so.
    """
    rank = uniforms(seed, "network link", numbers([s.id for s in sites]))[:, 0]
    return np.asarray(rank < share(pack, p, weeks)[:, [s.region for s in sites]])
