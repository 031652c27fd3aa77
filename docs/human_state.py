"""What the two documents say of control by people alone, held against the model without any device.

    python docs/human_state.py    live `human-network-only` to the end of 2019 and write the table in scenarios.md

Nothing is tuned to it: what does not hold is said.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from blocks import write
from greyspace.contract import STATES
from greyspace.country import load_pack
from greyspace.evidence import Parameters
from greyspace.results import Results, Store
from greyspace.simulate import plan, run

BLOCK = "human_state"
PAGE = Path(__file__).resolve().parent / "scenarios.md"
SINCE, UNTIL = date(2018, 1, 1), date(2019, 12, 30)
"""Two years before the border shut, in which nothing out of the ordinary happened."""

REPORT, COLUMN = "38 North, executive summary", "Daily NK column"
BY_HAND = ("trade", "foreign_media", "private_word")
"""Business outside the rules, foreign media, criticism in private: what the report says people still do."""


@dataclass(frozen=True)
class Check:
    """``says``: the document in our words; ``asks``: what would have to be so; ``measure``: words and a verdict."""

    source: str
    says: str
    asks: str
    measure: Callable[[Results, Parameters], tuple[str, bool]] | None


def _of(made: Results, table: str) -> pl.DataFrame:
    day = made.tables[table].date
    assert day is not None
    return made.table(table).filter(pl.col(day).is_between(SINCE, UNTIL))


def _ends(made: Results, act: str) -> dict[str, float]:
    """How 1,000 intents of an act end, and how many are begun."""
    rows = _of(made, "modes").filter(pl.col("act") == act)
    total = rows["intents"].sum()
    return {name: 1000.0 * rows[name].sum() / total for name in (*STATES, "begun")}


def _met(made: Results, contact: str) -> float:
    rows = _of(made, "contacts").filter(pl.col("contact").cast(pl.String) == contact)
    return float(rows.select(pl.sum_horizontal(pl.selectors.float().exclude("powered")).sum()).item() or 0.0)


def _begun(made: Results, act: str) -> float:
    return float(_of(made, "modes").filter(pl.col("act") == act)["begun"].sum())


def network(made: Results, p: Parameters) -> tuple[str, bool]:
    """The share of people who are part of the network."""
    people = _of(made, "people").group_by("week", "region").agg(pl.col("persons").sum())
    weight = people.group_by(pl.col("region").cast(pl.String).alias("place")).agg(pl.col("persons").mean())
    share = _of(made, "human_network").group_by(pl.col("place").cast(pl.String)).agg(pl.col("network_share").mean())
    both = share.join(weight, on="place")
    mean = float((both["network_share"] * both["persons"]).sum() / both["persons"].sum())
    return f"{mean:.3f} of all people, 1 in {1 / mean:.0f}", 0.025 <= mean <= 0.05


def notices(made: Results, p: Parameters) -> tuple[str, bool]:
    """Visitors noticed by neighbours, and by random checks, of 1,000 who stay overnight."""
    seen, checked = (
        1000.0 * _met(made, f"{by}_visitor") / _begun(made, "visitor") for by in ("neighbours", "home_check")
    )
    return f"of 1,000 visits neighbours notice {seen:.0f}, random checks meet {checked:.1f}", seen > checked > 0


def inspected(made: Results, p: Parameters) -> tuple[str, bool]:
    """Searches by chance, and searches after reports of what did not happen."""
    random = sum(_met(made, f"home_check_{act}") for act in ("visitor", "foreign_media"))
    targeted = float(_of(made, "human_network")["false_reports"].sum())
    words = f"in thousands a year: {random / 2e3:,.0f} acts meet a check by chance, {targeted / 2e3:,.0f} searches"
    return f"{words} follow a report with nothing behind it", random > 0 and targeted > 0


def spaces(made: Results, p: Parameters) -> tuple[str, bool]:
    """What is begun, and what stays unseen, of 1,000 intents."""
    found = {act: _ends(made, act) for act in BY_HAND}
    words = [
        f"{act.replace('_', ' ')}: {e['begun']:.0f} begun, {e['free_unseen']:.0f} free and unseen"
        for act, e in found.items()
    ]
    return "; ".join(words), all(e["begun"] >= 500 and e["free_unseen"] >= 500 for e in found.values())


def _let_off(made: Results, offences: tuple[str, ...]) -> dict[str, float]:
    """By act, of people whom an officer caught, the share who paid and went."""
    words = pl.col("act", "offence", "finding").cast(pl.String)
    rows = _of(made, "bribes").with_columns(words)
    caught = rows.filter((pl.col("finding") == "caught") & pl.col("offence").is_in(offences))
    by_act = caught.group_by("act").agg(pl.col("payers").sum() / pl.col("found").sum()).sort("act")
    return {act.replace("_", " "): share for act, share in by_act.iter_rows()}


def leniency(made: Results, p: Parameters) -> tuple[str, bool]:
    """Who pays and goes, of those caught in small matters and on journeys."""
    share = _let_off(made, ("minor", "journey"))
    return _told(share), all(value >= 0.5 for value in share.values())


def serious(made: Results, p: Parameters) -> tuple[str, bool]:
    """The same of grave matters, and of what crosses the border."""
    share = _let_off(made, ("trade", "grave"))
    return _told(share), all(value >= 0.5 for value in share.values())


def _told(share: dict[str, float]) -> str:
    return "of those caught: " + ", ".join(f"{act} {value:.2f}" for act, value in share.items())


def living(made: Results, p: Parameters) -> tuple[str, bool]:
    """What an officer has of bribes a month, against what he is paid."""
    rows = _of(made, "officers").filter(
        pl.col("officer").cast(pl.String).is_in(["station", "train", "road", "security"])
    )
    taken = float((rows["taken"] * rows["officer_months"]).sum() / rows["officer_months"].sum())
    middle = date(2019, 1, 7)
    pay = p.number("bribery.wage", middle) * p.number("bribery.wage_factor", middle) + p.number(
        "bribery.ration", middle
    )
    return f"{taken:.0f} kg of rice a month from bribes, {pay:.0f} kg of pay and rations", taken > pay


def upward(made: Results, p: Parameters) -> tuple[str, bool]:
    """What superiors get of what payers give."""
    rows = _of(made, "accounts").with_columns(pl.col("giver", "taker").cast(pl.String))
    paid = float(rows.filter(pl.col("giver") == "payers")["kg"].sum())
    up = float(rows.filter(pl.col("taker") == "superiors")["kg"].sum())
    return f"superiors receive {up / paid:.2f} of what people pay", up > 0


def goods(made: Results, p: Parameters) -> tuple[str, bool]:
    """Loads that come over the border."""
    loads = float(_of(made, "market")["smuggled_loads"].mean())
    return f"{loads:.2f} of the usual loads are smuggled in", loads > 0.5


def error(made: Results, p: Parameters) -> tuple[str, bool]:
    """Travellers without a permit who go through without having paid."""
    found = _ends(made, "journey_without_permit")
    free = found["free_unseen"] + found["free_recorded"]
    return f"of 1,000 begun journeys without a permit {1000 * free / found['begun']:.0f} pass and pay nothing", free > 0


def aware(made: Results, p: Parameters) -> tuple[str, bool]:
    """Who gives up out of caution."""
    found = {act: _ends(made, act)["chilled"] for act in BY_HAND}
    return "given up out of caution, of 1,000: " + ", ".join(
        f"{a.replace('_', ' ')} {v:.0f}" for a, v in found.items()
    ), all(value > 0 for value in found.values())


def digital(made: Results, p: Parameters) -> tuple[str, bool]:
    """Records of devices, and leads from them."""
    records, leads = float(_of(made, "routine")["records"].sum()), float(_of(made, "leads")["leads"].sum())
    return f"{records:.0f} records of devices, {leads:.0f} leads", records == leads == 0


CHECKS = (
    Check(
        REPORT,
        "by some estimates as many as one person in twenty is part of the network",
        "1 in 20 to 1 in 40",
        network,
    ),
    Check(
        REPORT,
        "neighbours notice what no device sees, such as visitors",
        "they notice more than checks by chance do",
        notices,
    ),
    Check(REPORT, "homes and persons are inspected by chance and on suspicion", "both happen", inspected),
    Check(
        REPORT,
        "small spaces remain for business, foreign media and criticism in private",
        "half of each is begun and unseen",
        spaces,
    ),
    Check(
        REPORT,
        "who is caught can often pay to escape",
        "in small matters and on journeys half of those caught pay",
        leniency,
    ),
    Check(
        REPORT,
        "a bribe averts serious punishment too",
        "in grave matters and at the border half of those caught pay",
        serious,
    ),
    Check(COLUMN, "those who enforce live on bribes", "they take more than their pay", living),
    Check(COLUMN, "they hand part of it to superiors", "superiors receive some", upward),
    Check(COLUMN, "smuggling brings in what markets sell", "more than half of the usual loads", goods),
    Check(COLUMN, "inspection by hand errs", "some without a permit pass unpaid", error),
    Check(REPORT, "people know of the risk", "some give up out of caution", aware),
    Check(REPORT, "(what the scenario takes away)", "no record of a device, no lead", digital),
    Check(REPORT, "a challenge to authority is almost unheard of", "the model has no act that would be one", None),
)


def lived(store: Store) -> tuple[Results, Parameters]:
    """The run that is held against the documents."""
    pack = load_pack("dprk")
    made = plan(pack, pack.scenario("human-network-only"), engine="expected", start=date(2017, 7, 3), end=UNTIL)
    return run(made, store), made.p


def rows(made: Results, p: Parameters) -> list[tuple[str, str, str, str, str]]:
    """For each check the source, what it says, what is asked, what was found, and whether that holds."""
    found = []
    for check in CHECKS:
        words, holds = check.measure(made, p) if check.measure else ("cannot be seen", None)
        verdict = "not expressible" if holds is None else "holds" if holds else "**does not hold**"
        found.append((check.source, check.says, check.asks, words, verdict))
    return found


def main() -> None:
    """Live the scenario and write the block."""
    with TemporaryDirectory() as folder:
        found = rows(*lived(Store(Path(folder))))
    heads = ("document", "it says", "asked", "found in 2018 and 2019", "")
    text = "\n".join(f"| {' | '.join(row)} |" for row in (heads, ("---",) * len(heads), *found))
    write(PAGE, BLOCK, text)
    print(text)


if __name__ == "__main__":
    main()
