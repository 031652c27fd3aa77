"""Officers on trains, two to a car, who go through once in each province and ask for papers.

Parameters: train_checks.check_share, miss, log_share.
"""

from greyspace.systems.shape import Contact, Record, nothing
from greyspace.systems.spot_checks import SpotChecks

_CHECKS = SpotChecks(
    name="train_checks",
    contacts=(
        Contact("train_check_permit", "train_check", "journey_with_permit", "train"),
        Contact("train_check_none", "train_check", "journey_without_permit", "train"),
    ),
    shares=("train_checks.check_share",),
)

NAME = _CHECKS.name
CONTACTS = _CHECKS.contacts
RECORDS = (Record("some checks, in a log on paper", "name", "railway police"),)
sites, met, odds = _CHECKS.sites, _CHECKS.met, _CHECKS.odds
publish = routine = coverage = nothing
