"""Expectations under several scenarios with the same luck: at the pack's values, and in draws of uncertain ones."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from greyspace.evidence.parameters import Value
from greyspace.evidence.resolve import Setting
from greyspace.results import Results
from greyspace.simulate import Life, Plan
from greyspace.study.draws import latin, told_over
from greyspace.study.era import Era, added, nothing, of_results, together
from greyspace.study.jobs import Tell, lived


def read_by(plans: Sequence[Plan]) -> frozenset[str]:
    """Ids of the parameters that the runs of these plans read."""
    found: set[str] = set()
    for plan in {plan.scenario.id: plan for plan in plans}.values():
        fresh = replace(plan, engine="expected")
        life = Life(fresh)
        last = life.world.periods[-1]
        _ = life.step(last, life.odds(last), lambda _: None).ledger  # what accounts read counts too
        found |= fresh.p.used
    return frozenset(found)


def put_under(plan: Plan, drawn: Mapping[str, Value]) -> dict[str, Setting]:
    """A draw under a plan: it moves only what neither the scenario nor the user has set.

    What the scenario sets from a date on is drawn until then: all scenarios have one history in a draw.
    """
    return {**told_over(drawn, plan.scenario.sets()), **plan.sets}


def by_draw(
    plans: Sequence[Plan], draws: int, read: Collection[str], since: int, workers: int, tell: Tell
) -> list[dict[str, Era]]:
    """Totals from the Monday ``since`` on, by scenario: first at the pack's own values, then in each draw.

    The expectation starts where the plans do, from a stationary state.
    """
    drawn = latin(plans[0].pack.parameters, draws, read) if draws else []
    jobs = [_job(plans, {}, plans[0].seed, since)]
    jobs += [_job(plans, setting, number + 1, since) for number, setting in enumerate(drawn)]
    return lived(jobs, workers, "draws of the parameters", tell)


def by_seed(plans: Sequence[Plan], runs: Sequence[Results], since: int) -> list[Mapping[str, Era]]:
    """The same of finished runs, for each seed."""
    found: dict[int, dict[str, Era]] = {}
    for plan, run in zip(plans, runs, strict=True):
        found.setdefault(plan.seed, {})[plan.scenario.id] = of_results(run, since)
    return list(found.values())


@dataclass(frozen=True)
class _Job:
    """One draw, for whichever process is free: its scenarios with one seed and setting."""

    plans: tuple[Plan, ...]
    since: int

    def live(self) -> dict[str, Era]:
        return together(self.plans, self.since, nothing, added)


def _job(plans: Sequence[Plan], drawn: Mapping[str, Value], seed: int, since: int) -> _Job:
    one_each = {plan.scenario.id: plan for plan in reversed(plans)}
    chosen = [one_each[name] for name in dict.fromkeys(plan.scenario.id for plan in plans)]
    return _Job(
        tuple(replace(plan, engine="expected", seed=seed, sets=put_under(plan, drawn)) for plan in chosen),
        since,
    )
