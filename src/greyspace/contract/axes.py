"""The words that world and engine share: what an intent can end as, what a contact can come to, and the axes."""

from dataclasses import dataclass

STATES = ("prevented", "chilled", "priced_out", "punished", "turned_back", "paid", "free_recorded", "free_unseen")
"""Every intent ends in exactly one of these; where two apply, the earlier one counts."""

PREVENTED, CHILLED, PRICED_OUT, PUNISHED, TURNED_BACK, PAID, FREE_RECORDED, FREE_UNSEEN = range(len(STATES))

FINDINGS = ("passed", "looked_over", "stopped", "caught", "on_record")
"""What a device or an officer finds: nobody stops the person; an officer looked and found nothing amiss; an innocent
person in an officer's hands by mistake; caught by an officer; caught by a device, on its record."""

FOUND = tuple(f"{seen}_{finding}" for seen in ("unrecorded", "recorded") for finding in FINDINGS)
"""The finding axis: {unrecorded, recorded} x finding."""

VERDICTS = ("passed", "held_in_error", "turned_back", "paid", "fined", "penalised", "imprisoned", "camp", "killed")
"""What is decided: a fine holds nobody; who is penalised is held shortly, then come a long term, a camp, death."""

OUTCOMES = tuple(f"{seen}_{verdict}" for seen in ("unrecorded", "recorded") for verdict in VERDICTS)
"""What one contact comes to: {unrecorded, recorded} x verdict, in this order on every outcome axis."""

WAYS_NOT_BEGUN = ("no_transport", "chilled", "priced_out")
"""The first ways of every act, before its modes: the act is not begun, and ends as the state of the same index."""

NEWS_HUMAN, NEWS_DIGITAL = 1, 2
"""News bits: a neighbour was caught by people, by a device. A unit's news of a week is the union of its members'."""

NEWS_KINDS = 4

LIMITS = {
    "regions": 256,
    "profiles": 64,
    "statuses": 256,
    "acts": 32,
    "contacts": 128,
    "cases": 32,
    "steps": 16,
    "groups": 8,
    "marks": 32,
    "standings": 8,
    "ranks": 16,
    "tempers": 16,
}
"""The largest size of each axis; a person must fit into one 32-bit word."""


@dataclass(frozen=True)
class Axes:
    """The names along each axis. ``traits`` is the fast part of a status: status = mood * len(traits) + trait.

    ``tempers`` are classes of profiles that choose alike; ``ways`` starts with :data:`WAYS_NOT_BEGUN`. A *case* is who
    decides over whom: a kind of officer, for one kind of offence.
    """

    regions: tuple[str, ...]
    profiles: tuple[str, ...]
    standings: tuple[str, ...]
    tempers: tuple[str, ...]
    moods: tuple[str, ...]
    traits: tuple[str, ...]
    acts: tuple[str, ...]
    ways: tuple[str, ...]
    contacts: tuple[str, ...]
    cases: tuple[str, ...]
    groups: tuple[str, ...]
    marks: tuple[str, ...]
    holds: tuple[str, ...]

    @property
    def statuses(self) -> int:
        return len(self.moods) * len(self.traits)
