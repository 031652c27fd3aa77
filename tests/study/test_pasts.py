"""A common past is lived once: what each life comes to has the same bytes as if it had been lived by itself."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given as when
from hypothesis import settings
from hypothesis import strategies as st

from dying import Fatal
from given import country
from greyspace.country import number_of
from greyspace.results import source_hash
from greyspace.simulate import Life, plan
from greyspace.study import ensemble
from greyspace.study.ensemble import Run
from greyspace.study.jobs import each
from greyspace.study.pasts import ALONE, Pasts, left, places, share

START, END = date(2021, 3, 1), date(2021, 7, 26)
FIRST_GATE = date(2021, 4, 5)
PACK = country("toyland")

days = st.dates(START - timedelta(weeks=3), END)
numbers = st.sampled_from(
    [
        "identity_register.enrolled",
        "bribery.found_out",
        "power.least_hours",
        "devices.life_years",
        "knowing.leaves_no_trace",
        "station_gates.match_unmasked",
        "station_gates.further_share",
    ]
)


@st.composite
def changes(draw):
    """Something that a scenario may be otherwise in, from a day on or from the beginning."""
    kind = draw(st.sampled_from(["number", "from", "from, and on", "gallery", "off", "switch", "event", "border"]))
    if kind in ("number", "from", "from, and on"):
        key = draw(numbers)
        first, then = (draw(st.floats(*PACK.parameters[key].range)) for _ in range(2))
        day = draw(days)
        on = {day: first} if kind == "from" else {day: first, day + timedelta(weeks=6): then}
        whole = kind == "number" or key == "station_gates.match_unmasked"
        return {"sets": {key: first if whole else on}}
    if kind == "gallery":
        return {"sets": {"station_gates.gallery": draw(st.sampled_from(["local", "remote"]))}}
    system = draw(st.sampled_from(["station_gates", "road_posts", "human_network"]))
    if kind == "off":
        return {"systems": {system: False}}
    if kind == "switch":
        return {"systems": {system: {draw(days): draw(st.booleans())}}}
    if kind == "event":
        return {"remove": (draw(st.sampled_from([event.id for event in PACK.events])),)}
    return {"border": draw(days)}


def made(change):
    told = PACK.scenario("history")
    told = told.model_copy(update={"systems": {**told.systems, **change.get("systems", {})}})
    told = told.model_copy(update={"events": told.events.model_copy(update={"remove": change.get("remove", ())})})
    if "border" in change:
        shut = next(event for event in PACK.events if event.variable == "border_open")
        shut = shut.model_copy(update={"id": "shut", "start": change["border"], "until": None, "value": 0.0})
        told = told.model_copy(update={"added": (shut,)})
    return plan(PACK, told, engine="expected", start=START, end=END, sets=change.get("sets", {}))


def pieces(plans, where):
    return [Run(plan, source_hash(), place).live() for plan, place in zip(plans, where, strict=True)]


@when(st.lists(changes(), min_size=2, max_size=2))
@settings(max_examples=8)
def test_lives_that_share_a_past_come_to_the_same_bytes_as_by_themselves(found):
    plans = [made(change) for change in found]
    assert pieces(plans, places(plans)) == pieces(plans, [ALONE] * len(plans))


GATES = [made({}), made({"systems": {"station_gates": False}}), made({"sets": {"station_gates.gallery": "local"}})]
GATES.append(made({"systems": {"station_gates": False}, "sets": {"station_gates.gallery": "local"}}))
LATER = date(2021, 6, 7)
GATES.append(made({"systems": {"station_gates": {LATER: False}}}))


@pytest.fixture(scope="module")
def alone():
    return pieces(GATES, [ALONE] * len(GATES))


def test_each_follows_the_one_it_parts_from_last(alone, monkeypatch):
    where = places(GATES)
    assert [place.takes and (place.takes.run_id, place.takes.day) for place in where] == [
        None,
        (GATES[0].run_id, FIRST_GATE),
        (GATES[0].run_id, FIRST_GATE),
        (GATES[1].run_id, None),
        (GATES[0].run_id, LATER),
    ]
    assert [round(share(plan, place), 2) for plan, place in zip(GATES, where, strict=True)] == [1, 0.76, 0.76, 0, 0.33]
    lived, step = [], Life.step
    monkeypatch.setattr(Life, "step", lambda life, *rest: lived.append(life.plan.run_id) or step(life, *rest))
    assert pieces(GATES, where) == alone
    periods = [lived.count(plan.run_id) for plan in GATES]
    assert periods[3] == 0
    assert periods[4] < periods[1] == periods[2] < periods[0]


def test_what_is_not_there_is_lived_anew(alone):
    """As it is where another process lived it, or the one that did has died."""
    where = places(GATES)
    for order in ([1, 0, 4], [3, 1], [4, 2]):
        ensemble._pasts = Pasts()
        assert pieces([GATES[i] for i in order], [where[i] for i in order]) == [alone[i] for i in order]


def test_a_process_that_is_killed_in_the_middle_of_a_group_changes_no_byte(alone, tmp_path):
    runs = [Run(plan, source_hash(), place) for plan, place in zip(GATES, places(GATES), strict=True)]
    chain = list(enumerate([runs[0], Fatal(runs[1], tmp_path / "mark"), *runs[2:]]))
    assert [came for _, came in sorted(each([chain], 2))] == alone
    assert (tmp_path / "mark").exists()


def test_of_a_past_nothing_is_left_when_another_group_comes_and_nothing_is_shared_by_hand():
    pasts = Pasts()
    life, where = Life(GATES[0]), places(GATES)
    sums = [0.0]
    assert pasts.of(where[0]) is None
    for period in left(life, None):
        pasts.before(life, where[0], period, sums)
        life.step(period, life.odds(period), lambda _: None)
        sums[0] += period.weeks
    first, again = pasts.of(where[1]), pasts.of(where[2])
    assert first.sums == again.sums
    assert first.sums is not again.sums
    # Up to the period that ends on the day itself.
    assert first.monday < number_of(FIRST_GATE)
    assert first.sums == [(first.monday - life.world.weeks[0]) / 7]
    assert pasts.of(replace(where[1], group="other")) is None
    assert pasts.of(where[1]) is None
    assert np.isfinite(first.change)
