"""Work that several threads share: whoever is free takes the next piece, and no two take the same."""

from typing import Any

from llvmlite import ir
from numba import types

from greyspace.engine.instructions import intrinsic, place_of

_NUMBER = ir.IntType(64)


@intrinsic
def take(typing: Any, turn: Any) -> Any:
    """The number in ``turn[0]``, which grows by one; every number is taken once, however many threads ask."""

    def make(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = place_of(context, builder, signature.args[0], arguments[0], ir.Constant(_NUMBER, 0))
        return builder.atomic_rmw("add", place, ir.Constant(_NUMBER, 1), "monotonic")

    return types.int64(types.Array(types.int64, 1, "C")), make
