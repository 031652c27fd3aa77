"""What a user gets wrong is said in one sentence, with what is allowed, before anything is written."""

import shutil
from importlib.resources import files

import pytest

TOYLAND = ("--country", "toyland", "--engine", "expected")

WRONG = {
    "unknown scenario": (("histroy", *TOYLAND), "did you mean 'history'? (allowed: analysts, as-is,"),
    "unknown parameter": (("--set", "power.least_huors=3", *TOYLAND), "did you mean power.least_hours?"),
    "parameter out of range": (("--set", "power.least_hours=25", *TOYLAND), "allowed: 0 to 24 (hours a day)"),
    "parameter that is no number": (("--set", "power.least_hours=nan", *TOYLAND), "allowed: 0 to 24 (hours a day)"),
    "word for a number": (("--set", "power.least_hours=lots", *TOYLAND), "'lots' is not a number; allowed: 0 to 24"),
    "number for a word": (("--set", "station_gates.gallery=3", *TOYLAND), "allowed: local, remote"),
    "setting without value": (("--set", "power.least_hours", *TOYLAND), "expected id=value"),
    "scale 0": (("--scale", "0"), "--scale 0: allowed is a number more than 0 and at most 1"),
    "scale nan": (("--scale", "nan"), "--scale nan: allowed is a number more than 0 and at most 1"),
    "scale inf": (("--scale", "inf"), "--scale inf: allowed is a number more than 0 and at most 1"),
    "scale -1": (("--scale", "-1"), "--scale -1: allowed is a number more than 0 and at most 1"),
    "scale 7": (("--scale", "7"), "--scale 7: allowed is a number more than 0 and at most 1"),
    "scale in words": (("--scale", "all"), "--scale all: allowed is a number more than 0 and at most 1"),
    "scale without number": (("--scale",), "--scale requires an argument"),
    "no seeds": (("--seeds", "0"), "--seeds 0: allowed are whole numbers from 1 to 1000"),
    "seeds in words": (("--seeds", "some"), "--seeds some: allowed are whole numbers from 1 to 1000"),
    "half a seed": (("--seed", "1.5"), "--seed 1.5: allowed are whole numbers from 0 to 4294967295"),
    "seed -1": (("--seed", "-1"), "--seed -1: allowed are whole numbers from 0 to 4294967295"),
    "seed too large": (("--seed", "4294967296"), "allowed are whole numbers from 0 to 4294967295"),
    "one seed and several": (("--seed", "1", "--seeds", "2"), "--seed and --seeds exclude each other"),
    "dates reversed": (("--from", "2020-01-06", "--to", "2019-01-07", *TOYLAND), "the end lies before the start"),
    "impossible date": (("--from", "2019-02-31"), "--from 2019-02-31: there is no such date"),
    "date in another order": (("--to", "31.12.2019"), "write it as year-month-day"),
    "date before the pack": (("--from", "1990-01-01", *TOYLAND), "the pack toyland covers 2008-01-07 to 2035-12-31"),
    "date after the pack": (("--to", "2050-01-01", *TOYLAND), "the pack toyland covers 2008-01-07 to 2035-12-31"),
    "unknown engine": (("--engine", "expekted"), "did you mean 'expected'? (allowed: individuals, expected)"),
    "no threads": (("--threads", "0"), "--threads 0: allowed are whole numbers from 1 to 256"),
    "draws in words": (("--draws", "few"), "--draws few: allowed are whole numbers from 0 to 10000"),
    "unknown country": (("--country", "mars"), "allowed: brightland, dprk, toyland, or a folder"),
    "unknown option": (("--fly",), "Unknown option: --fly"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_mistake_names_what_is_allowed_and_leaves_nothing_behind(greyspace, refused, tmp_path, wrong):
    words, sentence = WRONG[wrong]
    refused(greyspace("run", *words), sentence)
    assert list(tmp_path.iterdir()) == []


def test_a_table_that_was_cut_off_is_named(greyspace, refused, tmp_path):
    shutil.copytree(str(files("greyspace") / "countries" / "toyland"), tmp_path / "land")
    table = tmp_path / "land" / "acts.csv"
    table.write_bytes(table.read_bytes()[:-30])
    refused(greyspace("run", "history", "--country", "land"), "land/acts.csv: the last line has no end")
    assert [path.name for path in tmp_path.iterdir()] == ["land"]
    said = greyspace("country", "check", "land")
    assert said.returncode == 2
    assert said.stdout.splitlines()[0].startswith("land/acts.csv")
    assert said.stderr == ""
