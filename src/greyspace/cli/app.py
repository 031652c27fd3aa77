"""The command line's names: each command is a line here and a function elsewhere, imported when it is called."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from greyspace.cli.exits import guarded

if TYPE_CHECKING:
    from cyclopts import App


class Command(NamedTuple):
    """A command: its name, the function that does it (``module:function``), one sentence, and a line to try."""

    name: str
    function: str
    help: str
    example: str


COMMANDS: tuple[Command, ...] = (
    Command(
        "run",
        "greyspace.cli.run:run",
        "Run scenarios, and answer what they come to.",
        "greyspace run history no-gates --seeds 3",
    ),
    Command(
        "resume",
        "greyspace.cli.run:resume",
        "Take up a run that was stopped, or list those that can be taken up.",
        "greyspace resume 5f3a",
    ),
    Command(
        "runs",
        "greyspace.cli.look:runs",
        "List the runs, sets and studies of a folder of results.",
        "greyspace runs",
    ),
    Command(
        "show",
        "greyspace.cli.look:show",
        "Say what a run, a set or a study is, and what it came to.",
        "greyspace show 5f3a",
    ),
    Command(
        "compare",
        "greyspace.cli.compare:compare",
        "Put two runs, or scenarios with their ranges, side by side: a table and a figure.",
        "greyspace compare 5f3a 9c1e --by year,act",
    ),
    Command(
        "grey",
        "greyspace.cli.grey:grey",
        "Show the grey space of finished runs: how acts that were begun ended, by act.",
        "greyspace grey 5f3a 9c1e --by standing",
    ),
    Command(
        "held",
        "greyspace.cli.grey:held",
        "Count who is fined, held, sent to camps and killed in finished runs, by year.",
        "greyspace held 5f3a 9c1e",
    ),
    Command(
        "brief",
        "greyspace.cli.brief:brief",
        "Write a brief of what was found, to read and to print: figures, verdicts, assumptions, citation.",
        "greyspace brief 5f3a claims -o brief.html",
    ),
    Command(
        "sql",
        "greyspace.cli.look:sql",
        "Ask one question of all finished runs, or of a study, in SQL.",
        'greyspace sql "select scenario, sum(paid) from series group by all"',
    ),
    Command(
        "officers",
        "greyspace.cli.officers:officers",
        "Price what officers let people off for, and draw what watching and paying them changes.",
        "greyspace officers --set bribery.demand=20",
    ),
    Command(
        "systems",
        "greyspace.cli.systems:systems",
        "Switch off each system by itself, and say what it changes, and through what.",
        "greyspace systems --from 2023-01-02 --to 2023-12-25",
    ),
    Command(
        "map",
        "greyspace.cli.worlds:chart",
        "Draw what a measure comes to over two parameters, and where it breaks even.",
        "greyspace map power-pay",
    ),
    Command(
        "attribute",
        "greyspace.cli.worlds:attribute",
        "Say which limits the difference between two scenarios is due to.",
        "greyspace attribute as-is china-like --measure leads",
    ),
    Command(
        "signposts",
        "greyspace.cli.worlds:signposts",
        "Say what would tell one future from another, and from which year.",
        "greyspace signposts as-is china-like cashless",
    ),
    Command(
        "sensitivity",
        "greyspace.cli.sensitivity:sensitivity",
        "Say which uncertain parameters move an outcome, and what is most worth finding out next.",
        "greyspace sensitivity let_off/journey_without_permit",
    ),
    Command(
        "calibrate",
        "greyspace.cli.calibration:calibrate",
        "Look for parameters under which the model agrees with what is told, and say which facts clash.",
        "greyspace calibrate --draws 200",
    ),
    Command(
        "survey",
        "greyspace.cli.survey:survey",
        "Ask people of the model, as a report asked 40 who had left and 100 residents, and say what that can tell.",
        "greyspace survey history --set survey.residents=400",
    ),
    Command(
        "explore",
        "greyspace.cli.explore:explore",
        "Open a page on this machine in which the model can be asked.",
        "greyspace explore",
    ),
    Command(
        "footprint",
        "greyspace.cli.footprint:footprint",
        "Follow one invented person through a month: what was written down, and what can be joined.",
        "greyspace footprint --region pyongyang_urban --seed 3",
    ),
    Command(
        "study",
        "greyspace.cli.study:study",
        "Live many runs as a file says, over seeds and draws of the parameters, and draw what they come to.",
        "greyspace study gates.yaml --threads 2",
    ),
    Command(
        "validate",
        "greyspace.cli.validate:validate",
        "Hold the model against laws, limits and facts, and wrong models against the same.",
        "greyspace validate --country toyland",
    ),
    Command(
        "scenarios",
        "greyspace.cli.country:scenarios",
        "List the scenarios of a country.",
        "greyspace scenarios --country toyland",
    ),
    Command(
        "country list",
        "greyspace.cli.country:packs",
        "List the country packs that come with greyspace.",
        "greyspace country list",
    ),
    Command(
        "country check",
        "greyspace.cli.country:check",
        "Say what is wrong with a country pack, if anything.",
        "greyspace country check toyland",
    ),
    Command(
        "evidence list",
        "greyspace.cli.evidence:listed",
        "List parameters with their values, ranges and grades of evidence.",
        "greyspace evidence list station_gates --status assumed",
    ),
    Command(
        "evidence show",
        "greyspace.cli.evidence:shown",
        "Say what is known of one parameter or source, from where, and what uses it.",
        "greyspace evidence show power.least_hours",
    ),
    Command(
        "supply show",
        "greyspace.cli.supply:show",
        "Say who makes what the devices need, and what can be mended if somebody falls out.",
        "greyspace supply show --without china_border",
    ),
    Command(
        "supply export",
        "greyspace.cli.supply:export",
        "Write the supply graph for other tools, or as a figure.",
        "greyspace supply export supply.ftm.json",
    ),
    Command(
        "evidence check",
        "greyspace.cli.evidence:check",
        "Say which parameters and sources hang in the air, if any; status 2 if one does.",
        "greyspace evidence check --quick",
    ),
    Command(
        "claims list",
        "greyspace.cli.claims:listed",
        "List the claims of the documents, with what each is to the model.",
        "greyspace claims list",
    ),
    Command(
        "claims show",
        "greyspace.cli.claims:shown",
        "Say how one claim is put to the model, and what became of it.",
        "greyspace claims show C33",
    ),
    Command(
        "claims run",
        "greyspace.cli.claims:run",
        "Put claims to the model in draws of its parameters, and say what becomes of each.",
        "greyspace claims run C49 E29 --draws 32",
    ),
    Command(
        "claims report",
        "greyspace.cli.claims:report",
        "Make one page of all verdicts so far.",
        "greyspace claims report",
    ),
)
"""In the order in which a newcomer needs them; a name of two words is a command of a group."""

GROUPS = {
    "country": "Check or list country packs.",
    "evidence": "Read and check what the parameters rest on.",
    "supply": "Follow the devices to their makers.",
    "claims": "Put the claims of the documents to the model.",
}

ABOUT = """\
A model of North Korea's surveillance state on a synthetic population: what it does to people, what limits it,
and what is left of the grey space. All people in it are invented."""


def build() -> "App":
    """The command line with all its commands, none of them imported yet.

    Mistakes are raised, not printed, so that :func:`greyspace.cli.exits.guarded` says all of them in one way.
    """
    from cyclopts import App, Parameter

    from greyspace import __version__

    app = App(
        name="greyspace",
        help=ABOUT,
        version=f"greyspace {__version__}",
        # Markdown would import a parser and a highlighter to print a dozen lines.
        help_format="plaintext",
        # No --no-this and --empty-that beside every option.
        default_parameter=Parameter(negative=()),
        print_error=False,
        exit_on_error=False,
        suppress_keyboard_interrupt=False,
        result_action="return_value",
    )
    groups: dict[str, App] = {}
    for place, command in enumerate(COMMANDS):
        group, _, name = command.name.rpartition(" ")
        if group and group not in groups:
            groups[group] = App(name=group, help=GROUPS[group], sort_key=place)
            app.command(groups[group])
        (groups[group] if group else app).command(
            command.function,
            name=name,
            help=command.help,
            help_epilogue=f"For example:\n    {command.example}",
            sort_key=place,
        )
    return app


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line on ``words`` (by default the process's own) and return its exit status."""
    given = sys.argv[1:] if words is None else list(words)
    return guarded(lambda: build()(given))
