"""Every synthetic person, one by one, on as many threads as wanted: the same bits whatever their number."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import Crowd, Layout, Odds, Tallies, new_tallies
from greyspace.engine.census import Census, Numbers
from greyspace.engine.passes import MOST_PERSONS, live_blocks, room
from greyspace.engine.tables import tables_of
from greyspace.engine.week import keys
from greyspace.errors import InputError

BLOCK_PERSONS = 14_336
"""Persons a block at least: about as many as are lived together, so that threads that share them end together."""

_BLOCKS_AT_ONCE = np.int64(64)
"""Blocks that a thread may live in a call, which costs as much as a thousand persons; Ctrl-C waits for its end."""

Blocks = NDArray[np.int64]


def blocks_of(crowd: Crowd, block_persons: int) -> Blocks:
    """``[B, 2]``: whole units of one region, with at least ``block_persons`` persons or what is left of the region."""
    units = len(crowd.region)
    blocks = []
    start = 0
    ends = [*(np.flatnonzero(np.diff(crowd.region)) + 1).tolist(), units]
    for region_ends in ends:
        while start < region_ends:
            full = int(np.searchsorted(crowd.first, crowd.first[start] + block_persons))
            end = min(max(full, start + 1), region_ends)
            blocks.append((start, end))
            start = end
    found = np.array(blocks, np.int64).reshape(-1, 2)
    # The least come last, so that threads end together.
    return found[np.argsort(np.diff(crowd.first[found])[:, 0] * -1, kind="stable")]


class Individuals:
    """The engine that lets every person of ``crowd`` live; the crowd is advanced in place.

    It follows how many are in which status: who puts other persons in their place does so by :meth:`take_up`.
    """

    def __init__(
        self, crowd: Crowd, layout: Layout, seed: int, threads: int = 1, block_persons: int = BLOCK_PERSONS
    ) -> None:
        if crowd.first[-1] > MOST_PERSONS:
            raise InputError(
                f"{crowd.first[-1]:,} persons are more than one process can let live, {MOST_PERSONS:,}: take a smaller "
                "--scale, or shards."
            )
        self.crowd = crowd
        self.layout = layout
        self._keys = keys(seed)
        self._blocks = blocks_of(crowd, block_persons)
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads - 1) if threads > 1 else None
        self._heard = np.zeros_like(crowd.news)
        largest = int(np.diff(crowd.first).max(initial=0))
        self._rooms = [room(layout, largest) for _ in range(threads)]
        self._census = Census(layout, threads)
        self._odds: Odds | None = None

    def advance(self, odds: Odds, monday: int) -> Tallies:
        """Live the week that starts on ``monday`` (days since 1970-01-01); returns its ``uint32`` tallies."""
        if odds is not self._odds:
            self._odds, self._tables = odds, tables_of(odds, self.layout)
        tallies = [new_tallies(self.layout, odds) for _ in range(self._threads)]
        rows = [_rows(each) for each in tallies]

        def live(thread: int, turn: NDArray[np.int64]) -> None:
            while turn[0] < len(self._blocks):
                live_blocks(
                    self._blocks, turn, _BLOCKS_AT_ONCE, self.crowd, self._heard, self._tables, self._keys,
                    np.int64(monday), rows[thread], self._census.changes[thread], self._rooms[thread],
                )  # fmt: skip

        self._share(live)
        self.crowd.news[:] = self._heard
        self._census.follow(monday)
        return _added_up(tallies)

    def people(self) -> Numbers:
        """``[R, P, S]``: persons who are not gone."""
        return self._census.people(self.crowd)

    def held(self, day: int) -> Numbers:
        """``[R, P]``: those of them who are held on ``day``, the last that was lived or a later one."""
        return self._census.held(self.crowd, day)

    def state(self) -> dict[str, NDArray[Any]]:
        """All that it carries from week to week, for a checkpoint."""
        return {"persons": self.crowd.persons, "news": self.crowd.news}

    def take_up(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Go to the state that :meth:`state` described."""
        self.crowd.persons[:] = state["persons"]
        self.crowd.news[:] = state["news"]
        self._census.forget()

    def _share(self, work: Callable[[int, NDArray[np.int64]], None]) -> None:
        """Let every thread do ``work(thread, turn)``, this one too, until all blocks are taken in turn."""
        turn = np.zeros(1, np.int64)
        others = [self._pool.submit(work, thread, turn) for thread in range(1, self._threads)] if self._pool else []
        try:
            work(0, turn)
        finally:
            turn[0] = len(self._blocks)  # after Ctrl-C the others end with the block that they are at
        for other in others:
            other.result()  # raises what was raised there

    def close(self) -> None:
        """Let the threads go."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def _rows(tallies: Tallies) -> Tallies:
    """The same numbers in rows, as the passes count them."""
    regions = len(tallies.states)
    return tallies._replace(
        states=tallies.states.reshape(regions, -1),
        modes=tallies.modes.reshape(regions, -1),
        outcomes=tallies.outcomes.ravel(),
        cases=tallies.cases.ravel(),
    )


def _added_up(of_threads: list[Tallies]) -> Tallies:
    """The first, with all others added to it."""
    total = of_threads[0]
    for other in of_threads[1:]:
        for mine, theirs in zip(total, other, strict=True):
            mine += theirs
    return total
