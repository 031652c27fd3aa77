"""Sources: graded, grouped, and never cited without standing in the list."""

from pathlib import Path

import pytest

from greyspace.errors import InputError
from greyspace.evidence import Evidence, load_sources, unknown_sources

GOOD = """
paper:
  title: A paper
  author: A. Author
  publisher: A journal
  date: 2021-04-01
  kind: paper
  reliability: B
  group: author
"""


def test_a_source_keeps_its_date_as_text_of_any_precision(tmp_path: Path):
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(
        GOOD.replace("paper:", "other:", 1).replace("2021-04-01", "2021"), encoding="utf-8"
    )
    found = load_sources(tmp_path)
    assert (found["paper"].date, found["other"].date) == ("2021-04-01", "2021")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("reliability: B", "reliability: Z"), "reliability"),
        (("date: 2021-04-01", "date: spring"), "date"),
        (("  group: author\n", ""), "group: this key is missing"),
        (("kind: paper", "kind: rumour"), "kind"),
    ],
)
def test_a_wrong_source_is_said_with_file_and_key(tmp_path, change, words):
    (tmp_path / "a.yaml").write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(InputError, match=words) as caught:
        load_sources(tmp_path)
    assert "a.yaml, paper" in str(caught.value)


def test_one_id_stands_in_one_file_only(tmp_path):
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    with pytest.raises(InputError, match=r"b\.yaml, paper"):
        load_sources(tmp_path)


def test_a_citation_needs_its_source_and_the_same_letter(tmp_path):
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    sources = load_sources(tmp_path)
    cited = Evidence(source="papers", locator="p. 1", says="x", grade="B2", directness="reported")
    assert "is not in sources/" in unknown_sources("here", [cited], sources)[0]
    graded = cited.model_copy(update={"source": "paper", "grade": "A2"})
    assert "must begin with the source's reliability B" in unknown_sources("here", [graded], sources)[0]
    assert unknown_sources("here", [graded.model_copy(update={"grade": "B3"})], sources) == []
