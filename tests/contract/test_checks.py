"""Odds and layouts that the engine could not run are refused before it sees them, and the refusal names the array."""

import dataclasses

import numpy as np
import pytest

from greyspace.contract import FOUND, check_layout, check_odds
from greyspace.contract.odds import ONE
from greyspace.contract.thresholds import OddsError
from worlds import AXES, layout, odds


@pytest.fixture
def lay():
    return layout(np.random.default_rng(1))


@pytest.fixture
def made(lay):
    return odds(np.random.default_rng(1), lay)


def changed(array, place, value):
    found = array.copy()
    found[place] = value
    return found


@pytest.mark.parametrize("name", ["ceiling", "pick", "way", "dest", "finding", "verdict"])
def test_choices_that_end_before_one(made, lay, name):
    array = getattr(made, name)
    short = changed(array, (*([0] * (array.ndim - 1)), -1), int(ONE) - 1)
    with pytest.raises(OddsError, match=rf"odds\.{name}.*add up to one"):
        check_odds(made._replace(**{name: short}), lay, AXES)


@pytest.mark.parametrize("name", ["pick", "way", "dest", "finding", "verdict", "weekly"])
def test_a_chance_below_nothing(made, lay, name):
    """Cumulative thresholds that fall: the first as high as can be, the next below it."""
    array = getattr(made, name)
    row = (0,) * (array.ndim - 1)
    falls = changed(changed(array, (*row, 0), int(ONE)), (*row, 1), int(ONE) - 1)
    with pytest.raises(OddsError, match=rf"odds\.{name} holds a negative"):
        check_odds(made._replace(**{name: falls}), lay, AXES)


@pytest.mark.parametrize("name", ["accept", "met", "powered", "weekly"])
def test_a_chance_above_one(made, lay, name):
    array = getattr(made, name)
    with pytest.raises(OddsError, match=rf"odds\.{name}"):
        check_odds(made._replace(**{name: changed(array, (0,) * array.ndim, int(ONE) + 1)}), lay, AXES)


def test_a_wrong_shape_or_type(made, lay):
    for bad in (made.dest[:-1], made.dest.astype(np.int64), np.asfortranarray(made.dest)):
        with pytest.raises(OddsError, match=r"odds\.dest"):
            check_odds(made._replace(dest=bad), lay, AXES)


def test_who_is_passed_over_cannot_be_judged(made, lay):
    """Even in one place, for one payer: at 'passed' any verdict but 'passed' has no meaning."""
    bad = changed(made.verdict, (2, 1, -1, 0, 0, 0), int(ONE) - 1)
    with pytest.raises(OddsError, match=r"odds\.verdict\[2, 1, .*passed over"):
        check_odds(made._replace(verdict=bad), lay, AXES)


@pytest.mark.parametrize("found", [FOUND.index("unrecorded_caught"), FOUND.index("recorded_on_record")])
def test_a_contact_where_nobody_decides_finds_nothing(made, lay, found):
    """The camera has no officer of its own: it may record people, and no more."""
    bad = made.finding.copy()
    bad[1, AXES.contacts.index("camera"), 0, 1] = np.where(np.arange(len(FOUND)) < found, 0, ONE)
    with pytest.raises(OddsError, match=r"odds\.finding: 'camera' has no case"):
        check_odds(made._replace(finding=bad), lay, AXES)
    decided = lay._replace(case_of=changed(lay.case_of, AXES.contacts.index("camera"), 1))
    check_odds(made._replace(finding=bad), decided, AXES)


@pytest.mark.parametrize("ranks", [0, 17])
def test_ranks_that_do_not_fit(lay, ranks):
    with pytest.raises(OddsError, match=rf"layout\.ranks is {ranks}; 1\.\.16"):
        check_layout(lay._replace(ranks=ranks), AXES)


def test_a_table_of_verdicts_for_another_number_of_ranks(made, lay):
    with pytest.raises(OddsError, match=r"odds\.verdict is"):
        check_odds(made, lay._replace(ranks=lay.ranks + 1), AXES)


def test_too_many_cases(lay):
    with pytest.raises(OddsError, match="there are 33 cases"):
        check_layout(lay, dataclasses.replace(AXES, cases=tuple(str(i) for i in range(33))))


@pytest.mark.parametrize(
    ("name", "place", "value"),
    [
        ("standing_of", 0, 9), ("temper_of", 0, -1), ("group_of", (0, 0), 2), ("mark_of", (0, 0, 0), 10),
        ("case_of", 0, 3), ("case_of", 0, -2),
        ("hold_of", 0, 1), ("hold_of", 0, 5), ("news_of", 0, 4), ("status_after", (0, 0), 6), ("becomes", (0, 0), 6),
        ("route_of", (0, 0, 3, 0), 99), ("instead", 1, 0), ("state_of", 0, 0),
        ("routes", (0, 0, 2), 0), ("routes", (0, 0, 0), 5), ("routes", (0, 0, 1), 3),
    ],
)  # fmt: skip
def test_a_layout_that_points_nowhere(lay, name, place, value):
    check_layout(lay, AXES)
    with pytest.raises(OddsError):
        check_layout(lay._replace(**{name: changed(getattr(lay, name), place, value)}), AXES)


def test_two_contacts_of_a_route_may_not_share_their_draws(lay):
    routes = lay.routes.copy()
    routes[0, :2] = [[0, 0, 2, 10], [1, 0, 1, 11]]
    routes[0, 2:, 0] = -1
    with pytest.raises(OddsError, match="share their draws"):
        check_layout(lay._replace(routes=routes), AXES)
