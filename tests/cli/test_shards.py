"""Runs that are split over processes, as a user asks for them."""

import json

import greyspace as gs

FEW_WEEKS = ("--country", "toyland", "--from", "2019-01-07", "--to", "2019-03-25", "--draws", "0", "--quiet")
ONE = ("history", *FEW_WEEKS, "--seed", "3", "--scale", "0.1")


def alone():
    weeks = {"country": "toyland", "start": "2019-01-07", "end": "2019-03-25"}
    return gs.run("history", seed=3, scale=0.1, **weeks).meta["content_digest"]


def test_a_run_in_shards_is_the_run_alone(greyspace):
    said = greyspace("run", *ONE, "--shards", "2", "--json")
    assert said.returncode == 0, said.stderr
    assert said.stderr == ""
    assert [run["content_digest"] for run in json.loads(said.stdout)["runs"]] == [alone()]


GONE = """
from contextlib import contextmanager
from greyspace.errors import ClusterError
from greyspace.simulate import cluster, loop
from greyspace.simulate.shards import Worker
loop.CHECKPOINT_SECONDS = 0.0
class Going:
    def give(self, task):
        if task.period == 2:
            raise ClusterError("the scheduler at tcp://far:1 is gone")
        self.done = [*getattr(self, "done", []), (task, Worker().advance(task))]
    def arrived(self):
        done, self.done = self.done, []
        return done
@contextmanager
def going(shards, scheduler):
    yield Going()
cluster.cluster = going
"""


def test_a_cluster_that_goes_away_ends_with_the_line_that_resumes(driver, greyspace, tmp_path):
    gone = driver(GONE, "run", *ONE, "--shards", "2", "--scheduler", "tcp://far:1")
    assert gone.returncode == 3
    assert gone.stdout == ""
    run_id = next(path.name for path in (tmp_path / "results/runs/.partial").iterdir() if path.is_dir())
    resume = f"greyspace resume {run_id} --out results --shards 2 --scheduler tcp://far:1"
    assert gone.stderr == (
        "greyspace: the scheduler at tcp://far:1 is gone; what was saved is kept, and this goes on: " + resume + "\n"
    )
    # Also without the cluster.
    again = greyspace("resume", run_id, "--quiet")
    assert again.returncode == 0, again.stderr
    assert alone() in again.stdout


def test_a_scheduler_needs_shards_and_shards_need_persons(greyspace, refused):
    refused(greyspace("run", *ONE, "--scheduler", "tcp://far:1"), "say with --shards into how many parts")
    refused(greyspace("run", *ONE, "--engine", "expected", "--shards", "2"), "'expected' has no persons to split")
    refused(greyspace("run", *ONE, "--shards", "0"), "--shards 0: allowed are whole numbers from 1 to 4096")
