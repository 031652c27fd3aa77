"""Caution and knowing: what moves them, what does not, and where they settle."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from given import allowed, country, parameters, plausible
from greyspace.contract.axes import NEWS_DIGITAL, NEWS_HUMAN
from greyspace.errors import InputError
from greyspace.evidence import resolve
from greyspace.society import caution
from greyspace.society.acts import SANCTIONED

NUMBERS = st.integers(0, 2**32 - 1)
CALMER, WARIER, LEARNS, ENROLS = range(4)


def stationary(p, news=0):
    """Where caution settles when a week's news is always the same."""
    change = caution.weekly(p, False, np.zeros(1))[0, news]
    step = np.diag(1 - change.sum(axis=1))
    for c in range(4):
        np.add.at(step, (np.arange(caution.STATUSES), caution.becomes()[:, c]), change[:, c])
    spread = np.full(caution.STATUSES, 1 / caution.STATUSES)
    spread = spread @ np.linalg.matrix_power(step, 200_000)
    return np.bincount(caution.parts().caution, spread, minlength=caution.LEVELS)


def test_a_status_is_its_parts_and_nothing_else():
    now = caution.parts()
    assert caution.status(*now).tolist() == list(range(caution.STATUSES))
    assert len({tuple(int(x) for x in part) for part in zip(*now, strict=True)}) == caution.STATUSES
    assert set(now.caution.tolist()) == set(range(caution.LEVELS))


def test_caution_has_a_top_and_a_bottom():
    now = caution.parts()
    after = caution.becomes()
    assert (now.caution[after[:, CALMER]] == np.maximum(now.caution - 1, 0)).all()
    assert (now.caution[after[:, WARIER]] == np.minimum(now.caution + 1, 3)).all()


def test_who_knows_never_forgets_and_who_is_enrolled_stays_so():
    now = caution.parts()
    for change in caution.becomes().T:
        assert (now.knows[change] >= now.knows).all()
        assert (now.enrolled[change] >= now.enrolled).all()
    assert now.knows[caution.becomes()[:, LEARNS]].all()
    assert now.enrolled[caution.becomes()[:, ENROLS]].all()


def check_changes(p, enrolling):
    change = caution.weekly(p, True, enrolling)
    assert change.shape == (len(enrolling), 4, caution.STATUSES, 4)
    assert (change >= 0).all()
    assert (change.sum(axis=-1) <= 1 + 1e-12).all()
    return change


@given(NUMBERS)
def test_the_changes_of_a_week_are_probabilities_for_all_that_is_plausible(number):
    for name in ("dprk", "toyland"):
        pack = country(name)
        check_changes(resolve(pack.parameters, plausible(pack, number)), np.array([0.0, 0.3, 1.0]))


@given(NUMBERS)
def test_whatever_a_pack_allows_gives_probabilities_or_one_sentence(number):
    pack = country("dprk")
    p = resolve(pack.parameters, allowed(pack, number))
    chronic, fade = p.number("caution.chronic"), p.number("caution.fade_weekly")
    if chronic == 1 or fade * chronic > 1 - chronic:
        with pytest.raises(InputError, match=r"caution\.chronic .* caution\.fade_weekly"):
            caution.weekly(p, True, np.zeros(1))
    else:
        check_changes(p, np.array([0.0, 0.3, 1.0]))


def test_everybody_cautious_for_ever_is_refused_in_one_sentence():
    with pytest.raises(InputError, match=r"caution\.chronic"):
        caution.weekly(parameters(country("dprk"), caution__chronic=1), True, np.zeros(1))


@given(NUMBERS)
def test_without_news_caution_settles_where_the_pack_says(number):
    pack = country("dprk")
    p = resolve(pack.parameters, plausible(pack, number))
    assert np.allclose(stationary(p), caution.calm(p), atol=1e-6)


def test_bad_news_makes_people_warier_and_news_of_both_kinds_most():
    p = parameters(country("dprk"))
    change = caution.weekly(p, False, np.zeros(1))[0]
    rise = change[:, caution.parts().caution < 3, WARIER]
    assert (rise[NEWS_HUMAN] > rise[0]).all()
    assert (rise[NEWS_DIGITAL] > rise[0]).all()
    assert (rise[NEWS_HUMAN | NEWS_DIGITAL] > np.maximum(rise[NEWS_HUMAN], rise[NEWS_DIGITAL])).all()
    level = np.arange(caution.LEVELS)
    means = [float((stationary(p, news) * level).sum()) for news in range(4)]
    assert means[0] < min(means[1], means[2])
    assert max(means[1], means[2]) < means[3]


def test_gates_are_not_heard_of_before_there_is_one():
    p = parameters(country("dprk"))
    before, after = (caution.weekly(p, exist, np.zeros(1))[0, 0, :, LEARNS] for exist in (False, True))
    assert (before == 0).all()
    assert (after[caution.parts().knows == 0] > 0).all()
    assert (after[caution.parts().knows == 1] == 0).all()


def test_hearsay_adds_up_to_what_the_pack_says_of_a_year():
    p = parameters(country("dprk"), caution__chronic=0, caution__fade_weekly=0)
    ignorant = int(np.flatnonzero((caution.parts().knows == 0) & (caution.parts().caution == 0))[0])
    weekly = caution.weekly(p, True, np.zeros(1))[0, 0, ignorant, LEARNS]
    assert 1 - (1 - weekly) ** 52.1775 == pytest.approx(p.number("caution.knows_background_yearly"))


@given(NUMBERS)
def test_caution_chills_only_what_is_not_permitted_and_more_caution_more(number):
    pack = country("dprk")
    cold = caution.chilled(resolve(pack.parameters, allowed(pack, number)))
    assert cold.shape == (len(caution.MOODS), len(SANCTIONED))
    assert (cold[:, SANCTIONED] == 0).all()
    assert ((cold >= 0) & (cold <= 1)).all()
    assert (cold[:2] == 0).all()  # who has no caution holds nothing back


def test_more_caution_chills_more():
    for name in ("dprk", "toyland"):
        cold = caution.chilled(parameters(country(name)))[:, ~SANCTIONED]
        assert (np.diff(cold[::2], axis=0) > 0).all()
