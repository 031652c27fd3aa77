"""Jobs for other processes, which import little: some that die, one that says who lived it, one that is mistaken."""

import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from greyspace.errors import InputError


@dataclass(frozen=True)
class Dies:
    """A job whose process is killed, the first time or always."""

    mark: Path
    always: bool = False

    def live(self):
        if self.always or not self.mark.exists():
            self.mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return os.getpid()


@dataclass(frozen=True)
class Fatal:
    """A job whose process is killed when it would begin, the first time."""

    job: Any
    mark: Path

    def live(self):
        if not self.mark.exists():
            Dies(self.mark).live()
        return self.job.live()


@dataclass(frozen=True)
class Says:
    """A job that says who lived it, or what is wrong."""

    wrong: str = ""

    def live(self):
        if self.wrong:
            raise InputError(self.wrong)
        return os.getpid()
