"""Studies in a folder of results are listed, found by the beginning of an id, and asked in SQL."""

from collections.abc import Callable

import numpy as np
import pytest

from greyspace.errors import FolderError, InputError
from greyspace.results import Store, catalogue, sql_study
from greyspace.results import studies as of
from greyspace.results.studies import Shape, StudyDraft, Sum, Told, piece

COLUMNS = (Sum("people", "persons", "who"), Sum("kg", "kg", "what", "people"))
RUNS = 7


def told(number: int) -> Told:
    return Told(f"{number:016x}", "ab"[number % 2], "pack", number // 2, 5, {"x": float(number)})


@pytest.fixture
def made(store: Store, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make a study of seven runs, of which so many are lived; one of ``RUNS`` is finished. Three runs are a part."""
    monkeypatch.setattr(of, "BATCH", 3)

    def make(study_id: str, runs: int = RUNS) -> None:
        shape = Shape(RUNS, ("a", "b"), ("pack",), ("x", "y", "z"), COLUMNS)
        with StudyDraft(store.root, study_id, shape, told) as draft:
            draft.begin("seven", "greyspace study seven.yaml")
            for number in draft.missing()[:runs]:
                values = np.full((2, 3, 2), [1.0, number])
                draft.keep(number, piece(told(number).run_id, [2020, 2021], values, True))
            if runs == RUNS:
                draft.finish({"name": "seven", "runs": RUNS, "measures": []})

    return make


@pytest.mark.parametrize("lived", [0, 1, 3, 5, 6])
def test_one_that_was_stopped_says_how_far_it_is_and_what_goes_on(store, made, lived):
    made("aaaa", lived)
    (entry,) = catalogue(store)
    assert (entry.kind, entry.state, entry.note) == ("study", "partial", "the same command goes on")
    assert entry.meta == {"name": "seven", "command": "greyspace study seven.yaml", "runs": RUNS, "done": lived}
    with pytest.raises(InputError, match=r"aaaa is not finished: it goes on with 'greyspace study seven.yaml'"):
        store.open_study("aa")


def test_one_that_goes_on_now_is_busy_and_leaves_no_word_behind_when_it_ends(store, made):
    made("aaaa", 2)
    shape = Shape(RUNS, ("a", "b"), ("pack",), ("x", "y", "z"), COLUMNS)
    with StudyDraft(store.root, "aaaa", shape, told):
        assert catalogue(store)[0].note == "a process is at it"
    made("aaaa")
    (entry,) = catalogue(store)
    assert (entry.state, entry.meta["name"], entry.meta["runs"]) == ("complete", "seven", RUNS)
    assert not list(store.root.rglob("begun.json"))
    assert "begun.json" not in entry.meta["files"]


def test_all_parts_of_a_study_are_asked_and_nothing_else(store, made):
    made("aaaa")
    made("bbbb", 3)
    assert sql_study(store, "a", "select run, sum(kg) from yearly group by run order by run").rows() == [
        (number, 6.0 * number) for number in range(RUNS)
    ]
    joined = "select distinct x from yearly join runs using (run) where yearly.scenario = 'b' order by x"
    assert sql_study(store, "a", joined)["x"].to_list() == [1.0, 3.0, 5.0]
    assert sql_study(store, "a", "select * from columns").rows() == [
        ("people", "persons", "who", ""),
        ("kg", "kg", "what", "people"),
    ]
    assert sorted(sql_study(store, "a", "show tables")["name"]) == ["columns", "runs", "yearly"]
    for query in ("drop table runs", "select 1; select 2", "select * from read_text('/etc/hostname')", "select * from"):
        with pytest.raises(InputError):
            sql_study(store, "a", query)


def test_one_that_is_not_there_or_not_the_only_one_or_was_changed_is_one_sentence(store, made):
    with pytest.raises(InputError, match="no study is called 'a'"):
        store.open_study("a")
    made("aaaa")
    made("aabb")
    with pytest.raises(InputError, match=r"'aa' is the beginning of 2 studies \(aaaa, aabb\): give more of it"):
        store.open_study("aa")
    with pytest.raises(InputError, match="the nearest is aaaa"):
        store.open_study("aaac")
    part = store.root / "studies" / "aaaa" / "yearly" / "part-00001.parquet"
    part.write_bytes(part.read_bytes()[:-1])
    with pytest.raises(FolderError, match=r"part-00001.parquet was changed .* remove .* and give the command again"):
        sql_study(store, "aaaa", "select 1")
    assert [(entry.id, entry.state) for entry in catalogue(store)] == [("aaaa", "corrupt"), ("aabb", "complete")]
    part.unlink()
    assert "part-00001.parquet is missing" in catalogue(store)[0].note
