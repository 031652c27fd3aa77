"""Whole runs of both engines in every country: nobody, no act, no record and no kilogram is lost or made on the way."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from given import country, parameters
from greyspace.contract import STATES, VERDICTS
from greyspace.country import ACTS, packs
from greyspace.institutions import GUARDS, MONTH_WEEKS, OFFICERS
from greyspace.simulate import ENGINES
from greyspace.systems import SYSTEMS

SCALE = {"dprk": 0.002, "toyland": 1.0, "brightland": 0.3}
SPAN = {"start": date(2020, 7, 6), "end": date(2021, 5, 31)}
DEADLY = {
    "border_video.shot_factor": 100.0,
    "border_video.guard_bribe_factor": 0.0,
    "border_video.patrol_factor": 0.0,
    "acts.rate_factor_crossing": 4.0,
    "acts.elsewhere_crossing": 1.0,
}
"""Many cross, all meet guards, nobody can be let off, and guards shoot: so that somebody dies in a small run."""

EVERYWHERE = [(name, engine) for name in packs() for engine in ENGINES]
CONTACT = {contact.name: contact for system in SYSTEMS for contact in system.CONTACTS}


@pytest.fixture(params=EVERYWHERE, ids=lambda case: "-".join(case))
def case(request):
    return request.param


@pytest.fixture
def got(lived, case):
    name, engine = case
    return lived(name, engine=engine, scale=SCALE[name], **SPAN)


def words(frame, *columns):
    return frame.with_columns(pl.col(columns).cast(pl.String))


def by(frame, keys, *measures):
    found = words(frame, *(key for key in keys if key not in ("period", "week")))
    return found.group_by(keys).agg(pl.col(measures).sum()).sort(keys)


def at_contacts(got, *verdicts):
    """Contacts that came to these verdicts, recorded or not, by act."""
    met = got.table("contacts").with_columns(
        pl.col("contact").cast(pl.String).replace_strict({name: c.act for name, c in CONTACT.items()}).alias("act"),
        pl.sum_horizontal(f"{seen}_{v}" for seen in ("recorded", "unrecorded") for v in verdicts).alias("met"),
    )
    found = dict(met.group_by("act").agg(pl.col("met").sum()).iter_rows())
    return np.array([found.get(act, 0.0) for act in ACTS])


def acts(got, *states):
    found = words(got.table("modes"), "act").group_by("act").agg(pl.sum_horizontal(states).sum().alias("acts"))
    return np.array([dict(found.iter_rows())[act] for act in ACTS])


# People.


def test_who_lives_and_who_was_killed_are_those_of_the_beginning(lived, case):
    name, engine = case
    got = lived(name, engine=engine, scale=SCALE[name], sets=DEADLY, **SPAN)
    pack, made = country(name), got.meta["facts"]["persons_made"]

    def persons(week, weighted):
        """Persons made, from persons of the nation in the week's year."""
        return weighted * made / float(pack.residents(week.year).sum())

    held = got.table("held").filter(pl.col("hold").cast(pl.String) == "killed")
    killed = held.group_by("week").agg(pl.col("held_new").sum()).sort("week").rows()
    for week, weighted in by(got.table("people"), ["week"], "persons").iter_rows():
        dead = sum(persons(day, of) for day, of in killed if day <= week)
        assert persons(week, weighted) + dead == pytest.approx(made, rel=1e-9), week
    orders = parameters(pack).number("border_video.shot_share", SPAN["start"])
    assert (dead > 0) == (orders > 0)  # guards of brightland shoot at nobody
    if engine == "individuals":
        assert dead == pytest.approx(round(dead), abs=1e-6)


def test_each_penalty_takes_away_whom_it_says_it_does(got):
    """Short and long terms, camps and deaths: by severity, as many persons as verdicts."""
    held = dict(by(got.table("held"), ["hold"], "held_new").iter_rows())
    for hold, verdict in (("short", "penalised"), ("long", "imprisoned"), ("camp", "camp"), ("killed", "killed")):
        assert held[hold] == pytest.approx(at_contacts(got, verdict).sum(), rel=1e-9), hold
    only = at_contacts(got, "killed") > 0
    assert not only[[i for i, act in enumerate(ACTS) if act != "crossing"]].any()


# Intents.


def test_every_intent_ends_once_whoever_counts_it(got):
    series, modes = got.table("series"), got.table("modes")
    for table in (series, modes):
        assert np.allclose(table["intents"], table.select(pl.sum_horizontal(STATES)).to_series(), rtol=1e-12)
    keys, measures = ["week", "region", "act"], ("intents", *STATES)
    assert_frame_equal(by(series, keys, *measures), by(modes, keys, *measures), rel_tol=1e-9, abs_tol=1e-9)


def test_acts_that_end_at_a_contact_end_at_one(got):
    """Turned back and punished, act by act."""
    assert at_contacts(got, "turned_back") == pytest.approx(acts(got, "turned_back"), rel=1e-9)
    penalties = VERDICTS[VERDICTS.index("fined") :]
    assert at_contacts(got, *penalties) == pytest.approx(acts(got, "punished"), rel=1e-9)
    paid = at_contacts(got, "paid")
    assert (paid >= acts(got, "paid") * (1 - 1e-9)).all()  # some pay twice, or are stopped after they paid
    assert ((paid > 0) >= (acts(got, "paid") > 0)).all()


# Records.


def test_an_act_is_on_record_just_where_a_contact_of_it_wrote_something_down(got):
    """Act by act: who went free and left a record met somebody who let him go and wrote it down, once at least."""
    contacts = got.table("contacts").with_columns(
        pl.col("contact").cast(pl.String).replace_strict({name: c.act for name, c in CONTACT.items()}).alias("act"),
        written=pl.col("recorded_passed") + pl.col("recorded_held_in_error"),
    )
    written = dict(contacts.group_by("act").agg(pl.col("written").sum()).iter_rows())
    recorded = dict(zip(ACTS, acts(got, "free_recorded"), strict=True))
    for act in ACTS:
        assert (written.get(act, 0.0) > 0) >= (recorded[act] > 0), act
        assert written.get(act, 0.0) >= recorded[act] * (1 - 1e-9), act
    assert sum(recorded.values()) > 0
    keys = ["region", "act"]
    of_leads, of_acts = (by(got.table(name), keys, "free_recorded") for name in ("leads", "modes"))
    assert_frame_equal(of_leads, of_acts, rel_tol=1e-9, abs_tol=1e-9)


# Money.


def test_what_officials_took_and_gave_is_what_accounts_say(got):
    """Place by place and month by month; each movement in accounts is rounded to a gram."""
    officials = words(got.table("officials"), "officer").with_columns(
        side=pl.when(pl.col("officer").is_in(GUARDS)).then(pl.lit("guards")).otherwise(pl.lit("officers"))
    )
    keys = ["period", "place", "side"]
    own = by(officials, keys, "bribes", "tolls", "pay", "handed_up", "to_watchers", "lost", "remains")
    moved = words(got.table("accounts"), "giver", "taker", "place")
    sides = pl.col("side").is_in(["officers", "guards"])

    def flow(side, other, *partners):
        rows = moved.with_columns(pl.col(side).alias("side")).filter(sides & pl.col(other).is_in(partners))
        return rows.group_by(keys).agg(pl.col("kg").sum())

    for kg, booked in (
        (pl.col("bribes") + pl.col("tolls"), flow("taker", "giver", "payers")),
        (pl.col("pay"), flow("taker", "giver", "state")),
        (pl.col("handed_up"), flow("giver", "taker", "superiors")),
        (pl.col("to_watchers"), flow("giver", "taker", "watchers")),
        (pl.col("lost"), flow("giver", "taker", "state")),
    ):
        both = own.select(*keys, own=kg).join(booked, on=keys, how="full", coalesce=True).fill_null(0.0)
        assert both["own"].sum() > 0 or both["kg"].sum() == 0
        assert np.allclose(both["own"], both["kg"], rtol=1e-12, atol=0.02)
    given = pl.col("handed_up") + pl.col("to_watchers") + pl.col("lost")
    left = own.select(pl.col("bribes") + pl.col("tolls") + pl.col("pay") - given).to_series()
    assert np.allclose(own["remains"], left, rtol=1e-9, atol=1e-6)


def test_bribes_and_tolls_have_one_sum_whoever_counts_them(got):
    """By kind of officer: what payers paid, found out by finding, and what officials had."""
    bribe = pl.col("finding").cast(pl.String).is_in(["caught", "on_record"])
    paid = words(got.table("bribes"), "officer").group_by("officer").agg(
        bribes=pl.col("kg").filter(bribe).sum(), tolls=pl.col("kg").filter(~bribe).sum(),
        caught=pl.col("found").filter(bribe).sum(),
    )  # fmt: skip
    had = by(got.table("officials"), ["officer"], "bribes", "tolls", "caught")
    both = had.join(paid, on="officer", how="left").fill_null(0.0)
    assert both.height <= len(OFFICERS)
    for measure in ("bribes", "tolls", "caught"):
        assert np.allclose(both[measure], both[f"{measure}_right"], rtol=1e-9, atol=1e-6), measure
    assert sum(got.table("bribes")["kg"]) == pytest.approx(both["bribes"].sum() + both["tolls"].sum(), rel=1e-9)


def test_what_vendors_pay_in_tolls_is_what_was_paid_at_trade(got, case):
    vendors = got.table("vendors")
    weeks = got.table("nation").select("week").to_series().sort()
    starts = vendors["period"].unique().sort()
    last = starts.append(pl.Series([weeks[-1]]).dt.offset_by("1w").cast(starts.dtype))
    months = dict(zip(starts, ((last[1:] - last[:-1]).dt.total_days() / 7 / MONTH_WEEKS).to_list(), strict=False))
    kg = pl.col("tolls_paid") * pl.col("vendors") * pl.col("period").replace_strict(months)
    trade = got.table("bribes").filter(pl.col("act").cast(pl.String) == "trade")["kg"].sum()
    assert vendors.select(kg.sum()).item() == pytest.approx(trade, rel=1e-9)
    left = pl.col("margin") - pl.col("tolls_paid") - pl.col("fees_paid") - pl.col("losses")
    assert np.allclose(vendors["earnings"], vendors.select(left).to_series(), rtol=1e-12)
