"""How often people set out: under ceilings that nothing may exceed, so that no scenario shifts another's draws."""

from dataclasses import replace

import numpy as np
import pytest

from given import country, parameters
from greyspace.contract import chances
from greyspace.country import ACTS, JOURNEYS, PROFILES
from greyspace.errors import InputError
from greyspace.society.acts import BORDER, ceilings, occasions, rates


@pytest.fixture(scope="module")
def pack():
    return country("dprk")


def test_a_rate_above_its_ceiling_is_refused_by_the_name_of_act_and_region(pack):
    low = replace(pack, acts=tuple(replace(row, ceiling=row.rate * 1.5) for row in pack.acts))
    much = parameters(low, acts__rate_factor_journey_without_permit=1.4)
    assert (rates(low, much) <= ceilings(low)).all()
    with pytest.raises(InputError) as refused:
        rates(low, parameters(low, acts__rate_factor_journey_without_permit=1.6))
    said = str(refused.value)
    assert "journey_without_permit" in said
    assert pack.regions[0].id in said
    assert "acts.rate_factor_journey_without_permit" in said
    assert "\n" not in said


def test_ceilings_know_of_no_setting(pack):
    before = occasions(pack, parameters(pack))
    factors = {f"acts__rate_factor_{act}": 0.4 for act in ACTS}
    elsewhere = {f"acts__elsewhere_{act}": 0.5 for act in BORDER}
    after = occasions(pack, parameters(pack, **factors, **elsewhere))
    assert (before[0] == after[0]).all()
    assert (before[1] == after[1]).all()
    assert (before[2] != after[2]).any()


def test_an_act_switched_off_keeps_its_slot_and_is_never_done(pack):
    days, pick, accept = occasions(pack, parameters(pack, acts__rate_factor_journey_with_permit=0))
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
    rate = rates(pack, parameters(pack))[:, :, [ACTS.index(act) for act in JOURNEYS]]
    pupils = np.array([who.role == "pupil" for who in PROFILES])
    assert (rate[:, pupils] == 0).all()
    assert (rate[:, ~pupils] > 0).all()


def test_away_from_the_border_its_acts_are_as_rare_as_the_pack_says(pack):
    p = parameters(pack, acts__elsewhere_smuggling=0.25)
    border = np.array([region.borders_china for region in pack.regions])
    rate = rates(pack, p)
    assert rate[border].sum(axis=(0, 1)).all()
    for a, act in enumerate(ACTS):
        share = p.number(f"acts.elsewhere_{act}") if act in BORDER else 1.0
        assert np.allclose(rate[~border, :, a], share * rate[border, :, a][:1])
