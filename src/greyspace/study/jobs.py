"""Independent jobs on several processes: what they come to never depends on how they are spread, or on who dies."""

import multiprocessing
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, Self, TypeVar, cast

from greyspace.errors import ClusterError, InputError
from greyspace.simulate.processes import deaf, end, leave_with_parent, portable

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

Tell = Callable[[str, int, int], None]
"""Called with a phase in words, jobs done and jobs in all."""

Result_co = TypeVar("Result_co", covariant=True)

_DEATHS = 5
"""Processes that may die without any answer in between: more have a cause that would not go away."""


_LOST = 50
"""Jobs that workers elsewhere may lose without any answer in between."""


class Job(Protocol[Result_co]):
    """Something that can be sent to another process and lived there."""

    def live(self) -> Result_co: ...


def lived(jobs: Sequence[Job[Result_co]], workers: int, phase: str, tell: Tell) -> list[Result_co]:
    """Live all jobs, on several processes where there are several workers; results in the order of the jobs."""
    found: dict[int, Result_co] = {}
    tell(phase, 0, len(jobs))
    for number, result in each([[(number, job)] for number, job in enumerate(jobs)], min(workers, len(jobs))):
        found[number] = result
        tell(phase, len(found), len(jobs))
    return [found[number] for number in range(len(jobs))]


def each(
    chains: Iterable[Sequence[tuple[int, Job[Result_co]]]], workers: int
) -> Generator[tuple[int, Result_co], None, None]:
    """Live numbered jobs, and give the number and the result of each as it ends.

    Jobs of one chain are lived one after the other by one process, which may keep for the next what they share. A
    process that dies is replaced, and its job given again. InputError where one process after the other dies.
    """
    if workers <= 1:
        for chain in chains:
            for number, job in chain:
                yield number, job.live()
        return
    with _Processes[Result_co](workers) as processes:
        yield from processes.live(iter(chains))


class _Numbered(NamedTuple):
    """A job on its way to a worker elsewhere."""

    number: int
    job: Job[bytes]

    def live(self) -> bytes:
        return self.job.live()


def each_elsewhere(jobs: Iterable[tuple[int, Job[bytes]]], scheduler: str) -> Generator[tuple[int, bytes], None, None]:
    """As :func:`each`, by the workers of a Dask scheduler; ClusterError where it, or all of them, are gone."""
    from greyspace.simulate.cluster import elsewhere

    waiting, given, lost = iter(jobs), 0, 0
    with elsewhere(scheduler) as workers:
        while True:
            # Twice as many as there are workers: none waits, and no more lie about.
            while given < 2 * max(workers.count(), 1) and (job := next(waiting, None)) is not None:
                workers.give(_Numbered(*job))
                given += 1
            if not given:
                return
            for told, answer in workers.arrived():
                if answer is None:
                    lost += 1
                    if lost > _LOST:
                        raise ClusterError(f"the workers at {scheduler} die one after the other")
                    workers.give(told)
                    continue
                given, lost = given - 1, 0
                yield told.number, answer


class _Processes(Generic[Result_co]):
    """Processes of this machine that wait for jobs."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._spawn = multiprocessing.get_context("spawn")
        self._processes: dict[Connection, SpawnProcess] = {}
        self._at: dict[Connection, deque[tuple[int, Job[Result_co]]]] = {}
        self._idle: list[Connection] = []
        self._deaths = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        # Nothing needs to be said to them first: they keep nothing of their own.
        end(self._processes)

    def live(self, chains: Iterator[Sequence[tuple[int, Job[Result_co]]]]) -> Iterator[tuple[int, Result_co]]:
        """Live all chains; as :func:`each`."""
        while True:
            while len(self._at) < self._most and (chain := next(chains, None)) is not None:
                if chain:
                    self._begin(self._idle.pop() if self._idle else self._another(), deque(chain))
            if not self._at:
                return
            for heard in wait(list(self._at)):
                pipe = cast(Connection, heard)
                chain_at = self._at.pop(pipe)
                try:
                    result, mistake = pipe.recv()
                except (EOFError, OSError):
                    self._begin(self._after_death(pipe), chain_at)
                    continue
                if mistake is not None:
                    raise mistake
                self._deaths = 0
                number, _ = chain_at.popleft()
                if chain_at:
                    self._begin(pipe, chain_at)
                else:
                    self._idle.append(pipe)
                yield number, result

    def _begin(self, pipe: Connection, chain: deque[tuple[int, Job[Result_co]]]) -> None:
        while True:
            try:
                pipe.send(chain[0][1])
                break
            except OSError:  # it died while it waited
                pipe = self._after_death(pipe)
        self._at[pipe] = chain

    def _another(self) -> Connection:
        ours, theirs = self._spawn.Pipe()
        with deaf():
            process = self._spawn.Process(target=_work, args=(theirs,), daemon=True)
            process.start()
        theirs.close()
        self._processes[ours] = process
        return ours

    def _after_death(self, pipe: Connection) -> Connection:
        """A process in place of one that died."""
        dead = self._processes.pop(pipe)
        dead.join()
        pipe.close()
        self._deaths += 1
        if self._deaths > _DEATHS:
            raise InputError(
                f"the system ends process after process of greyspace (status {dead.exitcode}), most often for want of "
                "memory: give the command again with --threads 1; what was finished is kept."
            )
        return self._another()


def _work(pipe: Connection) -> None:
    """What a process does: job after job, until the one that started it goes."""
    leave_with_parent()
    while True:
        try:
            job = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            answer: tuple[Any, Exception | None] = (job.live(), None)
        except Exception as mistake:
            answer = (None, portable(mistake))
        try:
            pipe.send(answer)
        except OSError:
            return
