"""Who is punished how gravely, from finished runs: fined, held for a short or a long term, in a camp, killed; by year.

A run begins with nobody held. Until the longest hold has passed, those held at a time are fewer than they would be.
"""

from collections.abc import Mapping, Sequence

import polars as pl
from matplotlib.figure import Figure

from greyspace import __version__
from greyspace.engine.week import release_day
from greyspace.figures import detained as of_detained
from greyspace.results import Results
from greyspace.study.grey import span

FINED = "fined"
DAYS = {
    "short": "officers.penalty_days_short",
    "long": "officers.penalty_days_long",
    "camp": "penalties.days_camp",
}
"""How long a hold lasts: the parameter, by class of hold."""

SAYS = {
    FINED: "fined and let go",
    "short": "held for a short term",
    "long": "held for a long term",
    "camp": "sent to a camp",
    "killed": "shot at the border",
}

_YEAR = 365.25


def find(runs: Sequence[Results]) -> pl.DataFrame:
    """By scenario, year and severity: persons ``punished`` a year, ``held`` on the average day, ``person_days`` a year.

    Means over the runs of a scenario. Who is fined is held no day; a class of hold whose length is not told (null) is
    counted but not held. A year of which only some weeks were run is put up to a whole one. InputError for runs that
    do not go together.
    """
    known = span(runs)
    frames = []
    for run in runs:
        given = run.meta["parameters"]
        name = str(run.meta["scenario"])
        frames += [_fined(run, name), *(_of_hold(run, name, hold, given) for hold in _holds(run))]
    means = (
        pl.concat(frames)
        .group_by("scenario", "year", "severity")
        .agg(pl.col("punished", "held").sum(), pl.col("days").max(), pl.col("weeks").max())
    )
    seeds = pl.DataFrame({"scenario": known.scenarios, "seeds": list(known.seeds.values())})
    years = pl.col("weeks") * 7.0 / _YEAR
    found = means.join(seeds, on="scenario").select(
        "scenario",
        "year",
        "severity",
        (pl.col("punished") / pl.col("seeds") / years).alias("punished"),
        (pl.col("held") / pl.col("seeds")).alias("held"),
        (pl.col("held") / pl.col("seeds") * _YEAR).alias("person_days"),
        pl.col("days").alias("days_a_hold"),
        "seeds",
    )
    severities = [FINED, *DAYS, *sorted(set(found["severity"]) - {FINED, *DAYS})]
    order = pl.col("severity").replace_strict(severities, range(len(severities)), return_dtype=pl.Int64)
    first = pl.col("scenario").replace_strict(known.scenarios, range(len(known.scenarios)), return_dtype=pl.Int64)
    return found.sort(first, order, "year")


def _holds(run: Results) -> list[str]:
    return list(run.table("held")["hold"].unique().sort())


def _fined(run: Results, scenario: str) -> pl.DataFrame:
    fined = pl.col("recorded_fined") + pl.col("unrecorded_fined")
    weeks = run.table("places").group_by(year=pl.col("week").dt.year()).agg(weeks=pl.col("week").n_unique())
    found = run.table("contacts").group_by(year=pl.col("period").dt.year()).agg(punished=fined.sum())
    return found.join(weeks, on="year").select(
        pl.lit(scenario).alias("scenario"),
        pl.col("year").cast(pl.Int64),
        pl.lit(FINED).alias("severity"),
        "punished",
        pl.lit(0.0).alias("held"),
        pl.lit(0.0).alias("days"),
        pl.col("weeks").cast(pl.Int64),
    )


def _of_hold(run: Results, scenario: str, hold: str, given: Mapping[str, object]) -> pl.DataFrame:
    new = run.table("held").filter(pl.col("hold") == hold).group_by("week").agg(pl.col("held_new").sum()).sort("week")
    days = given.get(DAYS.get(hold, ""))
    length = float(days) if isinstance(days, int | float) else None
    inside = _inside(new["held_new"].to_list(), length) if length is not None else [0.0] * new.height
    return (
        new.with_columns(pl.Series("inside", inside, dtype=pl.Float64))
        .group_by(year=pl.col("week").dt.year())
        .agg(punished=pl.col("held_new").sum(), held=pl.col("inside").mean(), weeks=pl.col("week").n_unique())
        .select(
            pl.lit(scenario).alias("scenario"),
            pl.col("year").cast(pl.Int64),
            pl.lit(hold).alias("severity"),
            "punished",
            "held",
            pl.lit(length, dtype=pl.Float64).alias("days"),
            pl.col("weeks").cast(pl.Int64),
        )
    )


def _inside(new: Sequence[float], days: float) -> list[float]:
    """Persons held on the average day of each week, when so many come in every week and stay for ``days``.

    They come in alike on all days of the week, and are let go as the engines do it: after a hold of a week or longer,
    on the next Monday.

    >>> [round(7.0 * x, 6) for x in _inside([7.0, 0.0, 0.0, 0.0], 2.0)]
    [11.0, 3.0, 0.0, 0.0]
    """
    free = _free(days)
    share = [
        sum(max(min(end, 7 * week + 7) - max(weekday + 1, 7 * week), 0) for weekday, end in enumerate(free)) / 49.0
        for week in range(max(free) // 7 + 1)
    ]
    return [sum(new[week - k] * share[k] for k in range(min(len(share), week + 1))) for week in range(len(new))]


def _free(days: float) -> list[int]:
    """The first free day, from the Monday before, of a hold brought about on each day of the week.

    >>> _free(2.0), _free(15.0)
    ([3, 4, 5, 6, 7, 8, 9], [21, 21, 21, 21, 21, 21, 28])
    """
    # The engines' own rule; compiled, it can be called by compiled code alone.
    return [release_day.py_func(weekday, weekday, round(days)) for weekday in range(7)]


def picture(frame: pl.DataFrame, runs: Sequence[Results]) -> tuple[Figure, str]:
    """How many are punished a year, and how many are held, by severity; and the caption."""
    known = span(runs)
    panels = []
    for severity in dict.fromkeys(frame["severity"]):
        rows = frame.filter(pl.col("severity") == severity)
        lines = []
        for scenario in known.scenarios:
            own = rows.filter(pl.col("scenario") == scenario)
            lines.append(
                of_detained.Line(scenario, own["year"].to_list(), own["punished"].to_list(), own["held"].to_list())
            )
        days = rows["days_a_hold"].max()
        assert days is None or isinstance(days, float)
        panels.append(of_detained.Panel(SAYS.get(severity, severity.replace("_", " ")), days, tuple(lines)))
    seeds = ", ".join(f"{name} ({n} seed{'s' if n > 1 else ''})" for name, n in known.seeds.items())
    if known.engine == "expected":
        seeds = ", ".join(known.scenarios) + ", by expectation"
    figure = of_detained.detained(
        panels,
        "How gravely people are punished",
        f"{known.country}, {known.start} to {known.end}. Above: persons a year on whom the penalty falls. Below: "
        "persons held on the average day. A run begins with nobody held, so those in camps are too few until the "
        "first are released. Each panel has its own scale.",
        f"greyspace {__version__}; {seeds}. Invented persons; conditional on a model, not a measurement. How long "
        "holds last, and who gets which, is mostly assumed.",
    )
    caption = (
        f"Persons fined, held, sent to camps and killed a year, and persons held on the average day, by class of hold: "
        f"{seeds}, {known.country}, {known.start} to {known.end}."
    )
    return figure, caption
