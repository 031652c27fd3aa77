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


def around(p, regions=1, **told):
    """Nothing to be seen or heard of, but what is ``told``: a number for all regions, or one by region."""
    calm = caution.quiet(p, told.pop("tempers", 1), regions)
    return calm._replace(**{key: x if key in ("cameras", "enrolling") else np.full(regions, x) if np.isscalar(x) else x
                            for key, x in told.items()})  # fmt: skip


def stationary(p, news=0, **told):
    """Where caution settles when weeks are always the same, by region."""
    found = []
    for change in caution.weekly(p, around(p, **told))[:, 0, news]:
        step = np.diag(1 - change.sum(axis=1))
        for c in range(4):
            np.add.at(step, (np.arange(caution.STATUSES), caution.becomes()[:, c]), change[:, c])
        spread = np.full(caution.STATUSES, 1 / caution.STATUSES)
        spread = spread @ np.linalg.matrix_power(step, 200_000)
        found.append(np.bincount(caution.parts().caution, spread, minlength=caution.LEVELS))
    return np.array(found)


def mean(spread):
    return (spread * np.arange(caution.LEVELS)).sum(axis=-1)


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


def check_changes(p, number, chronic=None):
    """Probabilities, whatever people live among."""
    rng = np.random.default_rng(number)
    among = caution.Surroundings(
        enrolling=np.array([0.0, 0.3, 1.0]),
        cameras=True,
        chronic=np.full(5, p.number("caution.chronic")) if chronic is None else chronic,
        visible=np.array([0.0, 1.0, *rng.uniform(size=3)]),
        bribes=np.array([0.0, 50.0, *rng.gamma(0.5, size=3)]),
        unpunished=np.array([0.0, 20.0, *rng.gamma(0.5, size=3)]),
        human=np.array([0.0, 7.0, *rng.gamma(0.5, size=3)]),
        digital=np.array([7.0, 0.0, *rng.gamma(0.5, size=3)]),
    )
    change = caution.weekly(p, among)
    assert change.shape == (5, 3, 4, caution.STATUSES, 4)
    assert (change >= 0).all()
    assert (change.sum(axis=-1) <= 1 + 1e-12).all()  # nobody changes twice a week


@given(NUMBERS)
def test_the_changes_of_a_week_are_probabilities_for_all_that_is_plausible(number):
    for name in ("dprk", "toyland"):
        pack = country(name)
        check_changes(resolve(pack.parameters, plausible(pack, number)), number)


@given(NUMBERS)
def test_whatever_a_pack_allows_gives_probabilities_or_one_sentence(number):
    pack = country("dprk")
    p = resolve(pack.parameters, allowed(pack, number))
    chronic, fade = p.number("caution.chronic"), p.number("caution.fade_weekly")
    if chronic == 1 or fade * chronic > 1 - chronic:
        with pytest.raises(InputError, match=r"caution\.chronic .* caution\.fade_weekly"):
            check_changes(p, number)
    else:
        check_changes(p, number)


def test_everybody_cautious_for_ever_is_refused_in_one_sentence():
    p = parameters(country("dprk"), caution__chronic=1)
    with pytest.raises(InputError, match=r"caution\.chronic"):
        caution.weekly(p, around(p))


@given(NUMBERS)
def test_where_nothing_happens_caution_settles_where_the_pack_says(number):
    pack = country("dprk")
    p = resolve(pack.parameters, plausible(pack, number))
    chronic = p.number("caution.chronic") * np.array([0.5, 1.0])
    assert np.allclose(stationary(p, regions=2, chronic=chronic), caution.calm(chronic), atol=1e-6)


def test_bad_news_makes_people_warier_and_news_of_both_kinds_most():
    p = parameters(country("dprk"))
    change = caution.weekly(p, around(p))[0, 0]
    rise = change[:, caution.parts().caution < 3, WARIER]
    assert (rise[NEWS_HUMAN] > rise[0]).all()
    assert (rise[NEWS_DIGITAL] > rise[0]).all()
    assert (rise[NEWS_HUMAN | NEWS_DIGITAL] > np.maximum(rise[NEWS_HUMAN], rise[NEWS_DIGITAL])).all()
    means = [float(mean(stationary(p, news))[0]) for news in range(4)]
    assert means[0] < min(means[1], means[2])
    assert max(means[1], means[2]) < means[3]


@given(NUMBERS, st.floats(0.01, 1))
def test_equipment_that_is_seen_frightens(number, share):
    pack = country("dprk")
    p = resolve(pack.parameters, plausible(pack, number))
    nothing, some, all_of_it = mean(stationary(p, regions=3, visible=np.array([0.0, share * 0.99, 1.0])))
    assert nothing < some < all_of_it


@given(NUMBERS, st.floats(0.05, 3))
def test_acts_that_go_unpunished_calm(number, acts):
    """Half as many would calm half as fast; none leaves caution as it is."""
    pack = country("dprk")
    p = resolve(pack.parameters, plausible(pack, number))
    none, few, many = mean(stationary(p, regions=3, unpunished=np.array([0.0, acts, 2 * acts])))
    assert none > few > many
    afraid = caution.parts().caution > 0
    calmer = caution.weekly(p, around(p, regions=3, unpunished=np.array([0.0, acts, 2 * acts])))[
        :, 0, 0, afraid, CALMER
    ]
    # The chance to stay as afraid as one is falls by the same factor with each act.
    stay = 1 - calmer[:, 0] / (1 - caution.weekly(p, around(p))[0, 0, 0, afraid, WARIER][0])
    assert stay[1] ** 2 == pytest.approx(stay[0] * stay[2], rel=1e-9)


@pytest.mark.parametrize(("sign", "frightens"), [(0.3, True), (-0.3, False)])
def test_news_of_bribes_frightens_or_reassures_by_its_sign(sign, frightens):
    p = parameters(country("dprk"), caution__news_bribe=sign)
    none, few, many = mean(stationary(p, regions=3, bribes=np.array([0.0, 0.2, 2.0])))
    assert (none < few < many) if frightens else (none > few > many)


def test_news_of_bribes_that_means_nothing_moves_nobody():
    p = parameters(country("dprk"), caution__news_bribe=0)
    change = caution.weekly(p, around(p, regions=2, bribes=np.array([0.0, 3.0])))
    assert (change[0] == change[1]).all()


def test_who_grows_warier_grows_no_calmer_in_the_same_week():
    p = parameters(country("dprk"), caution__news_human=1, caution__fade_weekly=0.2)
    change = caution.weekly(p, around(p, unpunished=5.0))[0, 0]
    middle = (caution.parts().caution > 0) & (caution.parts().caution < 3)
    assert (change[NEWS_HUMAN][middle, WARIER] == 1).all()
    assert (change[NEWS_HUMAN][middle, CALMER] == 0).all()
    top = caution.parts().caution == 3
    assert (change[NEWS_HUMAN][top, CALMER] > 0).all()


def test_cameras_are_not_heard_of_before_there_is_one():
    p = parameters(country("dprk"))
    before, after = (caution.weekly(p, around(p, cameras=exist))[0, 0, 0, :, LEARNS] for exist in (False, True))
    assert (before == 0).all()
    assert (after[caution.parts().knows == 0] > 0).all()
    assert (after[caution.parts().knows == 1] == 0).all()


def test_hearsay_adds_up_to_what_the_pack_says_of_a_year():
    p = parameters(country("dprk"), caution__chronic=0, caution__fade_weekly=0)
    ignorant = int(np.flatnonzero((caution.parts().knows == 0) & (caution.parts().caution == 0))[0])
    weekly = caution.weekly(p, around(p, cameras=True))[0, 0, 0, ignorant, LEARNS]
    assert 1 - (1 - weekly) ** 52.1775 == pytest.approx(p.number("knowing.background_yearly_faces_and_roads"))


@pytest.mark.parametrize("by", ["human", "digital"])
def test_cases_of_the_region_frighten_who_had_none_in_the_unit(by):
    p = parameters(country("dprk"))
    none, few, many = mean(stationary(p, regions=3, **{by: np.array([0.0, 0.001, 0.004])}))
    assert none < few < many
    deaf = parameters(country("dprk"), knowing__beyond_unit=0)
    assert np.ptp(mean(stationary(deaf, regions=3, **{by: np.array([0.0, 0.001, 0.004])}))) == 0


def test_a_case_heard_of_for_sure_frightens_like_one_in_the_unit():
    p = parameters(country("dprk"), knowing__beyond_unit=1)
    change = caution.weekly(p, around(p, human=1.0))[0, 0]
    assert np.allclose(change[0], caution.weekly(p, around(p))[0, 0, NEWS_HUMAN])


def test_of_cameras_one_learns_from_cases_by_devices_of_the_region_and_from_no_others():
    p = parameters(country("dprk"))
    ignorant = caution.parts().knows == 0
    for by, teaches in (("digital", True), ("human", False)):
        none, some = caution.weekly(p, around(p, regions=2, **{by: np.array([0.0, 0.002])}))[:, 0, 0, ignorant, LEARNS]
        assert (none == 0).all()
        assert (some > 0).all() == teaches, by


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
