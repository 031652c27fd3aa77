"""Several runs at once, each in a process of its own; what they come to never depends on how they are spread."""

import multiprocessing
import shlex
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING, cast

from greyspace.cli.words import Split
from greyspace.errors import ClusterError, FolderError, InputError
from greyspace.simulate.processes import deaf, end, leave_with_parent, portable, seldom

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

    from greyspace.results import Results, Store
    from greyspace.simulate import Plan
    from greyspace.simulate.shards import Workers

Told = Callable[[int, str, int, int], None]
"""Called with the number of a run, its phase, weeks done and weeks in all."""

_TELL_SECONDS = 0.1


def live(plans: "Sequence[Plan]", root: Path, cores: int, gpu: bool, told: Told, done: Callable[[int], None]) -> None:
    """Live the runs of ``plans`` on ``cores`` cores; ``done`` is called with the number of each that is finished.

    One run has all cores as threads; several have a process each, as many at once as there are cores. On a graphics
    card, with ``gpu``, they live one after the other.
    InputError and FolderError as ``simulate.run``; the runs that were not finished can be resumed.
    """
    if not plans:
        return
    if gpu or cores == 1 or len(plans) == 1:
        from greyspace.results import Store

        store = Store(root)
        for number, plan in enumerate(plans):
            lived(plan, store, cores, partial(told, number), gpu=gpu)
            done(number)
        return
    count = min(cores, len(plans))
    pool = _Pool(count, root, cores // count)
    try:
        pool.work(plans, told, done)
    finally:
        pool.end()


def spread(plans: "Sequence[Plan]", root: Path, split: Split, told: Told, done: Callable[[int], None]) -> None:
    """Live the runs one after the other, each in shards; as ``live``, and ClusterError where the workers are gone."""
    if not plans:
        return
    from greyspace.results import Store
    from greyspace.simulate.cluster import cluster

    store = Store(root)
    with cluster(split.shards, split.scheduler) as workers:
        for number, plan in enumerate(plans):
            tell = partial(told, number)
            try:
                lived(plan, store, 1, tell, split.shards, workers)
            except ClusterError as gone:
                again = ["greyspace", "resume", plan.run_id, "--out", str(root), *split.words]
                raise ClusterError(f"{gone}; what was saved is kept, and this goes on: {shlex.join(again)}") from gone
            done(number)


def lived(
    plan: "Plan",
    store: "Store",
    threads: int,
    tell: Callable[[str, int, int], None],
    shards: int = 1,
    workers: "Workers | None" = None,
    gpu: bool = False,
) -> "Results":
    """``simulate.run``; a run that another process finished in the same moment is taken as finished."""
    from greyspace.simulate import run

    try:
        return run(plan, store, threads, tell, shards, workers, gpu)
    except FolderError:
        finished = store.complete(plan.run_id)
        if finished is None:
            raise
        return finished


class _Pool:
    """Processes that wait for runs."""

    def __init__(self, count: int, root: Path, threads: int) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._processes: dict[Connection, SpawnProcess] = {}
        with deaf():
            for _ in range(count):
                ours, theirs = spawn.Pipe()
                process = spawn.Process(target=_work, args=(theirs, root, threads), daemon=True)
                process.start()
                theirs.close()
                self._processes[ours] = process

    def work(self, plans: "Sequence[Plan]", told: Told, done: Callable[[int], None]) -> None:
        waiting = list(enumerate(plans))[::-1]
        for pipe in self._processes:
            self._give(pipe, waiting.pop())
        left = len(plans)
        while left:
            for heard in wait(list(self._processes)):
                pipe = cast(Connection, heard)
                try:
                    kind, number, what = pipe.recv()
                except (EOFError, OSError):
                    raise _died(self._processes[pipe]) from None
                if kind == "told":
                    told(number, *what)
                elif kind == "mistake":
                    raise what
                else:
                    done(number)
                    left -= 1
                    if waiting:
                        self._give(pipe, waiting.pop())

    def _give(self, pipe: Connection, work: "tuple[int, Plan]") -> None:
        try:
            pipe.send(work)
        except OSError:
            raise _died(self._processes[pipe]) from None

    def end(self) -> None:
        # A run is safe against a kill at any moment: nothing needs to be said to it first.
        end(self._processes)


def _died(process: "SpawnProcess") -> InputError:
    process.join()
    return InputError(
        f"the system ended a process of greyspace (status {process.exitcode}), most often for want of memory: "
        "give the command again with --threads 1; what was finished is kept."
    )


def _work(pipe: Connection, root: Path, threads: int) -> None:
    """What a process does: run after run, until the one that started it goes."""
    leave_with_parent()
    from greyspace.results import Store

    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            number, plan = pipe.recv()
            try:
                tell = seldom(lambda *what, n=number: pipe.send(("told", n, what)), _TELL_SECONDS)
                lived(plan, Store(root), threads, tell)
            except Exception as mistake:
                pipe.send(("mistake", number, portable(mistake)))
            else:
                pipe.send(("done", number, None))
