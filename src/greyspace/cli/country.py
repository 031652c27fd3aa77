"""`greyspace country` and `scenarios`: reading a country pack."""

from typing import Annotated

from cyclopts import Parameter

from greyspace.cli.words import Country


def packs() -> None:
    """List the country packs that come with greyspace."""
    from greyspace.cli.tables import show
    from greyspace.country import load_pack
    from greyspace.country import packs as names

    rows = [
        [pack.id, pack.title, "invented" if pack.stylised else "real", pack.note] for pack in map(load_pack, names())
    ]
    show(["pack", "title", "kind", "note"], rows)


def check(path: Annotated[str, Parameter(help="folder of a country pack, or the name of one")]) -> int:
    """Say what is wrong with a country pack, if anything; status 2 if something is."""
    from greyspace.country import check as problems_of
    from greyspace.country import load_pack

    problems = problems_of(path)
    if problems:
        print(*problems, sep="\n")
        return 2
    pack = load_pack(path)
    print(
        f"{pack.id} is whole: {len(pack.regions)} regions, {len(pack.parameters)} parameters, "
        f"{len(pack.scenarios)} scenarios,\n{len(pack.sources)} sources (hash {pack.content_hash[:8]})."
    )
    return 0


def scenarios(*, country: Country = "dprk") -> None:
    """List the scenarios of a country."""
    from greyspace.cli.tables import show
    from greyspace.country import load_pack

    pack = load_pack(country)
    show(["scenario", "what if"], [[scenario.id, scenario.sentence] for scenario in pack.scenarios.values()])
