"""Workers over Dask: processes on this machine, or those of a scheduler that somebody else started.

Dask finds a free worker and notices when one is gone; nothing that matters is left to it. A task that got lost is given
again, and a scheduler that died takes no state along: here it is started again with its workers; elsewhere the run ends
with the line that resumes it.
"""

import asyncio
import logging
import multiprocessing
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol

from greyspace.errors import ClusterError, FolderError, InputError
from greyspace.simulate.processes import deaf, leave_with_parent
from greyspace.simulate.shards import Task, Worker, Workers

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

    from distributed import Client, Future, Security

_MOMENT = 0.5
"""Seconds between looks at whether everybody is still there."""

_START_SECONDS = 120.0
_LOST_SECONDS = 30.0
"""How long a scheduler elsewhere may be silent, or without any worker, before a run gives up on it."""

_DEATHS = 20
"""Workers that may die without any answer in between: more have a cause that would not go away."""

_here = Worker()


class Errand(Protocol):
    """Anything else that a worker may be given: lived by itself, wherever there is room."""

    def live(self) -> bytes: ...


def advance(task: Task | Errand) -> bytes:
    """What a worker's process does."""
    return _here.advance(task) if isinstance(task, Task) else task.live()


@contextmanager
def cluster(shards: int, scheduler: str | None = None) -> Iterator[Workers]:
    """Workers for so many shards: as many processes here, or those at the address ``scheduler``.

    InputError if Dask is not installed or the scheduler does not answer.
    """
    _needed("--shards")
    workers = _Here(shards) if scheduler is None else Elsewhere(scheduler)
    try:
        yield workers
    finally:
        workers.end()


@contextmanager
def elsewhere(scheduler: str) -> Iterator["Elsewhere"]:
    """The workers of a Dask scheduler at an address, for errands. InputError as :func:`cluster`."""
    _needed("--scheduler")
    workers = Elsewhere(scheduler)
    try:
        yield workers
    finally:
        workers.end()


def _needed(option: str) -> None:
    try:
        import cryptography  # noqa: F401  (for a cluster on this machine, which nobody else on it may use)
        import distributed  # noqa: F401
    except ImportError as missing:
        raise InputError(
            f"{option} needs {missing.name}, which is not installed: pip install 'greyspace[cluster]'."
        ) from None
    _hush()


def _hush() -> None:
    # What Dask says of a worker's end is said by us, or does not matter.
    for name in list(logging.root.manager.loggerDict):
        if name.split(".")[0] in ("distributed", "tornado", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


class _Dask:
    """Tasks given to a Dask scheduler, each shard to the worker that has its state as long as that is there."""

    def __init__(self, client: "Client") -> None:
        self.client = client
        self._asked: dict[Future[bytes], Any] = {}
        self._done: SimpleQueue[Future[bytes]] = SimpleQueue()
        self._homes: dict[int, str] = {}
        self._unsent: list[Any] = []
        # No other client of the same scheduler may have a task of this name.
        self._name, self._number = f"greyspace-{client.id}", count()
        self._there: list[str] = []
        self._asked_at = 0.0

    def give(self, task: Task | Errand) -> None:
        """Have a task done."""
        try:
            home = self._home(task) if isinstance(task, Task) else None
            future = self.client.submit(
                advance,
                task,
                key=f"{self._name}-{next(self._number)}",
                retries=0,
                pure=False,
                workers=[home] if home else None,
                allow_other_workers=bool(home),
            )
        except Exception:
            # A client without its scheduler fails in many ways.
            if self.client.status == "running":
                raise
            self._unsent.append(task)
            return
        self._asked[future] = task
        future.add_done_callback(self._done.put)

    def _home(self, task: Task) -> str | None:
        """Where the shard is at home; one that lost its home moves to the worker that has the fewest."""
        if time.monotonic() - self._asked_at > _MOMENT or not self._there:
            self._there, self._asked_at = self.addresses(), time.monotonic()
        there = self._there
        if self._homes.get(task.shard) not in there:
            self._homes.pop(task.shard, None)
            fewest = [(sum(home == one for home in self._homes.values()), one) for one in there]
            if fewest:
                self._homes[task.shard] = min(fewest)[1]
        elif 0 < task.period == task.saved:
            # Right after a checkpoint a move costs least: let a newcomer have a share.
            self._even_out(there)
        return self._homes.get(task.shard)

    def _even_out(self, there: list[str]) -> None:
        at = {one: [shard for shard, home in self._homes.items() if home == one] for one in there}
        most, fewest = max(there, key=lambda one: len(at[one])), min(there, key=lambda one: len(at[one]))
        if len(at[most]) > len(at[fewest]) + 1:
            self._homes[at[most][-1]] = fewest

    def addresses(self) -> list[str]:
        """Of the workers that the scheduler knows."""
        return sorted(self.client.scheduler_info()["workers"])

    def count(self) -> int:
        """How many workers there are; none without a scheduler."""
        with suppress(Exception):
            return len(self.addresses())
        return 0

    def answers(self) -> list[tuple[Any, bytes | None]]:
        """Those that came, after waiting a moment for the first."""
        found: list[tuple[Any, bytes | None]] = [(task, None) for task in self._unsent]
        self._unsent.clear()
        with suppress(Empty):
            future = self._done.get(timeout=_MOMENT)
            while True:
                task = self._asked.pop(future, None)
                if task is not None:
                    found.append((task, self._answer(future)))
                future = self._done.get_nowait()
        return found

    def _answer(self, future: "Future[bytes]") -> bytes | None:
        """None if it was lost with a worker or a scheduler; raises what the task raised."""
        try:
            return bytes(future.result(timeout=_LOST_SECONDS))
        except (InputError, FolderError, MemoryError):
            raise
        except ImportError as missing:
            raise InputError(
                f"a worker has no {missing.name} of this version: install the same one everywhere."
            ) from None
        except Exception as failed:
            if type(failed).__module__.split(".")[0] in ("distributed", "asyncio", "concurrent", "tornado"):
                return None
            if isinstance(failed, OSError | TimeoutError):
                return None
            raise

    def connected(self) -> bool:
        """Whether the scheduler is there, as far as the client knows."""
        return bool(self.client.status == "running")

    def abandoned(self) -> list[tuple[Any, bytes | None]]:
        """All tasks that were given and not answered, as lost."""
        found: list[tuple[Any, bytes | None]] = [(task, None) for task in self._asked.values()]
        self._asked.clear()
        return found

    def close(self) -> None:
        with suppress(Exception):
            self.client.close(timeout=2)


class _Here:
    """A scheduler and workers as processes of this machine, which are replaced when they die."""

    def __init__(self, size: int) -> None:
        from distributed import Security

        self._size = size
        # Whoever reaches a scheduler can run anything: with keys that exist in these processes alone, nobody else can.
        self._security: Security = Security.temporary()
        self._folder = tempfile.mkdtemp(prefix="greyspace-workers-")
        self._spawn = multiprocessing.get_context("spawn")
        self._deaths = 0
        self._begin()

    def _begin(self) -> None:
        from distributed import Client

        self._workers: list[SpawnProcess] = []
        while (address := self._start_scheduler()) is None:
            self._count_death(self._scheduler)
        self._address = address
        self._workers = [self._worker() for _ in range(self._size)]
        self._dask = _Dask(Client(self._address, security=self._security, set_as_default=False, timeout=30))
        self._await_workers()

    def _start_scheduler(self) -> str | None:
        """The address of a new scheduler; None if it was ended before it had one."""
        ours, theirs = self._spawn.Pipe()
        self._scheduler = self._process(_schedule, theirs, self._security)
        theirs.close()
        if not ours.poll(_START_SECONDS):
            raise InputError("the scheduler of --shards did not start within two minutes.")
        try:
            return str(ours.recv())
        except EOFError:
            self._scheduler.join()
            return None

    def _await_workers(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while self._scheduler.is_alive() and self._dask.count() < self._size:
            if time.monotonic() > deadline or not all(worker.is_alive() for worker in self._workers):
                return  # a run looks after those who are missing
            time.sleep(0.05)

    def _worker(self) -> "SpawnProcess":
        return self._process(_serve, self._address, self._security, self._folder)

    def _process(self, does: Any, *given: Any) -> "SpawnProcess":
        with deaf():
            process = self._spawn.Process(target=does, args=given, daemon=True)
            process.start()
        return process

    def processes(self) -> "tuple[SpawnProcess, list[SpawnProcess]]":
        """The scheduler and its workers, as they are now."""
        return self._scheduler, list(self._workers)

    def give(self, task: Task) -> None:
        self._dask.give(task)

    def arrived(self) -> list[tuple[Task, bytes | None]]:
        found = self._dask.answers()
        if any(answer is not None for _, answer in found):
            self._deaths = 0
        for i, worker in enumerate(self._workers):
            if not worker.is_alive():
                self._count_death(worker)
                self._workers[i] = self._worker()
        if not (self._scheduler.is_alive() and self._dask.connected()):
            self._count_death(self._scheduler)
            found += self._dask.abandoned()
            self._stop()
            self._begin()
        return found

    def _count_death(self, process: "SpawnProcess") -> None:
        self._deaths += 1
        if self._deaths > _DEATHS:
            raise ClusterError(
                f"the system ends process after process of --shards (status {process.exitcode}), most often for want "
                "of memory; take more machines or a smaller --scale"
            )

    def _stop(self) -> None:
        self._dask.close()
        with deaf():
            for process in (self._scheduler, *self._workers):
                process.kill()
                process.join()

    def end(self) -> None:
        self._stop()
        shutil.rmtree(self._folder, ignore_errors=True)


class Elsewhere:
    """The workers of a scheduler that somebody else looks after."""

    def __init__(self, address: str) -> None:
        from distributed import Client

        self._address = address
        try:
            client = Client(address, set_as_default=False, timeout=10)
        except (OSError, ValueError, TimeoutError) as failed:
            raise InputError(
                f"--scheduler {address}: no Dask scheduler of this version answers there ({type(failed).__name__})."
            ) from None
        self._dask = _Dask(client)
        self._seen = time.monotonic()
        while not self._dask.count():
            time.sleep(0.1)
            if time.monotonic() - self._seen < _START_SECONDS:
                continue
            self.end()
            raise InputError(f"--scheduler {address}: it has no workers; start some with 'dask worker {address}'.")

    def give(self, task: Task | Errand) -> None:
        """Have a task or an errand done."""
        self._dask.give(task)

    def count(self) -> int:
        """How many workers there are."""
        return self._dask.count()

    def arrived(self) -> list[tuple[Any, bytes | None]]:
        """Answers that came since; None for what was lost. ClusterError where the scheduler or all workers are gone."""
        found = self._dask.answers()
        if not self._dask.connected():
            raise ClusterError(f"the scheduler at {self._address} is gone")
        if found or self._dask.count():
            self._seen = time.monotonic()
        elif time.monotonic() - self._seen > _LOST_SECONDS:
            raise ClusterError(f"the scheduler at {self._address} has no workers any more")
        return found

    def end(self) -> None:
        self._dask.close()


# -- processes on this machine


def _schedule(pipe: Connection, security: "Security") -> None:
    leave_with_parent()
    from distributed import Scheduler

    _hush()

    async def serve() -> None:
        # No page: whoever opened it could see, but also steer.
        scheduler = Scheduler(
            host="127.0.0.1", port=0, dashboard=False, dashboard_address="127.0.0.1:0", security=security
        )
        async with scheduler:
            pipe.send(scheduler.address)
            pipe.close()
            await scheduler.finished()

    asyncio.run(serve())


def _serve(address: str, security: "Security", folder: str) -> None:
    leave_with_parent()
    from distributed import Worker as DaskWorker

    _hush()

    async def serve() -> None:
        worker = DaskWorker(
            address,
            nthreads=1,
            host="127.0.0.1",
            memory_limit=0,
            local_directory=folder,
            security=security,
            death_timeout=_START_SECONDS,
        )
        async with worker:
            await worker.finished()

    with suppress(OSError, TimeoutError, asyncio.CancelledError):
        asyncio.run(serve())
