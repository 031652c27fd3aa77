"""What became of each claim in one run of all of them, for a page of its own.

greyspace claims run --draws 32 --out results
python docs/verdicts.py results                  write the table and the figure of verdicts.md
"""

import argparse
from pathlib import Path

from blocks import table, write
from greyspace.brief.claims import HEADS, opening, picture, table_of
from greyspace.figures.style import save
from greyspace.results.files import read_json

DOCS = Path(__file__).resolve().parent


def main() -> None:
    """Read the verdicts of a folder of results, and write the page."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("results", type=Path, help="the folder in which the claims were run")
    verdicts = read_json(reader.parse_args().results / "claims" / "dprk" / "verdicts.json")
    about, found = verdicts["about"], verdicts["claims"]
    figure = picture(about, found)
    assert figure is not None, "no claim has a share of draws"
    save(figure, DOCS / "figures", "verdicts")
    (DOCS / "figures" / "verdicts.svg").unlink()  # the page shows the other
    rows = [(f"[{name}](claims.md#{name.lower()})", *rest) for name, *rest in table_of(found)]
    said = [*opening(about, found), "![In how many draws each claim holds.](figures/verdicts.png)"]
    write(DOCS / "verdicts.md", "verdicts", "\n\n".join([*said, table(HEADS, rows)]))


if __name__ == "__main__":
    main()
