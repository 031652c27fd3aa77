from datetime import date

import pytest

from given import country
from greyspace.country import Scenario
from greyspace.results import Results, Store
from greyspace.simulate import plan, run


@pytest.fixture(scope="session")
def lived(tmp_path_factory):
    """Live a run once a session: ``lived("toyland", "history", scale=...)``; ``fresh`` in a new store."""
    shared = Store(tmp_path_factory.mktemp("results"))

    def live(
        name="toyland",
        scenario: str | Scenario = "history",
        start=date(2020, 12, 7),
        end=date(2022, 1, 31),
        threads=1,
        fresh=False,
        progress=None,
        **given,
    ) -> Results:
        pack = country(name)
        told = pack.scenario(scenario) if isinstance(scenario, str) else scenario
        made = plan(pack, told, start=start, end=end, **{"scale": 1.0, **given})
        store = Store(tmp_path_factory.mktemp("fresh")) if fresh else shared
        return run(made, store, threads, progress)

    return live
