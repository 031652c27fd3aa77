"""Measures by name: each can be read from a life, and says what its name says."""

from datetime import date

import numpy as np
import pytest

from given import country
from greyspace.contract import STATES
from greyspace.contract.axes import PUNISHED
from greyspace.country import ACTS
from greyspace.errors import InputError
from greyspace.simulate import plan
from greyspace.study import lives
from greyspace.study.gauges import GAUGES, SEEN, named


@pytest.fixture(scope="module")
def of():
    pack = country("toyland")
    one = plan(pack, pack.scenario("history"), engine="expected", start=date(2023, 1, 2), end=date(2023, 4, 24))
    return lives.whole(lives.by_year([one], (date(2023, 1, 2) - date(1970, 1, 1)).days)["history"])


def test_every_measure_is_read_and_is_nothing_where_there_is_nothing(of):
    for gauge in GAUGES.values():
        value = gauge.of(of)
        assert value is not None, gauge.name
        assert np.isfinite(value), gauge.name
        assert gauge.of(lives.none()) is None, gauge.name


def test_ends_of_begun_acts_add_up_to_a_thousand(of):
    for act in ACTS:
        assert sum(GAUGES[f"{act}.{state}"].of(of) for state in STATES[PUNISHED:]) == pytest.approx(1000.0)
        assert sum(GAUGES[f"{act}.{state}"].of(of) for state in STATES[:PUNISHED]) < 1000.0


def test_shares_lie_between_nothing_and_all(of):
    for gauge in GAUGES.values():
        if gauge.unit.startswith("%"):
            assert 0.0 <= gauge.of(of) <= 100.0, gauge.name


def test_what_can_be_seen_says_by_whom_and_analysts_are_not_seen():
    assert all(gauge.seen for gauge in SEEN)
    assert {"gates_live", "goods_price", "leads", "paying_by_phone", "price"} <= {gauge.name for gauge in SEEN}
    assert "linked" not in {gauge.name for gauge in SEEN}


def test_an_unknown_measure_is_refused_with_the_nearest():
    with pytest.raises(InputError, match=r"did you mean held_up\?"):
        named("heldup")
    with pytest.raises(InputError, match=r"allowed are .*act\.state"):
        named("zzzzzz")
