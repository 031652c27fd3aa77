"""Control by people alone, as the documents tell of it: what the page says of the model is what the model does."""

import pytest

from docs_programs import DOCS, program
from greyspace.results import Store


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    made = program("human_state")
    return made, made.rows(*made.lived(Store(tmp_path_factory.mktemp("results"))))


def test_the_page_says_of_each_sentence_whether_it_holds(state):
    made, rows = state
    page = (DOCS / "scenarios.md").read_text("utf-8")
    block = page.partition(f"<!-- begin {made.BLOCK} -->")[2].partition(f"<!-- end {made.BLOCK} -->")[0]
    told = [line.strip("| ").split(" | ") for line in block.strip().splitlines()[2:]]
    assert [(line[1], line[-1]) for line in told] == [(row[1], row[-1]) for row in rows]


def test_without_devices_people_still_watch_trade_pay_and_see_foreign_media(state):
    """What must hold of any model of it; the rest of the page may say that it does not."""
    _, rows = state
    holds = {says for _, says, _, _, verdict in rows if verdict == "holds"}
    for words in ("neighbours notice", "small spaces remain", "live on bribes", "to superiors", "smuggling brings"):
        assert any(words in says for says in holds), words
