"""The grey space of finished runs: how begun acts ended, always by act, and apart from it what was not begun."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl
from matplotlib.figure import Figure

from greyspace import __version__
from greyspace.contract import STATES
from greyspace.contract.axes import PUNISHED
from greyspace.country import ACTS, SEXES, STANDINGS
from greyspace.errors import InputError
from greyspace.figures import grey as of_grey
from greyspace.results import Results

BY = ("year", "region", "province", "standing", "sex")
"""What the acts can be told apart by, beside the scenario."""

GREY_ACTS = tuple(act for act in ACTS if act != "journey_with_permit")
"""Acts that are not permitted but ordinary."""

BEGUN, NOT_BEGUN = STATES[PUNISHED:], STATES[:PUNISHED]

MOST_BARS = 48
"""More cases of an act cannot be read in a figure."""


class Span(NamedTuple):
    """What the runs have in common: country, engine, first and last day, and seeds by scenario."""

    country: str
    engine: str
    start: str
    end: str
    seeds: Mapping[str, int]

    @property
    def scenarios(self) -> list[str]:
        """In the order in which the runs were given."""
        return list(self.seeds)


def span(runs: Sequence[Results]) -> Span:
    """What runs have in common. InputError where they are of different countries, engines or times."""
    for what, key in (("countries", "country"), ("engines", "engine"), ("first weeks", "from"), ("last weeks", "to")):
        found = list(dict.fromkeys(str(run.meta[key]) for run in runs))
        if len(found) > 1:
            raise InputError(
                f"these runs are of different {what} ({', '.join(found)}): name runs that agree, "
                "'greyspace runs' lists them."
            )
    seeds: dict[str, int] = {}
    for run in runs:
        name = str(run.meta["scenario"])
        seeds[name] = seeds.get(name, 0) + 1
    one = runs[0].meta
    return Span(str(one["country"]), str(one["engine"]), str(one["from"]), str(one["to"]), seeds)


def find(runs: Sequence[Results], by: Sequence[str], acts: Sequence[str]) -> pl.DataFrame:
    """The grey space by act, scenario and ``by`` (some of :data:`BY`).

    Columns: act, scenario, by..., ``begun`` (acts a year), the five shares of begun acts and the three of intents, in
    percent, and ``seeds``. Runs of one scenario are put together: all their acts count alike. Null where nobody begun,
    or intended, any. InputError for a key or an act that is not there.
    """
    for name in by:
        if name not in BY:
            raise InputError(f"--by {name}: allowed are {', '.join(BY)}.")
    for act in acts:
        if act not in ACTS:
            raise InputError(f"--acts {act}: allowed are {', '.join(ACTS)}.")
    known = span(runs)
    keys = ["act", "scenario", *by]
    frames = []
    for run in runs:
        frame = run.table("series").filter(pl.col("act").is_in(acts)).with_columns(
            pl.lit(str(run.meta["scenario"])).alias("scenario"), pl.col("week").dt.year().alias("year")
        )  # fmt: skip
        province = pl.col("region").str.replace(r"_(urban|rural)$", "").alias("province")
        frame = frame.with_columns(province)
        weeks = frame.group_by("year").agg(pl.col("week").n_unique().alias("weeks"))
        frames.append((frame.group_by(keys).agg(pl.col("intents", *STATES).sum()), weeks))
    summed = pl.concat([frame for frame, _ in frames]).group_by(keys).agg(pl.col("intents", *STATES).sum())
    weeks = frames[0][1]
    lasted = weeks if "year" in by else weeks.select(weeks=pl.col("weeks").sum())
    summed = summed.join(lasted, on="year") if "year" in by else summed.join(lasted, how="cross")
    seeds = pl.DataFrame({"scenario": known.scenarios, "seeds": list(known.seeds.values())})
    begun = pl.sum_horizontal(BEGUN)
    years = pl.col("weeks") * 7.0 / 365.25 * pl.col("seeds")
    told = summed.join(seeds, on="scenario").select(
        *keys,
        (begun / years).alias("begun"),
        *[pl.when(begun > 0).then(100.0 * pl.col(state) / begun).alias(state) for state in reversed(BEGUN)],
        *[
            pl.when(pl.col("intents") > 0).then(100.0 * pl.col(state) / pl.col("intents")).alias(state)
            for state in NOT_BEGUN
        ],
        pl.col("seeds"),
    )
    orders: list[Any] = [_order("act", ACTS), _order("scenario", known.scenarios)]
    orders += [
        _order(name, STANDINGS) if name == "standing" else _order(name, SEXES) if name == "sex" else pl.col(name)
        for name in by
    ]
    # The same case under several scenarios stands side by side.
    return told.sort([orders[0], *orders[2:], orders[1]])


def _order(name: str, names: Sequence[str]) -> pl.Expr:
    return pl.col(name).replace_strict(list(names), range(len(names)), return_dtype=pl.Int64)


def picture(frame: pl.DataFrame, runs: Sequence[Results], by: Sequence[str]) -> tuple[Figure, str]:
    """The grey space as small multiples by act, and its caption. InputError where there are too many cases."""
    known = span(runs)
    compared = len(known.scenarios) > 1
    panels = []
    for act in dict.fromkeys(frame["act"]):
        rows = frame.filter(pl.col("act") == act)
        if rows.height > MOST_BARS:
            raise InputError(
                f"--by {','.join(by)}: {rows.height} cases of an act are too many for a figure (at most {MOST_BARS}); "
                "--csv prints them."
            )
        cells = []
        for row in rows.iter_rows(named=True):
            case = ", ".join(str(row[name]).replace("_", " ") for name in by)
            cells.append(
                of_grey.Bar(
                    case or row["scenario"],
                    row["scenario"] if compared and case else "",
                    row["begun"],
                    tuple(row[state] or 0.0 for state in reversed(BEGUN)),
                    tuple(row[state] or 0.0 for state in NOT_BEGUN),
                )
            )
        panels.append(of_grey.Panel(act.replace("_", " "), tuple(cells)))
    seeds = ", ".join(f"{name} ({n} seed{'s' if n > 1 else ''})" for name, n in known.seeds.items())
    if known.engine == "expected":
        seeds = ", ".join(known.scenarios) + ", by expectation"
    order = f" Under one another: {', '.join(known.scenarios)}." if compared and by else ""
    figure = of_grey.grey(
        panels,
        tuple(reversed(BEGUN)),
        NOT_BEGUN,
        "The grey space: how acts that are not permitted ended",
        f"{known.country}, {known.start} to {known.end}.{order} Left: of 100 acts begun, how many ended how. The "
        "number is of acts begun a year (k thousand, M million, G thousand million). Right, apart: of 100 "
        "intents, how many were not begun; being given up out of caution is an assumption of the model.",
        f"greyspace {__version__}; runs {', '.join(run.run_id[:8] for run in runs[:8])}"
        f"{f' and {len(runs) - 8} more' if len(runs) > 8 else ''}: {seeds}. Invented persons; conditional on a model, "
        "not a measurement. Says nothing of how uncertain it is: 'greyspace compare --scenarios' gives ranges.",
    )
    caption = (
        f"How begun acts ended, by act{''.join(f' and {name}' for name in by)}: {seeds}, {known.country}, "
        f"{known.start} to {known.end}. Apart, what was not begun."
    )
    return figure, caption
