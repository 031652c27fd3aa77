"""What officers must bring their superiors, whom they hold up for it, and where the money of bribes goes.

Takings of a month are a sum over a chance number of bribes: mean and standard deviation follow from the deal. An
officer with demand Q and takings X ~ (m, s), near normal, is short by ``E[(Q-X)+] = (Q-m) Phi(z) + s phi(z)``, with
z = (Q-m)/s, and holds up so many innocent people at a toll as that needs. Accounts are kept in whole grams of rice, by
double entry.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.errors import InputError
from greyspace.institutions.bribe import Deal, Post, over_sides
from greyspace.institutions.lognormal import density, tail

Floats = NDArray[np.float64]
Grams = NDArray[np.int64]

GRAMS = 1000
"""Accounts are kept in whole grams, amounts elsewhere in kilograms."""

ACCOUNTS = ("payers", "officers", "superiors", "watchers", "guards", "brokers", "state")
"""Who pays and receives: households that pay; officers inland, guards at the border; whoever stands between."""


RECEIVERS = ("officers", "guards", "superiors", "watchers", "brokers", "state")
"""Among whom what is paid ends up; the state, where it is confiscated or a fine."""


def takings(post: Post, deal: Deal, cut: Floats | float = 0.0) -> tuple[Floats, Floats]:
    """Mean and standard deviation, kg a month, of what an officer has of bribes after shares and confiscation.

    ``cut[K, ...]``: kg a bribe that goes to watchers. Bribes are taken to come independently of each other (Poisson).
    """
    q, chance, first, second = deal.found_out, deal.all_struck, deal.all_paid, deal.all_squared
    keeps, c = 1.0 - np.asarray(post.handed_up), np.asarray(cut)
    mean = (1.0 - q) * keeps * first - c * chance
    square = (1.0 - q) * (keeps * keeps * second - 2.0 * keeps * c * first) + c * c * chance
    n = np.asarray(post.encounters)
    return n * over_sides(deal.weight * mean), np.sqrt(n * over_sides(deal.weight * square))


def shortfall(demand: Floats | float, mean: Floats | float, deviation: Floats | float) -> Floats:
    """``E[(Q - X)+]``, kg a month: by how much takings X ~ (m, s) stay behind a demand Q; with s = 0, (Q - m)+.

    >>> shortfall(100.0, np.array([80.0, 100.0, 120.0]), 20.0).round(2)
    array([21.67,  7.98,  1.67])
    >>> shortfall(100.0, np.array([50.0, 150.0]), 0.0)
    array([50., 0.])
    """
    gap = np.asarray(demand, dtype=float) - mean
    spread = np.asarray(deviation, dtype=float)
    uncertain = spread > 1e-9 * np.abs(gap)
    z = np.divide(gap, spread, out=np.zeros(np.broadcast_shapes(gap.shape, spread.shape)), where=uncertain)
    return np.where(uncertain, np.maximum(gap * tail(-z) + spread * density(z), 0.0), np.maximum(gap, 0.0))


def held_up(
    demand: Floats | float, mean: Floats | float, deviation: Floats | float, toll: Floats | float, innocent: Floats
) -> Floats:
    """Innocent people an officer holds up a month for ``toll`` kg each, of those ``innocent`` whom he meets.

    Where not all pay, ``toll`` is what one of them brings on average.

    >>> held_up(100.0, 60.0, 20.0, 2.0, np.array([10.0, 500.0])).round(2)
    array([10.  , 20.08])
    """
    return np.minimum(shortfall(demand, mean, deviation) / np.asarray(toll, dtype=float), innocent)


def pretexts(held: Floats | float, stopped: Floats | float, looked: Floats | float) -> tuple[Floats, Floats]:
    """Whom an officer holds up: shares ``[...]`` of the innocent stopped by mistake, and of those only looked over.

    ``held`` people a month he needs; the ``stopped`` he meets a month give him a pretext and come first.

    >>> [share.round(2) for share in pretexts(np.array([3.0, 12.0, 90.0]), stopped=10.0, looked=40.0)]
    [array([0.3, 1. , 1. ]), array([0.  , 0.05, 1.  ])]
    """
    first = _share(np.asarray(held, dtype=float), np.asarray(stopped, dtype=float))
    return first, _share(np.maximum(held - first * stopped, 0.0), np.asarray(looked, dtype=float))


def _share(part: Floats, whole: Floats) -> Floats:
    some = np.minimum(part, whole)
    return np.divide(some, whole, out=np.zeros(some.shape), where=whole > 0.0)


@dataclass(frozen=True)
class Ledger:
    """Money that changed hands: ``moved[place, from, to]`` in grams of rice, accounts in the order of :data:`ACCOUNTS`.

    What one account pays another receives, to the gram, since each movement is one number.

    >>> ledger = paid_over(1, "payers", "officers", 2.5) + paid_over(1, "officers", "state", 1.0)
    >>> ledger.received("officers"), ledger.balance("officers"), int(ledger.balances().sum())
    (array([2500]), array([1500]), 0)
    """

    moved: Grams

    def __add__(self, other: "Ledger") -> "Ledger":
        return Ledger(self.moved + other.moved)

    def paid(self, account: str) -> Grams:
        """Grams ``[place]`` that an account gave away."""
        return self.moved[:, ACCOUNTS.index(account), :].sum(axis=1)

    def received(self, account: str) -> Grams:
        """Grams ``[place]`` that came to an account."""
        return self.moved[:, :, ACCOUNTS.index(account)].sum(axis=1)

    def balance(self, account: str) -> Grams:
        """Grams ``[place]`` that an account is left with."""
        return self.received(account) - self.paid(account)

    def balances(self) -> Grams:
        """The same, ``[place, account]``; each place sums to nothing."""
        return self.moved.sum(axis=1) - self.moved.sum(axis=2)


def paid_over(places: int, giver: str, taker: str, kg: Floats | float) -> Ledger:
    """A ledger with one movement of ``kg[place]``, rounded to grams. Raises InputError for less than nothing."""
    grams = np.rint(np.broadcast_to(np.asarray(kg, dtype=float), (places,)) * GRAMS).astype(np.int64)
    if (grams < 0).any():
        raise InputError(f"What {giver} pay {taker} cannot be less than nothing.")
    moved = np.zeros((places, len(ACCOUNTS), len(ACCOUNTS)), np.int64)
    moved[:, ACCOUNTS.index(giver), ACCOUNTS.index(taker)] = grams
    return Ledger(moved)


@dataclass(frozen=True)
class Bribes:
    """Bribes of some weeks; arrays ``[..., place]``, of kinds of officers and circumstances, unless a number."""

    count: Floats  # struck
    paid: Floats  # kg, all prices together
    found_out: Floats | float  # q
    handed_up: Floats | float  # u
    cut: Floats | float = 0.0  # kg a bribe to watchers
    fine: Floats | float = 0.0  # kg an officer loses when found out
    payer_fine: Floats | float = 0.0  # kg a payer loses
    fee: Floats | float = 0.0  # share of it that goes to whoever brought the two together, from the payer, on top


class Parts(NamedTuple):
    """Where the money of bribes goes, kg ``[..., place]``; what is not here stays with whoever took it."""

    lost: Floats  # confiscated, and fines of who took it
    shared: Floats  # handed up
    cuts: Floats  # to watchers
    payers_fined: Floats
    fees: Floats  # to who brought the two together, from the payer, on top


def parts_of(bribes: Bribes) -> Parts:
    """What of each bribe goes where: confiscated if found out, else shared with superiors; watchers have their cut."""
    q, count = np.asarray(bribes.found_out), bribes.count
    taken = q * bribes.paid
    return Parts(
        lost=taken + q * count * bribes.fine,
        shared=(bribes.paid - taken) * bribes.handed_up,
        cuts=count * bribes.cut,
        payers_fined=q * count * bribes.payer_fine,
        fees=bribes.paid * bribes.fee,
    )


def settle(bribes: Bribes, takers: str = "officers") -> Ledger:
    """The money of bribes, booked: the sums of :func:`parts_of`.

    >>> ledger = settle(Bribes(np.array([10.0]), np.array([40.0]), found_out=0.1, handed_up=0.25, cut=0.5))
    >>> {account: int(ledger.balance(account)[0]) for account in ("payers", "officers", "superiors", "state")}
    {'payers': -40000, 'officers': 22000, 'superiors': 9000, 'state': 4000}
    """
    parts = parts_of(bribes)

    def all_of(giver: str, taker: str, kg: Floats) -> Ledger:
        total = kg.reshape(-1, kg.shape[-1]).sum(axis=0)  # in their order
        return paid_over(len(total), giver, taker, total)

    return (
        all_of("payers", takers, bribes.paid)
        + all_of(takers, "state", parts.lost)
        + all_of(takers, "superiors", parts.shared)
        + all_of(takers, "watchers", parts.cuts)
        + all_of("payers", "state", parts.payers_fined)
        + all_of("payers", "brokers", parts.fees)
    )


def demanded(
    officers: Floats, demand: Floats | float, short: Floats | float, tolls: Floats | float, takers: str = "officers"
) -> Ledger:
    """Lump sums of a month: ``officers[place]`` pay what their takings and tolls reach of the demand, kg each.

    ``short``: kg an officer lacked before he held anybody up, ``tolls``: kg an officer had from those held up.

    >>> ledger = demanded(np.array([10.0]), demand=50.0, short=12.0, tolls=8.0)
    >>> int(ledger.received("superiors")[0]), int(ledger.paid("payers")[0])
    (460000, 80000)
    """
    handed = officers * handed_on(demand, short, tolls)
    return paid_over(len(officers), "payers", takers, officers * tolls) + paid_over(
        len(officers), takers, "superiors", handed
    )


def handed_on(demand: Floats | float, short: Floats | float, tolls: Floats | float) -> Floats:
    """Of a demand, kg each, what takings that are ``short`` of it and ``tolls`` reach.

    >>> handed_on(50.0, short=12.0, tolls=np.array([0.0, 8.0, 20.0]))
    array([38., 46., 50.])
    """
    lacks = np.maximum(np.asarray(short) - tolls, 0.0)
    return np.maximum(np.asarray(demand) - lacks, 0.0)
