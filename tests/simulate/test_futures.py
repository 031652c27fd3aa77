"""Scenarios of what may come: each can be lived, and one that begins in 2025 is history until then."""

from datetime import date

import numpy as np
import pytest

from given import country
from greyspace.country import packs
from greyspace.simulate import plan
from greyspace.simulate.learn import nothing_learnt
from greyspace.simulate.world import day_of

START, BEGINS, END = date(2024, 11, 4), date(2025, 1, 6), date(2025, 2, 24)
INVENTED = [name for name in packs() if country(name).stylised]


def at_both_ends(name: str, scenario: str):
    """Odds of the first period, and of the last one."""
    pack = country(name)
    made = plan(pack, pack.scenario(scenario), engine="expected", start=START, end=END).world()
    first, last = made.periods[0], made.periods[-1]
    assert day_of(first.monday) < BEGINS < day_of(last.monday)
    learnt = nothing_learnt(made.p, len(pack.regions), made.cases)
    return [made.odds(each, learnt, made.enforcement(each, learnt.practice)) for each in (first, last)]


@pytest.mark.parametrize(("name", "scenario"), [(name, each) for name in INVENTED for each in country(name).scenarios])
def test_every_scenario_of_an_invented_country_can_be_lived(name, scenario):
    """Its systems exist; what it sets from a date on is read by date, and until that date nothing is other."""
    told = country(name).scenario(scenario)
    first, _ = at_both_ends(name, scenario)
    own = {key: value for key, value in told.sets().items() if key != "payments.growth_yearly"}  # as 'as-is' has it
    dated = all(isinstance(value, dict) and min(value) == BEGINS for value in own.values())
    if own and dated and not told.systems:
        usual, _ = at_both_ends(name, "history")
        for part, other in zip(first, usual, strict=True):
            np.testing.assert_array_equal(part, other)
