"""Face recognition at the capital's airport: few people, mostly foreigners, and those who may leave.

Parameters: airport.travellers_yearly, travellers_factor, matched_share.
"""

import numpy as np

from greyspace.country import Pack
from greyspace.evidence import Parameters
from greyspace.infrastructure import Site
from greyspace.systems.shape import Contact, Floats, Record, View, nothing

NAME = "airport"
CONTACTS: tuple[Contact, ...] = ()
RECORDS = (Record("face and passport of each match", "face", "whoever guards the border at the airport"),)


def sites(country: Pack, p: Parameters) -> tuple[Site, ...]:
    """One airport, which has power whenever it opens."""
    return ()


def routine(view: View) -> dict[str, Floats]:
    """Passengers whose face is matched."""
    p = view.p
    yearly = p.number("airport.travellers_yearly", view.day) * p.number("airport.travellers_factor")
    records = np.zeros(view.places)
    records[_place(view.country)] = yearly / 12.0 * p.between("airport.matched_share", view.day)
    return {"face": records}


def coverage(view: View) -> dict[str, Floats]:
    """Of passengers, those matched."""
    share = np.full(view.places, np.nan)
    share[_place(view.country)] = view.p.between("airport.matched_share", view.day)
    return {"passengers": share}


def _place(country: Pack) -> int:
    return country.seat(next(region.province for region in country.regions if region.capital))


publish = met = odds = nothing
