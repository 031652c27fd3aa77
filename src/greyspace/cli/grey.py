"""`greyspace grey` and `held`: what finished runs came to, as a table, a file and a figure."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from greyspace.cli.keeping import kept
from greyspace.cli.tables import show_frame
from greyspace.cli.words import RESULTS, Csv, Json, Out, several
from greyspace.errors import InputError

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.figure import Figure

    from greyspace.results import Results, Store

Runs = Annotated[
    str, Parameter(help="ids of runs or sets, or the beginning of them [default: all finished runs of the folder]")
]


def grey(
    *runs: Runs,
    by: Annotated[str, Parameter(help="what to tell apart: year, region, province, standing, sex; '' for nothing")] = (
        "year"
    ),
    acts: Annotated[
        str | None, Parameter(help="acts, separated by commas [default: all that are not permitted]")
    ] = None,
    csv: Csv = False,
    json: Json = False,
    out: Out = RESULTS,
) -> None:
    """Show how begun acts ended, in percent of those begun, always by act; and apart from it what was not begun."""
    _one_form(csv, json)
    from greyspace.study import grey as of_grey

    store, found = _chosen(runs, out)
    keys = several(by)
    frame = of_grey.find(found, keys, several(acts) or of_grey.GREY_ACTS)
    if json:
        print(frame.write_json())
        return
    if csv:
        show_frame(frame, as_csv=True)
        return
    figure, _ = of_grey.picture(frame, found, keys)
    _tell_acts(frame, of_grey.span(found).scenarios, keys)
    _keep(store, found, "-".join(["grey", *keys, *several(acts)]), frame, figure)


_SHORT = {"free_unseen": "unseen", "free_recorded": "recorded", "turned_back": "back", "priced_out": "priced"}


def _tell_acts(frame: "pl.DataFrame", scenarios: list[str], keys: list[str]) -> None:
    """A table an act; several scenarios are called by letters, so that it fits a terminal."""
    from greyspace.cli.tables import show, tell_prose

    letters = {name: chr(ord("a") + i) for i, name in enumerate(scenarios)}
    numbers = [name for name in frame.columns if name not in ("act", "scenario", "seeds", *keys)]
    for act in dict.fromkeys(frame["act"]):
        rows = [
            [
                *([letters[row["scenario"]]] * (len(letters) > 1)),
                *(str(row[key]) for key in keys),
                *(None if row[name] is None else round(float(f"{row[name]:.3g}"), 2) for name in numbers),
            ]
            for row in frame.filter(frame["act"] == act).iter_rows(named=True)
        ]
        heads = [*([""] * (len(letters) > 1)), *keys, *(_SHORT.get(name, name) for name in numbers)]
        show(heads, rows, title=act.replace("_", " "))
        print()
    called = "; ".join(f"{letter}: {name}" for name, letter in letters.items())
    tell_prose(
        f"{called}. Begun: acts a year. Unseen, recorded (both free), paid, back (turned back), punished: of 100 acts "
        "begun. Apart, of 100 intents: prevented, chilled (given up out of caution), priced (given up for the price)."
    )


def held(*runs: Runs, csv: Csv = False, json: Json = False, out: Out = RESULTS) -> None:
    """Count persons fined, held, sent to camps and killed a year, and persons held on the average day, by year."""
    _one_form(csv, json)
    import polars as pl

    from greyspace.cli.tables import tell_prose
    from greyspace.study import detained

    store, found = _chosen(runs, out)
    frame = detained.find(found)
    if json:
        print(frame.write_json())
        return
    if csv:
        show_frame(frame, as_csv=True)
        return
    figure, _ = detained.picture(frame, found)
    rows = frame.with_columns(pl.col("year").cast(pl.String), pl.col("punished", "held", "person_days").round(0))
    show_frame(rows.drop("seeds"), as_csv=False)
    print()
    tell_prose("Punished: persons a year. Held: persons held on the average day. Person days: of holds, a year.")
    _keep(store, found, "held", frame, figure)


def _one_form(csv: bool, json: bool) -> None:
    if csv and json:
        raise InputError("--csv and --json exclude each other: give one of them.")


def _chosen(references: tuple[str, ...], out: Path) -> "tuple[Store, list[Results]]":
    """The runs named, those of a set where a set is named; all finished ones where none is."""
    from greyspace.results import Store

    store = Store(out, create=False)
    if not references:
        ids = store.run_ids()
        if not ids:
            raise InputError(f"{out} holds no finished run: 'greyspace run' makes some.")
    else:
        ids = []
        for reference in references:
            sets = [known for known in store.set_ids() if known.startswith(reference)]
            ids += store.open_set(reference).runs if len(sets) == 1 else [store.find(reference)]
    found = [store.open(run_id) for run_id in dict.fromkeys(ids)]
    if not references:
        found.sort(
            key=lambda run: (str(run.meta["scenario"]) != "history", str(run.meta["scenario"]), run.meta["seed"])
        )
    return store, found


def _keep(store: "Store", runs: "list[Results]", stem: str, frame: "pl.DataFrame", figure: "Figure") -> None:
    """Write table and figure into a folder of these runs, and say where they are."""
    from greyspace.results import set_id

    folder = store.root / "tables" / set_id([run.run_id for run in runs])[:8]
    print("\nThe table and a figure are in", *kept(folder, stem, {"": frame}, {"": figure}), sep="\n")
