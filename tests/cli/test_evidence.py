"""Evidence on the command line: from a number to its source and back, and what hangs in the air."""

import shutil

import pytest

from given import country


def test_parameters_are_listed_by_topic_status_and_grade(greyspace):
    everything = greyspace("evidence", "list").stdout
    assert "299 assumed" in everything or "assumed" in everything.splitlines()[-1]
    derived = greyspace("evidence", "list", "power", "--status", "derived", "--csv").stdout.splitlines()
    assert len(derived) > 2
    assert all(",derived," in row for row in derived[1:])
    graded = greyspace("evidence", "list", "--grade", "a", "--csv").stdout.splitlines()
    assert all("A" in row.rpartition("derived")[2] or "assumed" in row or "sourced" in row for row in graded[1:])
    assert len(derived) < len(everything.splitlines())


def test_a_number_leads_to_its_sources_and_a_source_to_its_numbers(greyspace):
    said = greyspace("evidence", "show", "station_gates.match_masked").stdout
    assert "read in" in said
    assert "unit" not in said
    source = greyspace("evidence", "show", "dailynk_column_2024").stdout
    assert "one voice with" in source
    assert "stimson_38north_2024" in source
    assert "C33" in source


def test_two_rows_of_one_group_are_told_as_one_voice(greyspace):
    pack = country("dprk")
    key = next(
        key
        for key, p in pack.parameters.items()
        if len(p.evidence) > len({pack.sources[item.source].group for item in p.evidence})
    )
    said = " ".join(greyspace("evidence", "show", key).stdout.split())
    assert "do not confirm each other" in said


def test_a_whole_pack_passes_and_one_that_hangs_in_the_air_does_not(greyspace, tmp_path):
    said = greyspace("evidence", "check", "toyland", "--quick")
    assert said.returncode == 0, said.stdout
    assert "each with a unit, a range, and evidence or why not" in said.stdout
    folder = tmp_path / "pack"
    shutil.copytree(country("toyland").folder, folder)
    path = folder / "parameters" / "market.yaml"
    extra = "extra:\n  description: x\n  unit: days\n  value: 1\n  range: [0, 2]\n  status: assumed\n  why: example\n"
    path.write_text(path.read_text(encoding="utf-8") + extra, encoding="utf-8")
    assert greyspace("evidence", "check", str(folder), "--quick").returncode == 0
    unread = greyspace("evidence", "check", str(folder))
    assert unread.returncode == 2
    assert "market.extra: no run reads it" in unread.stdout
    path.write_text(path.read_text(encoding="utf-8").replace("  unit: days\n", "", 1), encoding="utf-8")
    without = greyspace("evidence", "check", str(folder))
    assert without.returncode == 2
    assert "unit: this key is missing" in without.stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("evidence", "list", "--status", "guessed"), "allowed: sourced, derived, assumed, lever"),
        (("evidence", "list", "power", "--grade", "Z9"), "none is with evidence of grade Z9"),
        (("evidence", "check", "mars"), "There is no country pack 'mars'"),
    ],
)
def test_what_is_not_there_is_said(greyspace, words, sentence):
    said = greyspace(*words)
    assert said.returncode == 2
    assert sentence in said.stdout + said.stderr
