"""What hangs in the air in a pack is found: what nobody cites, reads or knows."""

import shutil

import pytest

from given import country
from greyspace.country import load_pack
from greyspace.study import grounds


@pytest.fixture
def bent(tmp_path):
    """A copy of a pack after a change: its folder."""

    def change(name, file, old, new):
        folder = tmp_path / name
        shutil.copytree(country(name).folder, folder)
        path = folder / file
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        assert old in text
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return change


@pytest.mark.parametrize("name", ["dprk", "toyland", "brightland"])
def test_the_packs_that_come_with_greyspace_are_whole(name):
    assert grounds.problems(name) == []


NEW = "extra:\n  description: x\n  unit: days\n  value: 1\n  range: [0, 2]\n  status: assumed\n  why: example\n"
BARE = NEW.replace("  status: assumed\n  why: example\n", "")
UNKNOWN = """
arms: {a: {says: x, window: w, sets: {power.least_huors: 1}}}
windows: {w: {says: x, from: 2021-01-04, to: 2021-02-01}}
"""
MARKET = "parameters/market.yaml"
SOURCE = "lonely:\n  title: x\n  author: x\n  publisher: x\n  date: 2021\n  kind: press\n  reliability: B\n  group: x\n"


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (MARKET, "elasticity:\n", NEW.replace("  unit: days\n", "") + "elasticity:\n", ("extra: unit",)),
        (MARKET, "elasticity:\n", BARE + "elasticity:\n", ("extra", "without evidence it must say status: assumed")),
        (MARKET, "elasticity:\n", NEW + "  aliases: [old name]\nelasticity:\n",
         ("market.extra, aliases", "'old name' is no id")),
        (MARKET, "elasticity:\n", NEW + "  aliases: [market.load]\nelasticity:\n", ("alias 'market.load' is taken",)),
        ("sources/extra.yaml", "", SOURCE, ("lonely: nothing cites this source",)),
        ("scenarios/full-power.yaml", "power.least_hours", "power.least_huors",
         ("full-power.yaml", "did you mean power.least_hours?")),
        ("claims/experiments.yaml", "", UNKNOWN,
         ("experiments.yaml, arms, a, sets", "did you mean power.least_hours?")),
    ],
)  # fmt: skip
def test_what_hangs_in_the_air_is_said_with_file_and_key(bent, file, old, new, words):
    problems = grounds.problems(bent("toyland", file, old, new))
    assert any(all(word in problem for word in words) for problem in problems), problems


def test_a_parameter_that_no_run_reads_is_found(bent):
    folder = bent("toyland", "parameters/market.yaml", "elasticity:\n", NEW + "elasticity:\n")
    assert grounds.problems(folder) == []
    assert grounds.unread(load_pack(folder)) == ["market.extra"]


def test_who_reads_sets_and_cites_is_told():
    assert grounds.readers("households.spending_elite") == ["institutions/market.py"]
    assert grounds.readers("nothing.at_all") == []
    scenarios, arms = grounds.setters(country("dprk"), "bribery.wage")
    assert {"pay-the-enforcers", "watch-and-pay"} <= set(scenarios)
    assert {"paid", "watched_and_paid"} <= set(arms)
    assert {"bribery.handed_up", "C33"} <= set(grounds.used_by(country("dprk"), "dailynk_column_2024"))
