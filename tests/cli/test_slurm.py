"""The file that starts workers as jobs of SLURM, with a stand-in for what it starts them by: there is no SLURM here."""

import json
import shlex
import signal
import subprocess
import sys
from pathlib import Path

from greyspace.cli.app import build

from .conftest import surroundings

FILE = Path(__file__).parents[2] / "examples" / "slurm.py"

STAND_IN = """
import json, sys

def tell(*words, **named):
    print(json.dumps([words, named]), file=sys.stderr, flush=True)

class SLURMCluster:
    scheduler_address = "tcp://10.0.0.7:8786"

    def __init__(self, *, queue, account, walltime, cores, processes, memory, job_script_prologue, scheduler_options):
        tell("begin", cores=cores, processes=processes, prologue=job_script_prologue)

    def adapt(self, *, minimum_jobs, maximum_jobs):
        tell("adapt", least=minimum_jobs, most=maximum_jobs)

    def close(self):
        tell("close")
"""


def given(tmp_path, *words):
    (tmp_path / "dask_jobqueue.py").write_text(STAND_IN)
    return subprocess.Popen(
        (sys.executable, FILE, *words),
        env={**surroundings(), "PYTHONPATH": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_it_asks_for_jobs_says_the_command_and_ends_them_when_it_is_stopped(tmp_path):
    process = given(tmp_path, "64")
    try:
        command = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest, told = process.communicate(timeout=60)
    finally:
        process.kill()
    called, bound, unused = build().parse_args(shlex.split(command)[1:])
    assert (called.__name__, dict(unused)) == ("study", {})
    assert bound.arguments["scheduler"] == "tcp://10.0.0.7:8786"
    begun, *then = [json.loads(line) for line in told.splitlines()]
    assert (process.returncode, rest) == (0, "")
    assert then == [[["adapt"], {"least": 1, "most": 64}], [["close"], {}]]
    # What it puts into each job is sound, and sets what it is meant to.
    words = [*begun[1]["prologue"], "env"]
    env = subprocess.run(("bash", "-eu"), input="\n".join(words), capture_output=True, text=True, check=True).stdout
    assert any(line.startswith("NUMBA_CACHE_DIR=/") for line in env.splitlines())


def test_without_a_number_of_jobs_it_says_so_and_starts_nothing(tmp_path):
    for words in ((), ("many",), ("0",)):
        said = given(tmp_path, *words).communicate(timeout=60)
        assert said == ("", "say how many jobs there may be, such as: python slurm.py 64\n")
