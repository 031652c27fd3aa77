"""Eight words at a time: where a draw falls in a row of thresholds, and which of many draws are to be kept.

Neither can be foretold, so a program that branches would mostly guess wrong, and a wrong guess costs more than all the
rest. A comparison of eight words at once is one instruction on any processor of today, and needs no guess. Arrays that
are read or written here have room for eight more than is asked for.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numpy.typing import NDArray

from greyspace.contract import ONE
from greyspace.draws import inner, step
from greyspace.engine.instructions import EIGHT, eight_at, eight_times, intrinsic, place_of

_EIGHT = np.uint64(EIGHT)
_TWO_EIGHTS = np.uint64(2 * EIGHT)
_ALL = np.uint64(0xFF)
_LANES = np.uint64(4)

BELOW, NOT_BELOW = np.uint64(0), _ALL
"""Which draws :func:`keep_in_fours` lists."""

_WORD, _LONG, _BYTE = ir.IntType(32), ir.IntType(64), ir.IntType(8)
_WORDS = ir.VectorType(_WORD, EIGHT)
_BYTES = ir.VectorType(_BYTE, EIGHT)


def _bits(builder: Any, compared: Any) -> Any:
    """One bit for each of eight comparisons."""
    return builder.zext(builder.bitcast(compared, _BYTE), _LONG)


@intrinsic
def _reached(typing: Any, row: Any, first: Any, draw: Any) -> Any:
    """Which of eight thresholds from ``row[first]`` on do not exceed the draw."""

    def make(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        row, first, draw = arguments
        thresholds = builder.load(eight_at(context, builder, signature.args[0], row, first, _WORDS), align=4)
        return _bits(builder, builder.icmp_unsigned("<=", thresholds, eight_times(builder, draw, _WORDS)))

    return types.uint64(row, types.uint64, types.uint32), make


@intrinsic
def _below(typing: Any, words: Any, limits: Any, first: Any) -> Any:
    """Which of eight draws, from ``words[first]`` on, lie below their own limits, or below the same limit."""

    def make(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        def eight(which: int) -> Any:
            kind, argument = signature.args[which], arguments[which]
            if isinstance(kind, types.Integer):
                return eight_times(builder, argument, _WORDS)
            return builder.load(eight_at(context, builder, kind, argument, arguments[2], _WORDS), align=4)

        draws = builder.lshr(eight(0), ir.Constant(_WORDS, [1] * EIGHT))
        return _bits(builder, builder.icmp_unsigned("<", draws, eight(1)))

    return types.uint64(words, limits, types.uint64), make


@intrinsic
def _having(typing: Any, words: Any, bit: Any, first: Any) -> Any:
    """Which of eight words, from ``words[first]`` on, have this bit."""

    def make(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        there = builder.load(eight_at(context, builder, signature.args[0], arguments[0], arguments[2], _WORDS), align=4)
        asked = builder.and_(there, eight_times(builder, arguments[1], _WORDS))
        return _bits(builder, builder.icmp_unsigned("!=", asked, ir.Constant(_WORDS, [0] * EIGHT)))

    return types.uint64(words, types.uint32, types.uint64), make


@intrinsic
def lowest(typing: Any, bits: Any) -> Any:
    """The number of the lowest bit that is set, of a word in which one is."""

    def make(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.uint32(types.uint32), make


@intrinsic
def fetch(typing: Any, words: Any, index: Any) -> Any:
    """Have the words around ``words[index]`` brought near, for whoever reads them later; nobody waits."""

    def make(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = builder.bitcast(place_of(context, builder, signature.args[0], *arguments), _BYTE.as_pointer())
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [_BYTE.as_pointer(), number, number, number])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", [_BYTE.as_pointer()], kind)
        # To read, into the second cache, as data.
        builder.call(prefetch, [place, *(ir.Constant(number, what) for what in (0, 2, 1))])
        return context.get_dummy_value()

    return types.void(words, types.uint64), make


@intrinsic
def _count(typing: Any, bits: Any) -> Any:
    """How many bits are set."""

    def make(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), make


@intrinsic
def _write(typing: Any, bits: Any, first: Any, step: Any, out: Any, at: Any) -> Any:
    """Write ``first + i * step`` for each bit i that is set, one after the other from ``out[at]`` on."""

    def make(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        bits, first, step, place, at = arguments
        name = "greyspace.places_of_bits"
        table = builder.module.globals.get(name)
        if table is None:
            places = [[i for i in range(EIGHT) if byte >> i & 1] for byte in range(256)]
            rows = [ir.Constant(_BYTES, row + [0] * (EIGHT - len(row))) for row in places]
            table = ir.GlobalVariable(builder.module, ir.ArrayType(_BYTES, 256), name)
            table.initializer = ir.Constant(table.type.pointee, rows)
            table.global_constant, table.linkage = True, "internal"
        places = builder.load(builder.gep(table, [ir.Constant(_LONG, 0), bits]))
        values = builder.mul(builder.zext(places, _WORDS), eight_times(builder, step, _WORDS))
        values = builder.add(values, eight_times(builder, first, _WORDS))
        builder.store(values, eight_at(context, builder, signature.args[3], place, at, _WORDS), align=4)
        return context.get_dummy_value()

    return types.void(types.uint64, types.uint32, types.uint32, out, types.uint64), make


@inner
def find(draw, row):
    """The first entry of a row of whole eights that exceeds the draw."""
    # Most rows are one eight or two: a loop would take longer to begin than to end.
    found = _count(_reached(row, np.uint64(0), np.uint32(draw)))
    if row.shape[0] > EIGHT:
        found += _count(_reached(row, _EIGHT, np.uint32(draw)))
        for first in range(_TWO_EIGHTS, np.uint64(row.shape[0]), _EIGHT):
            found += _count(_reached(row, first, np.uint32(draw)))
    return np.uint32(found)


@inner
def find_far(draw, last, row):
    """Like :func:`find` for rows of 128, one entry for each set of weekdays; ``last``: the last of each eight."""
    draw = np.uint32(draw)
    first = _count(_reached(last, np.uint64(0), draw) | (_reached(last, _EIGHT, draw) << _EIGHT)) * _EIGHT
    return np.uint32(first + _count(_reached(row, first, draw)))


@inner
def _of(n, first):
    """Bits of those eight from ``first`` on that are among the first ``n``."""
    left = np.uint64(n) - first
    return _ALL if left >= _EIGHT else (np.uint64(1) << left) - np.uint64(1)


@step
def keep_below(n, words, limits, out):
    """List j for each of ``n`` draws that lies below its limit; returns how many are listed."""
    at = np.uint64(0)
    for j in range(np.uint64(0), np.uint64(n), _EIGHT):
        bits = _below(words, limits, j) & _of(n, j)
        _write(bits, np.uint32(j), np.uint32(1), out, at)
        at += _count(bits)
    return np.uint32(at)


@step
def keep_in_fours(n, words, limits, wanted, out):
    """List 4 j + lane for each draw ``words[lane, j]``, j < n, that lies below the limit of j, or does not lie below.

    ``wanted``: ``BELOW`` or ``NOT_BELOW``. Returns how many are listed, those of few fours side by side.
    """
    at = np.uint64(0)
    for j in range(np.uint64(0), np.uint64(n), _EIGHT):
        among = _of(n, j)
        for lane in range(_LANES):
            bits = (_below(words[lane], limits, j) ^ wanted) & among
            _write(bits, np.uint32(j * _LANES + lane), np.uint32(_LANES), out, at)
            at += _count(bits)
    return np.uint32(at)


@step
def keep_having(n, words, bit, out):
    """List j for each of ``n`` words that has this bit; returns how many are listed."""
    at = np.uint64(0)
    for j in range(np.uint64(0), np.uint64(n), _EIGHT):
        bits = _having(words, np.uint32(bit), j) & _of(n, j)
        _write(bits, np.uint32(j), np.uint32(1), out, at)
        at += _count(bits)
    return np.uint32(at)


@inner
def write_eight(first, step, out, at):
    """Write ``first``, ``first + step``, ... to eight places from ``out[at]`` on."""
    _write(_ALL, np.uint32(first), np.uint32(step), out, np.uint64(at))


@inner
def write_row(n, first, step, out, at):
    """Write ``first``, ``first + step``, ... to ``n`` places from ``out[at]`` on, and on to whole eights."""
    for j in range(np.uint64(0), np.uint64(n), _EIGHT):
        _write(_ALL, np.uint32(first) + np.uint32(j) * np.uint32(step), np.uint32(step), out, np.uint64(at) + j)


def in_eights(rows: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The rows on the last axis, filled up; the same array if they are whole eights already.

    >>> in_eights(np.zeros((2, 9), np.uint32)).shape
    (2, 16)
    """
    length = rows.shape[-1]
    if length % EIGHT == 0:
        return rows
    filled = np.full((*rows.shape[:-1], length + -length % EIGHT), ONE, np.uint32)
    filled[..., :length] = rows
    return filled
