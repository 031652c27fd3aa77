"""How the work grows: with the population, with the years, with the systems; and the exponents.

    python bench/growth.py            everything, some minutes
    python bench/growth.py --quick    without the whole nation and with fewer years
    python bench/growth.py --json F   also writes all numbers to F

Times are processor seconds of one thread, so that other programs show less in them. An exponent is the slope of a
straight line through the logarithms: 1 means twice as much for twice as many, 0 that it does not matter.
"""

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from floors import Elsewhere, machine_in_words
from rich.console import Console
from rich.table import Table

from greyspace import __version__
from greyspace.country import load_pack
from greyspace.simulate import Life, Plan, plan
from greyspace.systems import SYSTEMS

POPULATION = (1 / 1000, 1 / 100, 1 / 10, 1.0)
YEARS = (1, 2, 5, 10, 20)
SMALL, MIDDLE = 1 / 1000, 1 / 100
_SEED = 7
_FIRST_YEAR = 2008
_PERIODS = 3
Numbers = dict[str, Any]


def the_plan(scale: float, start: date = date(2019, 1, 7), end: date = date(2020, 12, 28)) -> Plan:
    """The history of North Korea."""
    pack = load_pack("dprk")
    return plan(pack, pack.scenario("history"), seed=_SEED, scale=scale, start=start, end=end)


def with_systems(of: Plan, number: int) -> Plan:
    """The same with only the first so many systems, those that meet people before those that do not."""
    ordered = sorted(SYSTEMS, key=lambda system: not system.CONTACTS)
    off = {system.NAME: False for system in ordered[number:]}
    systems = {**of.scenario.systems, **off}
    return replace(of, scenario=of.scenario.model_copy(update={"systems": systems}))


def lived(of: Plan, periods: int | None = None) -> Numbers:
    """Processor seconds of beginning (spin-up and making the people), of the odds, and of the rest of each period."""
    start = time.process_time()
    life = Life(of)
    begun = time.process_time()
    odds_seconds = 0.0
    chosen = life.world.periods[:periods]
    for period in chosen:
        before = time.process_time()
        odds = life.odds(period)
        odds_seconds += time.process_time() - before
        life.step(period, odds, lambda week: None)
    end = time.process_time()
    life.close()
    weeks = sum(period.weeks for period in chosen)
    return {
        "begin": begun - start, "odds": odds_seconds, "living": end - begun - odds_seconds,
        "weeks": weeks, "persons": int(life.made),
    }  # fmt: skip


def exponent(sizes: list[float], seconds: list[float]) -> float:
    """The slope of log seconds over log sizes.

    >>> round(exponent([1, 10, 100], [3, 30, 300]), 6)
    1.0
    """
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def told(console: Console, title: str, sizes: list[str], rows: list[Numbers], factors: list[float]) -> Numbers:
    """One table: processor seconds by part, and their exponents over all sizes and over the two largest."""
    shown = Table(title=title, title_justify="left")
    for i, name in enumerate(("", "persons", "weeks", "beginning, s", "odds, s", "living, s", "ns a person-week")):
        shown.add_column(name, justify="right" if i else "left")
    for size, row in zip(sizes, rows, strict=True):
        each = row["living"] / row["weeks"] / row["persons"] * 1e9
        shown.add_row(
            size, f"{row['persons']:,}", str(row["weeks"]), f"{row['begin']:.2f}", f"{row['odds']:.2f}",
            f"{row['living']:.2f}", f"{each:.1f}",
        )  # fmt: skip
    parts = ("begin", "odds", "living")
    found = {part: exponent(factors, [row[part] for row in rows]) for part in parts}
    last = {part: exponent(factors[-2:], [row[part] for row in rows[-2:]]) for part in parts}
    shown.add_row("exponent", "", "", *(f"{found[part]:.2f}" for part in parts), "")
    shown.add_row("of the last step", "", "", *(f"{last[part]:.2f}" for part in parts), "")
    console.print(shown)
    return {"sizes": factors, "rows": rows, "exponents": found, "of_the_last_step": last}


def main() -> None:
    """Measure, print, and write what was asked for."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--quick", action="store_true", help="up to a tenth of the nation and five years")
    reader.add_argument("--json", type=Path, metavar="FILE", help="write all numbers to FILE")
    asked = reader.parse_args()
    console = Console()
    elsewhere = Elsewhere()
    lived(the_plan(SMALL), 1)  # compiles what is not compiled yet
    scales = [scale for scale in POPULATION if scale < 1 or not asked.quick]
    years = [number for number in YEARS if number <= 5 or not asked.quick]
    numbers = [1, 2, 4, 8, len(SYSTEMS)]
    found: Numbers = {"version": __version__, "date": str(date.today()), "machine": machine_in_words()}
    experiments: list[tuple[str, str, list[str], list[float], list[Callable[[], Numbers]]]] = [
        (
            "population", f"More people, {_PERIODS} periods of four weeks",
            ["nation" if scale == 1 else f"1/{round(1 / scale)}" for scale in scales], list(scales),
            [partial(lived, the_plan(scale), _PERIODS) for scale in scales],
        ),
        (
            "years", f"More years, from {_FIRST_YEAR} on, 1/{round(1 / SMALL)}", [str(n) for n in years],
            [float(n) for n in years],
            [
                partial(lived, the_plan(SMALL, date(_FIRST_YEAR, 1, 7), date(_FIRST_YEAR + n, 1, 1)))
                for n in years
            ],
        ),
        (
            "systems", f"More systems, {_PERIODS} periods, 1/{round(1 / MIDDLE)}", [str(n) for n in numbers],
            [float(n) for n in numbers],
            [partial(lived, with_systems(the_plan(MIDDLE), n), _PERIODS) for n in numbers],
        ),
    ]  # fmt: skip
    for name, title, sizes, factors, jobs in experiments:
        with console.status(title):
            rows = [job() for job in jobs]
        found[name] = told(console, title, sizes, rows, factors)
    found["elsewhere"] = elsewhere.processors()
    console.print(f"Other programs kept {found['elsewhere']:.1f} processors busy.")
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
