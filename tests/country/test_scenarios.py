"""Scenarios: a few lines say what differs from history."""

from datetime import date, timedelta

import pytest

from greyspace.country import load_pack, packs
from greyspace.errors import InputError
from greyspace.evidence import resolve


@pytest.fixture(scope="module")
def toyland():
    return load_pack("toyland")


def written(tmp_path, text: str) -> str:
    (tmp_path / "mine.yaml").write_text("name: mine\nsentence: What if.\n" + text, encoding="utf-8")
    return str(tmp_path / "mine.yaml")


def test_a_parameter_can_change_from_a_date_on(toyland, tmp_path):
    scenario = toyland.scenario(written(tmp_path, "parameters: {power.least_hours: 24}\nfrom: 2020-01-06\n"))
    p = resolve(toyland.parameters, scenario.sets())
    assert p.at("power.least_hours", date(2020, 1, 5)) == 0
    assert p.at("power.least_hours", date(2020, 1, 6)) == 24


def test_an_event_can_be_put_in_and_one_taken_out(toyland, tmp_path):
    text = """
events:
  remove: [border_closed]
  add:
    later: {from: 2025-01-06, until: null, variable: border_open, value: 0, where: all,
            description: It shuts later., status: assumed, why: an example}
"""
    pack = toyland.under(toyland.scenario(written(tmp_path, text)))
    assert pack.events_at("border_open", date(2021, 1, 4)) == 1
    assert pack.events_at("border_open", date(2026, 1, 5)) == 0
    assert toyland.events_at("border_open", date(2021, 1, 4)) == 0.1


def test_a_system_can_come_and_go(toyland, tmp_path):
    """What is said of a date holds from then on; before the first it is the other way round."""
    text = "systems: {station_gates: {2021-04-05: true}, phones: {2022-01-03: true, 2020-01-06: false}, airport: false}"
    scenario = toyland.scenario(written(tmp_path, text))
    assert scenario.switched() == {
        "station_gates": {date(2021, 4, 5): True},
        "phones": {date(2020, 1, 6): False, date(2022, 1, 3): True},
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("parameters: {power.least_hours: 99}\n", "mine.yaml, parameters: power.least_hours .*allowed: 0 to 24"),
        ("parameters: {power.least_hour: 9}\n", "did you mean power.least_hours"),
        ("events: {remove: [war]}\n", "there is no event 'war' .allowed: border_closed"),
        ("events: {add: {masks: {variable: masked}}}\n", "mine.yaml, events.add, masks"),
        ("system: {station_gates: false}\n", "mine.yaml: system: this key is not known here"),
        ("from: soon\n", "mine.yaml: from"),
        ("systems: {phones: sometimes}\n", "mine.yaml: systems.phones: true, false, or a map from dates"),
        ("systems: {phones: {}}\n", "mine.yaml: systems.phones: true, false, or a map from dates"),
        ("systems: {phones: {soon: true}}\n", "'soon: True' is not a date with true or false"),
        ("systems: {phones: {2021-04-05: 1}}\n", "'2021-04-05: 1' is not a date with true or false"),
        ("systems: {phones: {2021-04-05: true, 2022-04-04: true}}\n", "2022-04-04 switches nothing: it is on since"),
        ("name_ko: 전력\n", "mine.yaml: .*name_ko and sentence_ko are given together"),
        ("name_ko: power\nsentence_ko: 전력\n", "mine.yaml: name_ko"),
        ("from: 2020-01-06\nparameters: {station_gates.gallery: local}\n", None),
    ],
)
def test_a_wrong_scenario_is_refused_in_one_sentence(toyland, tmp_path, text, words):
    path = written(tmp_path, text)
    if words is None:
        assert toyland.scenario(path).sets() == {"station_gates.gallery": "local"}
        return
    with pytest.raises(InputError, match=words):
        toyland.scenario(path)


def test_an_unknown_scenario_names_those_there_are(toyland):
    with pytest.raises(InputError, match=r"allowed: analysts, as-is, .*, history, "):
        toyland.scenario("utopia")


@pytest.mark.parametrize("name", packs())
def test_what_a_scenario_dates_is_history_until_that_date(name):
    pack = load_pack(name)
    history = resolve(pack.parameters)
    for scenario in pack.scenarios.values():
        p = resolve(pack.parameters, scenario.sets())
        dated = {key: min(value) for key, value in scenario.sets().items() if isinstance(value, dict)}
        for key, first in dated.items():
            for days in (1, 30, 180, 360):
                day = first - timedelta(days=days)
                assert p.at(key, day) == history.at(key, day), (scenario.id, key)
                assert p.between(key, day) == pytest.approx(history.between(key, day)), (scenario.id, key)


@pytest.mark.parametrize("name", packs())
def test_every_scenario_of_a_pack_has_words_in_korean(name):
    scenarios = load_pack(name).scenarios.values()
    assert [each.id for each in scenarios if not (each.name_ko and each.sentence_ko)] == []
    assert len({each.name_ko for each in scenarios}) == len(scenarios)


@pytest.mark.parametrize("name", packs())
def test_every_pack_has_the_futures_that_make_sense_in_it(name):
    pack = load_pack(name)
    futures = ("as-is", "analysts", "cashless", "digital-only", "human-network-only", "imports-stop", "people-know")
    assert set(futures) <= set(pack.scenarios)
    digital, human = (
        {system for system, on in pack.scenarios[of].systems.items() if not on}
        for of in ("human-network-only", "digital-only")
    )
    assert not digital & human
