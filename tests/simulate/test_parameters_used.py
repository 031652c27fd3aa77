"""No parameter of a pack is an ornament: each is read in some run."""

from datetime import date

import pytest

from given import country
from greyspace.country import packs
from greyspace.results import Store
from greyspace.simulate import ENGINES, plan, run

NOT_OF_A_RUN = ("fitted", "targets")
"""Topics that say what runs are held against; studies read them, and no run may."""

ONLY_OF_STUDIES = (
    *(f"bribery.{what}_{offence}" for what in ("penalty", "enforcing") for offence in ("minor", "trade", "grave")),
    "prices.rice",
    "prices.dollar",
)
"""How the ids begin of what studies of officers read; tests/study/test_posts.py holds that they do, and no run may."""

NOT_YET_READ = (
    "acts.elsewhere_",
    *(f"acts.rate_factor_{act}" for act in ("trade", "smuggling", "crossing", "call_abroad", "foreign_media")),
    *(f"acts.rate_factor_{act}" for act in ("private_word", "absence", "visitor", "theft", "traffic_offence")),
    "airport.",
    "analysis.",
    "attitudes.",
    "border_video.",
    "caution.chronic_",
    "caution.news_bribe",
    "caution.unpunished_acts",
    "caution.visible_equipment",
    *(f"enforcer_cameras.covered_{kind}" for kind in ("market", "office", "border")),
    "households.",
    "human_network.",
    "identity_register.borrowed_detected_with_reader",
    "identity_register.forged_detected_with_reader",
    "identity_register.reader_",
    "inspections.",
    "knowing.",
    "market.",
    "officials.",
    "payments.",
    "penalties.",
    "phones.",
    "plate_cameras.",
    "school_cameras.",
    "workplace_cameras.",
)
"""How the ids begin of what is known of systems and acts that no run has yet."""


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
    assert not sorted(key for key in used if key.startswith(NOT_YET_READ))
    unread = {key for key in pack.parameters if not key.startswith((*NOT_YET_READ, *ONLY_OF_STUDIES))} - used
    assert not sorted(key for key in unread if key.split(".")[0] not in NOT_OF_A_RUN)
    assert not sorted(key for key in used if key.startswith(ONLY_OF_STUDIES))
    assert not sorted(key for key in used if key.split(".")[0] in NOT_OF_A_RUN)
