"""At every contact somebody finds exactly one thing, whatever the parameters are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from given import allowed, country, odds_of, with_gates_live, world
from greyspace.contract import FINDINGS, FOUND
from greyspace.country import JOURNEYS
from greyspace.errors import InputError
from greyspace.institutions import OFFICERS
from greyspace.society.papers import FALSE, PAPERS
from greyspace.society.routes import ENCOUNTERS
from greyspace.systems import GROUPS, SYSTEMS
from greyspace.systems.shape import add, in_turn, up_to

NUMBERS = st.integers(0, 2**32 - 1)
KEPT = {"caution.chronic": 0.5, "caution.fade_weekly": 0.05, "power.hours_factor": 1.0, "enforcer_cameras.at_gates": 0}
"""What these systems do not read, kept as it is; and devices that watch travellers, not officers."""

ON_THE_WAY = ("gate_home", "gate_away", "train_check", "road_post")
"""Where officers look into papers."""

POWER_IN_THE_CHANCE = ("border_camera_smuggling", "border_camera_crossing", "workplace_camera_theft")
"""Cameras with hours of their own: who meets one meets it while it runs."""


def finding(table, *names):
    """Chance of these findings together, recorded or not."""
    return table[..., [i for i, found in enumerate(FOUND) if found.split("_", 1)[1] in names]].sum(axis=-1)


def everything(made, period=-1):
    """The last view, and the odds and met shares of every contact."""
    view = made.view(made.periods[period])
    odds = {name: table for system in made.systems for name, table in system.odds(view).items()}
    met = {name: share for system in made.systems for name, share in system.met(view).items()}
    return view, odds, met


@settings(max_examples=25)
@given(NUMBERS)
def test_at_every_contact_exactly_one_thing_is_found(number):
    pack = country("toyland")
    made = world(pack, {**allowed(pack, number), **KEPT})
    _, odds, met = everything(made)
    assert set(odds) == set(met) == {contact.name for contact in made.contacts}
    for name, table in odds.items():
        assert table.shape == (2, len(GROUPS), 2, len(FOUND)), name
        assert (table >= 0).all(), name
        assert np.allclose(table.sum(axis=-1), 1.0, atol=1e-12), name
        assert ((met[name] >= 0) & (met[name] <= 1)).all(), name


@settings(max_examples=15)
@given(NUMBERS)
def test_a_traveller_with_a_permit_is_never_caught(number):
    pack = country("toyland")
    made = world(pack, {**allowed(pack, number), **KEPT})
    _, odds, _ = everything(made)
    for contact in made.contacts:
        if contact.act == "journey_with_permit":
            assert (finding(odds[contact.name], "caught", "on_record") == 0).all(), contact.name


def test_an_honest_traveller_can_be_in_an_officers_hands_by_mistake_at_any_station():
    _, odds, _ = everything(world(with_gates_live(country("dprk"))))
    for contact in ("gate_home_manual_permit", "gate_home_live_permit", "gate_home_idle_permit"):
        assert (finding(odds[contact], "stopped")[:, GROUPS.index("anyone")] > 0).all(), contact


def test_on_a_train_and_on_the_road_papers_in_order_are_only_looked_over():
    _, odds, _ = everything(world(country("dprk")))
    for contact in ("train_check_permit", "road_post_permit"):
        assert np.allclose(finding(odds[contact], "looked_over"), 1.0)


def test_only_a_device_with_power_puts_on_record_whom_it_catches():
    made = world(with_gates_live(country("dprk")))
    _, odds, _ = everything(made)
    for contact in made.contacts:
        on_record = odds[contact.name][..., [FOUND.index(f"{seen}_on_record") for seen in ("unrecorded", "recorded")]]
        assert (on_record[..., 0] == 0).all(), contact.name  # a record is written down
        if contact.name in POWER_IN_THE_CHANCE:
            continue
        assert (on_record[:, :, 0] == 0).all(), contact.name
        catches = contact.device and contact.encounter != "approach" and contact.act != "journey_with_permit"
        catches = catches or contact.papers in FALSE  # a reader
        assert (on_record[:, GROUPS.index("enrolled"), 1, 1] > 0).all() == catches, contact.name


def test_on_the_way_every_traveller_is_met_with_a_permit_or_without():
    for system in SYSTEMS:
        on_the_way = [c for c in system.CONTACTS if c.act in JOURNEYS and c.encounter not in ENCOUNTERS]
        kinds = {contact.name.rsplit("_", 1)[1] for contact in on_the_way}
        # What reads plates does not ask for papers.
        assert kinds in (set(), {"permit", "none"}, {"permit", *PAPERS})
        for contact in on_the_way:
            permit = contact.name.endswith("permit")
            assert contact.act == ("journey_with_permit" if permit else "journey_without_permit")
            assert contact.papers == ("" if permit or contact.encounter == "approach" else contact.name.split("_")[-1])


def test_only_devices_tell_the_enrolled_from_others():
    made = world(with_gates_live(country("dprk")))
    _, odds, _ = everything(made)
    for contact in made.contacts:
        table = odds[contact.name]
        differs = (table[:, GROUPS.index("enrolled")] != table[:, GROUPS.index("not_enrolled")]).any()
        assert differs == contact.by_enrolment, contact.name
        assert contact.device or not contact.by_enrolment, contact.name


def test_officers_of_every_kind_are_met_somewhere_and_no_others():
    assert {contact.officer for system in SYSTEMS for contact in system.CONTACTS} == set(OFFICERS)


def test_every_system_says_what_it_writes_down():
    for system in SYSTEMS:
        assert system.RECORDS
        assert all(record.identity and record.what and record.readable_by for record in system.RECORDS)


def test_a_log_that_is_never_kept_records_nothing_by_hand():
    pack = country("dprk")
    silent = {f"{name}.log_share": 0.0 for name in ("station_gates", "train_checks", "road_posts")}
    silent["identity_register.reader_factor"] = 0.0
    made = world(pack, silent, scenario="no-gates")
    _, odds, _ = everything(made)
    recorded = [i for i, name in enumerate(FOUND) if name.startswith("recorded")]
    on_the_way = [contact.name for contact in made.contacts if contact.encounter in ON_THE_WAY]
    assert on_the_way
    assert all((odds[name][..., recorded] == 0).all() for name in on_the_way)


def test_officers_who_overlook_nothing_catch_everybody_without_a_permit():
    pack = country("dprk")
    sharp = {"train_checks.miss": 0.0, "road_posts.miss": 0.0, "station_gates.manual_miss": 0.0}
    made = world(pack, sharp, scenario="no-gates")
    _, odds, _ = everything(made)
    for contact in made.contacts:
        if contact.encounter in ON_THE_WAY and contact.papers == "none":
            assert np.allclose(finding(odds[contact.name], "caught"), 1.0), contact.name


def test_more_posts_open_means_more_checks():
    pack = country("toyland")
    few, many = (everything(world(pack, {"road_posts.open_share": share}))[2]["road_post_none"] for share in (0.2, 0.9))
    assert (many > few).all()
    shut = everything(world(pack, {"road_posts.open_share": 0.0}))[2]["road_post_none"]
    assert (shut == 0).all()


def test_odds_that_do_not_add_up_are_refused_by_contact_and_place():
    made = world(country("toyland"))
    at = next(i for i, system in enumerate(made.systems) if system.NAME == "train_checks")
    broken = made.systems[at]

    def odds(view):
        found = broken.odds(view)
        found["train_check_none"] = found["train_check_none"].copy()
        found["train_check_none"][1, 0, 1, 0] += 0.25
        return found

    class Broken:
        NAME, CONTACTS, RECORDS = broken.NAME, broken.CONTACTS, broken.RECORDS
        sites, publish, met = broken.sites, broken.publish, broken.met
        routine, coverage = broken.routine, broken.coverage

    Broken.odds = staticmethod(odds)
    made.systems = (*made.systems[:at], Broken, *made.systems[at + 1 :])
    with pytest.raises(InputError) as refused:
        odds_of(made, made.periods[0])
    said = str(refused.value)
    assert "train_check_none" in said
    assert "northshire_rural" in said
    assert "with power" in said
    assert "1.25" in said


def test_chances_split_into_recorded_and_not():
    table = np.zeros((2, len(FOUND)))
    add(table, {"passed": 0.6, "caught": 0.4}, 0.25)
    assert table[0, FOUND.index("recorded_passed")] == pytest.approx(0.15)
    assert table[0, FOUND.index("unrecorded_caught")] == pytest.approx(0.3)
    assert np.allclose(table.sum(axis=-1), 1.0)
    assert len(FOUND) == 2 * len(FINDINGS)


@given(st.lists(st.tuples(st.dictionaries(st.sampled_from(FINDINGS), st.floats(0, 1)), st.floats(0, 1)), max_size=3))
def test_odds_that_are_the_same_everywhere_are_those_added_place_by_place(parts):
    made = world(country("toyland"))
    view = made.view(made.periods[0])
    expected = view.empty()
    for findings, recorded in parts:
        add(expected, findings, recorded)
    assert np.array_equal(view.everywhere(*parts), expected)


def test_who_does_not_meet_a_contact_comes_to_the_one_behind_it():
    """The first two stand for each other, then the third; the fourth is of an encounter of its own."""
    before = np.array([-1, 0, 1, -1])
    share = in_turn(np.array([[0.5, 0.5, 1.0, 0.25]]), before)
    assert share.tolist() == [[0.5, 0.25, 0.25, 0.25]]
    assert up_to(share, before).tolist() == [[0.5, 0.75, 1.0, 0.25]]
