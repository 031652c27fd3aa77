"""The documentation says what is true of this version: its tables, its links, its commands and its examples."""

import doctest
import inspect
import re
import shlex
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from greyspace.cli.app import COMMANDS, build
from greyspace.cli.run import SEEDS
from greyspace.cli.run import run as of_command
from greyspace.country import load_pack
from greyspace.errors import InputError
from greyspace.evidence import parse_set, resolve
from greyspace.results import Store, sql
from greyspace.simulate import plan, run
from greyspace.study.ensemble import load_study
from greyspace.study.findings import GATE_DRAWS

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]


def blocks(kind: str) -> list[tuple[str, str]]:
    """The fenced blocks of one kind on all pages: (page, text)."""
    fence = re.compile(rf"^```{kind}\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    return [
        (name, text) for name, page in zip(NAMES, PAGES, strict=True) for text in fence.findall(page.read_text("utf-8"))
    ]


def commands() -> list[tuple[str, str]]:
    """Every `greyspace ...` command in the text, but for those that are only named, as in `greyspace show`."""
    found = [(name, line) for name, text in blocks("sh") for line in text.splitlines()]
    for name, page in zip(NAMES, PAGES, strict=True):
        found += [(name, code) for code in re.findall(r"`([^`\n]+)`", page.read_text("utf-8"))]
    named = {f"greyspace {command.name}" for command in COMMANDS}
    given = [(name, line) for name, line in found if re.match(r"greyspace [a-z]", line) and line not in named]
    return list(dict.fromkeys(given))


def bare(page: Path) -> str:
    """The page without its code, where brackets and slashes mean something else."""
    return re.sub(r"^```.*?^```$|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """The names under which the headings of a page can be linked to."""
    heads = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).strip().replace(" ", "-") for head in heads}


def test_the_generated_tables_are_what_make_docs_would_write_now():
    made = subprocess.run(
        (sys.executable, "docs/build.py", "--check"), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, f"{made.stdout}{made.stderr}: run 'make docs'"


@pytest.mark.parametrize(("page", "command"), commands())
def test_every_command_is_one_that_greyspace_takes(page, command):
    called, bound, unused = build().parse_args(shlex.split(command, comments=True)[1:])
    assert not unused
    if called.__name__ == "run":
        country = bound.arguments.get("country", "dprk")
        pack = load_pack("toyland" if "/" in country else country)  # the reader's copy of Toyland is not here
        resolve(pack.parameters, dict(parse_set(word) for word in bound.arguments.get("sets", ())))
        for scenario in bound.arguments.get("scenarios", ()):
            assert scenario.endswith(".yaml") or scenario in pack.scenarios


YAMLS = blocks("yaml")
STUDIES = [each for each in YAMLS if re.search(r"^draws:", each[1], re.MULTILINE)]


@pytest.mark.parametrize(("page", "text"), STUDIES)
def test_every_study_in_the_text_can_be_lived(page, text, tmp_path):
    path = tmp_path / "example.yaml"
    path.write_text(text, encoding="utf-8")
    assert load_study(path).runs


@pytest.mark.parametrize(("page", "text"), [each for each in YAMLS if each not in STUDIES])
def test_every_scenario_in_the_text_can_be_run(page, text, tmp_path):
    path = tmp_path / "example.yaml"
    path.write_text(text, encoding="utf-8")
    pack = load_pack("dprk")
    scenario = pack.scenario(str(path))
    made = plan(pack, scenario, engine="expected", start=date(2023, 8, 28), end=date(2023, 9, 18))
    assert made.world().contacts


def test_every_number_changes_by_date_but_those_that_the_page_names(tmp_path):
    """Saying from a date on what is so anyway is allowed of each, and changes nothing."""
    page = (ROOT / "docs/scenarios.md").read_text("utf-8")
    block = page.partition("<!-- begin settled -->")[2].partition("<!-- end settled -->")[0]
    settled = tuple(name.removesuffix("<province>") for name in re.findall(r"`(.+?)`", block))
    assert len(settled) > 3
    pack = load_pack("toyland")
    numbers = {key: known.value for key, known in pack.parameters.items() if known.range and known.value is not None}
    sets = {key: {date(2021, 4, 5): value} for key, value in numbers.items() if not key.startswith(settled)}
    assert len(sets) > 150

    def lived(sets):
        span = {"start": date(2021, 3, 1), "end": date(2021, 5, 31)}
        made = plan(pack, pack.scenario("history"), engine="expected", sets=sets, **span)
        return run(made, Store(tmp_path))

    usual, told = lived({}), lived(sets)
    for name in usual.tables:
        assert usual.table(name).equals(told.table(name)), name
    for name in settled:
        name = next(key for key in numbers if key.startswith(name))
        with pytest.raises(InputError, match=f"{name} has one value for a whole run"):
            lived({name: {date(2021, 4, 5): numbers[name]}})


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A few weeks of Toyland with and without gates."""
    store = Store(tmp_path_factory.mktemp("results"))
    pack = load_pack("toyland")
    for scenario in ("history", "no-gates"):
        of = plan(pack, pack.scenario(scenario), engine="expected", start=date(2021, 8, 2), end=date(2021, 9, 6))
        run(of, store)
    return store


@pytest.mark.parametrize(("page", "query"), blocks("sql"))
def test_every_question_in_sql_has_an_answer(page, query, store):
    assert len(sql(store, query)) > 0


def test_every_question_in_sql_on_the_command_line_has_an_answer(store):
    asked = [shlex.split(command)[2] for _, command in commands() if command.startswith("greyspace sql ")]
    assert len(asked) >= 2
    for query in asked:
        assert len(sql(store, query)) > 0


@pytest.mark.parametrize("page", PAGES[1:], ids=NAMES[1:])
def test_examples_in_python_run(page):
    failed, _ = doctest.testfile(str(page), module_relative=False)
    assert failed == 0


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_links_within_the_repository_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", bare(page)):
        if re.match(r"https?://", target):
            continue
        file, _, place = target.partition("#")
        path = (page.parent / file).resolve() if file else page
        # Figures come from a set of results and are placed beside the pages when there is one.
        if path.suffix == ".png" and not path.parent.exists():
            continue
        assert path.exists(), target
        assert not place or place in anchors(path), target


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_no_page_speaks_of_one_machine_or_of_how_it_was_made(page):
    text = page.read_text("utf-8")
    assert not re.search(r"(?<![\w.])/(?:work|home|root|tmp|Users)\b|[A-Z]:\\", text)
    assert not re.search(r"\bissue #?\d|\bticket\b|\bpull request #", text, re.IGNORECASE)


def test_every_make_target_in_the_text_is_there():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    told = {
        word for page in PAGES for word in re.findall(r"(?:^|`)make ([a-z]+)", page.read_text("utf-8"), re.MULTILINE)
    }
    assert {"run", "test", "docs"} <= told
    assert told <= targets


def test_every_stream_of_random_numbers_is_told(tmp_path):
    """A run in a process of its own opens the streams of the table in engine.md, and no other."""
    code = f"""
from datetime import date
from greyspace.country import load_pack
from greyspace.draws import streams
from greyspace.results import Store
from greyspace.simulate import plan, run
from greyspace.study.findings import GATE_DRAWS
pack = load_pack("toyland")
span = dict(start=date(2021, 8, 2), end=date(2021, 8, 9), scale=0.05)
run(plan(pack, pack.scenario("history"), **span), Store({str(tmp_path)!r}))
print(*sorted(name for name in streams._KNOWN.values() if not name.startswith("contact/")), sep="\\n")
"""
    opened = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True).stdout
    page = (ROOT / "docs/engine.md").read_text("utf-8")
    block = page.partition("<!-- begin streams -->")[2].partition("<!-- end streams -->")[0]
    assert sorted(re.findall(r"^\| `(.+?)`", block, re.MULTILINE)) == opened.splitlines()


def test_the_options_that_the_readme_explains_are_options_of_run():
    rows = re.findall(r"^\| (`--.+?) \|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    options = [option for row in rows for option in re.findall(r"`(--[^`]+)`", row)]
    assert len(options) >= 10
    for option in options:
        _, _, unused = build().parse_args(["run", *shlex.split(option)])
        assert not unused


def test_the_readme_gives_the_sizes_of_a_usual_run():
    usual = inspect.signature(of_command).parameters
    text = (ROOT / "README.md").read_text("utf-8")
    assert f"with\n{100 * usual['scale'].default:g} percent of the nation" in text
    assert f"{GATE_DRAWS} times for" in text
    assert f"{usual['draws'].default} times for the journeys" in text
    assert {3: "three times each"}[SEEDS] in text
