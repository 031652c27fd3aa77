"""`greyspace officers`: a price list to read, a figure to show, numbers to go on with."""

import json

import pytest

SMALL = """
from greyspace.study import watching
whole = watching.grid
watching.grid = lambda *given: whole(*given, reviewed=[1e-3, 1e-2], pay=[1.0, 10.0])
"""
"""Eight points in place of a hundred, which take a quarter of a minute and say no more of the command."""

STOPPED = """
import os, signal
from greyspace.cli import progress
def tell(self, phase, done, of):
    if done == 1:
        os.kill(os.getpid(), signal.SIGINT)
progress.Screen.tell = tell
"""


@pytest.fixture
def officers(driver):
    def give(*words, lines=""):
        return driver(SMALL + lines, "officers", "--country", "toyland", *words)

    return give


def test_the_price_list_fits_80_columns_and_says_where_the_figure_is(officers, tmp_path):
    said = officers()
    assert said.returncode == 0, said.stderr
    assert all(len(line) <= 80 for line in said.stdout.splitlines())
    for word in ("minor", "journey", "trade", "grave", "vulnerable", "assumed", "Becker and Stigler", "same lever"):
        assert word in " ".join(said.stdout.split())
    for kind in ("png", "svg"):
        assert (tmp_path / "results" / "officers" / f"officers.{kind}").stat().st_size > 10_000
        assert f"officers.{kind}" in said.stdout


def test_json_is_json_alone_and_settings_count(officers, tmp_path):
    words = ("--out", "here", "--json", "--quiet")
    told = json.loads(officers(*words).stdout)
    other = json.loads(officers(*words, "--set", "bribery.demand=0").stdout)
    assert other["least"]["journey"] > told["least"]["journey"]
    assert other["settings"] == ["bribery.demand=0"]
    assert other["grid"]["demand"] == [0.0, 0.0]
    assert (tmp_path / told["files"][0]).exists()
    assert [len(told["grid"]["price"]), len(told["grid"]["price"][0]), len(told["grid"]["price"][0][0])] == [2, 2, 2]


def test_threads_and_quiet_change_nothing_but_what_is_said_on_the_way(officers):
    one, two = officers("--threads", "1", "--json", "--quiet"), officers("--threads", "2", "--json")
    assert one.stdout == two.stdout
    assert one.stderr == ""
    assert "watching and pay" in two.stderr


@pytest.mark.parametrize("threads", ["1", "2"])
def test_a_stop_is_one_sentence_and_leaves_no_figure(officers, tmp_path, threads):
    stopped = officers("--threads", threads, lines=STOPPED)
    assert stopped.returncode == 130
    assert stopped.stdout == ""
    assert stopped.stderr == "greyspace: stopped; nothing is kept of a figure that is not finished.\n"
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--date", "2024-13-01"), "--date 2024-13-01: there is no such date"),
        (("--date", "1990-01-01"), "bribery.wage has no value on 1990-01-01"),
        (("--date", "2036-01-01"), "--date 2036-01-01: the pack dprk covers 2008-01-07 to 2035-12-10"),
        (("--set", "bribery.demnad=1"), "bribery.demand"),
        (("--set", "bribery.demand=-1"), "bribery.demand"),
        (("--country", "atlantis"), "atlantis"),
        (("--threads", "0"), "--threads"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(greyspace, refused, words, sentence):
    refused(greyspace("officers", "--quiet", *words), sentence)


def test_a_folder_that_cannot_be_is_refused(officers, refused, tmp_path):
    (tmp_path / "file").touch()
    refused(officers("--out", "file", "--quiet"), "file")
