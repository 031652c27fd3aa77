"""How often people set out: under ceilings that nothing may exceed, so that no scenario shifts another's draws."""

from dataclasses import replace

import numpy as np
import pytest

from given import country, parameters
from greyspace.contract import chances
from greyspace.country import PROFILES
from greyspace.errors import InputError
from greyspace.society.acts import ceilings, occasions, rates


@pytest.fixture(scope="module")
def pack():
    return country("dprk")


def test_a_rate_above_its_ceiling_is_refused_by_the_name_of_act_and_region(pack):
    low = replace(pack, acts=tuple(replace(row, ceiling=row.rate * 1.5) for row in pack.acts))
    assert (rates(low, parameters(low, acts__rate_factor_without_permit=1.4)) <= ceilings(low)).all()
    with pytest.raises(InputError) as refused:
        rates(low, parameters(low, acts__rate_factor_without_permit=1.6))
    said = str(refused.value)
    assert "journey_without_permit" in said
    assert pack.regions[0].id in said
    assert "acts.rate_factor_without_permit" in said
    assert "\n" not in said


def test_ceilings_know_of_no_setting(pack):
    before = occasions(pack, parameters(pack))
    after = occasions(pack, parameters(pack, acts__rate_factor_with_permit=0.4, acts__rate_factor_without_permit=2.5))
    assert (before[0] == after[0]).all()
    assert (before[1] == after[1]).all()
    assert (before[2] != after[2]).any()


def test_an_act_switched_off_keeps_its_slot_and_is_never_done(pack):
    days, pick, accept = occasions(pack, parameters(pack, acts__rate_factor_with_permit=0))
    usual = occasions(pack, parameters(pack))
    assert (accept[..., 0] == 0).all()
    assert (accept[..., 1] == usual[2][..., 1]).all()
    assert (days == usual[0]).all()
    assert (pick == usual[1]).all()


def test_people_set_out_as_often_as_the_table_says(pack):
    p = parameters(pack)
    days, pick, accept = occasions(pack, p)
    size = np.array([int(i).bit_count() for i in range(128)]) / 7
    daily = (chances(days) * size).sum(axis=-1)
    done = daily[..., None] * chances(pick) * accept / 2**31
    assert np.allclose(done, rates(pack, p), rtol=1e-5, atol=1e-9)


def test_children_never_travel_alone(pack):
    days, _, _ = occasions(pack, parameters(pack))
    pupils = [i for i, who in enumerate(PROFILES) if who.role == "pupil"]
    assert (days[:, pupils, 0] == 2**31).all()
    assert (days[:, [i for i in range(len(PROFILES)) if i not in pupils], 0] < 2**31).all()
