"""The engine on a card: what can be known of it without one, and what only a card can tell."""

import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec

import numpy as np
import pytest
from numba import cuda, typeof
from numba.cuda import dispatcher
from numba.cuda.cudadrv import nvvm

from engine.cards import PACKS, lives
from engine.test_individuals import crowd, layout, odds
from greyspace.contract import new_tallies
from greyspace.engine import gpu
from greyspace.engine.week import keys
from greyspace.errors import InputError

EXTRA = find_spec("numba_cuda") is not None
CARD = EXTRA and cuda.is_available()


def said(code, *words, **surroundings):
    """What a process comes to in surroundings that must be there before Numba is loaded."""
    done = subprocess.run(
        (sys.executable, "-c", f"import json, sys\nfrom engine import cards\n{code}", *words),
        env={**os.environ, **surroundings, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def simulated(code, *words):
    """The same where Numba plays a card."""
    return said(f"cards.simulate()\nprint(json.dumps({code}))", *words, NUMBA_ENABLE_CUDASIM="1")


THREE = "[cards.lives(pack, 3, 3) for pack in cards.PACKS]"


def lived_the_same(found):
    for persons, contacts, _, (here, there) in found:
        assert persons > 200
        assert contacts > 20
        assert here == there
    assert any(news for _, _, news, _ in found)


def test_a_simulated_card_lives_three_countries_bit_by_bit():
    lived_the_same(simulated(THREE))


@pytest.mark.skipif(not EXTRA, reason="the extra 'cuda' is not here")
def test_what_is_handed_to_the_compiler_for_cards_lives_three_countries_bit_by_bit():
    lowered = f"from engine import lowered\nlowered.lower()\nprint(json.dumps({THREE}))"
    lived_the_same(said(lowered, LLVMLITE_ENABLE_IR_LAYER_TYPED_POINTERS="0"))


def test_a_run_stopped_on_a_simulated_card_goes_on_without_it(tmp_path):
    """And under one name, since a card changes nothing."""
    stopped, whole, resumed = simulated("cards.stopped(sys.argv[1])", str(tmp_path))
    assert 0 < stopped < 12
    assert whole == resumed


@pytest.mark.skipif(not CARD, reason="no CUDA device here, or not the extra 'cuda'")
@pytest.mark.parametrize("pack", PACKS)
def test_a_card_lives_three_countries_bit_by_bit(pack):
    persons, contacts, _, (here, there) = lives(pack, 1000, 8)
    assert persons > 10_000
    assert contacts > 1000
    assert here == there


@pytest.mark.skipif(CARD, reason="there is a card")
def test_without_a_card_one_sentence_says_so():
    with pytest.raises(InputError, match="no card that knows CUDA" if EXTRA else r"pip install 'greyspace\[cuda\]'"):
        gpu.check_gpu()


@pytest.mark.skipif(not (EXTRA and nvvm.is_available()), reason="no compiler for cards: the extra 'cuda' brings it")
@pytest.mark.parametrize("capability", [(8, 0), (9, 0)])
def test_the_kernel_compiles_for_cards_that_are_not_there(capability, monkeypatch):
    """To integer instructions alone, with counts that are added in one go, and few enough arguments for any driver."""
    monkeypatch.setattr(dispatcher, "get_current_device", lambda: Named(capability))
    rng = np.random.default_rng(1)
    lay = layout(rng)
    chances, people = odds(rng, lay), crowd(rng, units=2)
    words = np.zeros(2, np.uint32)
    given = (
        words, people._replace(news=words), words, chances, lay, keys(1), np.int64(1), new_tallies(lay, chances),
    )  # fmt: skip
    code, _ = cuda.compile(
        gpu.live.py_func, tuple(map(typeof, given)), cc=capability, device=False, abi="numba", output="ptx"
    )
    assert f".target sm_{capability[0]}{capability[1]}" in code
    assert set(re.findall(r"\batom\S+", code)) == {"atom.global.add.u32", "atom.global.or.b32"}
    assert not re.findall(r"\.[bf]?f(?:16|32|64)\b", code)
    sizes = [int(bits) // 8 for bits in re.findall(r"\.param \.[bu](\d+) \S+_param_\d+", code)]
    assert 1000 < sum(sizes) < 4096


class Named:
    """A card of which nothing is known but what it can do."""

    def __init__(self, capability):
        self.compute_capability = capability
