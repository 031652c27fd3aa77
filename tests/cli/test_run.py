"""What `greyspace run` makes, whatever goes on beside it."""

import json
import resource
import subprocess
import time
from threading import Thread

import greyspace as gs

TOYLAND = ("--country", "toyland", "--from", "2019-01-07", "--to", "2019-03-25", "--draws", "0", "--quiet")
EXPECTED = (*TOYLAND, "--engine", "expected", "--seeds", "1")


def told(said):
    assert said.returncode == 0, said.stderr
    return json.loads(said.stdout)


def test_runs_do_not_depend_on_how_they_are_spread(greyspace):
    words = ("run", "history", "no-gates", *TOYLAND, "--scale", "0.1", "--seeds", "2", "--json")
    together = told(greyspace(*words, "--out", "together"))
    alone = told(greyspace(*words, "--out", "alone", "--threads", "1"))
    assert together["set"] == alone["set"]
    digests = [[run["content_digest"] for run in found["runs"]] for found in (together, alone)]
    assert digests[0] == digests[1]
    assert [(run["scenario"], run["seed"]) for run in alone["runs"]] == [
        ("history", 1),
        ("history", 2),
        ("no-gates", 1),
        ("no-gates", 2),
    ]


def test_a_finished_run_is_used_again_and_said_so(greyspace, tmp_path):
    words = ("run", "history", *(word for word in TOYLAND if word != "--quiet"), "--engine", "expected", "--seed", "5")
    first = greyspace(*words)
    assert "history, seed 5: run" in first.stderr
    files = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")}
    again = greyspace(*words)
    assert "was finished before and is used again" in again.stderr
    assert again.stdout == first.stdout
    assert files == {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")}


def test_quiet_is_quiet_and_json_is_alone(greyspace):
    said = greyspace("run", "history", *EXPECTED, "--json")
    found = told(said)
    assert said.stderr == ""
    assert found["runs"][0]["scenario"] == "history"
    assert found["folder"].endswith(found["set"])
    plain = greyspace("run", "history", *EXPECTED)
    assert plain.stdout.splitlines()[-1].startswith(f"Set {found['set']} of 1 run is in results/sets/")


def test_the_same_scenario_twice_is_one_run(greyspace):
    assert len(told(greyspace("run", "history", "history", *EXPECTED, "--json"))["runs"]) == 1


def test_a_folder_that_cannot_be(greyspace, refused, tmp_path):
    (tmp_path / "file").write_text("")
    refused(greyspace("run", *EXPECTED, "--out", "file/results"), "part of the path is a file")
    refused(greyspace("run", *EXPECTED, "--out", "file"), "choose another folder for results")
    refused(greyspace("run", *EXPECTED, "--out", "/proc/results"), "cannot create the folder /proc/results")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_full_disk_is_said_and_what_follows_is_whole(greyspace, refused):
    def small():
        # More than what says what the run is, less than its largest table.
        resource.setrlimit(resource.RLIMIT_FSIZE, (32768, 32768))

    words = ("run", "history", "no-gates", *EXPECTED)
    refused(greyspace(*words, preexec_fn=small), "a file would grow beyond the size that the system allows")
    listed = greyspace("runs")
    assert "partial" in listed.stdout
    assert "complete" not in listed.stdout
    weeks = {"country": "toyland", "engine": "expected", "start": "2019-01-07", "end": "2019-03-25"}
    for run in told(greyspace(*words, "--json"))["runs"]:
        assert run["content_digest"] == gs.run(run["scenario"], **weeks).meta["content_digest"]


def test_a_run_that_was_changed_on_disk_is_not_used(greyspace, refused, tmp_path):
    run = told(greyspace("run", "history", *EXPECTED, "--json"))["runs"][0]
    part = next((tmp_path / "results/runs").glob("*/series/*.parquet"))
    whole = part.read_bytes()
    part.write_bytes(whole[:-100])
    for words in (("run", "history", *EXPECTED), ("show", run["run_id"]), ("sql", "select 1 from series")):
        refused(greyspace(*words), f"{part.name} was changed after it was written: remove ")
    part.write_bytes(whole)
    record = part.parent.parent / "run.json"
    record.write_text(record.read_text().replace('"seed": 1', '"seed": 2'))
    refused(greyspace("run", "history", *EXPECTED), "run.json was changed after it was written: remove ")
    listed = greyspace("runs")
    assert listed.returncode == 0
    assert "corrupt" in listed.stdout
    assert "run.json was changed" in listed.stderr


def test_odds_that_do_not_sum_are_said_with_the_contact(driver, refused, tmp_path):
    broken = """
from greyspace.systems import station_officers
right = station_officers.odds
def odds(*given, **named):
    made = right(*given, **named)
    return {name: one * 1.5 for name, one in made.items()}
station_officers.odds = odds
"""
    refused(driver(broken, "run", "history", *EXPECTED), "add up to 1.5, not 1")
    assert not list((tmp_path / "results").rglob("run.json"))


def test_two_processes_at_one_run_do_not_disturb_each_other(driver, greyspace, tmp_path):
    waiting = """
import os, time
from greyspace.simulate import loop
step = loop.Life.step
def after_the_second(self, *given):
    while not os.path.exists("the second has ended"):
        time.sleep(0.05)
    return step(self, *given)
loop.Life.step = after_the_second
"""
    said = []
    first = Thread(target=lambda: said.append(driver(waiting, "run", "history", *EXPECTED, "--json")))
    first.start()
    while not list(tmp_path.glob("results/runs/.partial/*.lock")):
        time.sleep(0.01)
    second = greyspace("run", "history", *EXPECTED)
    (tmp_path / "the second has ended").touch()
    first.join()
    assert second.returncode == 2
    assert "is writing run" in second.stderr
    assert "wait until it ends" in second.stderr
    alone = told(greyspace("run", "history", *EXPECTED, "--json", "--out", "alone"))
    assert told(said[0])["runs"][0]["content_digest"] == alone["runs"][0]["content_digest"]


def test_a_process_that_the_system_ends_is_said(driver, refused):
    killed = """
import os, signal
from greyspace.cli import workers
started = workers._Pool.__init__
def killing(self, *given):
    started(self, *given)
    os.kill(next(iter(self._processes.values())).pid, signal.SIGKILL)
workers._Pool.__init__ = killing
"""
    refused(driver(killed, "run", *EXPECTED), "the system ended a process of greyspace (status -9)")


def test_progress_names_run_and_week_where_there_is_no_terminal(greyspace):
    words = [word for word in EXPECTED if word != "--quiet"]
    said = greyspace("run", *words)
    assert "history, seed 1: " in said.stderr
    assert "\x1b" not in said.stderr
    assert "(2 of 2)" in said.stderr


def test_help_is_quick(greyspace):
    def seconds():
        began = time.perf_counter()
        subprocess.run(greyspace("--help").args, capture_output=True, check=True)
        return (time.perf_counter() - began) / 2

    assert min(seconds() for _ in range(3)) < 0.6


def test_a_card_takes_persons_and_no_shards(greyspace, refused):
    refused(greyspace("run", "history", *EXPECTED, "--gpu"), "'expected' has no persons for a card")
    refused(greyspace("run", "history", *TOYLAND, "--gpu", "--shards", "2"), "--gpu and --shards exclude each other")
    refused(greyspace("resume", "5f3a", "--gpu", "--shards", "2"), "--gpu and --shards exclude each other")
