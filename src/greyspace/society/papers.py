"""What travellers without a permit show where papers are looked at: nothing, somebody else's paper, or a forged one.

Not everybody can get a false paper. Who can weighs what a journey with it is feared to cost, its price, bribes and the
penalty of who is caught and does not get off, against a journey with nothing to show; false papers are the graver
offence. Who does not know what the register can do reckons as if no reader asked it.
"""

import numpy as np
from numpy.typing import NDArray

from greyspace.country import STANDINGS
from greyspace.evidence import Parameters

PAPERS = ("none", "borrowed", "forged")
"""What is shown by who has no permit of his own."""

FALSE = PAPERS[1:]

_NONE = PAPERS.index("none")

_LEAST = 1e-3
"""A gram of rice; it keeps ratios finite where nothing is feared."""

Floats = NDArray[np.float64]


def prices(p: Parameters) -> Floats:
    """``[papers]``: what a paper costs for one journey, kg of rice; nothing to show costs nothing.

    >>> from greyspace.country import load_pack
    >>> from greyspace.evidence import resolve
    >>> prices(resolve(load_pack("toyland").parameters)).tolist()
    [0.0, 1.0, 6.0]
    """
    return np.array([0.0, *(p.number(f"papers.price_{kind}") for kind in FALSE)])


def wanted(p: Parameters, feared: Floats) -> Floats:
    """``[..., X, line, papers]``: what travellers without a permit would show; adds up to one over papers.

    ``feared[..., X, line, papers]``, kg: what a journey with each is feared to cost. Who can get a false paper takes it
    with even odds where it comes to the same as going without. Reads ``papers.can_*`` and ``routes.risk_weight``.
    """
    doubled = np.log2(np.maximum(feared[..., 1:], _LEAST) / np.maximum(feared[..., :1], _LEAST))
    weight = np.exp(-p.number("routes.risk_weight") * doubled)
    can = np.array([[p.number(f"papers.can_{way}_{x}") for way in ("borrow", "forge")] for x in STANDINGS])[:, None]
    alone = can * (1.0 - can[..., ::-1]) * weight / (1.0 + weight)
    choice = can.prod(axis=-1, keepdims=True) * weight / (1.0 + weight.sum(axis=-1, keepdims=True))
    found = np.empty(feared.shape)
    false = np.add(alone, choice, out=found[..., 1:])
    found[..., 0] = 1.0 - false.sum(axis=-1)
    return found


def carried(wanted: Floats, worth: Floats) -> Floats:
    """``[..., papers]``: share of travellers who go with each paper, of those who would go for nothing.

    ``wanted[..., papers]`` as from :func:`wanted`; ``worth[..., papers]``: share for whom a journey is worth what it
    costs with such papers. Where it costs more with a paper than without, those for whom only the paper is too dear go
    without; whoever is left stays at home.

    >>> carried(np.array([0.5, 0.3, 0.2]), np.array([0.8, 0.9, 0.5])).round(2)
    array([0.46, 0.27, 0.1 ])
    """
    rather_without = wanted * np.maximum(worth[..., :1] - worth, 0.0)
    found = wanted * worth
    found[..., _NONE] += rather_without[..., 1:].sum(axis=-1)
    return np.asarray(found)
