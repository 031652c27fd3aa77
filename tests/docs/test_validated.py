"""The page on validation shows what a run of the command left, failing or not."""

import re

import pytest

from docs_programs import DOCS, program
from greyspace.study.laws import LAWS
from greyspace.study.mutants import MUTANTS
from greyspace.study.profiles import PROFILES

FOUND = {
    "marks": [
        {"id": "a", "kind": "law", "says": "A.", "holds": True, "found": "1", "wanted": "1", "source": "s"},
        {"id": "b", "kind": "told", "says": "B | C.", "holds": False, "found": "2", "wanted": "3", "source": "s"},
        {"id": "c", "kind": "limit", "says": "C.", "holds": None, "found": "x", "wanted": "3", "source": ""},
    ],
    "mutants": [{"id": "m", "says": "M", "rejected_by": "nothing", "breaks": [], "keeps_instead": ["b"]}],
    "profiles": [{"id": "p", "says": "one and other", "in_words": "Along the ridge."}],
}


@pytest.fixture(scope="module")
def made():
    return program("validated")


def test_each_block_stands_on_the_page_once(made):
    page = (DOCS / "validation.md").read_text("utf-8")
    again = made.written(page, FOUND)
    assert re.findall(r"<!-- begin (\w+) -->", again) == list(made.blocks(FOUND))
    assert "| `b`: B &#124; C. | told | 3 | 2 | **fails** | s |" in again
    assert "| `m`: M | nothing |  | b |" in again
    assert "- One and other. Along the ridge." in again
    assert made.written(again, FOUND) == again


def test_the_page_tells_of_all_laws_wrong_models_and_ridges_that_there_are():
    page = (DOCS / "validation.md").read_text("utf-8")
    for name in (*(law.id for law in LAWS), *(mutant.id for mutant in MUTANTS)):
        assert page.count(f"| `{name}`: ") == 1, name
    for profile in PROFILES:
        assert f"figures/validation-{profile.id}.png" in page
