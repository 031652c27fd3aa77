"""`greyspace supply`: what can be mended, to read and to take elsewhere."""

import csv
import io
import json

import pytest


def test_the_table_says_what_cannot_be_mended_without_a_maker(greyspace):
    said = greyspace("supply", "show", "--without", "Wit Easy Electronic Co.", "--csv")
    assert said.returncode == 0, said.stderr
    mended = {row["device"]: row["mended"] for row in csv.DictReader(io.StringIO(said.stdout))}
    assert (mended["dt20"], mended["station gate"]) == ("no", "yes")


def test_tables_fit_80_columns(greyspace):
    for words in ((), ("--ties",)):
        said = greyspace("supply", "show", *words)
        # The first line is the title.
        assert all(len(line) <= 80 for line in said.stdout.splitlines()[1:])


def test_the_graph_goes_to_a_file_of_the_kind_that_its_name_says(greyspace, tmp_path):
    for name in ("graph.ftm.json", "graph.graphml", "graph.png"):
        assert greyspace("supply", "export", name).returncode == 0
    assert all(json.loads(line) for line in (tmp_path / "graph.ftm.json").read_text(encoding="utf-8").splitlines())
    assert (tmp_path / "graph.graphml").read_text(encoding="utf-8").startswith("<graphml")
    assert (tmp_path / "graph.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "graph.svg").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("show", "--without", "nobody"), "allowed: wit_easy"),
        (("show", "--country", "toyland"), "has no supply graph"),
        (("export", "graph.doc"), "allowed: .ftm.json"),
        (("export", "nowhere/graph.graphml"), "cannot be written"),
        (("export", "graph.graphml", "--without", "huawei"), "holds the whole graph"),
    ],
)
def test_a_mistake_is_one_sentence(greyspace, words, sentence):
    said = greyspace("supply", *words)
    assert said.returncode != 0
    assert sentence in said.stderr
    assert "Traceback" not in said.stderr
