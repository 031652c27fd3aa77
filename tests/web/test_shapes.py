"""What the page reads of an answer is what the server sends."""

import re
from pathlib import Path

from greyspace.web import shapes

PAGE = Path(__file__).parent.parent.parent / "page" / "src" / "api" / "shapes.ts"

NAMED = {"Kept": "Compared", "Compared": "ComparedSeries", "Band": "Spread", "Finished": "FinishedRun"}
"""What the page names otherwise than the server."""

EVENTS = {"Coarse", "Done"}
"""These come as events; what they hold is looked at where they are sent."""


def test_the_page_reads_nothing_that_the_server_does_not_send():
    found = re.findall(r"^export interface (\w+) \{\n(.*?)^\}", PAGE.read_text(), flags=re.DOTALL | re.MULTILINE)
    read = {name: set(re.findall(r"^  (\w+)\??:", body, flags=re.MULTILINE)) for name, body in found}
    assert len(read) > 15
    unsent = {
        f"{name}.{key}"
        for name, keys in read.items()
        if name not in EVENTS
        for key in keys - set(getattr(shapes, NAMED.get(name, name)).model_fields)
    }
    assert unsent == set()
