"""Lives by expectation: the same whoever else is lived with them, the same as the tables of a run, kept and read."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from given import country
from greyspace.results import Store
from greyspace.simulate import plan, run
from greyspace.study import lives

START, SINCE = date(2024, 11, 4), date(2024, 12, 2)
MONDAY = (SINCE - date(1970, 1, 1)).days
NAMES = [column.name for column in lives.COLUMNS]


def made(name, end=date(2025, 2, 24)):
    pack = country("toyland")
    return plan(pack, pack.scenario(name), engine="expected", start=START, end=end)


def same(one, other):
    assert list(one) == list(other)
    for year in one:
        assert (one[year] == other[year]).all(), year


@pytest.mark.parametrize("name", ["analysts", "people-know", "full-power", "no-gates"])
def test_a_life_is_the_same_whoever_is_lived_beside_it(name):
    """What people know at the beginning does not show in the first odds, and is no part of what scenarios share."""
    together = lives.by_year([made("history"), made(name)], MONDAY)
    same(together[name], lives.by_year([made(name)], MONDAY)[name])


def test_totals_are_those_of_the_tables_of_a_run(tmp_path):
    one = made("analysts")
    # Tables of weeks and of periods begin alike where a period does.
    monday = next(period.monday for period in one.world().periods if period.monday >= MONDAY)
    since = date(1970, 1, 1) + timedelta(days=monday)
    years = lives.by_year([one], monday)["analysts"]
    assert list(years) == [2024, 2025]
    of = lives.whole(years)
    tables = run(one, Store(tmp_path))

    def later(table, key="week"):
        return tables.table(table).filter(pl.col(key) >= since)

    held = {row["hold"]: row["n"] for row in later("held").group_by("hold").agg(n=pl.col("held_new").sum()).to_dicts()}
    for hold, number in held.items():
        assert of.flow(f"held_{hold}") == pytest.approx(number, rel=1e-9)
    assert of.flow("leads") == pytest.approx(later("leads", "period")["leads"].sum(), rel=1e-9)
    assert of.recorded == pytest.approx(later("series")["free_recorded"].sum(), rel=1e-9)
    bribes = later("bribes", "period")
    assert of.flow("kg") == pytest.approx(bribes["kg"].sum(), rel=1e-9)
    assert of.flow("bribes") == pytest.approx(bribes["payers"].sum(), rel=1e-9)
    sites = later("sites")
    assert of.flow("gate_weeks") == pytest.approx(sites.height)
    assert of.flow("gates_live") == pytest.approx(sites["live"].sum())
    weeks = later("nation").group_by(year=pl.col("week").dt.year()).agg(weeks=pl.len())
    persons = sum(float(country("toyland").residents(year).sum()) * n for year, n in weeks.iter_rows())
    assert of.person_years == pytest.approx(persons * 7 / 365.25)
    lasts = tables.table("market").with_columns(
        weeks=(pl.col("period").shift(-1, fill_value=date(2025, 3, 3)) - pl.col("period")).dt.total_days() / 7
    )
    lasts = lasts.filter(pl.col("period") >= since)
    mean = (lasts["goods_price"] * lasts["weeks"]).sum() / lasts["weeks"].sum()
    # Months of one winter: of the two years, persons differ by a few in a thousand.
    assert of.level("goods_price") == pytest.approx(mean, rel=1e-5)
    acts = later("series").group_by("region", "act").agg(pl.col("paid").sum())
    regions = [region.id for region in one.pack.regions]
    for row in acts.to_dicts():
        at = NAMES.index(f"{row['act']}_paid")
        of_region = sum(of[regions.index(row["region"]), at] for of in years.values())
        assert of_region == pytest.approx(row["paid"], rel=1e-9), row
    moved = later("accounts", "period").group_by("giver", "taker").agg(pl.col("kg").sum())
    assert moved.height > 5
    for row in moved.to_dicts():  # a pair of accounts that is not kept would be missed here
        assert of.flow(f"kg_{row['giver']}_to_{row['taker']}") == pytest.approx(row["kg"], rel=1e-9), row


def test_a_life_that_is_kept_is_not_lived_again_unless_it_is_torn(tmp_path, monkeypatch):
    job = lives.Lives((made("history", date(2024, 12, 30)),), MONDAY, tmp_path / "shelf")
    assert job.missing() == 1
    fresh = job.live()["history"]
    assert job.missing() == 0
    (file,) = (tmp_path / "shelf").iterdir()
    with monkeypatch.context() as bent:
        bent.setattr(lives, "by_year", lambda *_: pytest.fail("lived again"))
        same(job.live()["history"], fresh)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    same(job.live()["history"], fresh)
    assert file.read_bytes()[-100:] == whole[-100:]
    other = lives.Lives((made("no-gates", date(2024, 12, 30)),), MONDAY, tmp_path / "shelf")
    assert other.missing() == 1


def test_nothing_is_measured_where_there_never_was_anything():
    of = lives.none()
    assert of.level("goods_price") is None
    assert of.person_years == 0.0
    assert np.all(lives.whole({}).values == 0.0)


def test_every_sum_is_named_once_and_is_divided_by_one_that_is_there():
    assert len(set(NAMES)) == len(NAMES)
    assert {column.over for column in lives.COLUMNS} <= {"", *NAMES}
    assert all(column.unit and column.says for column in lives.COLUMNS)
