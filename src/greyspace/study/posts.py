"""An officer's post by itself: what a bribe costs whom, by offence and standing.

The closed forms of :mod:`greyspace.institutions` at a pack's parameters, for one officer whose everyday is journeys
without a permit, among standings as the nation has them. What his post is worth follows from these alone: minor, trade
and grave offences are taken to be too rare to change it, and are priced by what enforcing them would be worth to him.
Amounts in kilograms of rice, time in months.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greyspace.country import STANDINGS, Pack, household_standings
from greyspace.evidence import Parameters
from greyspace.institutions import (
    OFFENCES,
    Money,
    Payers,
    payers_of,
    post_of,
    price_for,
    reservation,
    shortfall,
    shown,
    strike,
    struck,
    takings,
)

Floats = NDArray[np.float64]

EVERYDAY = "journey"
"""The offence that an officer's post is worth what it is worth for."""


@dataclass(frozen=True)
class PriceList:
    """What an officer whom no camera watches takes from whom; arrays ``[offence, standing]`` unless said."""

    day: date
    let_off: Floats  # share of those caught
    mean: Money  # a bribe, over those let off; NaN where nobody is
    fixed: Money  # from a household whose penalty and means are the medians of its standing; NaN: it is not let off
    would_give: Floats  # kg that this household would give
    least: Floats  # [offence] kg, b*: what the officer asks at least
    worth: float  # kg, J - J0: what his post is worth to him above life after dismissal
    wage: float  # kg a month, pay and rations
    demand: float  # kg a month that superiors ask for
    taken: float  # kg a month, what he has of bribes after shares and confiscation
    taken_spread: float  # kg a month, its standard deviation
    short: float  # kg a month that this lacks of the demand, on average
    held_up: float  # innocent people a month at the pack's toll, if he makes that up by holding people up
    converged: bool


def price_list(pack: Pack, p: Parameters, day: date) -> PriceList:
    """The price list by offence and standing on a day, unwatched. Raises InputError before the pay's first date."""
    mix = household_standings(pack)
    post, everyday = post_of(p, day), payers_of(p, EVERYDAY, mix)
    deal = strike(post, everyday)
    rows = [payers_of(p, offence, mix) for offence in OFFENCES]
    least = np.array([reservation(post, deal.stake, payers.worth) for payers in rows])
    found = [struck(post, payers, b[None]) for payers, b in zip(rows, least, strict=True)]
    chance, paid = np.stack([each.chance for each in found]), np.stack([each.paid for each in found])
    mean = np.divide(paid, chance, out=np.full(chance.shape, np.nan), where=chance > 0.0)
    gives = np.stack([_median(payers) for payers in rows])
    fixed = np.stack([price_for(post, rows[o].fine, least[o], gives[o]) for o in range(len(OFFENCES))])
    has, spread = takings(post, deal)
    short = _short(post.demand, has, spread)
    return PriceList(
        day=day,
        let_off=chance,
        mean=shown(p, mean, day),
        fixed=shown(p, fixed, day),
        would_give=gives,
        least=least,
        worth=float(deal.stake),
        wage=float(post.wage),
        demand=float(post.demand),
        taken=float(has),
        taken_spread=float(spread),
        short=float(short),
        held_up=float(short / p.number("bribery.toll")),
        converged=bool(deal.converged),
    )


def _short(demand: Floats | float, has: Floats, spread: Floats) -> Floats:
    """What takings lack of a demand, at most all of it: nobody takes less than nothing, as a normal tail would have."""
    return np.minimum(shortfall(demand, has, spread), demand)


def _median(payers: Payers) -> Floats:
    """What a household would give whose penalty and means are the medians of its standing, ``[standing]``."""
    return np.minimum(payers.gives.one.median, payers.gives.other.median)


def told(prices: PriceList) -> dict[str, Any]:
    """All numbers as plain data, JSON-able: nothing where there is no price."""
    return {
        "date": prices.day.isoformat(),
        "prices": [
            {
                "offence": offence,
                "standing": standing,
                "let_off": float(prices.let_off[i, j]),
                "would_give": float(prices.would_give[i, j]),
                "mean_price": _money(prices.mean, i, j),
                "price_for_a_fixed_payer": _money(prices.fixed, i, j),
            }
            for i, offence in enumerate(OFFENCES)
            for j, standing in enumerate(STANDINGS)
        ],
        "post": {name: getattr(prices, name) for name in _OF_THE_POST},
        "least": dict(zip(OFFENCES, prices.least.tolist(), strict=True)),
    }


_OF_THE_POST = ("worth", "wage", "demand", "taken", "taken_spread", "short", "held_up", "converged")


def _money(money: Money, i: int, j: int) -> dict[str, float] | None:
    if np.isnan(money.rice[i, j]):
        return None
    return {name: float(amount[i, j]) for name, amount in money._asdict().items()}


def assumed(pack: Pack) -> str:
    """How many parameters of bribery and prices are assumed, in a sentence."""
    own = [known for name, known in pack.parameters.items() if name.startswith(("bribery.", "prices."))]
    guesses = sum(known.grounds == "assumed" for known in own)
    return f"Of {len(own)} parameters of bribery and prices, {guesses} are assumed."
