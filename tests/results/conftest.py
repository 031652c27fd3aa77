import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from greyspace.results import Labels, Results, Store

MONDAYS = [dt.date(2016, 1, 4) + dt.timedelta(weeks=week) for week in range(104)]


def manifest_of(run_id: str, **given: Any) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "scenario": "observed",
        "country": "toyland",
        "seed": 1,
        "scale": 1.0,
        "engine": "expected",
        "from": dt.date(2016, 1, 4),
        "to": dt.date(2017, 12, 25),
        "parameters": {"gates.share": 0.5, "power.hours": {dt.date(2016, 1, 1): 4.0}},
        "source_hash": "00",
        "pack_hash": "00",
        "draws_version": 1,
        "versions": {"numpy": np.__version__},
        "cpu": "some",
        **given,
    }


def series_of(weeks: list[dt.date], more: float = 0.0) -> dict[str, Any]:
    """Two regions, one act, one standing, two sexes; every number can be told from every other."""
    week, region, sex = (axis.ravel() for axis in np.indices((len(weeks), 2, 2)))
    number = np.array([day.toordinal() for day in weeks])[week] * 10.0 + region * 2 + sex
    return {
        "week": np.array(weeks, "datetime64[D]")[week],
        "region": Labels(region, ("northshire", "capital")),
        "act": ["journey"] * len(week),
        "standing": np.array(["ordinary"] * len(week)),
        "sex": Labels(sex, ("female", "male")),
        "intents": number + more,
        "punished": number / 7,
    }


@pytest.fixture
def store(tmp_path: Any) -> Store:
    return Store(tmp_path / "results")


@pytest.fixture
def make_run(store: Store) -> Callable[..., Results]:
    """Write a complete run of two years into the store."""

    def make(run_id: str = "aaaa000011112222", more: float = 0.0, **given: Any) -> Results:
        with store.begin(run_id, manifest_of(run_id, **given)) as draft:
            for year in (2016, 2017):
                draft.write("series", year, series_of([day for day in MONDAYS if day.year == year], more))
            return draft.finish({"odds_digest": ["00"]})

    return make
