"""How long one waits at the start: for the command's help, for the package, for the first week, compiled and not.

    python bench/start.py            about a minute
    python bench/start.py --json F   also writes all numbers to F

Each number is the time of a process of its own, start of Python included, by the clock and by what the processor did
for it; the median of several, but for what is compiled into an empty cache, which is done once.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from floors import Elsewhere, machine_in_words
from rich.console import Console
from rich.table import Table

from greyspace import __version__

ROUNDS = 7
_WEEK = """
from datetime import date
from greyspace.country import load_pack
from greyspace.simulate import Life, plan
pack = load_pack("dprk")
life = Life(plan(pack, pack.scenario("history"), seed=7, start=date(2019, 1, 7), end=date(2020, 12, 28)))
odds = life.odds(life.world.periods[0])
life.engine.advance(odds, int(life.world.weeks[0]))
"""
_HELP = "from greyspace.cli.app import main; main()"
Numbers = dict[str, Any]


def once(program: str, *words: str, cache: str) -> tuple[float, float]:
    """Seconds by the clock and of the processor."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        (sys.executable, "-c", program, *words), env={**os.environ, "NUMBA_CACHE_DIR": cache},
        stdout=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        raise SystemExit(f"'{program.strip().splitlines()[-1]}' ended with {done.returncode}; it says why above.")
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - start, processor


def main() -> None:
    """Measure, print, and write what was asked for."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--json", type=Path, metavar="FILE", help="write all numbers to FILE")
    asked = reader.parse_args()
    elsewhere = Elsewhere()
    jobs: list[tuple[str, str, tuple[str, ...], int]] = [
        ("Python alone", "pass", (), ROUNDS),
        ("greyspace --help", _HELP, ("--help",), ROUNDS),
        ("import greyspace.engine", "import greyspace.engine", (), ROUNDS),
        ("people and a first week at 1/250, into an empty cache", _WEEK, (), 1),
        ("the same, compiled", _WEEK, (), ROUNDS),
    ]
    found: Numbers = {"version": __version__, "date": str(date.today()), "machine": machine_in_words(), "seconds": {}}
    console = Console()
    shown = Table(title="How long one waits at the start", title_justify="left")
    for i, name in enumerate(("", "s by the clock", "s of the processor")):
        shown.add_column(name, justify="right" if i else "left")
    with tempfile.TemporaryDirectory(prefix="greyspace-bench-") as cache:
        for name, program, words, rounds in jobs:
            with console.status(name):
                taken = [once(program, *words, cache=cache) for _ in range(rounds)]
            clock, processor = (statistics.median(each) for each in zip(*taken, strict=True))
            found["seconds"][name] = {"clock": clock, "processor": processor}
            shown.add_row(name, f"{clock:.2f}", f"{processor:.2f}")
    console.print(shown)
    found["elsewhere"] = elsewhere.processors()
    console.print(f"Other programs kept {found['elsewhere']:.1f} processors busy.")
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
