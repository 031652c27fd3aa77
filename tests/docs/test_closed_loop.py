"""The table of how far the engines part says what was lived."""

import numpy as np
import pytest

from docs_programs import program
from greyspace.contract import STATES
from greyspace.country import ACTS


@pytest.fixture(scope="module")
def loop():
    return program("closed_loop")


def test_a_gap_is_that_of_one_seed_with_itself_and_what_is_small_everywhere_is_left_out(loop):
    rng = np.random.default_rng(3)
    shape = (len(ACTS), len(STATES))
    found = {f"expected/{seed}": rng.uniform(0, 100, shape) for seed in range(1, max(loop.SEEDS.values()) + 1)}
    moved = np.zeros(shape)
    moved[ACTS.index("theft"), STATES.index("chilled")] = 8.0
    for scale, seeds in loop.SEEDS.items():
        for seed in range(1, seeds + 1):
            found[f"{scale}/{seed}"] = found[f"expected/{seed}"] + moved * 0.001 / scale
    gap = loop.gaps(found)
    assert all(np.allclose(each, moved * 0.001 / scale) for scale, each in gap.items())
    rows = [line for line in loop.told(gap).splitlines() if line.startswith("| ")][2:]
    assert rows == ["| theft | chilled | +8.0 ± 0.0 | +2.0 ± 0.0 | +0.5 ± 0.0 |"]


def test_the_part_taught_by_luck_is_what_the_expectation_parts_by_under_the_odds_of_the_persons(loop):
    chilled = np.zeros((len(ACTS), len(STATES)))
    chilled[:, STATES.index("chilled")] = 1.0
    found = {f"expected/{seed}": 100.0 * chilled for seed in range(1, max(loop.SEEDS.values()) + 1)}
    for scale, seeds in loop.SEEDS.items():
        for seed in range(1, seeds + 1):
            found[f"{scale}/{seed}/beside"] = (100.0 + 0.004 / scale + (seed == 1)) * chilled
            found[f"{scale}/{seed}"] = found[f"{scale}/{seed}/beside"] + 0.25 * chilled
    of = loop.parts(found)
    for scale, each in of.items():
        assert np.allclose(each[0], [1.25 + 0.004 / scale, 0.25, 1.0 + 0.004 / scale])
        assert np.allclose(each[1:], [0.25 + 0.004 / scale, 0.25, 0.004 / scale])
    rows = loop.parted(of).splitlines()
    assert rows[3].startswith(f"| 0.004 | {loop.SEEDS[0.004]} | ")
    assert "+0.25 ± 0.00" in rows[3]
    # What is permitted nobody gives up.
    found["0.004/1"][ACTS.index("journey_with_permit")] += 50.0
    assert np.allclose(loop.parts(found)[0.004], of[0.004])
