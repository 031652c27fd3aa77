"""No parameter of a pack is an ornament: each is read in some run."""

from datetime import date

import pytest

from given import country
from greyspace.country import packs
from greyspace.results import Store
from greyspace.simulate import ENGINES, plan, run

NOT_OF_A_RUN = ("fitted", "targets")
"""Topics that say what runs are held against; studies read them, and no run may."""

ONLY_OF_STUDIES = ("prices.rice", "prices.dollar")
"""How the ids begin of what studies of officers read; tests/study/test_posts.py holds that they do, and no run may."""

NOT_YET_READ = (
    *(f"analysis.joinable_{kind}" for kind in ("payment", "phone", "transport_card", "set_top", "school")),
    "attitudes.",
    "border_video.shot_",
    "identity_register.borrowed_detected_with_reader",
    "identity_register.forged_detected_with_reader",
    "identity_register.reader_",
    "households.spending_growth",
    *(f"knowing.{how}_{what}" for how in ("initial", "from_news") for what in ("phone_and_money", "register")),
    *(f"knowing.background_yearly_{what}" for what in ("phone_and_money", "register")),
    "knowing.beyond_unit",
    *(f"market.{what}" for what in ("fee", "guard_profit_share", "vendor_days", "vendors_margin")),
    "officials.",
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
