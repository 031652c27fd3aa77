"""Officers on trains, two to a car, who go through once in each province and ask for papers.

Parameters: train_checks.check_share, miss, log_share, and those of false papers.
"""

from greyspace.systems.shape import Record, nothing
from greyspace.systems.spot_checks import SpotChecks, checks

_CHECKS = SpotChecks(
    name="train_checks",
    contacts=checks("train_check", "train"),
    shares=("train_checks.check_share",),
)

NAME = _CHECKS.name
CONTACTS = _CHECKS.contacts
RECORDS = (Record("some checks, in a log on paper", "name", "railway police"),)
sites, met, odds = _CHECKS.sites, _CHECKS.met, _CHECKS.odds
publish = routine = coverage = nothing
