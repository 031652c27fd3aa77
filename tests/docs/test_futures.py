"""The table of what futures come to says what was lived."""

import numpy as np

from docs_programs import program
from greyspace.contract import STATES
from greyspace.country import ACTS


def test_changes_are_told_of_a_thousand_intents_the_largest_first_and_small_ones_not_at_all():
    made = program("futures")
    before = np.full((len(ACTS), len(STATES)), 100.0)
    after = 2.0 * before
    theft, trade = ACTS.index("theft"), ACTS.index("trade")
    after[theft, STATES.index("chilled")] += 160.0
    after[theft, STATES.index("free_unseen")] -= 160.0
    after[trade, STATES.index("paid")] += 40.0
    after[trade, STATES.index("punished")] -= 40.0
    told = made.changes({"acts": before.tolist()}, {"acts": after.tolist()})
    first, second, *rest = told.split("; ")
    assert {first, second} == {"theft: chilled +100", "theft: free unseen -100"}
    assert set(rest) == {"trade: paid +25", "trade: punished -25"}
    assert made.changes({"acts": before.tolist()}, {"acts": (2.0 * before).tolist()}) == "none"
