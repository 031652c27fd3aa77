"""`greyspace validate`: laws, limits and facts that the model is held against, and wrong models that they reject."""

import json as jsonlib
from typing import Annotated

from cyclopts import Parameter

from greyspace.cli.keeping import histories
from greyspace.cli.words import RESULTS, Country, Json, Out, Quiet, Threads
from greyspace.errors import InputError

STEM = "validation"


def validate(
    *,
    mutants: Annotated[
        bool, Parameter(negative=(), show_default=False, help="hold wrong models against the same, too")
    ] = False,
    profiles: Annotated[
        bool,
        Parameter(negative=(), show_default=False, help="draw along which ridges parameters cannot be told apart"),
    ] = False,
    country: Country = "dprk",
    threads: Threads = 2,
    out: Out = RESULTS,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Hold the model against laws, limits and facts, and say where it fails.

    By expectation, at the pack's own values; a minute or two, with --mutants a quarter of an hour. Histories are kept
    and used again.
    """
    from greyspace.country import load_pack
    from greyspace.study.mutants import MUTANTS
    from greyspace.study.patterns import load_patterns
    from greyspace.study.targets import load_targets, read_targets

    pack = load_pack(country)
    patterns = load_patterns(pack)
    targets = load_targets(pack) if read_targets(pack) != (None, []) else None

    from greyspace.cli.keeping import kept as keep
    from greyspace.cli.progress import Screen
    from greyspace.cli.tables import show, tell_prose
    from greyspace.results.files import make_folder, write_json
    from greyspace.study import profiles as of_profiles
    from greyspace.study import validation
    from greyspace.study.histories import Kept

    if profiles and targets is None:
        raise InputError(f"--profiles: the pack {pack.id} has no facts to hold parameters against (targets.yaml).")
    kept = Kept(out / STEM)
    trial = validation.Trial(pack, patterns, targets, MUTANTS if mutants else ())
    with Screen(quiet) as screen:
        needed, left = len(trial.histories()), validation.todo(trial, kept)
        screen.note(f"{len(trial.models)} models, {needed} histories, {left} of them to be lived")
        with histories(kept, "validation"):
            found = validation.find(trial, kept, threads, screen.tell)
            ridges = []
            if profiles and targets is not None:
                ridges = of_profiles.find(targets, kept, threads, screen.tell)
    if ridges:
        found["profiles"] = [of_profiles.told(ridge) for ridge in ridges]
    folder = out / STEM / pack.id
    make_folder(folder)
    write_json(folder / "validation.json", found)
    frames = {"": validation.table(found), **({"-mutants": validation.matrix(found)} if mutants else {})}
    drawn = validation.pictures(found) | {f"-{ridge.profile.id}": of_profiles.picture(ridge) for ridge in ridges}
    files = [str(folder / "validation.json"), *keep(folder, STEM, frames, drawn)]
    if json:
        print(jsonlib.dumps(found, indent=1, ensure_ascii=False, allow_nan=False))
        return
    words = {True: "holds", False: "fails", None: "not measured"}
    show(
        ["mark", "kind", "", "found", "wanted"],
        [[m["id"], m["kind"], words[m["holds"]], m["found"], m["wanted"]] for m in found["marks"]],
    )
    print()
    if mutants:
        show(
            ["wrong model", "rejected by", "breaks", "keeps instead"],
            [
                [m["id"], m["rejected_by"], ", ".join(m["breaks"]), ", ".join(m["keeps_instead"])]
                for m in found["mutants"]
            ],
        )
        print()
    tell_prose(validation.say(found))
    for ridge in ridges:
        print()
        tell_prose(of_profiles.say(ridge))
    print("\nTables and figures are in", *files, sep="\n")
