"""Eight words at a time come to what one at a time comes to, whatever their number."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from greyspace.contract import ONE
from greyspace.draws import kernel
from greyspace.engine.eights import (
    BELOW,
    NOT_BELOW,
    find,
    find_far,
    in_eights,
    keep_below,
    keep_having,
    keep_in_fours,
    lowest,
    write_eight,
    write_row,
)
from greyspace.engine.instructions import EIGHT

WORDS = st.lists(st.integers(0, 2**32 - 1), max_size=40)
DRAWS = st.integers(0, 2**31 - 1)


@kernel
def found(draw, row):
    return find(draw, row)


@kernel
def found_far(draw, last, row):
    return find_far(draw, last, row)


@kernel
def below(n, words, limits, out):
    return keep_below(n, words, limits, out)


@kernel
def in_fours(n, words, limits, wanted, out):
    return keep_in_fours(n, words, limits, wanted, out)


@kernel
def having(n, words, bit, out):
    return keep_having(n, words, bit, out)


@kernel
def written(n, first, step, out, at):
    write_row(n, first, step, out, at)


@kernel
def eight_written(first, step, out, at):
    write_eight(first, step, out, at)


@kernel
def lowest_of(bits):
    return lowest(bits)


def with_room(words):
    """The words, and room for eight more that hold anything."""
    return np.array([*words, *[2**32 - 1, 0] * (EIGHT // 2)], np.uint32)


@given(st.lists(st.integers(0, 2**31), min_size=1, max_size=40), DRAWS)
def test_a_draw_falls_on_the_first_threshold_above_it(thresholds, draw):
    row = np.array([*sorted(thresholds), ONE], np.uint32)
    assert found(np.uint32(draw), in_eights(row)) == np.argmax(row > draw)


@given(st.lists(st.integers(0, 2**31), min_size=127, max_size=127), DRAWS)
def test_long_rows_are_searched_in_two_steps(thresholds, draw):
    row = np.array([*sorted(thresholds), ONE], np.uint32)
    last = np.ascontiguousarray(row[EIGHT - 1 :: EIGHT])
    assert found_far(np.uint32(draw), last, row) == np.argmax(row > draw)


def limits_of(words, random):
    """Limits at, above and around the draws, so that each of them may or may not be reached."""
    return [random.choice([0, 2**31, word >> 1, (word >> 1) + 1]) for word in words]


@given(WORDS, st.randoms(use_true_random=False), st.integers(0, 2**31))
def test_draws_below_their_own_limits_or_below_one_are_listed_in_their_order(words, random, one):
    n, out = np.uint32(len(words)), np.empty(len(words) + EIGHT, np.uint32)
    limits = limits_of(words, random)
    found = below(n, with_room(words), with_room(limits), out)
    assert out[:found].tolist() == [
        j for j, (word, limit) in enumerate(zip(words, limits, strict=True)) if word >> 1 < limit
    ]
    found = below(n, with_room(words), np.uint32(one), out)
    assert out[:found].tolist() == [j for j, word in enumerate(words) if word >> 1 < one]


@given(st.lists(st.tuples(*[st.integers(0, 2**32 - 1)] * 4), max_size=20), st.randoms(use_true_random=False))
def test_of_fours_each_is_compared_with_the_limit_of_all_four(fours, random):
    limits = limits_of([random.choice(four) for four in fours], random)
    rows = np.array([with_room([four[lane] for four in fours]) for lane in range(4)])
    for wanted, kept in ((BELOW, True), (NOT_BELOW, False)):
        out = np.empty(4 * len(fours) + EIGHT, np.uint32)
        found = in_fours(np.uint32(len(fours)), rows, with_room(limits), wanted, out)
        listed = [
            4 * j + lane for j, four in enumerate(fours) for lane in range(4) if (four[lane] >> 1 < limits[j]) == kept
        ]
        assert sorted(out[:found].tolist()) == listed
        assert (np.diff(out[:found].astype(int) // 4 // EIGHT) >= 0).all()


@given(WORDS, st.integers(0, 31))
def test_words_with_a_bit_are_listed(words, bit):
    out = np.empty(len(words) + EIGHT, np.uint32)
    n = having(np.uint32(len(words)), with_room(words), np.uint32(1 << bit), out)
    assert out[:n].tolist() == [j for j, word in enumerate(words) if word >> bit & 1]


@given(st.integers(0, 30), st.integers(0, 2**32 - 1), st.integers(0, 4), st.integers(0, 5))
def test_rows_are_written_where_they_belong(n, first, step, at):
    out = np.full(at + n + EIGHT, 7, np.uint32)
    written(np.uint32(n), np.uint32(first), np.uint32(step), out, np.uint32(at))
    assert out[:at].tolist() == [7] * at
    assert out[at : at + n].tolist() == [(first + i * step) % 2**32 for i in range(n)]


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1), st.integers(0, 5))
def test_eight_at_once_are_written_like_a_row(first, step, at):
    out = np.full(at + EIGHT + 1, 7, np.uint32)
    eight_written(np.uint32(first), np.uint32(step), out, np.uint32(at))
    assert out.tolist() == [7] * at + [(first + i * step) % 2**32 for i in range(EIGHT)] + [7]


@given(st.integers(1, 2**32 - 1))
def test_the_lowest_bit_is_found(bits):
    assert lowest_of(np.uint32(bits)) == (bits & -bits).bit_length() - 1
