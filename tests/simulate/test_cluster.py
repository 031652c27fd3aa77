"""Shards over Dask: processes that are killed at any moment, and a scheduler that goes away."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import date

import pytest

from given import country
from greyspace.errors import ClusterError, InputError
from greyspace.results import Store
from greyspace.simulate import loop, plan, run
from greyspace.simulate.cluster import _Here, cluster

WEEKS = {"start": date(2021, 1, 4), "end": date(2021, 4, 26)}


@pytest.fixture(scope="module")
def workers():
    with cluster(2) as found:
        yield found


@pytest.fixture(scope="module")
def made():
    pack = country("toyland")
    return plan(pack, pack.scenario("history"), scale=1.0, **WEEKS)


@pytest.fixture(scope="module")
def digest(made, tmp_path_factory):
    return run(made, Store(tmp_path_factory.mktemp("alone"))).meta["content_digest"]


@pytest.mark.parametrize("victim", ["worker", "scheduler", "both"])
def test_processes_may_be_killed(made, digest, workers, tmp_path, monkeypatch, victim):
    monkeypatch.setattr(loop, "CHECKPOINT_SECONDS", 0.0)
    killed, timers = [], []

    def kill():
        scheduler, others = workers.processes()
        for process in {"worker": others[:1], "scheduler": [scheduler], "both": [scheduler, *others]}[victim]:
            os.kill(process.pid, signal.SIGKILL)
            killed.append(process.pid)

    def told(phase, week, of):
        if phase == "living" and not timers and week > 4:
            # In the middle of the next period, or just before it.
            timers.append(threading.Timer(0.2, kill))
            timers[0].start()

    got = run(made, Store(tmp_path), 1, told, 2, workers)
    assert got.meta["content_digest"] == digest
    assert killed


def test_a_scheduler_that_is_killed_while_it_starts_is_started_again(made, digest, tmp_path, monkeypatch):
    usual, killed = _Here._process, []

    def process(self, does, *given):
        started = usual(self, does, *given)
        if not killed:
            started.kill()
            killed.append(started.pid)
        return started

    monkeypatch.setattr(_Here, "_process", process)
    with cluster(2) as workers:
        assert run(made, Store(tmp_path), shards=2, workers=workers).meta["content_digest"] == digest
    assert killed


def dask(*words):
    return subprocess.Popen(
        (sys.executable, "-m", "dask", *words), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def test_a_scheduler_elsewhere_that_dies_leaves_a_run_that_can_be_resumed(made, digest, tmp_path, monkeypatch):
    monkeypatch.setattr(loop, "CHECKPOINT_SECONDS", 0.0)
    told_at = tmp_path / "scheduler.json"
    scheduler = dask("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", told_at)
    worker = None
    try:
        while not told_at.exists():
            time.sleep(0.1)
        worker = dask("worker", "--scheduler-file", told_at, "--nthreads", "1", "--no-dashboard", "--no-nanny")
        address = json.loads(told_at.read_text())["address"]

        def told(phase, week, of):
            if phase == "living" and week > 4:
                scheduler.kill()

        with cluster(2, address) as workers, pytest.raises(ClusterError, match=r"the scheduler at .* is gone"):
            run(made, Store(tmp_path), 1, told, 2, workers)
    finally:
        for process in (scheduler, worker):
            if process is not None:
                process.kill()
                process.wait()
    assert run(made, Store(tmp_path)).meta["content_digest"] == digest


def test_a_scheduler_that_is_not_there_is_said_in_a_sentence():
    with (
        pytest.raises(InputError, match=r"--scheduler tcp://127.0.0.1:1: no Dask scheduler"),
        cluster(2, "tcp://127.0.0.1:1"),
    ):
        pass
