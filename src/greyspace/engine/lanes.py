"""Eight floats at a time, for rows whose length is a multiple of eight.

Left to itself, the compiler handles many floats at once only in loops so long that it is worth asking beforehand
whether one row is written over another: a row of sixteen payers is too short, and all are handled one by one. Written
as eights there is nothing to ask. The floats come to the same bits as one by one.
"""

import math
import operator
from typing import Any

import numpy as np
from llvmlite import ir
from numba import extending, types
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numpy.typing import NDArray

from greyspace.engine.instructions import EIGHT, eight_at, eight_times, intrinsic

_BYTES = EIGHT * 8

_FLOAT, _PLACE = ir.DoubleType(), ir.IntType(32)
_FLOATS = ir.VectorType(_FLOAT, EIGHT)
_ROW = types.Array(types.float64, 1, "C")


class _Eight(types.Type):
    """The type of eight floats."""

    def __init__(self) -> None:
        super().__init__("eight floats")


_EIGHT = _Eight()


@extending.register_model(_Eight)
class _Model(extending.models.PrimitiveModel):
    """How they are held: in as few registers as the processor needs for them."""

    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _FLOATS)


@intrinsic
def eight(typing: Any, row: Any, first: Any) -> Any:
    """The eight floats from ``row[first]`` on."""

    def make(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        row, first = arguments
        return builder.load(eight_at(context, builder, signature.args[0], row, first, _FLOATS), align=8)

    return _EIGHT(_ROW, types.int64), make


@intrinsic
def put(typing: Any, row: Any, first: Any, floats: Any) -> Any:
    """Write eight floats to ``row`` from ``row[first]`` on."""

    def make(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        row, first, floats = arguments
        builder.store(floats, eight_at(context, builder, signature.args[0], row, first, _FLOATS), align=8)
        return context.get_dummy_value()

    return types.void(_ROW, types.int64, _EIGHT), make


@intrinsic
def same(typing: Any, number: Any) -> Any:
    """Eight times the same float."""

    def make(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return eight_times(builder, arguments[0], _FLOATS)

    return _EIGHT(types.float64), make


@intrinsic
def differ(typing: Any, one: Any, other: Any) -> Any:
    """Whether any of eight floats is another than its counterpart."""

    def make(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        bits = ir.IntType(EIGHT)
        compared = builder.bitcast(builder.fcmp_unordered("!=", *arguments), bits)
        return builder.icmp_unsigned("!=", compared, ir.Constant(bits, 0))

    return types.boolean(_EIGHT, _EIGHT), make


@intrinsic
def total(typing: Any, floats: Any) -> Any:
    """The sum of eight floats, halves added to halves."""

    def make(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        (floats,) = arguments
        for half in (4, 2, 1):
            # What stands behind the half is left over from the last and is not read again.
            behind = ir.Constant(ir.VectorType(_PLACE, EIGHT), [(i + half) % EIGHT for i in range(EIGHT)])
            floats = builder.fadd(floats, builder.shuffle_vector(floats, floats, behind))
        return builder.extract_element(floats, ir.Constant(_PLACE, 0))

    return types.float64(_EIGHT), make


def _reckon(what: Any, how: str) -> None:
    """Let ``what`` be done with eight floats and eight others, each with its counterpart."""

    @infer_global(what)
    class _OfEights(AbstractTemplate):
        def generic(self, args: Any, kws: Any) -> Any:
            return signature(_EIGHT, _EIGHT, _EIGHT) if args == (_EIGHT, _EIGHT) and not kws else None

    @extending.lower_builtin(what, _Eight, _Eight)
    def _make(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return getattr(builder, how)(*arguments)


for _what, _how in (
    (operator.add, "fadd"),
    (operator.sub, "fsub"),
    (operator.mul, "fmul"),
    (operator.truediv, "fdiv"),
    (operator.imul, "fmul"),
):
    _reckon(_what, _how)


def room_for(*shape: int) -> NDArray[np.float64]:
    """An array to fill whose eights stand in one line of the cache each, not in two, which takes twice the time."""
    size = math.prod(shape)
    room = np.empty(size + EIGHT)
    first = -room.__array_interface__["data"][0] % _BYTES // room.itemsize
    return room[first : first + size].reshape(shape)


def room(before: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.float64]:
    """An array to fill: the one of the last renewal where it fits, since new memory costs more than filling it."""
    return before if before.shape == shape else room_for(*shape)
