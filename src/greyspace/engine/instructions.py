"""What single instructions of the processor are written with, where the compiler does not find them by itself."""

from typing import Any

from llvmlite import ir
from numba import extending

intrinsic: Any = extending.intrinsic  # what it makes is called without the first of its arguments

EIGHT = 8
"""So many numbers are handled at a time."""

_WORD = ir.IntType(32)


def place_of(context: Any, builder: Any, kind: Any, array: Any, index: Any) -> Any:
    """Where ``array[index]`` stands."""
    data = context.make_array(kind)(context, builder, array).data
    return builder.gep(data, [index])


def eight_at(context: Any, builder: Any, kind: Any, array: Any, index: Any, eight: Any) -> Any:
    """Where the numbers from ``array[index]`` on stand, of which ``eight`` is the type of eight."""
    return builder.bitcast(place_of(context, builder, kind, array, index), eight.as_pointer())


def eight_times(builder: Any, number: Any, eight: Any) -> Any:
    """A number, eight times."""
    lane = builder.insert_element(ir.Constant(eight, ir.Undefined), number, ir.Constant(_WORD, 0))
    return builder.shuffle_vector(lane, lane, ir.Constant(ir.VectorType(_WORD, EIGHT), [0] * EIGHT))
