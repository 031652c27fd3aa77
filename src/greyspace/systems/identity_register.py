"""The register behind the smartcard identity cards: a photograph and fingerprints of every adult who renews.

It meets nobody itself. It tells other systems who is in it and where it can be reached: a gate with a gallery of its
own knows the enrolled residents of its province, wherever the network ends; a gate that asks the central register needs
the network, and then knows every enrolled person. Which of the two the gates of 2021 were is not known. A reader asks
it about a card and who holds it; a reader without a link, and a card from before the register, tell nothing.

Parameters: station_gates.gallery, identity_register.reader_share, reader_factor and enrolled (which also holds where
people are made and enrol).
"""

import numpy as np

from greyspace.country import Pack
from greyspace.evidence import Parameters
from greyspace.infrastructure import Site
from greyspace.systems.shape import Contact, Floats, Record, View, nothing

NAME = "identity_register"
CONTACTS: tuple[Contact, ...] = ()
RECORDS = (Record("photograph and fingerprints at renewal", "card", "central register"),)


def sites(country: Pack, p: Parameters) -> tuple[Site, ...]:
    """The register stands in the capital and is not modelled as equipment."""
    return ()


def publish(view: View) -> dict[str, Floats]:
    """``known_home`` and ``known_away``: share of the enrolled whom a gate knows, among residents and visitors.

    ``cards_read``: of papers that an officer looks at, the share put to a reader that reaches the register, where there
    is power, by place: a reader stands there, is linked, and the paper is a card that stands in the register.
    """
    remote = view.p["station_gates.gallery"] == "remote"
    return {
        "needs_link": np.full(view.places, float(remote)),
        "known_home": np.ones(view.places),
        "known_away": np.full(view.places, float(remote)),
        "cards_read": _read(view) if view.readers_known else np.zeros(view.places),
    }


def _read(view: View) -> Floats:
    """``[place]``: of papers that an officer looks at where there is power, the share put to a linked reader."""
    p, linked = view.p, view.infrastructure.network[view.first : view.last].mean(axis=0)
    readers = min(
        p.between("identity_register.reader_share", view.day) * p.number("identity_register.reader_factor"), 1.0
    )
    return np.asarray(readers * p.between("identity_register.enrolled", view.day) * linked)


met = odds = routine = coverage = nothing
