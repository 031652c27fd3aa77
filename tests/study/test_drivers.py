"""What a number hangs on: a planted cause is found, and noise is called noise."""

import numpy as np
import polars as pl

from given import country, uniforms
from greyspace.simulate import plan
from greyspace.study import drivers


def drawn(number, draws):
    return uniforms(number, "test/drivers", np.arange(draws))[:, 0]


def moved(count, draws):
    ids = list(country("toyland").parameters)[:count]
    return {key: drivers.ranks(drawn(i, draws).tolist()) for i, key in enumerate(ids)}


def test_a_planted_cause_comes_first_and_stands_out_from_many_draws():
    of = moved(100, 200)
    key = list(of)[40]
    rows = drivers.strongest(country("toyland").parameters, of, (of[key] ** 2 + drawn(999, 200)).tolist())
    assert rows[0][0] == key
    assert rows[0][3]
    assert not any(row[3] for row in rows[1:])


def test_noise_hardly_ever_stands_out():
    of = moved(100, 40)
    sure = [drivers.strongest(country("toyland").parameters, of, drawn(500 + i, 40).tolist())[0][3] for i in range(60)]
    assert np.mean(sure) < 0.12


def test_with_few_draws_it_is_said_that_nothing_can_be_said():
    of = moved(100, 8)
    rows = drivers.strongest(country("toyland").parameters, of, drawn(7, 8).tolist())
    frame = drivers.table([("full-power", "trade", "paid", *row) for row in rows])
    assert frame.height == drivers.MOST
    assert "cannot be said from 8 draws" in drivers.say(frame, 8)
    sure = frame.with_columns(pl.lit(True).alias("beyond_chance"))
    assert rows[0][0] in drivers.say(sure, 8)
    assert drivers.say(drivers.table([]), 8) == ""


def test_what_never_changes_hangs_on_nothing():
    assert drivers.strongest(country("toyland").parameters, moved(5, 8), [1.0] * 8) == []


def test_what_somebody_has_set_is_not_among_what_moved():
    pack = country("toyland")
    one = plan(pack, pack.scenario("history"), engine="expected", sets={"devices.life_years": 3.0})
    read = ["devices.life_years", "bribery.wage_factor", "station_gates.gallery"]
    found = drivers.moved([one], 8, read)
    assert "devices.life_years" not in found
    assert "bribery.wage_factor" in found
    assert all(len(rank) == 8 for rank in found.values())
