"""Institutions: what officers do with the discretion they have, what it costs, and who has the money."""

from greyspace.institutions.bribe import (
    OFFENCES,
    Deal,
    Payers,
    Post,
    payers_of,
    post_of,
    price_for,
    reservation,
    strike,
    struck,
    worth,
)
from greyspace.institutions.discretion import caught_without_permit, stopped_in_error
from greyspace.institutions.money import Money, shown
from greyspace.institutions.officials import ACCOUNTS, Bribes, Ledger, demanded, held_up, settle, shortfall, takings
from greyspace.institutions.tolls import Road, Row, journey, row_of
from greyspace.institutions.watchers import (
    SIDES,
    Watch,
    Watched,
    learn,
    strike_settled,
    strike_watched,
    watch_of,
    watcher_floor,
)

__all__ = [
    "ACCOUNTS",
    "OFFENCES",
    "SIDES",
    "Bribes",
    "Deal",
    "Ledger",
    "Money",
    "Payers",
    "Post",
    "Road",
    "Row",
    "Watch",
    "Watched",
    "caught_without_permit",
    "demanded",
    "held_up",
    "journey",
    "learn",
    "payers_of",
    "post_of",
    "price_for",
    "reservation",
    "row_of",
    "settle",
    "shortfall",
    "shown",
    "stopped_in_error",
    "strike",
    "strike_settled",
    "strike_watched",
    "struck",
    "takings",
    "watch_of",
    "watcher_floor",
    "worth",
]
