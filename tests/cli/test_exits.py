"""How commands end: in one sentence and with a status that a script can read."""

import errno
import os
import subprocess
import sys

import pytest

from greyspace.cli.app import COMMANDS, main
from greyspace.cli.exits import guarded
from greyspace.errors import FolderError, InputError

HEAVY = ("numpy", "numba", "polars", "pyarrow", "pydantic", "matplotlib", "pandas", "scipy", "duckdb")


def raising(mistake):
    def run():
        raise mistake

    return run


def python(code, **options):
    return subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=False, **options)


def the_sentence(capsys):
    """What was said: one line on stderr, no traceback, nothing on stdout."""
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert said.err.startswith("greyspace: ")
    return said.err.removeprefix("greyspace: ").rstrip("\n")


@pytest.mark.parametrize("kind", [InputError, FolderError])
def test_a_users_mistake_is_one_sentence(capsys, kind):
    assert guarded(raising(kind("pack.yaml: 'seed' is 'x',\n but must be a whole number."))) == 2
    assert the_sentence(capsys) == "pack.yaml: 'seed' is 'x', but must be a whole number."


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EFBIG, errno.EROFS, errno.EACCES])
def test_what_the_machine_refuses_names_the_file(capsys, number):
    assert guarded(raising(OSError(number, os.strerror(number), "results/a.parquet"))) == 2
    assert the_sentence(capsys) == f"'results/a.parquet' cannot be read or written: {os.strerror(number)}."


def test_too_little_memory_is_not_called_a_fault(capsys):
    assert guarded(raising(MemoryError())) == 2
    assert "memory" in the_sentence(capsys)


def test_a_stop_is_no_fault_and_may_say_how_to_go_on(capsys):
    assert guarded(raising(KeyboardInterrupt())) == 130
    assert the_sentence(capsys) == "stopped; what was finished before is kept."
    assert guarded(raising(KeyboardInterrupt("week 30 of run ab12 is kept"))) == 130
    assert the_sentence(capsys) == "stopped; week 30 of run ab12 is kept."


def test_a_fault_of_ours_says_so_and_where_to_look(capsys, monkeypatch):
    monkeypatch.delenv("GREYSPACE_TRACEBACK", raising=False)
    assert guarded(raising(ZeroDivisionError("division\nby zero"))) == 1
    assert the_sentence(capsys) == (
        "this is a fault in greyspace: ZeroDivisionError: division by zero; set GREYSPACE_TRACEBACK=1 to see where"
    )
    monkeypatch.setenv("GREYSPACE_TRACEBACK", "1")
    assert guarded(raising(ZeroDivisionError("division by zero"))) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["fly"], ["--fly"], ["help"]])
def test_a_command_that_does_not_exist_is_one_sentence(capsys, words):
    assert main(words) == 2
    said = the_sentence(capsys)
    assert words[0] in said
    assert "'greyspace --help'" in said


def test_no_words_and_help_say_what_there_is(capsys):
    assert main([]) == 0
    alone = capsys.readouterr()
    assert main(["--help"]) == 0
    asked = capsys.readouterr()
    assert alone == asked
    assert asked.err == ""
    assert asked.out.startswith("Usage: greyspace")
    for command in COMMANDS:
        group, _, alone = command.name.rpartition(" ")
        assert (group or alone) in asked.out
        assert group or command.help[:40] in asked.out


def test_every_command_shows_a_line_to_try(capsys):
    for command in COMMANDS:
        assert command.example.startswith(f"greyspace {command.name}")
        assert main([*command.name.split(), "--help"]) == 0
        assert command.example in capsys.readouterr().out


def test_help_stays_light():
    """Reading what a command takes does not wait for the machinery that does it."""
    said = python(
        "import sys\n"
        "from greyspace.cli.app import COMMANDS, main\n"
        "assert main(['--help']) == 0\n"
        "assert main(['--version']) == 0\n"
        "assert all(main([*command.name.split(), '--help']) == 0 for command in COMMANDS)\n"
        f"print(*sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    )
    assert said.returncode == 0, said.stderr
    assert said.stderr.split() == []


def test_a_reader_who_goes_away_is_left_alone():
    code = "import sys; from greyspace.cli.app import main; sys.stdin.readline(); sys.exit(main(['--help']))"
    with subprocess.Popen(
        (sys.executable, "-c", code), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as told:
        told.stdout.close()
        told.stdin.write(b"\n")
        told.stdin.close()
        assert told.stderr.read() == b""
        assert told.wait() in {1, 141}


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_output_that_finds_no_room_is_one_sentence():
    code = "import sys; from greyspace.cli.app import main; sys.exit(main([]))"
    with open("/dev/full", "w") as full:
        said = subprocess.run((sys.executable, "-c", code), stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert said.returncode == 2
    assert said.stderr == f"greyspace: the output cannot be read or written: {os.strerror(errno.ENOSPC)}.\n"


def test_a_terminal_without_korean_letters_still_gets_its_answer():
    code = "from greyspace.cli.exits import guarded; raise SystemExit(guarded(lambda: print('평양')))"
    said = python(code, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (said.returncode, said.stdout, said.stderr) == (0, "??\n", "")
