"""The same ingredients make the same run, whoever writes them down and how."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greyspace.results.identity import INGREDIENTS, canonical, plain, run_id, set_id, source_hash

GIVEN = {name: f"some {name}" for name in INGREDIENTS}


@given(st.permutations(INGREDIENTS))
def test_the_order_of_ingredients_does_not_matter(order: list[str]) -> None:
    assert run_id({name: GIVEN[name] for name in order}) == run_id(GIVEN)


@pytest.mark.parametrize("name", INGREDIENTS)
def test_every_ingredient_matters_and_must_be_there(name: str) -> None:
    assert run_id({**GIVEN, name: "another"}) != run_id(GIVEN)
    with pytest.raises(ValueError, match=name):
        run_id({key: value for key, value in GIVEN.items() if key != name})


def test_one_number_has_one_spelling() -> None:
    same = [1, 1.0, np.float64(1), np.int32(1)]
    assert len({canonical({"x": value}) for value in same}) == 1
    assert canonical(0.0) == canonical(-0.0)
    assert canonical(0.1) != canonical(np.nextafter(0.1, 1))
    assert canonical({"x": True}) != canonical({"x": 1})


def test_dates_are_their_iso_form_also_as_keys() -> None:
    assert canonical({dt.date(2020, 1, 6): dt.date(2021, 1, 4)}) == b'{"2020-01-06":"2021-01-04"}'


def test_what_has_no_order_or_no_value_has_no_identity() -> None:
    for value in ({1, 2}, object(), b"x"):
        with pytest.raises(TypeError):
            plain(value)
    for value in (float("nan"), np.array([np.inf])):
        with pytest.raises(ValueError):
            plain(value)


def test_a_set_is_its_runs_in_order_and_the_use_they_are_put_to() -> None:
    assert set_id(["a", "b"], command="compare") == set_id(("a", "b"), command="compare")
    assert len({set_id(["a", "b"], command=c) for c in ("compare", "run")} | {set_id(["b", "a"], command="run")}) == 3


def test_ids_are_sixteen_hex_digits_and_the_source_is_hashed() -> None:
    for made in (run_id(GIVEN), set_id(["a"]), source_hash()):
        assert len(made) == 16
        assert int(made, 16) >= 0
    assert source_hash(("draws",)) != source_hash(("draws", "results"))
