"""Country: a pack of tables, parameters, events and scenarios, read whole and checked."""

from greyspace.country.chain import Chain
from greyspace.country.events import ACTS, JOURNEYS, Event, number_of
from greyspace.country.pack import POSTERIOR, Pack, check, load_pack, packs
from greyspace.country.people import (
    KINDS,
    PROFILES,
    ROLES,
    SEXES,
    SIZES,
    STANDINGS,
    Generator,
    Profile,
    generator,
    household_standings,
    shares,
)
from greyspace.country.regions import ActRate, GateSite, Link, Region, Station, Supply
from greyspace.country.rows import Column
from greyspace.country.scenarios import Scenario

__all__ = [
    "ACTS",
    "JOURNEYS",
    "KINDS",
    "POSTERIOR",
    "PROFILES",
    "ROLES",
    "SEXES",
    "SIZES",
    "STANDINGS",
    "ActRate",
    "Chain",
    "Column",
    "Event",
    "GateSite",
    "Generator",
    "Link",
    "Pack",
    "Profile",
    "Region",
    "Scenario",
    "Station",
    "Supply",
    "check",
    "generator",
    "household_standings",
    "load_pack",
    "number_of",
    "packs",
    "shares",
]
