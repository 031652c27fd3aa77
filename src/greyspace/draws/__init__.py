"""Random numbers that depend on who, when and what is decided, and on nothing else."""

from greyspace.draws.kernels import inner, kernel
from greyspace.draws.philox import philox, uniforms, words
from greyspace.draws.streams import DRAWS_VERSION, stream

__all__ = ["DRAWS_VERSION", "inner", "kernel", "philox", "stream", "uniforms", "words"]
