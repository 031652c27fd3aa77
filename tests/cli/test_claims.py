"""Claims on the command line: declared, counted, run, taken up again, and told on one page."""

import json
import os
import shutil

import pytest

from given import country

CLAIMS = """
C01:
  says: Where hardly a bribe is worth its risk, fewer are let off.
  source: nobody
  where: nowhere
  label: emergent
  because: planted
  tests:
    - {quantity: let_off/all, design: two arms, arms: [usual, clean], direction: down, least: 50}
  counts_against: as many let off
"""

EXPERIMENTS = """
windows: {weeks: {says: four weeks, from: 2021-08-02, to: 2021-08-29}}
arms:
  usual: {says: as it is, window: weeks}
  clean: {says: hardly a bribe, window: weeks, sets: {bribery.found_out: 0.5, bribery.fine: 10000}}
"""

SOURCE = """
nobody: {title: x, author: x, publisher: x, date: 2021, kind: press, reliability: F, group: nobody}
"""


@pytest.fixture
def pack(tmp_path):
    """Toyland with one claim, in a folder of its own."""
    folder = tmp_path / "pack"
    shutil.copytree(country("toyland").folder, folder)
    for name, text in (("claims/claims", CLAIMS), ("claims/experiments", EXPERIMENTS), ("sources/nobody", SOURCE)):
        path = folder / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_claims_are_listed_and_shown_before_they_are_run(greyspace):
    said = greyspace("claims", "list")
    assert said.returncode == 0, said.stderr
    assert "not-expressible" in said.stdout
    shown = greyspace("claims", "show", "C49").stdout
    assert "It contradicts E29; both are run." in shown
    assert "It was not run yet: greyspace claims run C49" in shown
    assert "declared  " in shown


def test_a_claim_is_run_taken_up_and_put_on_a_page(greyspace, tmp_path, pack):
    words = ("claims", "run", "C01", "--country", str(pack), "--draws", "4", "--seeds", "0")
    first = greyspace(*words)
    assert first.returncode == 0, first.stderr
    assert "1 claims, declared as" in first.stderr
    assert "10 histories, 10 of them to be lived (4 draws, 0 structures, 0 seeds)" in first.stderr
    assert "held in 4 of 4 draws" in first.stdout
    again = greyspace(*words, "--json")
    assert "10 histories, 0 of them to be lived" in again.stderr
    told = json.loads(again.stdout)["claims"]["C01"]
    shown = greyspace("claims", "show", "C01", "--country", str(pack)).stdout
    assert f"declared  {told['declared']}" in shown
    assert "In 4 of 4 draws of this model" in shown
    said = greyspace("claims", "report", "--country", str(pack))
    assert said.returncode == 0, said.stderr
    page = (tmp_path / "results/claims/toyland/claims.html").read_text(encoding="utf-8")
    assert "held in 4 of 4 draws" in page
    assert "Declared otherwise" not in page
    (pack / "claims/claims.yaml").write_text(CLAIMS.replace("least: 50", "least: 60"), encoding="utf-8")
    greyspace("claims", "report", "--country", str(pack))
    page = (tmp_path / "results/claims/toyland/claims.html").read_text(encoding="utf-8")
    assert "Declared otherwise since this was run" in page


def test_histories_that_are_finished_survive_a_stop(driver, greyspace, tmp_path, pack):
    stop = "import greyspace.study.histories as h\nput, done = h.Kept.put, []\n"
    stop += "def counted(self, *given):\n    put(self, *given)\n    done.append(1)\n"
    stop += "    if len(done) == 3: raise KeyboardInterrupt\n"
    stop += "h.Kept.put = counted"
    words = ("claims", "run", "C01", "--country", str(pack), "--draws", "4", "--seeds", "0", "--threads", "1")
    stopped = driver(stop, *words)
    assert stopped.returncode == 130
    assert "the histories that are finished are kept: the same command goes on" in stopped.stderr
    assert sum(len(files) for _, _, files in os.walk(tmp_path / "results/claims/histories")) == 3
    again = greyspace(*words)
    assert "10 histories, 7 of them to be lived" in again.stderr
    assert "held in 4 of 4 draws" in again.stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("claims", "show", "C99"), "there is no claim 'C99'"),
        (("claims", "run", "C99"), "there is no claim 'C99'"),
        (("claims", "run", "--country", "toyland"), "the pack toyland has no claims"),
        (("claims", "report"), "no claim of dprk was run in 'results' yet"),
        (("claims", "run", "C33", "--draws", "0"), "allowed are whole numbers from 1"),
    ],
)
def test_what_is_not_there_is_one_sentence(greyspace, refused, words, sentence):
    refused(greyspace(*words), sentence)
