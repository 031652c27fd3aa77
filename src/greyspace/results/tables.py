"""The tables of a run: declared once, so that each number on disk has a unit and a sentence that says what it is."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import pyarrow as pa


@dataclass(frozen=True)
class Key:
    """A column that says which cell a row is: a date (a Monday), a label, a flag or a whole number."""

    name: str
    kind: Literal["date", "label", "flag", "number"]
    description: str


@dataclass(frozen=True)
class Measure:
    """A column of numbers (float64).

    ``kind`` says how cells go together: a *flow* adds over everything; a *level* adds over people and places and is
    averaged over time; a *share* is averaged over cells, each counting alike.
    """

    name: str
    unit: str
    description: str
    kind: Literal["flow", "level", "share"] = "flow"


@dataclass(frozen=True)
class Table:
    """One table: its name, the keys that tell its rows apart, its measures."""

    name: str
    keys: tuple[Key, ...]
    measures: tuple[Measure, ...]

    @property
    def columns(self) -> tuple[Key | Measure, ...]:
        """Keys, then measures."""
        return (*self.keys, *self.measures)

    @property
    def date(self) -> str | None:
        """The name of the key that is a date, if there is one."""
        names = [key.name for key in self.keys if key.kind == "date"]
        return names[0] if names else None


class Labels(NamedTuple):
    """A column of words given by number: row i is ``names[codes[i]]``. Far quicker than an array of strings."""

    codes: np.ndarray[Any, Any]
    names: Sequence[str]


WEEK = Key("week", "date", "the Monday that names the week")
REGION = Key("region", "label", "province and settlement where the persons live")
ACT = Key("act", "label", "purpose of the act")
STANDING = Key("standing", "label", "standing of the household: elite, middle, ordinary or vulnerable")
SEX = Key("sex", "label", "female or male")
PERIOD = Key(
    "period", "date", "the Monday on which the period begins: four weeks, or fewer where an event begins or ends"
)
PLACE = Key("place", "label", "region where it happens")
SYSTEM = Key("system", "label", "what keeps watch: see the model's list of systems")
OFFICER = Key(
    "officer", "label", "kind of officer: station, train, road, market, neighbourhood, workplace, border or security"
)

STATES = (
    Measure("intents", "acts", "acts that would be done unafraid, if there were no bribes to pay and no risk"),
    Measure("prevented", "acts", "intents not begun because the person is held, or there is no transport or permit"),
    Measure("chilled", "acts", "intents not begun out of caution; of theft, also since a camera is known to look"),
    Measure("priced_out", "acts", "intents not begun because bribes and tolls make them not worth it"),
    Measure("punished", "acts", "begun acts that ended with a penalty"),
    Measure("turned_back", "acts", "begun acts that were turned back"),
    Measure("paid", "acts", "begun acts let off for a bribe"),
    Measure("free_recorded", "acts", "begun acts that went free but were recorded"),
    Measure("free_unseen", "acts", "begun acts that went free and unseen"),
)
FREE_RECORDED = next(measure for measure in STATES if measure.name == "free_recorded")
BEGUN = Measure("begun", "acts", "intents that were carried out, however they ended")

OUTCOMES = tuple(
    Measure(f"{seen}_{outcome}", "contacts", f"contacts {seen} by a system at which the person was {said}")
    for seen in ("recorded", "unrecorded")
    for outcome, said in (
        ("passed", "let pass"),
        ("held_in_error", "held in error"),
        ("turned_back", "turned back"),
        ("paid", "let off for a bribe, or made to pay a toll"),
        ("fined", "fined and let go"),
        ("penalised", "held for a short term"),
        ("imprisoned", "held for a long term"),
        ("camp", "sent to a camp"),
        ("killed", "shot and killed"),
    )
)
KG = Measure("kg", "kg of rice", "what is paid")
LINKED = Measure(
    "linked", "share", "share with a link to the central register: of the week at a site, of sites in a region", "share"
)

TABLES = (
    Table("series", (WEEK, REGION, ACT, STANDING, SEX), STATES),
    Table(
        "modes",
        (
            WEEK,
            REGION,
            ACT,
            Key(
                "way",
                "label",
                "rail or road, without a permit also with a borrowed or forged paper (such as rail_forged), or why the "
                "act is not begun: no_transport (or held), chilled, priced_out",
            ),
        ),
        (*STATES, BEGUN),
    ),
    Table(
        "people",
        (
            WEEK,
            REGION,
            Key("caution", "number", "caution of the person, from 0 (none) to 3"),
            Key("knows", "flag", "whether the person knows what cameras on faces and roads can do"),
            Key("enrolled", "flag", "whether the person's face is in the register"),
        ),
        (Measure("persons", "persons", "persons at the end of the week", "level"),),
    ),
    Table(
        "held",
        (
            WEEK,
            REGION,
            Key("hold", "label", "how a penalty takes a person away: short, long, camp, or killed for good"),
        ),
        (Measure("held_new", "persons", "persons whose hold began in the week, or who died"),),
    ),
    Table(
        "contacts",
        (
            PERIOD,
            PLACE,
            Key("contact", "label", "the point where a system or an officer met the person"),
            STANDING,
            Key("group", "label", "what the systems at this contact can tell apart about the person"),
            Key("powered", "flag", "whether the place had power"),
        ),
        OUTCOMES,
    ),
    Table(
        "bribes",
        (
            PERIOD,
            PLACE,
            OFFICER,
            ACT,
            Key("offence", "label", "how grave officers take it to be: minor, journey, false_papers, trade or grave"),
            STANDING,
            Key(
                "finding",
                "label",
                "how the person came into the officer's hands: caught, on_record (caught by a device that keeps a "
                "record), stopped (innocent, by mistake) or looked_over (found in order)",
            ),
        ),
        (
            Measure("found", "persons", "persons in the officer's hands"),
            Measure("payers", "persons", "of them, who paid: a bribe, or a toll if innocent"),
            KG,
        ),
    ),
    Table(
        "officers",
        (PERIOD, PLACE, OFFICER),
        (
            Measure("officers", "persons", "officers of the kind, as many as what they catch keeps busy", "level"),
            Measure("officer_months", "months", "officers times the months of the period"),
            Measure("encounters", "a month", "encounters of an officer in which a bribe is possible", "share"),
            Measure("stake", "kg of rice", "what the post is worth to him above life after dismissal", "share"),
            Measure("least_bribe", "kg of rice", "least that he lets anybody off for where nobody watches", "share"),
            Measure(
                "fixed_price",
                "kg of rice",
                "asked of one and the same ordinary household where nobody watches: what it pays, or the least bribe "
                "if that is more than it would give",
                "share",
            ),
            Measure("let_off", "share", "share let off of those whom he reckons to catch", "share"),
            Measure("taken", "kg of rice a month", "what he has of bribes after shares, cuts, confiscation", "share"),
            Measure("short", "kg of rice a month", "what that lacks of the demand from above", "share"),
            Measure("held_up", "persons a month", "innocent people whom he holds up for that", "share"),
            Measure("in_view", "share", "share of encounters before a live camera turned on officers", "share"),
            Measure("on_record", "share", "share of encounters with people whom a device has on record", "share"),
            Measure("led_away", "share", "share of officers who have learnt to lead people out of view", "share"),
            Measure("bought", "share", "share of those who look at the cameras who are bought", "share"),
        ),
    ),
    Table(
        "officials",
        (PERIOD, PLACE, OFFICER),
        (
            Measure("heads", "persons", "officials in post, as many as the pack says there are", "level"),
            Measure("head_months", "months", "these, times the months of the period"),
            Measure("kept_busy", "persons", "as many as what they catch would keep busy: `officers` again", "level"),
            Measure("caught", "persons", "persons in their hands for what they had done"),
            Measure("bribes", "kg of rice", "what those let off paid"),
            Measure("tolls", "kg of rice", "what innocent people who were held up paid"),
            Measure("pay", "kg of rice", "pay and rations, of those who are kept busy"),
            Measure("handed_up", "kg of rice", "what superiors had: shares of bribes, and lump sums"),
            Measure("to_watchers", "kg of rice", "what those at the cameras had for looking away"),
            Measure("lost", "kg of rice", "bribes confiscated, and the officers' own fines"),
            Measure("remains", "kg of rice", "what is left to them of bribes, tolls and pay"),
        ),
    ),
    Table(
        "accounts",
        (
            PERIOD,
            PLACE,
            Key("giver", "label", "account that pays"),
            Key("taker", "label", "account that receives"),
        ),
        (KG,),
    ),
    Table(
        "market",
        (PERIOD,),
        (
            Measure("food_price", "times usual", "price of food in the market", "share"),
            Measure("goods_price", "times usual", "price of goods that come over the border", "share"),
            Measure("stock_months", "months", "food in stock, in months of usual supply", "level"),
            Measure("smuggled_loads", "times usual", "loads smuggled in, as they count for prices", "share"),
            Measure("guards_share", "share", "of the profit on loads that came through, what guards had", "share"),
        ),
    ),
    Table(
        "households",
        (PERIOD, STANDING),
        (
            Measure("income", "kg of rice a month", "median income of a household, at the price of food", "share"),
            Measure("bribes_paid", "kg of rice a month", "what a household pays officers, on average", "share"),
            Measure("spent_on_bribes", "share", "that, as a share of what such a household spends", "share"),
            Measure("hardship", "share", "share of persons below the subsistence line", "share"),
        ),
    ),
    Table(
        "vendors",
        (PERIOD, STANDING),
        (
            Measure("vendors", "persons", "adults who trade in markets", "level"),
            Measure("sales", "kg of rice a month", "what a vendor sells, at usual prices: a volume", "share"),
            Measure("margin", "kg of rice a month", "what he keeps of that before he pays anybody", "share"),
            Measure("tolls_paid", "kg of rice a month", "what he pays officers for trade outside the rules", "share"),
            Measure("fees_paid", "kg of rice a month", "what he pays for his stall", "share"),
            Measure("losses", "kg of rice a month", "fines, and goods taken from him", "share"),
            Measure("earnings", "kg of rice a month", "margin less tolls, fees and losses", "share"),
            Measure("buys", "kg of rice a month", "what these earnings buy at the price of food", "share"),
        ),
    ),
    Table(
        "routine",
        (
            PERIOD,
            PLACE,
            SYSTEM,
            Key(
                "kind",
                "label",
                "what is written down: school (video of a pupil), school_report and school_consequence (of conduct), "
                "workplace (video of a worker), face, payment, transport_card, set_top (of a household), phone "
                "(where it was), screen (its pictures)",
            ),
        ),
        (
            Measure(
                "records",
                "records",
                "what is written down about people who do nothing out of the ordinary, one a person and day at most",
            ),
        ),
    ),
    Table(
        "coverage",
        (
            PERIOD,
            PLACE,
            SYSTEM,
            Key(
                "whom",
                "label",
                "whom or what the system is for: rail_departures, vehicle_trips, border, industry_workers, "
                "office_workers, government_buildings, pupils, passengers (of the airport), payers and owners (of "
                "telephones), riders (with a card), viewers (with a box)",
            ),
        ),
        (Measure("covered", "share", "share of them under the system, at a time, as it works", "share"),),
    ),
    Table(
        "leads",
        (PERIOD, REGION, ACT),
        (
            FREE_RECORDED,
            Measure("leads", "acts", "begun acts that an older record brought somebody to"),
            Measure("from_footprints", "acts", "of them, by what telephones, payments, cards or boxes had kept"),
        ),
    ),
    Table(
        "knowing",
        (
            PERIOD,
            REGION,
            Key(
                "knows_of",
                "label",
                "class of systems: faces_and_roads (cameras), phone_and_money (telephones, payments, cards), register",
            ),
        ),
        (
            Measure("known", "share", "share of people who know what these can do, at the end of the period", "share"),
            Measure("cases", "persons", "penalties that these brought about, where they happened"),
        ),
    ),
    Table(
        "attitudes",
        (PERIOD, REGION, STANDING),
        (
            Measure("adults", "persons", "adults at the end of the period", "level"),
            Measure("feel_watched", "share", "share of them who say that they feel watched", "share"),
            Measure("think_cameras_cut_theft", "share", "share of them who hold that cameras cut theft", "share"),
            Measure(
                "thefts_suffered",
                "thefts a year",
                "thefts that a household of the region suffers, at this rate",
                "share",
            ),
            Measure("thefts_cut", "share", "share of thefts that cameras which run keep them from", "share"),
            Measure(
                "are_right",
                "share",
                "share of them whose opinion of cameras fits what these do in the region",
                "share",
            ),
        ),
    ),
    Table(
        "human_network",
        (PERIOD, PLACE),
        (
            Measure("network_share", "share", "share of people who belong to the human network", "share"),
            Measure("false_reports", "searches", "searches after reports of what did not happen"),
        ),
    ),
    Table(
        "sites",
        (WEEK, Key("site", "label", "place of one installed piece of equipment"), REGION),
        (
            Measure("working", "share", "share of the week in which the equipment was not broken", "share"),
            LINKED,
            Measure("power", "share", "share of the week with power at the site", "share"),
            Measure("live", "share", "share of the week in which the equipment did its work", "share"),
        ),
    ),
    Table(
        "places",
        (WEEK, REGION),
        (
            Measure("power_home", "share", "share of the week with power at home", "share"),
            Measure("power_industry", "share", "share of the week with power in industry", "share"),
            Measure("power_rail", "share", "share of the week with power on the railway", "share"),
            LINKED,
        ),
    ),
    Table(
        "nation",
        (WEEK,),
        (
            Measure("spares", "parts", "spare parts in the store at the end of the week", "level"),
            Measure("border_open", "share", "how far the border is open to imports", "share"),
            Measure("no_transport", "share", "share of journeys without transport or permit to be had", "share"),
            Measure("masked", "share", "share of travellers who wear a mask", "share"),
        ),
    ),
)
"""Every table that a run may write. A new table or measure is one more entry here."""

_EPOCH = dt.date(1970, 1, 1)


def declared(name: str) -> Table:
    """The declaration of the table called ``name``; ValueError if there is none."""
    for table in TABLES:
        if table.name == name:
            return table
    raise ValueError(f"no table is called '{name}': declared are {', '.join(table.name for table in TABLES)}")


def encode(table: Table, columns: Mapping[str, Any]) -> pa.Table:
    """Columns as an Arrow table, its rows sorted by the keys, each field with its unit and description.

    columns: every key and at least one measure; lists, or arrays of any one shape in C order. Dates are datetime64,
    ``datetime.date`` or whole days since 1970-01-01; labels are strings or ``Labels``; measures are finite numbers.
    Undeclared or missing columns, unequal lengths, values that are not finite and two rows for one cell are refused
    with a ValueError that names the table and the column.
    """
    known = {column.name for column in table.columns}
    undeclared = sorted(set(columns) - known)
    missing = [key.name for key in table.keys if key.name not in columns]
    if undeclared or missing:
        words = [f"undeclared column '{name}'" for name in undeclared] + [f"no key '{name}'" for name in missing]
        raise ValueError(f"table '{table.name}': {', '.join(words)}")
    keys = [(key, *_key_column(table, key, columns[key.name])) for key in table.keys]
    measures = [(m, _measure_column(table, m, columns[m.name])) for m in table.measures if m.name in columns]
    if not measures:
        raise ValueError(f"table '{table.name}': no measure is given")
    lengths = {key.name: len(codes) for key, codes, _ in keys} | {m.name: len(values) for m, values in measures}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"table '{table.name}': columns of unequal length, {lengths}")
    order = _order(table, [codes for _, codes, _ in keys])
    arrays: list[pa.Array] = []
    for key, codes, names in keys:
        arrays.append(_arrow_key(key, codes if order is None else codes[order], names))
    for _, values in measures:
        arrays.append(numbers(values if order is None else values[order], pa.float64()))
    given: list[Key | Measure] = [*(key for key, _, _ in keys), *(measure for measure, _ in measures)]
    fields = [
        pa.field(column.name, array.type, nullable=False, metadata=_words(column))
        for column, array in zip(given, arrays, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def _words(column: Key | Measure) -> dict[str, str]:
    words = {"description": column.description}
    if isinstance(column, Measure):
        words |= {"unit": column.unit, "kind": column.kind}
    return words


def _key_column(table: Table, key: Key, given: Any) -> tuple[np.ndarray[Any, Any], list[str] | None]:
    """Whole numbers whose order is the order of the key, and for labels their names in order (used ones only)."""
    where = f"table '{table.name}', key '{key.name}'"
    if key.kind == "label":
        if isinstance(given, Labels):
            codes, names = np.asarray(given.codes).ravel(), [str(name) for name in given.names]
            if len(set(names)) < len(names):
                raise ValueError(f"{where}: a name stands twice among its labels")
            if codes.size and (codes.dtype.kind not in "iu" or codes.min() < 0 or codes.max() >= len(names)):
                raise ValueError(f"{where}: codes must be whole numbers from 0 to {len(names) - 1}")
        else:
            array = np.asarray(given).ravel()
            if array.size and not isinstance(array[0], str):
                raise ValueError(f"{where}: labels must be strings, not {array.dtype}")
            unique, codes = np.unique(array.astype(str), return_inverse=True)
            names = unique.tolist()
        used = np.flatnonzero(np.bincount(codes, minlength=len(names)))
        ranked = sorted(used.tolist(), key=lambda code: names[code])
        rank = np.zeros(len(names), np.int32)
        rank[ranked] = np.arange(len(ranked), dtype=np.int32)
        return rank[codes], [names[code] for code in ranked]
    array = np.asarray(given).ravel()
    if key.kind == "date":
        if array.dtype.kind == "O":
            array = array.astype("datetime64[D]")
        if array.dtype.kind == "M":
            array = array.astype("datetime64[D]").astype(np.int64)
        if array.size and array.dtype.kind not in "iu":
            raise ValueError(f"{where}: dates must be dates or whole days since {_EPOCH}, not {array.dtype}")
        return _int32(where, array), None
    if key.kind == "flag":
        if array.size and array.dtype.kind != "b" and not np.isin(array, (0, 1)).all():
            raise ValueError(f"{where}: flags must be true or false")
        return array.astype(np.uint8), None
    if array.size and array.dtype.kind not in "iu":
        raise ValueError(f"{where}: must be whole numbers, not {array.dtype}")
    return _int32(where, array), None


def _int32(where: str, array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    bounds = np.iinfo(np.int32)
    if array.size and (array.min() < bounds.min or array.max() > bounds.max):
        raise ValueError(f"{where}: values from {bounds.min} to {bounds.max} only (days, not seconds)")
    return array.astype(np.int32)


def _measure_column(table: Table, measure: Measure, given: Any) -> np.ndarray[Any, Any]:
    values = np.asarray(given, dtype=np.float64).ravel() + 0.0  # -0.0 becomes 0.0: one value, one spelling
    if not np.isfinite(values).all():
        raise ValueError(f"table '{table.name}', measure '{measure.name}': values must be finite numbers")
    return values


def _arrow_key(key: Key, codes: np.ndarray[Any, Any], names: list[str] | None) -> pa.Array:
    if names is not None:
        return pa.DictionaryArray.from_arrays(numbers(codes, pa.int32()), strings(names))
    if key.kind == "flag":
        return numbers(codes, pa.uint8()).cast(pa.bool_())
    return numbers(codes, pa.date32() if key.kind == "date" else pa.int32())


# pa.array() would do, but its first call imports pandas where that is installed, which takes a second.
def numbers(values: np.ndarray[Any, Any], kind: pa.DataType) -> pa.Array:
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(np.ascontiguousarray(values))])


def strings(names: list[str]) -> pa.Array:
    words = [name.encode() for name in names]
    ends = np.cumsum([0, *(len(word) for word in words)], dtype=np.int32)
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(words))]
    return pa.Array.from_buffers(pa.string(), len(words), buffers)


def _order(table: Table, keys: list[np.ndarray[Any, Any]]) -> np.ndarray[Any, Any] | None:
    """The order of rows that sorts them by keys, None if they are sorted; ValueError if two rows share a cell."""
    cell = np.zeros(len(keys[0]), np.int64)
    size = 1
    for codes in keys:
        low, high = (int(codes.min()), int(codes.max())) if codes.size else (0, 0)
        if size * (high - low + 1) >= 2**62:  # would overflow: number the cells so far again, without gaps
            unique, cell = np.unique(cell, return_inverse=True)
            size = len(unique)
        cell = cell * (high - low + 1) + (codes.astype(np.int64) - low)
        size *= high - low + 1
    if (np.diff(cell) > 0).all():
        return None
    order = np.argsort(cell, kind="stable")
    if (np.diff(cell[order]) == 0).any():
        raise ValueError(f"table '{table.name}': two rows have the same keys ({', '.join(k.name for k in table.keys)})")
    return order


def join(table: Table, parts: Sequence[pa.Table]) -> pa.Table:
    """Parts as one table, sorted by the keys; ValueError if two rows, of one part or of two, are about one cell."""
    return encode(table, _columns(table, parts))


def _columns(table: Table, parts: Sequence[pa.Table]) -> dict[str, Any]:
    whole = pa.concat_tables(parts).unify_dictionaries().combine_chunks()
    columns: dict[str, Any] = {}
    for column in table.columns:
        if column.name in whole.column_names:
            array = _one_chunk(whole, column.name)
            values = _values(array)
            is_label = pa.types.is_dictionary(array.type)
            columns[column.name] = Labels(values, array.dictionary.to_pylist()) if is_label else values
    return columns


def _one_chunk(table: pa.Table, name: str) -> pa.Array:
    column = table.column(name)
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _values(array: pa.Array) -> np.ndarray[Any, Any]:
    """The numbers of a column (codes of labels, days of dates) without a copy."""
    if pa.types.is_dictionary(array.type):
        array = array.indices
    elif pa.types.is_date(array.type):
        array = array.view(pa.int32())
    elif pa.types.is_boolean(array.type):
        array = array.cast(pa.uint8())
    return np.from_dlpack(array)  # not to_numpy(), which imports pandas


def digest(table: Table, parts: Sequence[pa.Table]) -> str:
    """32 hex digits over the values of a table, whatever the order of its rows and their split into parts."""
    whole = join(table, parts)
    hashed = hashlib.blake2s(digest_size=16)
    hashed.update(json.dumps([table.name, whole.column_names, whole.num_rows]).encode())
    for name in whole.column_names:
        array = _one_chunk(whole, name)
        if pa.types.is_dictionary(array.type):
            hashed.update(json.dumps(array.dictionary.to_pylist()).encode())
        values = _values(array)
        hashed.update(np.ascontiguousarray(values, values.dtype.newbyteorder("<")).data)
    return hashed.hexdigest()
