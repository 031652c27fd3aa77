"""Processes beside the one that a user started: they never hear Ctrl-C, and never outlive it."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import wait


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
