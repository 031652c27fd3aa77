"""One population in shards: the same bits however it is split, whoever dies, and whatever comes first."""

from datetime import date
from random import Random

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from given import country
from greyspace.errors import FolderError, InputError
from greyspace.results import Store
from greyspace.simulate import loop, plan, run
from greyspace.simulate.shards import Worker, bounds

WEEKS = {"start": date(2021, 1, 4), "end": date(2021, 4, 26)}


@pytest.fixture
def made(monkeypatch):
    monkeypatch.setattr(loop, "CHECKPOINT_SECONDS", 0.0)
    pack = country("toyland")
    return plan(pack, pack.scenario("history"), scale=1.0, **WEEKS)


@pytest.fixture(scope="module")
def digest(tmp_path_factory):
    """Of the same run, lived in this process alone."""
    pack = country("toyland")
    alone = run(plan(pack, pack.scenario("history"), scale=1.0, **WEEKS), Store(tmp_path_factory.mktemp("alone")))
    return alone.meta["content_digest"]


class Killed(Exception):
    """The head is killed here."""


class Unruly:
    """Workers that answer in any order, twice or late, forget everything, or die before they answer."""

    def __init__(self, seed, dying=0.3, stop_at=None):
        self.dice, self.dying, self.stop_at = Random(seed), dying, stop_at
        self.workers = [Worker(), Worker()]
        self.waiting, self.late, self.saw = [], [], []

    def give(self, task):
        if task.period == self.stop_at:
            raise Killed
        self.waiting.append(task)

    def arrived(self):
        task = self.waiting.pop(self.dice.randrange(len(self.waiting)))
        one = self.dice.randrange(len(self.workers))
        answer = self.workers[one].advance(task)
        self.saw.append(task)
        if self.dice.random() < self.dying:
            self.workers[one] = Worker()
            return [(task, None)]
        found = [*self.late, (task, answer), (task, self.workers[one].advance(task))]
        self.late = [(task, answer)]
        return found


def live(made, folder, shards, workers):
    return run(made, Store(folder), 1, None, shards, workers).meta["content_digest"]


@pytest.mark.parametrize("shards", [1, 2, 3, 5])
def test_shards_deaths_and_the_order_of_arrival_change_nothing(made, digest, tmp_path, shards):
    workers = Unruly(shards)
    assert live(made, tmp_path, shards, workers) == digest
    assert len(workers.saw) > len(set(workers.saw)), "nobody died: the test is weaker than it says"


@pytest.mark.parametrize("stop_at", [1, 3])
@pytest.mark.parametrize(("before", "after"), [(2, 2), (2, 3), (3, None), (None, 2)])
def test_a_head_that_dies_goes_on_with_as_many_shards_as_it_likes(made, digest, tmp_path, before, after, stop_at):
    weeks = made.world().periods[stop_at].first

    def stop(phase, week, of):
        if phase == "living" and week > weeks:
            raise Killed

    given = (1, stop) if before is None else (1, None, before, Unruly(7, stop_at=stop_at))
    with pytest.raises(Killed):
        run(made, Store(tmp_path), *given)
    if after is None:
        assert run(made, Store(tmp_path)).meta["content_digest"] == digest
    else:
        assert live(made, tmp_path, after, Unruly(8)) == digest
    assert not list(tmp_path.rglob("shards"))


def partial_run(made, folder, stop_at=3):
    """The shards' folder of a run that was killed."""
    with pytest.raises(Killed):
        live(made, folder, 2, Unruly(1, dying=0.0, stop_at=stop_at))
    return folder / "runs/.partial" / made.run_id / "shards"


@pytest.mark.parametrize("harm", ["torn", "tampered", "emptied", "gone"])
def test_a_checkpoint_that_is_not_whole_is_refused_and_the_one_before_is_used(made, digest, tmp_path, caplog, harm):
    newest = sorted((partial_run(made, tmp_path) / "2-of-2").glob("*.checkpoint"))[-1]
    data = bytearray(newest.read_bytes())
    if harm == "torn":
        newest.write_bytes(data[: len(data) // 2])
    elif harm == "tampered":
        data[-100] ^= 1
        newest.write_bytes(data)
    elif harm == "emptied":
        newest.write_bytes(b"")
    else:
        newest.unlink()
    assert live(made, tmp_path, 2, Unruly(2, dying=0.0)) == digest
    said = f"{newest} is torn or was changed: the checkpoint before it is used" in caplog.text
    assert said == (harm != "gone")


def test_without_any_checkpoint_a_shard_lives_its_whole_history_again(made, digest, tmp_path):
    for path in partial_run(made, tmp_path).glob("*/*.checkpoint"):
        path.unlink()
    assert live(made, tmp_path, 2, Unruly(3, dying=0.0)) == digest


def test_the_state_of_another_history_is_not_taken_for_this_one(made, digest, tmp_path):
    """Checkpoints of another seed, whole and at the right place: their odds were others."""
    pack = country("toyland")
    other = plan(pack, pack.scenario("history"), scale=1.0, seed=2, **WEEKS)
    theirs = partial_run(other, tmp_path / "other")
    ours = partial_run(made, tmp_path / "ours")
    for path in theirs.glob("*/*.checkpoint"):
        (ours / path.relative_to(theirs)).write_bytes(path.read_bytes())
    assert live(made, tmp_path / "ours", 2, Unruly(4, dying=0.0)) == digest


def test_odds_that_were_changed_are_not_lived_under(made, tmp_path):
    shards = partial_run(made, tmp_path)
    for path in shards.glob("*/*.checkpoint"):
        path.unlink()
    entry = shards / "odds-000001"
    data = bytearray(entry.read_bytes())
    data[-100] ^= 1
    entry.write_bytes(data)
    with pytest.raises(FolderError, match=r"odds-000001 is torn or was changed: remove .* and run again"):
        live(made, tmp_path, 2, Unruly(5, dying=0.0))


def test_a_worker_that_does_not_see_the_folder_says_so(made, tmp_path):
    class Blind(Unruly):
        def arrived(self):
            task = self.waiting.pop()
            return [(task, Worker().advance(task.__class__(**{**vars(task), "folder": "/nowhere"})))]

    with pytest.raises(InputError, match="cannot see /nowhere/ground: all workers must see the folder of results"):
        live(made, tmp_path, 2, Blind(1))


def test_more_shards_than_neighbourhoods_are_refused(made, tmp_path):
    with pytest.raises(InputError, match=r"--shards 4000: the run has \d+ neighbourhood units"):
        live(made, tmp_path, 4000, Unruly(1))


@for_all(st.lists(st.integers(1, 200), min_size=1, max_size=60), st.data())
def test_shards_are_whole_units_all_of_them_and_none_is_empty(sizes, data):
    shards = data.draw(st.integers(1, len(sizes)))
    first = np.concatenate([[0], np.cumsum(sizes)])
    cuts = bounds(first, shards)
    assert cuts[0] == 0
    assert cuts[-1] == len(sizes)
    assert len(cuts) == shards + 1
    assert (np.diff(cuts) >= 1).all()
    if len(set(sizes)) == 1:
        assert np.diff(cuts).max() - np.diff(cuts).min() <= 1
