"""A study: scenarios, under structures, seeds and draws of the uncertain parameters, as one YAML file says.

Runs are numbered draw by draw; draw 0 has the pack's own values. What is kept of a run are its sums by year and region
(:data:`greyspace.study.lives.COLUMNS`), of either engine: tables by the week are for single runs.
"""

import hashlib
import inspect
import time
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from itertools import groupby, islice
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field, ValidationError

from greyspace.country import Pack, Scenario, load_pack, packs
from greyspace.errors import InputError
from greyspace.evidence import Strict, known_id, read_yaml, sentences, uncertain
from greyspace.evidence.parameters import Value
from greyspace.evidence.resolve import Setting
from greyspace.results import source_hash
from greyspace.results.identity import canonical
from greyspace.results.studies import Shape, Told, piece
from greyspace.simulate import Life, Plan, plan
from greyspace.simulate.beginning import SETTLED, Beginning
from greyspace.study import lives
from greyspace.study.draws import latin
from greyspace.study.eras import put_under, read_by
from greyspace.study.gauges import named
from greyspace.study.histories import begins
from greyspace.study.jobs import each, each_elsewhere
from greyspace.study.pasts import ALONE, Pasts, Place, places, share
from greyspace.systems import SYSTEMS

OWN = "pack"
"""The structure that the pack has itself."""

MEASURES = (
    "journey_without_permit.begun",
    "journey_without_permit.punished",
    "held_up",
    "bribes_kg",
    "recorded",
    "leads",
)
"""What is drawn where the file does not say."""

_MOST_DRAWS, _MOST_SEEDS, _MOST_SEED = 10_000, 1000, 2**32 - 1
_CHAIN = 12
"""Runs at most that one process takes together, because they may share a past."""

Number = Annotated[float, Field(allow_inf_nan=False)]


def _whole(value: object, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(f"'{value}' is not allowed; allowed are whole numbers from {least} to {most}")
    return value


def _seeds(value: object) -> tuple[int, ...]:
    """How many, or which."""
    if not isinstance(value, list):
        return tuple(range(1, _whole(value, 1, _MOST_SEEDS) + 1))
    seeds = tuple(_whole(seed, 0, _MOST_SEED) for seed in value)
    if not 0 < len(seeds) <= _MOST_SEEDS or len(set(seeds)) < len(seeds):
        raise ValueError(f"give a number of seeds, or a list of 1 to {_MOST_SEEDS} seeds, each once")
    return seeds


def _draws(value: object) -> int:
    return _whole(value, 0, _MOST_DRAWS)


def _day(value: object) -> date:
    if type(value) is not date:
        raise ValueError(f"'{value}' is no date; write it as year-month-day, 2016-01-04")
    return value


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
        raise ValueError("a list of names is needed, as in [one, other]")
    if len(set(value)) < len(value):
        raise ValueError(f"'{next(name for name in value if value.count(name) > 1)}' stands there twice")
    return tuple(value)


def _some(value: object) -> tuple[str, ...]:
    names = _names(value)
    if not names:
        raise ValueError("one name at least is needed, as in [history]")
    return names


def _ids(value: object) -> tuple[str, ...] | None:
    return None if value == "all" else _names(value)


Names = Annotated[tuple[str, ...], BeforeValidator(_names)]


class Structure(Strict):
    """Settings put in place of what is drawn, under every scenario that does not set them."""

    says: str = Field(min_length=1)
    sets: dict[str, Number | str] = Field(min_length=1)


class StudyFile(Strict):
    """What a study file says. ``parameters``: ids of those that are drawn; None: all that are uncertain and read."""

    name: str = Field(min_length=1)
    sentence: str = ""
    country: str = "dprk"
    scenarios: Annotated[tuple[str, ...], BeforeValidator(_some)]
    engine: Literal["expected", "individuals"] = "expected"
    scale: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] | None = None
    start: Annotated[date, BeforeValidator(_day)] = Field(default=date(2016, 1, 4), alias="from")
    end: Annotated[date, BeforeValidator(_day)] = Field(default=date(2024, 12, 30), alias="to")
    seeds: Annotated[tuple[int, ...], BeforeValidator(_seeds)] = (1,)
    draws: Annotated[int, BeforeValidator(_draws)] = 16
    parameters: Annotated[tuple[str, ...] | None, BeforeValidator(_ids)] = None
    sets: dict[str, Number | str | dict[date, Number]] = Field(default_factory=dict, alias="set")
    without: Names = ()
    structures: dict[str, Structure] = Field(default_factory=dict)
    measures: Names = MEASURES


def read_file(path: Path) -> StudyFile:
    """A study file. InputError names the file, the key and what is allowed."""
    try:
        return StudyFile.model_validate(read_yaml(path))
    except ValidationError as error:
        raise InputError(sentences(str(path), error)[0]) from None


@dataclass(frozen=True)
class Study:
    """A study, checked. ``plans[structure][scenario]`` are its runs at the pack's own values."""

    file: StudyFile
    pack: Pack
    structures: Mapping[str, Mapping[str, Setting]]
    plans: Mapping[str, tuple[Plan, ...]]

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """Its scenarios."""
        return tuple(each_plan.scenario for each_plan in self.plans[OWN])

    @property
    def runs(self) -> int:
        """How many runs it has."""
        return (self.file.draws + 1) * len(self.structures) * len(self.file.seeds) * len(self.scenarios)

    @cached_property
    def id(self) -> str:
        """16 hex digits over all that shapes its data set."""
        told = {
            "source_hash": source_hash(),
            "study": _shaping(),
            "pack_hash": self.pack.content_hash,
            "scenarios": [scenario.model_dump(mode="json") for scenario in self.scenarios],
            "file": self.file.model_dump(mode="json", exclude={"name", "sentence", "scenarios", "measures", "country"}),
        }
        return hashlib.blake2s(canonical(told), digest_size=8).hexdigest()

    @cached_property
    def drawn(self) -> Mapping[str, NDArray[Any]]:
        """Values by parameter and draw. Which ones the runs read is found by living a few weeks of each scenario."""
        if not self.file.draws:
            return {}
        ids: Iterable[str] = self.file.parameters or ()
        if self.file.parameters is None:
            ids = frozenset().union(*(read_by(plans) for plans in self.plans.values()))
        found = latin(self.pack.parameters, self.file.draws, {known_id(self.pack.parameters, key) for key in ids})
        # As columns they take a tenth of the room.
        return {key: np.array([setting[key] for setting in found]) for key in found[0]}

    @cached_property
    def shape(self) -> Shape:
        """Along what its data set lies."""
        return Shape(
            runs=self.runs,
            scenarios=tuple(scenario.id for scenario in self.scenarios),
            structures=tuple(self.structures),
            regions=tuple(region.id for region in self.pack.regions),
            columns=lives.COLUMNS,
        )

    def place(self, number: int) -> tuple[int, str, int, int]:
        """Draw, structure, seed and number of the scenario of a run."""
        rest, scenario = divmod(number, len(self.scenarios))
        rest, seed = divmod(rest, len(self.file.seeds))
        draw, structure = divmod(rest, len(self.structures))
        return draw, list(self.structures)[structure], self.file.seeds[seed], scenario

    def plan(self, number: int) -> Plan:
        """The plan of a run."""
        draw, structure, seed, scenario = self.place(number)
        base = self.plans[structure][scenario]
        drawn: dict[str, Value] = {key: values[draw - 1].item() for key, values in self.drawn.items()} if draw else {}
        fixed = {key: value for key, value in self.structures[structure].items() if isinstance(value, float | str)}
        return replace(base, seed=seed, sets=put_under(replace(base, sets=self.file.sets), {**drawn, **fixed}))

    def told(self, number: int) -> Told:
        """What a run is, for the data set."""
        draw, structure, seed, scenario = self.place(number)
        made = self.plan(number)
        resolved = made.p.resolved()
        values = {key: resolved[key] for key in self.drawn}
        single = {key: None if isinstance(value, dict) else value for key, value in values.items()}
        return Told(made.run_id, self.scenarios[scenario].id, structure, draw, seed, single)

    def chains(self, numbers: Sequence[int], most: int = _CHAIN) -> Iterator[list[tuple[int, "Run"]]]:
        """Runs of one draw and seed together, ``most`` at most, since they may share a past."""

        def whose(number: int) -> tuple[int, int]:
            draw, _, seed, _ = self.place(number)
            return draw, seed

        for _, of_draw in groupby(numbers, lambda number: self.place(number)[0]):
            for _, together in groupby(sorted(of_draw, key=lambda n: (whose(n), n)), whose):
                group = list(together)
                for first in range(0, len(group), most):
                    chain = group[first : first + most]
                    plans = [self.plan(number) for number in chain]
                    runs = [Run(plan, source_hash(), place) for plan, place in zip(plans, places(plans), strict=True)]
                    yield list(zip(chain, runs, strict=True))


def load_study(path: Path) -> Study:
    """A study from its file, checked wholly. Files that it names are looked for beside it. InputError."""
    file = read_file(path)
    country = file.country if file.country in packs() else str(path.parent / file.country)
    pack = load_pack(country)
    try:
        return _checked(file, pack, path.parent)
    except InputError as error:
        # What the command line calls --from is a key here.
        raise InputError(
            f"{path}: {str(error).replace('--', '', 1) if str(error).startswith('--') else error}"
        ) from None


def _checked(file: StudyFile, pack: Pack, folder: Path) -> Study:
    if file.scale is not None and file.engine == "expected":
        raise InputError("scale: the engine 'expected' makes no persons; leave it out, or take 'individuals'.")
    if OWN in file.structures:
        raise InputError(f"structures.{OWN}: this is the name of the pack's own structure; take another.")
    known = {system.NAME for system in SYSTEMS}
    for name in file.without:
        if name not in known:
            raise InputError(f"without: there is no system '{name}' (allowed: {', '.join(sorted(known))}).")
    for key in file.parameters or ():
        if known_id(pack.parameters, key) not in uncertain(pack.parameters):
            raise InputError(f"parameters: {key} has no range to draw it from.")
    scenarios = []
    for name in file.scenarios:
        # A scenario of the pack, or a file beside the study.
        found = pack.scenario(name if name in pack.scenarios or not name.endswith(".yaml") else str(folder / name))
        off = dict.fromkeys(file.without, False)
        scenarios.append(found.model_copy(update={"systems": {**found.systems, **off}}))
    ids = [scenario.id for scenario in scenarios]
    if len(set(ids)) < len(ids):
        raise InputError(f"scenarios: two of them are called '{next(n for n in ids if ids.count(n) > 1)}'.")
    structures: dict[str, Mapping[str, Setting]] = {OWN: {}}
    structures |= {name: dict(structure.sets) for name, structure in file.structures.items()}
    plans = {}
    for name, fixed in structures.items():
        made = []
        for scenario in scenarios:
            bare = plan(
                pack, scenario, engine=file.engine, seed=file.seeds[0], scale=file.scale or 0.004,
                start=file.start, end=file.end, sets=file.sets,
            )  # fmt: skip
            values = {key: value for key, value in fixed.items() if isinstance(value, float | str)}
            under = replace(bare, sets=put_under(bare, values))
            _ = under.p  # resolves, so that a mistake is told before anything is computed
            made.append(under)
        plans[name] = tuple(made)
    for name in file.measures:
        named(name)
    return Study(file, pack, structures, plans)


@cache
def _shaping() -> str:
    """A hash over how runs are drawn and added up."""
    files = [inspect.getfile(each) for each in (Study, latin, put_under, lives)]
    return hashlib.blake2s(b"".join(Path(file).read_bytes() for file in files), digest_size=8).hexdigest()


_begun: dict[bytes, Beginning] = {}
_pasts = Pasts[lives.ByYear]()


@dataclass(frozen=True)
class Run:
    """One run, for whichever process is free. ``source``: the version of the model that gave it out; ``place``: which
    past it may share.
    """

    plan: Plan
    source: str
    place: Place = ALONE

    def live(self) -> bytes:
        """Its sums by year and region. InputError where another version of the model is to live it."""
        if self.source != source_hash():
            raise InputError(
                f"a worker has another version of greyspace ({source_hash()[:8]}, not {self.source[:8]}): "
                "install the same one everywhere."
            )
        years, change = _pasts.lived(self.plan, self.place, dict, lives.one_more, _begin)
        return piece(self.plan.run_id, list(years), np.stack(list(years.values())), change < SETTLED)


def _begin(plan: Plan) -> Life:
    key = begins(plan)
    life = Life(plan, begun=_begun.get(key))
    # Only the last is kept: runs that share one come one after the other.
    _begun.clear()
    _begun[key] = life.begun
    return life


def seconds(study: Study, number: int) -> float:
    """About how long one run takes here, from its beginning and its first periods."""
    made = study.plan(number)
    began = time.monotonic()
    life = Life(made)
    after = time.monotonic()
    first = life.world.periods[: min(3, len(life.world.periods))]
    for period in first:
        life.step(period, life.odds(period), lambda _: None)
    life.close()
    return after - began + (time.monotonic() - after) * len(life.world.periods) / len(first)


def apart(study: Study, numbers: Sequence[int], workers: int) -> float:
    """How much of their time runs have to themselves, about, by the first of them: less than 1 where they share."""
    chains = islice(study.chains(numbers, _longest(numbers, workers)), _CHAIN)
    shares = [share(run.plan, run.place) for chain in chains for _, run in chain]
    return sum(shares) / len(shares)


def live(
    study: Study, numbers: Sequence[int], workers: int, scheduler: str | None
) -> Generator[tuple[int, bytes], None, None]:
    """Live runs, here or by the workers of a scheduler; the number of each that ended, and what it came to."""
    if scheduler is not None:
        # Whoever is free there takes the next: each run is lived by itself.
        return each_elsewhere((job for chain in study.chains(numbers, 1) for job in chain), scheduler)
    return each(study.chains(numbers, _longest(numbers, workers)), min(workers, len(numbers)))


def _longest(numbers: Sequence[int], workers: int) -> int:
    """How many runs one process takes together: no more than leave work for all."""
    return max(1, min(_CHAIN, len(numbers) // max(workers, 1)))


def about(study: Study, source: str) -> dict[str, Any]:
    """What the record of a study says of it."""
    return {
        "name": study.file.name,
        "sentence": study.file.sentence,
        "file": source,
        "says": study.file.model_dump(mode="json", by_alias=True),
        "runs": study.runs,
        "pack_hash": study.pack.content_hash,
        "source_hash": source_hash(),
        "scenarios": [scenario.model_dump(mode="json") for scenario in study.scenarios],
    }
