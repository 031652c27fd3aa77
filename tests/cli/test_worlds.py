"""`greyspace map`, `attribute` and `signposts`: worlds lived for a question, and what is said of them."""

import csv
import io

import pytest

TOYLAND = ("--country", "toyland", "--from", "2024-12-02", "--to", "2025-02-24", "--threads", "1")

STOPPED = """
import os, signal
from greyspace.cli import progress
def tell(self, phase, done, of):
    if done == 1:
        os.kill(os.getpid(), signal.SIGINT)
progress.Screen.tell = tell
"""


def folded(text):
    return " ".join(text.split())


def test_a_map_is_drawn_and_told(greyspace, tmp_path):
    words = ("--x", "power.least_hours=0:24", "--y", "bribery.wage_factor=1,10", "--measure", "held_up")
    said = greyspace("map", *words, "--points", "2", "--against", "no-gates", *TOYLAND)
    assert said.returncode == 0, said.stderr
    assert "8 worlds will be lived" in said.stderr
    assert all(len(line) <= 80 for line in said.stdout.splitlines() if not line.startswith(("results", "innocent")))
    folder = tmp_path / "results" / "maps" / "power.least_hours-bribery.wage_factor-held_up"
    rows = list(csv.DictReader((folder / "map.csv").open()))
    assert len(rows) == 4
    assert float(rows[0]["history"]) - float(rows[0]["no-gates"]) == pytest.approx(float(rows[0]["margin"]))
    for kind in ("png", "svg"):
        assert (folder / f"map.{kind}").stat().st_size > 10_000


def test_maps_that_are_ready_are_listed(greyspace):
    said = greyspace("map")
    assert said.returncode == 0, said.stderr
    assert "power-pay" in said.stdout
    assert "held_up" in said.stdout


def test_a_difference_is_attributed_and_its_lives_are_used_again(greyspace, tmp_path):
    words = ("attribute", "as-is", "analysts", "--since", "2025-01-06", "--measure", "leads,recorded", *TOYLAND)
    first = greyspace(*words)
    assert first.returncode == 0, first.stderr
    assert "2 of 2 lives will be lived" in first.stderr
    again = greyspace(*words)
    assert again.stdout == first.stdout
    assert "0 of 2 lives will be lived; 2 were lived before and are used again" in again.stderr
    assert "those who look at records" in first.stdout
    assert (tmp_path / "results" / "attributions" / "as-is-analysts" / "attribution.png").exists()


def test_a_stop_keeps_the_lives_that_are_finished(driver):
    words = ("attribute", "history", "china-like", "--since", "2025-01-06", *TOYLAND)
    stopped = driver(STOPPED, *words)
    assert stopped.returncode == 130
    assert stopped.stdout == ""
    assert "the same command goes on with the others" in folded(stopped.stderr)
    assert "lives will be lived; 4 were lived before" in driver("", *words).stderr


def test_signposts_are_told_with_their_years(greyspace, tmp_path):
    said = greyspace("signposts", "history", "analysts", "--draws", "3", *TOYLAND)
    assert said.returncode == 0, said.stderr
    assert "analysts from history" in said.stdout
    assert "followed up for what is on record" in folded(said.stdout)
    ranges = list(csv.DictReader((tmp_path / "results/signposts/history-analysts/signposts-ranges.csv").open()))
    assert {row["year"] for row in ranges} == {"2024", "2025"}
    table = list(csv.DictReader(io.StringIO(greyspace("signposts", "history", "analysts", "--draws", "3", *TOYLAND,
                                                      "--csv", "--quiet").stdout)))  # fmt: skip
    assert next(row for row in table if row["measure"] == "leads")["by_level_from"] == "2025"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("map", "power-play"), "did you mean 'power-pay'?"),
        (("map", "--x", "power.least_hours"), "a map needs --x, --y and --measure"),
        (("map", "power-pay", "--measure", "heldup"), "did you mean held_up?"),
        (("map", "power-pay", "--level", "1", "--against", "no-gates"), "exclude each other"),
        (("map", "power-pay", "--x", "power.leest_hours=0:24"), "did you mean power.least_hours?"),
        (("map", "power-pay", "--points", "1"), "--points 1"),
        (("attribute", "history", "histroy"), "did you mean 'history'?"),
        (("attribute", "history", "no-gates", "--since", "1999-01-01"), "--since 1999-01-01: allowed is a day"),
        (("attribute", "history", "history"), "differ in nothing"),
        (("attribute", "history", "no-gates", "--measure", ","), "name one measure at least"),
        (("signposts", "history"), "two scenarios or more"),
        (("signposts", "--draws", "2"), "--draws 2"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(greyspace, refused, words, sentence):
    refused(greyspace(*words, "--country", "toyland", "--quiet"), sentence)
