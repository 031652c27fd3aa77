"""Wrong models: each is another model, by one switch, and the model itself knows nothing of any of them."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest

from given import country
from greyspace.evidence import resolve
from greyspace.infrastructure import WAITING
from greyspace.institutions import OFFICERS
from greyspace.results.identity import INGREDIENTS
from greyspace.simulate import Life, World, plan
from greyspace.simulate.beginning import spin_up
from greyspace.study.histories import History
from greyspace.study.mutants import MUTANTS
from greyspace.study.patterns import load_patterns
from greyspace.study.validation import Trial

BANNED = date(2020, 3, 2)
"""A border that has just been shut, and a ban on travel."""
GATED = date(2021, 11, 1)
"""Gates at stations."""

CROWDED = {
    **{f"enforcer_cameras.covered_{where}": 0.9 for where in ("station", "train", "road", "market", "office")},
    "enforcer_cameras.covered_factor": 1.0,
    "bribery.reviewed": 0.1,
    "road_posts.posts_per_100km": 23.0,
    "road_posts.open_share": 0.9,
    "road_posts.check_share": 0.8,
    "devices.life_years": 0.1,
    "devices.spares_initial": 0.0,
    "devices.spares_per_year": 0.0,
}
"""Officers who are watched, roads full of posts, gates that soon break: so that every part matters."""

BY_ID = {mutant.id: mutant for mutant in MUTANTS}


def planned(name, day, weeks=1, **sets):
    pack, mutant = country("toyland"), BY_ID.get(name)
    made = plan(pack, pack.scenario("history"), engine="expected", start=day, end=day + timedelta(weeks=weeks - 1),
                sets={**sets, **(mutant.sets if mutant else {})})  # fmt: skip
    return replace(made, model=mutant.model) if mutant else made


@cache
def begun(name, day=GATED):
    """How a world begins: its devices, its people, what officers make of whom they meet, the first odds."""
    world = planned(name, day, **CROWDED).world()
    beginning, period = spin_up(world), world.periods[0]
    found = world.enforcement(period, beginning.learnt.practice)
    return world.infrastructure, beginning, found, world.odds(period, beginning.learnt, found)


@pytest.mark.parametrize("name", [name for name in BY_ID if name != "prices_without_answer"])
def test_each_wrong_model_begins_otherwise(name):
    day = BANNED if name == "no_travel_bans" else GATED
    infra, beginning, _, odds = begun(name, day)
    of_true, true, _, true_odds = begun(None, day)
    assert (
        any((a != b).any() for a, b in zip(odds, true_odds, strict=True))
        or (infra.state != of_true.state).any()
        or any((x != true.learnt.arrays()[key]).any() for key, x in beginning.learnt.arrays().items())
    )


def test_each_is_one_switch_of_its_own():
    assert len({mutant.id for mutant in MUTANTS}) == len(MUTANTS) >= 12
    assert all(bool(mutant.sets) != (mutant.model is not World) for mutant in MUTANTS)
    assert len({mutant.model for mutant in MUTANTS if mutant.model is not World}) == 6
    for name in ("dprk", "toyland", "brightland"):
        for mutant in MUTANTS:
            resolve(country(name).parameters, mutant.sets)  # each can be set in every country


def test_a_wrong_model_has_a_run_id_and_a_beginning_of_its_own_and_the_model_keeps_its():
    pack, made = country("toyland"), planned(None, GATED)
    assert set(made.ingredients) == set(INGREDIENTS)
    plans = [made, *(replace(made, model=m.model, sets=m.sets) for m in MUTANTS)]
    assert len({each.run_id for each in plans}) == len(plans)
    wrong = {m.id: replace(made, model=m.model) for m in MUTANTS if m.model is not World}
    window = load_patterns(pack).windows["now"]
    begins = {name: History(each, window).begins for name, each in wrong.items()}
    assert len({*begins.values(), History(made, window).begins}) == len(wrong) + 1


def test_a_wrong_model_is_wrong_whatever_an_arm_asks_for():
    pack = country("toyland")
    proportional = next(mutant for mutant in MUTANTS if mutant.id == "proportional_demand")
    trial = Trial(pack, load_patterns(pack), None, (proportional,))
    assert trial.of_arm("pressed", None).plan.p.number("bribery.demand") == 180.0
    assert trial.of_arm("pressed", proportional).plan.p.number("bribery.demand") == 0.0


def test_each_does_what_it_says():
    deal = {name: begun(name)[2] for name in (None, *BY_ID) if name != "prices_without_answer"}
    true, watched = deal[None], np.asarray(deal[None].watch.covered) > 0.05
    assert (deal["no_income_feedback"].stake == 0.0).all()
    station = OFFICERS.index("station")
    assert (deal["no_income_feedback"].least[:, station] < true.least[:, station]).all()
    assert deal["proportional_demand"].short.max() == 0.0
    assert deal["proportional_demand"].post.handed_up == 0.5
    assert (deal["free_watchers"].bought[watched] == 1.0).all()
    assert deal["free_watchers"].cut[2].max() < 1e-200  # as good as nothing
    assert (deal["random_blind_spots"].moved == 0.5).all()
    assert deal["no_blind_spots"].moved.max() < 1e-9 < 0.5 < true.moved[watched].max()
    assert (np.asarray(deal["mean_risk"].watch.covered) == 1.0)[watched].all()
    assert deal["mean_risk"].found_out[1][watched].max() < true.found_out[1][watched].min()
    assert deal["no_bribery"].let_off.max() < 1e-3
    road = OFFICERS.index("road")
    assert (deal["posts_apart"].post.bargaining[:, road] >= true.post.bargaining[:, road]).all()
    assert (deal["posts_apart"].post.bargaining[:, road] > true.post.bargaining[:, road]).any()
    infra = {name: begun(name)[0] for name in ("undying_devices", "endless_spares", "perfect_power")}
    assert not (infra["undying_devices"].state == WAITING).any()
    assert not (infra["endless_spares"].fates.state == WAITING).any()
    assert (begun(None)[0].fates.state == WAITING).any()
    assert (infra["perfect_power"].power.share == 1.0).all()


def test_prices_and_bans_reach_nobody_in_the_worlds_without_them():
    lives = {name: Life(planned(name, BANNED, weeks=8)) for name in (None, "prices_without_answer")}
    first = {name: life.odds(life.world.periods[0]) for name, life in lives.items()}
    for life in lives.values():
        for period in life.world.periods[:-1]:
            life.step(period, life.odds(period), lambda _: None)
    last = {name: life.odds(life.world.periods[-1]) for name, life in lives.items()}
    assert (last[None].accept != first[None].accept).any(), "a shut border makes loads worth more"
    name = "prices_without_answer"
    assert (last[name].accept == first[name].accept).all()
    prevented = [begun(each, BANNED)[3].way[..., 0].astype(float).sum() for each in (None, "no_travel_bans")]
    assert prevented[1] < prevented[0]
