"""How many officials there are: the totals that are told of, where people live, stations stand and the border runs."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from given import country, parameters, plausible
from greyspace.evidence import resolve
from greyspace.institutions import OFFICERS, heads

DAY = date(2021, 1, 4)


def of(pack, p, *kinds, day=DAY):
    return heads(pack, p, day)[:, [OFFICERS.index(kind) for kind in kinds]].sum(axis=1)


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["dprk", "toyland", "brightland"]))
def test_as_many_stand_in_the_regions_as_there_are_in_the_nation(number, name):
    pack = country(name)
    p = resolve(pack.parameters, plausible(pack, number))
    found = heads(pack, p, DAY)
    assert found.shape == (len(pack.regions), len(OFFICERS))
    assert (np.isfinite(found) & (found >= 0)).all()
    for kinds, told in (
        (("station", "train"), "railway_officers"), (("road",), "road_officers"), (("market",), "market_officials"),
    ):  # fmt: skip
        assert of(pack, p, *kinds).sum() == pytest.approx(p.number(f"officials.{told}"))
    guards = p.number("officials.border_guards", DAY) * p.number("officials.border_guards_factor")
    assert of(pack, p, "border").sum() == pytest.approx(guards)


def test_guards_stand_at_the_border_alone_and_more_since_2020():
    pack = country("dprk")
    p = parameters(pack)
    border = np.array([region.borders_china for region in pack.regions])
    assert ((of(pack, p, "border") > 0) == border).all()
    assert of(pack, p, "border").sum() > of(pack, p, "border", day=date(2019, 1, 7)).sum()


def test_police_and_state_security_are_about_as_many_as_accounts_say():
    """Counted from so many for each 1,000 people, they come near the totals that sources tell of."""
    pack = country("dprk")
    p = parameters(pack)
    assert 144_000 < of(pack, p, "neighbourhood").sum() < 220_000
    in_all = of(pack, p, "security").sum() / p.number("officials.state_security_in_the_field")
    assert in_all == pytest.approx(50_000, rel=0.1)
