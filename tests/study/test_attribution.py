"""Parts of a difference: worlds in between are what they say, and the parts come to the whole."""

from datetime import date
from itertools import combinations

import numpy as np
import polars as pl
import pytest

from given import country
from greyspace.errors import InputError
from greyspace.simulate import plan
from greyspace.study import attribution
from greyspace.study.gauges import named
from legible import legible

START, SINCE, END = date(2024, 12, 2), date(2025, 1, 6), date(2025, 2, 24)
MONDAY = (SINCE - date(1970, 1, 1)).days
GAUGES = [named("recorded"), named("leads")]


def made(name, pack="toyland"):
    of = country(pack)
    return plan(of, of.scenario(name), engine="expected", start=START, end=END)


@pytest.fixture(scope="module")
def found():
    a, b = made("as-is"), made("analysts")
    b = plan(b.pack, b.scenario.model_copy(update={"parameters": {**b.scenario.parameters, "power.least_hours": 24.0}}),
             engine="expected", start=START, end=END)  # fmt: skip
    groups, todo = attribution.jobs(a, b, MONDAY, 2, None)
    assert list(groups) == ["electricity", "analysis"]
    assert sum(len(job.plans) for job in todo) == 3 * 4
    return attribution.find(a, b, MONDAY, groups, todo, 1, lambda *_: None)


def under(pack, scenario):
    """All that a scenario comes to."""
    made = plan(pack, scenario, engine="expected", start=START, end=END)
    return made.p.resolved(), made.off, {event.id: event for event in pack.under(scenario).events}


@pytest.mark.parametrize("name", ["dprk", "toyland", "brightland"])
def test_with_all_groups_lifted_it_is_the_second_scenario_and_with_none_the_first(name):
    pack = country(name)
    for a, b in combinations(pack.scenarios.values(), 2):
        groups = attribution.differ_in(pack, a, b)
        assert under(pack, attribution.mixed(pack, a, b, groups)) == under(pack, b)
        assert under(pack, attribution.mixed(pack, a, b, ())) == under(pack, a)
        assert under(pack, attribution.mixed(pack, b, a, groups)) == under(pack, a)


def test_a_group_that_is_lifted_leaves_the_others_alone():
    pack = country("dprk")
    a, b = pack.scenario("as-is"), pack.scenario("china-like")
    p, off, _ = under(pack, attribution.mixed(pack, a, b, ["electricity"]))
    ours, theirs = under(pack, a)[0], under(pack, b)[0]
    changed = {key for key in p if p[key] != ours[key]}
    assert changed == {"power.least_hours", "border_video.hours"}
    assert all(p[key] == theirs[key] for key in changed)
    assert off == frozenset()


def test_china_like_lifts_six_groups():
    pack = country("dprk")
    groups = attribution.differ_in(pack, pack.scenario("as-is"), pack.scenario("china-like"))
    assert list(groups) == ["electricity", "network", "hardware", "sensing", "analysis", "enforcers"]
    events = attribution.differ_in(pack, pack.scenario("history"), pack.scenario("open-border"))
    assert list(events) == ["hardware"]
    assert "border_closed_2020" in events["hardware"]
    systems = attribution.differ_in(pack, pack.scenario("history"), pack.scenario("digital-only"))
    assert list(systems) == ["watchers"]


def test_shares_add_up_to_the_whole_in_every_draw(found):
    for gauge in GAUGES:
        parts, whole = attribution.parts(found, gauge)
        assert sum(part.share.own for part in parts) == pytest.approx(whole.own)
        assert np.sum([part.share.draws for part in parts], axis=0) == pytest.approx(np.array(whole.draws))
        assert [abs(part.share.own) for part in parts] == sorted((abs(p.share.own) for p in parts), reverse=True)


def test_analysts_bring_leads_and_power_brings_records_for_them(found):
    parts = {part.group: part for part in attribution.parts(found, named("leads"))[0]}
    assert parts["analysis"].alone.own > 10.0 * abs(parts["electricity"].alone.own)
    assert parts["electricity"].last.own > parts["electricity"].alone.own
    records = {part.group: part for part in attribution.parts(found, named("recorded"))[0]}
    assert records["electricity"].share.own > 0.0
    assert abs(records["analysis"].share.own) < 0.01 * records["electricity"].share.own


def test_tables_and_figure_say_the_same(found):
    whole = attribution.table(found, GAUGES)
    assert whole.height == 2 * 3
    worlds = attribution.worlds(found, GAUGES)
    assert worlds["lifted"].to_list() == ["", "electricity", "analysis", "electricity+analysis"]
    ends = worlds["leads"].to_list()
    row = whole.filter((pl.col("measure") == "leads") & (pl.col("group") == "whole")).row(0, named=True)
    assert row["share"] == pytest.approx(ends[-1] - ends[0])
    figure, caption = attribution.picture(found, GAUGES)
    legible(figure)
    assert "as-is" in caption
    said = " ".join(text.get_text() for text in figure.texts).replace("\n", " ")
    assert "over 2 draws" in said
    assert "4 worlds" in said


def test_what_does_not_differ_or_differs_in_too_much_is_refused():
    one = made("history")
    with pytest.raises(InputError, match="differ in nothing"):
        attribution.jobs(one, one, MONDAY, 0, None)
    more = dict.fromkeys(("market.fee", "caution.a", "knowing.b", "bribery.c", "human_network.d"), 1.0)
    more |= {"power.e": 1.0, "network.f": 1.0, "analysis.g": 1.0}
    other = made("history")
    many = plan(other.pack, other.scenario, engine="expected", start=START, end=END)
    object.__setattr__(many, "scenario", other.scenario.model_copy(update={"id": "many", "parameters": more}))
    with pytest.raises(InputError, match="at most 6"):
        attribution.jobs(one, many, MONDAY, 0, None)
