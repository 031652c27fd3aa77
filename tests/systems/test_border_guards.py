"""Guards on patrol: whom they meet, and who decides over them."""

from datetime import date

import numpy as np
import pytest

from given import country
from greyspace.systems import border_guards
from views import border, found, seen

ACTS = ("smuggling", "crossing")


def meets(view, act):
    """Chance of meeting a guard of either kind, and of one who can be bought."""
    met = border_guards.met(view)
    takes, hands_over = met[f"border_patrol_{act}"], met[f"border_handover_{act}"]
    return takes + (1.0 - takes) * hands_over, takes


@pytest.mark.parametrize("name", ["dprk", "toyland"])
def test_guards_stand_at_the_border_only(name):
    view = seen(country(name))
    for share in border_guards.met(view).values():
        assert (share[border(view)] > 0).all()
        assert (share[~border(view)] == 0).all()


def test_of_those_who_meet_a_guard_the_share_who_can_be_bought_meets_one_of_those():
    sets = {"border_video.patrol_detection": 0.6, "border_video.guard_bribe": 0.25}
    view = seen(country("dprk"), sets)
    for act in ACTS:
        whole, takes = meets(view, act)
        assert np.allclose(whole[border(view)], 0.6)
        assert np.allclose(takes[border(view)], 0.6 * 0.25)


@pytest.mark.parametrize(("share", "bought"), [(0.0, 0.0), (1.0, 1.0)])
def test_where_no_guard_or_every_guard_can_be_bought_there_is_one_kind(share, bought):
    view = seen(country("dprk"), {"border_video.guard_bribe": share, "border_video.patrol_detection": 1.0})
    whole, takes = meets(view, "crossing")
    assert np.allclose(whole[border(view)], 1.0)
    assert np.allclose(takes[border(view)], bought)


def test_the_factor_is_on_the_chance_of_slipping_through():
    found = []
    for factor in (0.0, 1.0, 100.0):
        sets = {"border_video.patrol_detection": 0.95, "border_video.patrol_factor": factor}
        found.append(meets(seen(country("dprk"), sets), "crossing")[0].max())
    assert found == pytest.approx([1.0, 0.95, 0.0])


def test_what_a_guard_settles_himself_is_not_written_down_and_what_he_hands_over_is():
    odds = border_guards.odds(seen(country("dprk")))
    for act in ACTS:
        assert (found(odds[f"border_patrol_{act}"], "caught", recorded=False) == 1).all()
        assert (found(odds[f"border_handover_{act}"], "caught", recorded=True) == 1).all()


def test_after_august_2020_more_meet_a_guard_and_fewer_guards_can_be_bought():
    before, after = (seen(country("dprk"), day=date(2020, month, 6)) for month in (1, 10))
    assert (meets(after, "smuggling")[0] >= meets(before, "smuggling")[0]).all()
    assert meets(after, "smuggling")[0].max() > meets(before, "smuggling")[0].max()
    assert meets(after, "smuggling")[1].max() < meets(before, "smuggling")[1].max()
