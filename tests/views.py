"""What systems may read, made without a world: for tests of one system at a time."""

from datetime import date
from functools import cache

import numpy as np

from given import allowed, country
from greyspace.contract import FOUND
from greyspace.country import Pack
from greyspace.evidence import resolve
from greyspace.infrastructure import USES, Infrastructure, paths
from greyspace.simulate import mondays
from greyspace.systems import GROUPS, System, View

DARK, LIT = 0, 1
ANYONE = GROUPS.index("anyone")
_WEEKS = 4


@cache
def _surroundings(name: str, day: date, hours: float | None) -> Infrastructure:
    pack = country(name)
    sets = {} if hours is None else {"power.least_hours": hours, "power.hours_factor": 0.0}
    first = day.toordinal() - day.weekday()
    weeks = mondays(day, date.fromordinal(first + 7 * (_WEEKS - 1)))
    return paths(pack, resolve(pack.parameters, sets), 1, weeks, ())


def seen(
    pack: Pack,
    sets: dict[str, float | str] | None = None,
    day: date = date(2023, 1, 2),
    hours: float | None = None,
    published: dict | None = None,
) -> View:
    """Four weeks of a country from a day on; ``hours`` a day of electricity for all, if not as history has it."""
    p = resolve(pack.parameters, sets or {})
    around = _surroundings(pack.id, day, hours)
    return View(
        country=pack,
        p=p,
        day=day,
        first=0,
        last=_WEEKS,
        infrastructure=around,
        masked=np.zeros(len(pack.regions)),
        supply=around.power.over(0, _WEEKS),
        published=published or {},
    )


def found(table, *names, recorded=None):
    """Chance of these findings together; recorded, not recorded, or either."""
    of = [
        i
        for i, (seen, finding) in enumerate(name.split("_", 1) for name in FOUND)
        if finding in names and recorded in (None, seen == "recorded")
    ]
    return table[..., of].sum(axis=-1)


def holds_together(system: System, view: View) -> None:
    """At every contact exactly one thing is found; shares are shares; records are no fewer than none."""
    assert set(system.odds(view)) == set(system.met(view)) == {contact.name for contact in system.CONTACTS}
    for name, table in system.odds(view).items():
        assert table.shape == view.empty().shape, name
        assert (table >= 0).all(), name
        assert np.allclose(table.sum(axis=-1), 1.0, atol=1e-12), name
    for name, share in system.met(view).items():
        assert share.shape == (view.places,), name
        assert ((share >= 0) & (share <= 1)).all(), name
    for kind, records in system.routine(view).items():
        assert records.shape == (view.places,), kind
        assert (np.isfinite(records) & (records >= 0)).all(), kind
    for whom, share in system.coverage(view).items():
        assert share.shape == (view.places,), whom
        some = np.isfinite(share)
        assert some.any(), whom
        assert ((share[some] >= 0) & (share[some] <= 1)).all(), whom


def anything(name: str, number: int, day: date) -> View:
    """A country under settings that nobody chose, on a day."""
    sets = {key: value for key, value in allowed(country(name), number).items() if not key.startswith("power.")}
    return seen(country(name), sets, day)


def at(view: View, *regions: str) -> list[int]:
    """The places of regions by id."""
    ids = [region.id for region in view.country.regions]
    return [ids.index(region) for region in regions]


def border(view: View) -> np.ndarray:
    """``[place]``: whether it borders China."""
    return np.array([region.borders_china for region in view.country.regions])


def supplied(view: View, use: str) -> np.ndarray:
    """``[place]``: share of hours with supply."""
    return view.supplied(USES.index(use))
