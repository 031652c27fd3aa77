"""Whole runs: what reconciles in them, what cannot change them, and how the two engines compare."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from given import country, parameters
from greyspace.contract import STATES, VERDICTS
from greyspace.country import ACTS, JOURNEYS
from greyspace.institutions import MONTH_WEEKS
from greyspace.results import Store
from greyspace.simulate import Life, loop, plan, run
from greyspace.society.acts import FALSE_PAPERS
from greyspace.society.routes import JOURNEY_MODES, MODE_OF, MODES
from greyspace.systems import SYSTEMS

GATES = date(2021, 4, 5)
"""The first gate of toyland."""

ENGINES = ("individuals", "expected")
LOCAL = {"station_gates.gallery": "local"}
"""Gates that know the enrolled of their province wherever the network ends, so that they work from the first day."""

UNCHANGED = ("series", "modes", "people", "held", "places", "nation", "contacts", "bribes", "officers", "accounts")


def sums(frame, columns):
    return frame.select(pl.col(list(columns)).sum()).row(0, named=True)


@pytest.mark.parametrize("engine", ENGINES)
def test_every_intent_ends_in_one_state_counted_the_same_by_person_and_by_way(lived, engine):
    got = lived(engine=engine)
    series, modes = got.table("series"), got.table("modes")
    for table in (series, modes):
        assert np.allclose(table["intents"], table.select(pl.sum_horizontal(STATES)).to_series(), rtol=1e-12)
        assert (table.select(pl.min_horizontal(STATES)).to_series() >= 0).all()
    keys = ["week", "region", "act"]
    a = series.group_by(keys).agg(pl.col("intents", *STATES).sum()).sort(keys)
    b = modes.group_by(keys).agg(pl.col("intents", *STATES).sum()).sort(keys)
    assert a.select(keys).equals(b.select(keys))
    for measure in ("intents", *STATES):
        assert np.allclose(a[measure], b[measure], rtol=1e-9, atol=1e-9), measure


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_begun_is_what_was_done_in_some_way(lived, engine):
    modes = lived(engine=engine).table("modes")
    not_begun = ["prevented", "chilled", "priced_out"]
    assert np.allclose(modes["begun"], modes["intents"] - modes.select(pl.sum_horizontal(not_begun)).to_series())
    begun = modes.filter(pl.col("begun") > 0)
    ways = {act: set(rows["way"]) for (act,), rows in begun.group_by("act")}
    with_permit, without = JOURNEYS
    assert ways.pop(with_permit) == {"rail", "road"}
    # A forged paper is rare; of a few hundred people perhaps nobody has one.
    assert {"rail", "road"} <= ways.pop(without) <= {MODES[mode] for mode in JOURNEY_MODES.ravel()}
    assert ways == {act: {MODE_OF[act]} for act in ACTS if act not in JOURNEYS}
    assert modes.filter(pl.col("way").is_in(MODES)).select(pl.col(not_begun).sum()).row(0) == (0, 0, 0)


@pytest.mark.parametrize("engine", ENGINES)
def test_every_penalty_at_a_contact_is_a_punished_act_and_a_hold(lived, engine):
    """An act is turned back or punished at just one contact, where it ends; over the whole run, ends of years too."""
    got = lived(engine=engine)
    series, contacts, held = got.table("series"), got.table("contacts"), got.table("held")
    met = sums(contacts, [c for c in contacts.columns if c.startswith(("recorded_", "unrecorded_"))])
    acts = sums(series, STATES)
    of = {verdict: met[f"recorded_{verdict}"] + met[f"unrecorded_{verdict}"] for verdict in VERDICTS}
    kept = of["penalised"] + of["imprisoned"] + of["camp"] + of["killed"]
    assert of["turned_back"] == pytest.approx(acts["turned_back"], rel=1e-9)
    assert of["fined"] + kept == pytest.approx(acts["punished"], rel=1e-9)
    assert held["held_new"].sum() == pytest.approx(kept, rel=1e-9)
    assert of["fined"] > 0
    # An act may pay more than once, and be stopped after it paid.
    assert met["recorded_paid"] + met["unrecorded_paid"] >= acts["paid"]
    assert acts["punished"] > 0


def test_only_penalties_and_standing_trains_prevent_what_nothing_else_does(lived):
    span = {"start": date(2016, 1, 4), "end": date(2016, 12, 26)}
    trains_run = {"routes.rail_needs_power": 0.0, "border_video.shot_factor": 0.0}
    charges = (FALSE_PAPERS, *(act for act in ACTS if act not in JOURNEYS))
    fines = {f"penalties.penalised_{charge}": 0.0 for charge in charges}
    mild = lived(sets={"officers.turn_back_share": 1.0, **fines, **trains_run}, **span)
    assert mild.table("series")["punished"].sum() > 0  # a fine is a penalty that prevents nothing
    assert mild.table("series")["prevented"].sum() == 0
    assert mild.table("held")["held_new"].sum() == 0
    hard = lived(sets={"officers.turn_back_share": 0.0, "officers.penalty_long_share": 1.0, **trains_run}, **span)
    prevented = hard.table("series").group_by("act").agg(pl.col("prevented", "intents").sum())
    assert (prevented["prevented"] > 0.005 * prevented["intents"]).all()  # who is held makes no permitted one either


# What officers took.


def officer_of():
    """The kind of officer who decides at each contact."""
    return {contact.name: contact.officer for system in SYSTEMS for contact in system.CONTACTS}


@pytest.mark.parametrize("engine", ENGINES)
def test_everybody_who_pays_at_a_contact_pays_an_officer(lived, engine):
    got = lived(engine=engine)
    keys = ["period", "place", "officer", "standing"]
    paid = pl.col("recorded_paid") + pl.col("unrecorded_paid")
    contacts = got.table("contacts").with_columns(
        pl.col("contact").cast(pl.String).replace_strict(officer_of()).alias("officer"),
        pl.col("place", "standing").cast(pl.String),
    )
    a = contacts.group_by(keys).agg(paid.sum().alias("paid")).filter(pl.col("paid") > 0).sort(keys)
    bribes = got.table("bribes").with_columns(pl.col("place", "officer", "standing").cast(pl.String))
    b = bribes.group_by(keys).agg(pl.col("payers").sum().alias("paid")).filter(pl.col("paid") > 0).sort(keys)
    assert a.height > 0
    assert_frame_equal(a, b, rel_tol=1e-9)
    assert (bribes["payers"] <= bribes["found"] * (1 + 1e-12)).all()
    # A bribe costs something, and so does a toll.
    assert (bribes.filter(pl.col("payers") > 0)["kg"] > 0).all()
    assert bribes.filter(pl.col("payers") == 0)["kg"].sum() == 0


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_paid_in_bribes_and_tolls_is_what_officers_receive(lived, engine):
    """Month by month and place by place, to the rounding of each movement to a gram."""
    got = lived(engine=engine)
    keys = ["period", "place"]
    accounts = got.table("accounts")
    # Guards of the border have an account of their own.
    takers = pl.col("taker").is_in(["officers", "guards"])
    received = accounts.filter((pl.col("giver") == "payers") & takers).group_by(keys).agg(pl.col("kg").sum())
    assert set(accounts.filter(takers)["taker"]) == {"officers", "guards"}
    kg = got.table("bribes").group_by(keys).agg(pl.col("kg").sum()).filter(pl.col("kg") > 0).sort(keys)
    a = received.select(*keys, "kg").sort(keys)
    assert a.select(keys).equals(kg.select(keys))
    assert np.allclose(a["kg"], kg["kg"], rtol=0, atol=0.02)
    caught = got.table("bribes").filter(pl.col("finding").is_in(["caught", "on_record"]))["kg"].sum()
    p = parameters(country("toyland"))
    fees = p.number("bribery.broker_share") * p.number("bribery.broker_fee") * caught
    assert accounts.filter(pl.col("taker") == "brokers")["kg"].sum() == pytest.approx(fees, rel=1e-4)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_state_pays_officers_for_their_months_and_superiors_get_no_more_than_they_ask(lived, engine):
    got = lived(engine=engine)
    accounts, officers = got.table("accounts"), got.table("officers")
    p = parameters(country("toyland"))
    day = date(2021, 6, 7)
    wage = p.number("bribery.wage", day) * p.number("bribery.wage_factor", day) + p.number("bribery.ration", day)
    months = officers["officer_months"].sum()
    takers = pl.col("taker").is_in(["officers", "guards"])
    paid = accounts.filter((pl.col("giver") == "state") & takers)["kg"].sum()
    assert paid == pytest.approx(wage * months, rel=1e-4)
    shares = p.number("bribery.handed_up", day) * got.table("bribes")["kg"].sum()
    superiors = accounts.filter(pl.col("taker") == "superiors")["kg"].sum()
    assert 0 < superiors <= p.number("bribery.demand", day) * months + shares
    # As many officers at the end as at the beginning, whatever they catch.
    assert officers.group_by("place", "officer").agg(pl.col("officers").n_unique())["officers"].max() == 1
    weeks = len(set(got.table("series")["week"]))
    assert months == pytest.approx(
        officers.filter(pl.col("period") == officers["period"].min())["officers"].sum() * weeks / MONTH_WEEKS
    )


# What cannot change a run.


@pytest.mark.parametrize("engine", ENGINES)
def test_neither_threads_nor_progress_change_a_run(lived, engine):
    told = []
    again = lived(engine=engine, threads=3, fresh=True, progress=lambda *said: told.append(said))
    assert again.meta["content_digest"] == lived(engine=engine).meta["content_digest"]
    assert told[-1][1] == told[-1][2] == len(set(again.table("nation")["week"]))


def test_two_seeds_are_two_histories(lived):
    a, b = (lived(seed=seed).meta["content_digest"] for seed in (1, 2))
    assert a != b


def test_a_scenario_equal_to_history_gives_the_same_tables(lived):
    told = country("toyland").scenario("history").model_copy(update={"id": "as-before", "name": "as before"})
    again = lived(scenario=told)
    assert again.meta["content_digest"] == lived().meta["content_digest"]


@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_differs_from_history_before_the_first_gate(lived, engine):
    """Bit by bit for persons; the expectation adds up its contacts in another order, so there to the last digits.

    Accounts are kept in whole grams, so there the last digit is a gram or two.
    """
    local = {"sets": LOCAL, "engine": engine}
    with_gates, without = (lived(scenario=scenario, **local) for scenario in ("history", "no-gates"))
    for name in UNCHANGED:
        day = with_gates.table(name).columns[0]
        a, b = (got.table(name).filter(pl.col(day) < GATES) for got in (with_gates, without))
        assert a.height > 0
        drop = ["spares"] if name == "nation" else []
        if engine == "individuals":
            assert a.drop(drop).equals(b.drop(drop)), name
        else:
            assert_frame_equal(a.drop(drop), b.drop(drop), rel_tol=1e-9, abs_tol=2e-3 if name == "accounts" else 1e-9)
    after = [got.table("series").filter(pl.col("week") >= GATES) for got in (with_gates, without)]
    assert not after[0].equals(after[1])


def test_gates_that_never_reach_the_register_change_nothing_but_what_is_known(lived):
    """All devices stand idle, so that officers look as ever; people hear of gates and have nothing to act on.

    But what is seen frightens all the same, if anything does, and who knows of cameras steals less before others.
    """
    bold = {"caution.visible_equipment": 0.0, "attitudes.theft_fall_where_watched": 0.0, "network.linked_factor": 0.0}
    idle, without = lived(sets=bold), lived(scenario="no-gates", sets=bold)
    for name in ("series", "modes", "held"):
        assert idle.table(name).equals(without.table(name)), name
    a, b = (got.table("people").filter(pl.col("knows"))["persons"].sum() for got in (idle, without))
    assert a > b


def test_a_country_without_gates_has_none(lived):
    without = lived(scenario="no-gates")
    assert "sites" not in without.tables or without.table("sites").height == 0
    assert not [name for name in set(without.table("contacts")["contact"]) if "live" in name or "idle" in name]
    assert lived().table("sites")["week"].min() == GATES


def test_an_event_taken_away_changes_nothing_before_its_date(lived):
    """The border shuts in February 2020; without that, goods keep coming, and prices stay."""
    span, since = {"start": date(2019, 11, 4), "end": date(2020, 5, 4)}, date(2020, 2, 3)
    shut, always_open = (lived(scenario=scenario, **span) for scenario in ("history", "open-border"))
    for name in ("series", "modes", "people", "held", "bribes", "accounts", "market"):
        before = pl.col(shut.table(name).columns[0]) < since
        assert shut.table(name).filter(before).height > 0
        assert shut.table(name).filter(before).equals(always_open.table(name).filter(before)), name
    last, kept = (got.table("market")["goods_price"].tail(1).item() for got in (shut, always_open))
    assert last > kept


def without_a_permit(got):
    return got.table("series").filter(pl.col("act") == "journey_without_permit")


def test_journeys_with_a_permit_touch_those_without_only_through_officers_who_hold_people_up(lived):
    """Before any gate nothing that happens to a permitted traveller frightens, holds or teaches anybody.

    But officers who are short of what is demanded hold up whom they can. With fewer innocent people on the way, who has
    no permit and got through all the same is held up the more often.
    """
    span = {"start": date(2016, 1, 4), "end": date(2016, 12, 26)}
    nothing, alone = {"bribery.demand": 0.0}, {"acts.rate_factor_journey_with_permit": 0.0}
    both, one = lived(sets=nothing, **span), lived(sets=nothing | alone, **span)
    assert without_a_permit(both).equals(without_a_permit(one))
    assert one.table("series").filter(pl.col("act") == "journey_with_permit")["intents"].sum() == 0
    both, one = lived(**span), lived(sets=alone, **span)
    held = [
        got.table("officers").select((pl.col("held_up") * pl.col("officer_months")).sum()).item() for got in (both, one)
    ]
    found = [got.table("bribes").filter(pl.col("finding") == "looked_over").sum() for got in (both, one)]
    assert min(held) > 0
    asked = [of["payers"].item() / of["found"].item() for of in found]
    assert asked[1] > asked[0] > 0


@pytest.mark.parametrize("engine", ENGINES)
def test_a_scenario_that_begins_on_a_date_is_history_until_then(lived, engine):
    """From April 2021 nobody demands anything of officers, and from then on no innocent person pays one."""
    since = country("toyland").scenario("relieve-the-enforcers").start
    history, relieved = (lived(scenario=told, engine=engine) for told in ("history", "relieve-the-enforcers"))
    for name in UNCHANGED:
        day = pl.col(history.table(name).columns[0])
        a, b = (got.table(name).filter(day < since) for got in (history, relieved))
        assert a.height > 0
        assert a.equals(b), name
    innocent = pl.col("finding").is_in(["stopped", "looked_over"]) & (pl.col("period") >= since)
    paid = [got.table("bribes").filter(innocent)["payers"].sum() for got in (history, relieved)]
    assert paid[0] > 0 == paid[1]
    assert relieved.table("officers").filter(pl.col("period") >= since)["held_up"].max() == 0


class Stopped(Exception):
    """The run is killed here."""


@pytest.mark.parametrize("engine", ENGINES)
def test_a_run_that_is_cut_off_and_taken_up_again_ends_as_if_it_had_not(lived, engine, tmp_path, monkeypatch):
    monkeypatch.setattr(loop, "CHECKPOINT_SECONDS", 0.0)
    pack = country("toyland")
    made = plan(
        pack, pack.scenario("history"), engine=engine, scale=1.0, start=date(2020, 12, 7), end=date(2022, 1, 31)
    )
    store = Store(tmp_path)

    def stop_at(last):
        def told(phase, weeks, of):
            if phase == "living" and weeks >= last:
                raise Stopped

        return told

    for last in (1, 6, 23, 40, 58):
        with pytest.raises(Stopped):
            run(made, store, 1, stop_at(last))
        assert store.complete(made.run_id) is None
    again = run(made, store)
    assert again.meta["content_digest"] == lived(engine=engine).meta["content_digest"]
    assert again.meta["facts"] == lived(engine=engine).meta["facts"]


def test_a_finished_run_is_given_back_as_it_is(lived):
    first = lived()
    again = lived()
    assert again.run_id == first.run_id
    assert again.folder == first.folder


# What the world does to people.


def test_spin_up_ends_where_caution_has_settled():
    for name in ("toyland", "dprk"):
        pack = country(name)
        life = Life(plan(pack, pack.scenario("history"), engine="expected"))
        assert life.begun.last_change < loop.SETTLED, name
        life.close()


def test_more_power_means_more_passed_by_a_gate_that_sees(lived):
    seen = {}
    for scenario in ("history", "full-power"):
        contacts = lived(scenario=scenario, engine="expected", sets=LOCAL).table("contacts")
        at_gates = contacts.filter(pl.col("contact").str.contains("_live_") & pl.col("powered"))
        seen[scenario] = at_gates["recorded_passed"].sum()
    assert seen["full-power"] > seen["history"] > 0


def test_the_two_engines_agree_over_years_of_learning(lived, record_property):
    """Shares of intents by state, and the spread of caution, over three years in a nation of a hundred thousand.

    A gap of two per cent, or four standard errors of the acts counted. How many intents there are is left out: that
    goes by who was drawn. What remains is chance that officers learn from: takings that go up and down leave them
    short more often than takings that do not, so that among persons innocent people pay a little more.
    """
    span = {"start": date(2020, 1, 6), "end": date(2022, 12, 26), "sets": LOCAL, "name": "dprk", "scale": 0.004}
    shares, people = {}, {}
    for engine in ENGINES:
        got = lived(engine=engine, **span)
        acts = got.table("series").group_by("act").agg(pl.col("intents", *STATES).sum())
        shares[engine] = acts.sort("act").to_dicts()
        persons = got.table("people").group_by("caution", "knows").agg(pl.col("persons").sum())
        people[engine] = persons.sort("caution", "knows").with_columns(pl.col("persons") / pl.col("persons").sum())
    for counted, wanted in zip(shares["individuals"], shares["expected"], strict=True):
        for state in STATES:
            if wanted[state] == 0:
                assert counted[state] == 0
                continue
            number = wanted[state] * span["scale"]
            gap = (counted[state] / counted["intents"]) / (wanted[state] / wanted["intents"]) - 1
            record_property(f"{wanted['act']} {state}", float(gap))
            print(f"{wanted['act']:23}{state:14}{number:8.0f} acts, individuals to expected {100 * gap:+.2f}%")
            assert abs(gap) < 0.02 + 4 / np.sqrt(number), (wanted["act"], state)
    for (caution, knows, counted), (*_, wanted) in zip(
        people["individuals"].iter_rows(), people["expected"].iter_rows(), strict=True
    ):
        record_property(f"caution {caution} knows {knows}", float(counted - wanted))
        print(f"caution {caution}, knows {knows}: {100 * counted:.2f}% of persons for {100 * wanted:.2f}%")
        assert abs(counted - wanted) < 0.01
