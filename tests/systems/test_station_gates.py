"""Gates with face recognition, and the officers who stand beside them."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from given import country, with_gates_live, world
from greyspace.contract import FOUND
from greyspace.errors import InputError
from greyspace.infrastructure import NOT_INSTALLED, WAITING, WORKING
from greyspace.simulate.world import day_of
from greyspace.society.papers import PAPERS as WITHOUT
from greyspace.systems import GROUPS, gate_programme

PAPERS = ("permit", *WITHOUT)
ENROLLED, STRANGER = GROUPS.index("enrolled"), GROUPS.index("not_enrolled")
DARK, LIT = 0, 1


def at(pack, sets=None, masked=None, **more):
    """View, odds and met shares of one world, late in its time; ``masked``: share of travellers masked everywhere."""
    made = world(with_gates_live(pack), sets, **more)
    view = made.view(made.periods[-1])
    if masked is not None:
        view = replace(view, masked=np.full(view.places, masked))
    odds = {name: table for system in made.systems for name, table in system.odds(view).items()}
    met = {name: share for system in made.systems for name, share in system.met(view).items()}
    return view, odds, met


def finding(table, *names):
    """Chance of these findings together, recorded or not."""
    return table[..., [i for i, found in enumerate(FOUND) if found.split("_", 1)[1] in names]].sum(axis=-1)


def with_state(state, linked=True, sets=None):
    """What is published where all sites are in one state, and linked or not."""
    made = world(with_gates_live(country("dprk")), sets)
    infra = made.infrastructure
    made.infrastructure = replace(
        infra, state=np.full_like(infra.state, state), linked=np.full_like(infra.linked, linked)
    )
    return made.view(made.periods[-1]).published


@pytest.mark.parametrize("papers", PAPERS)
@pytest.mark.parametrize("name", ["dprk", "toyland"])
def test_a_gate_with_no_power_leaves_the_officer_his_discretion(name, papers):
    _, odds, _ = at(country(name))
    for whose in ("home", "away"):
        live, manual = odds[f"gate_{whose}_live_{papers}"], odds[f"gate_{whose}_manual_{papers}"]
        assert (live[..., DARK, :] == manual[..., DARK, :]).all()
        assert (live[..., LIT, :] != manual[..., LIT, :]).any()


@pytest.mark.parametrize("papers", PAPERS)
def test_a_dead_gate_is_an_officer(papers):
    _, odds, _ = at(country("dprk"))
    for whose in ("home", "away"):
        assert (odds[f"gate_{whose}_idle_{papers}"] == odds[f"gate_{whose}_manual_{papers}"]).all()


def test_a_dead_gate_is_met_as_such_by_as_many_as_met_it_alive():
    alive, dead = with_state(WORKING), with_state(WAITING)
    assert (alive["gate_live"] > 0).any()
    assert (alive["gate_idle"] == 0).all()
    assert (dead["gate_live"] == 0).all()
    assert (dead["gate_idle"] == alive["gate_live"]).all()


@pytest.mark.parametrize(("gallery", "linked", "live"), [
    ("remote", False, False), ("remote", True, True), ("local", False, True), ("local", True, True),
])  # fmt: skip
def test_a_gate_that_asks_the_register_needs_the_network(gallery, linked, live):
    found = with_state(WORKING, linked, {"station_gates.gallery": gallery})
    assert (found["gate_live"] > 0).any() == live
    assert (found["gate_idle"] > 0).any() != live


def test_a_gallery_of_its_own_knows_nobody_from_away():
    for gallery, known in (("local", False), ("remote", True)):
        _, odds, _ = at(country("dprk"), {"station_gates.gallery": gallery})
        for papers in PAPERS:
            away = odds[f"gate_away_live_{papers}"][..., LIT, :]
            assert (away[:, ENROLLED] != away[:, STRANGER]).any() == known
            home = odds[f"gate_home_live_{papers}"][..., LIT, :]
            assert (home[:, ENROLLED] != home[:, STRANGER]).any()


def test_who_is_not_in_the_register_is_never_matched():
    weak, strong = (at(country("dprk"), {"station_gates.match_unmasked": match})[1] for match in (0.8, 0.99))
    for papers in PAPERS:
        a, b = (odds[f"gate_home_live_{papers}"] for odds in (weak, strong))
        assert (a[:, STRANGER] == b[:, STRANGER]).all()
        assert (a[:, ENROLLED, LIT] != b[:, ENROLLED, LIT]).any()


def at_the_desk(odds):
    """Honest travellers of the register whom a live gate puts into an officer's hands."""
    return finding(odds["gate_home_live_permit"][:, ENROLLED, LIT], "stopped")


def test_better_matching_bothers_fewer_honest_people():
    found = [
        at_the_desk(at(country("dprk"), {"station_gates.match_unmasked": m}, masked=0.0)[1]) for m in (0.8, 0.9, 1)
    ]
    assert (found[0] > found[1]).all()
    assert (found[1] > found[2]).all()
    assert np.allclose(found[2], 0.0)


def test_masks_send_honest_people_to_the_desk():
    bare, half, masked = (at_the_desk(at(country("dprk"), masked=m)[1]) for m in (0.0, 0.5, 1.0))
    assert (bare < half).all()
    assert (half < masked).all()
    assert np.allclose(half, (bare + masked) / 2)


def test_a_camera_that_gets_no_picture_of_masked_faces_cannot_match_them():
    none = at(country("dprk"), {"station_gates.capture_failure_masked": 1.0}, masked=1.0)[1]
    for papers in PAPERS:
        table = none[f"gate_home_live_{papers}"][..., LIT, :]
        assert np.allclose(table[:, ENROLLED], table[:, STRANGER])


def caught(table):
    return finding(table, "caught", "on_record")


def test_a_gate_catches_more_without_a_permit_than_an_officer_who_overlooks_some():
    """Matched or not, nobody gets past a live gate unless mistaken for another or overlooked at the desk."""
    _, odds, _ = at(country("dprk"), {"station_gates.false_match": 0.0})
    gate, officer = odds["gate_home_live_none"][..., LIT, :], odds["gate_home_manual_none"][..., LIT, :]
    assert (caught(gate)[:, ENROLLED] > caught(officer)[:, ENROLLED]).all()
    assert np.allclose(caught(gate)[:, STRANGER], caught(officer)[:, STRANGER])


def test_an_officer_who_overlooks_nothing_is_as_good_as_a_gate():
    _, odds, _ = at(country("dprk"), {"station_gates.false_match": 0.0, "station_gates.manual_miss": 0.0})
    gate, officer = odds["gate_home_live_none"][..., LIT, :], odds["gate_home_manual_none"][..., LIT, :]
    assert np.allclose(caught(gate), caught(officer))


def test_a_false_match_lets_somebody_pass_for_another():
    few, many = (at(country("dprk"), {"station_gates.false_match": f})[1] for f in (0.0, 0.2))
    a, b = (finding(odds["gate_home_live_none"][..., LIT, :], "passed") for odds in (few, many))
    assert (b > a).all()


def test_what_a_live_gate_matches_it_records():
    _, odds, _ = at(country("dprk"), {"station_gates.match_unmasked": 1.0, "station_gates.log_share": 0.0}, masked=0.0)
    recorded = [i for i, name in enumerate(FOUND) if name.startswith("recorded")]
    for papers in PAPERS:
        table = odds[f"gate_home_live_{papers}"][:, ENROLLED, LIT]
        assert np.allclose(table[..., recorded].sum(axis=-1), 1.0)
    assert (odds["gate_home_manual_none"][..., recorded] == 0).all()


def test_everybody_who_enters_a_station_meets_a_live_gate_an_idle_one_or_an_officer():
    view, _, met = at(country("dprk"), {"station_gates.gallery": "local"})  # some work, some do not
    for whose in ("home", "away"):
        for papers in PAPERS:
            live, idle, manual = (met[f"gate_{whose}_{kind}_{papers}"] for kind in ("live", "idle", "manual"))
            assert np.allclose(live + (1 - live) * idle + (1 - live) * (1 - idle) * manual, 1.0)
            assert np.allclose(live, view.published["gate_live"])
            assert np.allclose((1 - live) * idle, view.published["gate_idle"])
            both = (live > 0) & (idle > 0)
            assert both.any()
            assert (manual == 1).all()


def test_gates_of_one_province_never_take_more_than_all_of_its_traffic():
    most = {"station_gates.traffic_share_hub": 0.45, "station_gates.traffic_share_main": 0.06}
    pack = country("dprk")
    many = replace(pack, stations=tuple(replace(s, size="hub") for s in pack.stations))
    view, _, _ = at(many, most)
    total = view.published["gate_live"] + view.published["gate_idle"]
    assert (total <= 1 + 1e-12).all()
    assert total.max() == pytest.approx(1.0)


# Sites.


def test_as_many_stations_are_equipped_as_the_pack_says_from_the_top_of_its_list():
    pack = country("dprk")
    for wanted in (3, 7, 10):
        made = world(pack, {"station_gates.sites_south_hamgyong": wanted})
        mine = [site.id for site in made.infrastructure.sites if site.province == "south_hamgyong"]
        rows = sorted((g for g in pack.gates if g.province == "south_hamgyong"), key=lambda gate: gate.rank)
        assert mine == [gate.station for gate in rows[:wanted]]


def test_the_capital_comes_first_and_alone_when_parts_are_given_out():
    made = world(country("dprk"))
    for site in made.infrastructure.sites:
        assert (site.priority == 0) == (site.province == "pyongyang"), site.id


def test_gates_stand_in_town_where_the_trains_leave():
    pack = country("dprk")
    for site in world(pack).infrastructure.sites:
        assert pack.regions[site.region].urban
        assert pack.regions[site.region].province == site.province


def test_a_gate_is_not_there_before_its_date():
    pack = country("dprk")
    made = world(pack)
    for i, site in enumerate(made.infrastructure.sites):
        there = made.infrastructure.state[:, i] != NOT_INSTALLED
        assert (there == (made.weeks >= site.installed)).all(), site.id


def test_a_gate_at_a_halt_is_refused_in_a_sentence():
    pack = country("toyland")
    gates = (*pack.gates[:3], replace(pack.gates[3], station="Mill Halt"))
    with pytest.raises(InputError, match=r"gates\.csv, Mill Halt"):
        world(replace(pack, gates=gates))


def test_whom_a_gate_matches_without_a_permit_is_caught_on_record_and_nobody_else_is():
    _, odds, _ = at(
        country("dprk"), {"station_gates.false_match": 0.0, "station_gates.match_unmasked": 1.0}, masked=0.0
    )
    table = odds["gate_home_live_none"]
    assert np.allclose(finding(table, "on_record")[:, ENROLLED, LIT], 1.0)
    assert (finding(table, "on_record")[:, STRANGER] == 0).all()
    assert (finding(table, "on_record")[:, :, DARK] == 0).all()


def equipped(pack, sets=None):
    made = world(pack, sets, start=date(2024, 12, 30), end=date(2031, 1, 6))
    return {site.id: site for site in made.infrastructure.sites}, made


def test_further_stations_are_equipped_by_the_year_the_large_ones_first_and_none_before_the_first_date():
    pack = country("dprk")
    usual, _ = equipped(pack)
    since, until = date(2025, 1, 6), date(2030, 1, 7)
    found, made = equipped(pack, {"station_gates.further_share": {since: 0.0, until: 1.0}})
    assert {name: found[name] for name in usual} == usual
    assert set(found) == {station.station for station in pack.stations}
    new = [site for name, site in found.items() if name not in usual]
    days = np.array([np.datetime64(site.installed, "D").astype(date) for site in new])
    assert set(days) <= {date(2026, 1, 5), date(2027, 1, 4), date(2028, 1, 3), date(2029, 1, 1), until}
    assert set(days) <= {day_of(period.monday) for period in made.periods}
    size = {station.station: gate_programme.SIZES.index(station.size) for station in pack.stations}
    assert (np.diff([size[site.id] for site in new]) >= 0).all()
    assert (np.diff(days) >= np.timedelta64(0, "D")).all()
    for share in (0.0, 0.4):
        some, _ = equipped(pack, {"station_gates.further_share": {since: share}})
        assert len(some) == len(usual) + round(share * len(new) - 0.5)


def test_further_gates_are_seen_fail_and_stand_in_the_dark_like_the_first():
    pack = country("dprk")
    _, before = equipped(pack)
    _, after = equipped(pack, {"station_gates.further_share": {date(2025, 1, 6): 1.0}})
    now, then = (made.view(made.periods[-1]).published for made in (before, after))
    seats = [pack.seat(province) for province in pack.provinces]
    assert (then["seen_gates"][seats] > now["seen_gates"][seats]).all()
    # Where minor stations are named, they and the large ones have all the traffic of the province between them.
    named = {station.province for station in pack.stations if station.size == "minor"}
    assert np.allclose([then["seen_gates"][pack.seat(province)] for province in named], 1.0)
    infra, many = before.infrastructure, after.infrastructure
    states = many.state[-1, len(infra.sites) :]
    assert {WORKING, WAITING} <= set(states)
    assert (many.site_power[:, len(infra.sites) :] < 1.0).any()


def test_one_share_for_the_whole_run_holds_from_the_first_day_of_the_programme():
    pack = country("toyland")
    found, _ = equipped(pack, {"station_gates.further_share": 1.0})
    first = min(gate.installed for gate in pack.gates)
    assert found["Mill Halt"].installed == (first - date(1970, 1, 1)).days
