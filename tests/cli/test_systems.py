"""`greyspace systems`: what each system changes, to read and to go on with."""

import csv
import io

import pytest

FEW = """
from greyspace.study import switches
whole = switches.find
switches.find = lambda plan, workers, tell: whole(plan, 1, tell, only=("plate_cameras", "phones"))
"""
"""Two systems in place of all, which take half a minute and say no more of the command."""

SPAN = ("--country", "toyland", "--from", "2023-01-02", "--to", "2023-02-20")


@pytest.fixture
def systems(driver):
    def give(*words):
        return driver(FEW, "systems", *SPAN, *words)

    return give


def test_the_tables_fit_80_columns_and_say_how_to_read_them(systems):
    said = systems("--quiet")
    assert said.returncode == 0, said.stderr
    assert said.stderr == ""
    assert all(len(line) <= 80 for line in said.stdout.splitlines())
    for word in ("plate_cameras", "phones", "caution", "nobody", "none", "1,000 intents", "2023-02-20"):
        assert word in said.stdout


def test_comma_separated_values_hold_every_measure_with_and_without(systems):
    rows = list(csv.DictReader(io.StringIO(systems("--csv", "--quiet").stdout)))
    assert {row["system"] for row in rows} == {"plate_cameras", "phones"}
    assert {"punished", "free_unseen", "held_up", "bribes", "leads", "records"} <= {row["measure"] for row in rows}
    for row in rows:
        assert float(row["on"]) - float(row["off"]) == pytest.approx(float(row["difference"]), abs=1e-6)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--country", "atlantis"), "atlantis"),
        (("--scenario", "histroy"), "did you mean 'history'?"),
        (("--from", "2023-13-01"), "there is no such date"),
        (("--from", "2024-01-01", "--to", "2023-01-02"), "put the earlier date first"),
        (("--from", "1900-01-01"), "covers"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(greyspace, refused, words, sentence):
    refused(greyspace("systems", *words), sentence)
