"""The numbers of the reference model, which MODEL.md tells in words. Plain Python: every tool reads them from here."""

from dataclasses import dataclass

MEASURES = ("travellers", "detected", "bribed", "held", "knowing")
"""What every tool counts for each week and region: see MODEL.md."""

MEANS = (0.02, 0.15)
"""The two variants: the share of people who think of travelling on a day, on average."""

WEEKS = 52
START = 17_903
"""Day 0 in days since 1970-01-01, a Monday; only a tool with a calendar needs it."""


@dataclass(frozen=True)
class Reference:
    """Chances, by region where they are tuples of ten; ``mean`` names the variant.

    >>> model = Reference(0.02)
    >>> round(sum(share * chance for share, chance in zip(model.share, model.travel)) / 100, 12)
    0.02
    >>> model.units(9_000)
    (48, 42, 36, 33, 30, 27, 24, 24, 21, 15)
    """

    mean: float
    members: int = 30
    share: tuple[int, ...] = (16, 14, 12, 11, 10, 9, 8, 8, 7, 5)
    pace: tuple[float, ...] = (1.4, 1.2, 1.1, 1.0, 0.9, 0.8, 0.8, 0.7, 0.6, 0.84)
    powered: tuple[float, ...] = (0.95, 0.80, 0.70, 0.65, 0.60, 0.55, 0.50, 0.45, 0.35, 0.25)
    permits: tuple[int, ...] = (21, 18, 18, 15, 15, 12, 12, 12, 9, 9)
    detection: float = 0.05
    detection_knowing: float = 0.02
    inspection: float = 0.10
    bribe: float = 0.60
    learn: float = 0.10
    give_up: float = 0.40
    hold: int = 30

    @property
    def regions(self) -> int:
        """How many regions there are."""
        return len(self.share)

    @property
    def travel(self) -> tuple[float, ...]:
        """The chance of a day that a person of the region thinks of travelling."""
        return tuple(self.mean * pace for pace in self.pace)

    def units(self, persons: int) -> tuple[int, ...]:
        """Units of each region; units and persons are ordered by region.

        In whole numbers, because sums of fractions are not alike in all versions of Python.
        """
        units = persons // self.members
        ends = [(2 * units * sum(self.share[: region + 1]) + 100) // 200 for region in range(self.regions)]
        return tuple(end - start for start, end in zip([0, *ends[:-1]], ends, strict=True))

    def free_again(self, day: int) -> int:
        """The first free day of someone detected on ``day``: a Monday.

        >>> [Reference(0.02).free_again(day) for day in (0, 3, 4, 5)]
        [35, 35, 35, 42]
        """
        return -(-(day + 1 + self.hold) // 7) * 7
