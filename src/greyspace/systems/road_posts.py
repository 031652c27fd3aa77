"""Checkpoints on roads: some manned, some of those asking for papers.

Parameters: road_posts.open_share, check_share, miss, log_share, and those of false papers (posts_per_100km where routes
are made).
"""

from greyspace.systems.shape import Record, nothing
from greyspace.systems.spot_checks import SpotChecks, checks

_CHECKS = SpotChecks(
    name="road_posts",
    contacts=checks("road_post", "road"),
    shares=("road_posts.open_share", "road_posts.check_share"),
)

NAME = _CHECKS.name
CONTACTS = _CHECKS.contacts
RECORDS = (Record("some checks, in a log on paper", "name", "post"),)
sites, met, odds = _CHECKS.sites, _CHECKS.met, _CHECKS.odds
publish = routine = coverage = nothing
