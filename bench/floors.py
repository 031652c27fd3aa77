"""What this machine does at best: bytes moved, and blocks of random words drawn. The floors under every other number.

Shared by the programs of this folder; run alone it prints the floors.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from greyspace.draws import SPARE, blocks_of_day, kernel, philox

THREADS = (1, 2)
TRIAD = 1 << 24
"""Numbers in each of the triad's three arrays: 128 MiB each, beyond the caches of a machine of this class."""

BLOCKS = 1 << 22
LANES = 1024
_TRIAD_BYTES = 24
_SEED = np.uint32(7)


@kernel
def _triad(a, b, c, first, last):
    for i in range(first, last):
        a[i] = b[i] + 3.0 * c[i]


@kernel
def _at_once(first, last, seed):
    """Blocks of which none waits for another and none is kept, which the compiler turns into vector instructions."""
    left = np.uint32(0)
    for i in range(first, last):
        w = philox(np.uint32(i), 0, 17000, 0, seed, 1)
        left ^= w[0] ^ w[1] ^ w[2] ^ w[3]
    return left


@kernel
def _kept(first, last, seed, counters, words):
    """Blocks as the engine makes them: from counters in arrays, and into others."""
    c0, c1, c2, w0, w1, w2, w3 = counters[0], counters[1], counters[2], words[0], words[1], words[2], words[3]
    left = np.uint32(0)
    for start in range(first, last, LANES):
        for i in range(LANES):
            c0[i], c1[i], c2[i] = np.uint32(start + i), np.uint32(0), np.uint32(17000)
        blocks_of_day(np.uint32(LANES), c0, c1, c2, w0, w1, w2, w3, seed, np.uint32(1))
        for i in range(LANES):
            left ^= w0[i] ^ w1[i] ^ w2[i] ^ w3[i]
    return left


@kernel
def _in_turn(first, last, seed):
    """Blocks of which each counts on from the one before, so that it must wait."""
    word = np.uint32(0)
    for i in range(first, last):
        word = philox(np.uint32(i) ^ word, 0, 17000, 0, seed, 1)[0]
    return word


@dataclass(frozen=True)
class Floor:
    """What ``threads`` threads reach together; nanoseconds are wall time for a block of four words."""

    threads: int
    bytes_a_second: float
    block_ns: float  # many at once, none kept: the least that drawing can cost
    block_ns_kept: float
    block_ns_in_turn: float


class Machine:
    """Holds arrays and threads, so that floors can be taken again and again between other measurements."""

    def __init__(self) -> None:
        self._a, self._b, self._c = (np.full(TRIAD, value) for value in (0.0, 1.0, 2.0))
        self._pool = ThreadPoolExecutor(max(THREADS))
        if self._keep(0, LANES) != _at_once(0, LANES, _SEED):
            raise AssertionError("the blocks that are kept are not those that are drawn")
        for threads in THREADS:
            self.floor(threads)  # compiles, and touches every page

    def floor(self, threads: int) -> Floor:
        """Take the floors now, in about a fifth of a second."""
        triad = self._seconds(lambda i, k: _triad(self._a, self._b, self._c, i, k), TRIAD, threads)
        return Floor(
            threads,
            _TRIAD_BYTES * TRIAD / triad,
            self._seconds(lambda i, k: _at_once(i, k, _SEED), BLOCKS, threads) / BLOCKS * 1e9,
            self._seconds(self._keep, BLOCKS, threads) / BLOCKS * 1e9,
            self._seconds(lambda i, k: _in_turn(i, k, _SEED), BLOCKS, threads) / BLOCKS * 1e9,
        )

    @staticmethod
    def _keep(first: int, last: int) -> object:
        counters, words = (np.empty((rows, LANES + SPARE), np.uint32) for rows in (3, 4))
        return _kept(first, last, _SEED, counters, words)

    def _seconds(self, work: Callable[[int, int], object], size: int, threads: int) -> float:
        """Wall seconds of ``work`` over ``size`` pieces, split evenly over the threads."""
        cuts = [size * i // threads for i in range(threads + 1)]
        start = time.perf_counter()
        for _ in self._pool.map(work, cuts[:-1], cuts[1:]):
            pass
        return time.perf_counter() - start


def middle(floors: Iterable[Floor]) -> Floor:
    """The median of each number."""
    each = [asdict(floor) for floor in floors]
    return Floor(**{name: statistics.median_low([floor[name] for floor in each]) for name in each[0]})


class Elsewhere:
    """How many processors other programs kept busy, since this was made: why a number may be too large."""

    def __init__(self) -> None:
        self._wall, self._all, self._own = time.perf_counter(), _all_seconds(), _own_seconds()

    def processors(self) -> float:
        """Nan where the system does not tell."""
        others = _all_seconds() - self._all - (_own_seconds() - self._own)
        return max(0.0, others / (time.perf_counter() - self._wall))


def _all_seconds() -> float:
    try:
        ticks = [int(word) for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    except (OSError, ValueError):
        return float("nan")
    user, nice, system, _idle, _waiting, *rest = ticks
    return (user + nice + system + sum(rest)) / os.sysconf("SC_CLK_TCK")


def _own_seconds() -> float:
    times = os.times()
    return times.user + times.system


def machine_in_words() -> str:
    """Processors, their model, memory."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} processors ({models[0] if models else 'unknown model'}), {gib:.0f} GiB"


def table(floors: Iterable[Floor]) -> Table:
    """One row a thread count."""
    shown = Table(title="What the machine does at best", title_justify="left")
    for name in ("threads", "triad, GB/s", "ns a block: many at once", "and kept", "each waits for the last"):
        shown.add_column(name, justify="right")
    for f in floors:
        blocks = (f.block_ns, f.block_ns_kept, f.block_ns_in_turn)
        shown.add_row(str(f.threads), f"{f.bytes_a_second / 1e9:.1f}", *(f"{ns:.1f}" for ns in blocks))
    return shown


def main() -> None:
    """Take the floors in turn, nine times, and print the medians."""
    machine = Machine()
    elsewhere = Elsewhere()
    taken = [[machine.floor(threads) for threads in THREADS] for _ in range(9)]
    console = Console()
    console.print(f"{machine_in_words()}; other programs kept {elsewhere.processors():.1f} busy")
    console.print(table(middle(floors) for floors in zip(*taken, strict=True)))


if __name__ == "__main__":
    main()
