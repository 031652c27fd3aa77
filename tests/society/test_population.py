"""The people of a country: as many, as old, as poor and as busy as its tables say, and the same people at any scale."""

from dataclasses import replace
from itertools import pairwise
from math import erfc, sqrt

import numpy as np
import pytest

from given import calm, country, world
from greyspace.country import PROFILES, shares
from greyspace.society import caution
from greyspace.society.population import make, units_at

FALSE_ALARMS = 1e-6
"""Chance that any margin of a test is called wrong although the people are drawn as they should be."""

SEED = 11


def recipe_of(pack, least=None, most=None):
    made = world(pack)
    recipe = made.recipe(made.start(calm(made)))
    if least is not None:
        recipe = replace(recipe, least_households=least, most_households=most)
    return recipe


@pytest.fixture(scope="module")
def nation():
    """A fortieth of North Korea."""
    recipe = recipe_of(country("dprk"))
    return recipe, make(recipe, SEED, *units_at(recipe, 0.025))


def of_units(crowd):
    """For each person the unit."""
    return np.repeat(np.arange(len(crowd.region)), np.diff(crowd.first))


def profiles(crowd):
    return (crowd.persons & 63).astype(int)


def statuses(crowd):
    return ((crowd.persons >> 6) & 255).astype(int)


def households(recipe, crowd):
    """Households of every unit, read off its size by drawing it once more with one person a household."""
    alone = replace(recipe.generator, size=np.array([1.0, *np.zeros(len(recipe.generator.size) - 1)]))
    return np.diff(make(replace(recipe, generator=alone), SEED, crowd.serial, crowd.region).first)


def assert_shares(counts, chances, spread, where, notices):
    """Counts lie within the sampling error of their chances; ``spread`` is the variance in multiples of a binomial's.

    Members of a household share its standing, so their counts spread more than independent ones.
    """
    total = counts.sum(axis=-1, keepdims=True)
    mean, variance = total * chances, total * chances * (1 - chances) * spread
    z = np.abs(counts - mean) / np.sqrt(np.maximum(variance, 1e-12))
    tested = mean >= 40 * spread
    assert tested.sum() >= 4, where
    worst = float(z[tested].max())
    assert erfc(worst / sqrt(2)) > FALSE_ALARMS / tested.sum(), f"{where}: {worst:.1f} standard errors"
    # And no more generous than it looks: this much more of the commonest would be called wrong.
    most = np.unravel_index(np.argmax(mean), mean.shape)
    assert erfc(notices * mean[most] / sqrt(variance[most]) / sqrt(2)) < FALSE_ALARMS / tested.sum(), where
    assert (counts[np.broadcast_to(chances == 0, counts.shape)] == 0).all(), where


def test_a_neighbourhood_unit_has_20_to_40_households_each_number_as_often(nation):
    recipe, crowd = nation
    found = households(recipe, crowd)
    assert found.min() == 20
    assert found.max() == 40
    counts = np.bincount(found, minlength=41)[20:]
    assert_shares(counts, np.full(21, 1 / 21), 1.0, "households of units", notices=0.5)


def test_a_household_has_four_members_less_a_little(nation):
    recipe, crowd = nation
    n = int(households(recipe, crowd).sum())
    sizes = np.arange(1, 10)
    mean = float((sizes * recipe.generator.size).sum())
    error = sqrt(float(((sizes - mean) ** 2 * recipe.generator.size).sum()) / n)
    assert mean == pytest.approx(3.97, abs=0.01)
    assert abs(len(crowd.persons) / n - mean) < 5 * error
    assert error < 0.005


def test_every_region_has_as_many_persons_as_the_projection_says():
    """Whole units, so a region is at most half a unit away."""
    for name in ("dprk", "toyland"):
        pack = country(name)
        recipe = recipe_of(pack)
        unit = 30 * float((np.arange(1, 10) * recipe.generator.size).sum())
        wanted = world(pack).persons(2024)
        assert np.abs(np.array(recipe.units) * unit - wanted).max() <= unit / 2, name
        assert wanted.sum() == pytest.approx(pack.persons * pack.nation(2024) / pack.nation(2008))


def test_profiles_are_as_the_tables_say_in_every_region(nation):
    """Households are of one standing: the mean of squared sizes over the mean size is how much counts spread."""
    recipe, crowd = nation
    region = crowd.region[of_units(crowd)]
    sizes = np.arange(1, 10)
    size = recipe.generator.size
    spread = float((sizes**2 * size).sum() / (sizes * size).sum())
    wanted = shares(country("dprk"))
    counts = np.zeros_like(wanted)
    np.add.at(counts, (region, profiles(crowd)), 1)
    assert_shares(counts, wanted, spread, "profiles", notices=0.2)
    for trait in ("role", "sex", "standing", "involved"):
        kinds = sorted({getattr(who, trait) for who in PROFILES})
        fold = np.array([[getattr(who, trait) == kind for kind in kinds] for who in PROFILES], float)
        folded = (counts[:, :, None] * fold).sum(axis=1)
        assert_shares(folded, (wanted[:, :, None] * fold).sum(axis=1), spread, trait, notices=0.1)


def test_ages_are_those_of_the_census(nation):
    _, crowd = nation
    pack = country("dprk")
    young = sum(row.share for row in pack.ages if row.age == "0-14")
    pupils = np.array([who.role == "pupil" for who in PROFILES])[profiles(crowd)].mean()
    assert pupils == pytest.approx(young, abs=5 * sqrt(young * (1 - young) * 4.5 / len(crowd.persons)))
    assert young == pytest.approx(0.2319, abs=0.0001)


def test_people_begin_with_the_caution_of_their_temper(nation):
    recipe, crowd = nation
    temper = recipe.temper_of[profiles(crowd)]
    counts = np.zeros(recipe.start.shape[1:])
    np.add.at(counts, (temper, statuses(crowd)), 1)
    regions = np.bincount(crowd.region[of_units(crowd)], minlength=len(recipe.units))
    wanted = (recipe.start * regions[:, None, None]).sum(axis=0) / regions.sum()
    assert_shares(counts, wanted, 1.0, "statuses", notices=0.1)


def test_children_are_not_in_the_register(nation):
    _, crowd = nation
    child = np.array([who.role == "pupil" for who in PROFILES])[profiles(crowd)]
    assert not caution.parts().enrolled[statuses(crowd)][child].any()
    assert caution.parts().enrolled[statuses(crowd)][~child].any()


def test_a_unit_made_alone_is_the_same_unit(nation):
    recipe, crowd = nation
    for unit in (0, 1, len(crowd.region) // 2, len(crowd.region) - 1):
        alone = make(recipe, SEED, crowd.serial[unit : unit + 1], crowd.region[unit : unit + 1])
        assert (alone.persons == crowd.persons[crowd.first[unit] : crowd.first[unit + 1]]).all()


def test_shards_together_are_the_nation(nation):
    recipe, crowd = nation
    cuts = [0, 7, 100, 101, len(crowd.region)]
    shards = [make(recipe, SEED, crowd.serial[a:b], crowd.region[a:b]) for a, b in pairwise(cuts)]
    assert (np.concatenate([shard.persons for shard in shards]) == crowd.persons).all()


def test_a_smaller_sample_is_made_of_the_same_persons():
    recipe = recipe_of(country("dprk"))
    serial, region = units_at(recipe, 1.0)
    whole = dict(zip(serial.tolist(), region.tolist(), strict=True))
    assert len(whole) == sum(recipe.units)
    small, large = (make(recipe, SEED, *units_at(recipe, scale)) for scale in (0.002, 0.1))
    assert all(whole[s] == r for s, r in zip(small.serial.tolist(), small.region.tolist(), strict=True))
    place = {int(serial): unit for unit, serial in enumerate(large.serial)}
    both = [unit for unit, serial in enumerate(small.serial.tolist()) if serial in place]
    assert len(both) >= 40
    for unit in both:
        there = place[int(small.serial[unit])]
        mine = small.persons[small.first[unit] : small.first[unit + 1]]
        assert (mine == large.persons[large.first[there] : large.first[there + 1]]).all()


def test_every_region_is_in_the_smallest_sample():
    recipe = recipe_of(country("dprk"))
    serial, region = units_at(recipe, 1e-6)
    assert region.tolist() == list(range(20))
    assert len(set(serial.tolist())) == 20


def test_the_whole_of_a_small_country_has_each_unit_once():
    recipe = recipe_of(country("toyland"))
    serial, region = units_at(recipe, 1.0)
    assert len(set(serial.tolist())) == len(serial) == sum(recipe.units)
    assert (np.bincount(region) == recipe.units).all()


def test_another_seed_makes_other_people(nation):
    recipe, crowd = nation
    other = make(recipe, SEED + 1, crowd.serial[:50], crowd.region[:50])
    assert len(other.persons) != crowd.first[50] or (other.persons != crowd.persons[: crowd.first[50]]).any()


def test_units_of_another_size_are_what_is_asked_for():
    recipe = recipe_of(country("toyland"), 25, 25)
    crowd = make(recipe, SEED, *units_at(recipe, 1.0))
    assert set(households(recipe, crowd).tolist()) == {25}
