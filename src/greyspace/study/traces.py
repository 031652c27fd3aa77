"""Footprints and panels in pictures, with what to say under each."""

from typing import Any

from matplotlib.figure import Figure

from greyspace import __version__
from greyspace.country import Pack
from greyspace.figures import footprint as of
from greyspace.footprint import unicity
from greyspace.footprint.joins import JOINS
from greyspace.study.footprint import Footprint, told
from greyspace.study.months import Month
from greyspace.study.panel import Panels, crowd_left, curve, days_by, luck

CONDITIONS = (
    ("now", "put to the person now"),
    ("register", "with a complete register"),
    ("network", "with a network"),
    ("both", "with both alone"),
)
_NEVER = ("never", "not even then")
_JOIN_WORDS = {"now": "now", "register": "complete register", "network": "network", "both": "both"}
KIND_WORDS = {
    "paper": "written by hand",
    "face": "face matched",
    "plate": "plate read",
    "workplace": "video at work",
    "border": "video at the border",
    "school": "video of a classroom",
    "school_report": "report of a school",
    "payment": "payment by telephone",
    "phone": "place of the telephone",
    "screen": "picture of the screen",
    "transport_card": "ride with a card",
    "set_top": "television at home",
}
"""By kind of record, what to call it."""

_PLACES = {
    "unit": "the neighbourhood unit\n(beyond the model)",
    "post": "kind of record\nand region",
    "region": "the region",
    "nation": "no place",
}
_TIMES = {"day": "the day is known", "week": "the week", "month": "the month"}
_ROLES = {"home": "at home or retired", "office": "office worker", "pupil": "pupil", "farmer": "farmer"}
_WHERE = {"capital": "capital", "urban": "other towns", "rural": "countryside"}
_LEAST_PERSONS = 8
"""Groups of fewer persons are not drawn."""


def timeline(found: Footprint) -> tuple[Figure, str]:
    """A person's month as a figure, and its caption."""
    data = told(found)
    person, records = data["person"], data["records"]
    rows = []
    for kind in dict.fromkeys((r["system"], r["kind"]) for r in sorted(records, key=_order)):
        mine = [r for r in records if (r["system"], r["kind"]) == kind]
        days = tuple((int(r["day"][-2:]), r["joined"][0] if r["joined"] else "never") for r in mine)
        rows.append(of.Row(_named(mine[0], records), f"{_kept(mine[0])}: {len(mine)}", days))
    deeds = [
        of.Deed(
            int(act["day"][-2:]),
            act["act"].replace("_", " "),
            act["to"] is not None,
            act["state"] in ("punished", "turned_back", "paid"),
        )
        for act in data["acts"]
    ]
    told_again = [
        (_JOIN_WORDS[join], frozenset(int(day[-2:]) for day in data["reconstructed"][join]["days"])) for join in JOINS
    ]
    held = frozenset(int(day[-2:]) for day in person["held_days"])
    who = _who(person)
    figure = of.month(
        rows,
        deeds,
        told_again,
        held,
        len(data["days"]),
        (*CONDITIONS, _NEVER),
        f"A footprint: one invented person in {found.month.first:%B %Y}",
        f"{who}, {person['region_name']}; {found.month.pack.title}, '{data['scenario']}'. A square: one record, "
        "coloured by what it takes to put it to the person. At the right: under what it is kept, how many. Circles: "
        "what the person did; hollow where it was given up, dark where it was stopped or paid for. Grey days: held.",
        _foot(found.month.pack, found.month),
    )
    now, both = (len(data["reconstructed"][join]["days"]) for join in ("now", "both"))
    caption = (
        f"Records of one invented person ({who}) in {found.month.first:%B %Y}: {len(records)}; days that can be told "
        f"again: {now} now, {both} with a complete register and a network."
    )
    return figure, caption


def _order(record: dict[str, Any]) -> tuple[bool, str]:
    return record["act"] is not None, record["identity"]


def _named(record: dict[str, Any], records: list[dict[str, Any]]) -> str:
    words = KIND_WORDS[record["kind"]]
    systems = {r["system"] for r in records if r["kind"] == record["kind"]}
    return f"{words} ({record['system'].replace('_', ' ')})" if len(systems) > 1 or record["act"] is not None else words


def _kept(record: dict[str, Any]) -> str:
    return {"none": "picture"}.get(record["identity"], str(record["identity"]))


def _who(person: dict[str, Any]) -> str:
    role = _ROLES.get(person["role"], person["role"])
    trade = ", trades" if person["involved"] else ""
    return f"{person['sex']}, {role}, {person['standing']} standing{trade}"


def _foot(pack: Pack, month: Month) -> str:
    what = "an invented country" if pack.stylised else "invented persons; conditional on a model, not a measurement"
    return (
        f"greyspace {__version__}, country pack {pack.id} ({pack.content_hash[:8]}): {what}. Days are known, hours and "
        "places within a region are not. How often records can be put to a person is assumed (analysis.joinable_*)."
    )


def singled_out(month: Month, found: Panels) -> tuple[Figure, str]:
    """Unicity as a figure, and its caption."""
    panels = []
    for place in unicity.PLACES:
        curves = [
            of.Curve(
                _TIMES[time],
                unicity.POINTS,
                tuple(curve(found, time, place)),
                tuple((float(low), float(high)) for low, high in luck(found.own, time, place)),
                tuple(crowd_left(found, time, place)),
            )
            for time in unicity.TIMES
        ]
        panels.append((_PLACES[place], curves))
    band = (
        f"80 percent of {len(found.draws)} draws of the uncertain parameters"
        if found.draws
        else "nine of ten panels of as many persons, at the pack's values"
    )
    figure = of.unicity(
        panels,
        "How many points of a trace single one person out of the nation",
        f"{month.pack.title}, '{month.scenario.id}', {month.first:%B %Y}; {found.own.persons} invented persons. Above: "
        "how many others of the whole nation so many random points of somebody's records fit (the middle of those with "
        "any record; below the line: fewer than one). Below: of all persons, the share whom they fit alone. Columns: "
        "how well a point's place is known. Who left fewer points is known by all of them, who left none by nothing. "
        f"Bands: {band}.",
        f"{_foot(month.pack, month)} Method after de Montjoye and others (2013, Scientific Reports 3:1376).",
    )
    best = curve(found, "day", "post")[-1].own or 0.0
    caption = (
        "Share of people singled out from the nation by so many random points of a month's records; by ten points of "
        f"known day, kind and region {100 * best:.0f} percent are."
    )
    return figure, caption


def told_again(month: Month, found: Panels) -> tuple[Figure, str]:
    """Days that can be told again, by who and where, as a figure, and its caption."""
    groups = []
    for row in days_by(found, "role and where"):
        if row["persons"] < _LEAST_PERSONS:
            continue
        role, where = row["group"].split(", ")
        each = tuple((join, row[join], row[f"{join}_low"], row[f"{join}_high"]) for join in JOINS)
        groups.append(of.Group(f"{_ROLES.get(role, role)}, {_WHERE[where]}", row["persons"], each))
    figure = of.days(
        groups,
        found.own.length,
        (*CONDITIONS[:-1], ("both", "with both")),
        "On how many days of a month records tell where somebody was",
        f"{month.pack.title}, '{month.scenario.id}', {month.first:%B %Y}. Marks: mean over {found.own.persons} "
        "invented persons (in brackets: persons followed); bars: eight of ten persons. A day counts with one record or "
        "more that can be put to the person. Who has no telephone and no card has next to none.",
        _foot(month.pack, month),
    )
    means = {join: float(found.own.days[:, j].mean()) for j, join in enumerate(JOINS)}
    caption = "Mean days of the month that can be told again: " + ", ".join(
        f"{_JOIN_WORDS[join]} {days:.1f}" for join, days in means.items()
    )
    return figure, caption + "."
