"""People who notice what no device sees, and tell."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from given import allowed, country, look
from greyspace.contract import FINDINGS, FOUND
from greyspace.systems import human_network, inspections

DAY = date(2017, 1, 2)
BOTH = (inspections, human_network)
NOBODY = {
    "human_network.leaders_a_unit": 0,
    "human_network.informants_factor": 0,
    "human_network.administrators": 0,
    **{f"human_network.police_{where}": 0 for where in ("capital", "urban", "rural")},
    **{f"human_network.state_security_{where}": 0 for where in ("border", "elsewhere")},
}


def seen(day=DAY, sets=None, systems=BOTH, pack="dprk"):
    view = look(country(pack), systems, day, sets)
    return view, human_network.met(view), human_network.odds(view)


def chance(table, finding, recorded=None):
    """Chance of a finding, on paper or not, or either."""
    i = FINDINGS.index(finding)
    written = {False: [i], True: [i + len(FINDINGS)], None: [i, i + len(FINDINGS)]}[recorded]
    return table[..., written].sum(axis=-1)


def at(view, **wanted):
    """Whether a region is so, by place."""
    return np.array([all(getattr(region, k) == v for k, v in wanted.items()) for region in view.country.regions])


def test_about_one_in_twenty_of_the_nation_belongs_to_it():
    view, _, _ = seen()
    persons = view.country.residents(2017)
    assert (view.published["network_share"] * persons).sum() / persons.sum() == pytest.approx(0.05, abs=0.005)


def test_informants_along_the_border_were_tripled_in_2018_and_so_more_is_noticed_there():
    (before, few, _), (after, many, _) = seen(), seen(date(2019, 1, 7))
    border = at(before, borders_china=True)
    more = after.published["network_share"] - before.published["network_share"]
    assert (more[border] > 0.02).all()
    assert (more[~border] == 0).all()
    for name in few:
        assert (many[name][border] > few[name][border]).all()
        assert (many[name][~border] == few[name][~border]).all()


def test_a_network_as_dense_as_usual_notices_as_told():
    here = 3
    usual = float(seen()[0].published["network_share"][here])
    view, met, _ = seen(sets={"human_network.usual_share": usual})
    for contact in human_network.CONTACTS:
        assert met[contact.name][here] == pytest.approx(view.p.number(f"human_network.notice_{contact.act}"))


def test_where_nobody_belongs_to_it_nothing_is_noticed_and_nobody_searched_for_nothing():
    view, met, _ = seen(sets=NOBODY)
    assert (view.published["network_share"] == 0).all()
    assert (view.published["false_reports"] == 0).all()
    assert all((share == 0).all() for share in met.values())


def test_what_is_not_passed_on_is_nowhere_on_paper():
    _, _, odds = seen(sets={"human_network.report_share": 0})
    for table in odds.values():
        assert np.allclose(chance(table, "passed", recorded=False), 1.0)


def test_a_report_that_nobody_acts_on_stays_on_paper():
    _, _, odds = seen(sets={"human_network.report_share": 1, "human_network.act_on_share": 0})
    for table in odds.values():
        assert np.allclose(chance(table, "passed", recorded=True), 1.0)


def test_an_inspection_after_a_report_finds_what_it_is_sent_for_or_nothing():
    sure = {"human_network.report_share": 1, "human_network.act_on_share": 1}
    _, _, odds = seen(sets={**sure, "inspections.find_call_abroad": 1, "inspections.find_foreign_media": 0})
    assert np.allclose(chance(odds["neighbours_call_abroad"], "caught", recorded=True), 1.0)
    assert np.allclose(chance(odds["neighbours_foreign_media"], "looked_over"), 1.0)


def test_where_nobody_makes_inspections_reports_are_written_and_nobody_comes():
    _, _, odds = seen(systems=(human_network,))
    for table in odds.values():
        assert (chance(table, "caught") + chance(table, "looked_over") == 0).all()
        assert (chance(table, "passed", recorded=True) > 0).all()


def test_a_word_is_harder_to_prove_than_a_guest():
    _, _, odds = seen()
    assert (chance(odds["neighbours_visitor"], "caught") > 10 * chance(odds["neighbours_private_word"], "caught")).all()


def test_it_needs_no_power():
    _, _, odds = seen()
    for table in odds.values():
        assert (table[:, :, 0] == table[:, :, 1]).all()


def test_state_security_comes_for_what_is_grave_and_foremen_see_to_absence():
    officer = {contact.act: contact.officer for contact in human_network.CONTACTS}
    assert {act for act, who in officer.items() if who == "neighbourhood"} == {"visitor", "theft", "trade"}
    assert {act for act, who in officer.items() if who == "workplace"} == {"absence"}
    assert {who for act, who in officer.items() if act in ("foreign_media", "private_word", "crossing")} == {"security"}


def test_false_reports_bring_searches_only_where_reports_are_acted_on():
    half, none = (seen(sets={"human_network.act_on_share": x})[0].published["false_reports"] for x in (0.5, 0.0))
    assert (half > 0).all()
    assert (none == 0).all()


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["dprk", "toyland"]))
def test_something_is_found_or_nothing_whatever_the_parameters(number, pack):
    keys = ("human_network.", "inspections.", "population.")
    sets = {key: value for key, value in allowed(country(pack), number).items() if key.startswith(keys)}
    view, met, odds = seen(sets=sets, pack=pack)
    assert ((view.published["network_share"] >= 0) & (view.published["network_share"] <= 1)).all()
    for name, table in odds.items():
        assert table.shape[-1] == len(FOUND)
        assert (table >= 0).all()
        assert np.allclose(table.sum(axis=-1), 1.0, atol=1e-12)
        assert ((met[name] >= 0) & (met[name] <= 1)).all()
