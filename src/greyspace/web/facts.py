"""What a pack is and knows, in the shapes of the page."""

import re
from datetime import date
from pathlib import Path
from typing import Any

from greyspace import __version__
from greyspace.country import ACTS, Pack
from greyspace.evidence import Parameter, counts
from greyspace.results.files import read_json
from greyspace.study.atlas import Measure
from greyspace.study.claims import LABELS, load_claims
from greyspace.study.whatif import beginning
from greyspace.systems import SYSTEMS
from greyspace.web import shapes, sliders
from greyspace.web.words import label

CITE = f"The greyspace authors: greyspace {__version__}, a model of a surveillance state on a synthetic population."
ABOUT = (
    "What follows if the numbers of a model hold, most of which are assumed. Everybody in it is invented; it is no "
    "forecast, and no tool of surveillance."
)
DEFAULT_SINCE = 2021
"""The year in which gates came: from then on something is otherwise, unless the page says another year."""

DEFAULT_UNTIL = 2024
LATER = (2030, 2035)
"""Years to which futures can be followed."""

ENDS = (
    "begun",
    "free_unseen",
    "free_recorded",
    "paid",
    "turned_back",
    "punished",
    "chilled",
    "priced_out",
    "prevented",
)


def country(pack: Pack) -> shapes.Country:
    """All that the page has to know of a country."""
    years = [row.year for row in pack.projection]
    first, until = beginning(pack).year, [year for year in (DEFAULT_UNTIL, *LATER) if year <= max(years)]
    since = list(range(first, max(until) + 1))
    standing = max(DEFAULT_SINCE, first)
    return shapes.Country(
        id=pack.id,
        title=pack.title,
        note=pack.note,
        stylised=pack.stylised,
        pack_hash=pack.content_hash[:16],
        persons=round(pack.residents(standing).sum()),
        first_year=first,
        since=since,
        default_since=standing,
        until=until,
        default_until=until[0],
        regions=[
            shapes.Region(
                id=r.id, name=r.name, name_ko=r.name_ko, province=r.province, urban=r.urban, persons=r.persons,
                capital=r.capital, borders_china=r.borders_china, latitude=r.latitude, longitude=r.longitude,
            )
            for r in pack.regions
        ],
        provinces=_provinces(pack),
        acts=list(ACTS),
        ends=list(ENDS),
        systems=[shapes.System(id=system.NAME, says=_first_sentence(system.__doc__ or "")) for system in SYSTEMS],
        scenarios=[
            shapes.Scenario(id=s.id, name=s.name, sentence=s.sentence, name_ko=s.name_ko, sentence_ko=s.sentence_ko)
            for s in pack.scenarios.values()
        ],
        profiles=[
            shapes.Profile(
                id="_".join((who.role, who.sex, who.standing, *(["involved"] * who.involved))),
                role=who.role, sex=who.sex, standing=who.standing, involved=who.involved,
            )
            for who in pack.profiles
        ],
        sliders=[_slider(pack, slider, standing, since) for slider in sliders.offered(pack)],
        presets=[_preset(pack, preset) for preset in sliders.presets(pack)],
        evidence=counts(pack.parameters),
    )  # fmt: skip


def _provinces(pack: Pack) -> list[shapes.Province]:
    found = []
    for province in pack.provinces:
        own = [region for region in pack.regions if region.province == province]
        seat = own[0]
        found.append(
            shapes.Province(
                id=province,
                name=re.sub(r", (towns|countryside)$", "", seat.name),
                name_ko=re.sub(r" (도시|농촌)$", "", seat.name_ko),
                persons=sum(region.persons for region in own),
                capital=seat.capital,
                borders_china=any(region.borders_china for region in own),
                latitude=seat.latitude,
                longitude=seat.longitude,
            )
        )
    return found


def _first_sentence(text: str) -> str:
    whole = " ".join(text.split("\n\n")[0].split())
    return re.split(r"(?<=[.;:]) ", whole)[0].rstrip(".;:") + "."


def _slider(pack: Pack, slider: sliders.Slider, since: int, years: list[int]) -> shapes.Slider:
    known = pack.parameters[slider.parameters[0]]
    low, high = sliders.ends(pack, slider)
    return shapes.Slider(
        id=slider.id,
        group=slider.group,
        label=shapes.Text(en=slider.en, ko=slider.ko),
        says=known.description,
        parameters=list(slider.parameters),
        unit=known.unit,
        low=low,
        high=high,
        scale="log" if slider.log else "linear",
        history=sliders.history(pack, slider, date(since, 1, 1)),
        by_year={year: sliders.history(pack, slider, date(year, 1, 1)) for year in years},
        grounds=known.grounds,
        grade=next((each.grade for each in known.evidence), None),
        why=known.why,
    )


def _preset(pack: Pack, preset: sliders.Preset) -> shapes.Preset:
    known = {slider.id: slider for slider in sliders.offered(pack)}
    at = {name: sliders.ends(pack, known[name]) for name in (*preset.low, *preset.high)}
    return shapes.Preset(
        id=preset.id,
        label=shapes.Text(en=preset.en, ko=preset.ko),
        sliders={name: at[name][0] for name in preset.low} | {name: at[name][1] for name in preset.high},
        off=list(preset.off),
    )


def measure(of: Measure) -> shapes.Measure:
    """A measure in the shape of the page."""
    return shapes.Measure(
        id=of.name, label=label(of), unit=of.unit, says=of.says, group=of.group, act=of.act, end=of.end,
        by_region=of.by_region, given=of.given,
    )  # fmt: skip


# -- evidence


def source(pack: Pack, name: str) -> shapes.Source:
    """A source of a pack."""
    told = pack.sources[name].model_dump()
    return shapes.Source(id=name, **{key: told[key] for key in shapes.Source.model_fields if key != "id"})


def parameter(known: Parameter) -> shapes.Parameter:
    """A parameter with all that is known of it."""
    return shapes.Parameter(
        id=known.id,
        topic=known.id.partition(".")[0],
        description=known.description,
        unit=known.unit,
        value=known.value,
        values=None if known.values is None else {str(day): value for day, value in known.values.items()},
        range=known.range,
        options=None if known.options is None else list(known.options),
        distribution=None if known.distribution is None else known.distribution.model_dump(mode="json"),
        grounds=known.grounds,
        grades=list(dict.fromkeys(each.grade for each in known.evidence)),
        evidence=[shapes.Grounds(**each.model_dump()) for each in known.evidence],
        derivation=known.derivation,
        why=known.why,
    )


# -- claims


def claims(pack: Pack, results: Path) -> shapes.Claims:
    """The claims of a pack, with what became of those that were run. FolderError where that was changed on disk."""
    # Here, because it loads what draws figures.
    from greyspace.brief import claims as words

    book = load_claims(pack)
    path = results / "claims" / pack.id / "verdicts.json"
    verdicts: dict[str, Any] = read_json(path) if path.is_file() else {}
    found = []
    for claim in book.claims.values():
        told = verdicts.get("claims", {}).get(claim.id)
        found.append(
            shapes.Claim(
                id=claim.id,
                says=claim.says,
                label=claim.standing,
                label_says=LABELS[claim.standing],
                because=claim.because,
                source=source(pack, claim.source),
                where=claim.where,
                counts_against=claim.counts_against,
                declaration=words.declaration(book, claim),
                tests=[
                    shapes.Test(quantity=t.quantity, what=words.test_of(_declared(t)), unit=t.unit) for t in claim.tests
                ],
                verdict=None if told is None else _verdict(told, told["declared"] == book.declared(claim)),
            )
        )
    return shapes.Claims(about=verdicts.get("about"), claims=found)


def _declared(test: Any) -> dict[str, Any]:
    names = ("quantity", "design", "direction", "least", "against", "unit", "arms")
    return {name: getattr(test, name) for name in names}


def _verdict(told: dict[str, Any], current: bool) -> shapes.Verdict:
    from greyspace.brief import claims as words

    share = told.get("share")
    return shapes.Verdict(
        outcome=told["outcome"],
        in_short=words.in_short(told),
        share=None if share is None else shapes.Share(holds=share["holds"], of=share["of"], interval=share["interval"]),
        effects=[
            shapes.Effect(
                what=words.test_of(test),
                effect=words.effect_of(test) if "spread" in test else "",
                unit=test["unit"],
                spread=test.get("spread"),
                own=test.get("own"),
            )
            for test in told.get("tests", [])
        ],
        decides=words.decides(told),
        paragraphs=[told["because"]] if share is None else [words.share_of(told), *words.beside(told)],
        current=current,
        draws=told.get("draws", 0),
    )
