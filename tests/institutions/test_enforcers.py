"""Officers of every kind in every place: what they make of whom they find, and where the money goes."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from given import allowed, country, parameters, practice
from greyspace.contract import FINDINGS, VERDICTS
from greyspace.country import STANDINGS, household_standings
from greyspace.evidence import resolve
from greyspace.institutions import (
    ACCOUNTS,
    MONTH_WEEKS,
    OFFICERS,
    RANKS,
    SIDES,
    Cases,
    books,
    enforce,
    found_so,
    no_practice,
    payers_at,
    payers_of,
    remembered,
    reservation,
    sentences,
    shot_of,
    struck,
    usual,
)

NUMBERS = st.integers(0, 2**32 - 1)
DAY = date(2022, 1, 3)
PLACES = 3
OFFENCE = {
    "journey_with_permit": "journey",
    "journey_without_permit": "journey",
    "trade": "minor",
    "theft": "minor",
    "smuggling": "trade",
    "crossing": "grave",
}
JOURNEYS = tuple(
    (kind, f"journey_{how}_permit") for kind in ("station", "train", "road") for how in ("with", "without")
)
CASES = Cases(
    (
        *JOURNEYS,
        ("road", "smuggling"),
        *(("market", "trade"), ("market", "theft"), ("workplace", "theft")),
        *(("border", "smuggling"), ("border", "crossing"), ("security", "crossing")),
        ("security", "crossing"),
    ),
    OFFENCE,
    (False,) * 11 + (True, False, True),
)
HERE = sorted(set(CASES.officer.tolist()))
"""Kinds of officers that have a case; officers of neighbourhoods have none."""

PETTY = ("station", "train", "market", "workplace")
"""Kinds that never see what brings more than any demand."""

STATION, ROAD = OFFICERS.index("station"), OFFICERS.index("road")
DARK, LIT = 0, 1
RECORDED = SIDES.index("on_record")
CAUGHT, ON_RECORD, STOPPED, LOOKED_OVER = (FINDINGS.index(x) for x in ("caught", "on_record", "stopped", "looked_over"))
PAID = VERDICTS.index("paid")
HELD = [VERDICTS.index(x) for x in ("penalised", "imprisoned", "camp", "killed")]
PENALTIES = [VERDICTS.index("fined"), *HELD]
BLIND = np.zeros((PLACES, len(OFFICERS), 2))
STANDING = household_standings(country("dprk"))


@pytest.fixture(scope="module")
def p():
    return parameters(country("dprk"))


@pytest.fixture(scope="module")
def met():
    return practice(CASES, PLACES, 11)


def seen(number):
    """Live cameras on officers, somewhere, sometimes only with power."""
    return np.random.default_rng(number).uniform(0, 1, BLIND.shape) * np.array([0.5, 1.0])


def of(*names):
    """Places of cases by officer and act."""
    return [CASES.of(*name) for name in names]


def decided(p, met, in_view=BLIND, cases=CASES):
    return enforce(p, DAY, cases, payers_at(p, cases, STANDING), met, in_view, STANDING)


def come_before_officers(found, number):
    """Tallies of some weeks: whoever is found is decided upon by the odds."""
    rng = np.random.default_rng(number)
    persons = rng.integers(0, 40, found.verdict.shape[:-1])
    persons[..., FINDINGS.index("passed")] = 0
    return rng.multinomial(persons, np.clip(found.verdict, 0.0, 1.0)).astype(float)


def by_rank(x):
    """The axis of payers as standing and rank, the ranks last."""
    return np.moveaxis(x.reshape(*x.shape[:2], len(STANDINGS), RANKS, *x.shape[3:]), 3, -1)


# What is decided.


@pytest.mark.parametrize("name", ["dprk", "toyland"])
@settings(max_examples=10)
@given(number=NUMBERS)
def test_whatever_a_pack_allows_officers_decide_one_thing_about_everybody(name, number):
    pack = country(name)
    found = decided(resolve(pack.parameters, allowed(pack, number)), practice(CASES, PLACES, number), seen(number))
    assert (found.verdict >= -1e-12).all()
    assert np.allclose(found.verdict.sum(axis=-1), 1.0, atol=1e-12)
    assert (found.verdict[..., FINDINGS.index("passed"), VERDICTS.index("passed")] == 1).all()
    assert np.isfinite(found.prices).all()
    assert (found.prices >= 0).all()
    assert ((found.short >= 0) & (found.short <= found.post.demand)).all()
    assert (found.held_up >= 0).all()


@settings(max_examples=6)
@given(NUMBERS)
def test_posts_are_solved_for_all_that_is_plausible_and_the_more_willing_is_never_let_off_less(p, number):
    found = decided(p, practice(CASES, PLACES, number), seen(number))
    assert found.unsolved == 0
    let_off = by_rank(found.verdict[..., PAID])[..., (CAUGHT, ON_RECORD), :]
    assert (np.diff(let_off, axis=-1) <= 1e-12).all()
    assert (let_off[..., 0] > let_off[..., -1]).any()


def test_ranks_together_are_the_standing(p, met):
    """How finely payers are told apart changes nothing of how many of a standing an officer lets off."""
    found = decided(p, met, seen(5))
    let_off = by_rank(found.verdict[..., ON_RECORD, PAID]).mean(axis=-1)[..., DARK]
    for case, (officer, act) in enumerate(CASES.pairs):
        payers, kind = payers_of(p, OFFENCE[act], STANDING), OFFICERS.index(officer)
        here = replace(found.post, found_out=found.found_out[RECORDED, :, kind], bargaining=0.0)
        least = reservation(here, found.stake[:, kind], payers.worth)
        whole = struck(here, payers, least[:, None]).chance
        assert let_off[:, case] == pytest.approx(whole, rel=1e-6, abs=1e-7), (officer, act)


def test_who_is_caught_without_a_permit_is_sent_home_or_held_and_who_is_innocent_never_penalised(p, met):
    journeys = of(*JOURNEYS)
    verdict = decided(p, met).verdict
    assert (verdict[..., (STOPPED, LOOKED_OVER), :][..., PENALTIES] == 0).all()
    held = verdict[:, journeys][..., CAUGHT, VERDICTS.index("penalised")]
    assert (held.max(axis=(0, 2, 3)) > 0).all()
    assert (verdict[:, journeys][..., (VERDICTS.index("fined"), VERDICTS.index("camp"))] == 0).all()
    lenient = decided(parameters(country("dprk"), officers__turn_back_share=1), met).verdict
    assert (lenient[:, journeys][..., PENALTIES] == 0).all()
    assert np.allclose(lenient[..., PAID], verdict[..., PAID])


def test_what_becomes_of_whom_is_not_let_off_depends_on_the_act_and_not_on_who_caught_him(p, met):
    verdict = decided(p, met).verdict[..., (CAUGHT, ON_RECORD), :]
    for case, (_, act) in enumerate(CASES.pairs):
        told = sentences(p, act, OFFENCE[act], shot_of(p, DAY) if CASES.armed[case] else 0.0)
        assert sum(told.values()) == pytest.approx(1.0)
        kept = 1.0 - verdict[:, case, ..., PAID]
        for v, name in enumerate(VERDICTS):
            if name != "paid":
                assert verdict[:, case, ..., v] == pytest.approx(kept * told.get(name, 0.0)), (act, name)


def test_only_guards_with_arms_kill_and_no_more_than_they_do_not_let_pass(p, met):
    """A share of those who are not let off; the rest fares as if nobody were shot."""
    killed = decided(p, met).verdict[..., VERDICTS.index("killed")]
    armed = np.array(CASES.armed)
    assert (killed[:, ~armed] == 0).all()
    assert (killed[:, armed][..., (CAUGHT, ON_RECORD)].max(axis=(0, 2, 3, 4)) > 0).all()
    assert (killed[..., (STOPPED, LOOKED_OVER)] == 0).all()
    none, all_of_them = (
        decided(parameters(country("dprk"), border_video__shot_factor=factor), met).verdict for factor in (0.0, 100.0)
    )
    assert (none[..., VERDICTS.index("killed")] == 0).all()
    assert np.allclose(none[..., PAID], all_of_them[..., PAID], atol=1e-12)
    assert np.allclose(
        all_of_them[:, armed][..., (CAUGHT, ON_RECORD), :][..., VERDICTS.index("killed")]
        + all_of_them[:, armed][..., (CAUGHT, ON_RECORD), :][..., PAID],
        1.0,
    )
    share = shot_of(p, DAY)
    some = decided(p, met).verdict
    for verdict in ("fined", "penalised", "imprisoned", "camp"):
        v = VERDICTS.index(verdict)
        assert np.allclose(some[:, armed][..., v], (1.0 - share) * none[:, armed][..., v], rtol=1e-12)


def test_only_grave_acts_lead_to_camps_that_often_and_most_petty_thieves_are_fined(p):
    theft, crossing = sentences(p, "theft", "minor"), sentences(p, "crossing", "grave")
    assert theft["fined"] > 0.5 > crossing["fined"]
    assert crossing["camp"] > 100 * theft["camp"]
    harsh = parameters(country("dprk"), penalties__penalised_theft=1, penalties__camp_theft=1)
    assert sentences(harsh, "theft", "minor")["camp"] == 1.0


# Kinds of officers.


def test_acts_of_one_offence_are_one_price_and_graver_ones_are_dearer_at_the_same_post(p, met):
    found = decided(p, met)
    let_off, prices = found.verdict[..., CAUGHT, PAID], found.prices[..., CAUGHT]
    trade, theft = of(("market", "trade"), ("market", "theft"))
    assert (prices[:, trade] == prices[:, theft]).all()
    assert (let_off[:, trade] == let_off[:, theft]).all()
    smuggling, crossing = of(("border", "smuggling"), ("border", "crossing", True))
    both = (let_off[:, smuggling] > 0) & (let_off[:, crossing] > 0)
    assert both.any()
    assert (prices[:, crossing][both] > prices[:, smuggling][both]).all()


def test_a_kind_without_a_case_does_nothing(p, met):
    found = decided(p, met, seen(2))
    nobody = OFFICERS.index("neighbourhood")
    assert nobody not in HERE
    for name in ("officers", "stake", "least", "fixed_price", "taken", "short", "held_up"):
        assert (getattr(found, name)[:, nobody] == 0).all(), name


def test_officers_of_a_market_do_not_depend_on_whether_there_are_borders(p, met):
    """Kinds are solved in groups; a kind comes to the same with others and without."""
    inland = Cases(CASES.pairs[:10], OFFENCE, CASES.armed[:10])
    fewer = replace(met, caught=met.caught[:, :10], on_record=met.on_record[:, :10])
    alone, among = decided(p, fewer, seen(4), inland), decided(p, met, seen(4))
    assert (alone.verdict == among.verdict[:, :10]).all()
    market = OFFICERS.index("market")
    assert (alone.stake[:, market] == among.stake[:, market]).all()


def test_a_case_that_counts_for_more_above_is_let_off_less_often_and_only_that(p, met):
    base = decided(p, met)
    more = decided(parameters(country("dprk"), bribery__enforcing_minor=2), met)
    market, journeys = of(("market", "trade")), of(*JOURNEYS[:4])
    let_off = [x.verdict[..., CAUGHT, PAID] for x in (base, more)]
    assert (let_off[1][:, market] <= let_off[0][:, market] + 1e-12).all()
    assert (let_off[1][:, market] < let_off[0][:, market]).any()
    assert (let_off[1][:, journeys] == let_off[0][:, journeys]).all()


# Cameras.


def test_with_no_camera_anywhere_power_makes_no_difference_to_an_officer(p, met):
    verdict = decided(p, met).verdict
    assert (verdict[..., DARK, :, :] == verdict[..., LIT, :, :]).all()


def test_a_camera_at_a_station_matters_only_with_power_and_only_there(p, met):
    cameras = BLIND.copy()
    cameras[:, STATION, LIT] = 0.9
    met = replace(met, moved=np.zeros_like(met.moved), on_record=np.zeros_like(met.on_record))
    p = parameters(country("dprk"), bribery__reviewed=0.1, bribery__watcher_stake=100000)
    verdict, blind = decided(p, met, cameras).verdict, decided(p, met).verdict
    let_off = verdict[..., CAUGHT, PAID]
    station = CASES.officer == STATION
    assert station.any()
    assert (let_off[:, station, :, LIT] <= let_off[:, station, :, DARK]).all()
    assert (let_off[:, station, :, LIT] < let_off[:, station, :, DARK] - 0.1).any()
    assert (verdict[:, ~station] == blind[:, ~station]).all()


def test_officers_who_all_lead_people_away_are_not_caught_by_a_camera(p, met):
    """All that is left of it is the trouble that leading away takes."""
    free = parameters(country("dprk"), bribery__reviewed=0.1, bribery__trouble=0, bribery__trouble_temper=0.01)
    away = replace(met, moved=np.ones_like(met.moved))
    watched, blind = decided(free, away, BLIND + 0.9), decided(free, away)
    assert watched.verdict == pytest.approx(blind.verdict, abs=0.02)


# Demands from above.


def test_where_nothing_is_demanded_from_above_nobody_is_held_up(p, met):
    found = decided(parameters(country("dprk"), bribery__demand=0), met)
    assert (found.short == 0).all()
    assert (found.held_up == 0).all()
    assert (found.verdict[..., (STOPPED, LOOKED_OVER), PAID] == 0).all()
    assert (found.verdict[..., LOOKED_OVER, VERDICTS.index("passed")] == 1).all()
    assert (decided(p, met).held_up > 0).any()


def test_demands_beyond_what_innocents_can_bring_hold_up_everybody_and_no_more(met):
    met = replace(met, stopped=met.stopped + 1, looked_over=met.looked_over + 1)
    most = country("dprk").parameters["bribery.demand"].range[1]
    found = decided(parameters(country("dprk"), bribery__demand=most), met)
    here = met.usual > 0
    petty = np.array([kind in PETTY for kind, _ in CASES.pairs])
    verdict = found.verdict[:, petty][..., (STOPPED, LOOKED_OVER), :]
    let_go = verdict[..., VERDICTS.index("passed")] + verdict[..., VERDICTS.index("held_in_error")]
    assert let_go == pytest.approx(0.0, abs=1e-12)
    assert (found.held_up[here] * found.officers[here] < 1.1 * (met.stopped + met.looked_over)[here].sum()).all()


def test_more_demanded_is_more_innocent_people_held_up(met):
    held = [decided(parameters(country("dprk"), bribery__demand=x), met).held_up for x in (0, 40, 80, 120)]
    assert (np.diff(held, axis=0) >= 0).all()
    assert (held[-1] > held[1])[:, [OFFICERS.index(kind) for kind in PETTY]].all()


# What officers have met.


def test_more_encounters_than_usual_make_the_post_worth_more_and_the_least_bribe_higher(p):
    met = practice(CASES, PLACES, 4)
    met = replace(met, caught=met.caught + 1.0)
    met = replace(met, usual=usual(met, CASES).usual)
    busy = replace(met, caught=3 * met.caught, on_record=3 * met.on_record, journeys=3 * met.journeys)
    a, b = decided(p, met), decided(p, busy)
    assert (b.post.encounters > 1.5 * a.post.encounters)[:, HERE].all()
    assert (b.stake > a.stake)[:, HERE].all()
    valued = b.stake > 0
    least = [found.least for found in (a, b)]
    assert valued.any()
    assert (least[1][valued] > least[0][valued]).all()
    assert (a.officers == b.officers).all()


def test_a_place_comes_to_the_same_bits_with_a_twin_and_wherever_it_stands(p):
    """Its own experience and the nation's are all that count, not how many places there are."""
    one = practice(CASES, 1, 6)
    twins = replace(
        one, **{k: np.concatenate([x, x]) for k, x in vars(one).items() if k != "journeys"}, journeys=2 * one.journeys
    )
    view = seen(6)
    alone, both = decided(p, one, view[:1]), decided(p, twins, np.concatenate([view[:1], view[:1]]))
    for name in ("verdict", "prices", "taken", "held_up", "fixed_price"):
        for place in range(2):
            assert (getattr(both, name)[place] == getattr(alone, name)[0]).all(), name
    pair = practice(CASES, 2, 7)
    turned = replace(pair, **{k: x[::-1] for k, x in vars(pair).items() if k != "journeys"})
    a, b = decided(p, pair, view[:2]), decided(p, turned, view[1::-1])
    assert (a.verdict == b.verdict[::-1]).all()
    assert (a.held_up == b.held_up[::-1]).all()


def test_where_officers_have_met_many_they_go_by_their_own_and_where_few_by_the_nations(met):
    met = replace(met, caught=met.caught + 1.0)
    busy = replace(met, caught=1e6 * met.caught, usual=1e6 * usual(met, CASES).usual, on_record=0 * met.on_record)
    other = replace(busy, caught=np.concatenate([busy.caught[:1], busy.caught[1:, :, ::-1]]))
    own = [decided(parameters(country("dprk"), bribery__pooled_encounters=1), x) for x in (busy, other)]
    assert own[0].verdict[0] == pytest.approx(own[1].verdict[0], abs=1e-5)
    assert own[0].taken[0] == pytest.approx(own[1].taken[0], rel=1e-4)
    taken = [x.taken[1:, HERE] for x in own]
    assert (np.abs(taken[0] / taken[1] - 1.0) > 0.05).any()
    few = replace(
        met, caught=1e-9 * met.caught, usual=1e-9 * met.usual, on_record=0 * met.on_record, moved=0 * met.moved
    )
    few = replace(few, stopped=0 * few.stopped, looked_over=0 * few.looked_over, stake=0 * few.stake)
    alike = decided(parameters(country("dprk"), bribery__pooled_encounters=1e7), few)
    assert alike.verdict == pytest.approx(np.repeat(alike.verdict[:1], PLACES, axis=0), abs=1e-6)
    assert alike.taken == pytest.approx(np.repeat(alike.taken[:1], PLACES, axis=0), rel=1e-6)


def test_officers_who_have_met_nobody_reckon_with_the_nations_households(p):
    nobody = decided(p, no_practice(PLACES, CASES))
    households = np.repeat(STANDING / RANKS, RANKS)
    caught = np.zeros_like(no_practice(PLACES, CASES).caught)
    caught[..., DARK] = 1e3 * households
    known = usual(replace(no_practice(PLACES, CASES), caught=caught), CASES)
    somebody = decided(p, known)
    journeys, market = [OFFICERS.index(kind) for kind in ("station", "train", "road")], OFFICERS.index("market")
    assert (nobody.post.encounters[:, journeys] == p.number("bribery.encounters")).all()
    assert (nobody.post.encounters[:, market] == p.number("bribery.encounters_market")).all()
    assert nobody.verdict == pytest.approx(somebody.verdict, abs=1e-9)
    assert nobody.stake == pytest.approx(somebody.stake, rel=1e-7)
    assert (nobody.officers == 0).all()


def test_an_officer_asks_less_where_many_stand_in_the_same_row(p, met):
    """As far as they act as one hand: with many posts on a journey none asks what it could ask alone."""
    met = replace(met, usual=usual(met, CASES).usual)
    hand = parameters(country("dprk"), bribery__toll_conduct=1)
    few, many = (decided(hand, replace(met, journeys=met.journeys / x)) for x in (1, 30))
    assert (many.post.bargaining <= few.post.bargaining + 1e-12).all()
    assert (many.post.bargaining < few.post.bargaining - 0.01).any()


# Memory.


def test_what_is_met_now_counts_and_fades(p, met):
    found = decided(p, met)
    nothing = found_so(np.zeros_like(found.verdict), 1.0)
    later = remembered(met, p, CASES, nothing, np.zeros(2), 6, found)
    kept = np.exp(-6 / p.number("officers.memory_weeks"))
    for name in ("caught", "on_record", "stopped", "looked_over", "journeys"):
        assert getattr(later, name) == pytest.approx(kept * getattr(met, name)), name
    assert (later.usual == met.usual).all()  # who is there does not fade


def test_weeks_that_go_on_as_they_were_leave_what_officers_know(p):
    found = decided(p, no_practice(PLACES, CASES))
    tallies = come_before_officers(found, 3)
    persons = found_so(tallies, 1.0)
    first = remembered(no_practice(PLACES, CASES), p, CASES, persons, np.array([900.0, 500.0]), 4, found)
    assert first.caught.sum() * 4 / MONTH_WEEKS == pytest.approx(tallies[..., (CAUGHT, ON_RECORD), :].sum())
    assert first.on_record.sum() * 4 / MONTH_WEEKS == pytest.approx(tallies[..., ON_RECORD, :].sum())
    assert first.looked_over.sum() * 4 / MONTH_WEEKS == pytest.approx(tallies[..., LOOKED_OVER, :].sum())
    again = remembered(first, p, CASES, persons, np.array([900.0, 500.0]), 4, found)
    twice = remembered(first, p, CASES, 2 * persons, np.array([1800.0, 1000.0]), 8, found)  # as much a week, for longer
    for name in ("caught", "on_record", "stopped", "looked_over", "journeys"):
        assert getattr(again, name) == pytest.approx(getattr(first, name)), name
        assert getattr(twice, name) == pytest.approx(getattr(first, name)), name


def test_what_is_usual_says_how_many_officers_there_are_whatever_comes_later(p, met):
    met = usual(met, CASES)
    monthly = CASES.classes(met.caught.sum(axis=-1)).sum(axis=-1)
    each = [
        p.number(f"bribery.encounters{x}")
        for x in ("", "", "", "_market", "_neighbourhood", "_workplace", "_border", "_security")
    ]
    assert decided(p, met).officers == pytest.approx(monthly / each)
    fewer = replace(met, caught=0.5 * met.caught)
    assert (decided(p, fewer).officers == decided(p, met).officers).all()


def test_officers_learn_to_lead_people_away_where_cameras_cost_them(p, met):
    """Month by month, at the pace that the pack says, and only as many as would."""
    met = replace(met, moved=np.zeros_like(met.moved))
    found = decided(parameters(country("dprk"), bribery__reviewed=0.1), met, BLIND + 0.9)
    later = remembered(met, p, CASES, found_so(np.zeros_like(found.verdict), 1.0), np.zeros(2), 4, found)
    assert (later.moved > 0).any()
    assert (later.moved <= found.moving).all()
    learnt = 1.0 - (1.0 - p.number("bribery.learning")) ** (4 / MONTH_WEEKS)
    assert later.moved == pytest.approx(learnt * found.moving)
    assert (later.stake == found.stake).all()


# Money.


@settings(max_examples=10)
@given(NUMBERS, st.integers(1, 5))
def test_what_is_paid_is_received_to_the_gram_and_is_what_payers_were_asked(p, number, weeks):
    found = decided(p, practice(CASES, PLACES, number), seen(number))
    tallies = come_before_officers(found, number)
    own, ledger = books(p, found, tallies, weeks)
    assert (ledger.balances().sum(axis=1) == 0).all()
    assert (ledger.received("payers") == 0).all()

    paid = tallies[..., PAID]
    asked = (paid * found.prices).sum(axis=(1, 2, 3))  # [place, finding], kg: bribes and tolls
    innocent = paid[..., (STOPPED, LOOKED_OVER)].sum(axis=(1, 2, 3, 4))
    assert asked[:, (STOPPED, LOOKED_OVER)].sum(axis=-1) == pytest.approx(found.toll * innocent)
    bribes = asked[:, (CAUGHT, ON_RECORD)].sum(axis=-1)
    fees = p.number("bribery.broker_share") * p.number("bribery.broker_fee") * bribes
    q = found.found_out[:, :, CASES.officer]  # [side, place, case]
    discovered = (q[:-1] * (paid[..., CAUGHT] * found.decided.side_bribes).sum(axis=(3, 4))).sum(axis=(0, 2))
    discovered += (q[-1] * paid[..., ON_RECORD].sum(axis=(2, 3))).sum(axis=1)
    fined = tallies[..., VERDICTS.index("fined")].sum(axis=(1, 2, 3, 4))
    fines = p.number("bribery.payer_fine") * discovered + p.number("bribery.fine_small") * fined
    grams = 0.001 * 4 * len(SIDES) * len(CASES.pairs)  # each movement is rounded by itself
    assert ledger.paid("payers") / 1000 == pytest.approx(asked.sum(axis=-1) + fees + fines, abs=grams)

    officers = (ledger.received("officers") + ledger.received("guards")) / 1000
    months = weeks / MONTH_WEEKS
    wages = found.post.wage * (found.officers * months).sum(axis=1)
    assert officers == pytest.approx(asked.sum(axis=-1) + wages, abs=grams)
    most = found.post.demand * (found.officers * months).sum(axis=1) + found.post.handed_up * bribes
    assert (ledger.received("superiors") / 1000 <= most + grams).all()

    # Kind by kind, what officers took and gave is what the accounts of all of them say.
    assert (own.bribes + own.tolls + own.pay).sum(axis=1) == pytest.approx(officers, abs=grams)
    assert own.handed_up.sum(axis=1) == pytest.approx(ledger.received("superiors") / 1000, abs=grams)
    assert own.watchers.sum(axis=1) == pytest.approx(ledger.received("watchers") / 1000, abs=grams)
    to_state = ledger.moved[:, [ACCOUNTS.index("officers"), ACCOUNTS.index("guards")], ACCOUNTS.index("state")]
    assert own.lost.sum(axis=1) == pytest.approx(to_state.sum(axis=1) / 1000, abs=grams)
    assert own.caught.sum(axis=1) == pytest.approx(tallies[..., (CAUGHT, ON_RECORD), :].sum(axis=(1, 2, 3, 4, 5)))


def test_bribes_are_those_of_the_circumstances_they_were_struck_in(p, met):
    """Shares of the circumstances add up to one wherever anybody who is not on record is let off."""
    found = decided(p, met, seen(8))
    some = found.verdict[..., CAUGHT, PAID] > 0
    assert some.any()
    for shares in (found.decided.side_bribes, found.decided.side_money):
        assert np.allclose(shares.sum(axis=0)[some], 1.0)
        assert (shares >= 0).all()


def test_what_guards_of_the_border_have_is_in_an_account_of_its_own(p, met):
    found = decided(p, met, seen(9))
    tallies = come_before_officers(found, 9)
    border = CASES.officer == OFFICERS.index("border")
    inland, there = (books(p, found, tallies * here[:, None, None, None, None], 4)[1] for here in (~border, border))
    _, idle = books(p, found, 0 * tallies, 4)
    bribes = (tallies[..., PAID] * found.prices).sum(axis=(2, 3, 4))
    for ledger, own, other, here in ((inland, "officers", "guards", ~border), (there, "guards", "officers", border)):
        got = (ledger.received(own) - idle.received(own)) / 1000
        assert got == pytest.approx(bribes[:, here].sum(axis=1), abs=0.01)
        assert (ledger.received(other) == idle.received(other)).all()


def test_fines_go_to_the_state_and_are_nothing_to_officers(p, met):
    found = decided(p, met)
    fined = np.zeros_like(found.verdict)
    fined[:, CASES.of("market", "theft"), :, LIT, CAUGHT, VERDICTS.index("fined")] = 5.0
    _, ledger = books(p, found, fined, 4)
    paid = 5 * len(STANDINGS) * RANKS * p.number("bribery.fine_small")
    assert ledger.paid("payers") / 1000 == pytest.approx(np.full(PLACES, paid))
    assert (ledger.received("state") == ledger.paid("payers")).all()
