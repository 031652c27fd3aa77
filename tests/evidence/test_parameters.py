"""Parameters: what a file may say, and what is said of one that says something else."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greyspace.errors import InputError
from greyspace.evidence import (
    Parameter,
    counts,
    load_parameters,
    parse_set,
    quantile,
    read_parameters,
    resolve,
    uncertain,
)

GOOD = """
hours:
  description: hours a day
  unit: hours
  value: 6
  range: [0, 24]
  distribution: {kind: pert, low: 2, mode: 6, high: 12}
  evidence:
    - {source: paper, locator: p. 3, says: six hours, grade: B2, directness: reported}
  aliases: [power.old_hours]
linked:
  description: share linked
  unit: share
  values: {2021-01-01: 0.5, 2016-01-01: 0.2}
  range: [0, 1]
  status: assumed
  why: nothing was found
place:
  description: where
  unit: choice
  value: here
  options: [here, there]
  distribution: {kind: choice, options: [here, there]}
  status: assumed
  why: nothing was found
least:
  description: a setting
  unit: hours
  value: 0
  range: [0, 24]
  role: lever
  why: sets the least
"""


@pytest.fixture
def parameters(tmp_path: Path):
    (tmp_path / "power.yaml").write_text(GOOD, encoding="utf-8")
    return load_parameters(tmp_path)


@pytest.fixture(scope="module")
def of_all_tests(tmp_path_factory):
    folder = tmp_path_factory.mktemp("parameters")
    (folder / "power.yaml").write_text(GOOD, encoding="utf-8")
    return load_parameters(folder)


def problem(tmp_path: Path, text: str) -> str:
    (tmp_path / "power.yaml").write_text(text, encoding="utf-8")
    found = read_parameters(tmp_path)[1]
    assert len(found) == 1, found
    return found[0]


def test_a_value_can_be_read_and_is_remembered_as_used(parameters):
    p = resolve(parameters)
    assert p["power.hours"] == 6
    assert p.at("power.hours", date(2020, 1, 1)) == 6
    assert p.used == {"power.hours"}


def test_a_dated_value_holds_from_its_date_on(parameters):
    p = resolve(parameters)
    assert p.at("power.linked", date(2020, 12, 31)) == 0.2
    assert p.at("power.linked", date(2021, 1, 1)) == 0.5
    with pytest.raises(InputError, match="first holds from 2016-01-01"):
        p.at("power.linked", date(2015, 12, 31))
    with pytest.raises(InputError, match="cannot change by date"):
        p["power.linked"]


def test_an_old_id_still_reaches_its_parameter(parameters):
    assert resolve(parameters, {"power.old_hours": 7})["power.hours"] == 7


def test_a_set_number_replaces_all_dates_and_a_set_date_only_what_follows(parameters):
    always = resolve(parameters, {"power.linked": 1})
    assert always.at("power.linked", date(2016, 1, 1)) == 1
    later = resolve(parameters, {"power.linked": {date(2020, 1, 1): 0.9}})
    assert later.at("power.linked", date(2019, 12, 31)) == 0.2
    assert later.at("power.linked", date(2022, 1, 1)) == 0.9
    dated = resolve(parameters, {"power.least": {date(2020, 1, 1): 24}})
    assert dated.at("power.least", date(2019, 12, 31)) == 0
    assert dated.at("power.least", date(2020, 1, 1)) == 24


def test_between_two_dates_a_quantity_that_grows_lies_on_a_straight_line(parameters):
    p = resolve(parameters)
    assert p.between("power.linked", date(2016, 1, 1)) == 0.2
    assert p.between("power.linked", date(2018, 7, 2)) == pytest.approx(0.35, abs=1e-3)
    assert p.between("power.linked", date(2030, 1, 1)) == 0.5
    assert p.between("power.hours", date(2018, 7, 2)) == 6


@given(
    st.sampled_from(["at", "between", "years_after"]),
    st.sampled_from(["power.hours", "power.linked", "power.least"]),
    st.one_of(st.none(), st.dictionaries(st.dates(date(2017, 1, 1), date(2022, 12, 31)), st.floats(0, 1), min_size=1)),
    st.dates(date(2016, 1, 1), date(2024, 1, 1)),
    st.integers(0, 800),
)
def test_what_is_read_of_a_number_stays_the_same_until_the_day_that_is_told(of_all_tests, how, key, dated, day, later):
    p = resolve(of_all_tests, {} if dated is None else {key: dated})
    found, until = p.lasting(how, key, day)
    assert found == getattr(p, how)(key, day)
    assert until > day
    then = min(date.fromordinal(day.toordinal() + later), date.fromordinal(until.toordinal() - 1))
    assert getattr(p, how)(key, then) == found


@given(
    st.one_of(st.none(), st.dictionaries(st.dates(date(2017, 1, 1), date(2022, 12, 31)), st.floats(0, 1), min_size=1)),
    st.lists(st.dates(date(2016, 1, 1), date(2024, 1, 1)), min_size=2, max_size=12),
)
def test_a_number_is_the_same_whatever_days_were_asked_for_before(of_all_tests, dated, days):
    sets = {} if dated is None else {"power.linked": dated}
    p = resolve(of_all_tests, sets)
    for day in days:
        assert p.between("power.linked", day) == resolve(of_all_tests, sets).between("power.linked", day)


@given(st.dates(date(2016, 1, 1), date(2034, 12, 31)), st.dates(date(2017, 1, 1), date(2034, 12, 31)))
def test_what_is_set_from_a_date_on_bends_no_line_before_it(tmp_path_factory, day, since):
    folder = tmp_path_factory.mktemp("lines")
    (folder / "power.yaml").write_text(GOOD, encoding="utf-8")
    usual = resolve(load_parameters(folder))
    changed = resolve(load_parameters(folder), {"power.linked": {since: 1.0}, "power.least": {since: 24}})
    for key, there in (("power.linked", 1.0), ("power.least", 24)):
        expected = usual.between(key, day) if day < since else there
        assert changed.between(key, day) == expected
    assert changed.years_after("power.linked", day) == (
        usual.years_after("power.linked", day) if day < since else pytest.approx((day - since).days / 365.25)
    )


def test_until_a_setting_begins_all_is_as_if_it_were_not(parameters):
    since, first = date(2020, 1, 1), date(2016, 1, 4)
    usual, later = (resolve(parameters, {"power.least": of}) for of in (3.0, {date.min: 3.0, since: 24.0}))
    assert later.begun_with(first) == usual.begun_with(first)
    assert later.begun_with(since)["power.least"] == {date.min: 3.0, since: 24.0}
    assert later.years_after("power.least", first) == 0


_dates = st.dates(date(2014, 1, 1), date(2026, 1, 1))
_shares = st.sampled_from([0.2, 0.5, 0.9])
_told = st.one_of(st.none(), _shares, st.dictionaries(st.one_of(st.just(date.min), _dates), _shares, min_size=1))


@given(
    key=st.sampled_from(["power.linked", "power.least"]),
    told=st.tuples(_told, _told),
    days=st.lists(_dates, max_size=30),
)
@settings(max_examples=60)
def test_before_the_day_on_which_two_runs_differ_every_reading_is_the_same(tmp_path_factory, key, told, days):
    folder = tmp_path_factory.mktemp("differ")
    (folder / "power.yaml").write_text(GOOD, encoding="utf-8")
    pack = load_parameters(folder)
    one, other = (resolve(pack, {} if of is None else {key: of}) for of in told)
    differs = one.differs(other)
    assert other.differs(one) == differs
    assert differs.keys() <= {key}

    def readings(p, day):
        found = []
        for how in (p.at, p.between, p.years_after):
            try:
                found.append(how(key, day))
            except InputError:
                found.append(None)
        return found

    first = differs.get(key, date.max)
    near = [first - timedelta(days=back) for back in (1, 2, 30)] if first not in (date.min, date.max) else []
    for day in [*days, *near]:
        if day < first:
            assert readings(one, day) == readings(other, day)
    if first not in (date.min, date.max):
        after = [first + timedelta(days=on) for on in (0, 1, 40, 4000)]
        assert any(readings(one, day) != readings(other, day) for day in after)


def test_years_are_counted_from_the_last_date_that_is_known(parameters):
    p = resolve(parameters)
    assert p.years_after("power.linked", date(2020, 6, 1)) == 0
    assert p.years_after("power.linked", date(2023, 1, 1)) == pytest.approx(2.0, abs=0.01)
    assert p.years_after("power.hours", date(2023, 1, 1)) == 0
    assert resolve(parameters, {"power.linked": 0.4}).years_after("power.linked", date(2023, 1, 1)) == 0


@pytest.mark.parametrize(
    ("sets", "words"),
    [
        ({"power.hour": 3}, "did you mean power.hours"),
        ({"zebra": 3}, "no parameter 'zebra'"),
        ({"power.hours": 25}, "allowed: 0 to 24"),
        ({"power.hours": float("nan")}, "not a number"),
        ({"power.hours": "many"}, "not a number"),
        ({"power.hours": True}, "not a number"),
        ({"power.place": "nowhere"}, "allowed: here, there"),
        ({"power.place": 3}, "allowed: here, there"),
        ({"power.place": {date(2020, 1, 1): 3}}, "cannot be dated"),
        ({"power.linked": {}}, "no dates"),
        ({"power.linked": {date(2020, 1, 1): 2}}, "allowed: 0 to 1"),
        ({"power.linked": {"2020": 2}}, "not a date"),
    ],
)
def test_a_wrong_setting_is_refused_in_one_sentence(parameters, sets, words):
    with pytest.raises(InputError, match=words):
        resolve(parameters, sets)


def test_resolved_values_can_be_written_as_json(parameters):
    assert resolve(parameters).resolved() == {
        "power.hours": 6,
        "power.least": 0,
        "power.linked": {"2016-01-01": 0.2, "2021-01-01": 0.5},
        "power.place": "here",
    }


def test_grounds_are_counted(parameters):
    assert counts(parameters) == {"sourced": 1, "derived": 0, "assumed": 2, "lever": 1}
    assert uncertain(parameters) == ["power.hours", "power.place"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("value: 6", "value: 25"), "outside the range; allowed: 0 to 24"),
        (("value: 6", "value: .nan"), "power.yaml, hours"),
        (("value: 6", "value: yes"), "a number or a word is needed, not True"),
        (("value: 6", "valve: 6"), "power.yaml, hours: valve: this key is not known"),
        (("high: 12", "high: 40"), "40 is outside the range"),
        (("high: 12", "high: 5"), "low <= mode <= high"),
        (("grade: B2", "grade: Z9"), "grade"),
        (("range: [0, 24]", "range: [24, 0]"), "range must be"),
        (("unit: hours", "unit: ''"), "power.yaml, hours: unit"),
        (("2021-01-01", "2021-13-01"), "month must be in"),
        (
            ("  status: assumed\n  why: nothing was found\nplace", "place"),
            "without evidence it must say status: assumed",
        ),
        (("  why: nothing was found\nplace", "place"), "an assumption needs why"),
        (("role: lever", "role: leaver"), "role"),
        (("place:", "hours:"), "line 18: key 'hours' is written twice"),
        (("aliases: [power.old_hours]", "aliases: [power.least]"), "alias 'power.least' is taken"),
    ],
)
def test_a_wrong_file_is_said_in_one_sentence_with_file_and_key(tmp_path, change, words):
    assert change[0] in GOOD
    said = problem(tmp_path, GOOD.replace(*change, 1))
    assert "power.yaml" in said
    assert words in said
    assert "\n" not in said


@pytest.mark.parametrize("text", ["- a\n- b", "a: [", "a: 3", "&a [*a]: 3", "{" * 300, "\tx: 3"])
def test_what_is_not_a_parameter_file_is_said_in_one_sentence(tmp_path, text):
    said = problem(tmp_path, text)
    assert "power.yaml" in said
    assert "\n" not in said


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_in_words(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("any")
    (folder / "power.yaml").write_text(text, encoding="utf-8", errors="replace")
    _, problems = read_parameters(folder)
    assert all("power.yaml" in said for said in problems)


def uncertain_parameter(kind: str, low: float, high: float) -> Parameter:
    shape = {"kind": kind, "low": low, "high": high}
    if kind == "pert":
        shape["mode"] = low + (high - low) / 3
    return Parameter(
        id="a.b", file="a.yaml", description="x", unit="x", value=low, range=(low, high), distribution=shape,
        status="assumed", why="a test",
    )  # fmt: skip


@given(
    st.sampled_from(["pert", "uniform", "loguniform"]),
    st.floats(0.001, 10),
    st.floats(0.01, 100),
    st.lists(st.floats(1e-6, 1 - 1e-6), min_size=2, max_size=5),
)
def test_quantiles_rise_with_u_and_stay_in_the_distribution(kind, low, width, us):
    parameter = uncertain_parameter(kind, low, low + width)
    values = [quantile(parameter, u) for u in sorted(us)]
    assert values == sorted(values)
    assert all(low <= value <= (low + width) * (1 + 1e-12) for value in values)


def test_the_median_of_a_symmetric_hump_is_its_mode():
    parameter = Parameter(
        id="a.b", file="a.yaml", description="x", unit="x", value=5, range=(0, 10), status="assumed", why="a test",
        distribution={"kind": "pert", "low": 0, "mode": 5, "high": 10},
    )  # fmt: skip
    assert quantile(parameter, 0.5) == pytest.approx(5)


def test_each_option_of_a_choice_is_as_likely(parameters):
    place = parameters["power.place"]
    assert [quantile(place, u) for u in (0.01, 0.49, 0.51, 0.999999)] == ["here", "here", "there", "there"]


@pytest.mark.parametrize("text", ["power.hours", "=3", "power.hours=", ""])
def test_a_setting_on_the_command_line_is_id_equals_value(text):
    with pytest.raises(InputError, match="id=value"):
        parse_set(text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_on_the_command_line_is_read_as_it_is_written(value):
    assert parse_set(f"a.b={value!r}") == ("a.b", value)


def test_a_word_on_the_command_line_stays_a_word():
    assert parse_set(" station_gates.gallery = local ") == ("station_gates.gallery", "local")
