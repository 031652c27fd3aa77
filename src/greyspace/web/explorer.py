"""What the routes share: countries, answers, lives at work, and jobs."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from greyspace.country import Pack
from greyspace.errors import FolderError, InputError
from greyspace.results import Store, catalogue
from greyspace.results.files import read_json
from greyspace.study import pairs
from greyspace.study.atlas import MEASURES, Atlas, Measure, of_results, read
from greyspace.web import facts, shapes
from greyspace.web.answers import Answer, Answers, Moves, question_of, sets_of
from greyspace.web.jobs import Job, Jobs
from greyspace.web.live import Event, Live, Ticket
from greyspace.web.sliders import ends, offered
from greyspace.web.tasks import Asked, Compare, Footprint, Run, Warm, plain

FOLDER = "explore"
"""Where answers are kept in the folder of results."""

MOST_SCALE = 0.01
MOST_DRAWS = 32
MOST_SEEDS = 8

_MOST_CLIENTS = 1000

Queue = asyncio.Queue[Event]


class Refusal(Exception):
    """An answer that is none: a status and a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class Served:
    """What a server shows: packs by the name of their country, where each stands, and the folder of results.

    ``ahead``: whether what coarse answers are made of is worked out when there is nothing else to do.
    """

    packs: Mapping[str, Pack]
    places: Mapping[str, str]
    results: Path
    default: str
    cores: int = 2
    ahead: bool = True

    @property
    def folder(self) -> Path:
        """Where answers are kept."""
        return self.results / FOLDER


class Explorer:
    """What the routes share: answers, lives at work, jobs."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.answers = Answers(served.folder, served.packs)
        self.live = Live(served.cores)
        self.live.done = self._note
        self.prints: Live | None = None
        self.jobs = Jobs(self._finished, self.live.go_on)
        # Whoever waits for a job comes before what nobody asked for.
        self.live.quiet = lambda: self.jobs.process is None
        self._moves: dict[str, Moves] = {}
        self._clients: dict[str, Queue] = {}
        self._atlas = lru_cache(maxsize=256)(self._read)

    async def start(self) -> None:
        """Start the processes; the history that the page shows first is there when this ends.

        InputError where that cannot be worked out, FolderError where it cannot be kept.
        """
        try:
            await self._begin()
        except Refusal as why:
            raise InputError(str(why)) from why

    async def _begin(self) -> None:
        warm, first = Warm(self.served.places[self.served.default]), self._first(self.served.default)
        self.live.start()
        if self.answers.get(self.key(first)) is None:
            # Compiled code is on disk as soon as one process has it: the others wait for the first.
            await self._worked(self.live.ask("warm", warm))
            for number in range(1, self.served.cores):
                self.live.ask(f"warm {number}", warm)
            await self.answered(first)
        else:
            for number in range(self.served.cores):
                self.live.ask(f"warm {number}", warm)
        if self.served.ahead:
            self._prepare(self.served.default)

    def close(self) -> None:
        """End all processes."""
        self.jobs.close()
        if self.prints is not None:
            self.prints.close()
        self.live.close()

    # -- questions

    def pack(self, country: str) -> Pack:
        """The pack of a country; 404 for one that is not shown."""
        if country not in self.served.packs:
            raise Refusal(404, f"there is no country '{country}' here.")
        return self.served.packs[country]

    def moves(self, country: str, scenario: str, since: int | None, until: int | None,
              sliders: Mapping[str, float], off: Sequence[str]) -> Moves:  # fmt: skip
        """A question of the page, checked; 404 and 422 in one sentence. A slider at rest is none that is moved."""
        pack = self.pack(country)
        about = known(pack)
        if scenario not in pack.scenarios:
            raise Refusal(404, f"there is no scenario '{scenario}' of {country}.")
        until = about.default_until if until is None else until
        since = about.default_since if since is None else since
        if until not in about.until:
            raise Refusal(422, f"until {until}: allowed are {', '.join(map(str, about.until))}.")
        if not about.first_year <= since <= until:
            raise Refusal(422, f"since {since}: allowed are the years from {about.first_year} to {until}.")
        offers = {slider.id: slider for slider in offered(pack)}
        for name, value in sliders.items():
            if name not in offers:
                raise Refusal(422, f"there is no slider '{name}' (allowed: {', '.join(offers)}).")
            low, high = ends(pack, offers[name])
            if not low <= value <= high:
                raise Refusal(422, f"slider {name}, {value:g}: allowed are {low:g} to {high:g}.")
        systems = [system.id for system in about.systems]
        for name in off:
            if name not in systems:
                raise Refusal(422, f"there is no system '{name}' (allowed: {', '.join(systems)}).")
        moves = Moves(country, scenario, since, until, dict(sorted(sliders.items())), tuple(sorted(set(off))))
        if not moves.changes:
            moves = moves._replace(since=about.default_since)
        return moves

    def asked(self, moves: Moves) -> Asked:
        """A question for a process."""
        sets = sets_of(self.served.packs[moves.country], moves.sliders)
        where = self.served.places[moves.country]
        return Asked(where, moves.scenario, moves.since, moves.until, sets, moves.off, self.served.folder)

    def key(self, moves: Moves) -> str:
        """The id of the answer; InputError where the model refuses the question."""
        return question_of(self.served.packs[moves.country], moves).answer

    def ticket(self, moves: Moves) -> Ticket:
        """A ticket for a question. InputError where it cannot be, Full where too many wait."""
        key = self.key(moves)
        self._moves[key] = moves
        return self.live.ask(key, self.asked(moves))

    async def answered(self, moves: Moves) -> Answer:
        """The answer, worked out if need be; InputError, Full, and 503 where the work was ended."""
        key = self.key(moves)
        found = self.answers.get(key)
        if found is not None:
            return found
        await self._worked(self.ticket(moves))
        found = self.answers.get(key)
        if found is None:
            raise Refusal(503, "the work was stopped before it was done: ask again.")
        return found

    async def _worked(self, ticket: Ticket, live: Live | None = None) -> Any:
        """What a ticket comes to, awaited; Refusal where it comes to nothing."""
        live = live or self.live
        queue = live.listen(ticket)
        try:
            while (event := await queue.get())[0] == "told":
                pass
        finally:
            live.leave(ticket, queue)
        if event[0] == "refused":
            raise InputError(event[1])
        if event[0] == "mistake":
            raise Refusal(503, event[1])
        return event[1]

    def _note(self, key: str) -> None:
        """Take up an answer that a process has left."""
        moves = self._moves.pop(key, None)
        if moves is None:
            return
        question = question_of(self.served.packs[moves.country], moves)
        label = f"expectation, seed {question.seed}"
        changed = question.monday if moves.changes else None
        if changed is not None:
            label += f", changed from {changed} on"
        self.answers.add(key, moves.country, label, moves, changed)

    def _first(self, country: str) -> Moves:
        return self.moves(country, "history", None, None, {}, ())

    def _prepare(self, country: str) -> None:
        """Work out, when there is nothing else to do, what a coarse answer is put together from."""
        pack, first = self.served.packs[country], self._first(country)
        about = known(pack)
        todo = [first._replace(sliders=preset.sliders, off=tuple(preset.off)) for preset in about.presets]
        todo += [
            first._replace(sliders={slider.id: end})
            for slider in about.sliders
            for end in (slider.high, slider.low)
            if end != slider.history
        ]
        todo += [first._replace(off=(system.id,)) for system in about.systems]
        for moves in todo:
            key = self.key(moves)
            if self.answers.get(key) is None:
                self._moves[key] = moves
                self.live.prepare(key, self.asked(moves))

    # -- one question of a client at a time

    def newest(self, client: str, queue: Queue) -> None:
        """The newest question of a client takes the place of the one before, which hears that it is cancelled."""
        before = self._clients.pop(client, None)
        if before is not None:
            before.put_nowait(("cancelled", None))
        while len(self._clients) >= _MOST_CLIENTS:
            self._clients.pop(next(iter(self._clients)))
        self._clients[client] = queue

    def gone(self, client: str, queue: Queue) -> None:
        """A question of a client has come to its end."""
        if self._clients.get(client) is queue:
            del self._clients[client]

    # -- what is read

    def series(
        self, answer: str, label: str, country: str, scenario: str, names: Sequence[str], by: str
    ) -> shapes.Series:
        """Measures of an answer by year and place."""
        measures = [measure_of(name) for name in names]
        places = places_of(self.pack(country), by)
        atlas = self._atlas(answer)
        found = read(atlas, measures, list(places.values()))
        lines = [{place: plain(values[:, i]) for i, place in enumerate(places)} for values in found]
        return shapes.Series(
            answer=answer,
            label=label,
            country=country,
            scenario=scenario,
            measure=facts.measure(measures[0]),
            years=list(atlas.years),
            values=lines[0],
            more={m.name: shapes.Values(values=line) for m, line in zip(measures[1:], lines[1:], strict=True)},
        )

    def known_measures(self, names: Sequence[str]) -> None:
        """Refusal for a measure that is not there."""
        for name in names:
            measure_of(name)

    def whose(self, answer: str) -> tuple[str, str, str]:
        """The country, the scenario and the label of an answer, or of a finished run."""
        known_already = self.answers.get(answer)
        if known_already is not None and known_already.moves is not None:
            return known_already.country, known_already.moves.scenario, known_already.label
        return self._of_run(answer)

    def _of_run(self, run: str) -> tuple[str, str, str]:
        """A finished run, read once into an atlas of its own."""
        store = Store(self.served.results, create=False)
        if run not in store.run_ids():
            raise Refusal(404, f"there is no answer '{run}' here.")
        results = store.open(run)
        meta = results.meta
        country = self._country_of(meta)
        if country is None:
            raise Refusal(404, f"run {run} is of a country that is not shown here.")
        if not self.answers.kept.has(run):
            self.answers.kept.put(run, of_results(results, self.served.packs[country]))
        label = f"{meta['engine']}, seed {meta['seed']}"
        if meta["engine"] == "individuals":
            label += f", scale {meta['scale']:g}"
        return country, str(meta["scenario"]), label

    def _country_of(self, meta: Mapping[str, Any]) -> str | None:
        """The country that is shown of which a run is: a run names a pack of one's own by its folder."""
        told = str(meta["country"])
        return next((n for n, pack in self.served.packs.items() if told in (n, str(pack.folder.resolve()))), None)

    def _read(self, answer: str) -> Atlas:
        found = self.answers.kept.atlas(answer)
        if found is None:
            raise Refusal(404, f"there is no answer '{answer}' here.")
        return found

    # -- footprints

    async def footprint(self, moves: Moves, month: date, profile: str, region: str, seed: int) -> dict[str, Any]:
        """A synthetic person's month. InputError as ``study.footprint``, Full and Refusal as ``answered``."""
        if self.prints is None:
            # Months are kept in the memory of one process.
            self.prints = Live(1)
            self.prints.start()
        where = self.served.places[moves.country]
        task = Footprint(where, moves.scenario, month, profile, region, seed, frozenset(moves.off))
        return dict(await self._worked(self.prints.ask(repr(task), task), self.prints))

    # -- runs and comparisons

    def runs(self, country: str) -> list[shapes.FinishedRun]:
        """Finished runs of a country in the folder of results."""
        self.pack(country)
        if not (self.served.results / "runs").is_dir():
            return []
        return [
            shapes.FinishedRun(
                id=entry.id, scenario=entry.meta["scenario"], engine=entry.meta["engine"], seed=entry.meta["seed"],
                scale=entry.meta["scale"], first=str(entry.meta["from"]), last=str(entry.meta["to"]),
            )
            for entry in catalogue(Store(self.served.results, create=False))
            if entry.kind == "run" and entry.state == "complete" and self._country_of(entry.meta) == country
        ]  # fmt: skip

    def run(self, wanted: shapes.NewRun) -> Job:
        """Take on a run of individuals. Refusal beyond the limits, InputError where it cannot be, Full."""
        moves = self.moves(wanted.country, wanted.scenario, None, wanted.until, wanted.sliders, wanted.off)
        about = known(self.pack(wanted.country))
        first = about.first_year if wanted.first is None else wanted.first
        if not about.first_year <= first <= moves.until:
            raise Refusal(422, f"first {first}: allowed are the years from {about.first_year} to {moves.until}.")
        if wanted.scale > MOST_SCALE:
            raise Refusal(422, f"scale {wanted.scale:g}: here at most {MOST_SCALE:g}; 'greyspace run' has no limit.")
        task = Run(self.asked(moves), first, wanted.scale, wanted.seed, self.served.results)
        says = f"{wanted.scenario}, seed {wanted.seed}, scale {wanted.scale:g}, {first} to {moves.until}"
        return self.jobs.add(Job("run", says, wanted.country, task.plan().run_id, task, wanted.model_dump()))

    def compares(self, country: str) -> list[shapes.Compared]:
        """Comparisons that are kept, of this version."""
        self.pack(country)
        folder = self.served.folder / "compares"
        found = []
        for path in sorted(folder.glob("*.json")):
            told = self._told(path)
            if told is not None and told["country"] == country:
                found.append(compared(path.stem, told))
        return found

    def compare(self, wanted: shapes.NewCompare) -> Job:
        """Take on a comparison; one that is kept is done already. Refusal, InputError, Full as ``run``."""
        for scenario in (wanted.a, wanted.b):
            moves = self.moves(wanted.country, scenario, None, wanted.until, {}, ())
        if wanted.draws > MOST_DRAWS or wanted.seeds > MOST_SEEDS:
            raise Refusal(
                422, f"here at most {MOST_DRAWS} draws and {MOST_SEEDS} seeds; 'greyspace compare' has no limit."
            )
        pack = self.pack(wanted.country)
        asked = pairs.Wanted(pack, wanted.a, wanted.b, moves.until, wanted.draws, wanted.seeds, wanted.structures)

        key = asked.key
        note = self.served.folder / "compares" / f"{key}.json"
        task = Compare(
            self.served.places[wanted.country], wanted.a, wanted.b, moves.until, wanted.draws, wanted.seeds,
            wanted.structures, self.served.folder, note,
        )  # fmt: skip
        says = f"{wanted.b} against {wanted.a}, to {moves.until}"
        job = Job("compare", says, wanted.country, key, task, wanted.model_dump())
        if self._told(note) is not None:
            job.state, job.result = "done", {"compare": key}
            return job
        return self.jobs.add(job)

    def _finished(self, job: Job) -> None:
        """What a job has made."""
        if job.kind == "compare":
            job.result = {"compare": job.key}
        else:
            job.result = {"answer": job.key}

    def compared_series(self, name: str, measure: str, by: str) -> shapes.ComparedSeries:
        """A comparison read for one measure, with its bands."""
        told = self._told(self.served.folder / "compares" / f"{name}.json")
        if told is None:
            raise Refusal(404, f"there is no comparison '{name}' here.")
        lived = [pairs.Lived(**pair) for pair in told["pairs"]]
        of = measure_of(measure)
        places = places_of(self.pack(told["country"]), by)
        one, other, bands = pairs.bands(lived, self._atlas, of, list(places.values()))
        about = compared(name, told)
        years = list(self._atlas(lived[0].a).years)
        says = {pair.name: pair.says for pair in lived if pair.kind == "structure"}
        return shapes.ComparedSeries(
            id=name,
            label=(
                f"{about.b} less {about.a}: at the pack's own values, over {about.draws} draws of all uncertain "
                f"parameters, {about.structures} other structures and {about.seeds} other seeds; {about.runs} lives"
            ),
            a=about.a,
            b=about.b,
            measure=facts.measure(of),
            years=years,
            runs=about.runs,
            places={
                place: shapes.ComparedPlace(
                    a=plain(one[:, i]),
                    b=plain(other[:, i]),
                    difference=plain(other[:, i] - one[:, i]),
                    draws=_spread(bands["draw"], i, 0.1, 0.9),
                    structures=_spread(bands["structure"], i, 0.0, 1.0),
                    seeds=_spread(bands["seed"], i, 0.0, 1.0),
                    each_structure={
                        each: shapes.Structure(
                            says=says[each], difference=plain(bands["structure"].differences[n, :, i])
                        )
                        for n, each in enumerate(bands["structure"].names)
                    },
                )
                for i, place in enumerate(places)
            },
        )

    def _told(self, path: Path) -> dict[str, Any] | None:
        """What a comparison is; None where it is not there, torn, or made of lives that are gone."""
        try:
            told = read_json(path)
        except FolderError:
            return None
        kept = self.answers.kept
        return told if all(kept.has(pair[of]) for pair in told["pairs"] for of in ("a", "b")) else None


def compared(name: str, told: Mapping[str, Any]) -> shapes.Compared:
    """What a comparison is, in short; each pair are two lives."""
    kinds = [pair["kind"] for pair in told["pairs"]]
    return shapes.Compared(
        id=name, a=told["a"], b=told["b"], until=told["until"], draws=kinds.count("draw"), seeds=kinds.count("seed"),
        structures=kinds.count("structure"), runs=2 * len(kinds),
    )  # fmt: skip


def _spread(band: pairs.Band, place: int, low: float, high: float) -> shapes.Spread:
    if not band.names:
        return shapes.Spread(runs=0, low=[], mid=[], high=[])
    found = [plain(band.at(share)[:, place]) for share in (low, 0.5, high)]
    return shapes.Spread(runs=2 * len(band.names), low=found[0], mid=found[1], high=found[2])


def measure_of(name: str) -> Measure:
    """A measure by its id."""
    if name not in MEASURES:
        raise Refusal(404, f"there is no measure '{name[:80]}'.")
    return MEASURES[name]


def places_of(pack: Pack, by: str) -> dict[str, tuple[str, ...]]:
    """The regions of each place: the whole country, and provinces or single regions."""
    found = {"nation": tuple(region.id for region in pack.regions)}
    if by == "province":
        for province in pack.provinces:
            found[province] = tuple(region.id for region in pack.regions if region.province == province)
    elif by == "region":
        found |= {region.id: (region.id,) for region in pack.regions}
    return found


_COUNTRIES: dict[str, shapes.Country] = {}


def known(pack: Pack) -> shapes.Country:
    """What the page has to know of a country; worked out once."""
    if pack.content_hash not in _COUNTRIES:
        _COUNTRIES[pack.content_hash] = facts.country(pack)
    return _COUNTRIES[pack.content_hash]
