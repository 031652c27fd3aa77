"""What the model is held against, and what rejects wrong models, as tables and figures of validation.md.

    python docs/validated.py results/validation/dprk    write them from what `greyspace validate` left there

The folder is that of `greyspace validate --mutants --profiles`, which takes minutes to live.
"""

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from blocks import put, table

PAGE = Path(__file__).resolve().parent / "validation.md"
FIGURES = PAGE.parent / "figures"
VERDICT = {True: "holds", False: "**fails**", None: "not measured"}


def marks(found: Mapping[str, Any], *kinds: str) -> str:
    """Marks of some kinds: what each says, what is wanted, what came out, from where."""
    rows = [
        (f"`{m['id']}`: {m['says']}", m["kind"], m["wanted"], m["found"], VERDICT[m["holds"]], m["source"])
        for m in found["marks"]
        if m["kind"] in kinds
    ]
    return table(("what", "kind", "wanted", "found", "", "from"), rows)


def mutants(found: Mapping[str, Any]) -> str:
    """Wrong models: what rejects each, and what it does better."""
    rows = [
        (f"`{m['id']}`: {m['says']}", m["rejected_by"], ", ".join(m["breaks"]), ", ".join(m["keeps_instead"]))
        for m in found["mutants"]
    ]
    return table(("wrong model", "rejected by", "breaks", "keeps, where the model fails"), rows)


def ridges(found: Mapping[str, Any]) -> str:
    """A sentence for each pair of parameters that cannot be told apart."""
    return "\n".join(f"- {each['says'][0].upper()}{each['says'][1:]}. {each['in_words']}" for each in found["profiles"])


def blocks(found: Mapping[str, Any]) -> dict[str, str]:
    """The blocks of the page, by name."""
    return {
        "laws": marks(found, "law", "limit"),
        "facts": marks(found, "put in", "fit", "told", "held out"),
        "mutants": mutants(found),
        "ridges": ridges(found),
    }


def written(page: str, found: Mapping[str, Any]) -> str:
    """The page with its blocks written anew."""
    for name, text in blocks(found).items():
        page = put(page, name, text)
    return page


def main(words: Sequence[str]) -> int:
    """Write the blocks and copy the figures."""
    folder = Path(words[0])
    found = json.loads((folder / "validation.json").read_text("utf-8"))
    PAGE.write_text(written(PAGE.read_text("utf-8"), found), encoding="utf-8")
    for figure in sorted(folder.glob("validation*.png")):
        shutil.copy(figure, FIGURES / figure.name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
