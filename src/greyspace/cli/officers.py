"""`greyspace officers`: a price list of what officers let people off for, and maps of what watching and pay change."""

import datetime as dt
import json as jsonlib
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from greyspace.cli.keeping import kept
from greyspace.cli.words import Country, Json, Quiet, Sets, Threads, day

if TYPE_CHECKING:
    from greyspace.study.posts import PriceList
    from greyspace.study.watching import Grid

STEM = "officers"

_COLUMNS = ("caught at", "standing", "let_off,_%", "mean,_kg rice", "typical_payer, kg")
_IN_MONEY = ("mean,_{own}", "mean,_dollars", "mean,_months")


def officers(
    *,
    country: Country = "dprk",
    sets: Sets = (),
    date: Annotated[dt.date, Parameter(converter=day, help="the day whose pay and prices are taken")] = dt.date(
        2024, 1, 1
    ),
    out: Annotated[Path, Parameter(name="--out", help="folder for the figure")] = Path("results/officers"),
    threads: Threads = 2,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Price an officer's discretion by offence and standing, and draw what watching and paying officers would change.

    The figure is a grid of stationary states of the whole model, by expectation; it takes some seconds.
    """
    from greyspace.country import load_pack
    from greyspace.evidence import parse_set, resolve
    from greyspace.institutions import currency

    pack = load_pack(country)
    chosen = dict(parse_set(word) for word in sets)
    p = resolve(pack.parameters, chosen)

    from greyspace.cli.progress import Screen
    from greyspace.study import posts, watching

    prices = posts.price_list(pack, p, date)
    try:
        with Screen(quiet) as screen:
            found = watching.grid(pack, chosen, date, threads, screen.tell)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("nothing is kept of a figure that is not finished") from None
    figure, caption = watching.picture(pack, p, found)
    files = kept(out, STEM, {}, {"": figure})
    if json:
        told = {"country": pack.id, "pack_hash": pack.content_hash, "settings": list(sets)}
        told |= posts.told(prices) | {"grid": watching.told(found)}
        told |= {"assumed": posts.assumed(pack), "caption": caption, "files": files}
        print(jsonlib.dumps(told, indent=1, allow_nan=False))
        return
    _tell(prices, found, posts.assumed(pack), currency(pack), files)


def _tell(prices: "PriceList", found: "Grid", assumed: str, own: str, files: list[str]) -> None:
    from greyspace.cli.tables import show, tell_prose
    from greyspace.country import STANDINGS
    from greyspace.institutions import OFFENCES

    rows: list[list[Any]] = []
    for i, offence in enumerate(OFFENCES):
        for j, standing in enumerate(STANDINGS):
            mean = [_three(amount[i, j]) for amount in prices.mean]
            rows.append(
                [
                    *(offence if j == 0 else "", standing, round(100.0 * float(prices.let_off[i, j]))),
                    *(mean[0], _three(prices.fixed.rice[i, j]), *mean[1:]),
                ]
            )
    show(
        [*_COLUMNS, *(name.format(own=own) for name in _IN_MONEY)],
        rows,
        title=f"What an officer takes whom no camera watches; pay and prices of {prices.day}",
    )
    print()
    tell_prose(
        "The mean is over those let off. The typical payer is a household whose penalty and whose means are the "
        "medians of its standing; without a number, it is not let off. Months: of what a family of four needs.\n"
        f"{_post(prices)}\n"
        "An officer's post, in the sense of Becker and Stigler, is an asset: he has pay, and bribes, for as long as no "
        "bribe is found out, and so he asks at least as much as the risk to the post is worth to him. The more the "
        "post is worth, the dearer and the rarer the bribe. Only pay less what superiors demand counts: a kilogram "
        "less demanded and a kilogram more paid are the same lever.\n"
        f"All these numbers follow from assumptions. {assumed} The list is for one post by itself, whose officer meets "
        "people on journeys without a permit and all else rarely. The figure is of the whole model, in which "
        "travellers answer to prices and officers to travellers."
    )
    if not prices.converged:
        tell_prose("The worth of the post did not converge: do not read the prices.")
    if found.unsettled:
        tell_prose(
            f"In the figure {found.unsettled} of {found.settled.size} points did not come to rest and are empty."
        )
    print()
    print("The figure is in", *files, sep="\n")


def _post(prices: "PriceList") -> str:
    from greyspace.cli.tables import said

    wage, demand, taken, worth, least, held = (
        said(_three(number))
        for number in (prices.wage, prices.demand, prices.taken, abs(prices.worth), prices.least[1], prices.held_up)
    )
    return (
        f"He is paid {wage} kg of rice a month with rations, superiors ask {demand} of him, and he has about {taken} "
        f"of bribes. His post is worth {worth} kg {'more' if prices.worth >= 0 else 'less'} than life without it, "
        f"and he asks {least} kg at least of who is on a journey. For what his takings lack of the demand he would "
        f"hold up {held} innocent people a month."
    )


def _three(amount: float) -> float | None:
    """Three digits, or nothing where there is no price."""
    value = float(amount)
    return None if math.isnan(value) else float(f"{value:.3g}")
