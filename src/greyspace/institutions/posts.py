"""What comes of posts whose worth is known: takings and prices, and how an officer heeds the others on the way.

Compiled, for many posts at once: E posts, those of H kinds of officers in one place behind each other, then those of
the next; circumstances :data:`~greyspace.institutions.stake.SIDES` lead. Amounts in kg of rice, a month.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.draws import kernel
from greyspace.institutions.stake import SIDES, Posts, Solved, Watching, answer_at
from greyspace.institutions.tolls import asked_at

Floats = NDArray[np.float64]

_BOUGHT = SIDES.index("bought")


class Along(NamedTuple):
    """Posts in a row on one journey, and who travels there."""

    in_row: NDArray[np.bool_]  # [H]
    stops: Floats  # [H] posts that catch one on the way
    first: int  # the first class of those caught on a journey
    classes: int  # their number
    kind: int  # the kind of payer whose least bribe is what an officer needs
    conduct: float
    value: float  # what a journey is worth: median, spread of the logarithm
    value_spread: float
    means: float  # what travellers can raise
    means_spread: float


@kernel
def heeding(along, bargaining, mix, solved, out):  # type: ignore[no-untyped-def]
    """``out[E]``: officers' shares of what a bribe is worth beyond b*; smaller where many stand in a row."""
    kinds = len(along.in_row)
    for i in range(len(out)):
        out[i] = bargaining[i]
        if not along.in_row[i % kinds]:
            continue
        all_struck = all_paid = 0.0
        for k in range(len(SIDES)):
            struck = paid = 0.0
            for c in range(along.first, along.first + along.classes):
                struck += mix[i, c] * solved.struck[k, i, c]
                paid += mix[i, c] * solved.paid[k, i, c]
            all_struck += solved.weight[k, i] * struck
            all_paid += solved.weight[k, i] * paid
        least = solved.b_star[0, i, along.kind]
        price = all_paid / all_struck if all_struck > 0.0 else least
        out[i] = asked_at(
            bargaining[i], least, price, along.stops[i % kinds], along.conduct, along.value, along.value_spread,
            along.means, along.means_spread,
        )  # fmt: skip


class Known(NamedTuple):
    """What a price list is made for: the kind of payer whom each kind of officer most often sees."""

    kind: NDArray[np.int64]  # [H]
    fine: Floats  # [H] what such a payer loses when found out
    gives: Floats  # [H] what he would give


class Outcome(NamedTuple):
    """Fields of :class:`~greyspace.institutions.watchers.Watched` and of Enforcement of these names ``[E]``."""

    bought: Floats
    moving: Floats
    taken: Floats
    spread: Floats  # standard deviation of what is taken
    least: Floats
    fixed_price: Floats
    cut: Floats  # [K, E]


def outcome(posts: Posts, watching: Watching, solved: Solved, known: Known) -> Outcome:
    """What comes of posts at the stakes that were found."""
    count = len(solved.stake)
    room = [*np.empty((6, count)), np.zeros((len(SIDES), count))]
    found = Outcome(*room)
    _come_to(posts, watching, solved, known, found)
    return found


@kernel
def _come_to(posts, watching, solved, known, out):  # type: ignore[no-untyped-def]
    kinds = len(known.kind)
    for i in range(len(solved.stake)):
        risk = (1.0 - posts.found_out[i]) * watching.reviewed[i]
        gain = risk * (max(solved.stake[i], 0.0) + posts.fine[i])
        out.bought[i], cut, out.moving[i], _, _, _, _, _ = answer_at(gain, i, watching)
        out.cut[_BOUGHT, i] = cut
        # Bribes come independently of each other.
        keeps, mean, square = 1.0 - posts.handed_up[i], 0.0, 0.0
        for k in range(len(SIDES)):
            q, chance, first = solved.found_out[k, i], solved.all_struck[k, i], solved.all_paid[k, i]
            c = out.cut[k, i]
            mean += solved.weight[k, i] * ((1.0 - q) * keeps * first - c * chance)
            left = keeps * keeps * solved.all_squared[k, i] - 2.0 * keeps * c * first
            square += solved.weight[k, i] * ((1.0 - q) * left + c * c * chance)
        out.taken[i], out.spread[i] = posts.encounters[i] * mean, math.sqrt(posts.encounters[i] * square)
        h = i % kinds
        least = solved.b_star[0, i, known.kind[h]]
        ready = (1.0 - posts.found_out[i]) * known.gives[h] - posts.found_out[i] * known.fine[h]
        out.least[i], out.fixed_price[i] = least, least
        if ready >= least:
            out.fixed_price[i] = least + posts.bargaining[i] * (ready - least)
