"""`greyspace survey`: what a survey of a few people, with its bias, would find in the model, and what it would miss."""

import datetime as dt
import json as jsonlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from greyspace.cli.keeping import kept
from greyspace.cli.words import Country, Json, Quiet, Scenario, Sets, Threads, day, one_of, share, whole

if TYPE_CHECKING:
    from greyspace.study.survey import Survey

STEM = "survey"

_COLUMNS = ("asked", "so of_all, %", "they_say, %", "5th", "95th", "who", "{why}", "told_apart", "holds_truth", "told")


def survey(
    scenario: Scenario = "history",
    *,
    country: Country = "dprk",
    sets: Sets = (),
    start: Annotated[dt.date, Parameter(name="--from", converter=day, help="a day of the run's first week")] = dt.date(
        2016, 1, 4
    ),
    date: Annotated[dt.date, Parameter(converter=day, help="a day of the week in which residents are asked")] = dt.date(
        2023, 7, 3
    ),
    repeats: Annotated[int, Parameter(converter=whole(20, 5000), help="how often the survey is held")] = 1000,
    seed: Annotated[int, Parameter(converter=whole(0, 2**32 - 1), help="seed of the run and of who is asked")] = 1,
    engine: Annotated[
        str,
        Parameter(
            converter=one_of("individuals", "expected"),
            help="of whom people are drawn: of a whole nation ('expected'), or of persons made one by one",
        ),
    ] = "expected",
    scale: Annotated[
        float, Parameter(converter=share, help="share of the population that individuals stand for, up to 1")
    ] = 0.004,
    out: Annotated[Path, Parameter(name="--out", help="folder for the figure")] = Path("results/survey"),
    threads: Threads = 2,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Ask people of the model what a report asked 40 people who had left and 100 residents, many times over.

    It shows what such a survey can tell: what is so, what would be said, why the two differ, and what is luck. How many
    are asked, who leaves and who is reached are parameters: greyspace evidence list survey.
    """
    from greyspace.cli.run import named_scenario
    from greyspace.country import load_pack
    from greyspace.evidence import parse_set

    pack = load_pack(country)
    chosen = named_scenario(pack, scenario)
    settings = dict(parse_set(word) for word in sets)

    from greyspace.cli.progress import Screen
    from greyspace.simulate import plan
    from greyspace.study import survey as study

    made = plan(pack, chosen, engine=engine, seed=seed, scale=scale, start=start, end=date, sets=settings)
    try:
        with Screen(quiet) as screen:
            found = study.survey(made, repeats, threads, screen.tell)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("nothing is kept of a survey that is not finished") from None
    figure, caption = study.picture(pack, chosen.id, found)
    files = kept(out, STEM, {}, {"": figure})
    if json:
        of: dict[str, Any] = {
            "country": pack.id,
            "pack_hash": pack.content_hash,
            "scenario": chosen.id,
            "settings": list(sets),
        }
        of |= {"seed": seed, "engine": engine} | study.told(found) | {"caption": caption, "files": files}
        print(jsonlib.dumps(of, indent=1, allow_nan=False))
        return
    _tell(found, files)


def _tell(found: "Survey", files: list[str]) -> None:
    from greyspace.cli.tables import show, tell_prose
    from greyspace.study.survey import GROUPS, QUESTIONS

    titles = {
        "escapees": f"people who have left, of how things were in {found.left:%B %Y}",
        "residents": f"residents, in {found.day:%B %Y}",
    }
    for group in GROUPS:
        rows = []
        for question in QUESTIONS:
            a = found.of(group, question.name)
            why = a.when if group == "escapees" else a.denied
            shares = (a.truth, a.mean, a.low, a.high, a.who, why, a.told_apart, a.covered)
            rows.append([question.name.replace("_", " "), *(_percent(x) for x in (*shares, a.reported))])
        heads = [name.format(why="when" if group == "escapees" else "denied") for name in _COLUMNS]
        asked = found.of(group, QUESTIONS[0].name).asked
        show(heads, rows, title=f"{asked} {titles[group]}")
        print()
    tell_prose(
        "In percent, and in percentage points. So of all: of all adults of the model, now. They say: the mean of "
        f"{found.repeats} surveys, with the 5th and 95th percentile. Of what that is off, who: because of who leaves, "
        "or is reached; when: because those who left speak of another time; denied: because residents keep it to "
        "themselves. Told apart: the smallest difference between two such surveys that four of five would find. Holds "
        "truth: of surveys, those whose 95 percent interval holds what is so. Told: what sources tell of such "
        "people; where that is far from what they say here, the model is wrong, or who is asked.\n"
        "Whom surveys reach and what they deny is mostly assumed: greyspace evidence list survey."
    )
    print()
    print("The figure is in", *files, sep="\n")


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100.0 * share, 1)
