"""Borrowed and forged papers in the hands of officers, with a reader and without."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from given import country, with_gates_live, world
from greyspace.contract import FOUND
from greyspace.society.papers import FALSE
from greyspace.systems import GROUPS

ENROLLED, STRANGER = GROUPS.index("enrolled"), GROUPS.index("not_enrolled")
DARK, LIT = 0, 1
BY_HAND = ("gate_home_manual", "gate_away_manual", "train_check", "road_post")
MISS = {"gate_home_manual": "station_gates.manual_miss", "gate_away_manual": "station_gates.manual_miss",
        "train_check": "train_checks.miss", "road_post": "road_posts.miss"}  # fmt: skip
EVERYWHERE = {"identity_register.reader_share": 1.0, "identity_register.enrolled": 1.0, "network.least_linked": 1.0}
NOWHERE = {"identity_register.reader_factor": 0.0}


def odds(sets=None, name="dprk"):
    made = world(with_gates_live(country(name)), sets)
    view = made.view(made.periods[-1])
    return made, {name: table for system in made.systems for name, table in system.odds(view).items()}


def chance(table, *names):
    return table[..., [i for i, found in enumerate(FOUND) if found.split("_", 1)[1] in names]].sum(axis=-1)


def told(table):
    return chance(table, "caught", "on_record")


@pytest.mark.parametrize("kind", FALSE)
@pytest.mark.parametrize("where", BY_HAND)
def test_by_eye_an_officer_tells_some_of_those_at_whom_he_looks_closely(where, kind):
    made, found = odds(NOWHERE)
    looks = 1.0 - made.p.number(MISS[where])
    assert np.allclose(told(found[f"{where}_{kind}"]), looks * made.p.number(f"papers.told_{kind}"))
    assert np.allclose(told(found[f"{where}_none"]), looks)


@pytest.mark.parametrize("kind", FALSE)
@pytest.mark.parametrize("where", BY_HAND)
def test_a_reader_that_has_power_and_reaches_the_register_tells_nearly_all(where, kind):
    made, found = odds(EVERYWHERE)
    table = found[f"{where}_{kind}"]
    looks = 1.0 - made.p.number(MISS[where])
    by_reader = looks * made.p.number(f"identity_register.{kind}_detected_with_reader")
    assert np.allclose(chance(table, "on_record")[..., LIT], by_reader)
    assert np.allclose(chance(table, "caught")[..., LIT], 0.0)
    assert np.allclose(told(table)[..., DARK], looks * made.p.number(f"papers.told_{kind}"))


@pytest.mark.parametrize("lacking", [
    {"network.least_linked": 0.0, "network.linked_factor": 0.0}, {"identity_register.enrolled": 0.0},
    {"identity_register.reader_share": 0.0},
])  # fmt: skip
def test_a_reader_without_a_link_or_a_card_of_the_register_leaves_it_to_the_eye(lacking):
    _, with_readers = odds({**EVERYWHERE, **lacking})
    _, without = odds({**EVERYWHERE, **lacking, **NOWHERE})
    for name, table in with_readers.items():
        assert (table == without[name]).all(), name


@settings(max_examples=10)
@given(st.floats(0, 1), st.floats(0, 1))
def test_more_readers_never_tell_fewer_false_papers(one, other):
    few, many = (odds({**EVERYWHERE, "identity_register.reader_share": x}, "toyland")[1] for x in sorted((one, other)))
    for where in BY_HAND:
        for kind in FALSE:
            assert (told(few[f"{where}_{kind}"]) <= told(many[f"{where}_{kind}"]) + 1e-12).all()


def test_readers_ask_nothing_of_those_who_show_no_false_paper():
    _, none = odds(NOWHERE)
    made, everywhere = odds(EVERYWHERE)
    for contact in made.contacts:
        differs = (none[contact.name] != everywhere[contact.name]).any()
        assert differs == (contact.papers in FALSE), contact.name


@pytest.mark.parametrize("kind", FALSE)
def test_a_gate_that_knows_the_face_does_not_look_at_the_paper(kind):
    _, found = odds({**NOWHERE, "station_gates.gallery": "local"})
    bare, false = (found[f"gate_home_live_{papers}"][..., LIT, :] for papers in ("none", kind))
    assert np.allclose(chance(bare, "on_record"), chance(false, "on_record"))
    assert (chance(false, "on_record")[:, ENROLLED] > 0.5).all()


@pytest.mark.parametrize("kind", FALSE)
def test_whom_a_gate_does_not_know_his_paper_may_still_help_at_the_desk(kind):
    made, found = odds(NOWHERE)
    bare, false = (found[f"gate_home_live_{papers}"][:, STRANGER, LIT] for papers in ("none", kind))
    assert (told(false) < told(bare)).all()
    assert np.allclose(told(false), told(bare) * made.p.number(f"papers.told_{kind}"))
