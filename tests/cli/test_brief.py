"""`greyspace brief`: a page of what a set came to."""

from types import SimpleNamespace

import pytest

from greyspace.cli import brief as of
from greyspace.cli.app import build
from greyspace.errors import FolderError, InputError
from greyspace.results import Store
from greyspace.results.files import write_json

RUN = {
    "run_id": "0f", "scenario": "history", "country": "toyland", "from": "2019-01-07", "to": "2019-03-25", "seed": 1,
    "scale": 1.0, "engine": "expected", "content_digest": "00",
}  # fmt: skip


@pytest.fixture
def a_set(tmp_path):
    """A set as commands leave one, whose run is gone."""
    manifest = {"set_id": "5f3a", "title": "history", "command": "greyspace run history", "runs": ["0f"]}
    store = Store(tmp_path)
    with store.begin_set("5f3a", {**manifest, "scenario": ["history"], "parameters": {}}) as draft:
        draft.write("answer.txt", "Gates lived nine months.")
        draft.write("answer.md", "Gates lived nine months.\n\n![How long\nthey lived.](figures/lives.png)\n")
        for stem in ("another", "lives"):
            (draft.figures / f"{stem}.svg").write_text("<svg></svg>", encoding="utf-8")
        return draft.finish([SimpleNamespace(run_id="0f", meta=RUN)])


def give(*words):
    return build()(["brief", *map(str, words)])


def test_a_set_becomes_a_page_with_its_answer_and_its_figures_in_their_order(a_set, tmp_path, capsys):
    give("5f", "-o", tmp_path / "b.html", "--out", tmp_path)
    page = (tmp_path / "b.html").read_text(encoding="utf-8")
    assert "Gates lived nine months." in page
    assert "set 5f3a" in page
    assert page.index("Figure 1. How long they lived.") < page.index("Figure 2. another")
    assert "The country pack of this is not here" in page
    assert str(tmp_path / "b.html") in capsys.readouterr().out


def test_a_set_that_was_changed_is_not_told_as_if_it_were_not(a_set, tmp_path):
    (a_set.folder / "answer.txt").write_text("Gates lived for ever.", encoding="utf-8")
    with pytest.raises(FolderError, match="was changed after it was written"):
        give("5f3a", "-o", tmp_path / "b.html", "--out", tmp_path)
    assert not (tmp_path / "b.html").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "say what the brief is about"),
        (("5f3a", "-o", "brief.pdf"), "ends with .html"),
        (("5f3a",), "is no set or study there"),
        (("claims", "--country", "toyland"), "no claim of toyland was run"),
    ],
)
def test_a_mistake_is_one_sentence(words, sentence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=sentence):
        give(*words)


def test_a_folder_of_something_else_is_refused(tmp_path):
    with pytest.raises(InputError, match="holds nothing that a brief can be made of"):
        of._part(str(tmp_path), "toyland", tmp_path)


def test_what_begins_alike_is_refused(tmp_path):
    for name in ("5f3a", "5f3b"):
        (tmp_path / "sets" / name).mkdir(parents=True)
    with pytest.raises(InputError, match="the beginning of 2 ids"):
        of._folder("5f3", "toyland", tmp_path)


def test_a_study_is_read_as_it_was_left(tmp_path):
    folder = tmp_path / "studies" / "77aa"
    (folder / "figures").mkdir(parents=True)
    write_json(
        folder / "study.json",
        {
            "format": 1,
            "study_id": "77aa",
            "title": "t",
            "command": "c",
            "says": {"country": "toyland"},
            "sentence": "What power is worth.",
        },
    )
    (folder / "figures" / "leads.svg").write_text("<svg></svg>", encoding="utf-8")
    (folder / "quantiles.csv").write_text("year,measure,p50\n2023,leads,1\n2024,leads,2\n", encoding="utf-8")
    part = of._part("77", "toyland", tmp_path)
    assert part.cite == "study 77aa"
    assert "What power is worth." in part.findings
    assert part.pack is not None
    assert [figure.caption for figure in part.figures] == ["leads"]
