"""The two invented provinces, a run of nine years, and gates in both."""

import numpy as np
import pytest

from greyspace.country import Pack, load_pack
from greyspace.infrastructure import Site
from infrastructure.days import day, mondays


@pytest.fixture(scope="session")
def toyland() -> Pack:
    return load_pack("toyland")


@pytest.fixture(scope="session")
def dprk() -> Pack:
    return load_pack("dprk")


@pytest.fixture(scope="session")
def weeks() -> np.ndarray:
    return mondays("2016-01-04", "2024-12-30")


@pytest.fixture(scope="session")
def gates(toyland: Pack) -> list[Site]:
    """Three gates in the capital, five in the other province, from April 2021 on."""
    capital = next(r.province for r in toyland.regions if r.capital)
    sites = []
    for index, region in enumerate(toyland.regions):
        for k in range(3 if region.province == capital else 5):
            first_served = 0 if region.province == capital else 1
            sites.append(Site(f"{region.id} {k}", index, region.province, day("2021-04-12") + 28 * k, first_served))
    return sites


@pytest.fixture(scope="session")
def dprk_gates(dprk: Pack) -> list[Site]:
    """The stations of gates.csv that the pack's numbers say were equipped."""
    towns = {r.province: i for i, r in enumerate(dprk.regions) if r.urban}
    capital = {r.province for r in dprk.regions if r.capital}
    return [
        Site(g.station, towns[g.province], g.province, day(str(g.installed)), 0 if g.province in capital else 1)
        for g in dprk.gates
        if g.rank <= round(float(dprk.parameters[f"station_gates.sites_{g.province}"].value))
    ]
