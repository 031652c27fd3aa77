"""Officers under cameras: watchers who can be bought, blind spots that are learnt, and what both do to bribes.

A camera in view raises the chance that a bribe is found out from q_inspect to ``1 - (1-q_inspect)(1-q_cam)``, with
``q_cam`` = reviewed where the camera is live. What a watcher who looks away is worth to the officer, a bribe::

    G = (q_in_view - q_inspect) (J - J0 + F)
    c* = q_w (J_w - J0_w + F_w) / (1 - q_w)         the watcher's floor, lognormal across watchers
    bought iff G >= c*, at c = c* + beta_w (G - c*)

The cut is a cost of each bribe, and so in the least price. Or the officer leads people out of view, at a trouble that
is logistic across officers, with mean k and scale s. Against staying this saves ``B = G - (1-beta_w) E[(G - c*)+]`` a
bribe; so the share ``p = 1 / (1 + exp(-(B - k) / s))`` comes to do it, month by month as they learn, and bears a mean
trouble of ``B + s ln(1-p) / p`` like a cut. Whom a device has already put on record leaves a trace when let off,
wherever the officer takes him: that is found with ``record_reviewed``. Here nobody is bought, a simplification: those
who compare records with what became of a case come later, and are not known. Prices follow apart for who is not
watched, in view, in view of a bought watcher, led away, or on record; they are mixed afterwards. Amounts in kg of rice.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from greyspace.evidence import Parameters
from greyspace.institutions.bribe import Deal, Payers, Post, solve
from greyspace.institutions.stake import SIDES, Answer, Watching, answers

Floats = NDArray[np.float64]

_BOUGHT = SIDES.index("bought")


@dataclass(frozen=True)
class Watch:
    """Cameras on officers and those who look at them; every field broadcasts to the posts' ``[...]``."""

    covered: Floats | float  # share of encounters in front of a camera that is live, of those not on record
    on_record: Floats | float  # share of encounters with somebody whom a device has put on record as caught
    reviewed: Floats | float  # chance that somebody sees a bribe taken before a live camera, and says so
    record_reviewed: Floats | float  # chance that letting off somebody on record is found by comparing, and followed up
    floor: Floats | float  # median of c*, kg a bribe
    floor_spread: Floats | float  # standard deviation of ln c* across watchers
    bargaining: Floats | float  # beta_w, the watcher's share of G - c*
    trouble: Floats | float  # k, kg a bribe: inconvenience, on average, of leading somebody away or covering a lens
    temper: Floats | float  # s, kg: how unlike officers are in this
    learning: Floats | float  # share of the way to it that is learnt in a month


def watch_of(p: Parameters, day: date, *, covered: Floats | float, on_record: Floats | float) -> Watch:
    """The watchers of a pack; shares ``[...]`` of encounters on record, and of the others before a live camera.

    Reads ``bribery.reviewed``, ``record_reviewed``, ``watcher_*``, ``trouble*`` and ``learning``.
    """
    found_out, stake = p.number("bribery.watcher_found_out"), p.number("bribery.watcher_stake")
    return Watch(
        covered=covered,
        on_record=on_record,
        reviewed=p.number("bribery.reviewed", day),
        record_reviewed=p.number("bribery.record_reviewed", day),
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

    >>> watch = Watch(covered=1, on_record=0, reviewed=0.1, record_reviewed=0, floor=2.0, floor_spread=0.5,
    ...               bargaining=0.5, trouble=1, temper=1, learning=0.2)
    >>> [round(float(x), 3) for x in bought(watch, 4.0)]
    [0.917, 3.004]
    """
    answer = _answer(watch, np.asarray(gain, dtype=float))
    return answer.bought, answer.cut


def moving(watch: Watch, gain: Floats | float) -> tuple[Floats, Floats]:
    """Share of officers who would lead people out of view once they have learnt where, and their mean trouble, kg.

    >>> watch = Watch(covered=1, on_record=0, reviewed=0.1, record_reviewed=0, floor=1e9, floor_spread=0.5,
    ...               bargaining=0.5, trouble=3, temper=1, learning=0.2)
    >>> share, trouble = moving(watch, np.array([0.0, 3.0, 6.0]))
    >>> share.round(3), trouble.round(2)
    (array([0.047, 0.5  , 0.953]), array([0.  , 1.61, 2.8 ]))
    """
    answer = _answer(watch, np.asarray(gain, dtype=float))
    return answer.moving, answer.trouble


def fields_of(watch: Watch, moved: Floats | float) -> dict[str, Floats | float]:
    """The fields of :class:`Watching`, in their order; a share ``moved[...]`` of officers leads people away."""
    return {name: moved if name == "moved" else getattr(watch, name) for name in Watching._fields}


def _answer(watch: Watch, gain: Floats) -> Answer:
    asked = np.array(np.broadcast_arrays(gain, *fields_of(watch, 0.0).values()), dtype=float)
    flat = asked.reshape(len(asked), -1)
    found = np.empty((len(Answer._fields), *asked.shape[1:]))
    answers(flat[0], Watching(*flat[1:]), found.reshape(len(found), -1))
    return Answer(*found)


def learn(watch: Watch, moved: Floats | float, target: Floats | float, months: float = 1.0) -> Floats:
    """The share of officers who lead people away some months later, given who would."""
    learnt = 1.0 - (1.0 - np.asarray(watch.learning)) ** months
    return np.asarray(moved) + learnt * (np.asarray(target) - moved)


def strike_watched(
    post: Post,
    payers: Payers,
    watch: Watch,
    moved: Floats | float,
    start: Floats | float = 0.0,
    in_view: NDArray[np.bool_] | bool = True,
) -> Watched:
    """Bribes and worth of a post under cameras, when a share ``moved[...]`` has learnt to lead people away.

    ``post.found_out`` is the chance without cameras, q_inspect. One worth of the post holds for all circumstances; the
    watchers' cut is taken at its mean among those bought. ``start[...]``: a stake to search from, such as last month's;
    ``in_view[...]``: whether to tell what would be struck before a camera also where ``covered`` is nothing.

    >>> post = Post(wage=1, demand=20, encounters=60, found_out=0.0015, handed_up=0.1, fine=50, discount=0.04,
    ...             outside=0, bargaining=0.5)
    >>> from greyspace.institutions.lognormal import Lognormal, Smaller
    >>> gives = Smaller(Lognormal(6.0, 0.8), Lognormal(60.0, 1.0))
    >>> payers = Payers(gives, fine=5.0, mix=np.array([1.0]), worth=0.5)
    >>> watch = Watch(covered=0.5, on_record=0.2, reviewed=0.01, record_reviewed=0.002, floor=4.0, floor_spread=0.8,
    ...               bargaining=0.5, trouble=3, temper=1, learning=0.2)
    >>> found = strike_watched(post, payers, watch, moved=0.3)
    >>> found.deal.b_star[:, 0].round(1), found.deal.weight.round(2)
    (array([ 4.1, 27.6, 18.5,  7.4,  8.7]), array([0.4 , 0.01, 0.27, 0.12, 0.2 ]))
    """
    return _watched(post, watch, solve(post, payers, fields_of(watch, moved), False, in_view, start))


def strike_settled(post: Post, payers: Payers, watch: Watch) -> Watched:
    """The same once officers have learnt: as many lead people away as would, at the worth that follows from it.

    Where the months of :func:`learn` come to rest, this is where.

    >>> post = Post(wage=1, demand=20, encounters=60, found_out=0.0015, handed_up=0.1, fine=50, discount=0.04,
    ...             outside=0, bargaining=0.5)
    >>> from greyspace.institutions.lognormal import Lognormal, Smaller
    >>> gives = Smaller(Lognormal(6.0, 0.8), Lognormal(60.0, 1.0))
    >>> payers = Payers(gives, fine=5.0, mix=np.array([1.0]), worth=0.5)
    >>> watch = Watch(covered=0.5, on_record=0.2, reviewed=0.01, record_reviewed=0.002, floor=4.0, floor_spread=0.8,
    ...               bargaining=0.5, trouble=3, temper=1, learning=0.2)
    >>> found = strike_settled(post, payers, watch)
    >>> bool(found.deal.converged), round(float(found.moving), 2), round(float(found.deal.weight[3]), 2)
    (True, 1.0, 0.4)
    """
    return _watched(post, watch, solve(post, payers, fields_of(watch, 0.0), True, True, 0.0))


def _watched(post: Post, watch: Watch, deal: Deal) -> Watched:
    gain = np.broadcast_to(gain_of_blindness(post, watch, deal.stake), deal.stake.shape)
    answer = _answer(watch, gain)
    cuts = np.zeros(deal.weight.shape)
    cuts[_BOUGHT] = answer.cut
    return Watched(deal, gain, answer.bought, cuts, answer.moving)
