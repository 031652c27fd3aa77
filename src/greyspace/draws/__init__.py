"""Random numbers that depend on who, when and what is decided, and on nothing else."""

from greyspace.draws.kernels import inner, kernel, step
from greyspace.draws.philox import SPARE, blocks_of_day, first_words, philox, three_words, uniforms, words
from greyspace.draws.streams import DRAWS_VERSION, stream

__all__ = [
    "DRAWS_VERSION",
    "SPARE",
    "blocks_of_day",
    "first_words",
    "inner",
    "kernel",
    "philox",
    "step",
    "stream",
    "three_words",
    "uniforms",
    "words",
]
