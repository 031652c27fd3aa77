"""What a system said holds as long as what it looked at is as it was.

Much of what systems say depends on nothing that changes from period to period, or on something that changes once a
year. Which, no system need declare: while one looks at the world, each thing that may change is noted. Of numbers and
of the calendar it is known beforehand how long they stay as they are, so all of these come to one date; everything else
is kept as it was, and compared.
"""

from collections.abc import Callable, Iterator, Mapping, Set
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greyspace.evidence import Parameters
from greyspace.evidence.parameters import Value
from greyspace.systems import View

_ONE_DAY = timedelta(days=1)

Said = Mapping[str, NDArray[np.float64]]


class Unchanged:
    """The last answer to one question, such as the odds of one system."""

    def __init__(self, say: Callable[[View], Said]) -> None:
        self._say = say
        self._noted: _Noted | None = None
        self._said: Said = {}

    def still(self, view: View) -> Said | None:
        """The last answer, where it would be the same of this view."""
        return self._said if self._noted is not None and self._noted.holds(view) else None

    def looked_at(self, names: Set[str]) -> bool:
        """Whether the last answer hangs on any of these fields of a view, or of what is published."""
        noted = self._noted
        return noted is None or not (names.isdisjoint(noted.fields) and names.isdisjoint(noted.published))

    def said(self, view: View) -> Said:
        """What the system says of a view: the last answer where it would be the same; nobody may write into it."""
        found = self.still(view)
        if found is None:
            self._noted = None
            noted = _Noted(view)
            found = self._said = self._say(_Looked(view, noted))
            self._noted = noted
        return found


class _Noted:
    """What was looked at of a view."""

    def __init__(self, view: View) -> None:
        self.since = view.day
        self.until = date.max
        self.fields: dict[str, Any] = {}
        self.published: dict[str, NDArray[np.float64] | None] = {}

    def up_to(self, day: date) -> None:
        """What was looked at may be otherwise from a day on."""
        if day < self.until:
            self.until = day

    def holds(self, view: View) -> bool:
        """Whether all of it is the same in another view."""
        return (
            self.since <= view.day < self.until
            and (not self.fields or _same(self.fields, vars(view)))
            and (not self.published or _same(self.published, view.published))
        )


def _same(noted: dict[str, Any], there: Mapping[str, Any]) -> bool:
    for name, was in noted.items():
        now = there.get(name)
        if now is not was:
            if not _equal(now, was):
                return False
            noted[name] = now  # next time it may be known at sight
    return True


def _equal(now: Any, was: Any) -> bool:
    if isinstance(now, np.ndarray) and isinstance(was, np.ndarray):
        # Of arrays this small the bytes are compared in a tenth of the time of their numbers.
        return now.dtype == was.dtype and now.shape == was.shape and now.tobytes() == was.tobytes()
    return not isinstance(now, np.ndarray) and not isinstance(was, np.ndarray) and bool(now == was)


class _Looked(View):
    """A view that notes what is looked at of it."""

    def __init__(self, view: View, noted: _Noted) -> None:
        # Whatever else is looked at is not there at first, and so comes by way of __getattr__, once.
        vars(self).update(country=view.country, _view=view, _noted=noted)

    def __getattr__(self, name: str) -> Any:
        if name not in View.__dataclass_fields__:
            raise AttributeError(name)
        found = getattr(self._view, name)
        if name == "p":
            found = _LookedUp(found, self._view.day, self._noted)
        elif name == "day":
            found = _Day.of(found, self._noted)
        elif name == "published":
            found = _Published(found, self._noted)
        else:
            self._noted.fields[name] = found
        vars(self)[name] = found
        return found

    @property
    def readers_known(self) -> bool:  # a default would be found at once
        return bool(self.__getattr__("readers_known"))


class _LookedUp(Parameters):
    """Numbers that note how long they stay as they are; those of a whole run stay."""

    def __init__(self, p: Parameters, day: date, noted: _Noted) -> None:
        vars(self).update(vars(p))
        self._p, self._of, self._noted = p, day, noted

    def at(self, key: str, day: date) -> Value:
        return self._read("at", key, day)

    def between(self, key: str, day: date) -> float:
        found: float = self._read("between", key, day)
        return found

    def years_after(self, key: str, day: date) -> float:
        return float(self._read("years_after", key, day))

    def _read(self, how: str, key: str, day: date) -> Any:
        found, until = self._p.lasting(how, key, day)
        if day != self._of:  # it may well be reckoned from the period's
            until = self._of + _ONE_DAY
        self._noted.up_to(until)
        return found


class _Day(date):
    """A date that may be handed on, but whose parts are noted when they are read."""

    _noted: _Noted

    @classmethod
    def of(cls, day: date, noted: _Noted) -> "_Day":
        made = cls(day.year, day.month, day.day)
        made._noted = noted
        return made

    @property
    def year(self) -> int:
        found = super().year
        self._noted.up_to(date(found + 1, 1, 1))
        return found

    @property
    def month(self) -> int:
        year, found = super().year, super().month
        self._noted.up_to(date(year + found // 12, found % 12 + 1, 1))
        return found

    @property
    def day(self) -> int:
        self._noted.up_to(self + _ONE_DAY)
        return super().day


class _Published(Mapping[str, NDArray[np.float64]]):
    """What is published, noted by name."""

    def __init__(self, published: Mapping[str, NDArray[np.float64]], noted: _Noted) -> None:
        self._published, self._noted = published, noted.published

    def __getitem__(self, name: str) -> NDArray[np.float64]:
        self._noted.setdefault(name, self._published.get(name))
        return self._published[name]

    def __iter__(self) -> Iterator[str]:
        raise TypeError("a system asks for what it needs of what is published, by name")

    def __len__(self) -> int:
        return len(self._published)
