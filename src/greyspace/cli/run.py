"""`greyspace run` and `greyspace resume`: from words to runs, and from runs to an answer."""

import datetime as dt
import json as jsonlib
import shlex
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from greyspace.cli.words import (
    RESULTS,
    Country,
    First,
    Gpu,
    Json,
    Last,
    Out,
    Quiet,
    Scheduler,
    Sets,
    Shards,
    Split,
    Threads,
    check_apart,
    one_of,
    share,
    unknown,
    whole,
)
from greyspace.errors import FolderError, InputError

if TYPE_CHECKING:
    from greyspace.country import Pack, Scenario
    from greyspace.results import Partial, Results, SetResults, Store
    from greyspace.simulate import Plan

SEEDS = 3


def run(
    *scenarios: Annotated[str, Parameter(help="names of scenarios, or YAML files [default: history no-gates]")],
    country: Country = "dprk",
    scale: Annotated[
        float, Parameter(converter=share, help="share of the population that individuals stand for, up to 1")
    ] = 0.004,
    seeds: Annotated[
        int | None,
        Parameter(converter=whole(1, 1000), help=f"runs of each scenario, seeds 1, 2, ... [default: {SEEDS}]"),
    ] = None,
    seed: Annotated[
        int | None, Parameter(converter=whole(0, 2**32 - 1), help="one run of each scenario, with this seed")
    ] = None,
    start: First = dt.date(2016, 1, 4),
    end: Last = dt.date(2024, 12, 30),
    engine: Annotated[
        str,
        Parameter(
            converter=one_of("individuals", "expected"),
            help="'individuals' (invented persons, one by one) or 'expected' (their mean)",
        ),
    ] = "individuals",
    sets: Sets = (),
    draws: Annotated[
        int,
        Parameter(
            converter=whole(0, 10000),
            help="draws of all uncertain parameters in which people travel (by expectation); 0: only gates are drawn",
        ),
    ] = 16,
    threads: Threads = 2,
    gpu: Gpu = False,
    shards: Shards = None,
    scheduler: Scheduler = None,
    out: Out = RESULTS,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Run scenarios, and answer what they come to."""
    if seed is not None and seeds is not None:
        raise InputError("--seed and --seeds exclude each other: give one seed, or how many.")
    split = Split.given(shards, scheduler)
    check_apart(split, gpu)
    if split is not None and engine != "individuals":
        raise InputError(f"--shards {shards}: the engine '{engine}' has no persons to split; leave --shards out.")

    from greyspace.country import load_pack
    from greyspace.evidence import parse_set

    pack = load_pack(country)
    chosen = [named_scenario(pack, name) for name in scenarios or ("history", "no-gates")]
    settings = dict(parse_set(word) for word in sets)

    # Only now, since these take a second to load.
    from greyspace.cli.progress import Screen
    from greyspace.cli.tables import tell_prose
    from greyspace.results import Store
    from greyspace.simulate import plan

    several = [seed] if seed is not None else list(range(1, (seeds or SEEDS) + 1))
    made = [
        plan(pack, scenario, engine=engine, seed=number, scale=scale, start=start, end=end, sets=settings)
        for scenario in chosen
        for number in several
    ]
    plans = list({each.run_id: each for each in made}.values())
    with Screen(quiet) as screen:
        store = Store(out)
        runs = lived(plans, store, threads, screen, split, gpu)
        try:
            found, answer = finish_set(
                store, plans, runs, draws, threads, screen.tell, command(["run"], plans, sets, draws)
            )
        except KeyboardInterrupt:
            raise KeyboardInterrupt(
                "the runs are finished and kept: the same command goes on with the answer"
            ) from None
    if json:
        print_json(found, runs)
        return
    tell_prose(answer)
    print()
    print(f"Set {found.meta['set_id']} of {len(runs)} run{'s' if len(runs) > 1 else ''} is in {found.folder}")


def finish_set(
    store: "Store",
    plans: "Sequence[Plan]",
    runs: "list[Results]",
    draws: int,
    workers: int,
    tell: Callable[[str, int, int], None],
    command: str,
    since: dt.date | None = None,
) -> "tuple[SetResults, str]":
    """What the runs come to, kept as a set of the store: the set, and the answer in words.

    With ``since`` the scenarios are held against the first of them, from that day on.

    The same runs put to the same use give the same set; one that is whole is used again.
    """
    from greyspace.evidence import counts
    from greyspace.results import set_id, source_hash
    from greyspace.study import answer, contrast

    what = "run" if since is None else f"compare since {since}"
    name = set_id(
        [run.run_id for run in runs], command=what, draws=draws, source_hash=source_hash(("figures", "study"))
    )
    found = store.complete_set(name)
    if found is not None:
        return found, answer_of(found)
    scenarios = {plan.scenario.id: plan for plan in plans}
    manifest = {
        "set_id": name,
        "title": f"{' against '.join(scenarios)}: {plans[0].pack.title}, {plans[0].start} to {plans[0].end}",
        "command": command,
        "runs": [run.run_id for run in runs],
        "scenario": list(scenarios),
        "parameters": {scenario: plan.p.resolved() for scenario, plan in scenarios.items()},
        "draws": draws,
        "evidence": counts(plans[0].pack.parameters),
    }
    with store.begin_set(name, manifest) as draft:
        if since is None:
            text = answer.write(draft, plans, runs, draws, workers, tell)
        else:
            text = contrast.write(draft, plans, runs, since, draws, workers, tell)
        draft.write("answer.txt", text)
        return draft.finish(runs), text


def answer_of(found: "SetResults") -> str:
    """The answer of a set, as it was printed."""
    path = found.folder / "answer.txt"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def resume(
    run: Annotated[str | None, Parameter(help="id of the run, or the beginning of it; none: list them")] = None,
    *,
    threads: Threads = 2,
    gpu: Gpu = False,
    shards: Shards = None,
    scheduler: Scheduler = None,
    out: Out = RESULTS,
    quiet: Quiet = False,
) -> None:
    """Take up a run that was stopped, or list those that can be taken up."""
    from greyspace.cli.progress import Screen
    from greyspace.results import Store

    split = Split.given(shards, scheduler)
    check_apart(split, gpu)
    store = Store(out, create=False)
    if run is None:
        _list_partials(store)
        return
    run_id = store.find(run)
    found = [partial for partial in store.partials() if partial.run_id == run_id]
    if not found:
        raise InputError(f"run {run_id} is finished: 'greyspace show {run_id}' says what it came to.")
    taken = _taken_up(found[0], store)
    if split is not None and taken.engine != "individuals":
        raise InputError(f"--shards {shards}: run {run_id} has no persons to split; leave --shards out.")
    with Screen(quiet) as screen:
        results = lived([taken], store, threads, screen, split, gpu)[0]
    print(f"Run {run_id} is finished, with content digest {results.meta['content_digest']}, in {results.folder}")


def _list_partials(store: "Store") -> None:
    from greyspace.cli.tables import show

    partials = store.partials()
    if not partials:
        print(f"No run in {store.root} waits to be resumed.")
        return
    rows = [
        [
            partial.run_id,
            str(partial.manifest["scenario"]),
            str(partial.manifest["seed"]),
            f"{partial.manifest['from']} to {partial.manifest['to']}",
            "at work" if partial.busy else "has a checkpoint" if partial.saved else "begins anew",
        ]
        for partial in partials
    ]
    show(["run", "scenario", "seed", "weeks", "state"], rows)
    print(f"\n'greyspace resume {partials[0].run_id}' takes up the first.")


def _taken_up(partial: "Partial", store: "Store") -> "Plan":
    """The plan of a run that was stopped, as its manifest tells it."""
    from greyspace.country import Scenario, load_pack
    from greyspace.results import source_hash
    from greyspace.simulate import plan

    if partial.busy:
        raise FolderError(f"another process is writing run {partial.run_id}: wait until it ends.")
    told = partial.manifest
    again = f"remove {partial.folder} and give the 'run' command again"
    pack = load_pack(str(told["country"]))
    for name, now, what in (
        ("source_hash", source_hash(), "another version of greyspace"),
        ("pack_hash", pack.content_hash, f"another state of the country pack '{told['country']}'"),
    ):
        if told[name] != now:
            raise InputError(
                f"run {partial.run_id} was begun with {what} ({told[name][:8]}, now {now[:8]}) "
                f"and cannot go on: {again}."
            )
    says = dict(told["scenario_says"])
    begins = says.pop("start")
    scenario = Scenario.model_validate({**says, "from": begins, "added": tuple(map(_event, says["added"]))})
    made = plan(
        pack,
        scenario,
        engine=str(told["engine"]),
        seed=int(told["seed"]),
        scale=float(told["scale"]),
        start=dt.date.fromisoformat(told["from"]),
        end=dt.date.fromisoformat(told["to"]),
        sets={name: _setting(value) for name, value in told["settings"].items()},
    )
    if made.run_id != partial.run_id:
        raise InputError(f"the record of run {partial.run_id} does not give that run again: {again}.")
    return made


def _event(says: dict[str, Any]) -> Any:
    from greyspace.country import Event

    others = {name: value for name, value in says.items() if name not in ("start", "where")}
    where = "all" if says["where"] is None else says["where"]
    return Event.model_validate({**others, "from": says["start"], "where": where})


def _setting(value: Any) -> Any:
    if isinstance(value, dict):
        return {dt.date.fromisoformat(name): number for name, number in value.items()}
    return value


def lived(
    plans: "Sequence[Plan]",
    store: "Store",
    threads: int,
    screen: Any,
    split: Split | None = None,
    gpu: bool = False,
) -> "list[Results]":
    """The runs of the plans, finished: those there are used again, the others are run."""
    from greyspace.cli.workers import live, spread

    runs = {plan.run_id: store.complete(plan.run_id) for plan in plans}
    todo = [plan for plan in plans if runs[plan.run_id] is None]
    for plan in plans:
        if runs[plan.run_id] is not None:
            screen.note(f"{_name(plan)}: run {plan.run_id} was finished before and is used again")
    screen.begin([_name(plan) for plan in todo], [plan.start for plan in todo])
    try:
        if split is None:
            live(todo, store.root, threads, gpu, screen.told, lambda number: screen.done(number, todo[number].run_id))
        else:
            spread(todo, store.root, split, screen.told, lambda number: screen.done(number, todo[number].run_id))
    except KeyboardInterrupt:
        raise KeyboardInterrupt(
            "what the runs had saved is kept: the same command takes them up again, "
            f"and so does 'greyspace resume{'' if store.root == RESULTS else ' --out ' + shlex.quote(str(store.root))}'"
        ) from None
    for plan in todo:
        runs[plan.run_id] = store.complete(plan.run_id)
    finished = [run for run in runs.values() if run is not None]
    if len(finished) < len(plans):
        raise FolderError(f"runs were removed from {store.root} while they were read.")
    return finished


def _name(plan: "Plan") -> str:
    return f"{plan.scenario.id}, seed {plan.seed}"


def named_scenario(pack: "Pack", name: str) -> "Scenario":
    if name not in pack.scenarios and not name.endswith(".yaml"):
        raise InputError(f"the pack {pack.id} has no scenario '{name}': {unknown(name, pack.scenarios)}")
    return pack.scenario(name)


def command(begin: Sequence[str], plans: "Sequence[Plan]", sets: Sequence[str], draws: int) -> str:
    """The command that gives these runs again, with everything said that matters."""
    one = plans[0]
    seeds = list(dict.fromkeys(plan.seed for plan in plans))
    scenarios = list(dict.fromkeys(plan.scenario.id for plan in plans))
    words = ["greyspace", *begin, *(scenarios if begin == ["run"] else ["--scenarios", ",".join(scenarios)])]
    words += ["--country", one.pack.id, "--engine", one.engine, "--scale", f"{one.scale:g}"]
    words += ["--seeds", str(len(seeds))] if seeds == list(range(1, len(seeds) + 1)) else ["--seed", str(seeds[0])]
    words += ["--from", str(one.start), "--to", str(one.end), "--draws", str(draws)]
    for word in sets:
        words += ["--set", word]
    return shlex.join(words)


def print_json(found: "SetResults", runs: "list[Results]") -> None:
    facts = found.folder / "answer.json"
    told = {
        "set": found.meta["set_id"],
        "folder": str(found.folder.resolve()),
        "runs": [
            {
                **{name: run.meta[name] for name in ("run_id", "scenario", "seed", "scale", "engine", "from", "to")},
                "content_digest": run.meta["content_digest"],
                "folder": str(run.folder.resolve()),
            }
            for run in runs
        ],
        "answer": jsonlib.loads(facts.read_text(encoding="utf-8")) if facts.is_file() else None,
    }
    print(jsonlib.dumps(told, indent=1, ensure_ascii=False, allow_nan=False))
