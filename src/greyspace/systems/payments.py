"""What people leave behind as they pay by telephone, ride with a card, or watch television through a box.

It is there all day, and grows since it is convenient. Some of those who know what is recorded keep to cash. What a day
leaves behind on which something was done that is not permitted may tell of it (see analysis).

Parameters: payments.uptake_capital, uptake_urban, uptake_rural, uptake_factor, growth_yearly, days_with_record,
transport_card_uptake, transport_card_days, set_top_uptake_capital, set_top_uptake_elsewhere, set_top_days,
others_factor, knowing.keeps_to_cash.
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


def publish(view: View) -> dict[str, Floats]:
    """``day_<kind>``: share of adults, people or households who leave such a record on a day, if nobody minds."""
    p = view.p
    return {
        "day_payment": _able(view) * p.number("payments.days_with_record"),
        "day_transport_card": _riding(view) * p.number("payments.transport_card_days"),
        "day_set_top": _watching(view) * p.number("payments.set_top_days"),
    }


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
    """``[place]``: share of adults who pay by telephone, less those who keep to cash since they know what is kept."""
    return _able(view) * (1.0 - view.p.number("knowing.keeps_to_cash") * view.knows_phone_and_money)


def _able(view: View) -> Floats:
    """``[place]``: share of adults who would if they did not mind; after the last date that is known it grows on."""
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


met = odds = nothing
