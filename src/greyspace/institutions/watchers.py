"""Officers under cameras: watchers who can be bought, blind spots that are learnt, and what both do to bribes.

A camera in view raises the chance that a bribe is found out from q_inspect to ``1 - (1-q_inspect)(1-q_cam)``, with
``q_cam`` = reviewed where the camera is live. What a watcher who looks away is worth to the officer, a bribe::

    G = (q_in_view - q_inspect) (J - J0 + F)
    c* = q_w (J_w - J0_w + F_w) / (1 - q_w)         the watcher's floor, lognormal across watchers
    bought iff G >= c*, at c = c* + beta_w (G - c*)

The cut is a cost of each bribe, and so in the least price. Or the officer leads people out of view, at a trouble that
is logistic across officers, with mean k and scale s. Against staying this saves ``B = G - (1-beta_w) E[(G - c*)+]`` a
bribe; so the share ``p = 1 / (1 + exp(-(B - k) / s))`` comes to do it, month by month as they learn, and bears a mean
trouble of ``B + s ln(1-p) / p`` like a cut. Prices follow apart for who is not
watched, in view, in view of a bought watcher, or led away; they are mixed afterwards. Amounts in kg of rice.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from greyspace.evidence import Parameters
from greyspace.institutions.bribe import Deal, Payers, Post, Side, solve
from greyspace.institutions.lognormal import Lognormal

Floats = NDArray[np.float64]

SIDES = ("unwatched", "in_view", "bought", "led_away")
"""The circumstances of an encounter, along the axis K of a deal."""


@dataclass(frozen=True)
class Watch:
    """Cameras on officers and those who look at them; every field broadcasts to the posts' ``[...]``."""

    covered: Floats | float  # share of encounters in front of a camera that is live
    reviewed: Floats | float  # chance that somebody sees a bribe taken before a live camera, and says so
    floor: Floats | float  # median of c*, kg a bribe
    floor_spread: Floats | float  # standard deviation of ln c* across watchers
    bargaining: Floats | float  # beta_w, the watcher's share of G - c*
    trouble: Floats | float  # k, kg a bribe: inconvenience, on average, of leading somebody away or covering a lens
    temper: Floats | float  # s, kg: how unlike officers are in this
    learning: Floats | float  # share of the way to it that is learnt in a month


def watch_of(p: Parameters, covered: Floats | float) -> Watch:
    """The watchers of a pack, where a share ``covered[...]`` of encounters is before a live camera.

    Reads ``bribery.reviewed``, ``watcher_*``, ``trouble*`` and ``learning``.
    """
    found_out, stake = p.number("bribery.watcher_found_out"), p.number("bribery.watcher_stake")
    return Watch(
        covered=covered,
        reviewed=p.number("bribery.reviewed"),
        floor=watcher_floor(found_out, stake, 0.0, p.number("bribery.watcher_fine")),
        floor_spread=p.number("bribery.watcher_spread"),
        bargaining=p.number("bribery.watcher_bargaining"),
        trouble=p.number("bribery.trouble"),
        temper=p.number("bribery.trouble_temper"),
        learning=p.number("bribery.learning"),
    )


@dataclass(frozen=True)
class Watched:
    """The deal under cameras, circumstances :data:`SIDES` leading, and what watchers have of it."""

    deal: Deal
    gain: Floats  # [...] G, kg a bribe
    bought: Floats  # [...] share of watchers bought
    cut: Floats  # [K, ...] kg a bribe that goes to watchers
    moving: Floats  # [...] share of officers who would lead people away once they have learnt


def watcher_floor(
    found_out: Floats | float, worth: Floats | float, outside: Floats | float, fine: Floats | float
) -> Floats:
    """``c*``, kg a bribe, of a watcher whose post is worth J_w against J0_w without it.

    >>> round(float(watcher_floor(0.002, 800.0, 200.0, 50.0)), 3)
    1.303
    """
    q = np.asarray(found_out, dtype=float)
    return q * (np.maximum(np.asarray(worth) - outside, 0.0) + fine) / (1.0 - q)


def gain_of_blindness(post: Post, watch: Watch, stake: Floats | float) -> Floats:
    """``G[...]``, kg a bribe: what being unseen before a live camera saves an officer with stake D."""
    risk = (1.0 - np.asarray(post.found_out)) * watch.reviewed
    return risk * (np.maximum(stake, 0.0) + post.fine)


def bought(watch: Watch, gain: Floats | float) -> tuple[Floats, Floats]:
    """Share of watchers whose floor G reaches, and their mean cut in kg a bribe (0 where there are none).

    >>> watch = Watch(covered=1, reviewed=0.1, floor=2.0, floor_spread=0.5, bargaining=0.5, trouble=1, temper=1,
    ...               learning=0.2)
    >>> [round(float(x), 3) for x in bought(watch, 4.0)]
    [0.917, 3.004]
    """
    floors = Lognormal(watch.floor, watch.floor_spread)
    share = 1.0 - floors.over(gain)
    floor = np.divide(floors.mean_below(gain), share, out=np.zeros(np.shape(share)), where=share > 1e-12)
    gain = np.where(share > 1e-12, gain, 0.0)
    return share, np.minimum(floor + watch.bargaining * (gain - floor), gain)


def moving(watch: Watch, gain: Floats | float) -> tuple[Floats, Floats]:
    """Share of officers who would lead people out of view once they have learnt where, and their mean trouble, kg.

    >>> watch = Watch(covered=1, reviewed=0.1, floor=1e9, floor_spread=0.5, bargaining=0.5, trouble=3, temper=1,
    ...               learning=0.2)
    >>> share, trouble = moving(watch, np.array([0.0, 3.0, 6.0]))
    >>> share.round(3), trouble.round(2)
    (array([0.047, 0.5  , 0.953]), array([0.  , 1.61, 2.8 ]))
    """
    share, cut = bought(watch, gain)
    saved = gain - share * (gain - cut)
    temper = np.asarray(watch.temper, dtype=float)
    # Only from below: beyond any gain the trouble is the mean of all officers, k.
    edge = np.maximum((saved - watch.trouble) / temper, -500.0)
    rest = np.exp(-np.abs(edge))
    moves = np.where(edge >= 0.0, 1.0, rest) / (1.0 + rest)
    stays = np.log1p(rest) + np.maximum(edge, 0.0)  # -ln(1 - p)
    return moves, np.maximum(saved - temper * stays / moves, 0.0)


def learn(watch: Watch, moved: Floats | float, target: Floats | float) -> Floats:
    """The share of officers who lead people away a month later, given who would."""
    return np.asarray(moved) + np.asarray(watch.learning) * (np.asarray(target) - moved)


def strike_watched(post: Post, payers: Payers, watch: Watch, moved: Floats | float) -> Watched:
    """Bribes and worth of a post under cameras, when a share ``moved[...]`` has learnt to lead people away.

    ``post.found_out`` is the chance without cameras, q_inspect. One worth of the post holds for all circumstances; the
    watchers' cut is taken at its mean among those bought.

    >>> post = Post(wage=1, demand=20, encounters=60, found_out=0.0015, handed_up=0.1, enforcing=0.5, fine=50,
    ...             discount=0.04, outside=0, bargaining=0.5)
    >>> payers = Payers(penalty=6.0, penalty_spread=0.8, means=60.0, means_spread=1.0, fine=5.0, mix=np.array([1.0]))
    >>> watch = Watch(covered=0.5, reviewed=0.01, floor=4.0, floor_spread=0.8, bargaining=0.5, trouble=3, temper=1,
    ...               learning=0.2)
    >>> found = strike_watched(post, payers, watch, moved=0.3)
    >>> found.deal.b_star.round(1), found.deal.weight.round(2)
    (array([ 4.1, 28.3, 18.9,  7.5]), array([0.5 , 0.01, 0.34, 0.15]))
    """
    return _under(post, payers, watch, np.shape(moved), lambda gain: np.asarray(moved, dtype=float))


def strike_settled(post: Post, payers: Payers, watch: Watch) -> Watched:
    """The same once officers have learnt: as many lead people away as would, at the worth that follows from it.

    Where the months of :func:`learn` come to rest, this is where.

    >>> post = Post(wage=1, demand=20, encounters=60, found_out=0.0015, handed_up=0.1, enforcing=0.5, fine=50,
    ...             discount=0.04, outside=0, bargaining=0.5)
    >>> payers = Payers(penalty=6.0, penalty_spread=0.8, means=60.0, means_spread=1.0, fine=5.0, mix=np.array([1.0]))
    >>> watch = Watch(covered=0.5, reviewed=0.01, floor=4.0, floor_spread=0.8, bargaining=0.5, trouble=3, temper=1,
    ...               learning=0.2)
    >>> found = strike_settled(post, payers, watch)
    >>> bool(found.deal.converged), round(float(found.moving), 2), round(float(found.deal.weight[3]), 2)
    (True, 1.0, 0.5)
    """
    return _under(post, payers, watch, (), lambda gain: moving(watch, gain)[0])


def _under(
    post: Post, payers: Payers, watch: Watch, more: tuple[int, ...], moved_at: Callable[[Floats], Floats]
) -> Watched:
    shape = np.broadcast_shapes(
        more,
        *(np.shape(x) for x in (*vars(post).values(), *vars(watch).values())),
        *(np.shape(x)[:-1] for x in vars(payers).values()),
    )
    post = replace(post, found_out=np.broadcast_to(np.asarray(post.found_out, dtype=float), shape))
    blind = np.asarray(post.found_out)
    seen = 1.0 - (1.0 - blind) * (1.0 - np.asarray(watch.reviewed))
    covered = np.broadcast_to(np.asarray(watch.covered, dtype=float), shape)

    def sides(stake: Floats) -> Side:
        gain = gain_of_blindness(post, watch, stake)
        share, cut = bought(watch, gain)
        _, trouble = moving(watch, gain)
        moved = np.broadcast_to(moved_at(gain), shape)
        before_it = covered * (1.0 - moved)
        none = np.zeros(shape)
        return Side(
            np.stack([1.0 - covered, before_it * (1.0 - share), before_it * share, covered * moved]),
            np.stack([blind, np.broadcast_to(seen, shape), blind, blind]),
            post.cost + np.stack([none, none, np.broadcast_to(cut, shape), np.broadcast_to(trouble, shape)]),
        )

    deal = solve(post, payers, sides)
    gain = gain_of_blindness(post, watch, deal.stake)
    share, cut = bought(watch, gain)
    cuts = np.zeros(deal.weight.shape)
    cuts[SIDES.index("bought")] = cut
    return Watched(deal, gain, share, cuts, moving(watch, gain)[0])
