"""`greyspace sensitivity`: what moves one outcome, by screening and shares of variance, and what is known of it."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from greyspace.cli.keeping import histories, kept
from greyspace.cli.tables import show_frame
from greyspace.cli.words import RESULTS, Country, Csv, First, Last, Out, Quiet, Scenario, Sets, Threads, whole
from greyspace.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

STEM = "sensitivity"

_ROWS = 15
"""Parameters that are printed; the table that is kept has all."""


def sensitivity(
    outcome: Annotated[
        str | None, Parameter(help="what is asked about: let_off/all, ends/trade/paid@capital, ...", show_default=False)
    ] = None,
    /,
    *,
    listed: Annotated[bool, Parameter(name="--list", show_default=False, help="list the outcomes there are")] = False,
    country: Country = "dprk",
    scenario: Scenario = "history",
    start: First = dt.date(2023, 7, 3),
    end: Last = dt.date(2023, 9, 25),
    trajectories: Annotated[
        int, Parameter(converter=whole(1, 1000), help="ways through all ranges, each a history a parameter")
    ] = 2,
    samples: Annotated[
        int, Parameter(converter=whole(4, 65536), help="samples for shares of variance, a power of two")
    ] = 32,
    survivors: Annotated[
        int, Parameter(converter=whole(1, 100), help="parameters whose shares of variance are taken, at most")
    ] = 6,
    seed: Annotated[int, Parameter(converter=whole(0, 2**32 - 100), help="seed of the fates of devices")] = 1,
    sets: Sets = (),
    csv: Csv = False,
    threads: Threads = 2,
    quiet: Quiet = False,
    out: Out = RESULTS,
) -> None:
    """Say which uncertain parameters move an outcome, how much is known of them, and what to find out next.

    Every uncertain parameter is moved in turn (Morris); of those that matter most, shares of the variance are taken
    (Sobol). Histories are kept: another outcome of the same time is screened at once.
    """
    from greyspace.study.quantities import FAMILIES, quantity

    if listed or outcome is None:
        _list(FAMILIES)
        return
    if samples & (samples - 1):
        raise InputError(f"--samples {samples}: allowed is a power of two, such as 32 or 64.")
    asked_for = quantity(outcome)

    from greyspace.cli.progress import Screen
    from greyspace.cli.run import named_scenario
    from greyspace.country import load_pack
    from greyspace.evidence import parse_set
    from greyspace.simulate import plan
    from greyspace.study import sensitivity as study
    from greyspace.study.histories import Kept, missing

    pack = load_pack(country)
    settings = dict(parse_set(word) for word in sets)
    made = plan(pack, named_scenario(pack, scenario), engine="expected", seed=seed, start=start, end=end, sets=settings)
    asked = study.Sensitivity(made, asked_for, trajectories, samples, survivors)
    store = Kept(out / STEM)
    with histories(store, "sensitivity"), Screen(quiet) as screen:
        if not asked.ids:
            raise InputError("there is no uncertain parameter that these histories read; nothing to try.")
        todo = len(missing([*asked.luck(), *asked.screening()[1]], store))
        most = asked.count() - asked.trajectories * (len(asked.ids) + 1) - study.LUCKY
        minutes = (todo + most) * asked.own[2] / threads / 60.0
        screen.note(
            f"{len(asked.ids)} uncertain parameters: {todo} histories to screen them and at most {most} for shares "
            f"of variance; about {max(minutes, 1.0):.0f} minutes at most with {threads} cores"
        )
        found = study.find(asked, store, threads, screen.tell)
    frame = study.table(found)
    if csv:
        show_frame(frame, as_csv=True)
        return

    from greyspace.cli.tables import show, tell_prose

    if found.varies:
        rows = [
            [
                row["parameter"],
                row["evidence"],
                round(row["effect_share"], 3),
                None if row["first"] is None else round(row["first"], 2),
                "" if row["total"] is None else f"{row['total']:.2f} ± {row['total_half']:.2f}",
                None if row["worth"] is None else round(row["worth"], 2),
            ]
            for row in frame.head(_ROWS).iter_rows(named=True)
        ]
        show(["parameter", "evidence", "effects", "alone", "total", "worth"], rows)
        print()
    tell_prose(study.say(found))
    folder = out / STEM / pack.id / outcome.replace("/", "-").replace("@", "-")
    figures = {"": study.picture(found)[0]} if found.indices else {}
    print("\nThe table" + (" and the figure are in" if figures else " is in"),
          *kept(folder, STEM, {"": frame}, figures), sep="\n")  # fmt: skip


def _list(families: "Sequence[object]") -> None:
    from greyspace.cli.tables import show, tell_prose
    from greyspace.study.quantities import Family

    rows = []
    for family in families:
        assert isinstance(family, Family)
        words = ["|".join(key[:3]) + ("|..." if len(key) > 3 else "") if key else "..." for key in family.keys]
        name = "/".join([family.name, *words])
        rows.append([f"{name}{'@place' if family.whose else ''}", family.unit, family.description])
    show(["outcome", "unit", "what it is"], rows)
    print()
    tell_prose(
        "One word for each part between strokes, as in ends/trade/paid or let_off/all; @ says whose, as in "
        "ends/trade/paid@capital. A word that is not allowed is answered by those that are."
    )
