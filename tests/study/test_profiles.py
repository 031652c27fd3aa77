"""Profiles: a valley is found where one parameter makes up for another, and none where facts tell them apart."""

from dataclasses import replace

import numpy as np
import pytest

from given import country
from greyspace.errors import InputError
from greyspace.study import histories, profiles
from greyspace.study.grid import Axis
from greyspace.study.histories import Kept
from greyspace.study.profiles import PROFILES, Ridge, find, picture, say, told
from greyspace.study.targets import load_targets

SIDE = (1.0, 2.0, 4.0, 8.0)


def silent(phase, done, of):
    pass


def ridge(misfit):
    x, y = Axis("bribery.found_out", SIDE, True), Axis("bribery.discount", SIDE, True)
    return Ridge(load_targets(country("toyland")), PROFILES[0], x, y, None, misfit, np.full_like(misfit, np.nan))


def planted(of):
    x, y = np.log2(np.array(SIDE))[None, :], np.log2(np.array(SIDE))[:, None]
    return ridge(np.abs(of(x, y)) + 0.5)


def test_where_only_the_ratio_is_known_the_whole_range_agrees_alike():
    found = planted(lambda x, y: x - y)
    assert found.path.tolist() == list(SIDE)
    assert found.flat.all()
    assert "nothing of bribery.found_out can be learnt" in say(found)


def test_where_the_facts_know_the_one_there_is_no_valley():
    found = planted(lambda x, y: x - 1.0)
    assert found.flat.tolist() == [False, True, False, False]
    assert "little of" in say(found)


def test_what_cannot_be_measured_is_left_out():
    hollow = planted(lambda x, y: x - y).misfit
    hollow[0] = np.nan
    found = ridge(hollow)
    assert found.path[0] == 2.0
    assert told(found)["misfit"][0] == [None] * 4


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """A small grid of a small country, with a third parameter."""
    small = (replace(PROFILES[1], points=2, over_points=2),)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(profiles, "PROFILES", small)
        patch.setattr(profiles, "WEEKS", 2)
        kept = Kept(tmp_path_factory.mktemp("profiles"))
        targets = load_targets(country("toyland"))
        first = find(targets, kept, 1, silent)
        with pytest.MonkeyPatch.context() as bent:
            bent.setattr(histories, "live", None)
            again = find(targets, kept, 1, silent)
        lost, torn, *_ = sorted(kept.folder.rglob("*.json"))
        lost.unlink()
        torn.write_bytes(torn.read_bytes()[:100])
        return first, again, find(targets, kept, 1, silent)


def test_each_point_is_a_world_of_its_own_and_is_kept_and_one_that_is_lost_is_lived_again(few):
    for first, again, mended in zip(*few, strict=True):
        assert (first.misfit == again.misfit).all()
        assert (first.misfit == mended.misfit).all()
        assert len(np.unique(first.misfit)) > 1
    assert np.isin(few[0][0].best, few[0][0].over.values).all()


def test_the_figure_shows_the_valley(few):
    figure = picture(few[0][0])
    assert any(line.get_color() == "white" for line in figure.axes[0].lines)


def test_a_country_without_such_facts_is_refused():
    targets = load_targets(country("toyland"))
    bare = replace(targets, targets={"network": targets.targets["network"]})
    with pytest.raises(InputError, match="toyland has none of the facts train_bribe"):
        find(bare, Kept(country("toyland").folder), 1, silent)
