"""`greyspace systems`: each system by itself, on and off."""

import datetime as dt

from greyspace.cli.words import Country, Csv, First, Last, Quiet, Scenario, Threads


def systems(
    *,
    country: Country = "dprk",
    scenario: Scenario = "history",
    start: First = dt.date(2023, 1, 2),
    end: Last = dt.date(2023, 12, 25),
    csv: Csv = False,
    threads: Threads = 2,
    quiet: Quiet = False,
) -> None:
    """Switch off one system after the other, and say what each changes where it meets people, and elsewhere.

    By expectation, in worlds that have settled with the system and without it; it takes a minute or two.
    """
    from greyspace.cli.run import named_scenario
    from greyspace.country import load_pack

    pack = load_pack(country)
    chosen = named_scenario(pack, scenario)

    from greyspace.cli.progress import Screen
    from greyspace.cli.tables import show, show_frame, tell_prose
    from greyspace.simulate import plan
    from greyspace.study import switches

    made = plan(pack, chosen, engine="expected", start=start, end=end)
    try:
        with Screen(quiet) as screen:
            found = switches.find(made, threads, screen.tell)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("nothing is kept of a table that is not finished") from None
    if csv:
        show_frame(switches.table(found), as_csv=True)
        return
    show(switches.HEADS, switches.lines(found), title=switches.title(found))
    print()
    show(switches.SUM_HEADS, switches.sum_lines(found), title=switches.SUM_TITLE)
    print()
    tell_prose(switches.NOTES)
