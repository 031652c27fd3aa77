"""What programs write into pages: the text between ``<!-- begin NAME -->`` and ``<!-- end NAME -->``."""

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
