"""Parameters that facts cannot tell apart: how well they agree over a grid of two, and along which ridge alike.

Where one parameter makes up for another, no number of facts of the kind that we have will find both. A profile shows
the valley: at each value of the one, the value of the other that agrees best, and how far the two can go together.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from greyspace import __version__
from greyspace.errors import InputError
from greyspace.evidence.resolve import Setting
from greyspace.figures import maps
from greyspace.figures.style import INK
from greyspace.simulate import plan
from greyspace.study.claims import Window
from greyspace.study.grid import Axis, axis
from greyspace.study.histories import History, Kept, Reader
from greyspace.study.jobs import Tell
from greyspace.study.targets import Target, Targets

Floats = NDArray[np.float64]

WEEKS = 8
"""How long each world is lived: prices are at rest from the beginning."""

SEED = 1

_FLAT = 0.25
"""Misfits no further apart, in tolerances, count as alike."""


@dataclass(frozen=True)
class Profile:
    """A grid over two parameters, x and y as one would write them; at each point the best over a third, where given.

    ``facts``: the targets that agreement is measured by.
    """

    id: str
    says: str
    x: str
    y: str
    points: int
    over: str | None
    over_points: int
    facts: tuple[str, ...]


_OF_BRIBES = ("train_bribe", "call_bribe", "release_bribe", "ever_bribed", "bribes_in_spending")

PROFILES: tuple[Profile, ...] = (
    Profile("risk-turnover", "how often a bribe is found out, and how soon an officer leaves his post anyway",
            "bribery.found_out=0.0003:0.012", "bribery.discount=0.01:0.08", 4, None, 1, _OF_BRIBES),
    Profile("bargaining-means", "what officers get of what a bribe is worth, and what households can raise",
            "bribery.bargaining", "bribery.means_ordinary", 4, "bribery.penalty_journey", 2, _OF_BRIBES),
)  # fmt: skip
"""Those that are drawn."""


@dataclass(frozen=True)
class Ridge:
    """``misfit[y, x]``: root mean square of how many tolerances the facts are off, at the best of the third parameter,
    ``best[y, x]``; NaN where a fact could not be measured.
    """

    targets: Targets
    profile: Profile
    x: Axis
    y: Axis
    over: Axis | None
    misfit: Floats
    best: Floats

    @property
    def path(self) -> Floats:
        """``[x]``: the value of y that agrees best."""
        return np.array(self.y.values)[np.nanargmin(self.misfit, axis=0)]

    @property
    def along(self) -> Floats:
        """``[x]``: the misfit there."""
        return np.asarray(np.nanmin(self.misfit, axis=0))

    @property
    def flat(self) -> NDArray[np.bool_]:
        """``[x]``: where it is as good as at the best point, within a quarter of a tolerance."""
        return np.asarray(self.along <= self.along.min() + _FLAT)


def facts_of(targets: Targets, profile: Profile) -> tuple[Target, ...]:
    """The facts of a profile that a country has."""
    return tuple(targets.targets[name] for name in profile.facts if name in targets.targets)


def _axes(targets: Targets, profile: Profile) -> tuple[Axis, Axis, Axis | None]:
    known = targets.pack.parameters
    x, y = (axis(known, f"--{side}", words, profile.points) for side, words in (("x", profile.x), ("y", profile.y)))
    return x, y, axis(known, "--over", profile.over, profile.over_points) if profile.over else None


def _history(targets: Targets, day: date, sets: dict[str, Setting]) -> History:
    """The first weeks of the window in which bribes are told of, in a world that has always been so."""
    end = day + timedelta(weeks=WEEKS - 1)
    window = Window.model_validate({"says": "the first weeks", "from": day, "to": end})
    scenario = targets.pack.scenario("history")
    made = plan(
        targets.pack, scenario, engine="expected", seed=SEED, start=day, end=end, sets={**scenario.sets(), **sets}
    )
    return History(made, window, ((day, end),))


def find(targets: Targets, kept: Kept, workers: int, tell: Tell) -> list[Ridge]:
    """Live the worlds of all profiles, and measure how well each agrees. InputError where there is no such fact."""
    found = []
    for profile in PROFILES:
        facts = facts_of(targets, profile)
        if not facts:
            raise InputError(f"--profiles: {targets.pack.id} has none of the facts {', '.join(profile.facts)}.")
        x, y, over = _axes(targets, profile)
        day = targets.windows[facts[0].window].start
        points = list(product(y.values, x.values, over.values if over else (None,)))
        worlds = [
            _history(targets, day, {y.key: v, x.key: u, **({over.key: w} if over and w is not None else {})})
            for v, u, w in points
        ]
        lived = Reader(kept, workers, tell).all(worlds, f"profile {profile.id}")
        off = np.full((len(points), len(facts)), np.nan)
        for i, got in enumerate(lived):
            for j, fact in enumerate(facts):
                of = fact.of.of(got.of_span(0))
                if of is not None:
                    off[i, j] = fact.off(of, targets.told(fact))
        rms = np.sqrt((off**2).mean(axis=1)).reshape(len(y.values), len(x.values), -1)
        third = np.array(over.values if over else (np.nan,))
        filled = np.where(np.isnan(rms), np.inf, rms)
        least = filled.min(axis=2)
        found.append(
            Ridge(targets, profile, x, y, over, np.where(np.isinf(least), np.nan, least), third[filled.argmin(axis=2)])
        )
    return found


def told(ridge: Ridge) -> dict[str, Any]:
    """All numbers as plain data, JSON-able; nothing where a fact could not be measured."""

    def rows(of: Floats) -> list[list[float | None]]:
        return [[None if np.isnan(value) else float(value) for value in row] for row in of]

    return {
        "id": ridge.profile.id,
        "says": ridge.profile.says,
        "x": {"key": ridge.x.key, "values": list(ridge.x.values)},
        "y": {"key": ridge.y.key, "values": list(ridge.y.values)},
        "over": None if ridge.over is None else {"key": ridge.over.key, "values": list(ridge.over.values)},
        "facts": [fact.id for fact in facts_of(ridge.targets, ridge.profile)],
        "misfit": rows(ridge.misfit),
        "best_over": None if ridge.over is None else rows(ridge.best),
        "in_words": say(ridge),
    }


def say(ridge: Ridge) -> str:
    """In a sentence or two, how far the parameters can go together."""
    flat = np.flatnonzero(ridge.flat)
    xs, ys = np.array(ridge.x.values)[flat], ridge.path[flat]
    least = float(np.nanmin(ridge.misfit))
    across = float(np.nanmax(ridge.misfit))
    words = (
        f"At the best point the facts are off by {least:.2f} tolerances (root mean square), at the worst by "
        f"{across:.2f}. As well as at the best, within {_FLAT:g}, they agree with {ridge.x.key} from {xs.min():.3g} to "
        f"{xs.max():.3g}, if {_along(ridge.y, ys[xs.argmin()], ys[xs.argmax()])}"
    )
    if ridge.over is not None:
        thirds = [ridge.best[int(np.nanargmin(ridge.misfit[:, i])), i] for i in (flat[xs.argmin()], flat[xs.argmax()])]
        words += f" and {_along(ridge.over, *thirds)}"
    whole = len(flat) == len(ridge.x.values)
    return f"{words}: {'nothing' if whole else 'little'} of {ridge.x.key} can be learnt from them."


def _along(of: Axis, first: float, last: float) -> str:
    """Where a parameter goes; an end of the grid is said to be one, since it would go on there."""
    if first != last:
        return f"{of.key} goes along from {first:.3g} to {last:.3g}"
    end = " (the end of what was tried)" if first in (of.values[0], of.values[-1]) else ""
    return f"{of.key} stays at {first:.3g}{end}"


def picture(ridge: Ridge) -> Figure:
    """The grid as a map of misfit, with the path of best agreement."""
    pack = ridge.targets.pack
    sides = [
        maps.Side(pack.parameters[of.key].description, pack.parameters[of.key].unit, of.key, np.array(of.values),
                  of.ratio)
        for of in (ridge.x, ridge.y)
    ]  # fmt: skip
    values = [pack.parameters[of.key].value for of in (ridge.x, ridge.y)]
    own = tuple(float(value) if isinstance(value, float) else np.nan for value in values)
    third = f", at the best of {ridge.over.key}" if ridge.over else ""
    facts = ", ".join(fact.id for fact in facts_of(ridge.targets, ridge.profile))
    figure = maps.maps(
        [maps.Panel(f"misfit{third}", "tolerances, root mean square; less is better", ridge.misfit)],
        sides[0],
        sides[1],
        (own[0], own[1]),
        f"What cannot be told apart: {ridge.profile.says}",
        f"{pack.title}. The white line is the best value upwards for each value to the right. {say(ridge)}",
        f"greyspace {__version__}, country pack {pack.id} ({pack.content_hash[:8]}): "
        f"{'an invented country' if pack.stylised else 'invented persons; conditional on a model, not a measurement'}. "
        f"Each point is a world that has settled, lived for {WEEKS} weeks by expectation. Facts: {facts}.",
    )
    across = sides[0].places
    up = np.array([sides[1].place(float(value)) for value in ridge.path])
    (line,) = figure.axes[0].plot(across, up, color="white", linewidth=2.2, zorder=5, clip_on=False)
    line.set_path_effects([withStroke(linewidth=4.0, foreground=INK)])
    assert isinstance(line, Line2D)
    return figure
