"""Every synthetic person, one by one, on a graphics card that knows CUDA: the bits are those of any processor.

Numba's part for CUDA takes half a second to load, so only who asks for a card imports this module.
"""

from importlib.util import find_spec
from typing import Any

import numba.cuda
import numpy as np

from greyspace.contract import Crowd, Layout, Odds, Tallies, new_tallies
from greyspace.engine.alone import live_alone
from greyspace.engine.individuals import Individuals
from greyspace.errors import InputError

cuda: Any = numba.cuda
config: Any = numba.config
config.CUDA_LOW_OCCUPANCY_WARNINGS = 0  # few persons leave a card idle, which is no news to whoever asked for it

THREADS = 128
"""Persons that the card keeps together; it takes as many such groups at once as it has room for."""


def check_gpu() -> None:
    """InputError where no card is found, or what is needed to speak with one is missing."""
    # Numba has an older part for CUDA, which does not compile this, and one that only plays a card.
    if find_spec("numba_cuda") is None:
        raise InputError("--gpu needs the extra 'cuda': pip install 'greyspace[cuda]'.")
    if config.ENABLE_CUDASIM or not cuda.is_available():
        raise InputError(
            "--gpu: no card that knows CUDA is found, or no driver; without --gpu the results are the same."
        )


@cuda.jit
def live(unit_of, crowd, heard, odds, layout, keys, monday, tallies):
    """A week of each person of the crowd; see :func:`live_alone`."""
    at = cuda.grid(1)
    if at < unit_of.shape[0]:
        live_alone(at, unit_of[at], crowd, heard, odds, layout, keys, monday, tallies)


def _sent(arrays: Any) -> Any:
    """A group of arrays, on the card."""
    return arrays._replace(**{name: cuda.to_device(a) for name, a in arrays._asdict().items() if np.ndim(a)})


class OnGpu(Individuals):
    """The same engine on a card. People stay there until somebody asks for them."""

    def __init__(self, crowd: Crowd, layout: Layout, seed: int) -> None:
        self._there: Any = None
        super().__init__(crowd, layout, seed)
        self._layout_there = _sent(layout)
        units = np.arange(len(crowd.region), dtype=np.uint32)
        self._unit_of = cuda.to_device(np.repeat(units, np.diff(crowd.first)))

    @property
    def crowd(self) -> Crowd:
        """The people, taken back from the card; who has them may change them, so they are sent again for a week."""
        if self._there is not None:
            self._there.persons.copy_to_host(self._crowd.persons)
            self._crowd.news[:] = self._there.news.copy_to_host()
            self._there = None
        return self._crowd

    @crowd.setter
    def crowd(self, crowd: Crowd) -> None:
        self._crowd = crowd

    def advance(self, odds: Odds, monday: int) -> Tallies:
        """Live the week that starts on ``monday``, as :meth:`Individuals.advance` does."""
        if odds is not self._odds:
            self._odds, self._odds_there = odds, _sent(odds)
        there = self._there or _sent(self._crowd._replace(news=self._crowd.news.astype(np.uint32)))
        heard = cuda.to_device(np.zeros(len(self._crowd.region), np.uint32))
        tallies = _sent(new_tallies(self.layout, odds))
        groups = -(-len(self._crowd.persons) // THREADS)
        live[groups, THREADS](
            self._unit_of, there, heard, self._odds_there, self._layout_there, self._keys, np.int64(monday), tallies
        )
        self._there = there._replace(news=heard)
        self._census.forget()
        return Tallies(*(tally.copy_to_host() for tally in tallies))
