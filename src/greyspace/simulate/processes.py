"""Processes beside the one that a user started: they never hear Ctrl-C, and never outlive it."""

import multiprocessing
import os
import pickle
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess


@contextmanager
def deaf() -> Iterator[None]:
    """Hold Ctrl-C back meanwhile; processes started here never hear it.

    A terminal sends Ctrl-C to all processes of a command: only the first may answer it.
    """
    # Started by itself later, it would let Ctrl-C through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def leave_with_parent() -> None:
    """Called in a process that was started: it ends when the one that started it is gone, however that ended."""
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)


def end(processes: "Mapping[Connection, SpawnProcess]") -> None:
    """End processes, whatever they do, and close the pipes to them."""
    with deaf():
        for process in processes.values():
            process.kill()
        for pipe, process in processes.items():
            process.join()
            pipe.close()


def seldom(tell: Callable[[str, int, int], None], seconds: float) -> Callable[[str, int, int], None]:
    """Progress that is told of each phase once in so many ``seconds`` at most: who hears it has other things to do."""
    last: dict[str, float] = {}

    def told(phase: str, done: int, of: int) -> None:
        now = time.monotonic()
        if now - last.get(phase, 0.0) > seconds:
            last[phase] = now
            tell(phase, done, of)

    return told


def portable(mistake: Exception) -> Exception:
    """The mistake, or what can be sent of it, with its traceback as a note."""
    mistake.add_note(traceback.format_exc())
    try:
        again: Any = pickle.loads(pickle.dumps(mistake))
    except Exception:
        again = None
    if isinstance(again, type(mistake)):
        return mistake
    return RuntimeError(f"{type(mistake).__name__}: {mistake}")
