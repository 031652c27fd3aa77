"""`greyspace officers`: a price list to read, a figure to show, numbers to go on with."""

import json

import pytest


def test_the_price_list_fits_80_columns_and_says_where_the_figure_is(greyspace, tmp_path):
    said = greyspace("officers", "--country", "toyland")
    assert said.returncode == 0, said.stderr
    assert all(len(line) <= 80 for line in said.stdout.splitlines())
    for word in ("minor", "journey", "trade", "grave", "vulnerable", "assumed", "Becker and Stigler", "same lever"):
        assert word in " ".join(said.stdout.split())
    for kind in ("png", "svg"):
        assert (tmp_path / "results" / "officers" / f"officers.{kind}").stat().st_size > 10_000
        assert f"officers.{kind}" in said.stdout


def test_json_is_json_alone_and_settings_count(greyspace, tmp_path):
    words = ("officers", "--country", "toyland", "--out", "here", "--json")
    told = json.loads(greyspace(*words).stdout)
    other = json.loads(greyspace(*words, "--set", "bribery.demand=0").stdout)
    assert other["post"]["least"] > told["post"]["least"]
    assert other["settings"] == ["bribery.demand=0"]
    assert (tmp_path / told["files"][0]).exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--date", "2024-13-01"), "--date 2024-13-01: there is no such date"),
        (("--date", "1990-01-01"), "bribery.wage has no value on 1990-01-01"),
        (("--set", "bribery.demnad=1"), "bribery.demand"),
        (("--set", "bribery.demand=-1"), "bribery.demand"),
        (("--country", "atlantis"), "atlantis"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(greyspace, refused, words, sentence):
    refused(greyspace("officers", *words), sentence)


def test_a_folder_that_cannot_be_is_refused(greyspace, refused, tmp_path):
    (tmp_path / "file").touch()
    refused(greyspace("officers", "--country", "toyland", "--out", "file"), "file")
