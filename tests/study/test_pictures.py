"""From findings to figures: all of them, some of them, and what they say of themselves."""

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pytest
from matplotlib.text import Text

from greyspace import __version__
from greyspace.contract import OUTCOMES
from greyspace.country import load_pack, packs
from greyspace.evidence import resolve
from greyspace.institutions import ACCOUNTS
from greyspace.simulate import mondays
from greyspace.study import gates
from greyspace.study.draws import latin
from greyspace.study.era import ENTRANCES, PAPERS, PENALTIES, Era, nothing
from greyspace.study.findings import Findings, Sighting
from greyspace.study.numbers import numbers
from greyspace.study.pictures import _act, _kind, difference, draw, gates_working, officers, travellers, why_down
from legible import legible

ALL = ["gates_working", "why_down", "travellers", "difference", "officers"]
PICTURES = [gates_working, why_down, travellers, difference, officers]


def era(number: int) -> Era:
    """A made-up time: outcomes, states, bribes and posts that move with the number."""
    found = nothing()
    wave = np.arange(found.entrances.size).reshape(found.entrances.shape)
    found.entrances[...] = 1000 + (37 * wave + 911 * number) % 500
    punished = [o for o, name in enumerate(OUTCOMES) if name.split("_", 1)[1] in PENALTIES]
    found.entrances[:, PAPERS.index("permit"), punished] = 0
    found.states[...] = 1e5 + (53 * np.arange(found.states.size).reshape(found.states.shape) + 701 * number) % 900
    found.hands[...] = [[9e5, 2e4, 1e5], [3e4, 5e3, 2.5e4], [4e5, 3e5 + 900 * number, 2e6], [2e4, 1e3, 9e3 + number]]
    found.posts[...] = 1e4 * (1 + (17 * np.arange(found.posts.size).reshape(found.posts.shape) + 5 * number) % 40)
    found.moved[ACCOUNTS.index("payers"), ACCOUNTS.index("officers")] = 2e6
    return found


def eras(number: int) -> dict[str, Era]:
    return {"history": era(number), "no-gates": era(number + 1)}


@cache
def findings(country: str = "toyland", draws: int = 6) -> Findings:
    pack = load_pack(country)
    weeks = mondays(date(2021, 4, 19), date(2024, 12, 30))
    settings, seeds = latin(pack.parameters, draws, list(pack.parameters)), range(draws)
    drawn = gates.many(pack, settings, seeds, weeks)
    settled = gates.many(pack, [{}] * draws, seeds, weeks)
    worth = [gates.limits(pack, setting, seed, weeks) for setting, seed in zip(settings, seeds, strict=True)]
    return Findings(
        pack=pack,
        p=resolve(pack.parameters, {}),
        weeks=weeks,
        names=gates.group_names(pack),
        fates=[found for _, found in drawn],
        settled_fates=[found for _, found in settled],
        factorial=[each for each, _ in worth],
        shares=[each for _, each in worth],
        eras=[eras(n) for n in range(5)],
        at_values=eras(9),
        seeds=[eras(n) for n in (11, 12)],
        baseline="history",
        without="no-gates",
        read=frozenset(pack.parameters),
        since=date(2021, 4, 19),
        end=date(2024, 12, 30),
        seen_on=date(2024, 5, 18),
        sighting=None
        if gates.seen_day(resolve(pack.parameters)) is None
        else Sighting(
            first_at_most=0.0,
            capital_at_least=3.0,
            within=True,
            fits=[gates.fits(found, p) for p, found in drawn],
            settled_fits=[gates.fits(found, p) for p, found in settled],
        ),
    )


def words(figure):
    return " ".join(" ".join(text.get_text().split()) for text in figure.findobj(Text))


def test_every_figure_is_written_as_png_and_svg_and_again_with_the_same_bytes(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        made = draw(findings(), folder)
        assert [stem for stem, _ in made] == ALL
        assert all(caption.endswith(".") and len(caption) > 80 for _, caption in made)
    assert {path.name for path in first.iterdir()} == {f"{stem}.{kind}" for stem in ALL for kind in ("png", "svg")}
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes(), path.name


@pytest.mark.parametrize("country", packs())
@pytest.mark.parametrize("picture", PICTURES)
def test_no_text_leaves_a_figure_or_lies_on_another(picture, country):
    legible(picture(findings(country))[0])


@pytest.mark.parametrize("picture", PICTURES)
def test_every_figure_says_what_it_rests_on(picture):
    figure, _ = picture(findings("dprk"))
    said = words(figure)
    assert f"greyspace {__version__}" in said
    assert "draws of all uncertain parameters" in said
    assert "10th to 90th percentile" in said
    assert "Fitted, not predicted" in said


def test_what_was_seen_in_may_2024_is_called_fitted():
    said = words(gates_working(findings("dprk"))[0])
    assert "seen in May 2024: none in operation; fitted to, not predicted" in said
    assert "seen in May 2024: at least 3 in operation; fitted to, not predicted" in said


def test_a_run_that_ends_before_the_sighting_does_not_show_it():
    full = findings("dprk")
    short = replace(full, seen_on=date(2023, 3, 13), sighting=replace(full.sighting, within=False))
    figure, caption = gates_working(short)
    assert "seen in" not in words(figure)
    assert "after the end of this run" in words(figure)
    assert "2023" not in caption


@pytest.mark.parametrize("picture", PICTURES)
def test_where_no_source_saw_the_gates_nothing_is_called_fitted(picture):
    figure, caption = picture(findings("brightland"))
    assert "itted" not in words(figure) + caption
    assert "seen in" not in words(figure)


def test_giving_up_is_called_an_assumption():
    figure, caption = difference(findings())
    assert "an assumption" in words(figure)
    assert "an assumption" in caption


def test_changes_of_an_act_add_up_to_zero_when_nobody_is_lost():
    """What is drawn is per thousand journeys begun without gates, in each draw, and leaves no state out."""
    found = findings()
    same = [{"history": _even(each["history"]), "no-gates": _even(each["no-gates"])} for each in found.eras]
    rows = [row for block in _act(replace(found, eras=same), "journey_without_permit").blocks for row in block.rows]
    for n in range(len(same)):
        assert sum(row.change.draws[n] for row in rows) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("papers", PAPERS)
def test_outcomes_at_an_entrance_add_up_to_a_thousand(papers):
    """Whatever the penalty: no verdict is left out of the figure."""
    found = findings()
    columns = [column for column in _kind(found, papers).columns if "recorded" not in column.outcome]
    for entrance in range(3):
        for n in range(len(found.eras)):
            assert sum(column.rows[entrance].draws[n] for column in columns) == pytest.approx(1000.0)


def _even(of: Era) -> Era:
    return replace(of, states=1e6 * of.states / of.states.sum(axis=1, keepdims=True))


def test_without_draws_only_runs_are_shown_and_the_foot_says_so():
    bare = replace(findings(), eras=[], at_values={})
    for picture in (travellers, difference, officers):
        figure, caption = picture(bare)
        assert "No draws of the parameters" in words(figure)
        assert "No draws of the parameters" in caption
        legible(figure)


def test_one_scenario_has_no_difference(tmp_path):
    found = findings()
    alone = replace(found, without=None, eras=[], at_values={}, seeds=[{"history": era(1)}])
    assert [stem for stem, _ in draw(alone, tmp_path)] == [stem for stem in ALL if stem != "difference"]
    assert "Change:" not in words(officers(alone)[0])


def test_no_inspection_at_all_gives_no_figure_of_travellers_or_officers():
    none = {"history": nothing(), "no-gates": nothing()}
    empty = replace(findings(), eras=[none], at_values=none, seeds=[none])
    assert travellers(empty) is None
    assert difference(empty) is None
    assert officers(empty) is None


def test_an_entrance_that_nobody_met_says_so():
    def without_live(each: Era) -> Era:
        entrances = each.entrances.copy()
        entrances[ENTRANCES.index("live")] = 0
        return replace(each, entrances=entrances)

    def changed(rows):
        return [{name: without_live(each) for name, each in row.items()} for row in rows]

    found = findings()
    never = replace(
        found, eras=changed(found.eras), at_values=changed([found.at_values])[0], seeds=changed(found.seeds)
    )
    figure, _ = travellers(never)
    assert "0% of inspections" in words(figure)
    legible(figure)


def test_the_figure_of_officers_has_the_numbers_of_the_answer():
    found = findings()
    told = numbers(found)["officers"]
    figure, caption = officers(found)
    said = {ax.get_title(loc="left"): [text.get_text() for text in ax.texts] for ax in figure.axes if ax.axison}
    price = told["price_caught"]["with"]["draws"]
    assert said["Mean price of a bribe"][1] == f"{price['mid']:.1f} [{price['low']:.1f} to {price['high']:.1f}]"
    change = told["held_up"]["change"]["draws"]
    assert all(f"{abs(change[name]):.2f}" in said["Innocent people held up"][0] for name in ("low", "mid", "high"))
    assert "With a permit: had to pay" in said
    assert "Change: 'history' minus 'no-gates'" in words(figure)
    assert "made to pay" in caption
