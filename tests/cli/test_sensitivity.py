"""Sensitivity and calibration on the command line: asked, answered, taken up again, and used by other commands."""

import csv
import shutil
from typing import NamedTuple

import pytest

from few import only_in
from given import country
from greyspace.cli.app import main

IDS = ("attitudes.watched_by_people", "attitudes.credit_elsewhere", "devices.life_years", "power.hours_factor")


class Said(NamedTuple):
    """What a command said, with line breaks as spaces."""

    status: int
    out: str
    err: str


@pytest.fixture
def give(tmp_path, monkeypatch, capsys):
    """Give a command in an empty folder, in this process: a dozen of them would take long to start."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def give(*words):
        status = main(words)
        told = capsys.readouterr()
        return Said(status, *(" ".join(of.split()) for of in (told.out, told.err)))

    return give


TARGETS = """
history: {says: four weeks, from: 2021-08-02, to: 2021-08-23}
windows: {weeks: {says: four weeks, from: 2021-08-02, to: 2021-08-23}}
targets:
  felt_watched: {says: adults who feel watched, quantity: attitudes/feel_watched, window: weeks,
    fact: targets.felt_watched, bound: at least, tolerance: 0.1, role: fit, because: invented}
  thefts: {says: thefts that a household suffers, quantity: attitudes/thefts_suffered, window: weeks,
    fact: targets.thefts_suffered, bound: about, tolerance: 0.01, role: fit, because: invented}
"""


@pytest.fixture
def pack(tmp_path):
    """Toyland with three uncertain parameters and two targets, in a folder of its own."""
    folder = tmp_path / "pack"
    shutil.copytree(country("toyland").folder, folder)
    only_in(folder, *IDS)
    (folder / "targets.yaml").write_text(TARGETS, encoding="utf-8")
    return folder


def test_outcomes_are_listed_and_a_wrong_one_is_answered_by_those_there_are(give):
    said = give("sensitivity", "--list")
    assert said.status == 0, said.err
    assert "let_off/" in said.out
    wrong = give("sensitivity", "lets_off/all")
    assert wrong.status == 2
    assert "did you mean let_off?" in wrong.err
    odd = give("sensitivity", "let_off/all", "--samples", "12")
    assert (odd.status, odd.err) == (2, "greyspace: --samples 12: allowed is a power of two, such as 32 or 64.")


def test_what_moves_the_gates_is_found_without_anybody_living(give, pack, tmp_path):
    words = ("sensitivity", "gates/live/all", "--country", str(pack), "--from", "2021-04-05", "--to", "2022-04-04",
             "--trajectories", "1", "--samples", "8", "--threads", "1")  # fmt: skip
    first = give(*words)
    assert first.status == 0, first.err
    assert "2 uncertain parameters: " in first.err
    assert "Most worth finding out next" in first.out
    folder = tmp_path / "results/sensitivity/toyland/gates-live-all"
    with (folder / "sensitivity.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["parameter"] for row in rows} == {"devices.life_years", "power.hours_factor"}
    assert (folder / "sensitivity.png").stat().st_size > 10_000
    again = give(*words)
    assert "0 histories to screen them" in again.err
    assert again.out == first.out


def test_a_calibration_names_what_is_out_of_reach_and_without_it_writes_a_pack(give, pack, tmp_path):
    words = ("calibrate", "--country", str(pack), "--draws", "16", "--waves", "1", "--threads", "1")
    first = give(*words)
    assert first.status == 0, first.err
    assert "None of 16 histories agrees with all 2 targets" in first.out
    assert "Out of reach by themselves, in every draw: thefts." in first.out
    made = tmp_path / "results/calibration/toyland"
    assert (made / "calibration.png").stat().st_size > 10_000
    assert not (made / "pack").exists()
    second = give(*words, "--without", "thefts")
    assert "0 histories in the first wave" in second.err
    assert (made / "pack" / "posterior.yaml").is_file()
    assert give("country", "check", str(made / "pack")).status == 0
    assert "calibrated" in give("scenarios", "--country", str(made / "pack")).out
    wrong = give(*words, "--without", "theft")
    assert (wrong.status, wrong.err) == (
        2, "greyspace: --without theft: did you mean 'thefts'? (allowed: felt_watched, thefts)",
    )  # fmt: skip


def test_a_pack_without_targets_and_no_target_left_are_said(give, pack):
    none = give("calibrate", "--country", "brightland")
    assert (none.status, none.err) == (
        2, "greyspace: the pack brightland has no targets: they stand in its file targets.yaml.",
    )  # fmt: skip
    left = give("calibrate", "--country", str(pack), "--without", "thefts,felt_watched")
    assert (left.status, left.err) == (2, "greyspace: --without: no target is left to be fitted.")
