"""`greyspace validate`: what the model is held against, as a table, and mistakes in a sentence."""

import json

STOP = """
from greyspace.study import validation
def stopped(*_):
    raise KeyboardInterrupt
validation.find = stopped
"""


def test_a_country_is_held_against_its_laws_limits_and_facts(greyspace, tmp_path):
    said = greyspace("validate", "--country", "toyland", "--quiet")
    assert said.returncode == 0, said.stderr
    for words in ("at_rest", "demands_sustain", "felt_watched", "fails", "- law: 11 of 11 hold"):
        assert words in said.stdout
    folder = tmp_path / "results/validation/toyland"
    assert {path.name for path in folder.iterdir()} == {
        *("validation.json", "validation.csv", "validation.png", "validation.svg"),
    }
    again = greyspace("validate", "--country", "toyland", "--json")
    assert "0 of them to be lived" in again.stderr
    left = json.loads((folder / "validation.json").read_text())
    assert {**json.loads(again.stdout), "checksum": left["checksum"]} == left


def test_a_stop_says_that_the_same_command_goes_on(driver):
    said = driver(STOP, "validate", "--country", "toyland", "--quiet")
    assert said.returncode == 130
    assert said.stderr == ("greyspace: stopped; the histories that are finished are kept: the same command goes on.\n")


def test_what_cannot_be_done_is_said(greyspace, refused, tmp_path):
    refused(greyspace("validate", "--country", "brightland", "--profiles"), "has no facts to hold parameters against")
    refused(greyspace("validate", "--country", "nowhere"), "nowhere")
    (tmp_path / "results").write_text("")
    refused(greyspace("validate", "--country", "toyland", "--quiet"), "results")
