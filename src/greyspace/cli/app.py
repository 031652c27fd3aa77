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


COMMANDS: tuple[Command, ...] = ()
"""In the order in which a newcomer needs them."""

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
    for place, command in enumerate(COMMANDS):
        app.command(
            command.function,
            name=command.name,
            help=command.help,
            help_epilogue=f"For example:\n    {command.example}",
            sort_key=place,
        )
    return app


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line on ``words`` (by default the process's own) and return its exit status."""
    given = sys.argv[1:] if words is None else list(words)
    return guarded(lambda: build()(given))
