"""A study as a user asks for it: gone on with whatever stopped it, told when it ends."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from greyspace.results.studies import StudyDraft
from greyspace.study import ensemble

EXAMPLES = Path(__file__).parents[2] / "examples"
FILE = (EXAMPLES / "toyland.yaml").read_text()

AFTER_ONE = """
from greyspace.results import studies
keep, kept = studies.StudyDraft.keep, []
def bent(self, number, came):
    keep(self, number, came)
    kept.append(number)
    if len(kept) == 1:
        {does}
studies.StudyDraft.keep = bent
"""
KILLED = AFTER_ONE.format(does="import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
STOPPED = AFTER_ONE.format(does="import os, signal; os.kill(os.getpid(), signal.SIGINT)")
FULL = AFTER_ONE.format(does="import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (2000, -1))")
WORKER_KILLED = AFTER_ONE.format(
    does="import os, signal, multiprocessing; os.kill(multiprocessing.active_children()[0].pid, signal.SIGKILL)"
)


def bytes_of(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.glob("studies/*/*/part-*.parquet"))
    }


def untouched(file, folder):
    """The data set of a study that nobody touched."""
    made = ensemble.load_study(file)
    with StudyDraft(folder, made.id, made.shape, made.told) as draft:
        for number, came in ensemble.live(made, draft.missing(), 1, None):
            draft.keep(number, came)
        draft.finish({"measures": []})
    return bytes_of(folder)


@pytest.fixture
def scheduler(tmp_path):
    """A Dask scheduler with a worker: its process, and its address."""
    told_at = tmp_path / "scheduler.json"
    quiet = {"cwd": tmp_path, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    dask = (sys.executable, "-m", "dask")
    words = (*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", told_at)
    processes = [subprocess.Popen(words, **quiet)]
    try:
        while not told_at.exists():
            time.sleep(0.1)
        address = json.loads(told_at.read_text())["address"]
        processes.append(subprocess.Popen((*dask, "worker", address, "--nthreads", "1", "--no-nanny"), **quiet))
        yield processes[0], address
    finally:
        for process in processes:
            process.kill()
            process.wait()


def test_a_study_goes_on_whatever_stopped_it_and_ends_with_the_same_bytes(
    driver, greyspace, refused, tmp_path, scheduler
):
    """Killed, stopped, left by its cluster, on a full disk, and at last with a worker that is killed."""
    (tmp_path / "two.yaml").write_text(FILE)

    killed = driver(KILLED, "study", "two.yaml", "--threads", "1")
    assert killed.returncode == -signal.SIGKILL
    assert killed.stderr.startswith("6 of 6 runs will be lived on 1 core; about ")
    begun = listed(greyspace)
    assert begun[1:6] == ["two", "springs", "in", "Toyland", "1"]
    assert begun[6:9] == ["of", "6", "partial"]
    assert greyspace("show", begun[0]).stdout.endswith("\nIt goes on with: greyspace study two.yaml\n")
    refused(greyspace("sql", begun[0], "select 1"), "is not finished: it goes on with 'greyspace study two.yaml'")

    stopped = driver(STOPPED, "study", "two.yaml", "--threads", "1", "--quiet")
    assert (stopped.returncode, stopped.stdout) == (130, "")
    assert stopped.stderr == (
        "greyspace: stopped; the runs that are finished are kept, and this goes on: greyspace study two.yaml.\n"
    )

    words = (sys.executable, "-c", "import sys; from greyspace.cli.app import main; sys.exit(main())")
    head = subprocess.Popen(
        (*words, "study", "two.yaml", "--scheduler", scheduler[1], "--quiet"),
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while len(list(tmp_path.glob("results/studies/.partial/*/pieces/0*"))) < 3:
        assert head.poll() is None, head.stderr.read()
        time.sleep(0.01)
    os.kill(scheduler[0].pid, signal.SIGKILL)
    out, err = head.communicate(timeout=120)
    assert (head.returncode, out) == (3, "")
    assert err.endswith(f"and this goes on: greyspace study two.yaml --scheduler {scheduler[1]}\n")

    full = driver(FULL, "study", "two.yaml", "--threads", "1", "--quiet")
    assert (full.returncode, full.stdout) == (2, "")
    assert "a file would grow beyond the size that the system allows" in full.stderr
    assert full.stderr.count("\n") == 1

    last = driver(WORKER_KILLED, "study", "two.yaml", "--threads", "2", "--json")
    assert last.returncode == 0, last.stderr
    assert " were lived before; about " in last.stderr
    assert bytes_of(tmp_path / "results") == untouched(tmp_path / "two.yaml", tmp_path / "alone")

    told = json.loads(last.stdout)
    kept_is_listed_told_and_asked(greyspace, refused, told)
    assert told["runs"] == 6
    assert {row["measure"] for row in told["quantiles"]} == {"leads"}
    (study,) = (path for path in (tmp_path / "results" / "studies").iterdir() if path.name == told["study"])
    crate = json.loads((study / "ro-crate-metadata.json").read_text())
    named = {entity["@id"] for entity in crate["@graph"]}
    assert {"yearly/part-00000.parquet", "runs/part-00000.parquet", "quantiles.csv", "figures/fan_leads.svg"} <= named
    assert not (study / "pieces").exists()


def listed(greyspace):
    """The words of the one study that `greyspace runs` lists."""
    said = greyspace("runs")
    assert said.returncode == 0, said.stderr
    heads, line = said.stdout.splitlines()
    assert heads.split()[:2] == ["study", "name"]
    return line.split()


def kept_is_listed_told_and_asked(greyspace, refused, told):
    """What is said of a finished study, against what ``--json`` told of it."""
    finished = listed(greyspace)
    assert told["study"].startswith(finished[0])
    assert finished[5:9] == ["6", "of", "6", "complete"]
    shown = greyspace("show", finished[0]).stdout
    assert told["content_digest"] in shown
    last = next(row for row in told["quantiles"] if row["scenario"] == "no-gates" and row["over"] == "draws")
    numbers = [last["own"], last["p50"], last["p10"], last["p90"]]
    assert ["no-gates", *(f"{number:.4g}" for number in numbers)] in [line.split() for line in shown.splitlines()]

    asked = "select 1e5 * sum(leads) / sum(person_years) from yearly join runs using (run) where run_id = '{}'"
    run_id = json.loads(greyspace("sql", finished[0], "select run_id from runs where run = 1", "--json").stdout)
    (row,) = json.loads(greyspace("sql", finished[0], asked.format(run_id[0]["run_id"]), "--json").stdout)
    assert next(iter(row.values())) == pytest.approx(last["own"])  # run 1: no-gates, at the pack's own values
    refused(greyspace("sql"), "give one question in quotes, or the id of a study and then one")
    refused(greyspace("sql", "zzz", "select 1"), "no study in results is called 'zzz'")
    refused(greyspace("show", "zzz"), "no run, set or study is called 'zzz': 'greyspace runs --out results' lists them")


def test_the_other_example_means_what_it_says():
    made = ensemble.load_study(EXAMPLES / "gates.yaml")
    assert made.runs == 200
    assert list(made.structures) == ["pack", "local gallery"]


def test_what_is_wrong_is_said_before_anything_is_written(greyspace, refused, tmp_path):
    (tmp_path / "two.yaml").write_text(FILE.replace("draws: 2", "draws: few"))
    refused(greyspace("study", "two.yaml"), "two.yaml: draws: 'few' is not allowed; allowed are whole numbers from 0")
    refused(greyspace("study", "one.yaml"), "one.yaml: cannot be read as UTF-8 text (No such file or directory)")
    assert [path.name for path in tmp_path.iterdir()] == ["two.yaml"]
