"""A brief is one page that needs no other file, and tells what was found, what it rests on and how to cite it."""

import html
import re
from html.parser import HTMLParser

import pytest

from brief.test_claims import ABOUT, told
from given import country
from greyspace.brief import document
from greyspace.brief.document import Drawing
from greyspace.study.claims import load_claims

SVG = '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><defs><path id="a"/></defs><use href="#a"/></svg>'
MANIFEST = {"title": "history against <no-gates>", "runs": ["1", "2"], "command": "greyspace run", "set_id": "5f3a"}
DRIVER = {"parameter": "power.least_hours", "correlation": "-0.4", "beyond_chance": "false"}


@pytest.fixture(scope="module")
def verdicts():
    book = load_claims(country("dprk"))
    decides = [{"parameter": "power.least_hours", "correlation": 0.8, "grade": "assumed", "beyond_chance": True}]
    found = {"C49": told(book.claims["C49"], ["holds"] * 8, decides), "C54": told(book.claims["C54"], ["contrary"] * 8)}
    return {"about": ABOUT, "claims": found}


class Page(HTMLParser):
    """What a page holds: ids, links within it, and whatever it would fetch."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.inside, self.fetched, self.open = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "path", "use"):
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value)
            elif name in ("href", "xlink:href") and value.startswith("#"):
                self.inside.append(value[1:])
            elif name in ("src", "href", "data"):
                self.fetched.append(value)

    def handle_endtag(self, tag):
        if tag not in ("path", "use"):
            assert self.open.pop() == tag


def of_set(pack=None, drivers=(DRIVER,), figures=2):
    shown = [Drawing(SVG, f'What "figure" {n} shows') for n in range(figures)]
    return document.of_set(MANIFEST, "Opening.\n\nWhy?\n- 1 < 2\n- `b`", shown, drivers, pack, "0123456789")


def test_a_brief_needs_no_other_file_and_its_marks_are_its_own(verdicts):
    text = document.page([of_set(country("toyland")), document.of_claims(verdicts, country("toyland"))])
    page = Page(text)
    assert page.fetched == []
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert set(page.inside) <= set(page.ids)
    assert "<script" not in text
    assert "@import" not in text


def test_a_brief_says_what_came_out_what_it_rests_on_and_how_to_cite_it():
    text = document.page([of_set(country("toyland"))])
    assert html.escape(document.WHAT_IT_IS) in text
    assert "<li>1 &lt; 2</li>" in text
    assert "history against &lt;no-gates&gt;" in text
    assert "power.least_hours" in text
    assert "none stands out from chance" in text
    assert "set 5f3a" in text
    assert "The pack has changed since this was made" in text
    assert text.count("<figure>") == text.count("<figcaption>") == 2


def test_parameters_that_stand_out_come_alone_and_strongest_first():
    sure = [
        {"parameter": name, "correlation": value, "beyond_chance": "true"}
        for name, value in (("devices.life_years", "0.7"), ("bribery.demand", "-0.9"))
    ]
    part = of_set(country("toyland"), [DRIVER, *sure])
    assert part.decide == ("bribery.demand", "devices.life_years")


def test_a_brief_without_its_pack_says_so():
    assert "The country pack of this is not here" in document.page([of_set()])


def test_verdicts_stand_in_a_table_with_what_decides_them(verdicts):
    text = document.page([document.of_claims(verdicts, country("toyland"))])
    assert "that decide most claims" in text
    for name, each in verdicts["claims"].items():
        assert f"<td>{name}</td>" in text
        assert each["says"] in text


def test_a_study_shows_its_last_year():
    rows = [{"year": year, "measure": "leads", "p50": "1234.5678"} for year in ("2023", "2024")]
    about = {"title": "power", "command": "greyspace study power.yaml", "study_id": "77aa"}
    text = document.page([document.of_study(about, [Drawing(SVG, "leads")], rows, country("toyland"))])
    assert re.findall(r"<td>(2\d{3})</td>", text) == ["2024"]
    assert "<td>1235</td>" in text
    assert "study 77aa" in text


def test_a_study_says_what_came_out_with_its_range_and_what_each_figure_shows():
    row = {"measure": "leads", "says": "followed up", "unit": "a year", "scenario": "history", "year": "2024"}
    rows = [{**row, "over": over, "p10": "1", "p50": "2.5", "p90": "40"} for over in ("draws", "seeds")]
    about = {"title": "power", "command": "greyspace study power.yaml", "study_id": "77aa"}
    named = document.study_captions(rows)["fan_leads"]
    text = document.page([document.of_study(about, [Drawing(SVG, named)], rows, country("toyland"))])
    assert text.count("Followed up (a year): history 2.5 [1 to 40].") == 1, "over draws, and not over luck"
    assert "Figure 1. Followed up (a year), by year and scenario." in text


@pytest.mark.parametrize("answer", ["", "One paragraph.", "A\n- b\n\n- c"])
def test_any_answer_makes_a_page(answer):
    part = document.of_set(MANIFEST, answer, [], [], None, "")
    assert Page(document.page([part])).open == []
