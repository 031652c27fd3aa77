"""Workers for greyspace as jobs of SLURM. Copy this file, put in your queue and account, and start it on a login node:

    python slurm.py 64

It prints the address that `greyspace study ... --scheduler` takes, and ends its jobs when it is stopped with Ctrl-C.
It needs dask-jobqueue beside greyspace[cluster], and the same Python environment on all nodes.
"""

import signal
import sys

from dask_jobqueue import SLURMCluster

if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or int(sys.argv[1]) < 1:
    sys.exit("say how many jobs there may be, such as: python slurm.py 64")

cluster = SLURMCluster(
    queue="your-queue",
    account="your-account",
    walltime="08:00:00",
    # A run is lived on one thread and needs less than 1 GB by expectation.
    cores=1,
    processes=1,
    memory="2GB",
    # One folder for compiled code, so that not every job compiles for itself.
    job_script_prologue=["export NUMBA_CACHE_DIR=$HOME/.cache/greyspace-numba"],
    scheduler_options={"dashboard": False},
)
# Jobs that SLURM ends at their walltime are asked for again.
cluster.adapt(minimum_jobs=1, maximum_jobs=int(sys.argv[1]))
try:
    print(f"greyspace study FILE.yaml --scheduler {cluster.scheduler_address}", flush=True)
    signal.pause()
except KeyboardInterrupt:
    cluster.close()
