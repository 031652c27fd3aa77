"""Checks by officers on the way, where a missing permit may be overlooked, or a false paper not told: what trains and
road posts share.
"""

from dataclasses import dataclass
from math import prod

import numpy as np

from greyspace.country import Pack
from greyspace.evidence import Parameters
from greyspace.infrastructure import Site
from greyspace.society.papers import FALSE, PAPERS
from greyspace.systems.false_papers import inspected
from greyspace.systems.shape import Contact, Floats, View


def checks(encounter: str, officer: str, how: str = "") -> tuple[Contact, ...]:
    """A check of travellers with a permit, and of those without one by what they show instead; ``how`` it is made."""
    name = f"{encounter}_{how}" if how else encounter
    without = (
        Contact(f"{name}_{papers}", encounter, "journey_without_permit", officer, papers=papers) for papers in PAPERS
    )
    return (Contact(f"{name}_permit", encounter, "journey_with_permit", officer), *without)


@dataclass(frozen=True)
class SpotChecks:
    """``shares``: ids of the parameters whose product is the chance of being checked when one passes."""

    name: str
    contacts: tuple[Contact, ...]
    shares: tuple[str, ...]

    def sites(self, country: Pack, p: Parameters) -> tuple[Site, ...]:
        """No equipment."""
        return ()

    def met(self, view: View) -> dict[str, Floats]:
        """The chance of being checked, the same everywhere."""
        checked = prod(view.p.number(share) for share in self.shares)
        return {contact.name: np.full(view.places, checked) for contact in self.contacts}

    def odds(self, view: View) -> dict[str, Floats]:
        """Papers in order are looked over; a missing permit is noticed, or overlooked; a false paper told, or not."""
        log = view.p.number(f"{self.name}.log_share")
        noticed = 1.0 - view.p.number(f"{self.name}.miss")
        found = {}
        for contact in self.contacts:
            if contact.papers in FALSE:
                found[contact.name] = inspected(view, contact.papers, noticed, log, "looked_over")
                continue
            caught = 0.0 if contact.act == "journey_with_permit" else noticed
            found[contact.name] = view.everywhere(({"caught": caught, "looked_over": 1.0 - caught}, log))
        return found
