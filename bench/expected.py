"""How long the expectation of a history takes, on one core, phase by phase.

    python bench/expected.py            2016-2024 and 2016-2035, without tables and with them, about a minute
    python bench/expected.py --quick    2016-2024 without tables

Seconds are those of the processor, which other programs lengthen too: they take turns in the caches. So a reference is
lived through beside each history, a loop of random words that each wait for the last and a sweep over large arrays; the
ratio to it can be held against that of another day. Everything runs twice and the second time counts: what is compiled
and imported in the first is no part of it.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from floors import BLOCKS, TRIAD, Elsewhere, Machine, machine_in_words
from rich.console import Console
from rich.table import Table

from greyspace.country import load_pack
from greyspace.engine import Expected
from greyspace.results import Store
from greyspace.simulate import Life, Plan, loop, plan, run
from greyspace.simulate.world import World

SEED = 7
FIRST = date(2016, 1, 4)
LASTS = (date(2024, 12, 30), date(2035, 12, 31))
PHASES = (
    ("making the world", Plan, "world"),
    ("how it begins", loop, "spin_up"),
    ("officers", World, "enforcement"),
    ("odds", World, "odds"),
    ("routes and fates", Expected, "renew"),
    ("weeks", Expected, "advance"),
    ("contacts", Expected, "contacts"),
    ("learning", loop, "learn_from"),
)
"""What is timed, and where it is found; of what one does within another, the outer has the time."""


@contextmanager
def watched() -> Iterator[dict[str, float]]:
    """Processor seconds of each phase while this lasts."""
    spent = {name: 0.0 for name, *_ in PHASES}
    inside: list[str] = []
    usual = [(where, what, getattr(where, what)) for _, where, what in PHASES]

    def timed(name: str, do: Any) -> Any:
        def doing(*args: Any, **named: Any) -> Any:
            if inside:
                return do(*args, **named)
            inside.append(name)
            start = time.process_time()
            try:
                return do(*args, **named)
            finally:
                spent[name] += time.process_time() - start
                inside.clear()

        return doing

    for (name, *_), (where, what, do) in zip(PHASES, usual, strict=True):
        setattr(where, what, timed(name, do))
    try:
        yield spent
    finally:
        for where, what, do in usual:
            setattr(where, what, do)


def live(of: Plan) -> dict[str, Any]:
    """One history without tables: its phases, what is between them, and how large it is."""
    with watched() as spent:
        start = time.process_time()
        life = Life(of)
        for period in life.world.periods:
            life.step(period, life.odds(period), lambda week: None)
        total = time.process_time() - start
    assert isinstance(life.engine, Expected)
    regions, classes, statuses = life.engine.free.shape
    return {
        "phases": {**spent, "the rest": total - sum(spent.values())},
        "seconds": total,
        "periods": len(life.world.periods),
        "weeks": len(life.world.weeks),
        "classes": regions * classes * statuses,
    }


def with_tables(of: Plan) -> float:
    """Processor seconds of the same history with its tables written."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        run(of, Store(Path(folder)))
        return time.process_time() - start


def reference(machine: Machine) -> float:
    """Seconds of the reference: so many blocks in turn, and a sweep over three large arrays; best of three."""
    floors = [machine.floor(1) for _ in range(3)]
    return min(f.block_ns_in_turn for f in floors) * 1e-9 * BLOCKS + 24 * TRIAD / max(f.bytes_a_second for f in floors)


def main() -> None:
    """Time both histories and print them side by side."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--quick", action="store_true", help="2016-2024 without tables")
    quick = asked.parse_args(sys.argv[1:]).quick
    console = Console()
    pack, machine = load_pack("dprk"), Machine()
    elsewhere = Elsewhere()
    found = []
    for last in LASTS[:1] if quick else LASTS:
        of = plan(pack, pack.scenario("history"), engine="expected", seed=SEED, start=FIRST, end=last)
        if not found:
            live(of)
        before = reference(machine)
        got = live(of)
        got["reference"] = (before + reference(machine)) / 2
        if not quick:
            got["with tables"] = with_tables(of)
        found.append((f"{FIRST.year}-{last.year}", got))
    console.print(f"{machine_in_words()}; other programs kept {elsewhere.processors():.1f} busy")
    shown = Table(title="The expectation of a history, processor seconds", title_justify="left")
    shown.add_column("")
    for name, _ in found:
        shown.add_column(name, justify="right")
    for phase in found[0][1]["phases"]:
        shown.add_row(phase, *(f"{got['phases'][phase]:.2f}" for _, got in found))
    shown.add_row("all", *(f"{got['seconds']:.2f}" for _, got in found))
    if not quick:
        shown.add_row("all, with tables", *(f"{got['with tables']:.2f}" for _, got in found))
    shown.add_row("times the reference", *(f"{got['seconds'] / got['reference']:.1f}" for _, got in found))
    for name in ("periods", "weeks", "classes"):
        shown.add_row(name, *(str(got[name]) for _, got in found))
    console.print(shown)


if __name__ == "__main__":
    main()
