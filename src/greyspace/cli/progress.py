"""What is said on stderr while runs are at work: bars on a terminal, a line now and then elsewhere, or nothing."""

import datetime as dt
import sys
import time
from types import TracebackType
from typing import Any, Self

_PLAIN_SECONDS = 10.0
"""Between two lines where there is no terminal."""


class Screen:
    """Progress of several runs, then of what is made of them. Use as a context."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._bars: Any = None
        self._names: list[str] = []
        self._starts: list[dt.date] = []
        self._parts: list[float] = []
        self._tasks: dict[int | str, Any] = {}
        self._began = time.monotonic()
        self._last_line = 0.0
        self._phase = ""

    def __enter__(self) -> Self:
        if not self._quiet and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

            console = Console(stderr=True, highlight=False)
            if not console.is_dumb_terminal:
                self._bars = Progress(
                    TextColumn("{task.description}"),
                    BarColumn(bar_width=None),
                    TaskProgressColumn(),
                    TimeRemainingColumn(),
                    TextColumn("left"),
                    console=console,
                    transient=True,
                    expand=True,
                )
                self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bars is not None:
            self._bars.stop()

    def note(self, sentence: str) -> None:
        """Say one sentence and leave it there."""
        if self._bars is not None:
            self._bars.console.print(sentence, markup=False, soft_wrap=True)
        elif not self._quiet:
            print(sentence, file=sys.stderr, flush=True)

    def begin(self, names: list[str], starts: list[dt.date]) -> None:
        """Runs begin, each with a name and the Monday of its first week."""
        self._names, self._starts, self._parts = names, starts, [0.0] * len(names)
        self._began = time.monotonic()
        if self._bars is not None and len(names) > 1:
            self._tasks["all"] = self._bars.add_task(f"0 of {len(names)} runs finished", total=float(len(names)))

    def told(self, number: int, phase: str, week: int, of: int) -> None:
        """A run says where it is."""
        self._parts[number] = week / of
        where = f"{self._names[number]}: {phase}"
        if week:
            where += f", week of {self._starts[number] + dt.timedelta(weeks=week - 1)}"
        if self._bars is None:
            self._line(where, sum(self._parts) / len(self._parts))
            return
        if number not in self._tasks:
            self._tasks[number] = self._bars.add_task(where, total=1.0)
        self._bars.update(self._tasks[number], description=where, completed=week / of)
        self._all()

    def done(self, number: int, run_id: str) -> None:
        """A run is finished."""
        self._parts[number] = 1.0
        if number in self._tasks:
            self._bars.remove_task(self._tasks.pop(number))
        self._all()
        finished = sum(part >= 1.0 for part in self._parts)
        self.note(f"{self._names[number]}: run {run_id} is finished ({finished} of {len(self._parts)})")

    def tell(self, phase: str, done: int, of: int) -> None:
        """What is made of the runs says where it is."""
        if self._bars is None:
            if phase != self._phase:
                self._phase, self._began = phase, time.monotonic()
            self._line(phase, done / of if of else 1.0)
            return
        if "after" in self._tasks and self._tasks["after"][0] != phase:
            self._bars.remove_task(self._tasks.pop("after")[1])
        if "after" not in self._tasks:
            self._tasks["after"] = (phase, self._bars.add_task(phase, total=of))
        self._bars.update(self._tasks["after"][1], completed=done, total=of)

    def _all(self) -> None:
        if self._bars is not None and "all" in self._tasks:
            finished = sum(part >= 1.0 for part in self._parts)
            self._bars.update(
                self._tasks["all"],
                description=f"{finished} of {len(self._parts)} runs finished",
                completed=sum(self._parts),
            )

    def _line(self, where: str, part: float) -> None:
        now = time.monotonic()
        if self._quiet or now - self._last_line < _PLAIN_SECONDS:
            return
        self._last_line = now
        left = ""
        if 0.02 < part < 1.0:
            seconds = round((now - self._began) * (1 - part) / part)
            left = f", about {dt.timedelta(seconds=seconds)} left"
        print(f"{where} ({part:.0%}{left})", file=sys.stderr, flush=True)
