"""Eight words at a time come to what one at a time comes to, whatever their number."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from greyspace.contract import ONE
from greyspace.draws import kernel
from greyspace.engine.eights import EIGHT, find, find_far, in_eights, keep_below, keep_having, keep_not_below, write_row

WORDS = st.lists(st.integers(0, 2**32 - 1), max_size=40)
DRAWS = st.integers(0, 2**31 - 1)


@kernel
def found(draw, row):
    return find(draw, row)


@kernel
def found_far(draw, last, row):
    return find_far(draw, last, row)


@kernel
def below(n, words, limits, first, step, out, listed):
    return keep_below(n, words, limits, first, step, out, listed)


@kernel
def not_below(n, words, limits, first, step, out, listed):
    return keep_not_below(n, words, limits, first, step, out, listed)


@kernel
def having(n, words, bit, out):
    return keep_having(n, words, bit, out)


@kernel
def written(n, first, step, out, at):
    write_row(n, first, step, out, at)


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


@given(WORDS, st.randoms(use_true_random=False), st.integers(0, 5), st.integers(1, 4), st.integers(0, 3))
def test_draws_are_listed_in_their_order_after_those_listed_before(words, random, first, step, before):
    limits = [random.choice([0, 2**31, word >> 1, (word >> 1) + 1]) for word in words]
    numbers = (np.uint32(first), np.uint32(step))
    for keep, kept in ((below, True), (not_below, False)):
        out = np.full(len(words) + before + EIGHT, 99, np.uint32)
        n = keep(np.uint32(len(words)), with_room(words), with_room(limits), *numbers, out, np.uint32(before))
        wanted = [
            first + j * step
            for j, (word, limit) in enumerate(zip(words, limits, strict=True))
            if (word >> 1 < limit) == kept
        ]
        assert out[before:n].tolist() == wanted
        assert (out[:before] == 99).all()


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
