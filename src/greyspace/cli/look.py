"""`greyspace runs`, `show` and `sql`: reading what is in a folder of results."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from greyspace.cli.words import RESULTS, Csv, Json, Out
from greyspace.errors import InputError

if TYPE_CHECKING:
    from greyspace.results import Entry, Results, SetResults, Store, StudyResults
    from greyspace.results.studies import Unfinished


def runs(*, out: Out = RESULTS) -> None:
    """List the runs, sets and studies of a folder of results."""
    from greyspace.cli.tables import show as show_table
    from greyspace.results import Store, catalogue

    store = Store(out, create=False)
    entries = catalogue(store)
    found = [entry for entry in entries if entry.kind == "run"]
    found.sort(key=lambda entry: (str(entry.meta.get("scenario", "")), entry.meta.get("seed", 0), entry.id))
    sets = [entry for entry in entries if entry.kind == "set"]
    studies = [entry for entry in entries if entry.kind == "study"]
    if not entries:
        print(f"{out} holds no runs yet: 'greyspace run' makes some.")
        return
    if found:
        names = ["run", "scenario", "seed", "engine", "scale", "from", "to", "state", "size"]
        show_table([names[0], *names[1:]], [_run_row(store, entry) for entry in found])
    if sets:
        print()
        show_table(["set", "runs", "what"], [_set_row(entry) for entry in sets])
    if studies:
        print("\n" if found or sets else "", end="")
        heads = ["study", "name", "runs", "state", "last written", "size"]
        show_table(heads, [_study_row(store, entry) for entry in studies])
    for entry in entries:
        if entry.state == "corrupt":
            print(f"{entry.kind} {entry.id} is corrupt: {entry.note}", file=sys.stderr)


def _run_row(store: "Store", entry: "Entry") -> list[Any]:
    folder = store.root / "runs" / (".partial" if entry.state == "partial" else "") / entry.id
    told = entry.meta
    return [
        entry.id[:8],
        told.get("scenario", ""),
        told.get("seed"),
        {"individuals": "indiv."}.get(str(told.get("engine", "")), told.get("engine", "")),
        told.get("scale"),
        str(told.get("from", ""))[:7],
        str(told.get("to", ""))[:7],
        entry.state,
        _size(folder),
    ]


def _set_row(entry: "Entry") -> list[Any]:
    made_of = entry.meta.get("runs", ())
    return [entry.id[:8], len(made_of), entry.meta.get("title", "") if entry.state == "complete" else entry.state]


def _study_row(store: "Store", entry: "Entry") -> list[Any]:
    folder = store.root / "studies" / (".partial" if entry.state == "partial" else "") / entry.id
    runs = entry.meta.get("runs")
    done = "" if runs is None else f"{entry.meta.get('done', runs)} of {runs}"
    return [entry.id[:8], entry.meta.get("name", ""), done, entry.state, _last_written(folder), _size(folder)]


def _last_written(folder: Path) -> str:
    """When the newest file of a folder was written, by its own word, in UTC."""
    import datetime as dt

    newest = max((path.stat().st_mtime for path in folder.rglob("*") if path.is_file()), default=None)
    return "" if newest is None else f"{dt.datetime.fromtimestamp(newest, dt.UTC):%Y-%m-%d %H:%M}"


def _size(folder: Path) -> str:
    size = float(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()))
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" or size >= 10 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def show(
    reference: Annotated[str, Parameter(help="id of a run, a set or a study, or the beginning of it")],
    *,
    out: Out = RESULTS,
) -> None:
    """Say what a run, a set or a study is, and what it came to."""
    from greyspace.results import Store

    store = Store(out, create=False)
    begun = {study.study_id: study for study in store.unfinished_studies()}
    runs = [*store.run_ids(), *(run.run_id for run in store.partials())]
    ids = {"run": runs, "set": store.set_ids(), "study": [*store.study_ids(), *begun]}
    found = {what: [name for name in names if reference and name.startswith(reference)] for what, names in ids.items()}
    meant = [what for what, names in found.items() if reference in names] or [what for what in found if found[what]]
    if len(meant) > 1:
        told = " and ".join(f"of a {what} ({found[what][0]})" for what in meant)
        raise InputError(f"'{reference}' is the beginning {told}: give more.")
    if not meant:
        raise InputError(f"no run, set or study is called '{reference}': 'greyspace runs --out {out}' lists them.")
    if meant == ["set"]:
        _show_set(store.open_set(reference), store)
    elif meant == ["study"] and len(found["study"]) == 1 and found["study"][0] in begun:
        _show_begun(begun[found["study"][0]])
    elif meant == ["study"]:
        _show_study(store.open_study(reference))
    else:
        _show_run(store.open(reference))


def _show_run(run: "Results") -> None:
    told = run.meta
    facts = told["facts"]
    settled = facts.get("spin_up", {}).get("settled", True)
    unsolved = facts.get("posts", {}).get("unsolved", 0)
    _facts(
        run=told["run_id"],
        scenario=f"{told['scenario']}: {told.get('scenario_says', {}).get('sentence', '')}",
        country=f"{told['country']} (pack {told['pack_hash'][:8]})",
        weeks=f"{told['from']} to {told['to']}",
        engine=told["engine"] + (f", scale {told['scale']:g}" if told["engine"] == "individuals" else ""),
        seed=told["seed"],
        persons=f"{facts.get('persons_made', 0):.0f} made",
        evidence=", ".join(f"{count} {kind}" for kind, count in told.get("evidence", {}).items()),
        content=told["content_digest"],
        folder=run.folder,
    )
    if not settled:
        print("\nCaution and bribes had not settled before the first week: read the first year with care.")
    if unsolved:
        print(f"\nThe worth of {unsolved} officers' posts (by place, kind and period) was not found: distrust bribes.")
    _show_settings(told)
    _show_totals(run)


def _show_settings(told: Any) -> None:
    """Systems, events and parameters that are not in the run as they are in the pack."""
    says = told.get("scenario_says", {})
    off = [name for name, on in says.get("systems", {}).items() if not on]
    for what, names in (
        ("Without the systems", off),
        ("Without the events", says.get("events", {}).get("remove", ())),
        ("With the events", says.get("events", {}).get("add", ())),
    ):
        if names:
            print(f"\n{what}: {', '.join(names)}")
    changed = {**says.get("parameters", {}), **told.get("settings", {})}
    if not changed:
        print("\nAll parameters are as the pack has them.")
        return
    from greyspace.cli.tables import dated
    from greyspace.cli.tables import show as show_table

    rows = []
    for name in sorted(changed):
        value = told["parameters"].get(name, changed[name])
        by = "--set" if name in told.get("settings", {}) else "scenario"
        rows.append([name, dated(value), _in_pack(told, name), by])
    print()
    show_table(["parameter", "in this run", "in the pack", "set by"], rows)


def _in_pack(told: Any, name: str) -> str:
    """The pack's own value; nothing where the pack has moved on or gone."""
    from greyspace.cli.tables import dated
    from greyspace.country import load_pack

    try:
        pack = load_pack(str(told["country"]))
    except InputError:
        return ""
    if pack.content_hash != told["pack_hash"] or name not in pack.parameters:
        return ""
    parameter = pack.parameters[name]
    return dated(parameter.values if parameter.values else parameter.value)


def _show_totals(run: "Results") -> None:
    import polars as pl

    from greyspace.cli.tables import show as show_table

    if "series" not in run.tables:
        return
    measures = [measure.name for measure in run.tables["series"].measures]
    years = run.table("series").group_by("act", year=pl.col("week").dt.year()).agg(pl.col(measures).sum())
    most = float(max(years[name].max() or 0 for name in measures))  # type: ignore[arg-type]
    unit, word = 1.0, "acts"
    for larger, name in ((1e3, "thousand acts"), (1e6, "million acts")):
        if most >= 100 * larger:
            unit, word = larger, name
    for act in sorted(years["act"].unique()):
        print()
        rows = years.filter(act=act).sort("year").select(pl.col("year").cast(pl.String), pl.col(measures) / unit).rows()
        show_table(
            ["year", *measures],
            [[row[0], *(float(f"{number:.4g}") for number in row[1:])] for row in rows],
            title=f"{act}, {word} a year (of the weeks that were run)",
        )


def _show_set(found: "SetResults", store: "Store") -> None:
    from greyspace.cli.run import answer_of
    from greyspace.cli.tables import tell_prose

    told = found.meta
    _facts(set=told["set_id"], what=told["title"], command=told["command"], folder=found.folder)
    print()
    for run_id in found.runs:
        kept = "" if run_id in store.run_ids() else " (no longer in this folder)"
        print(f"run     {run_id}{kept}")
    for file in found.files:
        print(f"file    {file}")
    print()
    tell_prose(answer_of(found))


def _show_begun(found: "Unfinished") -> None:
    state = "a process is at it" if found.busy else "not finished"
    _facts(study=found.study_id, name=found.name, runs=f"{found.done} of {found.runs}", state=state)
    print(f"\nIt goes on with: {found.command}")


def _show_study(found: "StudyResults") -> None:
    import polars as pl

    from greyspace.cli.study import tell_quantiles

    told = found.meta
    _facts(
        study=told["study_id"],
        what=told["title"],
        command=told["command"],
        runs=told["runs"],
        content=told["content_digest"],
        folder=found.folder,
    )
    print()
    words = dict.fromkeys(("measure", "says", "unit", "scenario", "over"), pl.String)
    rows = pl.read_csv(found.read("quantiles.csv"), schema_overrides=words, infer_schema_length=None)
    tell_quantiles(rows, told["measures"])
    print(f'Its sums can be asked: greyspace sql {told["study_id"][:8]} "select * from columns"')


def _facts(**facts: Any) -> None:
    longest = max(map(len, facts))
    for name, value in facts.items():
        print(f"{name:<{longest}}  {value}")


def sql(
    *words: Annotated[
        str,
        Parameter(
            name="query",
            help="one SELECT over the views series, modes, people, ..., runs, measures; or the id of a study, then one "
            "SELECT over its views yearly, runs, columns",
        ),
    ],
    csv: Csv = False,
    json: Json = False,
    out: Out = RESULTS,
) -> None:
    """Ask one question of all finished runs, or of a study, in DuckDB's SQL.

    'select * from measures' says what there is in runs, 'select * from columns' what there is in a study.
    """
    from greyspace.cli.tables import show_frame
    from greyspace.results import Store, sql_study
    from greyspace.results import sql as ask

    if csv and json:
        raise InputError("--csv and --json exclude each other: give one of them.")
    if not 1 <= len(words) <= 2:
        raise InputError('give one question in quotes, or the id of a study and then one: "select * from runs".')
    store = Store(out, create=False)
    frame = ask(store, words[0]) if len(words) == 1 else sql_study(store, *words)
    if json:
        print(frame.write_json())
    else:
        show_frame(frame, csv)
