"""The systems, one file each. The list gives the order in which they publish; a later one stands before the earlier."""

from greyspace.systems import (
    enforcer_cameras,
    identity_register,
    road_posts,
    station_gates,
    station_officers,
    train_checks,
)
from greyspace.systems.shape import GROUPS, Contact, Record, System, View

SYSTEMS: tuple[System, ...] = (
    enforcer_cameras,
    identity_register,
    station_officers,
    train_checks,
    road_posts,
    station_gates,
)

__all__ = ["GROUPS", "SYSTEMS", "Contact", "Record", "System", "View"]
