"""Institutions: what officers do with the discretion they have."""

from greyspace.institutions.discretion import caught_without_permit, stopped_in_error

__all__ = ["caught_without_permit", "stopped_in_error"]
