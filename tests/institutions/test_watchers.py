"""Cameras over officers: what they do, and what officers do about them."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from given import country, parameters
from greyspace.draws import uniforms
from greyspace.institutions import (
    SIDES,
    Watch,
    learn,
    payers_of,
    post_of,
    reservation,
    strike,
    strike_settled,
    strike_watched,
    watch_of,
    watcher_floor,
)
from greyspace.institutions.bribe import struck
from greyspace.institutions.watchers import _answer, bought, gain_of_blindness, moving

MIX = np.array([0.05, 0.20, 0.50, 0.25])
DAY = date(2020, 1, 6)
UNWATCHED, IN_VIEW, BOUGHT, LED_AWAY, ON_RECORD = range(len(SIDES))


@pytest.fixture(scope="module")
def p():
    return parameters(country("dprk"))


@pytest.fixture(scope="module")
def post(p):
    return replace(post_of(p, DAY), demand=50.0)


@pytest.fixture(scope="module")
def payers(p):
    return payers_of(p, "journey", MIX)


@pytest.fixture(scope="module")
def watch(p):
    """Everywhere, seen through, and nobody to be bought."""
    return replace(watch_of(p, DAY, covered=1.0, on_record=0.0), reviewed=0.05, floor=1e12)


def settled(post, payers, watch, months=24):
    moved = 0.0
    for _ in range(months):
        moved = learn(watch, moved, strike_watched(post, payers, watch, moved).moving)
    return strike_watched(post, payers, watch, moved), moved


def test_without_a_live_camera_nothing_changes(post, payers, watch):
    dark = strike_watched(post, payers, replace(watch, covered=0.0), 0.0).deal
    plain = strike(post, payers)
    assert dark.worth == pytest.approx(float(plain.worth), rel=1e-9)
    assert dark.chance == pytest.approx(float(plain.chance), rel=1e-9)


def test_cameras_everywhere_make_bribes_rarer_and_dearer(post, payers, watch):
    """Before anybody has learnt, and with nobody bought, few bribes are left."""
    deal = strike_watched(post, payers, replace(watch, covered=np.array([0.0, 0.5, 1.0])), 0.0).deal
    assert (np.diff(deal.chance) < 0).all()
    assert deal.mean_price[-1] > 1.5 * deal.mean_price[0]
    assert deal.chance[-1] < 0.4 * deal.chance[0]


def test_cameras_at_half_the_posts_make_bribes_commoner_and_cheaper_at_the_other_half(post, payers, watch):
    """A post that yields less is less worth keeping, so that less keeps its holder from bribes where he is not seen."""
    deal = strike_watched(post, payers, replace(watch, covered=np.array([0.0, 0.5])), 0.0).deal
    without, beside = (deal.struck[UNWATCHED, each] for each in (0, 1))
    assert (beside > without).all()
    assert (deal.mean_prices[UNWATCHED, 1] < deal.mean_prices[UNWATCHED, 0]).all()
    assert deal.mean_price[1] < deal.mean_price[0]  # the half in view strikes few, so the cheap ones set the mean


def test_blind_spots_are_found_within_months_and_most_bribes_come_back(post, payers, watch):
    at_first = strike_watched(post, payers, watch, 0.0)
    later, moved = settled(post, payers, watch)
    never = strike(post, payers)
    assert moved > 0.9
    assert at_first.deal.chance < 0.5 * later.deal.chance
    assert later.deal.chance < never.chance
    assert later.deal.mean_price > never.mean_price  # the trouble is paid for


def test_the_watchers_cut_is_in_the_price(post, payers, watch):
    cheap = replace(watch, floor=0.5)
    found = strike_watched(post, payers, cheap, 0.0)
    assert found.bought > 0.9
    cut = found.cut[BOUGHT]
    assert 0.0 < cut <= found.gain
    unwatched, with_cut = found.deal.b_star[UNWATCHED, 0], found.deal.b_star[BOUGHT, 0]
    assert with_cut - unwatched == pytest.approx(float(cut / ((1 - post.found_out) * (1 - post.handed_up))))
    assert with_cut < found.deal.b_star[IN_VIEW, 0]


def test_greedier_watchers_leave_fewer_bribes(post, payers, watch):
    shares = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
    found = strike_watched(post, payers, replace(watch, floor=0.5, bargaining=shares), 0.0)
    assert (np.diff(found.cut[BOUGHT]) > 0).all()
    assert (np.diff(found.deal.chance) < 0).all()


def test_an_officer_who_must_hand_everything_up_fears_no_camera(post, payers, watch):
    """Demands strip the post of its worth, and with it cameras of their force."""
    demand = np.array([0.0, 75.0, 150.0])
    bare = strike(replace(post, demand=demand), payers).chance
    watched = strike_watched(replace(post, demand=demand), payers, replace(watch, reviewed=0.01), 0.0).deal.chance
    assert (np.diff(watched / bare) > 0).all()
    assert watched[-1] > 0.7 * bare[-1]


def test_prices_are_mixed_after_they_are_made(post, payers, watch):
    """The mean risk would price a half-covered post wrongly."""
    half = strike_watched(post, payers, replace(watch, covered=0.5), 0.0).deal
    mean = 0.5 * post.found_out + 0.5 * (1.0 - (1.0 - post.found_out) * (1.0 - watch.reviewed))
    wrong = strike(replace(post, found_out=mean), payers)
    assert abs(half.chance - wrong.chance) > 0.1


def test_the_share_bought_and_their_cut_are_those_of_watchers_one_by_one():
    watch = Watch(
        1.0, 0.0, 0.1, 0.0, floor=2.0, floor_spread=0.7, bargaining=0.4, trouble=1.0, temper=1.0, learning=0.2
    )
    u = (np.arange(200_001) + 0.5) / 200_001
    from scipy.special import ndtri

    floors = 2.0 * np.exp(0.7 * ndtri(u))
    for gain in (0.5, 2.0, 9.0):
        share, cut = bought(watch, gain)
        taken = floors[floors <= gain]
        assert share == pytest.approx(len(taken) / len(floors), abs=1e-4)
        assert cut == pytest.approx((taken + 0.4 * (gain - taken)).mean(), rel=1e-3)
    assert bought(watch, 0.0) == (0.0, 0.0)


def test_watchers_who_risk_nothing_are_bought_by_any_gain_and_not_by_none(watch):
    share, cut = bought(replace(watch, floor=0.0, bargaining=0.4), np.array([0.0, 1e-6, 5.0]))
    assert share.tolist() == [0.0, 1.0, 1.0]
    assert cut == pytest.approx([0.0, 4e-7, 2.0])


def test_the_trouble_taken_is_that_of_those_for_whom_it_pays():
    watch = Watch(
        1.0, 0.0, 0.1, 0.0, floor=1e12, floor_spread=0.7, bargaining=0.4, trouble=3.0, temper=1.0, learning=0.2
    )
    u = (np.arange(400_001) + 0.5) / 400_001
    troubles = 3.0 + np.log(u / (1.0 - u))
    for gain in (2.0, 3.0, 7.0):
        share, trouble = moving(watch, gain)
        taken = troubles[troubles <= gain]
        assert share == pytest.approx(len(taken) / len(troubles), abs=1e-4)
        assert trouble == pytest.approx(taken.mean(), abs=1e-3)


def test_a_watcher_with_a_post_to_lose_asks_more():
    asked = watcher_floor(0.001, np.array([0.0, 500.0, 5000.0]), 100.0, 60.0)
    assert (np.diff(asked) > 0).all()


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_worth_and_cameras_together_have_one_solution(post, payers, number):
    u = uniforms(number, "test/watch", np.arange(40)[:, None], np.arange(10))[..., 0].T
    post = replace(
        post, demand=200 * u[0], encounters=5 * 40 ** u[1], found_out=1e-4 * 100 ** u[2], discount=0.005 * 30 ** u[3]
    )
    watch = Watch(
        covered=u[4], reviewed=0.001 * 300 ** u[5], floor=0.1 * 300 ** u[6], floor_spread=0.3 + u[7], bargaining=u[8],
        trouble=4 * u[9], temper=1.0, learning=0.2, on_record=0.8 * u[7], record_reviewed=2e-4 * 2000 ** u[8],
    )  # fmt: skip
    found = strike_watched(post, payers, watch, u[9])
    assert found.deal.converged.all()
    assert np.allclose(sum(found.deal.weight), 1.0)
    stakes = np.linspace(-0.5, 3.0, 36)[:, None] * (np.abs(found.deal.stake) + 1.0)
    rest = _rest(post, payers, watch, u[9], stakes)
    assert (np.diff(np.sign(rest), axis=0) != 0).sum(axis=0).max() <= 1


def _rest(post, payers, watch, moved, stakes):
    """What a post yields at a stake less what holding it costs, written out anew from the sides."""
    gain = gain_of_blindness(post, watch, stakes)
    share, cut = bought(watch, gain)
    _, trouble = moving(watch, gain)
    seen = 1 - (1 - post.found_out) * (1 - watch.reviewed)
    rest = post.wage - post.demand - post.discount * (post.outside + stakes)
    others, compared = 1 - watch.on_record, 1 - (1 - post.found_out) * (1 - watch.record_reviewed)
    for weight, q, c in (
        (others * (1 - watch.covered), post.found_out, 0.0),
        (others * watch.covered * (1 - moved) * (1 - share), seen, 0.0),
        (others * watch.covered * (1 - moved) * share, post.found_out, cut),
        (others * watch.covered * moved, post.found_out, trouble),
        (watch.on_record, compared, 0.0),
    ):
        here = replace(post, found_out=q + 0 * stakes, cost=c)
        chance, paid, _ = struck(here, payers, reservation(here, stakes, payers.worth)[..., None])
        chance, paid = (chance * payers.mix).sum(-1), (paid * payers.mix).sum(-1)
        kept = (1 - q) * (1 - post.handed_up) * paid + (1 - chance) * payers.worth
        rest = rest + post.encounters * weight * (kept - chance * (c + q * (post.fine + stakes)))
    return rest


def test_the_stake_found_is_where_a_post_yields_what_holding_it_costs(post, payers, watch):
    """Written out anew from the sides, with a record for some of those met."""
    watch = replace(watch, covered=0.6, on_record=0.3, record_reviewed=0.01, floor=3.0)
    found = strike_watched(post, payers, watch, 0.4)
    stake = np.array([found.deal.stake])
    assert _rest(post, payers, watch, 0.4, stake) == pytest.approx(0.0, abs=1e-6 * float(found.deal.stake))
    assert _rest(post, payers, watch, 0.4, 1.01 * stake) < 0 < _rest(post, payers, watch, 0.4, 0.99 * stake)


def test_who_is_on_record_is_let_off_less_often_and_for_more(post, payers, watch):
    deal = strike_watched(post, payers, replace(watch, covered=0.0, on_record=0.5, record_reviewed=0.01), 0.0).deal
    assert (deal.struck[ON_RECORD] < deal.struck[UNWATCHED]).all()
    assert (deal.mean_prices[ON_RECORD] > deal.mean_prices[UNWATCHED]).all()
    assert deal.weight[ON_RECORD] == deal.weight[UNWATCHED] == 0.5


def test_a_record_that_nobody_compares_is_none(post, payers, watch):
    watch = replace(watch, covered=0.5)
    some = strike_watched(post, payers, replace(watch, on_record=0.4, record_reviewed=0.0), 0.3).deal
    none = strike_watched(post, payers, replace(watch, covered=0.3), 0.3).deal  # before a camera: half of six in ten
    assert some.stake == pytest.approx(float(none.stake), rel=1e-9)
    assert some.chance == pytest.approx(float(none.chance), rel=1e-9)


def test_leading_somebody_out_of_view_does_not_take_him_off_the_record(post, payers, watch):
    shares = [
        strike_watched(post, payers, replace(watch, on_record=0.4), moved).deal.weight[ON_RECORD]
        for moved in (0.0, 0.5, 1.0)
    ]
    assert shares == [0.4, 0.4, 0.4]


def test_a_place_comes_to_the_same_bits_alone_as_among_others(post, payers, watch):
    """From a start of its own each, some near, some far, some on the other side of nothing."""
    u = uniforms(7, "test/places", np.arange(24)[:, None], np.arange(6))[..., 0].T
    posts = {"demand": 260 * u[0], "encounters": 5 * 40 ** u[1]}
    sights = {"covered": u[2], "on_record": 0.5 * u[3]}
    start = 3000 * u[4] - 1000
    all_of_them = strike_watched(replace(post, **posts), payers, replace(watch, **sights, floor=3.0), u[5], start)
    assert all_of_them.deal.converged.all()
    assert (all_of_them.deal.stake < 0).any()
    for i in range(24):
        here = replace(post, **{key: x[i] for key, x in posts.items()})
        sight = replace(watch, **{key: x[i] for key, x in sights.items()}, floor=3.0)
        one = strike_watched(here, payers, sight, u[5, i], start[i])
        assert float(one.deal.stake) == all_of_them.deal.stake[i]
        assert (one.deal.paid == all_of_them.deal.paid[:, i]).all()


@pytest.mark.parametrize("gain", [0.5, 2.0, 4.0, 9.0, 40.0])
def test_officers_and_watchers_answer_to_a_gain_as_steeply_as_is_said(watch, gain):
    watch = replace(watch, floor=3.0, bargaining=0.4)
    low, here, high = (_answer(watch, np.array(gain + d)) for d in (-1e-5, 0.0, 1e-5))
    for what in ("bought", "cut", "moving", "trouble"):
        steep = (getattr(high, what) - getattr(low, what)) / 2e-5
        assert getattr(here, f"{what}_slope") == pytest.approx(steep, rel=1e-4, abs=1e-8)


def test_however_much_is_at_stake_leading_away_costs_the_usual_trouble(watch):
    share, trouble = moving(watch, np.array([1e2, 1e3, 1e5]))
    assert share == pytest.approx(1.0)
    assert trouble == pytest.approx(watch.trouble, rel=1e-6)


@pytest.mark.parametrize("demand", [0.0, 50.0, 120.0])
@pytest.mark.parametrize("reviewed", [0.0005, 0.003, 0.01, 0.1])
def test_what_officers_have_learnt_is_where_their_months_of_learning_come_to_rest(p, payers, demand, reviewed):
    post = replace(post_of(p, DAY), demand=demand)
    watch = replace(watch_of(p, DAY, covered=1.0, on_record=0.0), reviewed=reviewed)
    found, (late, moved) = strike_settled(post, payers, watch), settled(post, payers, watch, months=80)
    assert found.deal.converged
    assert found.moving == pytest.approx(moved, abs=1e-5)
    assert found.deal.chance == pytest.approx(late.deal.chance, abs=1e-5)
