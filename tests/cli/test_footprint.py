"""`greyspace footprint`: one invented person's month, to read and to take elsewhere."""

import csv
import io
import json

import pytest

from greyspace.cli.app import build
from greyspace.errors import InputError

MAY = ("--country", "toyland", "--from", "2024-01-01", "--month", "2024-05", "--quiet")
WHO = ("--profile", "office_female_middle", "--region", "capital_city_urban", "--seed", "8")


def test_a_month_and_a_panel_are_told_within_80_columns_and_drawn(greyspace, tmp_path):
    said = greyspace("footprint", *MAY, *WHO, "--panel", "40", "--draws", "1", "--threads", "1", "--complete-register")
    assert said.returncode == 0, said.stderr
    assert "An invented person: office, female, middle standing" in said.stdout
    assert "if whatever stands for one person" in " ".join(said.stdout.split())
    assert "Mean days of the month told again" in said.stdout
    files = [line for line in said.stdout.splitlines() if line.startswith("results/")]
    assert len(files) == 9
    assert all(len(line) <= 80 for line in said.stdout.splitlines() if line not in files)
    for name in (name for name in files if name.endswith(".png")):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")
    (curves,) = (name for name in files if name.endswith("-unicity.csv"))
    rows = list(csv.DictReader((tmp_path / curves).open(encoding="utf-8")))
    assert {row["place"] for row in rows} == {"unit", "post", "region", "nation"}
    assert all(float(row["draws_low"]) <= float(row["draws_high"]) for row in rows)


@pytest.fixture
def give(tmp_path, monkeypatch):
    """Give the command in an empty folder, in this process."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: build()(["footprint", *words])


def test_what_is_printed_for_programs_holds_every_record_and_a_system_that_is_off_keeps_none(give, capsys):
    give(*MAY, *WHO, "--json")
    found = json.loads(capsys.readouterr().out)
    assert (found["month"], found["person"]["role"], len(found["days"])) == ("2024-05", "office", 31)
    assert "phones" in {record["system"] for record in found["records"]}
    give(*MAY, *WHO, "--off", "phones", "--csv")
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    kept = [record for record in found["records"] if record["system"] != "phones"]
    assert [(row["day"], row["kind"]) for row in rows] == [(record["day"], record["kind"]) for record in kept]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--month", "2024-13"), "write it as year-month, 2024-05"),
        (("--draws", "3"), "say with --panel"),
        (("--csv", "--json"), "exclude each other"),
        (("--profile", "baker"), "allowed: pupil_female_elite"),
        (("--off", "eyes"), "allowed: enforcer_cameras"),
        (("nowhere",), "no scenario 'nowhere'"),
    ],
)
def test_a_mistake_is_refused_before_anything_is_lived(give, words, sentence):
    with pytest.raises(InputError, match=sentence):
        give("--country", "toyland", *words)
