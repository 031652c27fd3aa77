"""A run is either whole and in place, or aside and resumable; whoever cannot be served is told so in one sentence."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from greyspace.errors import FolderError, InputError
from greyspace.results import Results, Store
from greyspace.results.files import read_json, write_json

from .conftest import MONDAYS, manifest_of, series_of

HERE = Path(__file__).parent
RUN = "aaaa000011112222"


def python(code: str, *arguments: Any, **given: Any) -> subprocess.Popen[str]:
    """Another process, with the helpers of these tests at hand."""
    head = f"import sys; sys.path.insert(0, {str(HERE)!r})\nfrom conftest import *\nfrom greyspace.results import *\n"
    return subprocess.Popen(
        [sys.executable, "-c", head + textwrap.dedent(code), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **given,
    )


def one_sentence(error: pytest.ExceptionInfo[Exception]) -> str:
    text = str(error.value)
    assert "\n" not in text
    assert 20 < len(text) < 400
    return text


def test_a_run_is_read_as_it_was_written(make_run: Callable[..., Results], store: Store) -> None:
    make_run()
    run = store.open("aaaa")
    series = run.table("series")
    assert series.height == 104 * 4
    assert series.schema["week"] == pl.Date
    assert series.schema["region"] == pl.String
    assert series["week"].is_sorted()
    cell = series.filter(pl.col("week") == MONDAYS[60], pl.col("region") == "capital", pl.col("sex") == "male")
    assert cell["intents"].to_list() == [MONDAYS[60].toordinal() * 10.0 + 3]
    assert run.meta["scenario"] == "observed"
    assert run.meta["from"] == "2016-01-04"
    assert run.meta["facts"] == {"odds_digest": ["00"]}
    assert run.measures["intents"].unit == "acts"
    assert "penalty" in run.measures["punished"].description
    assert sorted(path.name for path in run.folder.iterdir()) == ["run.json", "series"]
    assert store.partials() == []


def test_a_run_that_exists_is_reused_and_one_that_does_not_is_none(
    make_run: Callable[..., Results], store: Store
) -> None:
    assert store.complete(RUN) is None
    made = make_run()
    again = store.complete(RUN)
    assert again is not None
    assert again.meta["content_digest"] == made.meta["content_digest"]
    with pytest.raises(FolderError, match="already"):
        store.begin(RUN, manifest_of(RUN))


def test_a_run_left_without_an_end_is_listed_and_resumed(store: Store) -> None:
    with contextlib.suppress(KeyboardInterrupt), store.begin(RUN, manifest_of(RUN)) as draft:
        assert draft.checkpoint() is None
        draft.write("series", 2016, series_of(MONDAYS[:52]))
        draft.save({"people": np.arange(5, dtype=np.uint32)}, {"week": 52})
        draft.write("series", 2017, series_of(MONDAYS[52:60]))
        raise KeyboardInterrupt
    (partial,) = store.partials()
    assert partial.run_id == RUN
    assert partial.manifest["scenario"] == "observed"
    assert partial.saved
    assert not partial.busy
    with pytest.raises(InputError, match="resume"):
        store.open(RUN)
    with store.begin(RUN, partial.manifest) as draft:
        saved = draft.checkpoint()
        assert saved is not None
        arrays, facts = saved
        assert facts == {"week": 52}
        assert arrays["people"].dtype == np.uint32
        assert arrays["people"].flags.writeable
        draft.write("series", 2017, series_of(MONDAYS[52:]))
        run = draft.finish({})
    assert run.table("series").height == 104 * 4


def test_a_resumed_run_equals_one_in_one_go(make_run: Callable[..., Results], store: Store) -> None:
    whole = make_run("whole")
    with store.begin("parted", manifest_of("parted")) as draft:
        draft.write("series", 2016, series_of(MONDAYS[:40]))
    with store.begin("parted", manifest_of("parted")) as draft:
        draft.write("series", 2016, series_of(MONDAYS[:52]))
        draft.write("series", 2017, series_of(MONDAYS[52:]))
        assert draft.finish({}).meta["content_digest"] == whole.meta["content_digest"]


def test_a_run_taken_up_on_another_processor_says_so(store: Store) -> None:
    with store.begin(RUN, manifest_of(RUN)) as draft:
        draft.save({}, {})
    with store.begin(RUN, manifest_of(RUN, cpu="another")):
        pass
    with store.begin(RUN, manifest_of(RUN, cpu="another")) as draft:
        draft.write("series", 2016, series_of(MONDAYS[:4]))
        assert draft.finish({}).meta["taken_up"] == [{"cpu": "some"}]


def test_a_torn_checkpoint_is_refused_and_the_one_before_it_used(store: Store) -> None:
    with store.begin(RUN, manifest_of(RUN)) as draft:
        for week in (4, 8, 12):
            draft.save({"people": np.full(1000, week)}, {"week": week})
        _, last = sorted((draft.folder / "checkpoints").iterdir())
        last.write_bytes(last.read_bytes()[:-100])
        saved = draft.checkpoint()
        assert saved is not None
        assert saved[1] == {"week": 8}
        assert (saved[0]["people"] == 8).all()
        assert last.name in draft.refused[0]
        draft.save({"people": np.full(1000, 13)}, {"week": 13})
        saved = draft.checkpoint()
        assert saved is not None
        assert saved[1] == {"week": 13}
        for path in (draft.folder / "checkpoints").iterdir():
            changed = bytearray(path.read_bytes())
            changed[len(changed) // 2] ^= 1
            path.write_bytes(changed)
        assert draft.checkpoint() is None


def test_objects_do_not_go_into_a_checkpoint(store: Store) -> None:
    with store.begin(RUN, manifest_of(RUN)) as draft:
        draft.save({"people": np.arange(3)}, {"week": 1})
        with pytest.raises(ValueError):
            draft.save({"people": np.array([object()])}, {"week": 2})
        saved = draft.checkpoint()
        assert saved is not None
        assert saved[1] == {"week": 1}


def test_a_killed_process_leaves_what_was_complete_and_a_run_that_resumes(
    store: Store, make_run: Callable[..., Results]
) -> None:
    before = make_run("before")
    writer = python(
        """
        with Store(sys.argv[1]).begin("killed", manifest_of("killed")) as draft:
            draft.write("series", 2016, series_of(MONDAYS[:52]))
            draft.save({"people": np.arange(10)}, {"week": 52})
            print("saved", flush=True)
            while True:
                draft.write("series", 2017, series_of(MONDAYS[52:]))
                draft.save({"people": np.arange(10)}, {"week": 104})
        """,
        store.root,
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "saved\n"
    time.sleep(0.3)
    os.kill(writer.pid, signal.SIGKILL)
    writer.communicate()
    assert store.run_ids() == ["before"]
    assert store.open("before").meta["content_digest"] == before.meta["content_digest"]
    (partial,) = store.partials()
    assert partial.run_id == "killed"
    assert partial.saved
    assert not partial.busy
    with store.begin("killed", manifest_of("killed")) as draft:
        saved = draft.checkpoint()
        assert saved is not None
        assert saved[1]["week"] in (52, 104)
        draft.write("series", 2017, series_of(MONDAYS[52:]))
        assert draft.finish({}).meta["content_digest"] == before.meta["content_digest"]


@pytest.mark.parametrize("step", ["before", "after"])
def test_a_kill_at_the_rename_leaves_a_run_that_resumes_or_is_complete(store: Store, step: str) -> None:
    writer = python(
        """
        import os, signal
        from pathlib import Path
        rename = Path.rename
        def killed(self, target):
            if sys.argv[2] == "after":
                rename(self, target)
            os.kill(os.getpid(), signal.SIGKILL)
        Path.rename = killed
        with Store(sys.argv[1]).begin("killed", manifest_of("killed")) as draft:
            draft.write("series", 2016, series_of(MONDAYS))
            draft.save({"people": np.arange(10)}, {"week": 104})
            draft.finish({})
        """,
        store.root,
        step,
    )
    writer.communicate()
    assert writer.returncode == -signal.SIGKILL
    if step == "after":
        assert (store.root / "runs" / "killed" / "checkpoints").exists()
        run = store.complete("killed")
        assert not (store.root / "runs" / "killed" / "checkpoints").exists()
        assert run is not None
        assert store.partials() == []
    else:
        assert store.complete("killed") is None
        assert [partial.run_id for partial in store.partials()] == ["killed"]
        with store.begin("killed", manifest_of("killed")) as draft:
            assert draft.checkpoint() is not None
            run = draft.finish({})
    assert run.table("series").height == 104 * 4


def test_a_second_process_is_kept_out_while_the_first_writes(store: Store) -> None:
    writer = python(
        """
        with Store(sys.argv[1]).begin("locked", manifest_of("locked")):
            print("begun", flush=True)
            sys.stdin.read()
        """,
        store.root,
        stdin=subprocess.PIPE,
    )
    assert writer.stdout is not None
    assert writer.stdin is not None
    writer.stdout.readline()
    with pytest.raises(FolderError) as error:
        store.begin("locked", manifest_of("locked"))
    assert str(writer.pid) in one_sentence(error)
    assert store.partials()[0].busy
    writer.communicate()
    assert writer.returncode == 0
    assert not store.partials()[0].busy
    with store.begin("locked", manifest_of("locked")):
        pass


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for root in (tmp_path / "file", tmp_path / "file" / "under", Path("/proc/greyspace")):
        with pytest.raises(FolderError) as error:
            Store(root)
        assert str(root) in one_sentence(error)
    with pytest.raises(FolderError, match="no folder"):
        Store(tmp_path / "absent", create=False)
    assert not (tmp_path / "absent").exists()


def test_a_read_only_folder_is_read_and_refuses_to_be_written(
    make_run: Callable[..., Results], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_run()

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(30, os.strerror(30))

    for name in ("mkdir", "rename", "replace", "unlink"):
        monkeypatch.setattr(os, name, refuse)
    opened = os.open
    monkeypatch.setattr(
        os, "open", lambda path, flags, *rest, **given: refuse() if flags & os.O_CREAT else opened(path, flags, *rest)
    )
    assert Store(store.root, create=False).open(RUN).table("series").height == 416
    with pytest.raises(FolderError, match="read-only") as error:
        store.begin("other", manifest_of("other"))
    one_sentence(error)


def test_a_full_disk_is_one_sentence_and_the_run_resumes(store: Store, make_run: Callable[..., Results]) -> None:
    before = make_run("before")
    writer = python(
        """
        import resource
        from greyspace.errors import FolderError
        with Store(sys.argv[1]).begin("full", manifest_of("full")) as draft:
            draft.write("series", 2016, series_of(MONDAYS[:52]))
            draft.save({"people": np.arange(10)}, {"week": 52})
            resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))
            try:
                draft.save({"people": np.arange(10_000)}, {"week": 60})
            except FolderError as failed:
                print(failed)
            draft.finish({})
        """,
        store.root,
    )
    out, err = writer.communicate()
    assert writer.returncode == 1
    assert out.count("\n") == 1
    assert "beyond the size" in out
    assert "FolderError: cannot write" in err
    assert store.open("before").meta["content_digest"] == before.meta["content_digest"]
    assert not list(store.root.rglob(".*.tmp"))
    with store.begin("full", manifest_of("full")) as draft:
        saved = draft.checkpoint()
        assert saved is not None
        assert saved[1] == {"week": 52}
        assert draft.refused == []
        draft.write("series", 2017, series_of(MONDAYS[52:]))
        assert draft.finish({}).meta["content_digest"] == before.meta["content_digest"]


def spoil_parquet(folder: Path) -> str:
    path = folder / "series" / "part-2016.parquet"
    path.write_bytes(path.read_bytes()[:-50])
    return str(path)


def spoil_one_bit(folder: Path) -> str:
    path = folder / "series" / "part-2017.parquet"
    content = bytearray(path.read_bytes())
    content[200] ^= 4
    path.write_bytes(content)
    return str(path)


def spoil_missing(folder: Path) -> str:
    path = folder / "series" / "part-2017.parquet"
    path.unlink()
    return str(path)


def spoil_json(folder: Path) -> str:
    path = folder / "run.json"
    path.write_text(path.read_text().replace('"seed": 1', '"seed": 2'))
    return str(path)


def spoil_torn_json(folder: Path) -> str:
    path = folder / "run.json"
    path.write_bytes(path.read_bytes()[:100])
    return str(path)


def spoil_no_json(folder: Path) -> str:
    (folder / "run.json").unlink()
    return str(folder / "run.json")


def spoil_wrong_json(folder: Path) -> str:
    (folder / "run.json").write_text("[1, 2]")
    return str(folder / "run.json")


def spoil_name(folder: Path) -> str:
    """A copy under another name, put in place of the run."""
    copied = shutil.copytree(folder, folder.with_name("copy"))
    path = copied / "run.json"
    content = read_json(path)
    write_json(path, {**content, "manifest": {**content["manifest"], "run_id": "another"}})
    shutil.rmtree(folder)
    copied.rename(folder)
    return str(folder)


def spoil_table(folder: Path) -> str:
    """A record made by someone else, with a table's name that would be a command in SQL."""
    path = folder / "run.json"
    content = read_json(path)
    content["tables"]['x" AS SELECT 1; --'] = content["tables"].pop("series")
    write_json(path, content)
    return str(path)


def spoil_file(folder: Path) -> str:
    path = folder / "run.json"
    content = read_json(path)
    content["tables"]["series"]["parts"][0]["file"] = "../../../../etc/passwd"
    write_json(path, content)
    return str(path)


SPOILT = [
    spoil_name,
    spoil_table,
    spoil_file,
    spoil_parquet,
    spoil_one_bit,
    spoil_missing,
    spoil_json,
    spoil_torn_json,
    spoil_no_json,
    spoil_wrong_json,
]


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_run_that_was_spoilt_is_named_and_never_read(
    make_run: Callable[..., Results], store: Store, spoil: Callable[[Path], str]
) -> None:
    named = spoil(make_run().folder)
    for read in (store.complete, store.open):
        with pytest.raises(FolderError) as error:
            read(RUN)
        text = one_sentence(error)
        assert named in text
        assert "run again" in text


def test_a_later_layout_is_refused(make_run: Callable[..., Results], store: Store) -> None:
    path = make_run().folder / "run.json"
    write_json(path, {**read_json(path), "format": 99})
    with pytest.raises(FolderError, match="layout 99"):
        store.open(RUN)


def test_runs_are_found_by_the_beginning_of_their_id(make_run: Callable[..., Results], store: Store) -> None:
    with pytest.raises(InputError, match="has none"):
        store.find("aa")
    for run_id in ("aaaa1111", "aabb2222", "cccc3333"):
        make_run(run_id)
    assert store.open("aab").run_id == "aabb2222"
    with pytest.raises(InputError) as error:
        store.open("aa")
    assert "aaaa1111, aabb2222" in one_sentence(error)
    with pytest.raises(InputError) as error:
        store.open("ccc4")
    assert "nearest is cccc3333" in one_sentence(error)
    for reference in ("", "..", "../runs", "/etc"):
        with pytest.raises(InputError):
            store.open(reference)


def test_run_json_can_be_read_by_anyone(make_run: Callable[..., Results]) -> None:
    content = json.loads((make_run().folder / "run.json").read_text())
    assert content["manifest"]["parameters"] == {"gates.share": 0.5, "power.hours": {"2016-01-01": 4.0}}
    assert content["tables"]["series"]["measures"][0]["unit"] == "acts"


def test_parts_that_no_checkpoint_vouches_for_do_not_get_into_a_run(store: Store) -> None:
    with store.begin(RUN, manifest_of(RUN)) as draft:
        draft.write("series", "stray", series_of(MONDAYS[50:]))
    with store.begin(RUN, manifest_of(RUN)) as draft:
        assert draft.checkpoint() is None
        draft.write("series", 2016, series_of(MONDAYS[:4]))
        assert draft.finish({}).table("series").height == 16


def test_two_parts_about_one_cell_are_the_writers_mistake(store: Store) -> None:
    with store.begin(RUN, manifest_of(RUN)) as draft:
        draft.write("series", 1, series_of(MONDAYS[:4]))
        draft.write("series", 2, series_of(MONDAYS[3:6]))
        with pytest.raises(ValueError, match="two rows have the same keys"):
            draft.finish({})
    assert store.run_ids() == []


def test_writing_and_reading_a_run_loads_no_heavy_library(store: Store) -> None:
    writer = python(
        """
        store = Store(sys.argv[1])
        with store.begin("light", manifest_of("light")) as draft:
            draft.write("series", 2016, series_of(MONDAYS))
            draft.save({"people": np.arange(10)}, {"week": 104})
            draft.finish({})
        store.open("light").table("series")
        print(sorted({"pandas", "duckdb", "rocrate", "matplotlib"} & set(sys.modules)))
        """,
        store.root,
    )
    out, err = writer.communicate()
    assert out == "[]\n", err


def test_an_incomplete_manifest_and_a_wrong_id_are_refused(store: Store) -> None:
    manifest = manifest_of(RUN)
    for run_id, given in ((RUN, {**manifest, "run_id": "b"}), ("../x", manifest_of("../x"))):
        with pytest.raises(ValueError):
            store.begin(run_id, given)
    with pytest.raises(ValueError, match="name of its scenario"):
        store.begin(RUN, {**manifest, "scenario": {"name": "observed"}})
    del manifest["cpu"]
    with pytest.raises(ValueError, match="cpu"):
        store.begin(RUN, manifest)
