"""Runs and comparisons: they take minutes, one after the other, go on when the page is closed, and can be cancelled."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

from greyspace.web.live import DIED, Full
from greyspace.web.workers import Task, Worker

WAITING = 8
"""Jobs that may wait."""

KEPT = 100
"""Finished jobs that are remembered."""

_OFTEN = 0.25
"""Seconds between two looks at a job's progress."""

State = Literal["waiting", "running", "done", "failed", "cancelled"]
ENDED = ("done", "failed", "cancelled")


@dataclass(eq=False)
class Job:
    """One run or comparison. ``result``: what it made, once it is done."""

    kind: str
    says: str
    country: str
    key: str
    task: Task
    request: dict[str, Any]
    id: str = field(default_factory=lambda: secrets.token_hex(4))
    state: State = "waiting"
    phase: str = ""
    done: int = 0
    of: int = 0
    error: str | None = None
    result: dict[str, str] | None = None
    began: float | None = None
    ended: float | None = None
    changes: int = 0

    @property
    def seconds(self) -> float:
        """How long it has been at work, or was."""
        if self.began is None:
            return 0.0
        return round((self.ended or time.monotonic()) - self.began, 1)


class Jobs:
    """Jobs, newest last; one at a time, in a process of its own that is ended with it."""

    def __init__(self, finished: Callable[[Job], None], idle: Callable[[], None]) -> None:
        """``finished`` is called with a job that is done; ``idle`` when none is at work any more."""
        self._jobs: dict[str, Job] = {}
        self._finished = finished
        self._rest = idle
        self._worker: Worker | None = None
        self._running: Job | None = None

    def list(self) -> list[Job]:
        """All that are remembered, newest first."""
        return list(self._jobs.values())[::-1]

    def get(self, job: str) -> Job | None:
        """The job of an id."""
        return self._jobs.get(job)

    @property
    def process(self) -> int | None:
        """The number of the process at work."""
        return self._worker.process.pid if self._worker else None

    def add(self, job: Job) -> Job:
        """Take a job on; one that does the same and is not ended is given instead. Full if too many wait."""
        for other in self._jobs.values():
            if other.key == job.key and other.state not in ENDED:
                return other
        if sum(other.state == "waiting" for other in self._jobs.values()) >= WAITING:
            raise Full
        self._jobs[job.id] = job
        for old in [j for j in self._jobs.values() if j.state in ENDED][:-KEPT]:
            del self._jobs[old.id]
        self._next()
        return job

    def cancel(self, job: Job) -> None:
        """End a job, and its process at once."""
        if job.state == "waiting":
            self._end(job, "cancelled")
        elif job is self._running:
            self._free()
            self._end(job, "cancelled")
            self._next()

    def close(self) -> None:
        """End whatever is at work."""
        self._free()

    async def changes(self, job: Job) -> AsyncIterator[Job]:
        """The job now, and again each time that it has changed, until it is ended."""
        seen = -1
        while True:
            if job.changes != seen:
                seen = job.changes
                yield job
                if job.state in ENDED:
                    return
            await asyncio.sleep(_OFTEN)

    def _next(self) -> None:
        if self._running is not None:
            return
        job = next((job for job in self._jobs.values() if job.state == "waiting"), None)
        if job is None:
            self._rest()
            return
        # Behind the questions of the page.
        self._worker = worker = Worker(nice=10)
        self._running, job.state, job.began = job, "running", time.monotonic()
        job.changes += 1
        asyncio.get_running_loop().add_reader(worker.pipe.fileno(), self._hear, worker)
        with suppress(OSError):
            worker.give(1, job.task)

    def _hear(self, worker: Worker) -> None:
        job = self._running
        if job is None or worker is not self._worker:
            return
        try:
            while worker.pipe.poll():
                _, kind, what = worker.pipe.recv()
                if kind == "told":
                    job.phase, job.done, job.of = what
                    job.changes += 1
                    continue
                self._free()
                failed = kind != "done"
                if failed:
                    job.error = what
                self._end(job, "failed" if failed else "done")
                self._next()
                return
        except (EOFError, OSError):
            self._free()
            job.error = DIED
            self._end(job, "failed")
            self._next()

    def _free(self) -> None:
        self._running = None
        if self._worker is not None:
            worker, self._worker = self._worker, None
            with suppress(RuntimeError):
                asyncio.get_running_loop().remove_reader(worker.pipe.fileno())
            worker.kill()

    def _end(self, job: Job, state: State) -> None:
        job.state, job.ended = state, time.monotonic()
        if state == "done":
            job.done = job.of
            try:
                self._finished(job)
            except Exception as mistake:
                job.state, job.error = "failed", str(mistake)
        job.changes += 1
