"""Records do nothing unless somebody has the time to look at them."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from given import allowed, country, look, parameters
from greyspace.contract import FINDINGS
from greyspace.country import ACTS
from greyspace.society.routes import MODE_OF, Network, Step
from greyspace.systems import RECORD_KINDS, analysis, inspections, payments, phones

DAY = date(2019, 1, 7)
PACK = country("dprk")
R = len(PACK.regions)
MANY = {"analysis.capacity": 100.0, "analysis.capacity_factor": 1.0, "analysis.reviewed_share": 0.5}
"""Analysts enough for everything, who look at half of what can be put to a person."""


def acts(number=1e5):
    return np.full((R, len(ACTS)), float(number))


def on_record(kind="face", number=1e3, only=ACTS):
    found = np.zeros((R, len(ACTS), len(RECORD_KINDS)))
    for act in only:
        found[:, ACTS.index(act), RECORD_KINDS.index(kind)] = number
    return found


def view(sets=None, systems=(inspections, payments, phones, analysis), begun=None, recorded=None, free=0, **more):
    begun = acts() if begun is None else begun
    recorded = on_record() if recorded is None else recorded
    return look(PACK, systems, DAY, sets, begun=begun, recorded=recorded, free=acts(free), **more)


def could(v):
    """Leads a month if there were time for all."""
    joinable = [v.p.number(f"analysis.joinable_{kind}") for kind in RECORD_KINDS]
    used = v.p.number("analysis.reviewed_share") * v.p.number("analysis.hit_rate")
    permitted = np.array([act == "journey_with_permit" for act in ACTS])
    return (v.recorded * joinable).sum(axis=-1) * used * ~permitted


def time_for(v):
    a_year = v.p.between("analysis.capacity", v.day) * v.p.number("analysis.capacity_factor")
    return a_year * PACK.residents(v.day.year) / 1000 / 12


def test_where_nothing_is_on_record_there_are_no_leads():
    v = view(MANY, recorded=on_record(number=0))
    assert (analysis.leads(v) == 0).all()
    assert all((share == 0).all() for share in analysis.met(v).values())


def test_at_the_beginning_nobody_remembers_a_record():
    v = look(PACK, (inspections, analysis), DAY, MANY)
    for share in analysis.met(v).values():
        assert share.shape == (R,)
        assert (share == 0).all()


def test_with_analysts_for_everything_leads_are_as_many_as_the_records_give():
    v, twice = view(MANY), view({**MANY, "analysis.capacity": 200.0})
    assert np.allclose(analysis.leads(v)[..., 0], could(v))
    assert (analysis.leads(v) == analysis.leads(twice)).all()
    face = v.p.number("analysis.joinable_face") * 0.5 * v.p.number("analysis.hit_rate")
    assert analysis.met(v)["lead_absence"] == pytest.approx(1e3 * face / 1e5)


def test_with_next_to_no_analysts_next_to_nothing_follows_however_much_is_on_record():
    v = view({**MANY, "analysis.capacity": 1e-4}, recorded=on_record(number=1e5))
    assert np.allclose(analysis.leads(v).sum(axis=(1, 2)), time_for(v))
    assert max(share.max() for share in analysis.met(v).values()) < 1e-5


def test_leads_are_shared_among_acts_as_their_records_can_be_put_to_a_person():
    few = {**MANY, "analysis.capacity": 0.01}
    v = view(few, recorded=on_record("face", only=["smuggling"]) + on_record("paper", only=["theft"]))
    lead = analysis.leads(v)[..., 0]
    ratio = v.p.number("analysis.joinable_face") / v.p.number("analysis.joinable_paper")
    assert np.allclose(lead[:, ACTS.index("smuggling")], ratio * lead[:, ACTS.index("theft")])
    assert np.allclose(lead.sum(axis=1), time_for(v))


FREE = {"recorded": on_record(number=0), "free": 1e5}


def footprints(v, act):
    return analysis.leads(v)[:, ACTS.index(act), analysis.SOURCES.index("footprint")]


def test_an_ordinary_day_leaves_footprints_as_many_as_telephones_and_payments_keep():
    v = view(MANY, **FREE)
    used = 0.5 * v.p.number("analysis.hit_rate") * v.p.number("analysis.footprint_tells") * 1e5
    kept = {kind: v.published[f"day_{kind}"] * v.p.number(f"analysis.joinable_{kind}") for kind in analysis.FOOTPRINTS}
    assert np.allclose(footprints(v, "trade"), used * kept["payment"])
    assert np.allclose(footprints(v, "smuggling"), used * (kept["payment"] + kept["phone"]))
    assert np.allclose(footprints(v, "foreign_media"), used * kept["set_top"])
    for act in ("theft", "private_word", "call_abroad", "journey_with_permit"):
        assert not footprints(v, act).any(), act


def test_who_knows_what_is_kept_leaves_less():
    nobody, half, everybody = (view(MANY, **FREE, knows_phone_and_money=np.full(R, share)) for share in (0, 0.5, 1))
    left = 1 - nobody.p.number("knowing.leaves_no_trace")
    assert np.allclose(footprints(everybody, "trade"), left * footprints(nobody, "trade"))
    assert np.allclose(footprints(half, "trade"), (1 + left) / 2 * footprints(nobody, "trade"))
    records = (view(MANY, knows_phone_and_money=np.full(R, share)) for share in (0, 1))
    a, b = (analysis.leads(v)[..., 0] for v in records)
    assert (a == b).all()


def test_without_telephones_and_payments_there_are_no_footprints():
    v = view(MANY, systems=(inspections, analysis), **FREE)
    assert not analysis.leads(v).any()


def test_footprints_and_records_share_the_time_there_is():
    v = view({**MANY, "analysis.capacity": 0.001}, free=1e6)
    assert np.allclose(analysis.leads(v).sum(axis=(1, 2)), time_for(v))
    alone = view({**MANY, "analysis.capacity": 0.001})
    assert (analysis.leads(v)[..., 0].sum(axis=1) < analysis.leads(alone)[..., 0].sum(axis=1)).all()


def test_nobody_comes_for_a_journey_that_was_permitted():
    assert "journey_with_permit" not in {contact.act for contact in analysis.CONTACTS}
    v = view(MANY, recorded=on_record(only=["journey_with_permit"]))
    assert (analysis.leads(v) == 0).all()


def test_a_lead_on_acts_that_nobody_does_falls_on_nobody_and_no_act_draws_more_than_one():
    begun = acts(0.0)
    begun[:, ACTS.index("theft")] = 1.0
    met = analysis.met(view(MANY, begun=begun))
    assert (met["lead_theft"] == 1.0).all()
    assert (met["lead_absence"] == 0.0).all()


def test_whatever_is_done_a_lead_comes_last_and_at_home():
    network, p = Network(PACK), parameters(PACK)
    home, away = PACK.region_index["chagang_rural"], PACK.region_index["kangwon_urban"]
    ways = [("journey_without_permit", mode, away) for mode in ("rail", "road")]
    ways += [(act, mode, home) for act, mode in MODE_OF.items()]
    for act, mode, where in ways:
        steps = network.steps(act, mode, home, where, p)
        assert steps[-1] == Step("lead", home, 1), act
        assert [step.encounter for step in steps].count("lead") == 1, act


def test_a_journey_is_proved_by_its_record_and_a_load_must_be_found():
    odds = analysis.odds(view())
    caught, looked_over = (FINDINGS.index(name) + len(FINDINGS) for name in ("caught", "looked_over"))
    assert np.allclose(odds["lead_journey_without_permit"][..., caught], 1.0)
    assert ((odds["lead_smuggling"][..., caught] > 0) & (odds["lead_smuggling"][..., looked_over] > 0)).all()


def test_without_inspections_a_lead_on_what_must_be_found_comes_to_nothing():
    odds = analysis.odds(view(systems=(analysis,)))
    passed = FINDINGS.index("passed")
    for contact in analysis.CONTACTS:
        through = odds[contact.name].reshape(-1, 2, len(FINDINGS)).sum(axis=1)[:, passed]
        assert np.allclose(through, 0.0 if contact.act in ("journey_without_permit", "traffic_offence") else 1.0)


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.floats(0, 1e6), st.floats(0, 1e6))
def test_leads_exceed_neither_records_nor_time(number, recorded, begun):
    topics = ("analysis.", "inspections.", "payments.", "phones.", "knowing.")
    sets = {k: v for k, v in allowed(PACK, number).items() if k.startswith(topics)}
    records = on_record("plate", recorded) + on_record("paper", recorded)
    knows = np.linspace(0, 1, R)
    v = view(sets, begun=acts(begun), recorded=records, free=begun, knows_phone_and_money=knows)
    lead = analysis.leads(v)
    assert (lead >= 0).all()
    assert (lead[..., 0] <= could(v) * (1 + 1e-9)).all()
    assert (lead[..., 1] <= begun * len(analysis.FOOTPRINTS)).all()
    assert (lead.sum(axis=(1, 2)) <= time_for(v) * (1 + 1e-9)).all()
    for name, table in analysis.odds(v).items():
        assert np.allclose(table.sum(axis=-1), 1.0, atol=1e-12), name
        assert (table >= 0).all()
    assert all(((share >= 0) & (share <= 1)).all() for share in analysis.met(v).values())
