"""The program that times the expectation counts right. Nothing is timed here."""

from datetime import date

import pytest

from bench_programs import program
from given import country
from greyspace.simulate import Life, plan


@pytest.fixture(scope="module")
def bench():
    return program("expected")


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
