"""What is said of a claim is what was found, in words that promise nothing about the world."""

import re
from html.parser import HTMLParser

import pytest

from given import country
from greyspace.brief import claims as words_of
from greyspace.brief.claims import in_short, page, paragraphs, picture, said, under
from greyspace.study.claims import load_claims
from greyspace.study.verdicts import counted, outcome
from legible import legible

ABOUT = {
    "greyspace": "1.0", "country": "dprk", "title": "A country", "stylised": False, "pack_hash": "0123456789",
    "draws": 8, "structure_draws": 1, "evidence_read": {"sourced": 1, "derived": 2, "assumed": 3, "lever": 0},
}  # fmt: skip


def told(claim, judged, decides=()):
    share = counted(judged)
    test = claim.tests[0]
    return {
        **{name: getattr(claim, name) for name in ("id", "says", "source", "where", "because", "counts_against")},
        "label": claim.standing,
        "contradicts": claim.contradicts,
        "declared": "d",
        "draws": len(judged),
        "outcome": outcome(share),
        "share": share,
        "at_pack_values": "holds",
        "same_in_all_draws": False,
        "tests": [
            {
                **{
                    name: getattr(test, name)
                    for name in ("quantity", "design", "direction", "least", "against", "unit")
                },
                "arms": list(test.arms),
                "own": -1.5,
                "spread": [-2.0, -1.0, 0.5],
                "values": [],
            }
        ],
        "decides": list(decides),
        "structures": {"one": {"says": "fear is <great>", **counted(["contrary"])}},
        "individuals": {**counted(["holds", "neither"]), "effects": []},
    }


@pytest.fixture(scope="module")
def book():
    return load_claims(country("dprk"))


@pytest.fixture(scope="module")
def found(book):
    failing = told(book.claims["C54"], ["contrary"] * 6 + ["neither"] * 2)
    held = told(book.claims["C49"], ["holds"] * 8)
    other = told(book.claims["E29"], ["contrary"] * 8)
    silent = {**failing, "id": "E12", "outcome": "not expressible", "tests": [], "share": None, "structures": None}
    return {"C49": held, "E29": other, "C54": failing, "E12": silent}


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.words, self.links = [], [], []

    def handle_starttag(self, tag, attrs):
        self.links += [value for name, value in attrs if name in ("src", "href", "xlink:href") and value]
        if tag not in ("meta", "path", "use", "g"):
            self.open.append(tag)

    def handle_data(self, data):
        self.words.append(data)


def test_a_claim_that_fails_is_shown_as_failing(found):
    assert in_short(found["C54"]) == "did not hold: holds in 0 of 8 draws"
    text = " ".join(paragraphs(found["C54"]))
    assert "In 0 of 8 draws of this model (share 0%, interval 0 to 32%); 6 say the contrary" in text
    assert "Against it would count" in text


def test_one_page_needs_no_other_file_and_names_no_probability_of_the_world(found):
    text = page({"about": ABOUT, "claims": found}, {"C49": "another"})
    reader = Reader()
    reader.feed(text)
    assert all(link.startswith("#") for link in reader.links), reader.links
    assert "<svg" in text
    assert "fear is <great>" not in text
    words = " ".join(reader.words)
    assert not re.search(r"\b(probably|likely true|proves|proven|confirmed that)\b", words)
    assert words.count("probability") == words.count("no probability")
    assert "C49" in words
    assert "Declared otherwise since this was run" in words


def test_a_pair_that_contradicts_is_told_once(found):
    text = page({"about": ABOUT, "claims": found}, {})
    assert text.count("contradict each other:") == 1


def test_what_a_structure_turns_is_said(found):
    assert "otherwise under 1: fear is <great>" in under(found["C49"])
    assert under(found["C54"]).startswith("The same under all")


def test_a_bound_and_a_difference_of_differences_are_said_in_words(book):
    def words(claim):
        test = claim.tests[0]
        names = ("quantity", "design", "direction", "least", "against", "unit", "arms")
        return words_of.test_of({name: getattr(test, name) for name in names})

    assert "less that from `without_gates` to `gates_without_limits`" in words(book.claims["C54"])
    assert "at most that counts" in words(book.claims["E29"])
    assert "a fall of more than 20 counts against" in words(book.claims["C51"])


def test_the_figure_is_legible_and_shows_claims_that_were_run(found):
    figure = picture(ABOUT, found)
    legible(figure)
    assert [text.get_text()[:3] for text in figure.axes[0].get_yticklabels()] == ["C49", "E29", "C54"]
    assert picture(ABOUT, {"E12": found["E12"]}) is None


def test_numbers_keep_three_digits():
    assert [said(x) for x in (0.05, 20.0, 1234.6, 0.0)] == ["0.05", "20", "1235", "0"]
