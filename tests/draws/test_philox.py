"""The generator gives the published words, and a decision's draws depend on nothing but its name and counters."""

import json
from pathlib import Path

import numpy as np
import pytest

from greyspace.draws import (
    SPARE,
    blocks_of_day,
    first_words,
    kernel,
    philox,
    stream,
    streams,
    three_words,
    uniforms,
    words,
)


@kernel
def first(n, c, w, k0, k1):
    first_words(n, c[0], c[1], c[2], c[3], w[0], k0, k1)


@kernel
def three(n, c, w, k0, k1):
    three_words(n, c[0], c[1], c[2], c[3], w[0], w[1], w[2], k0, k1)


@kernel
def of_day(n, c, w, k0, k1):
    blocks_of_day(n, c[0], c[1], c[2], w[0], w[1], w[2], w[3], k0, k1)


GOLDEN = Path(__file__).parent.parent / "golden" / "draws.json"


@pytest.mark.parametrize(
    ("counter_and_key", "published"),
    [
        ((0,) * 6, "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ((0xFFFFFFFF,) * 6, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344, 0xA4093822, 0x299F31D0),
            "d16cfe09 94fdcceb 5001e420 24126ea1",
        ),
    ],
)
def test_known_answers(counter_and_key, published):
    """The vectors published with the generator (Salmon et al. 2011, Random123)."""
    assert " ".join(f"{w:08x}" for w in philox(*counter_and_key)) == published


def test_golden_draws():
    """No bit of any stream changes unnoticed: a change needs a new DRAWS_VERSION and a line in the CHANGELOG."""
    golden = json.loads(GOLDEN.read_text())
    assert golden["version"] == streams.DRAWS_VERSION
    for line in golden["draws"]:
        assert stream(line["stream"]) == line["key"]
        assert words(line["seed"], line["stream"], *line["counter"]).tolist() == line["words"]


def test_streams_that_collide_are_refused(monkeypatch):
    monkeypatch.setitem(streams._KNOWN, stream("first"), "another")
    stream.cache_clear()
    with pytest.raises(ValueError, match="would share one stream"):
        stream("first")


def test_words_are_the_same_alone_and_in_company():
    together = words(3, "test", np.arange(100), 5, 6)
    assert (words(3, "test", 42, 5, 6) == together[42]).all()


@pytest.mark.parametrize("n", [0, 1, 15, 16, 33])
@pytest.mark.parametrize(("draw", "how_many"), [(first, 1), (three, 3), (of_day, 4)])
def test_many_counters_turn_into_the_words_of_each(draw, how_many, n):
    counters = words(1, "counters", np.arange(n + n % 2 + SPARE)).T.copy()
    if draw is of_day:
        counters[3] = 0
    before, found = counters.copy(), np.zeros_like(counters)
    key = np.uint32(0xFFFFFFFF), np.uint32(6)
    draw(np.uint32(n), counters, found, *key)
    assert found[:how_many, :n].T.tolist() == [list(philox(*each, *key))[:how_many] for each in counters[:, :n].T]
    assert (found[how_many:] == 0).all()
    assert (counters == before).all()


def test_uniforms_fill_the_unit_interval():
    u = uniforms(1, "test/uniform", np.arange(20_000)).ravel()
    assert 0 < u.min() < 1e-3
    assert 1 - 1e-3 < u.max() < 1
    assert abs(u.mean() - 0.5) < 5 * np.sqrt(1 / 12 / u.size)
