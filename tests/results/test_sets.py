"""What a command made is whole or not there, and says from which runs it was made."""

import errno
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from greyspace.errors import FolderError, InputError
from greyspace.results import Results, SetResults, Store


def manifest_of_set(runs: list[Results], **given: Any) -> dict[str, Any]:
    return {
        "set_id": "5e75e75e",
        "title": "What gates do at one station",
        "command": "greyspace run",
        "runs": [run.run_id for run in runs],
        "scenario": "observed",
        "parameters": {"gates.share": 0.5},
        **given,
    }


def make_set(store: Store, runs: list[Results], answer: str = "Gates stop one in ten.\n", **given: Any) -> SetResults:
    with store.begin_set("5e75e75e", manifest_of_set(runs, **given)) as draft:
        draft.write("answer.md", answer)
        (draft.figures / "grey.svg").write_text("<svg/>")
        return draft.finish(runs)


def test_a_set_holds_its_answer_figures_and_record(store: Store, make_run: Callable[..., Results]) -> None:
    runs = [make_run("aaaa"), make_run("bbbb")]
    make_set(store, runs)
    found = store.open_set("5e7")
    assert found.runs == ["aaaa", "bbbb"]
    assert set(found.files) == {"answer.md", "figures/grey.svg", "ro-crate-metadata.json"}
    assert found.meta["parameters"] == {"gates.share": 0.5}
    assert [path.name for path in (store.root / "sets").iterdir() if path.name != ".partial"] == ["5e75e75e"]
    assert list((store.root / "sets" / ".partial").iterdir()) == []
    with pytest.raises(InputError, match="nearest is 5e75e75e"):
        store.open_set("66")


def test_a_set_made_again_replaces_the_one_before(store: Store, make_run: Callable[..., Results]) -> None:
    runs = [make_run()]
    make_set(store, runs)
    again = make_set(store, runs, answer="Another.\n")
    assert (again.folder / "answer.md").read_text() == "Another.\n"
    assert store.complete_set("5e75e75e") is not None


def test_a_set_given_up_leaves_the_one_before(store: Store, make_run: Callable[..., Results]) -> None:
    runs = [make_run()]
    make_set(store, runs)

    def give_up() -> None:
        with store.begin_set("5e75e75e", manifest_of_set(runs)) as draft:
            draft.write("answer.md", "half")
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(FolderError, match="the disk is full") as error:
        give_up()
    assert "\n" not in str(error.value)
    found = store.open_set("5e75e75e")
    assert "one in ten" in (found.folder / "answer.md").read_text()
    assert list((store.root / "sets" / ".partial").iterdir()) == []


def test_a_kill_between_the_renames_of_a_replacement_loses_nothing(
    store: Store, make_run: Callable[..., Results]
) -> None:
    runs = [make_run()]
    made = make_set(store, runs)
    made.folder.rename(store.root / "sets" / ".partial" / "5e75e75e.old")
    assert store.complete_set("5e75e75e") is None
    with store.begin_set("5e75e75e", manifest_of_set(runs)):
        pass
    assert store.complete_set("5e75e75e") is not None


def test_a_changed_set_is_named(store: Store, make_run: Callable[..., Results]) -> None:
    folder = make_set(store, [make_run()]).folder
    (folder / "answer.md").write_text("Gates stop everyone.\n")
    with pytest.raises(FolderError, match=r"answer.md was changed"):
        store.open_set("5e75e75e")


def test_a_second_maker_is_kept_out(store: Store, make_run: Callable[..., Results]) -> None:
    runs = [make_run()]
    with store.begin_set("5e75e75e", manifest_of_set(runs)), pytest.raises(FolderError, match="another process"):
        store.begin_set("5e75e75e", manifest_of_set(runs))


def test_the_record_names_runs_software_licence_and_every_file(store: Store, make_run: Callable[..., Results]) -> None:
    found = make_set(store, [make_run("aaaa")], authors=["A. Person"])
    record = json.loads((found.folder / "ro-crate-metadata.json").read_text())
    assert record["@context"] == "https://w3id.org/ro/crate/1.1/context"
    entities = {entity["@id"]: entity for entity in record["@graph"]}
    root = entities["./"]
    assert root["license"] == {"@id": "https://creativecommons.org/licenses/by/4.0/"}
    assert root["name"] == "What gates do at one station"
    assert root["author"] == [{"@id": "#author-1"}]
    assert entities["#author-1"]["name"] == "A. Person"
    assert {part["@id"] for part in root["hasPart"]} == {"answer.md", "figures/grey.svg", "set.json"}
    assert all((found.folder / part["@id"]).is_file() for part in root["hasPart"])
    assert entities["#run-aaaa"]["identifier"] == "aaaa"
    made = entities["#made"]
    assert made["instrument"] == {"@id": "#greyspace"}
    assert {"@id": "#run-aaaa"} in made["object"]
    assert entities["#greyspace"]["softwareVersion"]
    for entity in record["@graph"]:  # whatever is pointed at is described
        for value in entity.values():
            for link in value if isinstance(value, list) else [value]:
                if isinstance(link, dict) and not link["@id"].startswith("https://w3id.org"):
                    assert link["@id"] in entities


def test_a_crate_is_read_back_by_the_library(store: Store, make_run: Callable[..., Results]) -> None:
    from rocrate.rocrate import ROCrate

    crate = ROCrate(make_set(store, [make_run("aaaa")]).folder)
    assert crate.name == "What gates do at one station"
    assert {entity.id for entity in crate.data_entities} == {"answer.md", "figures/grey.svg", "set.json"}


def test_a_manifest_that_names_other_runs_is_a_mistake(store: Store, make_run: Callable[..., Results]) -> None:
    run = make_run("aaaa")
    with store.begin_set("5e75e75e", manifest_of_set([run])) as draft, pytest.raises(ValueError, match="other runs"):
        draft.finish([])
    assert store.set_ids() == []


def test_a_file_in_place_of_the_folder_is_one_sentence(store: Store, make_run: Callable[..., Results]) -> None:
    Path(store.root / "sets").write_text("")
    with pytest.raises(FolderError, match="another folder"):
        store.begin_set("5e75e75e", manifest_of_set([make_run()]))
