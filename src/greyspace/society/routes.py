"""Where people go, by which mode, and what stands along the way; and what may meet them where they stay.

Rail follows the lines of the pack from the seat of one province to that of another; road is taken to pass the same
provinces. A journey goes there and back: one departs at home and at the destination, and is met along the way both
times. False papers change what is found on a way, not the way: they make modes of their own.
"""

import heapq
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.country import ACTS, JOURNEYS, Pack
from greyspace.draws import inner, kernel
from greyspace.errors import InputError
from greyspace.evidence import Parameters
from greyspace.society.papers import FALSE, PAPERS

LINES = ("rail", "road")
"""How one travels."""

_FALSE_MODES = {f"{line}_{papers}": (line, papers) for line in LINES for papers in FALSE}

MODES = (*LINES, *_FALSE_MODES, "foot", "home", "company", "work")
"""How an act is carried out; journeys by rail or road, and without a permit also with a borrowed or a forged paper."""

JOURNEY_MODES = np.array([[MODES.index(line), *(MODES.index(f"{line}_{k}") for k in FALSE)] for line in LINES])
"""``[line, papers]`` -> mode."""

_SHOWN = np.zeros((len(MODES), 2), np.int64)
for _line_and_papers, _mode in np.ndenumerate(JOURNEY_MODES):
    _SHOWN[_mode] = _line_and_papers
"""``[mode]``: the line, and what is shown on it; of who stays where he is noughts, which stand for no papers."""

_RAIL, _ROAD = range(len(LINES))
_NOTHING_SHOWN = PAPERS.index("none")
_WITHOUT = ACTS.index("journey_without_permit")

MODE_OF = {
    "trade": "foot",
    "smuggling": "foot",
    "crossing": "foot",
    "call_abroad": "foot",
    "foreign_media": "home",
    "private_word": "company",
    "absence": "work",
    "visitor": "home",
    "theft": "foot",
    "traffic_offence": "road",
}
"""The one mode of acts that are no journeys; they stay in their region."""

_MAY_GO_BY = np.array(
    [
        (0, JOURNEY_MODES.size) if act in JOURNEYS else (MODES.index(MODE_OF[act]), MODES.index(MODE_OF[act]) + 1)
        for act in ACTS
    ]
)
"""``[A]``: the first mode of each act, and the one behind its last."""

ENCOUNTERS = (
    *("market", "junction", "border_camera", "border_patrol", "workplace", "street", "neighbours"),
    *("home_check", "person_search", "phone_search", "lead"),
)
"""What an act at home may meet, in this order; which acts do, the contacts of the systems say. Whatever is done, the
last that may come, at home, is somebody with a lead from a record."""

_AT_THE_BORDER = ("border_camera", "border_patrol")

_EARTH_KM = 6371.0
_MOST_TIMES = 60
"""Posts that one step of a route can hold, there and back."""

_MOST_POSTS = 255
"""Posts on a whole way, there and back: so many meetings of one kind have draws of their own."""

Floats = NDArray[np.float64]


def line_of(mode: str) -> str:
    """Rail or road, of a mode of journeys with whatever papers; of other modes, the mode itself.

    >>> line_of("rail_forged"), line_of("rail"), line_of("foot")
    ('rail', 'rail', 'foot')
    """
    return _FALSE_MODES[mode][0] if mode in _FALSE_MODES else mode


def papers_of(mode: str) -> str:
    """What is shown by who acts by a mode without a permit.

    >>> papers_of("road_borrowed"), papers_of("road")
    ('borrowed', 'none')
    """
    return _FALSE_MODES[mode][1] if mode in _FALSE_MODES else PAPERS[0]


@dataclass(frozen=True)
class Step:
    """One kind of encounter at one place, met ``times`` times, there and back."""

    encounter: str
    place: int
    times: int


class Network:
    """The map of a pack: towns' regions by province, provinces passed between any two, distances."""

    def __init__(self, country: Pack) -> None:
        self.country = country
        self.provinces = country.provinces
        index = {province: i for i, province in enumerate(self.provinces)}
        self.province_of = np.array([index[region.province] for region in country.regions])
        self.town_of = [country.seat(province) for province in self.provinces]
        self.countryside_of = [country.seat(province, urban=False) for province in self.provinces]

    @cached_property
    def straight_km(self) -> Floats:
        """``[province, province]``: great-circle distances between the seats."""
        seat = {region.province: (region.latitude, region.longitude) for region in self.country.regions}
        lat, lon = np.radians(np.array([seat[province] for province in self.provinces])).T
        cosine = np.sin(lat) * np.sin(lat)[:, None] + np.cos(lat) * np.cos(lat)[:, None] * np.cos(lon - lon[:, None])
        return np.asarray(_EARTH_KM * np.arccos(np.clip(cosine, -1.0, 1.0)))

    @cached_property
    def passed(self) -> dict[tuple[int, int], tuple[int, ...]]:
        """The provinces passed by rail from each to each, first and last included, by the shortest way in kilometres.

        InputError where the lines do not connect two provinces.
        """
        lines: dict[str, list[tuple[int, str, float]]] = {}
        province = {}
        for station in self.country.stations:
            lines.setdefault(station.line, []).append((station.order, station.station, station.km))
            province[station.station] = self.provinces.index(station.province)
        links: dict[str, list[tuple[str, float]]] = {name: [] for name in province}
        for stops in lines.values():
            stops.sort()
            for (_, a, km_a), (_, b, km_b) in pairwise(stops):
                links[a].append((b, abs(km_b - km_a)))
                links[b].append((a, abs(km_b - km_a)))
        seats = [self._seat(i) for i in range(len(self.provinces))]
        found = {}
        for i, start in enumerate(seats):
            before = _shortest(links, start)
            for j, end in enumerate(seats):
                if end not in before:
                    raise InputError(
                        f"{self.country.folder / 'stations.csv'}: no line leads from {start} to {end}; each province's "
                        "first hub must be connected with all others"
                    )
                found[i, j] = _provinces_along(before, end, province)
        return found

    def _seat(self, province: int) -> str:
        """The station that stands for a province: its first hub, or its first station."""
        own = [s for s in self.country.stations if s.province == self.provinces[province]]
        if not own:
            name = self.provinces[province]
            raise InputError(f"{self.country.folder / 'stations.csv'}: {name} has no station; give it at least one")
        return next((s.station for s in own if s.size == "hub"), own[0].station)

    @cached_property
    def border_of(self) -> tuple[int, ...]:
        """By region, the place at which one comes to the border: one's own, or the countryside of the nearest province.

        In a country without a border with China, one's own.
        """
        regions = self.country.regions
        along = sorted({int(self.province_of[i]) for i, region in enumerate(regions) if region.borders_china})
        found = []
        for i, region in enumerate(regions):
            if region.borders_china or not along:
                found.append(i)
            else:
                nearest = along[int(np.argmin(self.straight_km[self.province_of[i], along]))]
                found.append(self.countryside_of[nearest])
        return tuple(found)

    def destinations(self, p: Parameters) -> Floats:
        """``[R, A, R]``: journeys go where people are and to the capital, less often farther; other acts stay home."""
        c = self.country
        km = np.maximum(self.straight_km, 0.0) + np.diag(np.full(len(self.provinces), p.number("routes.internal_km")))
        apart = km[self.province_of][:, self.province_of]
        pull = np.array([r.persons * (p.number("routes.capital_pull") if r.capital else 1.0) for r in c.regions])
        weight = pull * np.exp(-apart / p.number("routes.distance_decay_km"))
        weight /= weight.sum(axis=1, keepdims=True)
        found = np.repeat(np.eye(len(c.regions))[:, None, :], len(ACTS), axis=1)
        found[:, [ACTS.index(act) for act in JOURNEYS]] = weight[:, None, :]
        return found

    def steps(self, act: str, mode: str, origin: int, destination: int, p: Parameters) -> tuple[Step, ...]:
        """What stands along the way of an act, there and back, and what may follow at home.

        Nothing where it is not done so, or not there.
        """
        if act not in JOURNEYS:
            stays = mode == MODE_OF[act] and origin == destination
            place = dict.fromkeys(_AT_THE_BORDER, self.border_of[origin])
            return tuple(Step(e, place.get(e, origin), 1) for e in ENCOUNTERS) if stays else ()
        line = line_of(mode)
        if line not in LINES or (act == "journey_with_permit" and papers_of(mode) != "none"):
            return ()
        a, b = int(self.province_of[origin]), int(self.province_of[destination])
        return (*self.along(line, a, b, p), Step("lead", origin, 1))

    def along(self, line: str, a: int, b: int, p: Parameters) -> tuple[Step, ...]:
        """What stands along a journey by rail or road from one province to another, there and back."""
        along = self.passed[a, b]
        if line == "rail":
            away = "gate_home" if a == b else "gate_away"
            return (
                Step("gate_home", self.town_of[a], 1),
                *(Step("train_check", self.town_of[i], 2) for i in along),
                Step(away, self.town_of[b], 1),
            )
        km = self.straight_km[a, b] if a != b else p.number("routes.internal_km")
        posts = km * p.number("routes.detour_km_factor") * p.number("road_posts.posts_per_100km") / 100.0 / len(along)
        # Posts are whole: there and back together, at least one a province, so that short ways have posts as well.
        times = min(max(round(2.0 * posts), 1), _MOST_TIMES, _MOST_POSTS // len(along))
        return (*self._approaches(along), *(Step("road_post", self.countryside_of[i], times) for i in along))

    def _approaches(self, along: tuple[int, ...]) -> tuple[Step, ...]:
        """Roads into or out of the capital's province, there and back; who passes through comes in and goes out."""
        capital = next(int(self.province_of[i]) for i, region in enumerate(self.country.regions) if region.capital)
        crossed = sum(capital in link for link in pairwise(along))
        return (Step("approach", self.countryside_of[capital], 2 * crossed),) if crossed else ()


def _shortest(links: dict[str, list[tuple[str, float]]], start: str) -> dict[str, str]:
    """The station before each on the shortest way from ``start``."""
    before, far, queue = {start: start}, {start: 0.0}, [(0.0, start)]
    while queue:
        km, here = heapq.heappop(queue)
        if km > far[here]:
            continue
        for there, more in links[here]:
            if km + more < far.get(there, np.inf):
                far[there], before[there] = km + more, here
                heapq.heappush(queue, (km + more, there))
    return before


def _provinces_along(before: dict[str, str], end: str, province: dict[str, int]) -> tuple[int, ...]:
    way = [end]
    while before[way[-1]] != way[-1]:
        way.append(before[way[-1]])
    return tuple(dict.fromkeys(province[station] for station in reversed(way)))


def ways(
    p: Parameters,
    no_transport: Floats,
    rail_power: Floats,
    chilled: Floats,
    shift: Floats,
    stays: Floats,
    shows: Floats,
) -> Floats:
    """``[R, M, U, A, way]``: not begun for want of transport, chilled, priced out; then the modes.

    ``no_transport[R, A]``; ``rail_power[R]``, share of hours; ``chilled[R, U, A]``; ``shift[R, U, journeys]``, how
    often the risk of rail relative to road has doubled, as people see it, since what was usual; ``stays[R, M, A,
    mode]``, share of those who would go by a mode for whom it is worth what it costs; ``shows[R, M, line, papers]``: of
    travellers without a permit, the share who go and show this, of all who would go by a line for nothing.
    """
    # Odds of rail to road, as two numbers: where everybody usually goes by rail the ratio would be without bound.
    usual = p.number("routes.rail_share")
    rail_odds = usual * np.exp(-p.number("routes.risk_weight") * shift)
    travel = _Travel(float(usual), float(p.number("routes.switch_share")), float(p.number("routes.rail_needs_power")))
    regions, moods, acts = chilled.shape
    found = np.empty((regions, stays.shape[1], moods, acts, 2 + 1 + len(MODES)))
    room = np.empty((moods, acts, 2)), np.empty((moods, acts, len(LINES)))
    _choose(travel, no_transport, rail_power, chilled, rail_odds, stays, shows, _MAY_GO_BY, _SHOWN, *room, found)
    return found


class _Travel(NamedTuple):
    usual: float  # share of travellers who go by rail
    free: float  # share who can change over; the rest keeps to what is usual
    needs_power: float  # of trains, those that stand still without it


@inner
def _set_out(travel, no_transport, rail_power, chilled, rail_odds, not_begun, would):  # type: ignore[no-untyped-def]
    """In one region: ``not_begun[U, A, (no transport, chilled)]``, and who ``would`` go by each line, ``[U, A, line]``;
    of acts for which one stays where one is, the same by both.
    """
    usual, free = travel.usual, travel.free
    still = travel.needs_power * (1.0 - rail_power)
    for u in range(not_begun.shape[0]):
        for a in range(not_begun.shape[1]):
            kept = 1.0 - chilled[u, a]
            if a >= rail_odds.shape[1]:
                not_begun[u, a, 0], not_begun[u, a, 1] = 0.0, chilled[u, a]
                would[u, a, _RAIL], would[u, a, _ROAD] = kept, kept
                continue
            preferred = rail_odds[u, a] / (rail_odds[u, a] + (1.0 - usual))
            by_rail = free * preferred + (1.0 - free) * usual
            stranded = by_rail * still * (1.0 - free)
            allowed = 1.0 - no_transport[a]
            not_begun[u, a, 0] = 1.0 - allowed + allowed * stranded
            not_begun[u, a, 1] = allowed * (1.0 - stranded) * chilled[u, a]
            would[u, a, _RAIL] = by_rail * (1.0 - still) * (allowed * kept)
            would[u, a, _ROAD] = ((1.0 - by_rail) + by_rail * still * free) * (allowed * kept)


@kernel
def _choose(  # type: ignore[no-untyped-def]
    travel, no_transport, rail_power, chilled, rail_odds, stays, shows, may_go_by, shown, not_begun, would, out
):
    """Those who are not kept at home go where it is worth it; who would but for the price stand before them.

    Whatever is shown on a line, it is those who would go by it for nothing who choose: ``shown[mode]`` is the line and
    the papers. The modes of an act are those from ``may_go_by[A, 0]`` until before ``may_go_by[A, 1]``; journeys are
    the first acts. ``not_begun`` and ``would`` are written over.
    """
    regions, tempers, moods, acts, ways = out.shape
    journeys = rail_odds.shape[2]
    for r in range(regions):
        _set_out(travel, no_transport[r], rail_power[r], chilled[r], rail_odds[r], not_begun, would)
        for m in range(tempers):
            for u in range(moods):
                for a in range(acts):
                    row = out[r, m, u, a]
                    row[:] = 0.0
                    priced_out = 0.0
                    for w in range(may_go_by[a, 0], may_go_by[a, 1]):
                        line, papers = shown[w, 0], shown[w, 1]
                        share = stays[r, m, a, w]
                        if a == _WITHOUT:
                            share = shows[r, m, line, papers]
                        elif a < journeys and papers != _NOTHING_SHOWN:
                            share = 0.0
                        begun = would[u, a, line] * share
                        priced_out += (would[u, a, line] if papers == _NOTHING_SHOWN else 0.0) - begun
                        row[ways - len(MODES) + w] = begun
                    row[0], row[1], row[2] = not_begun[u, a, 0], not_begun[u, a, 1], priced_out
