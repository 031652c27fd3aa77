"""One population over several processes: what travels, how it scales, and whether it outlasts kills.

    python bench/shards.py              traffic and weak scaling, 1 to 8 workers
    python bench/shards.py --kills 20   one run after another in which a worker or the scheduler is killed

Times are processor seconds, not the clock's: with more workers than cores the clock would show the cores.
"""

import argparse
import os
import pickle
import random
import signal
import tempfile
import threading
import time
from datetime import date
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from greyspace.country import load_pack
from greyspace.results import Store
from greyspace.simulate import Life, loop, plan, run
from greyspace.simulate.cluster import cluster
from greyspace.simulate.shards import Ground, Shards, Task

EACH = 0.004
"""Share of the nation in each shard: 100,000 persons."""

SIZES = (1, 2, 4, 8)
PERIODS = 2
SEED = 7
_LOOPBACK = Path("/sys/class/net/lo/statistics")


class Counted:
    """Workers, and what went to them and came from them."""

    def __init__(self, workers: Any) -> None:
        self.workers, self.tasks, self.sent, self.got = workers, 0, 0, 0

    def give(self, task: Task) -> None:
        self.tasks += 1
        self.sent += len(pickle.dumps(task))
        self.workers.give(task)

    def arrived(self) -> list[tuple[Task, bytes | None]]:
        found = self.workers.arrived()
        self.got += sum(len(answer) for _, answer in found if answer is not None)
        return list(found)


def processor_seconds(number: int) -> float:
    """Of a process, all its threads together."""
    times = psutil.Process(number).cpu_times()
    return float(times.user + times.system)


def loopback() -> tuple[int, int]:
    """Bytes and packets that this machine has sent to itself."""
    return tuple(int((_LOOPBACK / name).read_text()) for name in ("rx_bytes", "rx_packets"))  # type: ignore[return-value]


def one_size(size: int) -> dict[str, float]:
    """A few periods with so many workers, each with as many persons as in any other size."""
    pack = load_pack("dprk")
    made = plan(pack, pack.scenario("history"), seed=SEED, scale=EACH * size, start=date(2019, 1, 7))
    with tempfile.TemporaryDirectory() as folder, cluster(size) as workers:
        counted = Counted(workers)

        def split(ground: Ground) -> Shards:
            return Shards(Path(folder), ground, size, counted)

        life = Life(made, split=split)
        rows = []
        for number in range(PERIODS + 1):
            period = life.world.periods[number]
            scheduler, others = workers.processes()  # type: ignore[attr-defined]
            ids = [os.getpid(), scheduler.pid, *(other.pid for other in others)]
            before, lo = [processor_seconds(each) for each in ids], loopback()
            counted.tasks = counted.sent = counted.got = 0
            life.step(period, life.odds(period), lambda week: None)
            spent = [processor_seconds(each) - b for each, b in zip(ids, before, strict=True)]
            now = loopback()
            rows.append(
                {
                    "weeks": float(period.weeks),
                    "head": spent[0],
                    "scheduler": spent[1],
                    "worker": sum(spent[2:]) / size,
                    "tasks": float(counted.tasks),
                    "sent": float(counted.sent),
                    "got": float(counted.got),
                    "bytes": float(now[0] - lo[0]),
                    "packets": float(now[1] - lo[1]),
                    "log": float((Path(folder) / f"odds-{number:06d}").stat().st_size),
                }
            )
        # The first period makes the people and loads compiled code.
        kept = rows[1:]
        weeks = sum(row["weeks"] for row in kept)
        found = {name: sum(row[name] for row in kept) for name in kept[0]}
        return {name: value / weeks for name, value in found.items()} | {
            "persons": life.made,
            "periods": PERIODS / weeks,
        }


def report(console: Console) -> None:
    """Traffic and weak scaling as a table."""
    shown = Table(title="A week, by number of workers", title_justify="left")
    names = (
        "workers,persons,worker CPU s,head CPU s,scheduler CPU s,tasks,task B,answers KiB,log KiB,loopback KiB,packets"
    )
    for name in names.split(","):
        shown.add_column(name, justify="right")
    for size in SIZES:
        row = one_size(size)
        shown.add_row(
            str(size), f"{row['persons']:,.0f}", f"{row['worker']:.4f}", f"{row['head']:.3f}",
            f"{row['scheduler']:.4f}", f"{row['tasks']:.2f}", f"{row['sent']:,.0f}", f"{row['got'] / 1024:,.0f}",
            f"{row['log'] / 1024:,.0f}", f"{row['bytes'] / 1024:,.0f}", f"{row['packets']:,.0f}",
        )  # fmt: skip
    console.print(shown)


def kills(console: Console, times: int) -> None:
    """Runs of toyland on two workers, in each of which somebody is killed at a random moment; all must be one."""
    loop.CHECKPOINT_SECONDS = 0.0
    dice, pack = random.Random(SEED), load_pack("toyland")
    made = plan(pack, pack.scenario("history"), scale=1.0, start=date(2021, 1, 4), end=date(2021, 12, 27))
    with tempfile.TemporaryDirectory() as alone:
        digest = run(made, Store(alone)).meta["content_digest"]
    with cluster(2) as workers:
        for number in range(times):
            killer = Killer(
                workers, dice.choice(("worker", "scheduler")), dice.randrange(1, 48), dice.uniform(0.0, 0.5)
            )
            begun = time.monotonic()
            with tempfile.TemporaryDirectory() as folder:
                got = run(made, Store(folder), 1, killer, 2, workers)
            same = got.meta["content_digest"] == digest
            console.print(
                f"{number + 1:3} {killer.who} killed {killer.wait:.2f} s after week {killer.week}: "
                f"{'same bytes' if same else 'OTHER BYTES'}, {time.monotonic() - begun:.0f} s",
                highlight=False,
            )
            if not same or not killer.killed:
                raise SystemExit(1)


class Killer:
    """Listens to a run's progress, and kills somebody some time after a week."""

    def __init__(self, workers: Any, who: str, week: int, wait: float) -> None:
        self.workers, self.who, self.week, self.wait = workers, who, week, wait
        self.begun, self.killed = False, 0

    def __call__(self, phase: str, week: int, of: int) -> None:
        if phase == "living" and week >= self.week and not self.begun:
            self.begun = True
            threading.Timer(self.wait, self.kill).start()

    def kill(self) -> None:
        """The first worker, or the scheduler."""
        scheduler, others = self.workers.processes()
        process = scheduler if self.who == "scheduler" else others[0]
        os.kill(process.pid, signal.SIGKILL)
        self.killed = process.pid


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--kills", type=int, default=0, help="how often to kill")
    given = words.parse_args()
    console = Console(width=140)
    if given.kills:
        kills(console, given.kills)
    else:
        report(console)


if __name__ == "__main__":
    main()
