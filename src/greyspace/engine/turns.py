"""Work that several threads share: whoever is free takes the next piece, and no two take the same."""

from typing import Any

from llvmlite import ir
from numba import extending, types

intrinsic: Any = extending.intrinsic  # what it makes is called without the first of its arguments
_NUMBER = ir.IntType(64)


@intrinsic
def take(typing: Any, turn: Any) -> Any:
    """The number in ``turn[0]``, which grows by one; every number is taken once, however many threads ask."""

    def make(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        return builder.atomic_rmw("add", data, ir.Constant(_NUMBER, 1), "monotonic")

    return types.int64(types.Array(types.int64, 1, "C")), make
