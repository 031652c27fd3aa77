"""`greyspace grey` and `held`: what finished runs came to, at 80 columns and as files."""

import csv
import io
import json

import pytest

from .conftest import give_in

SPAN = ("--country", "toyland", "--engine", "expected", "--from", "2021-08-02", "--to", "2021-09-27", "--seed", "1")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("grey")
    said = give_in(folder, "run", "history", "no-gates", *SPAN, "--draws", "0", "--quiet")
    assert said.returncode == 0, said.stderr
    return folder


def test_grey_space_fits_80_columns_and_says_where_its_files_are(folder):
    said = give_in(folder, "grey", "--by", "sex")
    assert said.returncode == 0, said.stderr
    assert all(len(line) <= 80 for line in said.stdout.splitlines())
    told = " ".join(said.stdout.split())
    assert "a: history; b: no-gates" in told
    assert "private word" in told
    assert "journey with permit" not in told
    files = [line for line in said.stdout.splitlines() if line.startswith("results")]
    assert [file.rsplit(".", 1)[1] for file in files] == ["csv", "png", "svg"]
    for file in files:
        assert (folder / file).stat().st_size > 1000


def test_csv_and_json_hold_all_acts_and_nothing_else(folder):
    rows = list(csv.DictReader(io.StringIO(give_in(folder, "grey", "--by", "", "--csv").stdout)))
    assert len(rows) == 11 * 2
    assert {row["scenario"] for row in rows} == {"history", "no-gates"}
    told = json.loads(give_in(folder, "grey", "--by", "year", "--acts", "trade,theft", "--json").stdout)
    assert {row["act"] for row in told} == {"trade", "theft"}
    assert {row["year"] for row in told} == {2021}


def test_held_counts_by_severity(folder):
    said = give_in(folder, "held")
    assert said.returncode == 0, said.stderr
    assert all(len(line) <= 80 for line in said.stdout.splitlines())
    rows = list(csv.DictReader(io.StringIO(give_in(folder, "held", "--csv").stdout)))
    severities = [row["severity"] for row in rows if row["scenario"] == "history"]
    assert severities == ["fined", "short", "long", "camp", "killed"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("grey", "--by", "moon"), "--by moon: allowed are year, region, province, standing, sex"),
        (("grey", "--acts", "singing"), "--acts singing: allowed are"),
        (("grey", "ffff"), "ffff"),
        (("grey", "--csv", "--json"), "exclude each other"),
        (("held", "--out", "nowhere"), "there is no folder of results at nowhere"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(folder, refused, words, sentence):
    refused(give_in(folder, *words), sentence)


def test_a_folder_without_runs_says_how_to_make_some(greyspace, refused, tmp_path):
    (tmp_path / "results").mkdir()
    refused(greyspace("grey"), "'greyspace run' makes some")
