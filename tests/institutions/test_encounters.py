"""What coming before officers costs on average is the mean over all that may be found, by whoever meets it."""

import numpy as np
import pytest

from greyspace.institutions import Passed, Weighed, along, on_average
from greyspace.institutions.verdicts import Decided, Struck

PLACES, CONTACTS, GROUPS, CASES, STANDINGS, FINDINGS, MODES = 3, 5, 3, 2, 4, 5, 4


@pytest.fixture(scope="module")
def drawn():
    random = np.random.default_rng(5)
    finding = random.random((PLACES, CONTACTS, GROUPS, 2, 2 * FINDINGS))
    by_standing = (PLACES, CASES, STANDINGS, 2, FINDINGS)
    none = np.empty(0)
    unread = Struck(none, none, none, none, none), none, none, none
    return {
        "weighed": Weighed(
            np.array([0, 2, 4]), np.array([0, 1, 0]), np.array([1, 0, 1]), random.random((3, GROUPS)).round(1)
        ),
        "share": random.random((PLACES, CONTACTS)),
        "finding": finding / finding.sum(axis=-1, keepdims=True),
        "decided": Decided(*unread, 0.0, none, random.random(by_standing), random.random(by_standing)),
        "penalty": random.random((CASES, STANDINGS)),
    }


def test_a_contact_costs_what_is_found_times_what_is_decided_and_contacts_of_a_chain_add_up(drawn):
    found = on_average(drawn["weighed"], 2, *(drawn[name] for name in ("share", "finding", "decided", "penalty")))
    weighed, decided = drawn["weighed"], drawn["decided"]
    expected = np.zeros_like(found)
    for contact, chain, case, groups in zip(*weighed, strict=True):
        either = drawn["finding"][:, contact, ..., :FINDINGS] + drawn["finding"][:, contact, ..., FINDINGS:]
        harm = decided.harmed[:, case] * drawn["penalty"][case][:, None, None]
        for i, kg in enumerate((decided.money[:, case], harm)):
            mean = np.einsum("g,rgof,rxof->rxo", groups, either, kg)
            expected[chain, ..., i] += drawn["share"][:, contact, None, None] * mean
    assert found == pytest.approx(expected, rel=1e-12)


def test_a_journey_costs_what_stands_along_it_as_often_as_it_is_passed_and_as_there_is_power():
    random = np.random.default_rng(6)
    amounts, powered = random.random((2, PLACES, STANDINGS, 2, 2)), random.random((2, PLACES))
    often = random.integers(0, 3, (3, PLACES, PLACES)).astype(float)
    modes = np.array([[True, False, True, False], [False, True, False, False], [True, False, False, False]])
    passed = Passed(np.array([0, 1, 1]), np.array([0, 1, 0]), np.array([0, 1, 0]), modes, often)
    costs = np.ones((PLACES, 2, MODES, STANDINGS, 2))
    along(passed, amounts, powered, costs)
    expected = np.ones_like(costs)
    for chain, line, journey, which, times in zip(*passed, strict=True):
        on = powered[line][:, None, None]
        here = amounts[chain, :, :, 0] * (1 - on) + amounts[chain, :, :, 1] * on
        expected[:, journey, which] += np.einsum("pr,pxi->rxi", times, here)[:, None]
    assert costs == pytest.approx(expected, rel=1e-12)
