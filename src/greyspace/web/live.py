"""Questions at work: one a core, those that nobody wants any more stopped, the same one lived once for all who ask.

All of this runs in the one thread of the server; the lives are lived in processes.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from greyspace.errors import FolderError
from greyspace.web.workers import Task, Worker

WAITING = 64
"""Questions that may wait; further ones are sent away for a while."""

GRACE = 2.0
"""Seconds that a process has to stop by itself before it is ended."""

DIED = "the process that worked on this ended, most often for want of memory: ask again, or for fewer years."

Event = tuple[str, Any]
"""told, done, stopped, refused or mistake, and what goes with it."""


class Full(Exception):
    """Too many questions wait."""


@dataclass(eq=False)
class Ticket:
    """One thing to be worked out, for all who asked for it. ``ahead``: nobody asked, somebody may."""

    key: str
    task: Task
    number: int
    ahead: bool
    said: list[Event] = field(default_factory=list)
    listeners: list["asyncio.Queue[Event]"] = field(default_factory=list)
    worker: Worker | None = None
    stopping: bool = False

    def say(self, event: Event) -> None:
        """Tell all who listen, and those who come later."""
        self.said.append(event)
        for listener in self.listeners:
            listener.put_nowait(event)


class Live:
    """Tickets and the processes that work on them, as many as ``cores``."""

    def __init__(self, cores: int, nice: int = 0) -> None:
        self.cores = cores
        self._nice = nice
        self._idle: list[Worker] = []
        self._at: dict[Worker, Ticket] = {}
        self._waiting: deque[Ticket] = deque()
        self._tickets: dict[str, Ticket] = {}
        self._later: deque[tuple[str, Task]] = deque()
        self.begun = 0
        self._closed = False
        self.done: Callable[[str], None] = lambda key: None
        """Called with the key of each ticket that is done, before anybody hears of it."""
        self.quiet: Callable[[], bool] = lambda: True
        """Whether there is time for what nobody asked for."""

    def start(self) -> None:
        """Start the processes; within a running loop."""
        for _ in range(self.cores):
            self._hire()

    def close(self) -> None:
        """End all processes."""
        self._closed = True
        for worker in [*self._idle, *self._at]:
            self._let_go(worker)

    def prepare(self, key: str, task: Task) -> None:
        """Work something out when there is nothing else to do."""
        self._later.append((key, task))
        self._next()

    def go_on(self) -> None:
        """There may be time again for what nobody asked for."""
        if not self._closed:
            self._next()

    @property
    def processes(self) -> list[int]:
        """The numbers of the processes."""
        return [worker.process.pid or 0 for worker in (*self._idle, *self._at)]

    @property
    def at_work(self) -> list[int]:
        """The numbers of those that work on something."""
        return [worker.process.pid or 0 for worker in self._at]

    def ask(self, key: str, task: Task) -> Ticket:
        """A ticket for a task; whoever asks for the same key meanwhile has the same ticket. Full if too many wait."""
        ticket = self._tickets.get(key)
        if ticket is None or ticket.stopping:
            if len(self._waiting) >= WAITING:
                raise Full
            ticket = self._ticket(key, task, ahead=False)
            self._waiting.append(ticket)
        ticket.ahead = False
        self._next()
        return ticket

    def ahead_of(self, ticket: Ticket) -> int:
        """How many wait before a ticket; 0 where it is at work."""
        return self._waiting.index(ticket) + 1 if ticket in self._waiting else 0

    def listen(self, ticket: Ticket) -> "asyncio.Queue[Event]":
        """What is told of a ticket, from its beginning on; the last event is none that is told."""
        queue: asyncio.Queue[Event] = asyncio.Queue()
        for event in ticket.said:
            queue.put_nowait(event)
        ticket.listeners.append(queue)
        return queue

    def leave(self, ticket: Ticket, queue: "asyncio.Queue[Event]") -> None:
        """Listen no more. When nobody does, the ticket is stopped."""
        ticket.listeners.remove(queue)
        if not ticket.listeners and not ticket.ahead:
            self._give_up(ticket)

    # -- inside

    def _ticket(self, key: str, task: Task, ahead: bool) -> Ticket:
        self.begun += 1
        ticket = self._tickets[key] = Ticket(key, task, self.begun, ahead)
        return ticket

    def _hire(self) -> None:
        worker = Worker(self._nice)
        self._idle.append(worker)
        asyncio.get_running_loop().add_reader(worker.pipe.fileno(), self._hear, worker)

    def _let_go(self, worker: Worker) -> None:
        with suppress(RuntimeError):
            asyncio.get_running_loop().remove_reader(worker.pipe.fileno())
        if worker in self._idle:
            self._idle.remove(worker)
        self._at.pop(worker, None)
        worker.kill()

    def _next(self) -> None:
        while self._waiting and self._idle:
            self._begin(self._waiting.popleft())
        if self._waiting:
            # What nobody asked for makes way.
            for ticket in list(self._at.values()):
                if ticket.ahead and not ticket.stopping:
                    self._later.appendleft((ticket.key, ticket.task))
                    self._stop(ticket)
                    return
        elif self._later and not self._at and self.quiet():
            key, task = self._later.popleft()
            if key not in self._tickets:
                self._begin(self._ticket(key, task, ahead=True))

    def _begin(self, ticket: Ticket) -> None:
        # Who was at work last has most of what is needed.
        worker = self._idle.pop()
        self._at[worker] = ticket
        ticket.worker = worker
        try:
            worker.give(ticket.number, ticket.task)
        except OSError:
            self._lost(worker)

    def _hear(self, worker: Worker) -> None:
        try:
            while worker.pipe.poll():
                number, kind, what = worker.pipe.recv()
                ticket = self._at.get(worker)
                if ticket is None or ticket.number != number:
                    continue
                if kind == "told":
                    ticket.say((kind, what))
                else:
                    del self._at[worker]
                    self._idle.append(worker)
                    self._end(ticket, (kind, what))
        except (EOFError, OSError):
            self._lost(worker)

    def _lost(self, worker: Worker) -> None:
        ticket = self._at.get(worker)
        self._let_go(worker)
        if not self._closed:
            self._hire()
        if ticket is not None:
            self._end(ticket, ("stopped", None) if ticket.stopping else ("mistake", DIED))

    def _end(self, ticket: Ticket, event: Event) -> None:
        if self._tickets.get(ticket.key) is ticket:
            del self._tickets[ticket.key]
        ticket.worker = None
        if event[0] == "done":
            try:
                self.done(ticket.key)
            except FolderError as refused:
                event = ("mistake", str(refused))
        ticket.say(event)
        if not self._closed:
            self._next()

    def _give_up(self, ticket: Ticket) -> None:
        if ticket in self._waiting:
            self._waiting.remove(ticket)
            self._end(ticket, ("stopped", None))
        elif ticket.worker is not None and not ticket.stopping:
            self._stop(ticket)

    def _stop(self, ticket: Ticket) -> None:
        worker = ticket.worker
        assert worker is not None
        ticket.stopping = True
        worker.stop(ticket.number)

        def end() -> None:
            if self._at.get(worker) is ticket:
                self._lost(worker)

        asyncio.get_running_loop().call_later(GRACE, end)
