"""What programs write into pages: the text between ``<!-- begin NAME -->`` and ``<!-- end NAME -->``; tables."""

from collections.abc import Iterable, Sequence
from pathlib import Path


def put(page: str, name: str, text: str) -> str:
    """The page with one block written anew; ValueError for a block that does not begin or end."""
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    before, begins, rest = page.partition(begin)
    _, ends, after = rest.partition(end)
    if not begins:
        raise ValueError(f"the block {name} does not begin")
    if not ends:
        raise ValueError(f"the block {name} does not end")
    return f"{before}{begin}\n\n{text}\n\n{end}{after}"


def write(page: Path, name: str, text: str) -> None:
    """Write one block of a page anew."""
    page.write_text(put(page.read_text(encoding="utf-8"), name, text), encoding="utf-8")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line(cell).replace('|', '&#124;') for cell in row)} |" for row in lines)


def line(text: str) -> str:
    """The text on one line, its angle brackets not taken for tags."""
    return " ".join(text.split()).replace("<", "&lt;")
