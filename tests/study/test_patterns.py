"""Patterns as data: those of the packs are whole, and a mistake in the file is said in a sentence."""

import shutil
from dataclasses import replace

import pytest
import yaml

from given import country
from greyspace.country import packs
from greyspace.errors import InputError
from greyspace.study.laws import LAWS
from greyspace.study.patterns import FILE, load_patterns, read_patterns
from greyspace.study.targets import FILE as TARGETS
from greyspace.study.targets import read_targets


@pytest.mark.parametrize("name", packs())
def test_every_pack_has_whole_patterns_or_none_and_each_mark_a_name_of_its_own(name):
    pack = country(name)
    found, problems = read_patterns(pack)
    assert problems == []
    targets, _ = read_targets(pack)
    names = [*found.patterns, *(targets.targets if targets else ()), *(law.id for law in LAWS)]
    assert len(set(names)) == len(names)


def test_a_country_without_the_file_has_no_patterns():
    assert not load_patterns(country("brightland")).patterns


@pytest.fixture
def edited(tmp_path):
    """Toyland with something changed in its patterns."""

    def edit(change):
        folder = tmp_path / "edited"
        folder.mkdir()
        shutil.copy(country("toyland").folder / TARGETS, folder)
        blocks = yaml.safe_load((country("toyland").folder / FILE).read_text())
        change(blocks)
        (folder / FILE).write_text(yaml.safe_dump(blocks))
        return replace(country("toyland"), folder=folder)

    return edit


def put(*path, to):
    def change(blocks):
        for key in path[:-1]:
            blocks = blocks[key]
        blocks[path[-1]] = to

    return change


TEST = {"quantity": "held_up", "design": "one arm", "arms": ["nobody"], "against": 0, "direction": "up", "least": 1}
TOLD = {"says": "x", "kind": "told", "tests": [{**TEST, "arms": ["usual"]}]}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (put("arms", "usual", "window", to="never"), "arms, usual: there is no window 'never'"),
        (put("arms", "usual", "scenario", to="histry"), "arms, usual: there is no scenario 'histry'"),
        (put("arms", "pressed", "sets", to={"bribery.demandd": 1}), "did you mean bribery.demand?"),
        (put("arms", "pressed", "sets", to={"bribery.demand": -1}), "bribery.demand"),
        (put("arms", "pressed", "window", to="late"), "'late' is a window of the targets"),
        (put("patterns", "no_acts", "tests", to=[TEST]), "patterns, no_acts: there is no arm 'nobody'"),
        (put("patterns", "no_acts", "tests", to=[]), "patterns, no_acts: tests"),
        (put("patterns", "new", to=TOLD), "needs source, where and because"),
        (put("patterns", "new", to={**TOLD, "source": "s", "where": "w", "because": "b"}), "source 's' is not in"),
        (put("patterns", "thefts", to={**TOLD, "kind": "limit"}), "a target of targets.yaml has this name"),
        (put("arms", "idle", to={"says": "x", "window": "now"}), "arms, idle: no pattern uses this arm"),
        (put("windows", "idle", to={"says": "x", "from": "2021-01-04", "to": "2021-02-01"}), "no arm uses this window"),
        (put("paterns", to={}), "paterns: allowed are windows, arms, patterns"),
        (put("patterns", "no_acts", to="x"), "patterns, no_acts: expected keys with values"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_with_the_place_where_it_stands(edited, change, words):
    with pytest.raises(InputError) as refusal:
        load_patterns(edited(change))
    assert words in str(refusal.value)
    assert FILE in str(refusal.value)
