"""Processes that live what is asked: each warm, with a limit on its memory, and gone when nobody needs it any more."""

import os
import resource
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, Protocol

from greyspace.errors import FolderError, InputError
from greyspace.simulate.processes import deaf, leave_with_parent

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

MEMORY = 6 * 2**30
"""Bytes that one process may take: many times what a life needs, far less than a machine has."""

FAULT = "a fault in greyspace: the terminal in which the explorer runs says more."


class Task(Protocol):
    """What can be sent to a process and done there."""

    def do(self, tell: Callable[..., None], stop: Callable[[], bool]) -> Any: ...


class Worker:
    """A process that does one task after the other. ``pipe`` has what it says: see :func:`_serve`."""

    def __init__(self, nice: int = 0) -> None:
        spawn = get_context("spawn")
        self.pipe, theirs = spawn.Pipe()
        with deaf():
            self.process: SpawnProcess = spawn.Process(target=_serve, args=(theirs, nice), daemon=True)
            self.process.start()
        theirs.close()

    def give(self, number: int, task: Task) -> None:
        """Hand it a task; OSError where the process is gone."""
        self.pipe.send((number, task))

    def stop(self, number: int) -> None:
        """Tell it that nobody wants a task any more."""
        with suppress(OSError):
            self.pipe.send((number, None))

    def kill(self) -> None:
        """End the process, whatever it does."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _serve(pipe: Connection, nice: int) -> None:
    """Do what comes. Said of each task by its number: "told" and what, then one of "done" and the result, "stopped",
    "refused" or "mistake" and a sentence.
    """
    leave_with_parent()
    with suppress(ValueError, OSError):  # a system that knows no such limit
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    with suppress(OSError):
        os.nice(nice)
    waiting: list[tuple[int, Task | None]] = []
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            number, task = waiting.pop(0) if waiting else pipe.recv()
            if task is None:  # stopped when it was done already
                continue
            pipe.send((number, *_done(number, task, pipe, waiting)))


def _done(number: int, task: Task, pipe: Connection, waiting: list[tuple[int, Task | None]]) -> tuple[str, Any]:
    from greyspace.study.whatif import Stopped

    def stop() -> bool:
        while pipe.poll():
            waiting.append(pipe.recv())
        return (number, None) in waiting

    try:
        return "done", task.do(lambda *what: pipe.send((number, "told", what)), stop)
    except Stopped:
        return "stopped", None
    except InputError as mistake:
        return "refused", str(mistake)
    except FolderError as mistake:
        return "mistake", str(mistake)
    except MemoryError:
        return (
            "mistake",
            f"this took more than {MEMORY >> 30} GiB of memory and was ended: ask for fewer years or people.",
        )
    except (EOFError, BrokenPipeError, ConnectionResetError):
        raise
    except Exception:
        traceback.print_exc()
        return "mistake", FAULT
