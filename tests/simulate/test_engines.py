"""What persons teach their world by luck fades as more of them are lived."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from given import country
from greyspace.simulate import Life, plan
from greyspace.simulate.beginning import expectation


@pytest.fixture(scope="module")
def taught():
    """By scale the distance between the expectation under the odds of its own world and under those of the persons'.

    Root mean square over seeds, acts and states, in acts of 1,000 intents.
    """
    pack = country("toyland")
    usual = plan(pack, pack.scenario("history"), start=date(2021, 1, 4), end=date(2021, 6, 27), engine="expected")
    begun = Life(usual).begun

    def ends(made):
        life = Life(made, begun=begun)
        mean = expectation(life.world, life.world.recipe(life.world.start(begun.spread)))
        found = 0.0
        for period in life.world.periods:
            odds = life.odds(period)
            acts = life.step(period, odds, lambda _: None).whole
            if made.engine == "individuals":
                mean.renew(odds)
                for _ in range(period.weeks):
                    mean.advance()
                acts = mean.lived()
            found = found + acts.modes.sum(axis=(0, 2))
        life.close()
        return 1000.0 * found / np.maximum(found.sum(axis=-1, keepdims=True), 1e-300)

    apart = {0.05: [], 0.8: []}
    for seed in (1, 2):
        own = ends(replace(usual, seed=seed))
        for scale, found in apart.items():
            found.append(ends(replace(usual, seed=seed, engine="individuals", scale=scale)) - own)
    return {scale: float(np.sqrt(np.mean(np.square(found)))) for scale, found in apart.items()}


def test_luck_teaches_less_the_more_persons_are_lived(taught):
    """About like one over the root of the scale: a quarter at sixteen times as many, more in what is seldom done."""
    assert 0.1 < taught[0.8] / taught[0.05] < 0.5
