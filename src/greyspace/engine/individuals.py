"""Every synthetic person, one by one, on as many threads as wanted: the same bits whatever their number."""

from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import Crowd, Layout, Odds, Tallies, new_tallies
from greyspace.engine.passes import Room, live_units, room
from greyspace.engine.walks import walks_of
from greyspace.engine.week import PROFILE_AND_STATUS, count_people, keys

BLOCK_PERSONS = 131_072
"""Persons a block at least: large enough that a block costs more than its hand-over, small enough to stop soon."""


def blocks_of(crowd: Crowd, block_persons: int) -> list[tuple[int, int]]:
    """Ranges of whole units of one region with at least ``block_persons`` persons, or what is left of the region."""
    blocks = []
    start = 0
    units = len(crowd.region)
    for unit in range(1, units + 1):
        ends_region = unit == units or crowd.region[unit] != crowd.region[start]
        if ends_region or crowd.first[unit] - crowd.first[start] >= block_persons:
            blocks.append((start, unit))
            start = unit
    return blocks


class Individuals:
    """The engine that lets every person of ``crowd`` live; the crowd is advanced in place."""

    def __init__(
        self, crowd: Crowd, layout: Layout, seed: int, threads: int = 1, block_persons: int = BLOCK_PERSONS
    ) -> None:
        self.crowd = crowd
        self.layout = layout
        self._keys = keys(seed)
        self._blocks = blocks_of(crowd, block_persons)
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads) if threads > 1 else None
        self._heard = np.zeros_like(crowd.news)
        largest = int(np.diff(crowd.first).max(initial=0))
        self._rooms = [room(layout, largest) for _ in range(threads)]
        self._odds: Odds | None = None

    def advance(self, odds: Odds, monday: int) -> Tallies:
        """Live the week that starts on ``monday`` (days since 1970-01-01); returns its ``uint32`` tallies."""
        if odds is not self._odds:
            self._odds, self._walks = odds, walks_of(odds, self.layout)
        tallies = [new_tallies(self.layout, odds) for _ in range(self._threads)]
        free: SimpleQueue[tuple[Tallies, Room]] = SimpleQueue()
        for own in zip(tallies, self._rooms, strict=True):
            free.put(own)

        def live(block: tuple[int, int]) -> None:
            own = free.get()
            live_units(
                block[0], block[1], self.crowd, self._heard, odds, self.layout, self._walks, self._keys,
                np.int64(monday), *own,
            )  # fmt: skip
            free.put(own)

        if self._pool is None:
            for block in self._blocks:
                live(block)
        else:
            # Consuming the map raises what a thread raised, and lets Ctrl-C in between blocks.
            for _ in self._pool.map(live, self._blocks):
                pass
        self.crowd.news[:] = self._heard
        total = tallies[0]
        for other in tallies[1:]:
            for mine, theirs in zip(total, other, strict=True):
                mine += theirs
        return total

    def census(
        self, day: int, profiles: int, statuses: int, regions: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """``people[R, P, S]`` by status and ``held[R, P]`` on ``day``; those who are gone are not counted."""
        people = np.zeros((regions, profiles, statuses), np.int64)
        held = np.zeros((regions, profiles), np.int64)
        counts = np.zeros((4, PROFILE_AND_STATUS + 1), np.uint32)
        count_people(self.crowd, np.int64(day), people, held, counts)
        return people, held

    def close(self) -> None:
        """Let the threads go."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
