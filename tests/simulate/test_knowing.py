"""What people know and think, as a run tells it."""

from datetime import date

import polars as pl
import pytest

from given import country, world
from greyspace.simulate import ENGINES
from greyspace.simulate.beginning import spin_up
from greyspace.society.knowing import CLASSES

START, END = date(2021, 1, 4), date(2021, 12, 27)


@pytest.fixture(scope="module")
def told(lived):
    def run(table, engine="expected", scenario="history", **sets):
        return lived(engine=engine, scenario=scenario, start=START, end=END, sets=sets).table(table)

    return run


def at_last(frame):
    return frame.filter(pl.col("period") == pl.col("period").max())


def persons(frame, column):
    return float((frame[column] * frame["adults"]).sum() / frame["adults"].sum())


@pytest.mark.parametrize("engine", ENGINES)
def test_knowledge_of_every_class_spreads_and_both_engines_tell_it_alike(told, engine):
    rows = told("knowing", engine)
    for of in ("faces_and_roads", *CLASSES):
        known = (
            rows.filter(pl.col("knows_of") == of).group_by("period").agg(pl.col("known").mean()).sort("period")["known"]
        )
        assert known[-1] > known[0], of
        alike = told("knowing").filter(pl.col("knows_of") == of)
        assert at_last(alike)["known"].mean() == pytest.approx(known[-1], abs=0.05), of


def test_what_the_table_knows_of_cameras_is_what_people_know(told):
    people = told("people").filter(pl.col("week") == pl.col("week").max())
    share = people.group_by("region").agg(
        known=pl.col("persons").filter(pl.col("knows")).sum() / pl.col("persons").sum()
    )
    rows = at_last(told("knowing")).filter(pl.col("knows_of") == "faces_and_roads")
    both = rows.join(share, on="region", suffix="_people")
    assert both["known"].to_list() == pytest.approx(both["known_people"].to_list())


def test_cases_by_devices_and_by_searches_of_telephones_are_those_of_the_contacts(told):
    penal = [f"{a}_{b}" for a in ("recorded", "unrecorded") for b in ("fined", "penalised", "imprisoned", "camp")]
    contacts = told("contacts").with_columns(cases=pl.sum_horizontal(penal))
    cases = told("knowing").group_by("knows_of").agg(pl.col("cases").sum())
    found = dict(zip(cases["knows_of"], cases["cases"], strict=True))
    name = pl.col("contact").cast(pl.String)
    by_telephone = contacts.filter(name.str.starts_with("phone_search") | name.str.starts_with("footprint"))
    assert found["phone_and_money"] == pytest.approx(by_telephone["cases"].sum())
    assert found["phone_and_money"] > 0


def test_where_people_know_everything_fewer_have_anything_on_their_telephones(told):
    """The scenario acts: fewer cases by searches of telephones, fewer payments by telephone."""

    def cases(scenario):
        rows = told("knowing", scenario=scenario).filter(pl.col("knows_of") == "phone_and_money")
        return float(rows["cases"].sum())

    def payments(scenario):
        return float(told("routine", scenario=scenario).filter(pl.col("kind") == "payment")["records"].sum())

    assert cases("people-know") < 0.8 * cases("history")
    assert payments("people-know") < payments("history")
    assert at_last(told("knowing", scenario="people-know"))["known"].min() == pytest.approx(1.0)


NEAR, FAR = ({"knowing.beyond_unit": share} for share in (0.0, 0.3))


@pytest.mark.parametrize("deaf_to", ["caution.news_human", "caution.news_digital"])
def test_where_news_goes_far_more_are_afraid_be_it_of_people_or_of_devices(told, deaf_to):
    def caution(sets):
        rows = told("people", **sets, **{deaf_to: 0.0})
        return float((rows["caution"] * rows["persons"]).sum() / rows["persons"].sum())

    assert caution(FAR) > caution(NEAR)


@pytest.mark.parametrize("what", ["faces_and_roads", "phone_and_money"])
def test_where_news_goes_far_more_know(told, what):
    near, far = (at_last(told("knowing", **sets)).filter(pl.col("knows_of") == what) for sets in (NEAR, FAR))
    assert far["known"].mean() > near["known"].mean()


def test_a_run_begins_with_what_the_pack_says_is_known_and_with_news_as_if_it_had_always_been_so():
    made = world(country("toyland"), start=START, end=END)
    begun = spin_up(made).learnt
    for name, share in zip(CLASSES, (begun.knowing.phone_and_money, begun.knowing.register), strict=True):
        assert (share == made.p.number(f"knowing.initial_{name}")).all(), name
    assert (begun.heard.human > 0).all()


@pytest.mark.parametrize("engine", ENGINES)
def test_attitudes_are_of_all_adults_and_shares(told, engine):
    rows = told("attitudes", engine)
    assert rows["adults"].min() >= 0
    for column in ("feel_watched", "think_cameras_cut_theft", "thefts_cut", "are_right"):
        assert rows[column].is_between(0, 1).all(), column
    people = told("people", engine).filter(pl.col("week") == pl.col("week").max())
    assert 0.5 * people["persons"].sum() < at_last(rows)["adults"].sum() < people["persons"].sum()
    assert persons(rows, "feel_watched") == pytest.approx(persons(told("attitudes"), "feel_watched"), abs=0.03)


def test_more_feel_watched_where_all_know_and_where_all_are_calm_fewer(told):
    usual = persons(told("attitudes"), "feel_watched")
    assert persons(told("attitudes", scenario="people-know"), "feel_watched") > usual
    calm = {"caution.chronic": 0.05, "caution.news_human": 0.0, "caution.news_digital": 0.0, "knowing.beyond_unit": 0.0}
    assert persons(told("attitudes", **calm), "feel_watched") < usual


def test_cameras_that_do_nothing_make_right_those_who_think_nothing_of_them(told):
    rows = told("attitudes", **{"attitudes.theft_fall_where_watched": 0.0})
    assert (rows["thefts_cut"] == 0).all()
    assert (rows["are_right"] + rows["think_cameras_cut_theft"]).to_list() == pytest.approx([1.0] * len(rows))


def test_cameras_that_stop_every_thief_who_knows_of_them_leave_fewer_thefts(told):
    every_day = {
        "knowing.initial_faces_and_roads": 1.0,
        "workplace_cameras.covered_factor": 100.0,
        "power.least_hours": 24.0,
    }
    none, all_of_it = (
        told("series", **every_day, **{"attitudes.theft_fall_where_watched": share}).filter(pl.col("act") == "theft")
        for share in (0.0, 1.0)
    )
    assert all_of_it["chilled"].sum() > 1.2 * none["chilled"].sum()
    assert all_of_it["intents"].sum() == pytest.approx(none["intents"].sum(), rel=0.01)
    at_home = country("toyland").parameters["workplace_cameras.theft_at_work"].value
    assert all_of_it["chilled"].sum() < none["intents"].sum() * at_home + none["chilled"].sum()
