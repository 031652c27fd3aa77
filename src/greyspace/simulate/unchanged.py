"""What a system said holds as long as what it looked at is as it was.

Much of what systems say depends on nothing that changes from period to period, or on something that changes once a
year. Which, no system need declare: while one looks at the world, each thing that may change is noted with what it was.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greyspace.evidence import Parameters
from greyspace.systems import View

Said = Mapping[str, NDArray[np.float64]]
_Question = tuple[str, str]


class Unchanged:
    """The last answer to one question, such as the odds of one system."""

    def __init__(self, say: Callable[[View], Said]) -> None:
        self._say = say
        self._seen: dict[_Question, Any] = {}
        self._said: Said | None = None

    def still(self, view: View) -> Said | None:
        """The last answer, where it would be the same of this view."""
        if self._said is None or not all(_same(_look(view, *what), was) for what, was in self._seen.items()):
            return None
        return self._said

    def said(self, view: View) -> Said:
        """What the system says of a view: the last answer where it would be the same; nobody may write into it."""
        found = self.still(view)
        if found is None:
            self._seen = {}
            found = self._said = self._say(_Noted(view, self._seen))
        return found


def _look(view: View, how: str, name: str) -> Any:
    if how == "view":
        return getattr(view, name)
    if how == "published":
        return view.published.get(name)
    if how == "day":
        return getattr(view.day, name)
    return getattr(view.p, how)(name, view.day)


def _same(now: Any, was: Any) -> bool:
    if now is was:
        return True
    if isinstance(now, np.ndarray) and isinstance(was, np.ndarray):
        return np.array_equal(now, was)
    return type(now) is type(was) and not isinstance(now, np.ndarray) and bool(now == was)


class _Noted(View):
    """A view that notes what is looked at of it."""

    def __init__(self, view: View, seen: dict[_Question, Any]) -> None:
        vars(self).update(_view=view, _seen=seen)

    def __getattribute__(self, name: str) -> Any:
        own = super().__getattribute__
        if name in ("country", "_view", "_seen") or name not in View.__dataclass_fields__:
            return getattr(own("_view"), name) if name == "country" else own(name)
        view, seen = own("_view"), own("_seen")
        if name == "p":
            return _NotedParameters(view.p, view.day, seen)
        if name == "day":
            return _NotedDay.of(view.day, seen)
        if name == "published":
            return _NotedMapping(view.published, seen)
        return seen.setdefault(("view", name), getattr(view, name))


class _NotedParameters(Parameters):
    def __init__(self, p: Parameters, day: date, seen: dict[_Question, Any]) -> None:
        self._p, self._day, self._seen = p, day, seen

    def __getitem__(self, key: str) -> Any:
        # What holds for a whole run need not be looked at again.
        return self._on_the_day("at", key, self._day) if key in self._p.days else self._p[key]

    def __contains__(self, key: object) -> bool:
        return key in self._p

    def number(self, key: str, day: date | None = None) -> float:
        return float(self[key] if day is None else self._on_the_day("number", key, day))

    def at(self, key: str, day: date) -> Any:
        return self._on_the_day("at", key, day)

    def between(self, key: str, day: date) -> float:
        return float(self._on_the_day("between", key, day))

    def years_after(self, key: str, day: date) -> float:
        return float(self._on_the_day("years_after", key, day))

    def _on_the_day(self, how: str, key: str, day: date) -> Any:
        value = getattr(self._p, how)(key, day)
        # On another day than the period's it is what it is.
        return self._seen.setdefault((how, key), value) if day == self._day else value


class _NotedDay(date):
    """A date that may be handed on, but whose parts are noted when they are read."""

    _seen: dict[_Question, Any]

    @classmethod
    def of(cls, day: date, seen: dict[_Question, Any]) -> "_NotedDay":
        made = cls(day.year, day.month, day.day)
        made._seen = seen
        return made

    def __getattribute__(self, name: str) -> Any:
        value = super().__getattribute__(name)
        if name in ("year", "month", "day"):
            super().__getattribute__("_seen").setdefault(("day", name), value)
        return value


class _NotedMapping(Mapping[str, NDArray[np.float64]]):
    def __init__(self, published: Mapping[str, NDArray[np.float64]], seen: dict[_Question, Any]) -> None:
        self._published, self._seen = published, seen

    def __getitem__(self, name: str) -> NDArray[np.float64]:
        self._seen.setdefault(("published", name), self._published.get(name))
        return self._published[name]

    def __iter__(self) -> Iterator[str]:
        raise TypeError("a system asks for what it needs of what is published, by name")

    def __len__(self) -> int:
        return len(self._published)
