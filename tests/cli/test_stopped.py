"""A run that is stopped or killed loses little, and ends as if nothing had been."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

import greyspace as gs

SHORT = ("--country", "toyland", "--from", "2019-01-07", "--to", "2019-06-24", "--draws", "0", "--quiet", "--seed", "3")

AT_WEEK = """
import os, signal
from greyspace.cli import progress
from greyspace.simulate import loop
loop.CHECKPOINT_SECONDS = 0.0
def told(self, number, phase, week, of):
    if week >= {week} and not fired:
        fired.append(True)
        os.kill(os.getpid(), signal.{signal})
fired = []
progress.Screen.told = told
"""


def uninterrupted(scenario="history", **more):
    """The content digest of the same run, lived in one go in this process."""
    weeks = {"country": "toyland", "start": "2019-01-07", "end": "2019-06-24"}
    return gs.run(scenario, **{**weeks, "seed": 3, "scale": 0.1, **more}).meta["content_digest"]


@pytest.mark.parametrize(("engine", "week"), [("individuals", 2), ("individuals", 13), ("expected", 25)])
def test_a_killed_run_ends_as_if_nothing_had_been(driver, greyspace, tmp_path, engine, week):
    words = ("history", *SHORT, "--engine", engine, "--scale", "0.1")
    killed = driver(AT_WEEK.format(week=week, signal="SIGKILL"), "run", *words)
    assert killed.returncode == -signal.SIGKILL
    partial = next(path for path in (tmp_path / "results/runs/.partial").iterdir() if path.is_dir())
    assert bool(list(partial.glob("checkpoints/*"))) == (week > 4)
    listed = greyspace("resume")
    assert partial.name in listed.stdout
    resumed = greyspace("resume", partial.name[:6], "--quiet")
    assert resumed.returncode == 0, resumed.stderr
    assert uninterrupted(engine=engine) in resumed.stdout
    assert "No run in results waits" in greyspace("resume").stdout


@pytest.mark.parametrize(("threads", "week"), [("1", 13), ("2", 1)])
def test_a_stop_says_how_to_go_on_and_the_same_command_does(driver, greyspace, tmp_path, threads, week):
    words = ("history", "no-gates", *SHORT, "--engine", "individuals", "--scale", "0.1", "--threads", threads)
    stopped = driver(AT_WEEK.format(week=week, signal="SIGINT"), "run", *words)
    assert stopped.returncode == 130
    assert stopped.stdout == ""
    assert stopped.stderr == (
        "greyspace: stopped; what the runs had saved is kept: the same command takes them up again, "
        "and so does 'greyspace resume'.\n"
    )
    assert not (tmp_path / "results/sets").exists()
    again = greyspace("run", *words, "--json")
    digests = [run["content_digest"] for run in json.loads(again.stdout)["runs"]]
    assert digests == [uninterrupted("history"), uninterrupted("no-gates")]


LONG = "import sys; from greyspace.cli.app import main; sys.exit(main())"
DECADE = ("run", "history", "no-gates", "--engine", "expected", "--draws", "0", "--seeds", "1", "--threads", "2")


def begun(tmp_path):
    """A command with two processes of its own, each of which has begun its run."""
    process = subprocess.Popen(
        (sys.executable, "-c", LONG, *DECADE),
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while len(list(tmp_path.glob("results/runs/.partial/*.lock"))) < 2:
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.02)
    return process


def nobody_is_at_work(greyspace):
    for _ in range(100):
        if "at work" not in greyspace("resume").stdout:
            return True
        time.sleep(0.1)
    return False


def test_ctrl_c_in_a_terminal_ends_all_processes(greyspace, tmp_path):
    with begun(tmp_path) as process:
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to every process of the command
        out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert out == ""
    assert err.splitlines()[-1].startswith("greyspace: stopped; ")
    assert "Traceback" not in err
    assert nobody_is_at_work(greyspace)


def test_processes_do_not_outlive_the_command_that_started_them(greyspace, tmp_path):
    with begun(tmp_path) as process:
        process.kill()
        process.communicate(timeout=30)
    assert nobody_is_at_work(greyspace)


def test_a_run_of_another_version_is_not_taken_up(driver, greyspace, refused, tmp_path):
    words = ("history", *SHORT, "--engine", "expected")
    driver(AT_WEEK.format(week=13, signal="SIGKILL"), "run", *words)
    run_id = next(path.name for path in (tmp_path / "results/runs/.partial").iterdir() if path.is_dir())
    other = "from greyspace import results\nresults.source_hash = lambda *rooms: '0' * 16"
    refused(driver(other, "resume", run_id), "was begun with another version of greyspace")


def test_settings_and_scenario_files_survive_a_stop(driver, greyspace, tmp_path):
    (tmp_path / "mine.yaml").write_text(
        "name: mine\nsentence: A border that shuts for spring.\nfrom: 2019-02-04\n"
        "parameters: {power.least_hours: 6}\n"
        "events:\n  add:\n    shut:\n      {from: 2019-03-04, until: 2019-05-06, variable: border_open, value: 0,"
        " where: all, description: shut, status: assumed, why: a test}\n"
    )
    words = ("mine.yaml", *SHORT, "--engine", "expected", "--set", "power.hours_factor=0.8")
    driver(AT_WEEK.format(week=13, signal="SIGKILL"), "run", *words)
    run_id = next(path.name for path in (tmp_path / "results/runs/.partial").iterdir() if path.is_dir())
    resumed = greyspace("resume", run_id, "--quiet")
    assert resumed.returncode == 0, resumed.stderr
    changed = {"engine": "expected", "sets": {"power.hours_factor": 0.8}}
    assert uninterrupted(str(tmp_path / "mine.yaml"), **changed) in resumed.stdout
