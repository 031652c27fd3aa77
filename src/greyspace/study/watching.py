"""How closely officers are watched against what they are paid, with demands from above and without.

Each point is a stationary state of the whole loop, by expectation: officers, travellers who may stay at home, caution,
innocent people held up. Cameras are live at every encounter of officers, and officers have learnt where they do not
see.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from greyspace import __version__
from greyspace.country import Pack
from greyspace.errors import InputError
from greyspace.evidence import Parameters
from greyspace.evidence.resolve import Setting
from greyspace.figures import posts as of_posts
from greyspace.institutions import post_of
from greyspace.simulate import plan
from greyspace.study.grid import Row, put
from greyspace.study.jobs import Tell, lived
from greyspace.study.officers import OF_OFFICERS
from greyspace.study.posts import assumed

Floats = NDArray[np.float64]

REVIEWED = np.logspace(-4.0, np.log10(0.5), 7)
PAY = np.logspace(0.0, 2.5, 7)

_SETTLED = 1e-3
"""Shares may still change by so much a step: less than the figure shows."""

_PLACES = ("station", "train", "road", "market", "office", "border", "factor")

_EVERYWHERE = {
    **{f"enforcer_cameras.covered_{place}": 1.0 for place in _PLACES},
    "enforcer_cameras.live_share": 1.0,
}


@dataclass(frozen=True)
class Grid:
    """``values[measure]`` are ``[demand, pay, reviewed]``, the measures of :data:`OF_OFFICERS`; NaN: nobody to ask."""

    day: date
    reviewed: Floats  # [reviewed] chance that a bribe before a camera is seen and followed up
    pay: Floats  # [pay] times the pay of the day; rations stay
    wage: Floats  # [pay] kg a month, pay and rations
    demand: Floats  # [demand] kg a month
    values: Mapping[str, Floats]
    settled: NDArray[np.bool_]  # [demand, pay, reviewed]

    @property
    def unsettled(self) -> int:
        """How many points did not come to rest; their values are not to be read."""
        return int((~self.settled).sum())


def grid(
    pack: Pack,
    sets: Mapping[str, Setting],
    day: date,
    workers: int,
    tell: Tell,
    reviewed: Sequence[float] | Floats = REVIEWED,
    pay: Sequence[float] | Floats = PAY,
) -> Grid:
    """The grid under a pack with settings, in the weeks from ``day`` on.

    ``reviewed`` in [0, 0.9] takes the place of ``bribery.reviewed``, ``pay`` of ``bribery.wage_factor``; demands are
    those of the pack, and none, with no share of bribes handed up either. InputError for settings that cannot be, and
    for a day that the pack does not cover.
    """
    years, lasts = [row.year for row in pack.projection], timedelta(weeks=3)
    earliest, latest = date(min(years), 1, 7), date(max(years), 12, 31) - lasts
    if not earliest <= day <= latest:
        raise InputError(f"--date {day}: the pack {pack.id} covers {earliest} to {latest}.")
    base = plan(
        pack,
        pack.scenario("history"),
        engine="expected",
        start=day,
        end=day + lasts,
        sets={**sets, **_EVERYWHERE},
    )
    none = {"bribery.demand": 0.0, "bribery.handed_up": 0.0}
    posts = [post_of(put(base, {"bribery.wage_factor": times}).p, day) for times in map(float, pay)]
    rows = [
        Row(
            put(base, {"bribery.wage_factor": times, **demand}),
            "bribery.reviewed",
            tuple(map(float, reviewed)),
            _SETTLED,
        )
        for demand in ({}, none)
        for times in map(float, pay)
    ]
    found = lived(rows, workers, "watching and pay", tell)
    shape = (2, len(pay), len(reviewed))
    eras = [totals.era for row in found for totals, _ in row]
    values = {
        name: np.array([np.nan if (x := of(era)) is None else x for era in eras]).reshape(shape)
        for name, of in OF_OFFICERS.items()
    }
    return Grid(
        day=day,
        reviewed=np.asarray(reviewed, dtype=float),
        pay=np.asarray(pay, dtype=float),
        wage=np.array([float(post.wage) for post in posts]),
        demand=np.array([float(posts[0].demand), 0.0]),
        values=values,
        settled=np.array([settled for row in found for _, settled in row]).reshape(shape),
    )


def told(found: Grid) -> dict[str, Any]:
    """The grid as plain data, JSON-able."""
    return {
        **{name: getattr(found, name).tolist() for name in ("reviewed", "pay", "wage", "demand")},
        "axes": ["demand", "pay", "reviewed"],
        **{name: _plain(values) for name, values in found.values.items()},
        "settled": found.settled.tolist(),
        "unsettled": found.unsettled,
    }


def _plain(values: Floats) -> Any:
    plain = values.astype(object)
    plain[np.isnan(values)] = None
    return plain.tolist()


_FEW = 10.0
"""Where of a thousand caught fewer than these are let off, prices are those of hardly anybody, and are not drawn."""

_TIMES = (1, 3, 10, 30, 100, 300)
_CHANCES = ("0.01%", "0.1%", "1%", "10%")


def picture(pack: Pack, p: Parameters, found: Grid) -> tuple[Figure, str]:
    """The grid as a figure, and its caption."""
    values = found.values

    def settled(name: str, times: float = 1.0) -> Floats:
        return np.where(found.settled, times * values[name], np.nan)

    surfaces = [
        of_posts.Surface(
            "Let off for a bribe",
            "share of those caught, %",
            settled("let_off_caught", 0.1),
            (1, 5, 10, 20, 40, 60, 80, 90),
            "{:g}%",
            of_some=False,
        ),
        of_posts.Surface(
            "Mean price of a bribe", "kg of rice", settled("price"), (3, 4, 5, 6, 8, 10, 15, 20, 30), "{:g} kg"
        ),
        of_posts.Surface(
            "Asked of the same household",
            "kg of rice, unwatched",
            settled("fixed_price"),
            (2, 3, 4, 5, 7, 10, 15, 20, 30),
            "{:g} kg",
        ),
        of_posts.Surface(
            "What officers keep",
            "share of all that is paid, %",
            settled("received_officers", 100.0),
            (0, 10, 20, 30, 40, 50, 60, 70, 80, 90),
            "{:g}%",
        ),
        of_posts.Surface(
            "Innocent people held up",
            "per 1,000 journeys with a permit",
            settled("held_up"),
            (0.5, 1, 2, 3, 5, 10, 30, 100),
            "{:g}",
            of_some=False,
        ),
    ]
    demand = f"{found.demand[0]:g} kg of rice a month"
    what = "an invented country" if pack.stylised else "invented persons; conditional on a model, not a measurement"
    unsettled = f" {found.unsettled} of {found.settled.size} points did not come to rest and are left empty."
    figure = of_posts.grid(
        surfaces,
        [f"Demands as given: {demand}", "No demands from above"],
        of_posts.Axis(
            found.pay, "pay, times that of the day", (1, 3, 10, 30, 100, 300), ("1", "3", "10", "30", "100", "300")
        ),
        of_posts.Axis(found.reviewed, "chance that a bribe is seen and reported", (1e-4, 1e-3, 1e-2, 0.1), _CHANCES),
        (p.number("bribery.reviewed", found.day), p.number("bribery.wage_factor", found.day), "the values given"),
        (settled("let_off_caught") - _FEW, "fewer than 1 in 100 let off"),
        "Where bribery goes when officers are watched, and paid",
        f"{pack.title}, {found.day:%Y}. Live cameras at every encounter of an officer, who has learnt where they do "
        "not see; travellers stay at home when bribes cost more than the journey is worth. Pay of 1 is that of the "
        f"day, {found.wage[0]:.3g} kg of rice a month with rations. Upwards: paid more. To the right: watched more "
        "closely.",
        f"greyspace {__version__}, country pack {pack.id} ({pack.content_hash[:8]}): {what}. {assumed(pack)} Each "
        f"point is a stationary state of the expectation.{unsettled if found.unsettled else ''}",
    )
    caption = (
        f"Officers in {pack.title} by the chance that a bribe before a camera is followed up and by pay, with demands "
        f"from above of {demand} and a share of each bribe (above) and without either (below). From left to right: "
        "share let off of those caught on a journey without a permit; mean price over those let off; what one and the "
        "same ordinary household is asked where nobody watches; what officers keep of all that is paid, after "
        "superiors, bought watchers, go-betweens and confiscation, less than nothing where they pay superiors out of "
        "their wages; innocent people made to pay. Each point is where the whole model, with travellers who answer to "
        "prices, comes to rest."
    )
    return figure, caption
