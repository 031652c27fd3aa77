"""Independent jobs on several processes: what they come to never depends on how they are spread."""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Protocol, TypeVar

from greyspace.simulate.processes import deaf, leave_with_parent

Tell = Callable[[str, int, int], None]
"""Called with a phase in words, jobs done and jobs in all."""

Result_co = TypeVar("Result_co", covariant=True)


class Job(Protocol[Result_co]):
    """Something that can be sent to another process and lived there."""

    def live(self) -> Result_co: ...


def lived(jobs: Sequence[Job[Result_co]], workers: int, phase: str, tell: Tell) -> list[Result_co]:
    """Live all jobs, on several processes where there are several workers; results in the order of the jobs."""
    found: list[Result_co] = []
    tell(phase, 0, len(jobs))
    if workers <= 1 or len(jobs) <= 1:
        for job in jobs:
            found.append(job.live())
            tell(phase, len(found), len(jobs))
        return found
    pool = ProcessPoolExecutor(min(workers, len(jobs)), mp_context=get_context("spawn"), initializer=leave_with_parent)
    try:
        with deaf():
            results = pool.map(_live, jobs)
        for result in results:
            found.append(result)
            tell(phase, len(found), len(jobs))
    finally:
        pool.shutdown(cancel_futures=True)
    return found


def _live(job: Job[Result_co]) -> Result_co:
    return job.live()
