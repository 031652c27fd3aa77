"""What can be read of results and packs, at 80 columns."""

import csv
import io
import json
import shutil

import pytest

from greyspace.country import ACTS

from .conftest import give_in

TOYLAND = ("--country", "toyland", "--from", "2018-12-03", "--to", "2019-01-28", "--draws", "0", "--quiet")


def lines(said):
    assert said.returncode == 0, said.stderr
    assert all(len(line) <= 80 for line in said.stdout.splitlines() if "/" not in line and "greyspace run" not in line)
    return said.stdout


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """A folder with two runs and their set, and what --json tells of them."""
    folder = tmp_path_factory.mktemp("lived")
    words = ("--engine", "expected", "--seeds", "1", "--set", "power.least_hours=6", "--json")
    return folder, json.loads(give_in(folder, "run", "history", "no-gates", *TOYLAND, *words).stdout)


@pytest.fixture
def made(lived, tmp_path):
    """The two runs where commands are given, as --json tells of them."""
    folder, told = lived
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    return told


def test_runs_and_sets_are_listed_and_shown(greyspace, made):
    listed = lines(greyspace("runs"))
    run, other = made["runs"]
    assert run["run_id"][:8] in listed
    assert other["run_id"][:8] in listed
    assert made["set"][:8] in listed
    shown = lines(greyspace("show", run["run_id"][:8]))
    assert run["content_digest"] in shown
    changed = next(line for line in shown.splitlines() if line.startswith("power.least_hours"))
    assert changed.split() == ["power.least_hours", "6", "0", "--set"]
    assert "2018" in shown
    assert "turned" in shown
    of_set = greyspace("show", made["set"][:8]).stdout
    assert run["run_id"] in of_set
    assert "greyspace run history no-gates --country toyland" in of_set


def test_the_command_that_a_set_records_gives_the_set_again(greyspace, made):
    shown = greyspace("show", made["set"]).stdout
    command = next(line for line in shown.splitlines() if line.startswith("command")).split("greyspace ", 1)[1]
    again = greyspace(*command.split(), "--json", "--quiet")
    assert json.loads(again.stdout)["set"] == made["set"]


def test_two_runs_are_compared(greyspace, made, tmp_path):
    a, b = (run["run_id"][:8] for run in made["runs"])
    found = lines(greyspace("compare", a, b, "--by", "year,act", "--measures", "intents,punished"))
    assert "scenario" in found
    assert "no-gates" in found
    figure = next(line for line in found.splitlines() if line.endswith("comparison.png"))
    assert (tmp_path / figure).read_bytes().startswith(b"\x89PNG")
    rows = list(csv.DictReader(io.StringIO(greyspace("compare", a, b, "--by", "act", "--csv").stdout)))
    assert {row["act"] for row in rows} == set(ACTS)
    assert all(float(row["difference"]) == float(row["b"]) - float(row["a"]) for row in rows)


def test_sql_answers_for_readers_and_machines(greyspace, made):
    query = "select scenario, count(*) as rows from series group by all order by all"
    assert "history" in lines(greyspace("sql", query))
    assert json.loads(greyspace("sql", query, "--json").stdout)[1]["scenario"] == "no-gates"
    assert greyspace("sql", query, "--csv").stdout.startswith("scenario,rows\nhistory,")
    assert "turned_back" in lines(greyspace("sql", "select * from series limit 2"))
    assert lines(greyspace("sql", "select * from series where false")) == "no rows\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("runs", "--out", "nowhere"), "there is no folder of results at nowhere"),
        (("show", "abc", "--out", "nowhere"), "there is no folder of results at nowhere"),
        (("evidence", "show", "power.hour_factor"), "did you mean power.hours_factor?"),
        (("evidence", "list", "xyz"), "no parameter of dprk begins with 'xyz'"),
        (("compare",), "give two runs"),
        (("compare", "a", "b", "--scenarios", "history,no-gates"), "exclude each other"),
        (("compare", "--scenarios", "history"), "give two or more"),
        (("compare", "--scenarios", "history,no-gates", "--since", "2050-01-03"), "allowed is a day from 2016-01-04"),
        (("scenarios", "--country", "mars"), "allowed: brightland, dprk, toyland"),
    ],
)
def test_what_is_not_there_is_one_sentence(greyspace, refused, words, sentence):
    refused(greyspace(*words), sentence)


def test_what_results_cannot_answer_is_one_sentence(greyspace, refused, made):
    a, b = (run["run_id"] for run in made["runs"])
    refused(greyspace("compare", a, b, "--by", "yera"), "did you mean 'year'?")
    refused(greyspace("compare", a, "zzz"), "no run in results is called 'zzz'")
    refused(greyspace("sql", "select nothing from series"), 'column "nothing" not found')
    refused(greyspace("sql", "drop table series"), "results are read, never changed")
    refused(greyspace("sql", "select 1", "--csv", "--json"), "exclude each other")
    refused(greyspace("resume", a), "is finished")


def test_packs_scenarios_and_evidence_are_told(greyspace):
    assert "toyland" in lines(greyspace("country", "list"))
    assert lines(greyspace("country", "check", "dprk")).startswith("dprk is whole: 20 regions")
    assert "no-gates" in lines(greyspace("scenarios"))
    assert "power.least_hours" in lines(greyspace("evidence", "list", "power"))
    assert "lever" in lines(greyspace("evidence", "show", "power.least_hours"))


def test_scenarios_are_compared_and_told_again(greyspace, tmp_path):
    span = ("--country", "toyland", "--from", "2024-12-02", "--to", "2025-02-24", "--since", "2025-01-06")
    words = ("compare", "--scenarios", "history,analysts", *span, "--seeds", "1", "--scale", "0.1", "--quiet")
    said = lines(greyspace(*words, "--draws", "1"))
    assert "Change against 'history', in acts of 1,000 intents" in said
    folder = tmp_path / said.split()[-1]
    table = list(csv.DictReader(io.StringIO((folder / "comparison.csv").read_text())))
    assert {row["scenario"] for row in table} == {"analysts"}
    assert (folder / "figures/analysts.png").read_bytes().startswith(b"\x89PNG")
    again = greyspace("show", folder.name).stdout
    assert "greyspace compare --since 2025-01-06 --scenarios history,analysts" in again
    made = json.loads(greyspace(*words, "--draws", "0", "--json").stdout)
    assert made["set"] != folder.name
