"""The systems, one file each. The list gives the order in which they publish; a later one stands before the earlier."""

from greyspace.systems import (
    airport,
    analysis,
    border_guards,
    border_video,
    enforcer_cameras,
    human_network,
    identity_register,
    inspections,
    payments,
    phones,
    plate_cameras,
    road_posts,
    school_cameras,
    station_gates,
    station_officers,
    train_checks,
    workplace_cameras,
)
from greyspace.systems.shape import GROUPS, RECORD_KINDS, Chain, Contact, Record, System, View, in_turn, nothing, up_to

SYSTEMS: tuple[System, ...] = (
    enforcer_cameras,
    identity_register,
    station_officers,
    train_checks,
    road_posts,
    station_gates,
    plate_cameras,
    border_guards,
    border_video,
    inspections,
    human_network,
    workplace_cameras,
    school_cameras,
    airport,
    payments,
    phones,
    analysis,
)

__all__ = [
    "GROUPS",
    "RECORD_KINDS",
    "SYSTEMS",
    "Chain",
    "Contact",
    "Record",
    "System",
    "View",
    "in_turn",
    "nothing",
    "up_to",
]
