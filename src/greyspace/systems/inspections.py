"""Searches of homes, persons and telephones, at random or because somebody told.

Homes are checked by night, whoever sleeps there; people and their bags are searched in the street; teams stop people
and look through their telephones. Whether such a search falls on the day of an act is chance. An inspection that
follows a report or a record knows what it looks for, and finds it more often: how often is told to those who report.
Some of those who know what telephones record have nothing on theirs.

Parameters: inspections.* (checks and searches a year, factors at the border, find_<act>, targeted_find_factor),
phones.owned_<where>, owned_factor, knowing.leaves_no_trace.
"""

import numpy as np

from greyspace.country import Pack
from greyspace.evidence import Parameters
from greyspace.infrastructure import Site
from greyspace.systems.phones import owning
from greyspace.systems.shape import Contact, Floats, Record, View, add, nothing, officer_at_home

NAME = "inspections"
SEARCHES = {
    "home_check": {act: f"find_{act}" for act in ("visitor", "foreign_media", "call_abroad", "theft", "smuggling")},
    "person_search": {"trade": "find_trade", "smuggling": "find_trade"},
    "phone_search": {"foreign_media": "find_foreign_media_phone", "private_word": "find_private_word"},
}
"""By kind of search: what it can come upon, and the chance that it finds it. Smuggled goods on a person are goods."""

LOOKED_FOR = (
    *("visitor", "foreign_media", "private_word", "call_abroad", "theft", "smuggling", "crossing", "trade", "absence"),
)
"""What an inspection can be sent to look for."""

# Bags in the street are looked through by those who keep order in and around markets, where goods are what they seek.
CONTACTS = tuple(
    Contact(
        f"{search}_{act}",
        search,
        act,
        "market" if act == "trade" else officer_at_home(act),
        teaches="phone_and_money" if search == "phone_search" else "",
    )
    for search, acts in SEARCHES.items()
    for act in acts
)
RECORDS = (Record("what a search finds, in a protocol", "name", "police, state security"),)

_DAYS_A_YEAR = 365.0


def sites(country: Pack, p: Parameters) -> tuple[Site, ...]:
    """No equipment."""
    return ()


def publish(view: View) -> dict[str, Floats]:
    """``found_<act>``: chance that an inspection which is sent to look for it finds it."""
    times = view.p.number("inspections.targeted_find_factor")
    return {
        f"found_{act}": np.full(view.places, min(times * view.p.number(f"inspections.find_{act}"), 1.0))
        for act in LOOKED_FOR
    }


def met(view: View) -> dict[str, Floats]:
    """The chance that a search falls on the day of the act; of telephones, among all who act, whether they own one.

    A search of a telephone on which there is nothing of the act does not meet it.
    """
    p = view.p
    at_home = view.at_the_border(p.number("inspections.home_checks_border_factor"), 1.0)
    in_street = view.at_the_border(p.number("inspections.searches_border_factor"), 1.0)
    a_year = {"home_check": at_home * p.number("inspections.home_night_checks")}
    for search in ("person_search", "phone_search"):
        of_class = {where: p.number(f"inspections.{search}es_{where}") for where in ("capital", "urban", "rural")}
        a_year[search] = in_street * view.by_settlement(**of_class)
    a_day = {search: np.minimum(number / _DAYS_A_YEAR, 1.0) for search, number in a_year.items()}
    a_day["phone_search"] *= owning(view) * view.careless
    return {contact.name: a_day[contact.encounter] for contact in CONTACTS}


def odds(view: View) -> dict[str, Floats]:
    """Found, and written down; or looked over."""
    tables = {}
    for contact in CONTACTS:
        table = view.empty()
        found = view.p.number(f"inspections.{SEARCHES[contact.encounter][contact.act]}")
        add(table, {"caught": found}, 1.0)
        add(table, {"looked_over": 1.0 - found}, 0.0)
        tables[contact.name] = table
    return tables


routine = coverage = nothing
