"""The comparison with other tools compares like with like, and notices when it does not. Nothing is timed here."""

import dataclasses
import importlib
import itertools
import json
import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench_programs import BENCH, beside

PEERS = BENCH / "peers"
TOOLS = sorted(file.stem for file in PEERS.glob("tools/*.py"))
PERSONS = 9_000


@pytest.fixture(scope="module")
def bench():
    """The modules of the folder, which is not a package; its names are taken away afterwards."""
    names = ("reference", "check", "environments", "peer", "run")
    try:
        with beside(PEERS):
            yield {name: importlib.import_module(name) for name in names}
    finally:
        for name in (*names, "floors"):
            sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def lived(bench):
    """Years that a tool counts, ``[year, week, region, measure]``; tools that this environment has."""

    def live(tool, model, years, weeks=52):
        module = bench["peer"].load(PEERS / "tools" / f"{tool}.py")
        seeds = [bench["peer"].seed_of(tool, number) for number in range(years)]
        runs = [bench["peer"].one_run(module, model, PERSONS, seed, 1, weeks) for seed in seeds]
        return np.array([run["counts"] for run in runs])

    return live


@pytest.fixture(scope="module")
def model(bench):
    return bench["reference"].Reference(0.15)


@pytest.fixture(scope="module")
def alike(bench, lived, model):
    """The statistics of three tools that hold the same society; a year of Polars takes longest."""
    years = {"greyspace": 20, "numpy": 20, "polars": 3}
    return {tool: bench["check"].statistics(lived(tool, model, n)) for tool, n in years.items()}


def test_the_ordinary_engine_holds_the_society_that_plain_arrays_hold(bench, alike):
    found = bench["check"].compare(alike)
    assert found.agree, found.verdicts


@pytest.mark.parametrize(
    "change",
    [
        {"detection": 0.10},
        {"detection_knowing": 0.05},
        {"inspection": 0.20},
        {"bribe": 0.30},
        {"learn": 0.20},
        {"give_up": 0.60},
        {"hold": 20},
        {"permits": (18, 15, 15, 12, 12, 9, 9, 9, 6, 6)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_tool_with_another_number_is_refused(bench, lived, model, alike, change):
    other = bench["check"].statistics(lived("numpy", dataclasses.replace(model, **change), years=4))
    found = bench["check"].compare(alike | {"other": other})
    assert {verdict.name for verdict in found.verdicts if verdict.differs} >= {"other"}


def test_a_tool_whose_people_share_their_luck_is_refused_though_its_means_are_right(bench):
    rng = np.random.default_rng(1)
    alone = {name: rng.poisson(900, (20, 275)).astype(float) for name in ("a", "b", "c")}
    shared = rng.poisson(900 * rng.gamma(100, 1 / 100, (20, 1)), (20, 275)).astype(float)
    assert bench["check"].compare(alone).agree
    found = bench["check"].compare(alone | {"d": shared})
    assert not found.agree
    assert [verdict.name for verdict in found.verdicts if verdict.spread > 1.5] == ["d"]


def test_tools_that_are_alike_are_hardly_ever_refused(bench):
    rng = np.random.default_rng(2)
    refused = 0
    for _ in range(100):
        found = {name: rng.poisson(40, (20, 275)).astype(float) for name in "abcde"}
        refused += not bench["check"].compare(found).agree
    assert refused <= 2


def test_the_threads_of_the_engine_change_no_count(lived, bench, model):
    tool = bench["peer"].load(PEERS / "tools" / "greyspace.py")
    one, two = (bench["peer"].one_run(tool, model, 3_000, 7, threads, 4)["counts"] for threads in (1, 2))
    assert one == two


def test_everyone_is_counted_and_nobody_travels_who_is_held(bench, lived):
    """With all devices certain and all the power, whoever has no permit is held after one journey."""
    model = bench["reference"].Reference(0.15, powered=(1.0,) * 10, detection=1.0, detection_knowing=1.0, learn=0.0)
    for tool in ("greyspace", "numpy", "polars"):
        counts = lived(tool, model, years=1, weeks=5)[0]
        travellers, detected, bribed, held, knowing = np.moveaxis(counts, -1, 0)
        units = np.array(model.units(PERSONS))
        without = units * (30 - np.array(model.permits))
        assert not bribed.any()
        assert not knowing.any()
        assert (travellers >= detected).all()
        # The first to be free again are those of the first five days, on the Monday after the fifth week.
        so_far = detected.cumsum(axis=0)
        np.testing.assert_array_equal(held[:4], so_far[:4])
        assert (held[4] < so_far[4]).all()
        assert (held[4] >= so_far[4] - detected[0]).all()
        assert (held <= without).all()


def test_a_year_of_a_tool_is_told_as_data_by_its_own_process(bench):
    said = subprocess.run(
        (sys.executable, str(PEERS / "peer.py"), str(PEERS / "tools" / "numpy.py"), "--persons", "900", "--weeks", "3",
         "--seeds", "1", "2"),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = json.loads(said.stdout)
    assert [len(run["counts"]) for run in told["runs"]] == [3, 3]
    assert told["runs"][0]["counts"] != told["runs"][1]["counts"]
    for run in told["runs"]:
        assert all(a < b for a, b in itertools.pairwise(run["seconds"]))


@given(units=st.integers(1, 50_000))
def test_every_unit_lies_in_a_region_and_no_region_is_off_its_share(bench, units):
    model = bench["reference"].Reference(0.02)
    found = model.units(30 * units)
    assert sum(found) == units
    assert all(abs(n - units * share / 100) <= 1 for n, share in zip(found, model.share, strict=True))


@pytest.mark.parametrize("tool", TOOLS)
def test_each_tool_says_which_versions_it_needs(bench, tool):
    for peer in bench["environments"].read(PEERS / "tools" / f"{tool}.py"):
        assert peer.here or all("==" in needed for needed in (*peer.dependencies, *peer.before))
        assert peer.parallel in {"", "threads", "processes"}


def test_a_tool_that_needs_another_python_is_named_with_the_reason(bench, tmp_path):
    environments = bench["environments"]
    peer = environments.Peer("future", PEERS / "tools" / "numpy.py", ">=3.99", ("numpy==2.4.6",))
    with pytest.raises(environments.NotInstalled, match=r"needs Python 3\.99"):
        environments.Environments(tmp_path, sys.executable).of(peer)


def test_slow_tools_live_fewer_weeks_and_rounds_and_are_compared_over_these(bench):
    fit, rounds = bench["run"].weeks_that_fit, bench["run"].rounds_that_fit
    assert [fit(pace, 1_000_000, 10.0) for pace in (5, 100, 1_000_000)] == [52, 14, 2]
    assert [rounds(pace, 1_000_000, 2, 10.0, 3) for pace in (100, 1_400, 1_500)] == [3, 3, 1]
    base = {"mean": 0.02, "persons": 100, "made": 0.0, "peak": None, "before": None, "elsewhere": 0.0, "threads": 1}
    rows = [
        base | {"tool": "greyspace", "weeks": 4, "seconds": [1.0, 2.0, 8.0, 16.0]},
        base | {"tool": "slow", "weeks": 2, "seconds": [10.0, 20.0]},
    ]
    ratios = {row["tool"]: row["ratio"] for row in bench["run"].summaries(rows)}
    assert ratios == {"greyspace": 1.0, "slow": 10.0}


def test_the_page_of_the_model_has_the_numbers_of_the_program(bench):
    page = (PEERS / "MODEL.md").read_text(encoding="utf-8")
    model = bench["reference"].Reference(0.02)
    for row, values in (
        ("share of units, %", model.share),
        ("pace", model.pace),
        ("chance of power", model.powered),
        ("permits in a unit", model.permits),
    ):
        told = re.search(rf"^\| {row} \| (.+) \|$", page, re.MULTILINE)[1]
        assert tuple(float(word) for word in told.split(" | ")) == values
    told = page.partition("## A week")[2].partition("## What is counted")[0]
    for number in (model.detection, model.detection_knowing, model.inspection, model.bribe, model.learn, model.give_up):
        assert f"{number:.2f}" in told
