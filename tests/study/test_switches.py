"""Each system on and off: what it cannot reach it leaves alone, and what is said of it can be read off the world."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from given import country
from greyspace.contract import STATES
from greyspace.country import ACTS
from greyspace.errors import InputError
from greyspace.simulate import plan
from greyspace.study import switches
from greyspace.systems import SYSTEMS


def a_few_weeks(scenario="history"):
    pack = country("toyland")
    return plan(
        pack, pack.scenario(scenario), engine="expected", start=date(2023, 1, 2), end=date(2023, 2, 20), scale=0.05
    )


@pytest.fixture(scope="module")
def found():
    rows = ("human_network", "plate_cameras", "school_cameras", "identity_register", "all that is digital")
    return switches.find(a_few_weeks(), 1, lambda phase, done, of: None, only=rows)


def row(found, name):
    return next(row for row in found.rows if row.name == name)


def test_a_system_that_meets_nobody_and_tells_nobody_leaves_every_act_as_it_was(found):
    alone = row(found, "school_cameras")
    assert alone.acts == ()
    assert alone.at_once == ()
    assert "people" in row(found, "plate_cameras").at_once
    assert (alone.totals.states == found.on.states).all()
    assert (alone.through == 0.0).all()
    assert switches.changes(found, alone, True) == switches.changes(found, alone, False) == []
    assert switches.sums(found, alone)["records"] > 0


def test_the_human_network_punishes_what_it_meets_and_frightens_beyond(found):
    network = row(found, "human_network")
    assert "journey_with_permit" not in network.acts
    punished = {c.act: c.size for c in switches.changes(found, network, True) if c.state == "punished"}
    assert max(punished.values()) > 0
    elsewhere = switches.changes(found, network, False)
    assert {c.act for c in elsewhere} <= set(ACTS) - set(network.acts)


def test_readers_of_number_plates_put_on_record_and_frighten_where_they_never_look(found):
    plates = row(found, "plate_cameras")
    recorded = {c.act: c.size for c in switches.changes(found, plates, True) if c.state == "free_recorded"}
    assert recorded["journey_with_permit"] > 0
    largest = next(c for c in switches.changes(found, plates, False) if c.state != "free_unseen")
    assert largest.state == "chilled"
    assert largest.size > 0
    assert switches.through(plates, largest) == "caution"


def test_a_register_meets_nobody_but_gates_know_by_it_at_once(found):
    register = row(found, "identity_register")
    assert register.acts == ()
    assert "station_gates" in register.at_once


def test_what_each_part_undoes_comes_to_the_whole_change(found):
    """Where each of them is small, parts that are lent one by one undo together what all of them undo."""
    plates = row(found, "plate_cameras")
    last = [1000.0 * t.last / t.last.sum(axis=-1, keepdims=True) for t in (found.on, plates.totals)]
    whole, undone = last[1] - last[0], plates.through.sum(axis=0)
    for act in ("foreign_media", "journey_without_permit"):
        for state in ("chilled", "free_unseen"):
            at = ACTS.index(act), STATES.index(state)
            assert abs(whole[at]) > switches.NONE
            assert undone[at] == pytest.approx(whole[at], rel=0.1)


def test_how_intents_end_adds_up_in_every_row_of_the_table(found):
    table = switches.table(found)
    states = table.filter(pl.col("measure").is_in(STATES)).group_by("system", "act").agg(pl.col("on", "off").sum())
    assert states.height == len(found.rows) * len(ACTS)
    assert np.allclose(states["on"], 1000.0)
    assert np.allclose(states["off"], 1000.0)
    assert (table["difference"] == table["on"] - table["off"]).all()


def test_changes_in_words_are_the_largest_of_the_table(found):
    table = switches.table(found).filter(pl.col("measure").is_in(STATES[:-1]))
    for alone, line in zip(found.rows, switches.lines(found), strict=True):
        own = table.filter((pl.col("system") == alone.name) & ~pl.col("meets"))
        said = dict(zip(switches.HEADS, line, strict=True))["largest elsewhere"]
        if own.is_empty() or own["difference"].abs().max() < switches.NONE:
            assert said in ("none", "")
        else:
            largest = own.row(int(own["difference"].abs().arg_max()), named=True)
            act, rest = said.split(": ")
            end, size = rest.rsplit(" ", 1)
            assert (act, end) == tuple(largest[name].replace("_", " ") for name in ("act", "measure"))
            assert float(size) == pytest.approx(largest["difference"], rel=0.05)


def test_leads_come_from_analysis_alone():
    only = switches.find(a_few_weeks(), 1, lambda phase, done, of: None, only=("analysis",))
    assert only.on.sum("leads") > 0
    assert only.rows[0].totals.sum("leads") == 0


@pytest.mark.parametrize("name", ["toyland", "dprk", "brightland"])
def test_digital_systems_and_people_are_those_of_the_scenarios_without_them(name):
    pack = country(name)
    for scenario, group in (
        ("human-network-only", "all that is digital"),
        ("digital-only", "all that people do"),
    ):
        off = {system for system, on in pack.scenario(scenario).systems.items() if not on}
        assert off == set(switches.GROUPS[group])


def test_rows_are_what_is_on_and_leaves_somebody_who_meets_people():
    assert list(switches.rows_of(a_few_weeks())) == [*(system.NAME for system in SYSTEMS), *switches.GROUPS]
    people = switches.rows_of(a_few_weeks("human-network-only"))
    assert set(people) == set(switches.PEOPLE)


def test_a_world_of_one_system_has_nothing_to_switch_off():
    every = [system.NAME for system in SYSTEMS]
    alone = switches.without(a_few_weeks(), [name for name in every if name != "inspections"])
    with pytest.raises(InputError, match="history"):
        switches.find(alone, 1, lambda phase, done, of: None)
