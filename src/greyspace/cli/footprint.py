"""`greyspace footprint`: what was written down of one synthetic person in a month, and what many of them come to."""

import datetime as dt
import json as jsonlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from greyspace.cli.keeping import kept
from greyspace.cli.words import Country, Csv, Json, Quiet, Scenario, Sets, Threads, day, several, whole
from greyspace.errors import InputError

if TYPE_CHECKING:
    import polars as pl

    from greyspace.study.months import Month

_MOST_PERSONS = 20000


def _month(_kind: Any, tokens: Sequence[Any]) -> dt.date:
    """Reads a month written as 2024-05; its first day."""
    name, word = tokens[0].keyword, tokens[0].value
    if not re.fullmatch(r"[12][0-9]{3}-(0[1-9]|1[0-2])", word):
        raise InputError(f"{name} {word}: there is no such month; write it as year-month, 2024-05.")
    return dt.date.fromisoformat(f"{word}-01")


def footprint(
    scenario: Scenario = "history",
    *,
    profile: Annotated[
        str, Parameter(help="role_sex_standing, with _involved for who trades")
    ] = "worker_female_ordinary_involved",
    region: Annotated[str | None, Parameter(help="id of a region [default: the capital's towns]")] = None,
    seed: Annotated[int, Parameter(converter=whole(0, 2**32 - 1), help="another seed is another person")] = 1,
    month: Annotated[dt.date, Parameter(converter=_month, help="the calendar month")] = dt.date(2024, 5, 1),
    country: Country = "dprk",
    complete_register: Annotated[
        bool, Parameter(show_default=False, help="tell of the records as if the register were complete")
    ] = False,
    network: Annotated[
        bool, Parameter(show_default=False, help="tell of the records as if every device were linked")
    ] = False,
    off: Annotated[
        str | None, Parameter(show_default=False, help="systems whose records are left out, separated by commas")
    ] = None,
    panel: Annotated[
        int,
        Parameter(
            converter=whole(0, _MOST_PERSONS),
            help="also follow so many persons of the whole nation: days told again, points that single out",
        ),
    ] = 0,
    draws: Annotated[
        int, Parameter(converter=whole(0, 1000), help="draws of the uncertain numbers for the panel's ranges")
    ] = 0,
    sets: Sets = (),
    start: Annotated[dt.date, Parameter(name="--from", converter=day, help="a day of the history's first week")] = (
        dt.date(2016, 1, 4)
    ),
    out: Annotated[Path, Parameter(name="--out", help="folder for tables and figures")] = Path("results/footprint"),
    threads: Threads = 2,
    quiet: Quiet = False,
    csv: Csv = False,
    json: Json = False,
) -> None:
    """Follow one invented person through a month: what each system wrote down, under what, and what can be joined.

    The person lives by the same odds and draws as everybody in the model. Nobody real can be looked up: there is
    nothing to look in.
    """
    if csv and json:
        raise InputError("--csv and --json exclude each other: give one of them.")
    if draws and not panel:
        raise InputError(f"--draws {draws}: draws are made for a panel; say with --panel of how many persons.")
    from greyspace.cli.run import named_scenario
    from greyspace.country import load_pack
    from greyspace.evidence import parse_set

    pack = load_pack(country)
    chosen = named_scenario(pack, scenario)
    settings = dict(parse_set(word) for word in sets)
    capital = next((each.id for each in pack.regions if each.capital and each.urban), pack.regions[0].id)

    from greyspace.cli.progress import Screen
    from greyspace.study import footprint as of
    from greyspace.study import panel as panels
    from greyspace.study import traces

    left_out = frozenset(several(off))
    of.refuse_unknown(pack, profile, region or capital, left_out)
    try:
        with Screen(quiet) as screen:
            world = of.month(pack, chosen, month, 1, settings, start, screen.tell)
            found = of.person(world, profile, region or capital, seed, left_out)
            followed = None
            if panel:
                job = panels.Job(pack, chosen, month, 1, settings, start, panel, left_out)
                followed = panels.panels(world, job, draws, threads, screen.tell)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("nothing is kept of a footprint that is not finished") from None
    told = of.told(found)
    if csv:
        from greyspace.cli.tables import show_frame

        show_frame(_records(told), as_csv=True)
        return
    figures, captions = {}, {}
    figures[""], captions["footprint"] = traces.timeline(found)
    frames = {"": _records(told)}
    if followed is not None:
        figures["-unicity"], captions["unicity"] = traces.singled_out(world, followed)
        figures["-days"], captions["days"] = traces.told_again(world, followed)
        frames |= {"-unicity": _curves(panels.told(followed)), "-days": _days(panels.told(followed))}
    files = kept(out, f"footprint-{month:%Y-%m}-{found.region}-{profile}-{seed}", frames, figures)
    join = {(False, False): "now", (True, False): "register", (False, True): "network", (True, True): "both"}[
        complete_register, network
    ]
    if json:
        extra = {} if followed is None else {"panel": panels.told(followed)}
        print(jsonlib.dumps(told | extra | {"captions": captions, "files": files}, indent=1, allow_nan=False))
        return
    _tell(world, told, join)
    if followed is not None:
        _tell_panel(panels.told(followed))
    print("The tables and figures are in", *files, sep="\n")


def _records(told: dict[str, Any]) -> "pl.DataFrame":
    import polars as pl

    text = ("day", "place", "system", "kind", "identity", "held_by", "what")
    rows = [
        {key: record[key] for key in text}
        | {"act": None if record["act"] is None else told["acts"][record["act"]]["act"]}
        | {join: join in record["joined"] for join in told["joins"]}
        for record in told["records"]
    ]
    kinds = dict.fromkeys((*text, "act"), pl.String) | dict.fromkeys(told["joins"], pl.Boolean)
    return pl.DataFrame(rows, schema=kinds)


def _curves(told: dict[str, Any]) -> "pl.DataFrame":
    import polars as pl

    rows = []
    for time, places in told["unicity"].items():
        for place, of in places.items():
            for i, points in enumerate(told["points"]):
                spread = of["draws"][i] or (None, None, None)
                rows.append(
                    {"time": time, "place": place, "points": points, "singled_out": of["own"][i]}
                    | {"others": of["others"][i], "luck_low": of["luck_low"][i], "luck_high": of["luck_high"][i]}
                    | dict(zip(("draws_low", "draws_median", "draws_high"), spread, strict=True))
                )
    return pl.DataFrame(rows, infer_schema_length=None)


def _days(told: dict[str, Any]) -> "pl.DataFrame":
    import polars as pl

    rows = [{"by": key, **row} for key, of in told["days"].items() for row in of]
    return pl.DataFrame(rows, infer_schema_length=None)


def _tell(world: "Month", told: dict[str, Any], join: str) -> None:
    from greyspace.cli.tables import show, tell_prose
    from greyspace.study.traces import KIND_WORDS

    person = told["person"]
    trades = "; trades" if person["involved"] else ""
    print(f"An invented person: {person['role']}, {person['sex']}, {person['standing']} standing{trades}")
    print(f"{person['region_name']}, {world.first:%B %Y}, '{told['scenario']}'; seed {told['seed']}")
    print()
    kinds = dict.fromkeys((r["system"], r["kind"]) for r in told["records"])
    rows = []
    for system, kind in kinds:
        mine = [r for r in told["records"] if (r["system"], r["kind"]) == (system, kind)]
        put = sum(join in r["joined"] for r in mine)
        days = len({r["day"] for r in mine})
        rows.append([KIND_WORDS[kind], system.replace("_", " "), mine[0]["identity"], len(mine), days, put])
    if rows:
        show(["record", "of", "kept under", "records", "on days", "put to person"], rows)
    else:
        print("Nothing was written down.")
    print()
    deeds = dict.fromkeys((act["act"], act["state"]) for act in told["acts"])
    count = {deed: sum((act["act"], act["state"]) == deed for act in told["acts"]) for deed in deeds}
    listed = [[*(word.replace("_", " ") for word in deed), count[deed]] for deed in deeds]
    if listed:
        show(["did, or would have", "how it ended", "times"], listed)
        print()
    again = "; ".join(f"{name} {len(of['days'])}" for name, of in told["reconstructed"].items())
    days, last = len(told["days"]), told["unicity"]["others"]["day"]["post"]
    fits = next((f"{x:,.3g}" for x in reversed(last) if x is not None), "the whole nation")
    most = max((k for k, x in zip(told["unicity"]["points"], last, strict=True) if x is not None), default=0)
    tell_prose(
        f"Put to person: {told['joins'][join]}. Of {days} days so many can be told again from records that are put to "
        f"the person: {again}. Knowing {most} random points of the trace (day, region, kind of record) leaves {fits} "
        "others of the nation.\n" + " ".join(told["limits"])
    )
    print()


def _tell_panel(told: dict[str, Any]) -> None:
    from greyspace.cli.tables import show, tell_prose

    rows = [
        [row["group"], row["persons"], *(round(row[join], 1) for join in ("now", "register", "network", "both"))]
        for row in told["days"]["role and where"]
    ]
    show(["who", "persons", "now", "register", "network", "both"], rows, title="Mean days of the month told again")
    print()
    shown = [i for i, k in enumerate(told["points"]) if k in (1, 2, 4, 6, 10)]
    rows = [
        [f"{place}, {time}", *(round(100 * told["unicity"][time][place]["own"][i], 1) for i in shown)]
        for place in ("unit", "post", "region", "nation")
        for time in ("day", "week", "month")
    ]
    heads = ["place and time known", *(str(told["points"][i]) for i in shown)]
    show(heads, rows, title="People singled out from the nation by so many points, %")
    print()
    tell_prose(
        "Post: region and kind of record. Unit: as if records of ordinary days told the neighbourhood, which the model "
        "does not. Real telephone records know cells and hours and single out far more."
    )
    print()
