"""No parameter of a pack is an ornament: each is read in some run."""

from datetime import date

import pytest

from given import country
from greyspace.country import packs
from greyspace.results import Store
from greyspace.simulate import ENGINES, plan, run

NOT_OF_A_RUN = ("fitted",)
"""Topics that say what runs are held against; studies read them, and no run may."""

NOT_YET_OF_A_RUN = ("bribery", "prices")
"""Topics that only studies read so far; tests/study/test_posts.py holds that each of their parameters is read there."""


@pytest.mark.parametrize("name", packs())
def test_every_parameter_is_read_in_some_run(name, tmp_path):
    pack = country(name)
    used = set()
    cases = [(scenario, "remote", "expected") for scenario in ("history", "no-gates")]
    cases += [("history", "local", "expected"), ("history", "remote", "individuals")]
    assert {engine for _, _, engine in cases} == set(ENGINES)
    for scenario, gallery, engine in cases:
        made = plan(
            pack, pack.scenario(scenario), engine=engine, scale=0.001, start=date(2021, 11, 1), end=date(2022, 1, 3),
            sets={"station_gates.gallery": gallery},
        )  # fmt: skip
        run(made, Store(tmp_path))
        used |= made.p.used
    unread = set(pack.parameters) - used
    assert not sorted(key for key in unread if key.split(".")[0] not in (*NOT_OF_A_RUN, *NOT_YET_OF_A_RUN))
    assert not sorted(key for key in used if key.split(".")[0] in NOT_YET_OF_A_RUN)
    assert not sorted(key for key in used if key.split(".")[0] in NOT_OF_A_RUN)
