"""A synthetic person's month: the life that the engine counts, records at the nation's rates, joins that close."""

import json
from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from given import country
from greyspace.contract import VERDICTS
from greyspace.engine import Individuals
from greyspace.errors import InputError
from greyspace.footprint import joins, unicity
from greyspace.footprint.habits import Who, left
from greyspace.simulate import plan
from greyspace.society.population import household_sizes, make, unit_sizes, units_at
from greyspace.study import footprint, panel
from greyspace.study.months import OF_NOBODY, ORDINARY, month

TRADER = "home_female_ordinary_involved"
TOWN = "capital_city_urban"


@pytest.fixture(scope="module")
def may():
    pack = country("toyland")
    return month(pack, pack.scenario("history"), date(2024, 5, 17), start=date(2023, 9, 4))


@pytest.fixture(scope="module")
def everybody(may):
    """All twelve thousand, each followed through the month."""
    crowd = make(may.recipe, may.seed, *units_at(may.recipe, 0.3))
    return footprint.follow(may, crowd, range(len(crowd.persons)), may.seed, frozenset())


def test_records_of_everybody_add_up_to_what_the_engine_counted(may, everybody):
    """The engine lives the same people and counts whom it records where; here each is followed by himself."""
    crowd = make(may.recipe, may.seed, *units_at(may.recipe, 0.3))
    engine = Individuals(crowd, may.layout, may.seed)
    contacts, places = len(may.world.contacts), len(may.world.axes.regions)
    counted = np.zeros((places, contacts, 2), np.int64)
    lived = [(stage.odds, monday) for stage in may.stages for monday in stage.mondays]
    whole = [monday for _, monday in lived if may.days[0] <= monday and monday + 6 <= may.days[-1]]
    for odds, monday in lived:
        tallies = engine.advance(odds, monday)
        if monday in whole:
            counted += tallies.outcomes[..., len(VERDICTS) :].sum(axis=(2, 3, 5), dtype=np.int64)
    told = np.zeros_like(counted)
    for each in everybody.told:
        for act in each.acts:
            for met in act.met:
                if met.recorded and act.day - (act.day - whole[0]) % 7 in whole:
                    told[met.place, met.contact, met.powered] += 1
    assert counted.sum() > 300
    assert (told == counted).all()
    of_acts = sum(met.recorded for each in everybody.told for act in each.acts for met in act.met)
    assert int((everybody.records.act >= 0).sum()) == of_acts


def test_of_ordinary_days_as_much_is_left_as_the_world_says(may):
    """Of each kind: the rates add up to the month's records exactly, and what is drawn comes near to them."""
    stage = may.stage_of(int(may.days[14]))
    period = next(p for p in may.world.periods if p.monday == stage.mondays[0])
    people = may.world.view(period).people
    n, days = 4000, np.arange(20000, 20030)
    rng = np.random.default_rng(1)
    region = rng.integers(0, people.shape[0], n)
    profile = np.array([rng.choice(people.shape[1], p=people[r] / people[r].sum()) for r in region])
    who = Who(np.arange(n, dtype=np.uint32), np.zeros(n, np.uint32), np.zeros(n, np.uint32), region, profile)
    drawn = dict(zip([h.name for h in stage.habits], left(stage.habits, 5, who, days), strict=True))
    chance = {}
    for habit in stage.habits:
        whole = chance.get(f"{habit.system}/{habit.within}", 1.0)
        chance[habit.name] = whole * habit.has * habit.on_day[:, None]
        share = chance[habit.name][region, profile]
        # Who owns what is drawn once, so persons differ, and days of one do not.
        sd = np.sqrt((share * (1 - share)).sum() / n**2)
        assert drawn[habit.name].mean() == pytest.approx(share.mean(), abs=4 * sd + 1e-9), habit.name


def test_what_is_kept_of_ordinary_days_is_put_to_somebody_or_said_to_be_of_nobody(may):
    for name in ("toyland", "dprk"):
        pack = country(name)
        made = plan(pack, pack.scenario("history"), start=date(2024, 1, 1), end=date(2024, 1, 8)).world()
        kept = made.routine(made.periods[0])
        assert set(kept) == {*ORDINARY, *OF_NOBODY}
    period = next(p for p in may.world.periods if p.monday == may.stages[-1].mondays[0])
    people = may.world.view(period).people
    # With nobody knowing what is kept, as the world tells it by default.
    told = may.world.routine(period)
    habit = next(h for h in may.stages[-1].habits if h.name == "phones/phone")
    assert (people * habit.has).sum(axis=1) * habit.on_day * 365.25 / 12 == pytest.approx(told["phones", "phone"])


def test_who_pays_by_telephone_has_one(everybody):
    assert (everybody.has["phone"] | ~everybody.has["payment"]).all()
    assert everybody.has["payment"].sum() < everybody.has["phone"].sum()


def test_households_share_a_box_and_nobody_else_does(may, everybody):
    who, box = everybody.who, everybody.has["set_top"]
    of = {}
    for key, has in zip(zip(who.serial.tolist(), who.household.tolist(), strict=True), box, strict=True):
        assert of.setdefault(key, has) == has
    assert 0 < sum(of.values()) < len(of)
    serial = np.unique(who.serial)[:5]
    sizes = [household_sizes(may.recipe, may.seed, int(s)).sum() for s in serial]
    assert sizes == unit_sizes(may.recipe, may.seed, serial).tolist()


def test_joins_only_ever_close(may, everybody):
    put, records = everybody.joined, everybody.records
    for less, more in (("now", "register"), ("now", "network"), ("register", "both"), ("network", "both")):
        assert (put[more] | ~put[less]).all()
        assert put[less].sum() < put[more].sum()
    # What stays on the telephone is put to nobody from afar, what is only a picture is not put to all by a register.
    assert not any(each[records.kind == "screen"].any() for each in put.values())
    filmed = records.kind == "workplace"
    assert 0 < put["both"][filmed].mean() < 0.3
    # Whoever has only a telephone is known by it as often as the parameter says.
    alone = everybody.has["phone"] & ~everybody.has["payment"]
    known = np.zeros(len(alone), np.bool_)
    known[records.person[put["now"] & (records.kind == "phone")]] = True
    assert known[alone].mean() == pytest.approx(may.joinable["phone"], abs=0.05)


def test_records_under_one_number_are_known_together(everybody):
    records, put = everybody.records, everybody.joined["now"]
    of_number = np.isin(records.kind, ("phone", "payment"))
    for person in np.unique(records.person[of_number])[:200]:
        assert len(set(put[of_number & (records.person == person)].tolist())) == 1


def test_nobody_who_is_held_leaves_records_of_ordinary_days(everybody):
    held = {(i, day) for i, each in enumerate(everybody.told) for day in each.held}
    assert held
    ordinary = everybody.records.where(everybody.records.act < 0)
    assert not held & set(zip(ordinary.person.tolist(), ordinary.day.tolist(), strict=True))


def test_a_footprint_hangs_on_its_seed_and_a_system_that_is_off_takes_away_its_records_alone(may):
    found = footprint.told(footprint.person(may, TRADER, TOWN, 2))
    assert footprint.told(footprint.person(may, TRADER, TOWN, 2)) == found
    assert footprint.told(footprint.person(may, TRADER, TOWN, 3))["records"] != found["records"]
    without = footprint.told(footprint.person(may, TRADER, TOWN, 2, {"phones"}))
    assert without["acts"] == found["acts"]
    kept = [record for record in found["records"] if record["system"] != "phones"]
    assert len(kept) < len(found["records"])
    same = ("day", "system", "kind", "place", "act")
    assert [[r[key] for key in same] for r in without["records"]] == [[r[key] for key in same] for r in kept]
    json.dumps(found, allow_nan=False)
    for join, said in found["reconstructed"].items():
        days = {r["day"] for r in found["records"] if join in r["joined"] and r["kind"] != "set_top"}
        assert days == set(said["days"])
        assert said["records"] == sum(join in r["joined"] for r in found["records"])


def test_the_crowd_of_a_post_is_all_who_are_recorded_there(may):
    """Records of acts are shared out over the nation: none is lost on the way, and none is made."""
    crowd = may.crowd()
    post = max(may.posts, key=lambda at: may.posts[at].sum())
    few = crowd.others([unicity.point("post", post, 1, False)])
    assert few == pytest.approx(may.posts[post].sum(), rel=0.02)
    owners = next(own for own in crowd.owns if own.kind == "phone")
    at_home = (0, "phones", "phone")
    expected = (may.persons[0] * owners.has[0]).sum() * owners.on_day[0]
    assert crowd.others([unicity.point("post", at_home, 1, True)]) == pytest.approx(expected)


def test_a_panel_is_of_the_whole_nation_and_more_points_single_out_no_fewer(may):
    found = panel.Panels(panel.panel(may, 150), ())
    assert found.own.persons > 140
    assert set(found.own.role) == {"pupil", "farmer", "worker", "office", "home"}
    for time in unicity.TIMES:
        for place in unicity.PLACES:
            shares = [each.own for each in panel.curve(found, time, place)]
            assert all(0.0 <= a <= b + 0.01 <= 1.01 for a, b in pairwise(shares)), (time, place)
    # Coarser in place or time: never easier.
    at = {key: panel.curve(found, *key)[5].own for key in [("day", "post"), ("day", "region"), ("month", "post")]}
    assert at["day", "post"] >= at["day", "region"]
    assert at["day", "post"] >= at["month", "post"]
    days = panel.days_by(found, "where")
    for row in days:
        assert row["now"] <= row["register"] <= row["both"]
    json.dumps(panel.told(found), allow_nan=False)


@pytest.mark.parametrize(
    ("profile", "region", "off", "words"),
    [
        ("baker", TOWN, (), "allowed: pupil_female_elite"),
        (TRADER, "nowhere", (), "allowed: capital_city_urban"),
        (TRADER, TOWN, ("eyes",), "--off eyes"),
    ],
)
def test_what_is_not_there_is_refused_in_a_sentence(may, profile, region, off, words):
    with pytest.raises(InputError, match=words):
        footprint.person(may, profile, region, 1, off)


def test_profiles_are_called_as_the_world_calls_them(may):
    assert footprint.profiles(may.pack) == may.world.axes.profiles


def test_a_month_before_the_run_is_refused(may):
    with pytest.raises(InputError, match="the run begins on 2023-09-04"):
        month(may.pack, may.scenario, date(2023, 8, 1), start=date(2023, 9, 4))
    with pytest.raises(InputError, match="the pack toyland covers"):
        month(may.pack, may.scenario, date(2099, 8, 1), start=date(2023, 9, 4))


def test_every_join_says_what_it_is():
    assert set(joins.JOINS) == {"now", "register", "network", "both"}
