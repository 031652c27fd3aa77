"""greyspace in Python: what a script or a notebook can do."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import greyspace as gs
from greyspace.errors import FolderError, InputError

WEEKS = {"country": "toyland", "engine": "expected", "start": "2019-01-07", "end": "2019-01-28"}


def test_a_run_is_kept_only_where_it_is_asked_to_be(tmp_path):
    kept = gs.run(**WEEKS, out=tmp_path / "results")
    passing = gs.run(**WEEKS)
    assert kept.meta["content_digest"] == passing.meta["content_digest"]
    assert not passing.folder.is_relative_to(tmp_path)
    for again in (gs.load(kept.folder), gs.load(kept.run_id[:6], out=tmp_path / "results")):
        assert again.table("series").equals(kept.table("series"))


def test_the_temporary_folder_goes_with_the_process():
    code = f"import greyspace as gs; print(gs.run(**{WEEKS!r}).folder)"
    said = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)
    assert not Path(said.stdout.strip()).exists()


def test_importing_it_loads_nothing():
    code = "import sys, greyspace; print(*({'numpy', 'numba', 'polars', 'pyarrow', 'matplotlib'} & set(sys.modules)))"
    assert subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True).stdout == "\n"


def test_a_setting_may_hold_from_a_date_on():
    plain = gs.run(**WEEKS)
    later = gs.run(**WEEKS, sets={"power.least_hours": {date(2019, 1, 21): 24.0}})
    compared = gs.compare(plain, later, table="places", by=["week"], measures=["power_home"])
    changed = [abs(difference) > 0 for difference in compared.frame["difference"]]
    assert changed == [False, False, True, True]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"scenario": "x"}, "there is no scenario 'x'"),
        ({"start": "soon"}, "start='soon'"),
        ({"end": 2019}, "end=2019"),
        ({"scale": float("nan")}, "more than 0 and at most 1"),
        ({"seed": 2**32}, "whole numbers from 0"),
        ({"sets": {"power.least_hours": 25}}, "0 to 24"),
        ({"country": "mars"}, "allowed: brightland, dprk, toyland"),
    ],
)
def test_a_mistake_is_told_with_what_is_allowed(wrong, words):
    with pytest.raises(InputError, match=words):
        gs.run(**{**WEEKS, **wrong})


def test_a_folder_that_has_no_run(tmp_path):
    with pytest.raises(FolderError, match="no folder of results"):
        gs.load("abc", out=tmp_path / "none")
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderError, match="cannot create the folder"):
        gs.run(**WEEKS, out=tmp_path / "file" / "results")


def test_a_plot_has_its_unit_and_a_line_for_each_group():
    run = gs.run(**WEEKS)
    figure = gs.plot(run, "intents", by=["standing", "sex"])
    assert figure.axes[0].get_ylabel() == "intents (acts a week)"
    assert len(figure.axes[0].lines) == 8
    total = run.table("series")["intents"].sum()
    assert sum(line.get_ydata().sum() for line in figure.axes[0].lines) == pytest.approx(total)
    with pytest.raises(InputError, match="at most 12 can be told apart"):
        gs.plot(run, "intents", by=["act", "sex"])
    with pytest.raises(InputError, match="no measure 'intent'"):
        gs.plot(run, "intent")
    with pytest.raises(InputError, match="cannot be drawn by 'mood'"):
        gs.plot(run, "intents", by="mood")
