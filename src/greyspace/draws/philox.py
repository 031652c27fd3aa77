"""Philox4x32-10, the counter-based generator of Salmon et al. (2011), 'Parallel random numbers: as easy as 1, 2, 3'.

A block of four 32-bit words is a pure function of a counter (who, when, which draw) and a key (seed, decision). There
is no state, so no order of work, number of threads or extra draw elsewhere can change a word.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greyspace.draws.kernels import kernel, step
from greyspace.draws.streams import stream

_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_HALF = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)

SPARE = 16
"""How many more counters than are asked for :func:`blocks` may turn."""
_REST = np.uint64(SPARE - 1)


@kernel
def philox(c0, c1, c2, c3, k0, k1):
    """Four words of 32 bits for the counter (c0, c1, c2, c3) under the key (k0, k1); all ``uint32``."""
    # In words of 64 bits, of which the lower halves count: so many blocks at once take less than half the time.
    c0, c1, c2, c3 = np.uint64(c0), np.uint64(c1), np.uint64(c2), np.uint64(c3)
    k0, k1 = np.uint64(k0), np.uint64(k1)
    for _ in range(10):
        p0 = _M0 * (c0 & _LOW)
        p1 = _M1 * (c2 & _LOW)
        c0, c1, c2, c3 = (p1 >> _HALF) ^ c1 ^ k0, p1, (p0 >> _HALF) ^ c3 ^ k1, p0
        k0 = (k0 + _W0) & _LOW
        k1 = (k1 + _W1) & _LOW
    return np.uint32(c0), np.uint32(c1), np.uint32(c2), np.uint32(c3)


@step
def blocks(n, c0, c1, c2, c3, k0, k1):
    """Turn the first ``n`` counters of four ``uint32`` arrays into their blocks of words, in place and many at once.

    The arrays have room for ``SPARE`` more, which may be turned too: the last few one by one would take longer.
    """
    for i in range((np.uint64(n) + _REST) & ~_REST):
        c0[i], c1[i], c2[i], c3[i] = philox(c0[i], c1[i], c2[i], c3[i], k0, k1)


@step
def first_words(n, c0, c1, c2, c3, k0, k1):
    """The same where only the first word of each block is asked for, which takes the place of ``c0``."""
    for i in range((np.uint64(n) + _REST) & ~_REST):
        c0[i] = philox(c0[i], c1[i], c2[i], c3[i], k0, k1)[0]


@step
def blocks_of_day(n, c0, c1, c2, w0, w1, w2, w3, k0, k1):
    """The same for the first ``n`` counters (c0, c1, c2, 0), which stay as they are; their words go elsewhere."""
    for i in range((np.uint64(n) + _REST) & ~_REST):
        w0[i], w1[i], w2[i], w3[i] = philox(c0[i], c1[i], c2[i], np.uint32(0), k0, k1)


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
