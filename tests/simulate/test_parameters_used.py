"""No parameter of a pack is an ornament: each is read in some run."""

from datetime import date

import pytest

from given import country
from greyspace.country import packs
from greyspace.results import Store
from greyspace.simulate import ENGINES, plan, run
from greyspace.study.grounds import READ_BY_STUDIES


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
    # Studies read what runs are held against; tests/study/test_posts.py holds that they do.
    assert not sorted(key for key in used if key.startswith(READ_BY_STUDIES))
    assert not sorted(key for key in set(pack.parameters) - used if not key.startswith(READ_BY_STUDIES))
