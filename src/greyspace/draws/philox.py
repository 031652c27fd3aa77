"""Philox4x32-10, the counter-based generator of Salmon et al. (2011), 'Parallel random numbers: as easy as 1, 2, 3'.

A block of four 32-bit words is a pure function of a counter (who, when, which draw) and a key (seed, decision). There
is no state, so no order of work, number of threads or extra draw elsewhere can change a word.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greyspace.draws.kernels import inner, kernel, step
from greyspace.draws.streams import stream

_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_HALF = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)

SPARE = 16
"""How many more counters than are asked for the functions that draw many at once may turn."""

_REST = np.uint64(SPARE - 1)
_ONE = np.uint64(1)
_WIDE = np.uint64


@inner
def _rounds(c0, c1, c2, c3, k0, k1):
    """The rounds, in words of 64 bits of which the lower halves count."""
    for _ in range(10):
        p0 = _M0 * (c0 & _LOW)
        p1 = _M1 * (c2 & _LOW)
        c0, c1, c2, c3 = (p1 >> _HALF) ^ c1 ^ k0, p1, (p0 >> _HALF) ^ c3 ^ k1, p0
        k0 = (k0 + _W0) & _LOW
        k1 = (k1 + _W1) & _LOW
    return c0, c1, c2, c3


@kernel
def philox(c0, c1, c2, c3, k0, k1):
    """Four words of 32 bits for the counter (c0, c1, c2, c3) under the key (k0, k1); all ``uint32``."""
    c0, c1, c2, c3 = np.uint64(c0), np.uint64(c1), np.uint64(c2), np.uint64(c3)
    c0, c1, c2, c3 = _rounds(c0, c1, c2, c3, np.uint64(k0), np.uint64(k1))
    return np.uint32(c0), np.uint32(c1), np.uint32(c2), np.uint32(c3)


# Many at once are turned in pairs: two counters of 32 bits that stand side by side are one word of 64, whose lower half
# is the first. So nothing has to be widened or narrowed.


@inner
def _pairs(n):
    """How many pairs ``n`` words are, in whole SPAREs."""
    return ((np.uint64(n) + _REST) & ~_REST) >> _ONE


@inner
def _joined(first, second):
    """The lower halves of two words as one word."""
    # Not by a mask: of a product whose lower half alone is asked for the compiler makes another multiplication.
    return ((second - (first >> _HALF)) << _HALF) + first


@inner
def _two_blocks(c0, c1, c2, c3, k0, k1):
    first = _rounds(c0, c1, c2, c3, k0, k1)
    second = _rounds(c0 >> _HALF, c1 >> _HALF, c2 >> _HALF, c3 >> _HALF, k0, k1)
    return (
        _joined(first[0], second[0]),
        _joined(first[1], second[1]),
        _joined(first[2], second[2]),
        _joined(first[3], second[3]),
    )


@step
def first_words(n, c0, c1, c2, c3, w0, k0, k1):
    """The first words of the blocks of the first ``n`` counters of four ``uint32`` arrays, many at once.

    The arrays, of even length, have room for ``SPARE`` more, which may be turned too: the last few one by one would
    take longer.
    """
    c0, c1, c2, c3 = c0.view(_WIDE), c1.view(_WIDE), c2.view(_WIDE), c3.view(_WIDE)
    w0 = w0.view(_WIDE)
    k0, k1 = np.uint64(k0), np.uint64(k1)
    for i in range(_pairs(n)):
        w0[i], _, _, _ = _two_blocks(c0[i], c1[i], c2[i], c3[i], k0, k1)


@step
def three_words(n, c0, c1, c2, c3, w0, w1, w2, k0, k1):
    """The same, with the second words and the third."""
    c0, c1, c2, c3 = c0.view(_WIDE), c1.view(_WIDE), c2.view(_WIDE), c3.view(_WIDE)
    w0, w1, w2 = w0.view(_WIDE), w1.view(_WIDE), w2.view(_WIDE)
    k0, k1 = np.uint64(k0), np.uint64(k1)
    for i in range(_pairs(n)):
        w0[i], w1[i], w2[i], _ = _two_blocks(c0[i], c1[i], c2[i], c3[i], k0, k1)


@step
def blocks_of_day(n, c0, c1, c2, w0, w1, w2, w3, k0, k1):
    """The same with all four words, for counters (c0, c1, c2, 0)."""
    c0, c1, c2 = c0.view(_WIDE), c1.view(_WIDE), c2.view(_WIDE)
    w0, w1, w2, w3 = w0.view(_WIDE), w1.view(_WIDE), w2.view(_WIDE), w3.view(_WIDE)
    k0, k1 = np.uint64(k0), np.uint64(k1)
    for i in range(_pairs(n)):
        w0[i], w1[i], w2[i], w3[i] = _two_blocks(c0[i], c1[i], c2[i], np.uint64(0), k0, k1)


@kernel
def _fill(counters, k0, k1, out):
    for i in range(counters.shape[0]):
        w = philox(counters[i, 0], counters[i, 1], counters[i, 2], counters[i, 3], k0, k1)
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = w


def words(
    seed: int, decision: str, c0: ArrayLike, c1: ArrayLike = 0, c2: ArrayLike = 0, c3: ArrayLike = 0
) -> NDArray[np.uint32]:
    """Blocks of random words for the host's own tables (sites, power): shape = broadcast of the counters + ``(4,)``.

    >>> words(7, "example", [0, 1]).shape
    (2, 4)
    """
    parts = np.broadcast_arrays(*(np.asarray(c, dtype=np.uint32) for c in (c0, c1, c2, c3)))
    counters = np.ascontiguousarray(np.stack([p.ravel() for p in parts], axis=1))
    out = np.empty((counters.shape[0], 4), dtype=np.uint32)
    _fill(counters, np.uint32(seed), np.uint32(stream(decision)), out)
    return out.reshape((*parts[0].shape, 4))


def uniforms(
    seed: int, decision: str, c0: ArrayLike, c1: ArrayLike = 0, c2: ArrayLike = 0, c3: ArrayLike = 0
) -> NDArray[np.float64]:
    """Like :func:`words`, as numbers strictly between 0 and 1.

    >>> bool((uniforms(7, "example", range(5)) < 1).all())
    True
    """
    return (words(seed, decision, c0, c1, c2, c3).astype(np.float64) + 0.5) / 2.0**32
