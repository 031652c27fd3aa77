"""What a person is and when a hold ends: the words that the engine's passes, its expectation and the people share."""

from typing import NamedTuple

import numpy as np

from greyspace.draws import inner, kernel, stream

GONE_AT = 14
GONE = np.uint32(1 << GONE_AT)
"""The bit of a person who has left the population."""

PROFILE = np.uint32(63)
"""The lowest bits of a person."""

PROFILE_AND_STATUS = np.uint32((1 << 14) - 1)
"""The lower bits of a person: the profile, and above it the status."""

STATUS_AT = 6
FREE_AT = 15
MEMBER_AT = np.uint32(8)
"""Where the member stands in the second word of a counter."""

SHIFT = np.uint32(1)
"""A draw is a word shifted by this, so that thresholds of 0 and 1 are exact."""

WEEK = 7
_STATUS = np.uint32(255)
_STATUS_AT = np.uint32(STATUS_AT)
_FREE_AT = np.uint32(FREE_AT)
_NOT_STATUS = np.uint32(0xFFFFFFFF ^ (255 << STATUS_AT))
_BELOW_FREE = np.uint32((1 << FREE_AT) - 1)
_WORD_BITS = np.uint64(31)
_TOP = np.uint32(31)
_ONE = np.uint64(1)


class Keys(NamedTuple):
    """The seed and the streams of the six decisions in a week."""

    seed: np.uint32
    week: np.uint32  # which days are candidates; four members a block
    mood: np.uint32  # the change on Monday; four members a block
    day: np.uint32  # act, acceptance, way, destination
    purse: np.uint32  # rank of willingness to pay during this act
    contact: np.uint32  # which contact is met, what is found, how grave, what is decided; counted as the route says
    power: np.uint32  # whether a place has power for this act; counted by place


def keys(seed: int) -> Keys:
    """The keys of a run; ``seed`` is an integer in 0..2**32 - 1."""
    names = ("week", "mood", "day", "purse", "contact", "power")
    return Keys(np.uint32(seed), *(np.uint32(stream(f"person/{name}")) for name in names))


@kernel
def person_of(profile, status):
    """The word of a free person."""
    return np.uint32(np.uint32(profile) | (np.uint32(status) << _STATUS_AT))


@inner
def profile_of(person):
    """The person's profile."""
    return person & PROFILE


@inner
def status_of(person):
    """The person's status: mood and traits."""
    return (person >> _STATUS_AT) & _STATUS


@inner
def free_from(person):
    """First free day, since 1970-01-01."""
    return np.int64(person >> _FREE_AT)


@inner
def with_status(person, status):
    """The person with another status."""
    return (person & _NOT_STATUS) | (np.uint32(status) << _STATUS_AT)


@inner
def held_until(person, day):
    """The person, free again on ``day``."""
    return (person & _BELOW_FREE) | (np.uint32(day) << _FREE_AT)


@inner
def _not_below(draw, threshold):
    """All bits where ``draw >= threshold``, none where not: neither exceeds 2**31, so the top bit of 32 tells."""
    return np.uint64(np.uint32(draw - threshold) >> _TOP) - _ONE


@kernel
def choose(draw, row):
    """The first entry of a cumulative row that exceeds the draw; the row's length if none does."""
    # By bisection without a branch: where the draw falls cannot be foretold, and a wrong guess costs the most.
    low, left = np.uint64(0), np.uint64(row.shape[0])
    while left > 1:
        half = left >> _ONE
        low += half & _not_below(draw, row[low + half - _ONE])
        left -= half
    return np.int64(low + (_ONE & _not_below(draw, row[low])))


@inner
def release_day(day, weekday, hold_days):
    """First free day of a hold that begins the day after ``day``; a week or longer ends on a Monday."""
    free = day + 1 + hold_days
    if hold_days >= WEEK:
        ahead = weekday + 1 + hold_days
        free = day - weekday + (ahead + WEEK - 1) // WEEK * WEEK
    return free


@inner
def rank_of(word, ranks):
    """One of ``ranks`` equally likely ranks."""
    return np.int64((np.uint64(word >> SHIFT) * np.uint64(ranks)) >> _WORD_BITS)
