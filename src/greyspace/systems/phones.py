"""Telephones on the domestic network: the operator knows where they are, and smartphones keep pictures of the screen.

The pictures lie on the telephone until somebody takes it in his hand: searches of telephones are the inspectors'
affair.

What it knows of a day on which something was done that is not permitted may tell of it (see analysis).

Parameters: phones.owned_capital, owned_border, owned_other, owned_factor, smartphone_share, screen_log_share,
screen_log_factor, days_with_record.
"""

import numpy as np

from greyspace.country import Pack
from greyspace.evidence import Parameters
from greyspace.infrastructure import Site
from greyspace.systems.shape import MONTH_DAYS, Contact, Floats, Record, View, nothing

NAME = "phones"
CONTACTS: tuple[Contact, ...] = ()
RECORDS = (
    Record("where a telephone was, and whom it called", "telephone number", "the operator"),
    Record("pictures of the screen, kept on the telephone", "telephone", "whoever searches it"),
)


def sites(country: Pack, p: Parameters) -> tuple[Site, ...]:
    """No equipment of the model's."""
    return ()


def publish(view: View) -> dict[str, Floats]:
    """``owning``: share of adults with a telephone; ``day_phone``: who leave a place with the operator on a day."""
    owned = owning(view)
    return {"owning": owned, "day_phone": owned * view.p.number("phones.days_with_record")}


def routine(view: View) -> dict[str, Floats]:
    """Person-days with a place, and with a picture of the screen."""
    p = view.p
    adults = view.people.sum(axis=1) - view.persons("pupil")
    used = adults * owning(view) * p.number("phones.days_with_record") * MONTH_DAYS
    kept = min(p.number("phones.screen_log_factor") * p.between("phones.screen_log_share", view.day), 1.0)
    return {"phone": used, "screen": used * p.between("phones.smartphone_share", view.day) * kept}


def coverage(view: View) -> dict[str, Floats]:
    """Of adults, those with a telephone of their own."""
    return {"owners": owning(view)}


def owning(view: View) -> Floats:
    """``[place]``: share of adults with a telephone of their own."""
    factor = view.p.number("phones.owned_factor")
    share = {
        where: min(factor * view.p.between(f"phones.owned_{where}", view.day), 1.0)
        for where in ("capital", "border", "other")
    }
    found = view.at_the_border(share["border"], share["other"])
    return np.where(view.country.in_the_capital, share["capital"], found)


met = odds = nothing
