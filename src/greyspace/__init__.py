"""greyspace: a surveillance state, the limits that hold it back, and the grey space its people still have.

In Python::

    import greyspace as gs

    history = gs.run("history", country="toyland", scale=0.1, start="2019-01-07", end="2019-03-25")
    history.table("series")

Mistakes raise ``greyspace.errors.InputError``; folders that refuse raise ``greyspace.errors.FolderError``.
"""

import datetime as _dt
from collections.abc import Mapping as _Mapping
from collections.abc import Sequence as _Sequence
from pathlib import Path as _Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from greyspace.results import Comparison, Results

__all__ = ["compare", "load", "plot", "run"]
__version__ = "0.1.0"


def run(
    scenario: str = "history",
    *,
    country: str | _Path = "dprk",
    engine: str = "individuals",
    scale: float = 0.004,
    seed: int = 1,
    start: str | _dt.date = "2016-01-04",
    end: str | _dt.date = "2024-12-30",
    sets: "_Mapping[str, float | str | _Mapping[_dt.date, float]] | None" = None,
    out: str | _Path | None = None,
    threads: int = 1,
    gpu: bool = False,
) -> "Results":
    """Run one scenario and give its results; a run that ``out`` already holds is verified and given back.

    scenario: name in the pack, or path of a YAML file. country: name of a pack, or path of its folder.
    engine: ``individuals`` (persons, one by one) or ``expected`` (their mean, whatever the scale).
    scale: share of the population that the individuals stand for, more than 0 and at most 1.
    start, end: days of the first and last week; both weeks are run whole, Monday to Sunday.
    sets: parameters by id, put over the scenario's own: a number, a word, or numbers by the date they hold from.
    out: folder of results, made if need be; None: a temporary one that lives as long as the process.
    gpu: whether the persons live on a CUDA graphics card; the results are the same.

    InputError for anything that cannot be run, FolderError where the folder refuses.

    >>> import greyspace as gs
    >>> weeks = {"start": "2019-01-07", "end": "2019-01-28"}
    >>> history = gs.run("history", country="toyland", engine="expected", **weeks)
    >>> history.table("series").select("week", "region", "act", "intents").shape
    (768, 4)
    >>> gs.run("history", country="toyland", engine="warp", **weeks)
    Traceback (most recent call last):
    greyspace.errors.InputError: --engine warp: there is no such engine (allowed: individuals, expected).
    """
    from greyspace.country import load_pack
    from greyspace.results import Store
    from greyspace.simulate import plan
    from greyspace.simulate import run as live

    pack = load_pack(country)
    made = plan(
        pack,
        pack.scenario(scenario),
        engine=engine,
        seed=seed,
        scale=scale,
        start=_day("start", start),
        end=_day("end", end),
        sets=sets,
    )
    return live(made, Store(_temporary() if out is None else out), threads, gpu=gpu)


def load(reference: str | _Path, out: str | _Path = "results") -> "Results":
    """A finished run, every file verified: by its folder, or by its id (or the beginning of it) in ``out``.

    InputError if there is no such run, FolderError if it was changed on disk.

    >>> import greyspace as gs
    >>> run = gs.run("history", country="toyland", engine="expected", start="2019-01-07", end="2019-01-28")
    >>> gs.load(run.folder).run_id == run.run_id
    True
    """
    from greyspace.results import Store

    folder = _Path(reference)
    if (folder / "run.json").is_file():
        # The folder of a run stands in the folder `runs` of a store.
        store = Store(folder.resolve().parent.parent, create=False)
        return store.open(folder.resolve().name)
    return Store(out, create=False).open(str(reference))


def compare(
    a: "Results",
    b: "Results",
    by: str | _Sequence[str] = ("year",),
    table: str = "series",
    measures: _Sequence[str] | None = None,
) -> "Comparison":
    """Two runs side by side over the time that both cover; see ``greyspace.results.Comparison`` for what comes back.

    by: keys of the table, or ``year``. Flows are summed; levels are summed over people and averaged over time; shares
    are averaged. InputError for a key, measure or table that is not there.

    >>> import greyspace as gs
    >>> weeks = {"country": "toyland", "engine": "expected", "start": "2021-01-04", "end": "2021-01-25"}
    >>> without = gs.compare(gs.run("history", **weeks), gs.run("no-gates", **weeks), by="act", measures=["intents"])
    >>> without.frame.columns
    ['act', 'measure', 'unit', 'a', 'b', 'difference']
    """
    from greyspace.results import compare as compare_runs

    return compare_runs(a, b, [by] if isinstance(by, str) else list(by), table, measures)


def plot(results: "Results", measure: str, by: str | _Sequence[str] = ()) -> "Figure":
    """A measure week by week, one line for each value of the keys in ``by``, as a Matplotlib figure.

    The unit stands at the vertical axis. Flows and levels are summed over all other keys, shares averaged.
    InputError for a measure or key that the run has not.

    >>> import greyspace as gs
    >>> run = gs.run("history", country="toyland", engine="expected", start="2019-01-07", end="2019-01-28")
    >>> [line.get_label() for line in gs.plot(run, "intents", by="sex").axes[0].lines]
    ['female', 'male']
    """
    from greyspace.figures.series import series

    return series(results, measure, [by] if isinstance(by, str) else list(by))


def _day(name: str, given: str | _dt.date) -> _dt.date:
    from greyspace.errors import InputError

    if isinstance(given, _dt.date):
        return given
    try:
        return _dt.datetime.strptime(given, "%Y-%m-%d").date()
    except (TypeError, ValueError):
        raise InputError(f"{name}={given!r}: give a date, or a text such as '2016-01-04'.") from None


_kept: list[object] = []


def _temporary() -> str:
    """One folder for all runs of this process that were given none; it goes when the process ends."""
    import tempfile

    if not _kept:
        _kept.append(tempfile.TemporaryDirectory(prefix="greyspace-"))
    return str(_kept[0].name)  # type: ignore[attr-defined]
