"""Cameras that read number plates: at junctions of the capital since 2016, over the roads in and out of it since 2021.

At a junction they catch those who break a rule of the road with a vehicle that has a plate, where somebody looks the
plate up. On the roads into the capital they let everybody pass and keep what they read: the plate of a vehicle, of
which one must first find out who sat in it. They need power, and read less by night and in bad weather.

Parameters: plate_cameras.share_of_trips_seen_capital, share_of_trips_seen_elsewhere, share_of_trips_seen_approach,
seen_factor, read_rate_day, read_rate_night_factor, read_rate_weather_factor, night_share, bad_weather_winter,
bad_weather_summer, vehicle_share, fine_share.
"""

import numpy as np

from greyspace.country import Pack
from greyspace.evidence import Parameters
from greyspace.infrastructure import RAIL, Site
from greyspace.systems.shape import Contact, Floats, Record, View, nothing

NAME = "plate_cameras"
_JUNCTION = Contact(
    "junction_traffic_offence", "junction", "traffic_offence", "neighbourhood", device=True, record="plate"
)
_APPROACHES = (
    Contact("approach_permit", "approach", "journey_with_permit", "road", device=True, record="plate"),
    Contact("approach_none", "approach", "journey_without_permit", "road", device=True, record="plate"),
)
CONTACTS = (_JUNCTION, *_APPROACHES)
RECORDS = (Record("plate, place and time of each reading", "plate", "traffic police"),)

_WINTER, _SUMMER = (11, 12, 1, 2, 3), (6, 7, 8, 9)


def sites(country: Pack, p: Parameters) -> tuple[Site, ...]:
    """Junctions are not kept one by one: a share of trips passes one."""
    return ()


def publish(view: View) -> dict[str, Floats]:
    """``seen_junctions``: share of people who pass by such cameras, taken to be that of trips."""
    return {"seen_junctions": _in_towns(view)}


def met(view: View) -> dict[str, Floats]:
    """Offences with a plate at a junction in view; journeys by road past a camera over the road."""
    junction = _in_towns(view) * view.p.number("plate_cameras.vehicle_share")
    approach = np.full(view.places, _seen(view, "approach"))
    return {_JUNCTION.name: junction, **{contact.name: approach for contact in _APPROACHES}}


def odds(view: View) -> dict[str, Floats]:
    """Without power nothing is seen; with power a plate is read or not, and of offences read some lead to a fine."""
    read = read_rate(view)

    def seen(fined: float) -> Floats:
        of_read = {"on_record": read * fined, "passed": read * (1.0 - fined)}
        table = view.everywhere(({"passed": 1.0 - read}, 0.0), (of_read, 1.0))
        table[:, :, 0] = view.everywhere(({"passed": 1.0}, 0.0))[:, :, 0]
        return table

    approach = seen(0.0)
    return {
        _JUNCTION.name: seen(view.p.number("plate_cameras.fine_share")),
        **{contact.name: approach for contact in _APPROACHES},
    }


def coverage(view: View) -> dict[str, Floats]:
    """Of trips by motor vehicle in towns, those past a camera with power."""
    towns = [region.urban for region in view.country.regions]
    return {"vehicle_trips": np.where(towns, _in_towns(view) * view.supplied(RAIL), np.nan)}


def read_rate(view: View) -> float:
    """Share of plates that a camera with power reads, over the light and weather of the season."""
    p = view.p
    winter, summer = p.number("plate_cameras.bad_weather_winter"), p.number("plate_cameras.bad_weather_summer")
    month = view.day.month
    bad = winter if month in _WINTER else summer if month in _SUMMER else (winter + summer) / 2.0
    night = p.number("plate_cameras.night_share")
    by_night = 1.0 - night * (1.0 - p.number("plate_cameras.read_rate_night_factor"))
    by_weather = 1.0 - bad * (1.0 - p.number("plate_cameras.read_rate_weather_factor"))
    return p.number("plate_cameras.read_rate_day") * by_night * by_weather


def _in_towns(view: View) -> Floats:
    """Share of trips by motor vehicle that pass a camera, by place."""
    return view.by_settlement(_seen(view, "capital"), _seen(view, "elsewhere"), 0.0)


def _seen(view: View, where: str) -> float:
    share = view.p.between(f"plate_cameras.share_of_trips_seen_{where}", view.day)
    return min(view.p.number("plate_cameras.seen_factor") * share, 1.0)


routine = nothing
