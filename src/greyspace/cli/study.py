"""`greyspace study`: many runs as one file asks for them, kept as they end, and what they come to."""

import json as jsonlib
import shlex
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from greyspace.cli.words import RESULTS, Json, Out, Quiet, Threads, several
from greyspace.errors import ClusterError

if TYPE_CHECKING:
    import polars as pl

    from greyspace.results.studies import StudyDraft
    from greyspace.study.ensemble import Study
    from greyspace.study.fans import Fans
    from greyspace.study.gauges import Gauge


def study(
    file: Annotated[Path, Parameter(help="YAML file that says which runs")],
    /,
    *,
    measure: Annotated[
        str | None,
        Parameter(help="what is told and drawn, separated by commas [default: as the file says]", show_default=False),
    ] = None,
    threads: Threads = 2,
    scheduler: Annotated[
        str | None,
        Parameter(show_default=False, help="address of a Dask scheduler whose workers live the runs, tcp://host:port"),
    ] = None,
    out: Out = RESULTS,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Live scenarios in seeds and draws of the uncertain parameters, as a file says, and draw what they come to.

    Of each run its sums by year and region are kept, not its weeks.
    """
    from greyspace.study.ensemble import load_study
    from greyspace.study.gauges import named

    asked = [named(name) for name in several(measure)]
    made = load_study(file)
    told = asked or [named(name) for name in made.file.measures]

    from greyspace.cli.progress import Screen
    from greyspace.results import Store
    from greyspace.results.studies import StudyDraft, read_study
    from greyspace.study import fans

    begin = ["greyspace", "study", str(file)]
    words = [*begin, *(["--out", str(out)] if out != RESULTS else [])]
    words += ["--measure", ",".join(gauge.name for gauge in asked)] if asked else []
    words += ["--scheduler", scheduler] if scheduler else []
    again = f"the runs that are finished are kept, and this goes on: {shlex.join(words)}"
    with Screen(quiet) as screen, StudyDraft(Store(out).root, made.id, made.shape, made.told) as draft:
        draft.begin(made.file.name, shlex.join(begin))
        try:
            _live(made, draft, screen, threads, scheduler)
            # What was asked for earlier stays in the folder.
            before = read_study(draft.folder)["measures"] if draft.finished else []
            names = dict.fromkeys([*before, *made.file.measures, *(gauge.name for gauge in told)])
            found = fans.read(made, draft, [named(name) for name in names])
            folder = draft.folder
            if list(names) != before:
                folder = _finish(made, draft, found, file, shlex.join(begin))
        except KeyboardInterrupt:
            raise KeyboardInterrupt(again) from None
        except ClusterError as gone:
            raise ClusterError(f"{gone}; {again}") from gone
        digest = draft.content_digest()
    if json:
        _print_json(found, folder, digest)
    else:
        _tell(found, told, folder)


def _live(made: "Study", draft: "StudyDraft", screen: Any, threads: int, scheduler: str | None) -> None:
    from greyspace.study import ensemble

    missing = draft.missing()
    for sentence in draft.refused:
        screen.note(f"{sentence}.")
    if not missing:
        screen.note(f"{made.runs} runs were lived before and are used again")
        return
    before = f"; {made.runs - len(missing)} were lived before" if len(missing) < made.runs else ""
    cores = min(threads, len(missing))
    one = ensemble.seconds(made, missing[0])
    where = f"at {scheduler}" if scheduler else f"on {cores} core{'s' if cores > 1 else ''}"
    own = 1.0 if scheduler else ensemble.apart(made, missing, threads)
    total = _span(one * own * len(missing) / (1 if scheduler else cores))
    screen.note(
        f"{len(missing)} of {made.runs} runs will be lived {where}{before}; about {one:.1f} s of one core each, "
        f"{total} {'of one core ' if scheduler else ''}in all"
        f"{', since what runs have in common is lived once' if own < 1.0 else ''}"
    )
    screen.tell("runs", 0, len(missing))
    # Closed at once whatever happens, and with it its processes.
    with closing(ensemble.live(made, missing, threads, scheduler)) as ended:
        for done, (number, came) in enumerate(ended, start=1):
            draft.keep(number, came)
            screen.tell("runs", done, len(missing))


def _span(seconds: float) -> str:
    """A time in words.

    >>> _span(40), _span(400), _span(20000)
    ('40 s', '7 min', '5.6 h')
    """
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _finish(made: "Study", draft: "StudyDraft", found: "Fans", file: Path, command: str) -> Path:
    """Tables, figures and the record beside the data set."""
    import datetime as dt

    from greyspace.figures.style import save
    from greyspace.results.crate import describe
    from greyspace.results.files import read_bytes, refusals
    from greyspace.study import ensemble, fans

    source = read_bytes(file)
    draft.write("study.yaml", source)
    draft.write("quantiles.csv", fans.table(found).write_csv())
    draft.write("columns.csv", _columns(made))
    with refusals(draft.folder / "figures"):
        for name, figure in fans.pictures(found).items():
            save(figure, draft.folder / "figures", name)
    about = {
        **ensemble.about(made, file.name),
        "measures": [gauge.name for gauge in found.gauges],
        "title": f"{made.file.name}: {made.pack.title}, {made.file.start} to {made.file.end}",
        "command": command,
    }
    files = [path for path in draft.files() if path.name != "ro-crate-metadata.json" and "pieces" not in path.parts]
    day = dt.datetime.now(dt.UTC).replace(microsecond=0)
    draft.write("ro-crate-metadata.json", describe(draft.folder, files, about, [], day, made.runs, "study.json"))
    return draft.finish(about)


def _columns(made: "Study") -> str:
    import polars as pl

    rows = [column._asdict() for column in made.shape.columns]
    return pl.DataFrame(rows).rename({"over": "divide_by"}).write_csv()


def _tell(found: "Fans", told: "Sequence[Gauge]", folder: Path) -> None:
    from greyspace.study import fans

    tell_quantiles(fans.table(found), [gauge.name for gauge in told])
    print(f"Study {found.study.id} of {found.study.runs} runs is in {folder}")
    print(f"Its sums by run, year and region are in {folder / 'yearly'}, its figures in {folder / 'figures'}")


def tell_quantiles(rows: "pl.DataFrame", measures: "Sequence[str]") -> None:
    """Print a table for each measure, of its last year."""
    from greyspace.cli.tables import show

    last = max(rows["year"].to_list())
    for measure in measures:
        lines = []
        mine = rows.filter((rows["measure"] == measure) & (rows["year"] == last))
        for scenario in mine["scenario"].unique(maintain_order=True):
            of = mine.filter(mine["scenario"] == scenario)
            numbers = [of["own"][0]]
            heads = ["scenario", "own_values"]
            for row in of.filter(of["n"] > 1).iter_rows(named=True):
                luck = row["over"] == "seeds"
                heads += ["seeds_p10", "seeds_p90"] if luck else ["median", "p10", "p90"]
                numbers += [row[q] for q in (() if luck else ("p50",))] + [row["p10"], row["p90"]]
            lines.append([scenario, *(None if n is None else float(f"{n:.4g}") for n in numbers)])
        show(heads, lines, title=f"{mine['says'][0]} ({mine['unit'][0]}), {last}")
        print()


def _print_json(found: "Fans", folder: Path, digest: str) -> None:
    from greyspace.study import fans

    told = {
        "study": found.study.id,
        "name": found.study.file.name,
        "folder": str(folder.resolve()),
        "runs": found.study.runs,
        "content_digest": digest,
        "quantiles": fans.table(found).to_dicts(),
    }
    print(jsonlib.dumps(told, indent=1, ensure_ascii=False, allow_nan=False))
