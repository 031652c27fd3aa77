"""Studies: what a file may say, which runs it means, and that what is kept does not hang on who was stopped when."""

import errno
import hashlib
import os
from dataclasses import replace
from datetime import date

import duckdb
import numpy as np
import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given as when
from hypothesis import settings
from hypothesis import strategies as st

from dying import Dies, Says
from greyspace.errors import FolderError, InputError
from greyspace.results import studies
from greyspace.results.studies import Shape, StudyDraft, Sum, Told, piece
from greyspace.study import ensemble, fans, jobs, lives
from greyspace.study.ensemble import load_study
from greyspace.study.gauges import named
from greyspace.study.jobs import each

FILE = """\
name: a study
country: toyland
scenarios: [history, no-gates]
from: 2021-03-01
to: 2021-03-29
draws: 2
parameters: [devices.life_years, bribery.demand]
"""


def written(folder, text=FILE, **changed):
    lines = {line.partition(":")[0]: line for line in text.splitlines()}
    lines |= {key.rstrip("_"): f"{key.rstrip('_')}: {value}" for key, value in changed.items()}
    path = folder / "study.yaml"
    path.write_text("\n".join(lines.values()) + "\n")
    return path


# -- what a file may say

WRONG = {
    "no scenario": ({"scenarios": "[]"}, "scenarios: one name at least is needed"),
    "a scenario twice": ({"scenarios": "[history, history]"}, "'history' stands there twice"),
    "an unknown scenario": ({"scenarios": "[histroy]"}, "there is no scenario 'histroy' (allowed: analysts"),
    "no such file": ({"scenarios": "[mine.yaml]"}, "mine.yaml: cannot be read"),
    "an unknown key": ({"sedes": "3"}, "sedes: this key is not known here"),
    "an unknown country": ({"country": "mars"}, "There is no country pack"),
    "an unknown engine": ({"engine": "warp"}, "engine: Input should be 'expected' or 'individuals'"),
    "a scale without persons": ({"scale": "0.1"}, "scale: the engine 'expected' makes no persons"),
    "a scale beyond all": ({"engine": "individuals", "scale": "2"}, "scale: Input should be less than or equal to 1"),
    "no seeds": ({"seeds": "0"}, "seeds: '0' is not allowed; allowed are whole numbers from 1 to 1000"),
    "half a seed": ({"seeds": "[1, 1.5]"}, "'1.5' is not allowed; allowed are whole numbers from 0 to 4294967295"),
    "a seed twice": ({"seeds": "[1, 1]"}, "a list of 1 to 1000 seeds, each once"),
    "too many draws": ({"draws": "10001"}, "draws: '10001' is not allowed; allowed are whole numbers from 0 to 10000"),
    "draws that are true": ({"draws": "true"}, "draws: 'True' is not allowed"),
    "a date that is none": ({"from": "soon"}, "from: 'soon' is no date; write it as year-month-day"),
    "a date before the pack": ({"from": "1990-01-01"}, "from 1990-01-01: the pack toyland covers 2008-01-07"),
    "dates reversed": ({"to": "2019-01-07"}, "the end lies before the start"),
    "an unknown parameter": ({"parameters": "[devices.life_yaers]"}, "did you mean devices.life_years?"),
    "a parameter without range": ({"parameters": "[population.reference_year]"}, "has no range to draw it from"),
    "a setting out of range": ({"set": "{power.least_hours: 25}"}, "allowed: 0 to 24 (hours a day)"),
    "an unknown system": ({"without": "[radar]"}, "without: there is no system 'radar' (allowed: "),
    "a structure of the pack's name": (
        {"structures": "{pack: {says: x, sets: {power.least_hours: 1}}}"}, "structures.pack: this is the name"
    ),
    "a structure that sets nothing": ({"structures": "{bare: {says: x, sets: {}}}"}, "structures.bare.sets: "),
    "an unknown measure": ({"measures": "[leeds]"}, "measure leeds: there is no such measure; did you mean leads?"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_a_mistake_names_the_file_the_key_and_what_is_allowed(tmp_path, wrong):
    changed, sentence = WRONG[wrong]
    path = written(tmp_path, **changed)
    with pytest.raises(InputError) as refused:
        load_study(path)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)
    if wrong not in ("an unknown country", "no such file"):
        assert str(refused.value).startswith(str(path))


def test_files_are_looked_for_beside_the_study(tmp_path, monkeypatch):
    (tmp_path / "mine.yaml").write_text("name: mine\nsentence: Power.\nparameters: {power.least_hours: 24}\n")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    made = load_study(written(tmp_path, scenarios="[history, mine.yaml]"))
    assert [scenario.id for scenario in made.scenarios] == ["history", "mine"]


# -- which runs it means


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    text = FILE + "seeds: [3, 4]\nwithout: [road_posts]\nset: {power.hours_factor: 0.5}\n"
    text += "structures: {poor: {says: x, sets: {bribery.demand: 30.0}}}\n"
    return load_study(written(tmp_path_factory.mktemp("study"), text))


def test_there_is_a_run_for_each_draw_structure_seed_and_scenario(study):
    assert study.runs == 3 * 2 * 2 * 2
    told = [study.told(number) for number in range(study.runs)]
    assert len({each_told.run_id for each_told in told}) == study.runs
    assert len({(t.scenario, t.structure, t.draw, t.seed) for t in told}) == study.runs
    assert {t.seed for t in told} == {3, 4}
    chains = list(study.chains(range(study.runs)))
    assert sorted(number for chain in chains for number, _ in chain) == list(range(study.runs))
    assert [{(told[n].draw, told[n].seed) for n, _ in chain} for chain in chains] == [
        {(draw, seed)} for draw in range(3) for seed in (3, 4)
    ]
    halves = [[n for n, _ in chain] for chain in study.chains(range(study.runs), 2)]
    assert halves == [of[i : i + 2] for of in ([n for n, _ in chain] for chain in chains) for i in (0, 2)]


def test_a_draw_is_the_same_for_all_and_draw_0_is_the_pack_itself(study):
    of = {(t.draw, t.structure, t.seed, t.scenario): t.drawn for t in map(study.told, range(study.runs))}
    own = {key: study.pack.parameters[key].value for key in ("devices.life_years", "bribery.demand")}
    for (draw, structure, _, _), drawn in of.items():
        assert drawn["bribery.demand"] == 30.0 if structure == "poor" else True
        assert drawn["devices.life_years"] == of[draw, "pack", 3, "history"]["devices.life_years"]
        assert (drawn["devices.life_years"] == own["devices.life_years"]) == (draw == 0)
    assert of[0, "pack", 3, "history"] == own
    # Each range is cut into as many parts as there are draws, and each part is used once.
    assert of[1, "pack", 3, "history"]["bribery.demand"] != of[2, "pack", 3, "history"]["bribery.demand"]


def test_settings_and_systems_off_hold_in_every_run(study):
    for number in range(study.runs):
        made = study.plan(number)
        assert "road_posts" in made.off
        assert made.p.number("power.hours_factor") == 0.5


def test_what_a_scenario_sets_is_neither_drawn_nor_in_a_structure(tmp_path):
    (tmp_path / "mine.yaml").write_text("name: mine\nsentence: Less.\nparameters: {bribery.demand: 7.0}\n")
    text = FILE + "structures: {poor: {says: x, sets: {bribery.demand: 30.0}}}\n"
    made = load_study(written(tmp_path, text, scenarios="[mine.yaml]"))
    assert {made.told(number).drawn["bribery.demand"] for number in range(made.runs)} == {7.0}


def test_what_is_only_told_of_a_study_does_not_make_another_one(tmp_path):
    one = load_study(written(tmp_path)).id
    assert load_study(written(tmp_path, name="other", sentence="words", measures="[leads]")).id == one
    assert load_study(written(tmp_path, draws="3")).id != one
    assert load_study(written(tmp_path, seeds="[2]")).id != one
    assert load_study(written(tmp_path, scenarios="[no-gates, history]")).id != one


# -- what is kept

COLUMNS = (Sum("people", "persons", "who"), Sum("kg", "kg", "what", "people"))
RUNS = 7


def told(number):
    return Told(f"{number:016x}", "ab"[number % 2], "pack", number // 2, 5, {"x": float(number), "word": "local"})


def came(number):
    dice = np.random.Generator(np.random.Philox(number))
    return piece(told(number).run_id, [2020, 2021], dice.random((2, 3, 2)), True)


def draft(root):
    shape = Shape(RUNS, ("a", "b"), ("pack",), ("x", "y", "z"), COLUMNS)
    return StudyDraft(root, "study", shape, told)


def kept(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("part-*"))} | {
        f"runs/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("runs/*"))
    }


@pytest.fixture
def whole(tmp_path, monkeypatch):
    monkeypatch.setattr(studies, "BATCH", 3)
    with draft(tmp_path / "whole") as made:
        for number in made.missing():
            made.keep(number, came(number))
        return kept(made.finish({"measures": []}))


@when(order=st.permutations(range(RUNS)), stops=st.lists(st.integers(0, RUNS), max_size=3), torn=st.booleans())
@settings(max_examples=12)
def test_a_study_ends_with_the_same_bytes_in_whatever_order_and_however_often_it_was_stopped(
    tmp_path_factory, order, stops, torn
):
    before, studies.BATCH = studies.BATCH, 3
    try:
        root = tmp_path_factory.mktemp("any")
        with draft(root / "straight") as made:
            for number in range(RUNS):
                made.keep(number, came(number))
            want, digest = kept(made.folder), made.content_digest()
        for last in (*sorted(stops), None):
            with draft(root / "stopped") as made:
                missing = set(made.missing())
                for number in [n for n in order if n in missing][: None if last is None else last // 2]:
                    made.keep(number, came(number))
                pieces = list((made.folder / "pieces").iterdir())
                if torn and pieces and last is not None:
                    pieces[0].write_bytes(pieces[0].read_bytes()[:-5])
        assert made.missing() == []
        assert kept(made.folder) == want
        assert made.content_digest() == digest
        assert not list((made.folder / "pieces").iterdir())
    finally:
        studies.BATCH = before


def test_a_torn_part_is_lived_again_and_one_of_a_finished_study_is_named(tmp_path, whole):
    with draft(tmp_path) as made:
        for number in range(RUNS):
            made.keep(number, came(number))
        part = made.folder / "yearly" / "part-00001.parquet"
        part.write_bytes(part.read_bytes()[:-200])
    with draft(tmp_path) as made:
        assert made.missing() == [3, 4, 5]
        assert "part-00001.parquet is torn or was changed" in made.refused[0]
        for number in (5, 3, 4):
            made.keep(number, came(number))
        folder = made.finish({"measures": []})
    assert kept(folder) == whole
    part = folder / "yearly" / "part-00002.parquet"
    part.write_bytes(part.read_bytes()[:-200])
    with draft(tmp_path) as made, pytest.raises(FolderError, match=r"part-00002.parquet was changed"):
        made.missing()


def test_one_process_at_a_time_makes_a_study(tmp_path):
    with draft(tmp_path), pytest.raises(FolderError, match=r"is writing study study"):
        draft(tmp_path)


def test_a_disk_that_is_full_loses_no_finished_run(tmp_path, monkeypatch, whole):
    """As it is when a write is refused at whatever place: the sentence names the file, and the same command goes on."""
    write = studies.whole
    for at in range(10):
        count = iter(range(1000))

        def refuse(path, fill, at=at, count=count):
            if next(count) == at:
                with studies.refusals(path):
                    raise OSError(errno.ENOSPC, "full")
            write(path, fill)

        root = tmp_path / str(at)
        with draft(root) as made, pytest.MonkeyPatch.context() as bent:
            bent.setattr(studies, "whole", refuse)
            lived = []

            def live(made=made, lived=lived):
                for number in made.missing():
                    lived.append(number)
                    made.keep(number, came(number))

            with pytest.raises(FolderError, match="the disk is full"):
                live()
        with draft(root) as made:
            missing = made.missing()
            # The run that was refused is lived again, and no other.
            assert set(lived[:-1]).isdisjoint(missing)
            for number in missing:
                made.keep(number, came(number))
            assert kept(made.folder) == whole


# -- the data set


@pytest.fixture(scope="module")
def lived(study, tmp_path_factory):
    """A study of four runs with the sums that these have."""
    made = replace(study, file=study.file.model_copy(update={"draws": 1, "seeds": (3, 4)}), structures={"pack": {}})
    with StudyDraft(tmp_path_factory.mktemp("lived"), made.id, made.shape, made.told) as own:
        for number, result in ensemble.live(made, own.missing(), 1, None):
            own.keep(number, result)
        yield made, own


def test_duckdb_polars_and_pandas_read_the_same_sums(lived):
    made, own = lived
    pattern = str(own.folder / "yearly" / "*.parquet")
    mean = "sum(leads) / sum(person_years)"
    ((duck,),) = duckdb.sql(f"select {mean} from '{pattern}' where scenario = 'history' and draw = 1").fetchall()
    frame = pl.read_parquet(pattern).filter(scenario="history", draw=1)
    assert frame.select(pl.col("leads").sum() / pl.col("person_years").sum()).item() == pytest.approx(duck, rel=1e-12)
    of = pq.read_table(own.folder / "yearly").to_pandas()
    of = of[(of.scenario == "history") & (of.draw == 1)]
    assert of.leads.sum() / of.person_years.sum() == pytest.approx(duck, rel=1e-12)
    assert frame.height == 2 * len(made.pack.regions)
    field = pq.read_schema(next((own.folder / "yearly").iterdir())).field("leads")
    assert field.metadata[b"unit"] == b"acts"
    runs = pl.read_parquet(own.folder / "runs" / "*.parquet")
    assert runs["run_id"].to_list() == [made.told(number).run_id for number in range(made.runs)]
    assert runs["devices.life_years"].n_unique() == 2


def test_sums_of_a_run_are_those_of_a_life_by_itself(lived):
    made, own = lived
    number = made.runs - 1
    alone = lives.by_year([made.plan(number)], (date(2021, 3, 1) - date(1970, 1, 1)).days)["no-gates"]
    rows = pl.read_parquet(own.folder / "yearly" / "*.parquet").filter(run=number)
    for i, column in enumerate(lives.COLUMNS):
        assert (rows[column.name].to_numpy() == alone[2021][:, i]).all(), column.name


def test_measures_are_read_off_the_data_set_as_off_lives(lived):
    made, own = lived
    gauges = [named("leads"), named("price"), named("power_home"), named("trade.paid")]
    found = fans.read(made, own, gauges)
    years = lives.by_year([made.plan(0)], (date(2021, 3, 1) - date(1970, 1, 1)).days)["history"]
    for gauge in gauges:
        assert found.values[gauge.name][0, 0, 0, 0, 0] == pytest.approx(gauge.of(lives.whole(years)), rel=1e-12)


def fanned(study, draws, structures, seeds):
    """A measure that is 100 x draw + 10 x structure + seed."""
    d, t, s = np.meshgrid(np.arange(draws), np.arange(structures), np.arange(seeds), indexing="ij")
    values = (100.0 * d + 10.0 * t + s)[..., None, None] * np.ones((1, 2))
    return fans.Fans(study, (named("leads"),), (2020, 2021), {"leads": values})


def test_bands_are_over_draws_and_structures_and_luck_stands_apart(study):
    first, luck = fans.bands(fanned(study, 5, 2, 3), named("leads"), 0)
    assert (first.over, first.n) == ("draws and structures", 8)
    # Draws 1 to 4 under two structures; of three seeds the mean, 1.
    assert first.quantiles[2].tolist() == [256.0, 256.0]
    assert (luck.over, luck.n) == ("seeds", 3)
    assert luck.quantiles[2].tolist() == [1.0, 1.0]
    assert luck.quantiles[-1].max() < 3.0
    (alone,) = fans.bands(fanned(study, 1, 1, 4), named("leads"), 0)
    assert alone.over == "seeds"
    (structures,) = fans.bands(fanned(study, 1, 3, 1), named("leads"), 0)
    assert (structures.over, structures.n) == ("structures", 3)


# -- processes


def test_a_process_that_dies_is_replaced_and_its_job_given_again(tmp_path):
    found = dict(each([[(0, Says()), (1, Dies(tmp_path / "mark")), (2, Says())]], 2))
    assert list(found) == [0, 1, 2]
    assert found[0] != found[1] == found[2]
    assert os.getpid() not in found.values()


def test_a_job_that_kills_every_process_ends_with_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "_DEATHS", 1)
    with pytest.raises(InputError, match="the system ends process after process"):
        dict(each([[(0, Dies(tmp_path / "mark", always=True))]], 2))


def test_a_mistake_in_a_process_comes_out_as_it_is():
    with pytest.raises(InputError, match="a sentence"):
        dict(each([[(0, Says("a sentence"))]], 2))
