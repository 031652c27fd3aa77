"""How fast people live: the pack of North Korea under the odds of its history, from a sample to the whole nation.

    python bench/nation.py            everything, about four minutes
    python bench/nation.py --quick    without the whole nation
    python bench/nation.py --json F   also writes all numbers to F

Each size has a process of its own, so that its peak of memory is its own. Inside it one round after the other takes the
floors of the machine and the weeks of each thread count, so that a ratio compares what was measured side by side.
"""

import argparse
import gc
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from floors import THREADS, Elsewhere, Floor, Machine, machine_in_words, middle, table
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from greyspace import __version__
from greyspace.contract import ONE, Crowd, Layout, Odds, Tallies, chances, day_sets
from greyspace.country import load_pack
from greyspace.engine import Individuals
from greyspace.simulate import Life, plan
from greyspace.society import caution
from greyspace.society.population import make, units_at

ROUNDS = {1 / 250: 15, 1 / 10: 9, 1.0: 5}
"""Rounds by scale; a round is four weeks of each thread count, and the floors."""

PROFILED = 1 / 10
TARGET = 0.015
"""Candidate days a person-day at which a year of the nation is told, beside the pack's own."""

START, END = date(2019, 1, 7), date(2020, 12, 28)
SEED = 7
_BEGUN = 3
_BYTES_READ = _BYTES_WRITTEN = 4
_WEEKS = 52
Numbers = dict[str, Any]


# -- counts: from the odds, and from the engine itself


def candidate_days(odds: Odds) -> NDArray[np.float64]:
    """``[R, P]``: expected candidate days a person-week, as the ceilings have it."""
    days = np.array([days.bit_count() for days in range(odds.ceiling.shape[-1])])
    return np.asarray(chances(odds.ceiling) @ days)


def _all_first(rows: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Rows in which the first choice is certain."""
    return np.full_like(rows, ONE)


def rungs(odds: Odds) -> dict[str, Odds]:
    """The same week with more and more of it, from looking at everybody to the whole."""
    nobody_begins = odds._replace(way=_all_first(odds.way))
    return {
        "whose week is empty": odds._replace(weekly=np.zeros_like(odds.weekly), ceiling=_all_first(odds.ceiling)),
        "changes of mood": odds._replace(ceiling=_all_first(odds.ceiling)),
        "candidate days": odds._replace(accept=np.zeros_like(odds.accept)),
        "intents": nobody_begins,
        "journeys": odds,
    }


def people_by_profile(crowd: Crowd, odds: Odds) -> NDArray[np.int64]:
    """``[R, P]``: how many persons there are."""
    regions, profiles = odds.ceiling.shape[:2]
    region = np.repeat(crowd.region, np.diff(crowd.first))
    there = np.bincount(region * profiles + (crowd.persons & 63), minlength=regions * profiles)
    return there.reshape(regions, profiles)


def with_rate(odds: Odds, there: NDArray[np.int64], rate: float) -> Odds:
    """The same odds with so many candidate days a person-day: all ceilings raised or lowered alike."""
    daily = candidate_days(odds) / 7
    return odds._replace(ceiling=day_sets(daily * (rate * there.sum() / (there * daily).sum())))


def every_candidate_day(odds: Odds) -> Odds:
    """Odds under which each candidate day is an intent and nothing comes of it, so that the tallies count them."""
    return odds._replace(way=_all_first(odds.way), accept=_all_first(odds.accept))


def quads(crowd: Crowd) -> int:
    """Blocks of the week: one for four persons of a unit."""
    return int(((np.diff(crowd.first) + 3) // 4).sum())


def quads_that_may_change(crowd: Crowd, layout: Layout, odds: Odds) -> int:
    """Blocks of the mood: one for four persons of a unit among whom a change on Monday is possible."""
    found = 0
    can = odds.weekly[..., -1] > 0
    for start in range(0, len(crowd.region), 10_000):
        first = crowd.first[start : start + 10_001]
        sizes = np.diff(first)
        people = crowd.persons[first[0] : first[-1]]
        unit = np.repeat(np.arange(len(sizes)), sizes)
        region, news = crowd.region[start:][unit], crowd.news[start:][unit]
        changes = can[region, layout.temper_of[people & 63], news, (people >> 6) & 255]
        block = np.concatenate([[0], np.cumsum((sizes + 3) // 4)])
        in_unit = np.arange(len(people)) - np.repeat(first[:-1] - first[0], sizes)
        found += int((np.bincount(block[unit] + in_unit // 4, weights=changes, minlength=1) > 0).sum())
    return found


def kept(engine: Individuals) -> dict[str, NDArray[Any]]:
    """What the engine can take up again."""
    return {name: array.copy() for name, array in engine.state().items()}


def counted(engine: Individuals, layout: Layout, odds: Odds, monday: int) -> Numbers:
    """What a week holds, a person-week; the crowd is as before afterwards."""
    crowd = engine.crowd
    before = kept(engine)
    blocks = {"week": quads(crowd), "mood": quads_that_may_change(crowd, layout, odds)}
    tallies = engine.advance(odds, monday)
    changed = int((crowd.persons != before["persons"]).sum())
    engine.take_up(before)
    candidates = int(engine.advance(every_candidate_day(odds), monday).states.sum())
    engine.take_up(before)
    there = people_by_profile(crowd, odds)
    people = len(crowd.persons)
    met = int(tallies.outcomes.sum())
    blocks |= {"day": candidates, "contact": met}
    return {
        "candidate_days": candidates / people,
        "candidate_days_expected": float((there * candidate_days(odds)).sum() / people),
        "intents": int(tallies.states.sum()) / people,
        "journeys": int(tallies.modes[:, :, _BEGUN:].sum()) / people,
        "contacts": met / people,
        "changed": changed / people,
        "blocks": {name: number / people for name, number in blocks.items()},
    }


# -- one size, in a process of its own


class Timed(Individuals):
    """The engine, with a watch, and a watch that stands still while others have the processor."""

    seconds = processor_seconds = 0.0

    def advance(self, *args: Any, **named: Any) -> Tallies:
        start, processor = time.perf_counter(), time.process_time()
        tallies = super().advance(*args, **named)
        self.seconds += time.perf_counter() - start
        self.processor_seconds += time.process_time() - processor
        return tallies

    def taken(self) -> Numbers:
        """Seconds since this was asked last."""
        found = {"seconds": self.seconds, "processor_seconds": self.processor_seconds}
        self.seconds = self.processor_seconds = 0.0
        return found


def _peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def first_week() -> Numbers:
    """Seconds from the start of the people to the end of their first week, compiling what is not compiled yet."""
    pack = load_pack("dprk")
    start = time.perf_counter()
    life = Life(plan(pack, pack.scenario("history"), seed=SEED, start=START, end=END))
    odds = life.odds(life.world.periods[0])
    made = time.perf_counter()
    assert isinstance(life.engine, Individuals)
    life.engine.advance(odds, int(life.world.weeks[0]))
    return {"people": made - start, "week": time.perf_counter() - made}


def one_size(scale: float, rounds: int) -> Numbers:
    """All numbers of one scale."""
    pack = load_pack("dprk")
    life = Life(plan(pack, pack.scenario("history"), seed=SEED, scale=scale, start=START, end=END), max(THREADS))
    assert isinstance(life.engine, Individuals)
    world, crowd = life.world, life.engine.crowd
    first = world.periods[0]
    life.step(first, life.odds(first), lambda week: None)
    peak = _peak_bytes()  # before the floors take their own memory
    people = len(crowd.persons)
    out: Numbers = {"scale": scale, "persons": people, "units": len(crowd.serial), "peak_bytes": peak}
    out["crowd_bytes"] = sum(array.nbytes for array in crowd)

    level = np.full((len(world.axes.regions), len(world.axes.tempers), caution.LEVELS), 1 / caution.LEVELS)
    recipe = world.recipe(world.start(level))
    out["make_seconds"] = []
    for _ in range(3):
        gc.collect()
        start = time.perf_counter()
        make(recipe, SEED, *units_at(recipe, scale))
        out["make_seconds"].append(time.perf_counter() - start)

    machine = Machine()
    engines = {threads: Timed(crowd, world.layout, SEED, threads) for threads in THREADS}
    out["rounds"] = []
    there = people_by_profile(crowd, life.odds(first))
    for number in range(1, rounds + 1):
        period = world.periods[number]
        before, learnt = kept(engines[1]), life.learnt
        taken: list[Numbers] = []
        same: list[list[int]] = []
        for threads in THREADS if number % 2 else THREADS[::-1]:
            life.engine = engine = engines[threads]
            floor = machine.floor(threads)
            elsewhere = Elsewhere()
            row: Numbers = {"threads": threads, "weeks": period.weeks, "floor": asdict(floor)}
            odds = life.odds(period)
            for name, other in (("target", with_rate(odds, there, TARGET)), ("empty", rungs(odds)["changes of mood"])):
                engine.take_up(before)
                for week in range(period.first, period.last):
                    engine.advance(other, int(world.weeks[week]))
                row[name] = engine.taken()
            engine.take_up(before)
            engine.people()  # a run looks through all its people once, and follows them from then on
            life.learnt = learnt
            start = time.perf_counter()
            got = life.step(period, life.odds(period), lambda week: None)
            row["loop_seconds"] = time.perf_counter() - start
            row["own"] = engine.taken()
            row["elsewhere"] = elsewhere.processors()
            same.append(
                [int(got.whole.states.sum()), int(got.whole.held.sum()), int(crowd.persons.sum(dtype=np.uint64))]
            )
            taken.append(row)
        assert same[0] == same[1], "the number of threads changed the people"
        out["rounds"].append(taken)
    period = world.periods[rounds]
    odds, monday = life.odds(period), int(world.weeks[period.first])
    out["counted"] = counted(engines[max(THREADS)], world.layout, odds, monday)
    if scale == PROFILED:
        out["profile"] = profile(engines[1], odds, monday)
    return out


def profile(engine: Individuals, odds: Odds, monday: int) -> Numbers:
    """Nanoseconds a person-week of each rung on one thread: medians over rounds in which all rungs take turns."""
    crowd = engine.crowd
    before = kept(engine)
    taken: dict[str, list[float]] = {name: [] for name in rungs(odds)}
    for _ in range(7):
        for name, with_less in rungs(odds).items():
            engine.take_up(before)
            start = time.perf_counter()
            engine.advance(with_less, monday)
            taken[name].append((time.perf_counter() - start) / len(crowd.persons) * 1e9)
    engine.take_up(before)
    return {name: statistics.median(times) for name, times in taken.items()}


# -- all sizes


def _child(cache: str, *arguments: str) -> Numbers:
    """Run this file again and read what it says; the compiled code is kept in ``cache`` alone."""
    done = subprocess.run(
        [sys.executable, __file__, *arguments],
        env={**os.environ, "NUMBA_CACHE_DIR": cache},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"bench/nation.py {' '.join(arguments)} ended with {done.returncode}; it says why above.")
    return dict(json.loads(done.stdout))


def summary(size: Numbers, threads: int) -> Numbers:
    """The medians of one size and thread count, with the floor of each round under the week of that round.

    ``spread``: the middle half of the rounds, as a share of the median.
    """
    rows = [row for taken in size["rounds"] for row in taken if row["threads"] == threads]
    people, count = size["persons"], size["counted"]
    moved = _BYTES_READ + _BYTES_WRITTEN * count["changed"]
    blocks = sum(count["blocks"].values())

    def ns_of(what: str, watch: str = "seconds") -> list[float]:
        return [row[what][watch] / row["weeks"] / people * 1e9 for row in rows]

    ns = ns_of("own")
    moving = [moved / row["floor"]["bytes_a_second"] * 1e9 for row in rows]
    drawing = [blocks * row["floor"]["block_ns"] for row in rows]
    floor = [max(pair) for pair in zip(moving, drawing, strict=True)]
    loop = [row["loop_seconds"] / row["weeks"] for row in rows]
    middle_ns = statistics.median(ns)
    each = {name: statistics.median(ns_of(name)) for name in ("target", "empty")}
    year = people / size["scale"] * _WEEKS * 1e-9
    quarters = statistics.quantiles(ns, n=4)
    return {
        "threads": threads,
        "weeks_a_second": 1 / statistics.median(loop),
        "loop_over_engine": statistics.median(row["loop_seconds"] / row["own"]["seconds"] for row in rows),
        "person_days_a_second": 7e9 / middle_ns,
        "ns_a_person_week": middle_ns,
        "least_ns": min(ns),
        "spread": (quarters[2] - quarters[0]) / middle_ns,
        "empty_ns": each["empty"],
        "ns_a_candidate_day": (middle_ns - each["empty"]) / count["candidate_days"],
        "target_ns": each["target"],
        "processor_ns": {
            name: statistics.median(ns_of(name, "processor_seconds")) for name in ("own", "target", "empty")
        },
        "year_seconds": middle_ns * year,
        "target_year_seconds": each["target"] * year,
        "ns_to_move": statistics.median(moving),
        "ns_to_draw": statistics.median(drawing),
        "over_floor": statistics.median(a / b for a, b in zip(ns, floor, strict=True)),
        "elsewhere": statistics.median(row["elsewhere"] for row in rows),
    }


def _grid(title: str, *columns: str) -> Table:
    shown = Table(title=title, title_justify="left")
    for i, name in enumerate(columns):
        shown.add_column(name, justify="right" if i else "left")
    return shown


def _scale(scale: float) -> str:
    return "nation" if scale == 1 else f"1/{round(1 / scale)}"


def report(console: Console, found: Numbers) -> None:
    """All numbers as tables."""
    cold, warm = found["cold"], found["warm"]
    console.print(
        f"greyspace {found['version']}, {found['date']}, {found['machine']}\n"
        f"Compiling is paid once and is in no number below: the people and their spin-up took {cold['people']:.1f} s, "
        f"compiled {warm['people']:.1f} s; the first week at 1/250 {cold['week']:.1f} s, "
        f"compiled {warm['week'] * 1e3:.0f} ms.\n"
    )
    console.print(table(_floors(found)))
    people = _grid("People", "scale", "persons", "made in s", "crowd B each", "peak MiB", "peak B each")
    speed = _grid(
        "How fast they live (medians; the loop for weeks, the engine for the rest)",
        *("scale", "threads", "weeks/s", "M person-days/s", "ns without a candidate day", "ns a candidate day"),
        *("nation-year in s", f"at {TARGET:.1%}", "processor ns", f"at {TARGET:.1%}", "loop : engine"),
    )  # fmt: skip
    floors = _grid(
        "ns a person-week, against the floor: moving and drawing at the machine's best",
        *("scale", "threads", "moving", "drawing", "took", "times floor", "least took", "spread", "busy elsewhere"),
    )  # fmt: skip
    for size in found["sizes"]:
        made, persons = statistics.median(size["make_seconds"]), size["persons"]
        people.add_row(
            _scale(size["scale"]), f"{persons:,}", f"{made:.2f}",
            f"{size['crowd_bytes'] / persons:.2f}", f"{size['peak_bytes'] / 2**20:,.0f}",
            f"{size['peak_bytes'] / persons:,.0f}",
        )  # fmt: skip
        for row in size["summaries"]:
            which = (_scale(size["scale"]), str(row["threads"]))
            speed.add_row(
                *which, f"{row['weeks_a_second']:.2f}", f"{row['person_days_a_second'] / 1e6:.0f}",
                f"{row['empty_ns']:.1f}", f"{row['ns_a_candidate_day']:.0f}", f"{row['year_seconds']:.1f}",
                f"{row['target_year_seconds']:.1f}", f"{row['processor_ns']['own']:.1f}",
                f"{row['processor_ns']['target']:.1f}", f"{row['loop_over_engine']:.2f}",
            )  # fmt: skip
            floors.add_row(
                *which, f"{row['ns_to_move']:.2f}", f"{row['ns_to_draw']:.2f}", f"{row['ns_a_person_week']:.1f}",
                f"{row['over_floor']:.1f}", f"{row['least_ns']:.1f}", f"{row['spread']:.0%}", f"{row['elsewhere']:.1f}",
            )  # fmt: skip
    for shown in (people, speed, floors):
        console.print(shown)
    _report_profile(console, next(size for size in found["sizes"] if "profile" in size))


def _floors(found: Numbers) -> list[Floor]:
    """The median floors of each thread count over all sizes and rounds."""
    rows = [row for size in found["sizes"] for taken in size["rounds"] for row in taken]
    return [middle(Floor(**row["floor"]) for row in rows if row["threads"] == threads) for threads in THREADS]


def _report_profile(console: Console, size: Numbers) -> None:
    count, rungs_ns = size["counted"], size["profile"]
    number = {
        "whose week is empty": 1.0, "changes of mood": 1.0, "candidate days": count["candidate_days"],
        "intents": count["intents"], "journeys": count["journeys"],
    }  # fmt: skip
    shown = _grid(
        f"Where a week goes ({_scale(size['scale'])}, one thread)",
        *("what", "a person-week", "ns a person-week", "share", "ns each"),
    )  # fmt: skip
    before, whole = 0.0, rungs_ns["journeys"]
    for name, ns in rungs_ns.items():
        own = ns - before
        shown.add_row(name, f"{number[name]:.4f}", f"{own:.1f}", f"{own / whole:.0%}", f"{own / number[name]:.0f}")
        before = ns
    console.print(shown)
    blocks = ", ".join(f"{name} {share:.3f}" for name, share in count["blocks"].items())
    console.print(
        f"Candidate days a person-week: {count['candidate_days']:.4f} counted, {count['candidate_days_expected']:.4f} "
        f"from the ceilings. Contacts met: {count['contacts']:.4f}. Persons changed: {count['changed']:.4f}.\n"
        f"Blocks of random words a person-week, those of power and of contacts not met left out: {blocks}."
    )


def main() -> None:
    """Measure, print, and write what was asked for."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--quick", action="store_true", help="leave out the whole nation")
    reader.add_argument("--json", type=Path, metavar="FILE", help="write all numbers to FILE")
    reader.add_argument("--part", help=argparse.SUPPRESS)
    asked = reader.parse_args()
    if asked.part:
        got = first_week() if asked.part == "first" else one_size(float(asked.part), ROUNDS[float(asked.part)])
        print(json.dumps(got))
        return
    console = Console()
    if not console.is_terminal:  # a file has all the room that a table needs
        console.width = 130
    found: Numbers = {"version": __version__, "date": str(date.today()), "machine": machine_in_words()}
    with tempfile.TemporaryDirectory(prefix="greyspace-bench-") as cache:
        found["cold"] = _child(cache, "--part", "first")
        found["warm"] = _child(cache, "--part", "first")
        scales = [scale for scale in ROUNDS if scale < 1 or not asked.quick]
        found["sizes"] = []
        for scale in scales:
            with console.status(f"living at {_scale(scale)}"):
                found["sizes"].append(_child(cache, "--part", repr(scale)))
    for size in found["sizes"]:
        size["summaries"] = [summary(size, threads) for threads in THREADS]
    report(console, found)
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
