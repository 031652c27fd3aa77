"""`greyspace compare`: two runs side by side, or scenarios with the ranges of what they change."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from greyspace.cli.keeping import kept
from greyspace.cli.words import RESULTS, Country, Csv, Json, Out, Quiet, Threads, day, several, share, whole
from greyspace.errors import InputError

if TYPE_CHECKING:
    from greyspace.results import Comparison, Results

STEM = "comparison"


def compare(
    a: Annotated[str | None, Parameter(help="id of a run, or the beginning of it", show_default=False)] = None,
    b: Annotated[str | None, Parameter(help="id of the run to put beside it", show_default=False)] = None,
    /,
    *,
    by: Annotated[str, Parameter(help="of runs: keys to compare by, separated by commas; '' for the whole")] = "year",
    table: Annotated[str, Parameter(help="of runs: table to compare")] = "series",
    measures: Annotated[
        str | None, Parameter(help="of runs: measures to compare, separated by commas [default: all]")
    ] = None,
    scenarios: Annotated[
        str | None,
        Parameter(help="scenarios to run and to hold against the first, separated by commas, in place of two runs"),
    ] = None,
    country: Country = "dprk",
    since: Annotated[
        dt.date, Parameter(converter=day, help="of scenarios: the day from which acts are counted")
    ] = dt.date(2025, 1, 6),
    start: Annotated[
        dt.date, Parameter(name="--from", converter=day, help="of scenarios: a day of the first week")
    ] = dt.date(2016, 1, 4),
    end: Annotated[
        dt.date, Parameter(name="--to", converter=day, help="of scenarios: a day of the last week")
    ] = dt.date(2034, 12, 25),
    scale: Annotated[
        float, Parameter(converter=share, help="of scenarios: share of the population that individuals stand for")
    ] = 0.004,
    seeds: Annotated[int, Parameter(converter=whole(1, 1000), help="of scenarios: runs of each, seeds 1, 2, ...")] = 3,
    draws: Annotated[
        int, Parameter(converter=whole(0, 10000), help="of scenarios: draws of all uncertain parameters")
    ] = 16,
    sets: Annotated[
        tuple[str, ...], Parameter(name="--set", show_default=False, help="of scenarios: id=value for a parameter")
    ] = (),
    csv: Csv = False,
    json: Json = False,
    threads: Threads = 2,
    quiet: Quiet = False,
    out: Out = RESULTS,
) -> None:
    """Put two runs side by side over the time that both cover, or run scenarios and hold them against the first."""
    if csv and json:
        raise InputError("--csv and --json exclude each other: give one of them.")
    if scenarios is None:
        if a is None or b is None:
            raise InputError("give two runs (greyspace compare 5f3a 9c1e), or --scenarios history,full-power.")
        _runs(a, b, several(by), table, several(measures), csv, json, out)
        return
    if a is not None:
        raise InputError("runs and --scenarios exclude each other: give two runs, or scenarios.")
    _scenarios(
        several(scenarios),
        country,
        {"start": start, "end": end, "scale": scale},
        range(1, seeds + 1),
        (since, draws),
        sets,
        (csv, json, quiet),
        threads,
        out,
    )


def _runs(a: str, b: str, by: list[str], table: str, measures: list[str], csv: bool, json: bool, out: Path) -> None:
    from greyspace.cli.tables import dated, show, show_frame
    from greyspace.results import Store
    from greyspace.results import compare as compare_runs

    store = Store(out, create=False)
    one, other = store.open(a), store.open(b)
    found = compare_runs(one, other, by, table, measures or None)
    if json:
        print(found.frame.write_json())
        return
    if csv:
        show_frame(found.frame, as_csv=True)
        return
    for letter, run in (("a", one), ("b", other)):
        print(f"{letter}: run {run.run_id}, {run.meta['scenario']}, seed {run.meta['seed']}, {run.meta['engine']}")
    if found.first is not None:
        parts = f"they part in the week of {found.parts}" if found.parts else "no value differs"
        print(f"{found.first} to {found.last}; {parts}")
    if found.changed:
        print()
        rows = [[name, *(_short(dated(value)) for value in values)] for name, values in found.changed.items()]
        show(["given differently", "a", "b"], rows)
    print()
    show_frame(found.frame, as_csv=False)
    print()
    print("The table and, of all acts in this time, a figure are in", *_kept(found, one, other, out), sep="\n")


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def _kept(found: "Comparison", a: "Results", b: "Results", out: Path) -> list[str]:
    """Write the table and the figure into a folder of their own; their paths."""
    from greyspace.figures.compare import of_runs

    folder = out / "comparisons" / f"{a.run_id[:8]}-{b.run_id[:8]}"
    return kept(folder, STEM, {"": found.frame}, {"": of_runs(a, b)})


def _scenarios(
    names: list[str],
    country: str,
    span: dict[str, Any],
    seeds: range,
    counted: tuple[dt.date, int],
    sets: tuple[str, ...],
    told: tuple[bool, bool, bool],
    threads: int,
    out: Path,
) -> None:
    from greyspace.cli.run import command, finish_set, lived, named_scenario, print_json
    from greyspace.country import load_pack
    from greyspace.evidence import parse_set

    pack = load_pack(country)
    chosen = [named_scenario(pack, name) for name in dict.fromkeys(names)]
    if len(chosen) < 2:
        raise InputError(f"--scenarios {','.join(names)}: give two or more, the one to hold the others against first.")
    settings = dict(parse_set(word) for word in sets)
    (since, draws), (csv, json, quiet) = counted, told
    if not span["start"] <= since <= span["end"]:
        raise InputError(f"--since {since}: allowed is a day from {span['start']} to {span['end']} (--from and --to).")

    from greyspace.cli.progress import Screen
    from greyspace.cli.tables import tell_prose
    from greyspace.results import Store
    from greyspace.simulate import plan

    plans = [plan(pack, scenario, seed=seed, sets=settings, **span) for scenario in chosen for seed in seeds]
    again = command(["compare", "--since", str(since)], plans, sets, draws)
    with Screen(quiet) as screen:
        store = Store(out)
        runs = lived(plans, store, threads, screen)
        found, text = finish_set(store, plans, runs, draws, threads, screen.tell, again, since)
    if json:
        print_json(found, runs)
    elif csv:
        print((found.folder / "comparison.csv").read_text(encoding="utf-8"), end="")
    else:
        tell_prose(text)
        print()
        print(f"The whole table (comparison.csv) and the figures are in {found.folder}")
