"""A study whose processes are killed: whether anything is lost, and whether it ends with the same bytes.

    python bench/studies.py --kills 20

Each time one process is killed at a random moment: a worker, the head, or, with a Dask scheduler elsewhere, one of its
workers or the scheduler itself. Where the command ends with that, it is given again. Then the files of the data set are
held against those of a study that nobody touched.
"""

import argparse
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from rich.console import Console

SEED = 7
VICTIMS = ("worker", "head", "worker elsewhere", "scheduler")
MAIN = "import sys; from greyspace.cli.app import main; sys.exit(main())"
FILE = """\
name: kills
country: toyland
scenarios: [history, no-gates]
from: 2021-03-01
to: 2021-04-12
draws: 2
parameters: [devices.life_years, bribery.demand]
measures: [leads]
"""


def head(folder: Path, out: str, *words: str) -> subprocess.Popen[bytes]:
    """The command, at work."""
    (folder / "kills.yaml").write_text(FILE)
    return subprocess.Popen(
        (sys.executable, "-c", MAIN, "study", "kills.yaml", "--out", out, "--quiet", "--json", *words),
        cwd=folder,
        stdout=subprocess.DEVNULL,
    )


def bytes_of(folder: Path) -> str:
    """One hash over every file of a finished data set."""
    hashed = hashlib.blake2s()
    for path in sorted(folder.glob("studies/*/*/*.parquet")):
        hashed.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return hashed.hexdigest()[:16]


def kept(folder: Path) -> int:
    """Runs that are on disk so far."""
    return len(list(folder.glob("studies/.partial/*/pieces/[0-9]*")))


class Elsewhere:
    """A Dask scheduler with two workers, started again as they are killed."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.number = folder, 0
        self.begin()

    def begin(self) -> None:
        """A new scheduler, and new workers."""
        self.number += 1
        told = self.folder / f"scheduler-{self.number}.json"
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": self.folder}
        words = ("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(told))
        self.scheduler = subprocess.Popen((sys.executable, "-m", "dask", *words), **quiet)  # type: ignore[call-overload]
        while not told.exists():
            time.sleep(0.1)
        self.address = json.loads(told.read_text())["address"]
        self.workers = [self.worker() for _ in range(2)]

    def worker(self) -> subprocess.Popen[bytes]:
        """One more worker."""
        words = ("worker", self.address, "--nthreads", "1", "--no-dashboard", "--no-nanny", "--memory-limit", "0")
        return subprocess.Popen(
            (sys.executable, "-m", "dask", *words),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder,
        )  # fmt: skip

    def kill(self, victim: str) -> None:
        """Kill one of its workers, or the scheduler, and start another."""
        if victim == "scheduler":
            for process in (self.scheduler, *self.workers):
                process.kill()
                process.wait()
            self.begin()
        else:
            self.workers[0].kill()
            self.workers[0].wait()
            self.workers = [self.workers[1], self.worker()]

    def end(self) -> None:
        """End all of them."""
        for process in (self.scheduler, *self.workers):
            process.kill()
            process.wait()


def once(folder: Path, elsewhere: Elsewhere, victim: str, after: int, wait: float) -> tuple[str, list[int]]:
    """One study in which somebody is killed; a hash of what it ends with, and how its commands ended."""
    remote = victim in ("worker elsewhere", "scheduler")
    ends: list[int] = []
    struck = False
    while not ends or ends[-1] != 0:
        if len(ends) > 3:
            break
        words = ("--scheduler", elsewhere.address) if remote else ()
        process = head(folder, "results", *words)
        while process.poll() is None:
            if not struck and kept(folder / "results") >= after:
                time.sleep(wait)
                struck = True
                if remote:
                    elsewhere.kill(victim)
                elif victim == "head":
                    process.kill()
                else:
                    children = [c for c in psutil.Process(process.pid).children() if "spawn_main" in str(c.cmdline())]
                    if children:
                        os.kill(children[0].pid, signal.SIGKILL)
            time.sleep(0.02)
        ends.append(process.returncode)
    return bytes_of(folder / "results"), ends


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--kills", type=int, default=20, help="how often to kill")
    given = words.parse_args()
    console, dice = Console(width=120, highlight=False), random.Random(SEED)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        head(folder, "alone").wait()
        want, runs = bytes_of(folder / "alone"), 6
        console.print(f"untouched: {want}")
        elsewhere = Elsewhere(folder)
        try:
            for number in range(given.kills):
                victim, after, wait = VICTIMS[number % len(VICTIMS)], dice.randrange(runs), dice.uniform(0.0, 0.5)
                own = folder / str(number)
                own.mkdir()
                got, ends = once(own, elsewhere, victim, after, wait)
                same = "same bytes" if got == want else "OTHER BYTES"
                console.print(f"{number + 1:3} {victim} killed {wait:.2f} s after run {after}: {same}, status {ends}")
                if got != want or ends[-1] != 0:
                    raise SystemExit(1)
        finally:
            elsewhere.end()


if __name__ == "__main__":
    main()
