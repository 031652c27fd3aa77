"""What it costs on average to come before officers, on the way of an act: money, and the harm to who does not pay.

Compiled, since every contact, place, standing and finding is weighed whenever odds are renewed. Amounts in kg of rice.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import FINDINGS
from greyspace.country import STANDINGS
from greyspace.draws import kernel
from greyspace.institutions.verdicts import Decided

Floats = NDArray[np.float64]

# A loop is faster where the compiler knows how often it goes round.
_FINDINGS, _STANDINGS, _PARTS = len(FINDINGS), len(STANDINGS), 2


class Weighed(NamedTuple):
    """The contacts that people weigh, ``n`` of them."""

    contact: NDArray[np.int64]  # [n] its place among all
    chain: NDArray[np.int64]  # [n] number of its chain
    case: NDArray[np.int64]  # [n]
    group: Floats  # [n, G] shares of people that a contact tells apart


def on_average(
    weighed: Weighed, chains: int, share: Floats, finding: Floats, decided: Decided, penalty: Floats
) -> Floats:
    """``[chain, place, X, powered, (money, harm)]``, kg: what a contact costs on average.

    ``share[place, C]``: of those who come to the encounter of a contact, the share who meet it; ``finding[place, C, G,
    powered, found]``; ``penalty[D, X]``, kg: what the penalty of a case costs a household.
    """
    places, _, standings, powers, findings = decided.money.shape
    out = np.zeros((chains, places, standings, powers, _PARTS))
    found = np.empty((powers, findings))
    _weigh(weighed, share, finding, decided.money, decided.harmed, penalty, found, out)
    return out


@kernel
def _weigh(weighed, share, finding, money, harmed, penalty, found, out):  # type: ignore[no-untyped-def]
    places, powers = out.shape[1], found.shape[0]
    for n in range(weighed.contact.shape[0]):
        c, d = weighed.contact[n], weighed.case[n]
        for r in range(places):
            met, of_chain = share[r, c], out[weighed.chain[n], r]
            if met == 0.0:
                continue
            found[:] = 0.0
            for g in range(weighed.group.shape[1]):
                part = weighed.group[n, g]
                if part != 0.0:
                    for on in range(powers):
                        row = finding[r, c, g, on]
                        for f in range(_FINDINGS):
                            found[on, f] += part * (row[f] + row[_FINDINGS + f])
            for x in range(_STANDINGS):
                for on in range(powers):
                    kg = harm = 0.0
                    for f in range(_FINDINGS):
                        kg += found[on, f] * money[r, d, x, on, f]
                        harm += found[on, f] * (harmed[r, d, x, on, f] * penalty[d, x])
                    of_chain[x, on, 0] += met * kg
                    of_chain[x, on, 1] += met * harm


class Passed(NamedTuple):
    """Encounters that one passes on journeys, ``n`` of them: each of a chain, on a line, on journeys of one kind."""

    chain: NDArray[np.int64]  # [n]
    line: NDArray[np.int64]  # [n]
    journey: NDArray[np.int64]  # [n]
    modes: NDArray[np.bool_]  # [n, mode] which modes pass it
    often: Floats  # [n, place, R] times a journey, over all destinations


def along(passed: Passed, amounts: Floats, powered: Floats, costs: Floats) -> None:
    """Add to ``costs[R, journey, mode, X, (money, harm)]``, kg, what journeys meet on the way who get through.

    ``amounts`` as from :func:`on_average`; ``powered[line, place]``: on a line there is power as often whatever is
    shown.
    """
    _pass(passed, amounts, powered, np.empty(costs.shape[3:]), np.empty((costs.shape[0], *costs.shape[3:])), costs)


@kernel
def _pass(passed, amounts, powered, here, total, costs):  # type: ignore[no-untyped-def]
    regions = total.shape[0]
    for n in range(passed.chain.shape[0]):
        kg, line, journey = amounts[passed.chain[n]], passed.line[n], passed.journey[n]
        total[:] = 0.0
        for place in range(kg.shape[0]):
            on = powered[line, place]
            for x in range(_STANDINGS):
                for i in range(_PARTS):
                    here[x, i] = kg[place, x, 0, i] * (1.0 - on) + kg[place, x, 1, i] * on
            for r in range(regions):
                often = passed.often[n, place, r]
                if often != 0.0:
                    for x in range(_STANDINGS):
                        for i in range(_PARTS):
                            total[r, x, i] += often * here[x, i]
        for r in range(regions):
            for mode in range(passed.modes.shape[1]):
                if passed.modes[n, mode]:
                    for x in range(_STANDINGS):
                        for i in range(_PARTS):
                            costs[r, journey, mode, x, i] += total[r, x, i]
