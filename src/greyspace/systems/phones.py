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
    owning = _owning(view)
    return {"owning": owning, "day_phone": owning * view.p.number("phones.days_with_record")}


def routine(view: View) -> dict[str, Floats]:
    """Person-days with a place, and with a picture of the screen."""
    p = view.p
    adults = view.people.sum(axis=1) - view.persons("pupil")
    used = adults * _owning(view) * p.number("phones.days_with_record") * MONTH_DAYS
    kept = min(p.number("phones.screen_log_factor") * p.between("phones.screen_log_share", view.day), 1.0)
    return {"phone": used, "screen": used * p.between("phones.smartphone_share", view.day) * kept}


def coverage(view: View) -> dict[str, Floats]:
    """Of adults, those with a telephone of their own."""
    return {"owners": _owning(view)}


def _owning(view: View) -> Floats:
    """``[place]``: share of adults."""
    factor = view.p.number("phones.owned_factor")
    share = {
        where: min(factor * view.p.between(f"phones.owned_{where}", view.day), 1.0)
        for where in ("capital", "border", "other")
    }
    regions = view.country.regions
    return np.array([share["capital" if r.capital else "border" if r.borders_china else "other"] for r in regions])


met = odds = nothing
