"""An explorer that really listens, and how to ask it."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import httpx

from greyspace.web.explorer import Explorer


class Running(NamedTuple):
    """A server at work, its address without the token, and the token."""

    explorer: Explorer
    base: str
    token: str

    def client(self) -> httpx.Client:
        """Somebody who has the token, and asks from the page."""
        cookie = {f"greyspace_{self.base.rpartition(':')[2]}": self.token}
        return httpx.Client(base_url=self.base, cookies=cookie, headers={"origin": self.base}, timeout=120)


def events(lines: Iterator[str]) -> Iterator[tuple[str, Any]]:
    """The events of a stream."""
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def until(true: Callable[[], bool], seconds: float = 30.0) -> bool:
    """Wait until something is true; False where it does not become so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.02)
    return False
