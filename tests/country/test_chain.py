"""The supply graph: what can be mended while who can be reached, and what is refused in a file of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greyspace.country import load_pack
from greyspace.country.chain import read_chain
from greyspace.errors import InputError
from greyspace.systems import SYSTEMS

CHAIN = load_pack("dprk").chain
SOURCES = load_pack("dprk").sources
LOSABLE = [name for name, thing in CHAIN.things.items() if thing.kind != "device"]


def test_nothing_is_mended_when_freight_from_china_stops():
    assert all(CHAIN.lacks(device, ["china_border"]) for device in CHAIN.of("device"))


def test_the_access_control_hangs_on_its_one_known_maker_and_the_gates_do_not():
    assert CHAIN.lacks("dt20", ["wit_easy"]) == ["dt20_terminal"]
    assert CHAIN.lacks("station_gate", ["wit_easy"]) == []


def test_software_that_is_copied_keeps_nobody_from_mending():
    assert CHAIN.lacks("station_gate", ["kim_il_sung_university"]) == []
    assert "kim_il_sung_university" not in CHAIN.decisive("plate_camera")


@given(st.sets(st.sampled_from(LOSABLE)), st.sampled_from(LOSABLE))
def test_losing_more_never_mends_anything(lost, more):
    for device in CHAIN.of("device"):
        assert set(CHAIN.lacks(device, lost)) <= set(CHAIN.lacks(device, {*lost, more}))


def test_devices_belong_to_systems_of_the_model():
    names = {system.NAME for system in SYSTEMS}
    assert {CHAIN.things[device].system for device in CHAIN.of("device")} <= names


def test_only_organisations_and_products_have_a_place():
    assert {thing.kind for thing in CHAIN.things.values()} == {"device", "part", "organisation", "way_in"}


def test_what_falls_out_may_be_named_in_words():
    assert CHAIN.known("Wit Easy Electronic Co.") == CHAIN.known("wit easy") == "wit_easy"
    with pytest.raises(InputError, match=r"allowed: wit_easy"):
        CHAIN.known("dt20")


GOOD = """
things:
  gate: {kind: device, name: gate}
  lens: {kind: part, name: lens}
  maker: {kind: organisation, name: maker, country: CN}
ties:
  - {kind: needs, from: gate, to: lens, evidence: EVIDENCE}
  - {kind: makes, from: maker, to: lens, evidence: EVIDENCE}
""".replace("EVIDENCE", "{source: dailynk_plates, locator: here, says: so, grade: B3, directness: reported}")


@pytest.mark.parametrize(
    ("was", "becomes", "sentence"),
    [
        ("kind: makes, from: maker", "kind: makes, from: gate", "'gate' is a device where a organisation is needed"),
        ("to: lens, evidence", "to: glass, evidence", "'glass' is not among the things"),
        ("dailynk_plates", "nobody", "source 'nobody' is not in sources/"),
        ("grade: B3", "grade: A3", "must begin with the source's reliability B"),
        ("country: CN", "country: China", "country"),
        ("kind: part", "kind: person", "things.lens: kind"),
        ("things:", "thing:", "thing is not known here"),
        ("ties:", "ties: 5\nmore:", "a list is needed, not a int"),
        ("  - {kind: makes", "  - 7\n  - {kind: sells", "nobody makes this part"),
        ("{kind: device, name: gate}", "[1]", "things.gate"),
    ],
)
def test_a_mistake_is_one_sentence_that_says_where(tmp_path, was, becomes, sentence):
    assert was in GOOD
    (tmp_path / "chain.yaml").write_text(GOOD.replace(was, becomes), encoding="utf-8")
    _, problems = read_chain(tmp_path, SOURCES)
    assert any(sentence in problem for problem in problems), problems
    assert all("chain.yaml" in problem for problem in problems)


def test_a_pack_may_go_without(tmp_path):
    assert read_chain(tmp_path, SOURCES) == (None, [])


def test_the_smallest_whole_graph_is_accepted(tmp_path):
    (tmp_path / "chain.yaml").write_text(GOOD, encoding="utf-8")
    chain, problems = read_chain(tmp_path, SOURCES)
    assert problems == []
    assert chain.decisive("gate") == ["maker"]
