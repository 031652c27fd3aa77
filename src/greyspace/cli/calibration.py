"""`greyspace calibrate`: where the model agrees with what is told, and which facts clash."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from greyspace.cli.keeping import histories, kept
from greyspace.cli.tables import show_frame
from greyspace.cli.words import RESULTS, Country, Csv, Out, Quiet, Scenario, Sets, Threads, several, unknown, whole
from greyspace.errors import FolderError, InputError

if TYPE_CHECKING:
    from greyspace.study.calibration import Matched

STEM = "calibration"
PACK = "pack"
SCENARIO = "calibrated"

_ROWS = 12
"""Parameters that are printed; the table that is kept has all."""


def calibrate(
    *,
    country: Country = "dprk",
    scenario: Scenario = "history",
    leave_out: Annotated[
        str | None,
        Parameter(name="--without", show_default=False, help="targets that are not fitted, separated by commas"),
    ] = None,
    draws: Annotated[
        int, Parameter(converter=whole(16, 100000), help="histories of a wave, each at another point of all ranges")
    ] = 64,
    waves: Annotated[int, Parameter(converter=whole(1, 20), help="waves; each leaves out what was ruled out")] = 2,
    seed: Annotated[int, Parameter(converter=whole(0, 2**31), help="seed of the first draw; each has its own")] = 1,
    sets: Sets = (),
    csv: Csv = False,
    threads: Threads = 2,
    quiet: Quiet = False,
    out: Out = RESULTS,
) -> None:
    """Look for parameters under which the model agrees with what is told, and say which facts clash.

    The targets stand in the pack's targets.yaml. What agrees is written as a country pack whose draws are those that
    agree, for --country; where too little does, that is said and nothing is written. Histories are kept.
    """
    from greyspace.cli.progress import Screen
    from greyspace.cli.run import named_scenario
    from greyspace.country import load_pack
    from greyspace.evidence import parse_set
    from greyspace.simulate import plan
    from greyspace.study import calibration as study
    from greyspace.study.histories import Kept, missing
    from greyspace.study.targets import load_targets

    pack = load_pack(country)
    targets = load_targets(pack)
    left_out = several(leave_out)
    for name in left_out:
        if name not in targets.targets:
            raise InputError(f"--without {name}: {unknown(name, targets.targets)}")
    fitted = tuple(name for name, t in targets.targets.items() if t.role != "held out" and name not in left_out)
    if not fitted:
        raise InputError("--without: no target is left to be fitted.")
    made = plan(
        pack,
        named_scenario(pack, scenario),
        engine="expected",
        seed=seed,
        start=targets.window.start,
        end=targets.window.end,
        sets=dict(parse_set(word) for word in sets),
    )
    asked = study.Calibration(made, targets, fitted, draws, waves)
    store = Kept(out / STEM)
    with histories(store, "calibration"), Screen(quiet) as screen:
        if not asked.ids:
            raise InputError("there is no uncertain parameter that these histories read; nothing to fit.")
        todo = len(missing(asked.histories(asked.first()), store))
        minutes = (todo + draws * (waves - 1)) * asked.own[2] / threads / 60.0
        screen.note(
            f"{len(fitted)} targets to fit, {len(asked.ids)} uncertain parameters: {todo} histories in the first "
            f"wave, at most {draws * (waves - 1)} after it; about {max(minutes, 1.0):.0f} minutes with {threads} "
            "cores"
        )
        found = study.match(asked, store, threads, screen.tell)
    frame = study.table(found)
    if csv:
        show_frame(frame, as_csv=True)
        return

    from greyspace.cli.tables import tell_prose

    _tell(found)
    tell_prose(study.say(found))
    folder = out / STEM / pack.id
    frames = {
        "": frame,
        "-parameters": study.identified(found),
        "-pairs": study.pairs_table(found),
        "-draws": study.draws_table(found),
    }
    files = kept(folder, STEM, frames, {"": study.picture(found)[0]})
    if found.is_posterior:
        files.append(str(_overlay(found, folder / PACK)))
    print("\nTables and a figure are in", *files, sep="\n")
    if found.is_posterior:
        tell_prose(
            f"The last one is a country pack whose draws are the {len(found.kept)} that agree: --country "
            f"{folder / PACK}. Its scenario '{SCENARIO}' is the one of them that lies in the middle."
        )


def _tell(found: "Matched") -> None:
    from greyspace.cli.tables import show
    from greyspace.study import calibration as study

    rows = [
        [row["target"], row["role"], _three(row["told"]), _three(row["own"]),
         _range(row), row["agree"], row["draws"],
         row["kept_agree"]]
        for row in study.table(found).iter_rows(named=True)
    ]  # fmt: skip
    show(["target", "role", "told", "own", "8 of 10 draws", "agree", "of", "kept"], rows)
    print()
    informed = study.identified(found).filter("informed").head(_ROWS)
    if not informed.is_empty():
        told = [[row["parameter"], round(row["width"], 2), row["in_emulators_of"]] for row in informed.to_dicts()]
        show(["parameter", "width", "informed by"], told, title="What is left of the ranges, against all of them")
        print()


def _three(value: float | None) -> str:
    return "" if value is None else f"{value:,.4g}"


def _range(row: dict[str, Any]) -> str:
    return "" if row["low"] is None else f"{_three(row['low'])} to {_three(row['high'])}"


def _overlay(found: "Matched", folder: Path) -> Path:
    """The pack with the draws that agree, and one of them as a scenario, as a pack of its own."""
    import shutil

    import yaml

    from greyspace.country import POSTERIOR
    from greyspace.study.calibration import middle

    asked = found.asked
    if folder.exists() and not (folder / POSTERIOR).is_file():
        raise FolderError(f"'{folder}' is there and is no calibrated pack; move it away first.")
    head = (
        f"# {len(found.kept)} of {len(found.agrees)} histories that agree with what is told: each is a setting that "
        f"draws take whole.\n# Fitted: {', '.join(asked.fitted)}.\n"
    )
    scenario = {
        "name": "calibrated",
        "sentence": f"Of {len(found.kept)} settings under which the model agrees with what is told, the middle one.",
        "parameters": asked.sets(found.points[middle(found)]),
    }
    try:
        if folder.exists():
            shutil.rmtree(folder)
        shutil.copytree(asked.plan.pack.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))
        settings = {"draws": [asked.sets(found.points[i]) for i in found.kept]}
        (folder / POSTERIOR).write_text(head + yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")
        (folder / "scenarios" / f"{SCENARIO}.yaml").write_text(
            yaml.safe_dump(scenario, sort_keys=False, width=110), encoding="utf-8"
        )
    except OSError as refused:
        raise FolderError(f"'{folder}' cannot be written: {refused.strerror}.") from None
    return folder
