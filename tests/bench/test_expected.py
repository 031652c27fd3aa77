"""The program that times the expectation counts right. Nothing is timed here."""

import importlib.util
import sys
from datetime import date
from pathlib import Path

import pytest

from given import country
from greyspace.simulate import Life, plan

BENCH = Path(__file__).parents[2] / "bench"


@pytest.fixture(scope="module")
def bench():
    sys.path.insert(0, str(BENCH))
    try:
        spec = importlib.util.spec_from_file_location("expected", BENCH / "expected.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(BENCH))
    return module


def test_every_phase_is_met_and_together_they_are_the_whole(bench):
    pack = country("toyland")
    of = plan(pack, pack.scenario("history"), engine="expected", seed=7, start=date(2020, 1, 6), end=date(2020, 3, 30))
    usual = Life.step
    got = bench.live(of)
    assert got["weeks"] == 13
    assert got["periods"] == len(of.world().periods)
    assert sum(got["phases"].values()) == pytest.approx(got["seconds"])
    assert min(seconds for phase, seconds in got["phases"].items()) > 0
    assert Life.step is usual
    assert all("timed" not in getattr(where, what).__qualname__ for _, where, what in bench.PHASES)
