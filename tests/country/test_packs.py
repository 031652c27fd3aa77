"""The packs that come with greyspace: each number has unit, range and grounds, and totals are the census'."""

from datetime import date

import numpy as np
import pytest

from greyspace.country import PROFILES, ROLES, STANDINGS, generator, load_pack, packs, shares
from greyspace.evidence import counts, quantile, resolve, uncertain


@pytest.fixture(scope="module", params=packs())
def pack(request):
    return load_pack(request.param)


@pytest.fixture(scope="module")
def dprk():
    return load_pack("dprk")


def persons_by(pack, keep) -> float:
    """Share of all persons whose profile passes."""
    weights = np.array([region.persons for region in pack.regions]) / pack.persons
    chosen = np.array([keep(profile) for profile in PROFILES])
    return float((weights[:, None] * shares(pack) * chosen).sum())


# Evidence.


def test_every_parameter_says_what_it_is_and_how_it_is_known(pack):
    for key, parameter in pack.parameters.items():
        assert parameter.description, key
        assert parameter.unit, key
        assert parameter.range is not None or parameter.options, key
        assert parameter.evidence or parameter.why, key
    found = counts(pack.parameters)
    assert sum(found.values()) == len(pack.parameters)


def test_every_column_and_event_says_how_it_is_known(pack):
    for name, columns in pack.tables.items():
        for column, block in columns.items():
            assert block.role == "key" or block.evidence or block.why, f"{name}, {column}"
    for event in pack.events:
        assert event.evidence or event.why, event.id


def test_every_source_is_cited_somewhere(pack):
    cited = {item.source for parameter in pack.parameters.values() for item in parameter.evidence}
    cited |= {item.source for columns in pack.tables.values() for block in columns.values() for item in block.evidence}
    cited |= {item.source for event in pack.events for item in event.evidence}
    cited |= {tie.evidence.source for tie in pack.chain.ties} if pack.chain else set()
    assert sorted(set(pack.sources) - cited) == []


def test_a_summary_is_not_independent_of_what_it_summarises(dprk):
    assert dprk.sources["dailynk_column_2024"].group == dprk.sources["stimson_38north_2024"].group


def test_an_invented_country_cites_nobody_and_says_that_it_is_invented():
    invented = [pack for pack in map(load_pack, packs()) if pack.stylised]
    assert [pack.id for pack in invented] == ["brightland", "toyland"]
    for pack in invented:
        assert not pack.sources
        assert "invented" in pack.title
        assert "invented" in pack.note


def test_packs_know_of_the_same_things():
    """But for what sources say of a country's gates and what its people told: an invented one may have neither."""
    told = ("station_gates.sites_", "fitted.", "targets.")
    ids = {name: {key for key in load_pack(name).parameters if not key.startswith(told)} for name in packs()}
    for name, own in ids.items():
        assert sorted(own ^ ids["dprk"]) == [], name


def test_every_uncertain_parameter_can_be_drawn_and_set(pack):
    for key in uncertain(pack.parameters):
        for u in (0.001, 0.5, 0.999):
            assert resolve(pack.parameters, {key: quantile(pack.parameters[key], u)})[key] is not None


def test_every_scenario_can_be_resolved(pack):
    assert {"history", "no-gates"} <= set(pack.scenarios)
    for scenario in pack.scenarios.values():
        resolve(pack.parameters, scenario.sets())
        assert pack.under(scenario).regions == pack.regions


def test_no_draw_of_the_rate_factors_goes_through_a_ceiling(pack):
    for row in pack.acts:
        factor = pack.parameters[f"acts.rate_factor_{row.act}"]
        assert row.rate * factor.range[1] <= row.ceiling * (1 + 1e-12), row


def test_gated_stations_of_a_province_hold_no_more_than_all_its_departures(pack):
    hub = pack.parameters["station_gates.traffic_share_hub"].range[1]
    main = pack.parameters["station_gates.traffic_share_main"].range[1]
    sizes = {station.station: station.size for station in pack.stations}
    for province in pack.provinces:
        at = [sizes[gate.station] for gate in pack.gates if gate.province == province]
        assert at.count("hub") * hub + at.count("main") * main <= 1, province
        assert "minor" not in at, province


# Events.


def test_the_border_is_shut_and_opens_again_and_never_shuts_under_open_border(dprk):
    assert dprk.events_at("border_open", date(2019, 12, 30)) == 1
    assert dprk.events_at("border_open", date(2021, 6, 1)) < 0.2
    assert dprk.events_at("border_open", date(2024, 6, 1)) > 0.8
    opened = dprk.under(dprk.scenario("open-border"))
    days = np.arange(16000, 20500)
    assert (opened.events_over("border_open", days) == 1).all()
    assert (
        opened.events_over("no_transport", days, "kangwon") == dprk.events_over("no_transport", days, "kangwon")
    ).all()


def test_travel_bans_stand_on_their_own_beside_the_gates_of_april_2021(dprk):
    before = dprk.events_at("no_transport", date(2021, 4, 12), "south_hamgyong", "journey_with_permit")
    after = dprk.events_at("no_transport", date(2021, 4, 26), "south_hamgyong", "journey_with_permit")
    assert before == after > 0


def test_masks_come_off_later_at_the_border(dprk):
    day = date(2022, 10, 3)
    assert dprk.events_at("masked", day, "ryanggang") > dprk.events_at("masked", day, "south_hamgyong")
    assert dprk.events_at("masked", date(2019, 1, 7), "ryanggang") == 0


def test_an_event_for_one_act_and_province_holds_there_only():
    toyland = load_pack("toyland")
    day = date(2020, 6, 15)
    assert toyland.events_at("no_transport", day, "northshire", "journey_without_permit") == 0.9
    assert toyland.events_at("no_transport", day, "northshire", "journey_with_permit") == 0
    assert toyland.events_at("no_transport", day, "capital_city", "journey_without_permit") == 0


def test_the_day_an_event_ends_is_free_of_it():
    toyland = load_pack("toyland")
    assert toyland.events_at("border_open", date(2022, 1, 2)) == 0.1
    assert toyland.events_at("border_open", date(2022, 1, 3)) == 1


# People.


def test_probabilities_sum_to_one(pack):
    made = generator(pack)
    np.testing.assert_allclose(made.household.sum(axis=(1, 2)), 1, atol=1e-12)
    np.testing.assert_allclose(made.size.sum(), 1, atol=1e-12)
    np.testing.assert_allclose(made.member.sum(axis=3), 1, atol=1e-12)
    np.testing.assert_allclose(shares(pack).sum(axis=1), 1, atol=1e-12)
    assert made.member.shape == (len(pack.regions), 2, len(STANDINGS), len(PROFILES))


def test_profiles_fit_the_engine_and_are_all_different():
    assert len(PROFILES) <= 64
    assert len(set(PROFILES)) == len(PROFILES)
    assert {profile.role for profile in PROFILES} == set(ROLES)


def test_members_have_the_standing_of_their_household(pack):
    made = generator(pack)
    for s, standing in enumerate(STANDINGS):
        others = np.array([profile.standing != standing for profile in PROFILES])
        assert (made.member[:, :, s, others] == 0).all()


def test_provinces_are_those_of_the_census(dprk):
    assert len(dprk.regions) == 20
    assert dprk.persons == 23_349_859
    assert dprk.households == 5_887_471
    of = dict.fromkeys(dprk.provinces, 0)
    for region in dprk.regions:
        of[region.province] += region.persons
    assert of["south_hamgyong"] == 3_066_013
    assert of["pyongyang"] == 3_255_288
    assert {region.province for region in dprk.regions if region.borders_china} == {
        "north_pyongan", "chagang", "ryanggang", "north_hamgyong",
    }  # fmt: skip


def test_margins_agree_with_the_census(dprk):
    working = 12.19e6 / 23_349_859
    assert sum(region.persons for region in dprk.regions if region.urban) / dprk.persons == pytest.approx(
        0.606, abs=0.001
    )
    assert persons_by(dprk, lambda p: p.role == "pupil") == pytest.approx(0.232, abs=0.0005)
    assert persons_by(dprk, lambda p: p.sex == "male") == pytest.approx(0.95 / 1.95, abs=0.0005)
    assert persons_by(dprk, lambda p: p.role == "farmer") / working == pytest.approx(0.360, abs=0.001)
    assert persons_by(dprk, lambda p: p.role == "office") / working == pytest.approx(0.203, abs=0.001)
    assert persons_by(dprk, lambda p: p.role in ("farmer", "worker", "office")) == pytest.approx(working, abs=0.001)
    women_who_work = persons_by(dprk, lambda p: p.role in ("farmer", "worker", "office") and p.sex == "female")
    assert women_who_work / working == pytest.approx(0.478, abs=0.001)
    women_who_farm = persons_by(dprk, lambda p: p.role == "farmer" and p.sex == "female")
    assert women_who_farm / working / 0.360 == pytest.approx(0.53, abs=0.002)
    assert sum(row.share for row in dprk.ages if row.age == "15-64") == pytest.approx(0.681, abs=0.0005)
    assert sum(row.share for row in dprk.ages if row.age == "65+") == pytest.approx(0.087, abs=0.0005)


def test_households_have_the_mean_size_of_the_census(dprk):
    assert sum(region.households for region in dprk.regions if region.urban) == 3_579_626
    mean = sum(row.size * row.share for row in dprk.household_sizes)
    assert mean == pytest.approx(dprk.persons / dprk.households, abs=0.001)
    for region in dprk.regions:
        assert 3.9 < region.persons / region.households < 4.1, region.id


def test_the_nation_of_a_year_is_known_within_the_projection(dprk):
    assert dprk.nation(2024) == 26_257_000
    with pytest.raises(Exception, match="allowed: 2008 to 2035"):
        dprk.nation(2050)


# Gates and rails.


def test_the_first_gates_come_to_south_hamgyong_in_april_2021(dprk):
    first = min(dprk.gates, key=lambda gate: gate.installed)
    assert (first.province, first.installed.year, first.installed.month) == ("south_hamgyong", 2021, 4)
    assert {gate.installed.year for gate in dprk.gates} == {2021}
    assert "pyongyang" in {gate.province for gate in dprk.gates}


def test_each_province_is_reached_by_rail(pack):
    assert {station.province for station in pack.stations} == set(pack.provinces)


def test_all_lines_hang_together(dprk):
    lines: dict[str, set[str]] = {}
    for station in dprk.stations:
        lines.setdefault(station.line, set()).add(station.station)
    reached = lines.pop("Pyongui")
    while touching := [line for line, stations in lines.items() if stations & reached]:
        for line in touching:
            reached |= lines.pop(line)
    assert not lines


# The pack as a whole.


def test_the_content_hash_changes_with_data_and_not_with_prose(tmp_path):
    import shutil

    from greyspace.country.pack import COUNTRIES

    folder = shutil.copytree(COUNTRIES / "toyland", tmp_path / "toyland")
    before = load_pack(folder).content_hash
    assert before == load_pack("toyland").content_hash
    (folder / "README.md").write_text("prose", encoding="utf-8")
    assert load_pack(folder).content_hash == before
    events = folder / "events.yaml"
    events.write_text(events.read_text(encoding="utf-8").replace("value: 0.5", "value: 0.6"), encoding="utf-8")
    assert load_pack(folder).content_hash != before
