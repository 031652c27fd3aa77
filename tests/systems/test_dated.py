"""A scenario may date any number that systems go by: until that date nothing is other, from then on it holds."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from given import country, with_gates_live, world
from greyspace.country import ACTS
from greyspace.evidence import Parameters, resolve
from greyspace.simulate import World
from greyspace.simulate.world import Period, day_of
from greyspace.systems import RECORD_KINDS

SINCE = date(2025, 1, 6)
OF_THE_WHOLE_RUN = ("population.least_households", "population.most_households", "enforcer_cameras.at_gates")
"""How people live together and what cameras are turned on is settled when a run begins."""

NOTHING_TO_CHANGE = (
    *("phones.owned_other", "plate_cameras.share_of_trips_seen_elsewhere", "plate_cameras.bad_weather_summer"),
)
"""In Toyland: it has no towns but its capital, and the rest of it lies on the border. In January there is no summer."""


def told(made: World, p: Parameters, period: Period) -> dict[tuple[str, str], np.ndarray]:
    """All that systems say in a period where acts have left records, under some parameters."""
    made.p, made._viewed, made._unchanged = p, None, {}
    view = made.view(period)
    begun = np.full((view.places, len(ACTS)), 1000.0)
    some, half = np.full((*begun.shape, len(RECORD_KINDS)), 10.0), np.full(view.places, 0.5)
    view = replace(view, begun=begun, free=begun, recorded=some, knows_phone_and_money=half, knows_register=half)
    found = {("publish", name): array for name, array in view.published.items()}
    for system in made.systems:
        for what in ("met", "odds", "routine", "coverage"):
            found |= {(f"{system.NAME}.{what}", name): array for name, array in getattr(system, what)(view).items()}
    return found


def same(a: dict[tuple[str, str], np.ndarray], b: dict[tuple[str, str], np.ndarray]) -> bool:
    return all(np.array_equal(a[name], b[name], equal_nan=True) for name in a)


@pytest.fixture(scope="module")
def made() -> World:
    return world(with_gates_live(country("toyland")), start=date(2024, 12, 2), end=date(2025, 3, 3))


def test_each_number_that_systems_go_by_can_change_on_a_date_and_acts_from_then_on(made):
    pack = made.pack
    before, after = made.periods[0], next(each for each in made.periods if day_of(each.monday) == SINCE)
    plain = resolve(pack.parameters)
    usual, later = told(made, plain, before), told(made, plain, after)
    read = [key for key in sorted(plain.used) if pack.parameters[key].range and key not in OF_THE_WHOLE_RUN]
    assert len(read) > 100
    idle = set(read)
    for key in read:
        for other in pack.parameters[key].range:
            dated = resolve(pack.parameters, {key: {SINCE: other}})
            assert same(told(made, dated, before), usual), key
            found = told(made, dated, after)
            assert same(found, told(made, resolve(pack.parameters, {key: other}), after)), key
            if not same(found, later):
                idle.discard(key)
    assert {key for key in idle if not key.endswith(("_urban", "_masked"))} <= set(NOTHING_TO_CHANGE)
