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
    MONTH_WEEKS,
    OFFICERS,
    RANKS,
    SIDES,
    Cases,
    accounts,
    enforce,
    no_practice,
    payers_at,
    payers_of,
    remembered,
    struck,
    usual,
)

NUMBERS = st.integers(0, 2**32 - 1)
DAY = date(2022, 1, 3)
PLACES = 3
CASES = Cases((("station", "journey"), ("train", "journey"), ("road", "journey"), ("road", "trade")))
STATION, ROAD = OFFICERS.index("station"), OFFICERS.index("road")
DARK, LIT = 0, 1
CAUGHT, ON_RECORD, STOPPED, LOOKED_OVER = (FINDINGS.index(x) for x in ("caught", "on_record", "stopped", "looked_over"))
PAID = VERDICTS.index("paid")
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
    deal = found.watched.deal
    for side, name in enumerate(SIDES):
        here = replace(found.post, found_out=deal.found_out[side], cost=deal.cost[side])
        for o, offence in enumerate(CASES.offences):
            whole = struck(here, payers_of(p, offence, STANDING), deal.b_star[side])
            ranked = deal.struck[side].reshape(PLACES, len(OFFICERS), len(CASES.offences), len(STANDINGS), RANKS)
            assert ranked[:, :, o].mean(axis=-1) == pytest.approx(whole.chance, rel=1e-6, abs=1e-7), name


def test_who_risks_a_penalty_is_fined_or_sent_home_and_who_is_innocent_never_penalised(p, met):
    verdict = decided(p, met).verdict
    penalised = verdict[..., VERDICTS.index("penalised")]
    assert (penalised[..., (STOPPED, LOOKED_OVER)] == 0).all()
    assert (penalised[..., CAUGHT].max(axis=(0, 2, 3)) > 0).all()
    lenient = decided(parameters(country("dprk"), officers__turn_back_share=1), met).verdict
    assert (lenient[..., VERDICTS.index("penalised")] == 0).all()
    assert np.allclose(lenient[..., PAID], verdict[..., PAID])


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
    verdict = found.verdict[..., (STOPPED, LOOKED_OVER), :]
    let_go = verdict[..., VERDICTS.index("passed")] + verdict[..., VERDICTS.index("held_in_error")]
    assert let_go == pytest.approx(0.0, abs=1e-12)
    assert (found.held_up[here] * found.officers[here] < 1.1 * (met.stopped + met.looked_over)[here].sum()).all()


def test_more_demanded_is_more_innocent_people_held_up(met):
    held = [decided(parameters(country("dprk"), bribery__demand=x), met).held_up for x in (0, 40, 80, 120)]
    assert (np.diff(held, axis=0) >= 0).all()
    assert (held[-1] > held[1]).all()


# What officers have met.


def test_more_encounters_than_usual_make_the_post_worth_more_and_the_least_bribe_higher(p):
    met = practice(CASES, PLACES, 4)
    met = replace(met, caught=met.caught + 1.0)
    met = replace(met, usual=usual(met, CASES).usual)
    busy = replace(met, caught=3 * met.caught, on_record=3 * met.on_record, journeys=3 * met.journeys)
    a, b = decided(p, met), decided(p, busy)
    assert (b.post.encounters > 1.5 * a.post.encounters).all()
    assert (b.watched.deal.stake > a.watched.deal.stake).all()
    valued = b.watched.deal.stake > 0
    least = [found.watched.deal.b_star[0] for found in (a, b)]
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
    assert (np.abs(own[0].taken[1:] / own[1].taken[1:] - 1.0) > 0.05).any()
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
    assert (nobody.post.encounters == p.number("bribery.encounters")).all()
    assert nobody.verdict == pytest.approx(somebody.verdict, abs=1e-9)
    assert nobody.watched.deal.stake == pytest.approx(somebody.watched.deal.stake, rel=1e-7)
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
    nothing = np.zeros_like(found.verdict)
    later = remembered(met, p, CASES, nothing, np.zeros(2), 6, found)
    kept = np.exp(-6 / p.number("officers.memory_weeks"))
    for name in ("caught", "on_record", "stopped", "looked_over", "journeys"):
        assert getattr(later, name) == pytest.approx(kept * getattr(met, name)), name
    assert (later.usual == met.usual).all()  # who is there does not fade


def test_weeks_that_go_on_as_they_were_leave_what_officers_know(p):
    found = decided(p, no_practice(PLACES, CASES))
    tallies = come_before_officers(found, 3)
    first = remembered(no_practice(PLACES, CASES), p, CASES, tallies, np.array([900.0, 500.0]), 4, found)
    assert first.caught.sum() * 4 / MONTH_WEEKS == pytest.approx(tallies[..., (CAUGHT, ON_RECORD), :].sum())
    assert first.on_record.sum() * 4 / MONTH_WEEKS == pytest.approx(tallies[..., ON_RECORD, :].sum())
    assert first.looked_over.sum() * 4 / MONTH_WEEKS == pytest.approx(tallies[..., LOOKED_OVER, :].sum())
    again = remembered(first, p, CASES, tallies, np.array([900.0, 500.0]), 4, found)
    twice = remembered(first, p, CASES, 2 * tallies, np.array([1800.0, 1000.0]), 8, found)  # as much a week, for longer
    for name in ("caught", "on_record", "stopped", "looked_over", "journeys"):
        assert getattr(again, name) == pytest.approx(getattr(first, name)), name
        assert getattr(twice, name) == pytest.approx(getattr(first, name)), name


def test_what_is_usual_says_how_many_officers_there_are_whatever_comes_later(p, met):
    met = usual(met, CASES)
    monthly = CASES.classes(met.caught.sum(axis=-1)).sum(axis=-1)
    assert decided(p, met).officers == pytest.approx(monthly / p.number("bribery.encounters"))
    fewer = replace(met, caught=0.5 * met.caught)
    assert (decided(p, fewer).officers == decided(p, met).officers).all()


def test_officers_learn_to_lead_people_away_where_cameras_cost_them(p, met):
    """Month by month, at the pace that the pack says, and only as many as would."""
    met = replace(met, moved=np.zeros_like(met.moved))
    found = decided(parameters(country("dprk"), bribery__reviewed=0.1), met, BLIND + 0.9)
    later = remembered(met, p, CASES, np.zeros_like(found.verdict), np.zeros(2), 4, found)
    assert (later.moved > 0).any()
    assert (later.moved <= found.watched.moving).all()
    learnt = 1.0 - (1.0 - p.number("bribery.learning")) ** (4 / MONTH_WEEKS)
    assert later.moved == pytest.approx(learnt * found.watched.moving)
    assert (later.stake == found.watched.deal.stake).all()


# Money.


@settings(max_examples=10)
@given(NUMBERS, st.integers(1, 5))
def test_what_is_paid_is_received_to_the_gram_and_is_what_payers_were_asked(p, number, weeks):
    found = decided(p, practice(CASES, PLACES, number), seen(number))
    tallies = come_before_officers(found, number)
    ledger = accounts(p, found, tallies, weeks)
    assert (ledger.balances().sum(axis=1) == 0).all()
    assert (ledger.received("payers") == 0).all()

    paid = tallies[..., PAID]
    asked = (paid * found.prices).sum(axis=(1, 2, 3))  # [place, finding], kg: bribes and tolls
    innocent = paid[..., (STOPPED, LOOKED_OVER)].sum(axis=(1, 2, 3, 4))
    assert asked[:, (STOPPED, LOOKED_OVER)].sum(axis=-1) == pytest.approx(found.toll * innocent)
    bribes = asked[:, (CAUGHT, ON_RECORD)].sum(axis=-1)
    fees = p.number("bribery.broker_share") * p.number("bribery.broker_fee") * bribes
    q = found.watched.deal.found_out[:, :, CASES.officer]  # [side, place, case]
    discovered = (q[:-1] * (paid[..., CAUGHT] * found.side_bribes).sum(axis=(3, 4))).sum(axis=(0, 2))
    discovered += (q[-1] * paid[..., ON_RECORD].sum(axis=(2, 3))).sum(axis=1)
    fines = p.number("bribery.payer_fine") * discovered
    grams = 0.001 * 4 * len(SIDES) * len(CASES.pairs)  # each movement is rounded by itself
    assert ledger.paid("payers") / 1000 == pytest.approx(asked.sum(axis=-1) + fees + fines, abs=grams)

    officers = ledger.moved[:, :, 1].sum(axis=1) / 1000
    months = weeks / MONTH_WEEKS
    wages = found.post.wage * (found.officers * months).sum(axis=1)
    assert officers == pytest.approx(asked.sum(axis=-1) + wages, abs=grams)
    most = found.post.demand * (found.officers * months).sum(axis=1) + found.post.handed_up * bribes
    assert (ledger.received("superiors") / 1000 <= most + grams).all()


def test_bribes_are_those_of_the_circumstances_they_were_struck_in(p, met):
    """Shares of the circumstances add up to one wherever anybody who is not on record is let off."""
    found = decided(p, met, seen(8))
    some = found.verdict[..., CAUGHT, PAID] > 0
    assert some.any()
    for shares in (found.side_bribes, found.side_money):
        assert np.allclose(shares.sum(axis=0)[some], 1.0)
        assert (shares >= 0).all()
