"""`greyspace survey`: what a few people would say, to read and to take elsewhere."""

import json

import pytest

SPAN = ("--country", "toyland", "--from", "2021-01-04", "--date", "2021-09-06", "--repeats", "50", "--quiet")
SETS = ("--set", "survey.escapees_left_years=0.5")


def test_both_groups_are_told_within_80_columns_and_drawn(greyspace, tmp_path):
    said = greyspace("survey", *SPAN, *SETS)
    assert said.returncode == 0, said.stderr
    assert "40 people who have left" in said.stdout
    assert "100 residents" in said.stdout
    assert all(len(line) <= 80 for line in said.stdout.splitlines())
    assert (tmp_path / "results/survey/survey.png").read_bytes().startswith(b"\x89PNG")


def test_json_holds_what_is_so_beside_what_is_said(greyspace):
    said = greyspace("survey", "no-gates", *SPAN, *SETS, "--set", "survey.residents=10", "--json")
    told = json.loads(said.stdout)
    assert (told["scenario"], told["surveys"]) == ("no-gates", 50)
    assert {row["asked"] for row in told["answers"] if row["group"] == "residents"} == {10}
    assert all(0 <= row["truth"] <= 1 for row in told["answers"])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nowhere",), "no scenario 'nowhere'"),
        (("--repeats", "2"), "from 20 to 5000"),
        (("--set", "survey.escapees=0"), "allowed: 1 to 1000"),
        (("--from", "2021-01-04", "--date", "2021-09-06"), "give an earlier --from"),
    ],
)
def test_a_mistake_is_one_sentence(greyspace, words, sentence):
    said = greyspace("survey", *words, "--country", "toyland")
    assert said.returncode != 0
    assert sentence in said.stderr
    assert "Traceback" not in said.stderr
