"""From parameters and what a run sets to the values a run reads."""

import copy
import difflib
from bisect import bisect_right
from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from greyspace.errors import InputError
from greyspace.evidence.parameters import Parameter, ParameterSet, Value

Setting = float | str | Mapping[date, float]

_YEAR = 365.25
_DAY = timedelta(days=1)


class _Stretch(NamedTuple):
    """Where a quantity runs in a straight line from its value on a date, ``now``, to that on the next, ``then``.

    Known to hold from the day ``since`` until before another.
    """

    since: date
    until: date
    before: date
    now: float
    then: float
    days: int

    @property
    def grows(self) -> bool:
        return self.now != self.then

    def at(self, day: date) -> float:
        if self.now == self.then:
            return self.now
        return self.now + (self.then - self.now) * ((day - self.before).days / self.days)


class Parameters:
    """The values of one run. Remembers which were read, so that a test can find those that nothing uses."""

    def __init__(
        self,
        fixed: dict[str, Value],
        dated: dict[str, dict[date, float]],
        before: Mapping[str, tuple[date, dict[date, float]]],
    ) -> None:
        """``before``: of what a run sets from a date on, that date and the values without it."""
        self._fixed = fixed
        self._dated = dated
        self._before = before
        self.days = {key: list(values) for key, values in dated.items()}
        self.day: date | None = None
        self.used: set[str] = set()
        self._lasting: dict[tuple[str, str, date], tuple[Value, date]] = {}
        self._stretches: dict[str, _Stretch] = {}

    def on(self, day: date) -> "Parameters":
        """The same as they stand on a day: what changes by date is read like what holds for the whole run."""
        found = copy.copy(self)
        found.day = day
        found._lasting = {}
        return found

    def but(self, values: Mapping[str, float]) -> "Parameters":
        """The same with other numbers, which hold for the whole run."""
        found = copy.copy(self)
        found._fixed = {**self._fixed, **values}
        found._dated = {key: of for key, of in self._dated.items() if key not in values}
        found._lasting = {}
        found._stretches = {}
        return found

    def __getitem__(self, key: str) -> Value:
        """The value of a parameter that holds for the whole run, or, where these stand on a day, on that day."""
        self.used.add(key)
        value = self._fixed.get(key)
        if value is not None:
            return value
        if self.day is not None:
            return self.at(key, self.day)
        if key in self._dated:
            raise InputError(f"{key} has one value for a whole run here; it cannot change by date.")
        raise KeyError(key)

    def number(self, key: str, day: date | None = None) -> float:
        """The same, known to be a number; with a day, that of a parameter which may change by date."""
        value = self._fixed.get(key) if self.day is not None else None
        if value is not None:  # as of most that are asked for day by day, found at one look-up
            self.used.add(key)
        else:
            value = self[key] if day is None else self.at(key, day)
        assert not isinstance(value, str), key
        return value

    def at(self, key: str, day: date) -> Value:
        """The value that holds on a day; a parameter without dates has one for all days."""
        self.used.add(key)
        value = self._fixed.get(key)
        if value is not None:
            return value
        place = bisect_right(self.days[key], day)
        if place == 0:
            raise InputError(f"{key} has no value on {day}; its first holds from {self.days[key][0]}.")
        return self._dated[key][self.days[key][place - 1]]

    def between(self, key: str, day: date) -> float:
        """The value on a day of a quantity that grows from date to date, in a straight line between the dates given."""
        value = self.at(key, day)
        if key in self._fixed:
            assert not isinstance(value, str), key
            return value
        return self._stretch(key, day).at(day)

    def dates(self, key: str) -> tuple[date, ...]:
        """The dates given for a quantity, in order; none where one value holds for all days."""
        self.used.add(key)
        return tuple(day for day in self._dated.get(key, {}) if day != date.min)

    def years_after(self, key: str, day: date) -> float:
        """Years from the last date given for a quantity to a day; 0 before, and where one value holds for all days."""
        if key in self._fixed:
            return 0.0
        last = list(self._line(key, day))[-1]
        return 0.0 if last == date.min else max((day - last).days / _YEAR, 0.0)

    def lasting(self, read: str, key: str, day: date) -> tuple[Value, date]:
        """What the method so named reads on a day, and a day up to which it would read the same.

        It may well stay the same for longer; ``date.max``: for good. Worked out once for all who ask the same.
        """
        found = self._lasting.get((read, key, day))
        if found is None:
            found = self._lasting[read, key, day] = self._lasts(read, key, day)
        return found

    def _lasts(self, read: str, key: str, day: date) -> tuple[Value, date]:
        if key in self._fixed:
            return getattr(self, read)(key, day), date.max
        if read == "between":
            self.used.add(key)
            stretch = self._stretch(key, day)
            return stretch.at(day), day + _DAY if stretch.grows else stretch.until
        value = getattr(self, read)(key, day)
        grows = read == "years_after" and date.min < list(self._line(key, day))[-1] <= day
        days = self.days[key]
        later = bisect_right(days, day)
        return value, day + _DAY if grows else days[later] if later < len(days) else date.max

    def _stretch(self, key: str, day: date) -> "_Stretch":
        """The stretch of a quantity with dates in which a day lies: most days lie in that of the day asked for last."""
        found = self._stretches.get(key)
        if found is None or not found.since <= day < found.until:
            found = self._stretches[key] = self._stretched(key, day)
        return found

    def _stretched(self, key: str, day: date) -> "_Stretch":
        values, own = self._line(key, day), self.days[key]
        days = own if values is self._dated[key] else list(values)
        place, later = bisect_right(days, day), bisect_right(own, day)
        before = days[place - 1]
        # What a run sets from a date on is among its own dates, so a stretch of the line before it ends there too.
        until = own[later] if later < len(own) else date.max
        if place == len(days) or before == date.min:
            return _Stretch(day, until, before, values[before], values[before], 1)
        after = days[place]
        return _Stretch(day, min(until, after), before, values[before], values[after], (after - before).days)

    def _line(self, key: str, day: date) -> dict[date, float]:
        """The dated values that tell of a day: what a run sets from a date on does not bend the line before it."""
        if key in self._before and day < self._before[key][0]:
            return self._before[key][1]
        return self._dated[key]

    def begun_with(self, day: date) -> dict[str, Value | dict[date, float]]:
        """All values by id without what a run sets from a date after ``day`` on: what its first days rest on."""
        early = {key: usual for key, (first, usual) in self._before.items() if day < first}
        found: dict[str, Value | dict[date, float]] = {**self._fixed, **self._dated, **early}
        undated = {key: of[date.min] for key, of in early.items() if list(of) == [date.min]}
        return {**found, **undated}

    def differs(self, other: "Parameters") -> dict[str, date]:
        """Ids of what is not the same in two resolutions of one set of parameters, with the first day on which a
        reading of any kind may tell them apart; ``date.min`` where that is so on every day.
        """
        found: dict[str, date] = {}
        for key in [*self._fixed, *self._dated]:
            if key in self._fixed and key in other._fixed:
                if self._fixed[key] != other._fixed[key]:
                    found[key] = date.min
                continue
            # Between these days readings follow one and the same rule.
            days = {date.min, *self._days_of(key), *other._days_of(key)}
            first = next((day for day in sorted(days) if self._rule(key, day) != other._rule(key, day)), None)
            if first is not None:
                found[key] = first
        return found

    def _days_of(self, key: str) -> set[date]:
        first, usual = self._before.get(key, (date.min, {}))
        return {first, *usual, *self._dated.get(key, {})}

    def _rule(self, key: str, day: date) -> tuple[object, ...]:
        """From what :meth:`at`, :meth:`between` and :meth:`years_after` read on this day and until the next of its
        days.
        """
        if key in self._fixed:
            return self._fixed[key], (), None
        place = bisect_right(self.days[key], day)
        value = self._dated[key][self.days[key][place - 1]] if place else None
        line = list(self._line(key, day).items())
        days = [each for each, _ in line]
        place, last = bisect_right(days, day), days[-1]
        grows = 0 < place < len(days) and days[place - 1] != date.min
        near = tuple(line[place - 1 : place + 1]) if grows else line[place - 1][1:] if place else None
        return value, () if near == (value,) else near, last if date.min < last <= day else None

    def __contains__(self, key: object) -> bool:
        return key in self._fixed or key in self._dated

    def resolved(self) -> dict[str, Value | dict[str, float]]:
        """All values by sorted id, JSON-able: dates as ISO text."""
        dated = {key: {day.isoformat(): value for day, value in values.items()} for key, values in self._dated.items()}
        return dict(sorted({**self._fixed, **dated}.items()))


def resolve(parameters: ParameterSet, sets: Mapping[str, Setting] | None = None) -> Parameters:
    """The parameters with what a run sets put over them.

    A set number replaces the value (at all dates, if it is dated). A set mapping from dates to numbers replaces what
    holds from its first date on. Raises InputError for an unknown id (with the nearest known), or a value that is of
    the wrong kind or out of range.
    """
    fixed: dict[str, Value] = {}
    dated: dict[str, dict[date, float]] = {}
    before: dict[str, tuple[date, dict[date, float]]] = {}
    for key, parameter in parameters.items():
        if parameter.values:
            dated[key] = dict(parameter.values)
        else:
            assert parameter.value is not None
            fixed[key] = parameter.value
    for given, setting in (sets or {}).items():
        key = known_id(parameters, given)
        parameter = parameters[key]
        if isinstance(setting, Mapping):
            dated[key] = _overlaid(parameter, setting)
            before[key] = _until(parameter, setting)
            fixed.pop(key, None)
        else:
            fixed[key] = _allowed(parameter, setting)
            dated.pop(key, None)
    return Parameters(fixed, dated, before)


def known_id(parameters: ParameterSet, given: str) -> str:
    """The present id of a parameter; InputError, with the nearest, when there is none."""
    if given in parameters.by_id:
        return given
    if given in parameters.aliases:
        return parameters.aliases[given]
    near = difflib.get_close_matches(given, list(parameters), n=1, cutoff=0.5)
    raise InputError(f"There is no parameter '{given}'{f'; did you mean {near[0]}?' if near else '.'}")


def parse_set(text: str) -> tuple[str, Value]:
    """Read `id=value` as the command line gives it: a number where it is one, else a word.

    >>> parse_set("power.least_hours=24")
    ('power.least_hours', 24.0)
    """
    key, equals, value = text.partition("=")
    key, value = key.strip(), value.strip()
    if not (equals and key and value):
        raise InputError(f"--set '{text}': expected id=value, for example power.least_hours=24.")
    try:
        return key, float(value)
    except ValueError:
        return key, value


def _allowed(parameter: Parameter, value: object) -> Value:
    try:
        parameter.refuse_outside(value)
    except ValueError as error:
        raise InputError(f"{parameter.id} ({parameter.file}): {error}.") from None
    assert isinstance(value, str | int | float)  # refuse_outside has seen to it
    return value if isinstance(value, str) else float(value)


def _overlaid(parameter: Parameter, setting: Mapping[date, float]) -> dict[date, float]:
    if parameter.options is not None:
        raise InputError(f"{parameter.id} ({parameter.file}): a word holds for a whole run; it cannot be dated.")
    if not setting:
        raise InputError(f"{parameter.id} ({parameter.file}): no dates are given; expected a date and a number.")
    new: dict[date, float] = {}
    for day, value in setting.items():
        if not isinstance(day, date):
            raise InputError(f"{parameter.id} ({parameter.file}): '{day}' is not a date such as 2021-04-01.")
        new[day] = float(_allowed(parameter, value))
    first = min(new)
    kept = {day: value for day, value in _usual(parameter).items() if day < first}
    return dict(sorted({**kept, **new}.items()))


def _until(parameter: Parameter, setting: Mapping[date, float]) -> tuple[date, dict[date, float]]:
    """The date from which a setting changes a parameter, and its values without it; what is set for all days stays."""
    later = [day for day in setting if day != date.min]
    if date.min in setting and later:
        return min(later), {date.min: float(setting[date.min])}
    return min(setting), _usual(parameter)


def _usual(parameter: Parameter) -> dict[date, float]:
    """Its values by date as the pack has them; one that has no dates holds for all days."""
    if parameter.values:
        return dict(parameter.values)
    assert isinstance(parameter.value, int | float), parameter.id
    return {date.min: float(parameter.value)}
