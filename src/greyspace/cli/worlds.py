"""`greyspace map`, `attribute` and `signposts`: worlds lived by expectation, and what they say together."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from cyclopts import Parameter

from greyspace.cli.keeping import kept
from greyspace.cli.tables import show_frame
from greyspace.cli.words import (
    RESULTS,
    Country,
    Csv,
    First,
    Last,
    Out,
    Quiet,
    Sets,
    Threads,
    day,
    several,
    unknown,
    whole,
)
from greyspace.errors import InputError

if TYPE_CHECKING:
    import polars as pl

    from greyspace.country import Pack
    from greyspace.simulate import Plan
    from greyspace.study.grid import Map
    from greyspace.study.jobs import Tell
    from greyspace.study.lives import Lives

Found = TypeVar("Found")

SHELF = "lives"
"""The folder of results where lives are kept that were lived by expectation."""

_NOTHING_KEPT = "nothing is kept of what is not finished"
_GO_ON = "the lives that are finished are kept: the same command goes on with the others"


def chart(
    name: Annotated[str | None, Parameter(help="a map that is ready; none: list them", show_default=False)] = None,
    /,
    *,
    x: Annotated[
        str | None, Parameter(help="parameter along the side: id, id=low:high, or id=a,b,c", show_default=False)
    ] = None,
    y: Annotated[str | None, Parameter(help="parameter upwards, as --x", show_default=False)] = None,
    measure: Annotated[
        str | None, Parameter(help="what is measured: held_up, leads, trade.paid, ...", show_default=False)
    ] = None,
    scenario: Annotated[str, Parameter(help="the scenario whose worlds are lived")] = "history",
    against: Annotated[
        str | None, Parameter(help="another scenario: where both come to the same it breaks even", show_default=False)
    ] = None,
    level: Annotated[
        float | None,
        Parameter(help="the value at which it breaks even [default: what the scenario itself comes to]"),
    ] = None,
    points: Annotated[
        int | None, Parameter(converter=whole(2, 40), help="values of each parameter [default: 6; 4 with --against]")
    ] = None,
    country: Country = "dprk",
    start: First = dt.date(2023, 1, 2),
    end: Last = dt.date(2023, 12, 25),
    sets: Sets = (),
    csv: Csv = False,
    threads: Threads = 2,
    quiet: Quiet = False,
    out: Out = RESULTS,
) -> None:
    """Draw what a measure comes to over two parameters, and the line along which it breaks even.

    Each point is a world that has settled under its values, by expectation; a map takes a minute or two.
    """
    from greyspace.study import grid

    if name is None and x is None and y is None and measure is None:
        from greyspace.cli.tables import show

        show(["map", "measure", "what it shows"], [[n, m.measure, m.says] for n, m in grid.READY.items()])
        print("\nAnother one: --x id=low:high --y id=low:high --measure name")
        return
    if name is not None:
        if name not in grid.READY:
            raise InputError(f"there is no map '{name}': {unknown(name, grid.READY)}")
        ready = grid.READY[name]
        x, y, measure = x or ready.x, y or ready.y, measure or ready.measure
        against = against or (ready.against if level is None else None)
    if x is None or y is None or measure is None:
        raise InputError("a map needs --x, --y and --measure, or the name of one that is ready.")
    if against is not None and level is not None:
        raise InputError("--against and --level exclude each other: it breaks even at the one or the other.")
    from greyspace.country import load_pack
    from greyspace.study.gauges import named

    pack, gauge = load_pack(country), named(measure)
    many = points or (6 if against is None else 4)
    along, upwards = (grid.axis(pack.parameters, f"--{s}", w, many) for s, w in (("x", x), ("y", y)))
    base, *other = _plans(pack, [scenario, *([against] if against else [])], start, end, sets)
    count = grid.histories(along, upwards, bool(other), level)

    from greyspace.cli.progress import Screen

    try:
        with Screen(quiet) as screen:
            screen.note(f"{count} worlds will be lived")
            found = grid.chart(base, other[0] if other else None, gauge, along, upwards, level, threads, screen.tell)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(_NOTHING_KEPT) from None
    frame = grid.table(found)
    if csv:
        show_frame(frame, as_csv=True)
        return
    figure, _ = grid.picture(found)
    _tell_map(found, frame)
    folder = out / "maps" / (name or f"{along.key}-{upwards.key}-{gauge.name}")
    print("\nThe table and the figure are in", *kept(folder, "map", {"": frame}, {"": figure}), sep="\n")


def _tell_map(found: "Map", frame: "pl.DataFrame") -> None:
    from greyspace.cli.tables import show, tell_prose
    from greyspace.study import grid

    other = found.against or "break even"
    heads = [found.y.key, f"least_{found.plan.scenario.id}", "most", f"less_{other}:_least", "most", "breaks even at"]
    by_y, by_x = (grid.crossings(found, across) for across in (False, True))
    # Along whichever side the line is crossed more often.
    across = sum(map(len, by_x)) > sum(map(len, by_y))
    side, along = (found.x, found.y) if across else (found.y, found.x)
    heads[0] = side.key
    rows = []
    for value, even in zip(side.values, by_x if across else by_y, strict=True):
        row = frame.filter(frame[side.key] == value)
        numbers = [_four(n) for of in (found.plan.scenario.id, "margin") for n in (row[of].min(), row[of].max())]
        rows.append([_four(value), *numbers, ", ".join(f"{at:.3g}" for at in even) or "nowhere"])
    show(heads, rows, title=f"{found.gauge.says} ({found.gauge.unit}); breaks even along {along.key}")
    print()
    tell_prose(grid.say(found))


def attribute(
    a: Annotated[str, Parameter(help="the scenario with its limits")],
    b: Annotated[str, Parameter(help="the scenario in which they are lifted")],
    /,
    *,
    measure: Annotated[
        str, Parameter(help="what is measured, several separated by commas: held_up, leads, trade.paid, ...")
    ] = "journey_without_permit.punished,recorded,leads,held_up",
    country: Country = "dprk",
    since: Annotated[dt.date, Parameter(converter=day, help="the day from which it is measured")] = dt.date(2031, 1, 6),
    start: First = dt.date(2024, 1, 1),
    end: Last = dt.date(2031, 12, 29),
    draws: Annotated[
        int, Parameter(converter=whole(0, 1000), help="draws of all uncertain parameters; each takes all worlds again")
    ] = 0,
    sets: Sets = (),
    csv: Csv = False,
    threads: Threads = 2,
    quiet: Quiet = False,
    out: Out = RESULTS,
) -> None:
    """Attribute the difference between two scenarios to the limits that they lift, by Shapley shares.

    Every set of limits is lived, by expectation: 32 worlds for five groups of limits. Worlds are kept and used again.
    """
    from greyspace.country import load_pack
    from greyspace.study import attribution
    from greyspace.study.gauges import named

    gauges = [named(name) for name in several(measure)]
    if not gauges:
        raise InputError("--measure: name one measure at least.")
    pack = load_pack(country)
    one, other = _plans(pack, [a, b], start, end, sets)
    monday = _monday(one, since)
    groups, todo = attribution.jobs(one, other, monday, draws, out / SHELF)

    from greyspace.cli.tables import show, tell_prose

    found = _lived(todo, threads, quiet, lambda n, tell: attribution.find(one, other, monday, groups, todo, n, tell))
    frame = attribution.table(found, gauges)
    if csv:
        show_frame(frame, as_csv=True)
        return
    figure, _ = attribution.picture(found, gauges)
    for gauge in gauges:
        rows = []
        parts, every = attribution.parts(found, gauge)
        for part in parts:
            ends = [_four(of.own) for of in (part.share, part.alone, part.last)]
            rows.append([attribution.SAYS[part.group], *ends, *([_range(part.share)] if draws else [])])
        rows.append(["all together", _four(every.own), None, None, *([_range(every)] if draws else [])])
        show(
            ["limit", "share", "alone", "last", *(["share over draws"] if draws else [])],
            rows,
            title=f"{gauge.says} ({gauge.unit}): what '{b}' changes against '{a}'",
        )
        print()
    tell_prose(
        "Share: the mean change that a limit makes when it is lifted, over all orders in which they could be lifted "
        "one after the other. Alone: lifted by itself. Last: lifted when all others are."
    )
    folder = out / "attributions" / f"{a}-{b}"
    frames = {"": frame, "-worlds": attribution.worlds(found, gauges)}
    print("\nTables and a figure are in", *kept(folder, "attribution", frames, {"": figure}), sep="\n")


def signposts(
    *scenarios: Annotated[
        str, Parameter(help="scenarios; each is told from the first [default: as-is, and futures to 2035]")
    ],
    country: Country = "dprk",
    start: First = dt.date(2024, 1, 1),
    end: Last = dt.date(2034, 12, 25),
    draws: Annotated[int, Parameter(converter=whole(3, 1000), help="draws of all uncertain parameters")] = 6,
    sets: Sets = (),
    csv: Csv = False,
    threads: Threads = 2,
    quiet: Quiet = False,
    out: Out = RESULTS,
) -> None:
    """Say which of what can be seen from outside would tell one future from another, and from which year.

    All scenarios are lived in each draw, by expectation; some minutes. Lives are kept and used again.
    """
    from greyspace.country import load_pack
    from greyspace.study import signposts as of_signposts

    pack = load_pack(country)
    names = list(dict.fromkeys(scenarios)) or [
        "as-is",
        *[name for name in of_signposts.FUTURES if name in pack.scenarios],
    ]
    plans = _plans(pack, names, start, end, sets)
    todo = of_signposts.jobs(plans, draws, out / SHELF)

    from greyspace.cli.tables import show, tell_prose

    found = _lived(todo, threads, quiet, lambda n, tell: of_signposts.find(plans, todo, n, tell))
    frame = of_signposts.table(found)
    if csv:
        show_frame(frame, as_csv=True)
        return
    figure, _ = of_signposts.picture(found)
    show(
        [*of_signposts.HEADS, *found.names[1:]],
        of_signposts.lines(found),
        title=f"From which year each tells a future from '{found.names[0]}'",
    )
    print()
    tell_prose(of_signposts.say(found))
    folder = out / "signposts" / "-".join(found.names)[:80]
    frames = {"": frame, "-ranges": of_signposts.ranges(found)}
    print("\nTables and a figure are in", *kept(folder, "signposts", frames, {"": figure}), sep="\n")


def _plans(pack: "Pack", names: list[str], start: dt.date, end: dt.date, sets: tuple[str, ...]) -> "list[Plan]":
    from greyspace.cli.run import named_scenario
    from greyspace.evidence import parse_set
    from greyspace.simulate import plan

    settings = dict(parse_set(word) for word in sets)
    return [
        plan(pack, named_scenario(pack, name), engine="expected", start=start, end=end, sets=settings) for name in names
    ]


def _monday(plan: "Plan", since: dt.date) -> int:
    """The first Monday on or after a day on which odds are renewed. InputError where the worlds end before."""
    if not plan.start <= since <= plan.end:
        raise InputError(f"--since {since}: allowed is a day from {plan.start} to {plan.end} (--from and --to).")
    monday = plan.world().renewed_from(since)
    if monday is None:
        raise InputError(f"--since {since}: the worlds end before; the last week begins on {plan.end}.")
    return monday


def _lived(todo: "list[Lives]", threads: int, quiet: bool, live: "Callable[[int, Tell], Found]") -> "Found":
    """Say how many lives there are to live, and live them: ``live`` is given the processes to use."""
    from greyspace.cli.progress import Screen

    try:
        with Screen(quiet) as screen:
            every, missing = sum(len(job.plans) for job in todo), sum(job.missing() for job in todo)
            kept_before = f"; {every - missing} were lived before and are used again" if missing < every else ""
            screen.note(f"{missing} of {every} lives will be lived{kept_before}")
            # What is only read needs no processes of its own.
            return live(threads if missing else 1, screen.tell)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(_GO_ON) from None


def _four(value: Any) -> float | None:
    return None if value is None else float(f"{float(value):.4g}")


def _range(readings: Any) -> str:
    low, _, high = readings.spread
    return f"{low:.3g} to {high:.3g}"
