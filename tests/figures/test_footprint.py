"""A person's month, unicity and days told again: legible whether much was written down or nothing."""

import pytest

from greyspace.figures import footprint as of
from greyspace.figures.readings import Readings
from legible import legible

CONDITIONS = (("now", "put to the person now"), ("both", "with both alone"), ("never", "not even then"))
SAYS = ("A footprint", "A square is a record. " * 6, "A model. " * 10)


@pytest.mark.parametrize("many", [0, 1, 9])
def test_a_month_is_legible_whatever_was_written_down(many):
    every = tuple((day, name) for day in range(1, 32) for name in ("now", "never"))
    rows = [of.Row(f"place of the telephone {n}", "telephone number: 62", every) for n in range(many)]
    deeds = [of.Deed(1 + n, f"journey without permit {n}", n % 2 == 0, n == 2) for n in range(many)]
    told = [(name, frozenset(range(1, 3 * n + 2))) for n, name in enumerate(["now", "complete register", "both"])]
    legible(of.month(rows, deeds, told, frozenset({3, 4}), 31, CONDITIONS, *SAYS))


@pytest.mark.parametrize("draws", [(), (0.1, 0.5, 0.9)])
def test_unicity_is_legible_from_nobody_to_everybody(draws):
    points = (1, 2, 4)
    curves = [
        of.Curve(
            name,
            points,
            tuple(Readings(draws, share) for share in (0.0, 0.5, 1.0)),
            ((0.0, 0.1), (0.4, 0.6), (0.9, 1.0)),
            tuple(Readings(tuple(1e3 * x for x in draws), others) for others in (1e6, 10.0, 0.0)),
        )
        for name in ("the day is known", "the week", "the month")
    ]
    legible(of.unicity([("kind of record\nand region", curves), ("no place", curves)], *SAYS))


def test_days_are_legible_at_both_ends():
    groups = [
        of.Group(f"office worker, other towns {n}", 10 * n, (("now", 31.0 * n, 0.0, 31.0), ("both", 31.0, 31.0, 31.0)))
        for n in (0, 1)
    ]
    legible(of.days(groups, 31, CONDITIONS[:2], *SAYS))
