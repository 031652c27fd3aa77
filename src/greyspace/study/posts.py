"""An officer's post by itself: what a bribe costs whom, and what watching officers and paying them would change.

The closed forms of :mod:`greyspace.institutions` at a pack's parameters, for one officer whose everyday is journeys
without a permit, among standings as the nation has them. What his post is worth follows from these alone: minor, trade
and grave offences are taken to be too rare to change it, and are priced by the same least bribe. Nothing here answers
to what travellers do, and no run reads it. Amounts in kilograms of rice, time in months.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from greyspace import __version__
from greyspace.country import STANDINGS, Pack, generator
from greyspace.evidence import Parameters
from greyspace.figures import posts as of_posts
from greyspace.institutions import (
    OFFENCES,
    SIDES,
    Bribes,
    Deal,
    Money,
    Payers,
    Post,
    Watched,
    demanded,
    payers_of,
    post_of,
    price_for,
    settle,
    shortfall,
    shown,
    strike,
    strike_settled,
    struck,
    takings,
    watch_of,
)

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

EVERYDAY = "journey"
"""The offence that an officer's post is worth what it is worth for."""

RECEIVERS = ("officers", "superiors", "watchers", "state")
"""Among whom what is paid in bribes ends up; the state, where it is confiscated."""

DEMANDS = ("as in the pack", "none")
"""Demands from above, along the first axis of a grid."""

REVIEWED = np.logspace(-4.0, np.log10(0.5), 25)
PAY = np.logspace(0.0, 3.0, 25)


def mix_of(pack: Pack) -> Floats:
    """Share of the nation's households in each standing, ``[standing]``; sums to one.

    >>> from greyspace.country import load_pack
    >>> float(mix_of(load_pack("toyland")).sum().round(12))
    1.0
    """
    by_region = generator(pack).household.sum(axis=1)
    weight = np.array([float(region.households) for region in pack.regions])
    found = (by_region * weight[:, None]).sum(axis=0)
    return found / found.sum()


@dataclass(frozen=True)
class PriceList:
    """What an officer whom no camera watches takes from whom; arrays ``[offence, standing]`` unless said."""

    day: date
    let_off: Floats  # share of those caught
    mean: Money  # a bribe, over those let off; NaN where nobody is
    fixed: Money  # from a household whose penalty and means are the medians of its standing; NaN: it is not let off
    would_give: Floats  # kg that this household would give
    least: float  # kg, b*: what the officer asks at least
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
    mix = mix_of(pack)
    post, everyday = post_of(p, day), payers_of(p, EVERYDAY, mix)
    deal = strike(post, everyday)
    least = deal.b_star[0]
    rows = [payers_of(p, offence, mix) for offence in OFFENCES]
    found = [struck(post, payers, least) for payers in rows]
    chance, paid = np.stack([each.chance for each in found]), np.stack([each.paid for each in found])
    mean = np.divide(paid, chance, out=np.full(chance.shape, np.nan), where=chance > 0.0)
    gives = np.stack([_median(payers) for payers in rows])
    fixed = np.stack([price_for(post, payers.fine, least, give) for payers, give in zip(rows, gives, strict=True)])
    has, spread = takings(post, deal, mix)
    short = _short(post.demand, has, spread)
    return PriceList(
        day=day,
        let_off=chance,
        mean=shown(p, mean, day),
        fixed=shown(p, fixed, day),
        would_give=gives,
        least=float(least),
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
    return np.minimum(payers.penalty, payers.means)


@dataclass(frozen=True)
class Grid:
    """An officer before cameras at every encounter, who has learnt where they do not see; ``[demand, pay, reviewed]``.

    ``receives[receiver, ...]``: shares of what is paid, in the order of :data:`RECEIVERS`, NaN where next to nothing
    is. The lump sum counts as far as takings reach it.
    """

    reviewed: Floats  # [reviewed] chance that a bribe before a camera is seen and followed up
    pay: Floats  # [pay] times today's pay; rations stay
    wage: Floats  # [pay] kg a month, pay and rations
    demand: Floats  # [demand] kg a month
    let_off: Floats  # share of those caught
    mean_price: Floats  # kg a bribe; NaN where none is struck
    fixed_price: Floats  # kg, an ordinary household at the medians, where it is let off; NaN where it never is
    fixed_let_off: Floats  # share of encounters in which that household is let off
    receives: Floats  # [receiver, ...]
    cut: Floats  # kg a bribe that goes to watchers, over all bribes; NaN where there is none
    led_away: Floats  # share of encounters that are led out of view
    bought: Floats  # share of watchers bought
    worth: Floats  # kg, J - J0
    converged: Bools

    @property
    def unsolved(self) -> int:
        """How many points the solver did not bring to rest; their values are not to be read."""
        return int((~self.converged).sum())


def grid(pack: Pack, p: Parameters, day: date, reviewed: Floats = REVIEWED, pay: Floats = PAY) -> Grid:
    """How closely officers are watched against what they are paid, with demands from above and without.

    ``reviewed`` in [0, 1) takes the place of ``bribery.reviewed``, ``pay`` of ``bribery.wage_factor``. Everything else
    is the pack's, people stay the same, and cameras are live at every encounter.
    """
    wage = p.at("bribery.wage", day)
    assert not isinstance(wage, str)
    usual = post_of(p, day)
    monthly = wage * pay + p.number("bribery.ration")
    demand = np.array([float(usual.demand), 0.0])
    post = replace(usual, wage=monthly[:, None], demand=demand[:, None, None])
    watch = replace(watch_of(p, 1.0), reviewed=np.asarray(reviewed, dtype=float))
    payers = payers_of(p, EVERYDAY, mix_of(pack))
    found = strike_settled(post, payers, watch)
    deal = found.deal
    ordinary = float(_median(payers)[STANDINGS.index("ordinary")])
    here = replace(post, found_out=deal.found_out, cost=deal.cost)
    prices = price_for(here, payers.fine, deal.b_star, ordinary)
    agreed = np.where(np.isnan(prices), 0.0, deal.weight)
    fixed_let_off = agreed.sum(axis=0)
    bribes = _bribes(deal, payers)
    return Grid(
        reviewed=np.asarray(reviewed, dtype=float),
        pay=np.asarray(pay, dtype=float),
        wage=monthly,
        demand=demand,
        let_off=deal.chance,
        mean_price=deal.mean_price,
        fixed_price=_over((agreed * np.nan_to_num(prices)).sum(axis=0), fixed_let_off),
        fixed_let_off=fixed_let_off,
        receives=_receives(post, payers, found, bribes),
        cut=_over((bribes.number * found.cut).sum(axis=0), deal.chance),
        led_away=deal.weight[SIDES.index("led_away")],
        bought=found.bought,
        worth=deal.stake,
        converged=deal.converged,
    )


_WEIGHED = 1000.0
"""Grams a month: of less than this, shares would show the rounding to grams."""


class _Paid(NamedTuple):
    number: Floats  # [K, ...] bribes an encounter
    paid: Floats  # [K, ...] kg an encounter


def _bribes(deal: Deal, payers: Payers) -> _Paid:
    mix = np.asarray(payers.mix)
    return _Paid(deal.weight * (mix * deal.struck).sum(axis=-1), deal.weight * (mix * deal.paid).sum(axis=-1))


def _receives(post: Post, payers: Payers, found: Watched, bribes: _Paid) -> Floats:
    """Shares of what is paid, ``[receiver, ...]``, by the same double entry as everywhere."""
    shape = found.deal.chance.shape
    n = np.asarray(post.encounters, dtype=float)
    has, spread = takings(post, found.deal, np.asarray(payers.mix), found.cut)
    demand = np.broadcast_to(post.demand, shape)
    ledger = demanded(np.ones(demand.size), demand.ravel(), _short(demand, has, spread).ravel(), 0.0)
    for k in range(len(SIDES)):
        one = Bribes(
            count=(n * bribes.number[k]).ravel(),
            paid=(n * bribes.paid[k]).ravel(),
            found_out=found.deal.found_out[k].ravel(),
            handed_up=post.handed_up,
            cut=np.broadcast_to(found.cut[k], shape).ravel(),
        )
        ledger = ledger + settle(one)
    paid = ledger.paid("payers").astype(float)
    paid = np.where(paid >= _WEIGHED, paid, 0.0)
    return np.stack([_over(ledger.balance(name).astype(float), paid).reshape(shape) for name in RECEIVERS])


def _over(over: Floats, under: Floats) -> Floats:
    return np.divide(over, under, out=np.full(np.shape(over), np.nan), where=np.asarray(under) > 0.0)


def told(prices: PriceList, found: Grid) -> dict[str, Any]:
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
        "grid": {
            **{name: getattr(found, name).tolist() for name in ("reviewed", "pay", "wage", "demand")},
            "axes": ["demand", "pay", "reviewed"],
            **{name: _plain(getattr(found, name)) for name in _SURFACES},
            "receives": {name: _plain(found.receives[i]) for i, name in enumerate(RECEIVERS)},
            "converged": found.converged.tolist(),
            "unsolved": found.unsolved,
        },
    }


_OF_THE_POST = ("worth", "wage", "demand", "least", "taken", "taken_spread", "short", "held_up", "converged")
_SURFACES = ("let_off", "mean_price", "fixed_price", "fixed_let_off", "cut", "led_away", "bought", "worth")


def _money(money: Money, i: int, j: int) -> dict[str, float] | None:
    if np.isnan(money.rice[i, j]):
        return None
    return {name: float(amount[i, j]) for name, amount in money._asdict().items()}


def _plain(values: Floats) -> Any:
    plain = values.astype(object)
    plain[np.isnan(values)] = None
    return plain.tolist()


_FEW = 0.01
"""Where fewer are let off than this share, prices are those of hardly anybody, and are not drawn."""


def picture(pack: Pack, p: Parameters, prices: PriceList, found: Grid) -> tuple[Figure, str]:
    """The grid as a figure, and its caption."""

    def seen(values: Floats, everywhere: bool = False) -> Floats:
        return np.where(found.converged & (everywhere | (found.let_off >= _FEW)), values, np.nan)

    surfaces = [
        of_posts.Surface(
            "Let off for a bribe",
            "share of those caught, %",
            100.0 * seen(found.let_off, everywhere=True),
            (1, 5, 10, 20, 30, 40, 50, 60, 70),
            "{:g}%",
        ),
        of_posts.Surface(
            "Mean price of a bribe", "kg of rice", seen(found.mean_price), (4, 6, 8, 10, 15, 20, 30), "{:g} kg"
        ),
        of_posts.Surface(
            "What the officer keeps of it",
            "share of all that is paid, %",
            100.0 * seen(found.receives[RECEIVERS.index("officers")]),
            (5, 10, 20, 30, 40, 60, 80),
            "{:g}%",
        ),
    ]
    demand = f"{found.demand[0]:g} kg of rice a month"
    what = "an invented country" if pack.stylised else "invented persons; conditional on a model, not a measurement"
    unsolved = f" {found.unsolved} of {found.converged.size} points did not converge and are left empty."
    figure = of_posts.grid(
        surfaces,
        [f"Demands as given: {demand}", "No demands from above"],
        of_posts.Axis(found.pay, "pay, times that of the day", (1, 10, 100, 1000), ("1", "10", "100", "1,000")),
        of_posts.Axis(found.reviewed, "chance that a bribe is seen and reported", (1e-4, 1e-3, 1e-2, 0.1), _CHANCES),
        (p.number("bribery.reviewed"), p.number("bribery.wage_factor"), "the values given"),
        "fewer than 1 in 100 let off",
        "What an officer takes, by how closely he is watched and what he is paid",
        f"{pack.title}. One officer with live cameras at every encounter, who has learnt where they do not see; people "
        f"caught on a journey without a permit. Pay of 1 is that of {prices.day:%Y}, {found.wage[0]:.3g} kg of rice a "
        "month with rations. Upwards: paid more. To the right: watched more closely.",
        f"greyspace {__version__}, country pack {pack.id} ({pack.content_hash[:8]}): {what}. {assumed(pack)} A post by "
        "itself: no feedback through travellers yet. Of what he takes, the lump sum that superiors ask for counts as "
        f"theirs as far as it reaches.{unsolved if found.unsolved else ''}",
    )
    caption = (
        f"An officer's post in {pack.title} by the chance that a bribe before a camera is followed up and by pay, with "
        f"demands from above of {demand} (above) and without (below). Left: share of those caught on a journey without "
        "a permit who are let off for a bribe. Middle: mean price over those let off. Right: what the officer keeps of "
        "all that is paid, after superiors, bought watchers and confiscation. All follows from assumptions about one "
        "post; nobody's travel answers to it."
    )
    return figure, caption


def assumed(pack: Pack) -> str:
    """How many parameters of bribery and prices are assumed, in a sentence."""
    own = [known for name, known in pack.parameters.items() if name.startswith(("bribery.", "prices."))]
    guesses = sum(known.grounds == "assumed" for known in own)
    return f"Of {len(own)} parameters of bribery and prices, {guesses} are assumed."


_CHANCES = ("0.01%", "0.1%", "1%", "10%")
