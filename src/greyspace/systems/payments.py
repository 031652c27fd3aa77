"""What people leave behind as they pay by telephone, ride with a card, or watch television through a box.

None of it falls on an act; it is there all day, and grows since it is convenient.

Parameters: payments.uptake_capital, uptake_urban, uptake_rural, uptake_factor, growth_yearly, days_with_record,
transport_card_uptake, transport_card_days, set_top_uptake_capital, set_top_uptake_elsewhere, set_top_days,
others_factor.
"""

import numpy as np

from greyspace.country import Pack
from greyspace.evidence import Parameters
from greyspace.infrastructure import Site
from greyspace.systems.shape import MONTH_DAYS, Contact, Floats, Record, View, nothing

NAME = "payments"
CONTACTS: tuple[Contact, ...] = ()
RECORDS = (
    Record("payer, payee, sum and time", "telephone number", "the bank and the operator"),
    Record("card, vehicle or station, and time", "card", "the transport office"),
    Record("what a household watches", "household", "the television service"),
)


def sites(country: Pack, p: Parameters) -> tuple[Site, ...]:
    """No equipment of the model's."""
    return ()


def routine(view: View) -> dict[str, Floats]:
    """Person-days with a payment and with a ride, and household-days of television."""
    p = view.p
    adults = view.people.sum(axis=1) - view.persons("pupil")
    days = {name: p.number(f"payments.{name}") * MONTH_DAYS for name in _DAYS}
    return {
        "payment": adults * _paying(view) * days["days_with_record"],
        "transport_card": view.people.sum(axis=1) * _riding(view) * days["transport_card_days"],
        "set_top": _households(view) * _watching(view) * days["set_top_days"],
    }


_DAYS = ("days_with_record", "transport_card_days", "set_top_days")


def coverage(view: View) -> dict[str, Floats]:
    """Of adults, those who pay by telephone; of people, those with a card; of households, those with a box."""
    return {"payers": _paying(view), "riders": _riding(view), "viewers": _watching(view)}


def _paying(view: View) -> Floats:
    """``[place]``: share of adults; after the last date that is known it grows on."""
    p, factor = view.p, view.p.number("payments.uptake_factor")

    def share(where: str) -> float:
        known = f"payments.uptake_{where}"
        grown = p.number("payments.growth_yearly") * p.years_after(known, view.day)
        return min(factor * p.between(known, view.day) + grown, 1.0)

    return view.by_settlement(share("capital"), share("urban"), share("rural"))


def _riding(view: View) -> Floats:
    return view.by_settlement(_other(view, "transport_card_uptake"), 0.0, 0.0)


def _watching(view: View) -> Floats:
    elsewhere = _other(view, "set_top_uptake_elsewhere")
    return view.by_settlement(_other(view, "set_top_uptake_capital"), elsewhere, elsewhere)


def _other(view: View, name: str) -> float:
    share = view.p.between(f"payments.{name}", view.day)
    return min(view.p.number("payments.others_factor") * share, 1.0)


def _households(view: View) -> Floats:
    """``[place]``: households are as large as at the census."""
    size = np.array([region.persons / region.households for region in view.country.regions])
    return view.people.sum(axis=1) / size


publish = met = odds = nothing
