"""Eight floats at a time come to the same bits as one at a time, and only they are written."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from greyspace.draws import kernel
from greyspace.engine.instructions import EIGHT
from greyspace.engine.lanes import differ, eight, put, same, total

ROWS = st.integers(1, 4).flatmap(
    lambda n: st.tuples(*[st.lists(st.floats(width=64), min_size=n * EIGHT, max_size=n * EIGHT)] * 2)
)


@kernel
def reckon(one, other, number, out):
    for i in range(0, one.shape[0], EIGHT):
        a, b = eight(one, i), eight(other, i)
        product = same(number)
        product *= b
        put(out[0], i, a + product)
        put(out[1], i, (a - b) / same(number))
        put(out[2], i, a * b)


@kernel
def any_differs(one, other):
    found = False
    for i in range(0, one.shape[0], EIGHT):
        found |= differ(eight(one, i), eight(other, i))
    return found


@kernel
def add_up(row, out):
    for i in range(0, row.shape[0], EIGHT):
        out[i // EIGHT] = total(eight(row, i))


@given(ROWS, st.floats(width=64))
def test_eights_come_to_the_same_bits(rows, number):
    one, other = (np.array(row) for row in rows)
    out = np.full((4, len(one)), 7.0)
    reckon(one, other, number, out)
    with np.errstate(all="ignore"):
        expected = np.array([one + number * other, (one - other) / number, one * other, np.full(len(one), 7.0)])
    np.testing.assert_array_equal(out, expected)


@given(ROWS, st.data())
def test_one_float_of_eight_that_differs_is_seen(rows, data):
    row = np.nan_to_num(np.array(rows[0]), posinf=1.0, neginf=-1.0)
    other = row.copy()
    assert not any_differs(row, other)
    at = data.draw(st.integers(0, len(row) - 1))
    other[at] = np.nextafter(row[at], np.inf if row[at] <= 0.0 else -np.inf)
    assert any_differs(row, other)


@given(ROWS)
def test_eights_are_added_up_half_to_half(rows):
    row = np.array(rows[0])
    out = np.empty(len(row) // EIGHT)
    add_up(row, out)
    with np.errstate(all="ignore"):
        halves = row.reshape(-1, EIGHT)
        while halves.shape[1] > 1:
            halves = halves[:, : halves.shape[1] // 2] + halves[:, halves.shape[1] // 2 :]
    np.testing.assert_array_equal(out, halves[:, 0])
