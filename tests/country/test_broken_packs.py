"""What is wrong with a pack is said in one sentence that names the file, the key and what is allowed."""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greyspace.country import check, load_pack
from greyspace.country.pack import COUNTRIES, FILES
from greyspace.errors import InputError


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(COUNTRIES / "toyland", tmp_path / "toyland"))


def replaced(pack: Path, file: str, old: str, new: str) -> list[str]:
    text = (pack / file).read_text(encoding="utf-8")
    assert old in text, f"{file} has no {old!r}"
    (pack / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return check(pack)


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        # a wrong header, a cell too many or too few, a file cut off
        ("regions.csv", "persons,households", "households,persons", "regions.csv, header: expected id, province"),
        ("regions.csv", ",50.0,10.0", ",50.0", "line 2: has 10 values where 11 are allowed; the file may be cut off"),
        ("ages.csv", "female,0-14,", "female,0-14,0,", "ages.csv, line 2: has 4 values where 3 are allowed"),
        ("gates.csv", ",2\n", ",2", "gates.csv"),
        # values
        ("regions.csv", "5949", "many", "persons: 'many' is not a whole number"),
        ("regions.csv", "5949", "5950", "rows sum to 11,899, but pack.yaml says 11,898"),
        ("regions.csv", ",yes,no,51", ",yes,yes,51", "capital: exactly one province must say yes, not 2"),
        ("regions.csv", "50.0", "150.0", "latitude: '150.0' is outside the range (allowed: -90 to 90"),
        ("regions.csv", "northshire_rural,", "northshire_town,", "the id must be 'northshire_rural'"),
        ("ages.csv", "female,0-14,", "female,0-15,", "age: '0-15' is not allowed (allowed: 0-14, 15-64, 65+)"),
        ("household_sizes.csv", "1,0.03", "1,0.04", "the rows sum to 1.01 (allowed: 1"),
        ("household_sizes.csv", "1,0.03", "1,-0.03", "allowed: 0 to 1"),
        ("household_kinds.csv", "capital,town,elite,0.14", "capital,town,elite,0.15",
         "settlement capital: the rows sum to"),
        ("roles.csv", "farm,middle,female,0.", "farm,middle,female,0.1",
         "roles.csv, farm+middle+female: farmer, worker"),
        ("acts.csv", "journey_with_permit,pupil,no,0,0", "journey_with_permit,pupil,no,0,1", "children do not travel"),
        ("acts.csv", "0.0025,0.0075", "0.0025,0.002", "ceiling: 0.002 is below the rate (allowed: 0.0025 or more)"),
        ("gates.csv", "2021-04-05", "2021-04-31", "installed: '2021-04-31' is not a date"),
        ("gates.csv", "2021-07-05,2", "2021-07-05,3", "rank: must be 1 to 2, each once"),
        ("gates.csv", "capital_city,Capital North", "northshire,Capital North", "is not a station of northshire"),
        ("stations.csv", "capital_city,0,hub", "southshire,0,hub",
         "'southshire' is not in regions.csv (allowed: capital_city"),
        ("stations.csv", "12,main", "0,main", "line Northern, km: two stations or more, each farther"),
        ("projection.csv", "2010,", "2110,", "years must follow one another without a gap"),
        # the same twice, or not at all
        ("ages.csv", "female,15-64", "female,0-14", "sex+age: 'female, 0-14' stands on line 2 already"),
        ("stations.csv", "Capital North", "Capital Central", "'Northern, Capital Central' stands on line 2 already"),
        ("involvement.csv", "farmer,female,middle,no", "worker,female,elite,no", "stands on line"),
        ("power.csv", "northshire,rural,rail", "northshire,urban,rail", "there is no row for northshire+rural+rail"),
        ("tables.yaml", "ages.csv:", "sages.csv:", "ages.csv is not described"),
        ("tables.yaml", "range: [0, 1]", "range: [1, 0]", "range: [least, most]"),
        # YAML
        ("pack.yaml", "stylised: true", "stylised: maybe", "pack.yaml: stylised"),
        ("pack.yaml", "id: toyland", "id: toyland\nid: toyland", "line 2: key 'id' is written twice"),
        ("events.yaml", "2020-02-03", "2020-02-30", "events.yaml"),
        ("events.yaml", "until: 2022-01-03", "until: 2019-01-03", "border_closed: until must be later than from"),
        ("events.yaml", "value: 0.1", "value: 1.1", "border_closed: value"),
        ("events.yaml", "where: [northshire]", "where: [southshire]", "'southshire' is not a province of regions.csv"),
        ("events.yaml", "where: all", "where: nowhere", "expected all, or a list of provinces"),
        ("events.yaml", "variable: masked", "variable: mask", "masks: variable"),
        ("scenarios/full-power.yaml", "least_hours: 24", "least_hours: 25", "allowed: 0 to 24"),
        ("scenarios/full-power.yaml", "least_hours", "least_hour", "did you mean power.least_hours"),
        ("scenarios/open-border.yaml", "border_closed", "border", "there is no event 'border' (allowed: border_closed"),
        ("parameters/acts.yaml", "status: assumed", "status: known", "status"),
    ],
)  # fmt: skip
def test_one_mistake_is_said_with_its_file_and_what_is_allowed(pack, file, old, new, words):
    found = replaced(pack, file, old, new)
    assert any(words in said for said in found), found
    for said in found:
        assert "\n" not in said
        assert "Traceback" not in said
    with pytest.raises(InputError):
        load_pack(pack)


def test_a_province_with_gates_needs_their_number(pack):
    for scenario in (pack / "scenarios").glob("few-*.yaml"):
        scenario.unlink()
    said = replaced(pack, "parameters/station_gates.yaml", "sites_northshire:", "sites_northshore:")
    assert any("sites_northshire is missing" in sentence for sentence in said)


def test_an_unknown_source_is_named(pack):
    cited = "    evidence: [{source: rumour, locator: x, says: x, grade: C3, directness: reported}]\n"
    text = (pack / "events.yaml").read_text(encoding="utf-8")
    (pack / "events.yaml").write_text(text + cited.replace("    ", "  ", 1), encoding="utf-8")
    assert any("masks: source 'rumour' is not in sources/" in said for said in check(pack))


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_table_cut_off_anywhere_does_not_pass(pack, name):
    whole = (pack / name).read_bytes()
    for part in (0.0, 0.2, 0.5, 0.8, 0.99):
        (pack / name).write_bytes(whole[: int(len(whole) * part)])
        assert check(pack), f"{name} cut off at {part:.0%} passes"


@pytest.mark.parametrize("name", [*sorted(FILES), "events.yaml", "pack.yaml", "tables.yaml"])
def test_a_missing_file_is_named(pack, name):
    (pack / name).unlink()
    assert any(name in said for said in check(pack))


def test_bytes_that_are_not_text_are_refused(pack):
    for name in ("regions.csv", "events.yaml", "parameters/acts.yaml"):
        kept = (pack / name).read_bytes()
        (pack / name).write_bytes(b"\xff\xfe\x00id,\x00")
        assert any(name in said for said in check(pack))
        (pack / name).write_bytes(kept)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(name=st.sampled_from(sorted(FILES)), at=st.floats(0, 1), junk=st.text(min_size=1, max_size=8))
def test_junk_anywhere_in_a_table_never_breaks_the_reader(pack, name, at, junk):
    whole = (pack / name).read_text(encoding="utf-8")
    place = int(len(whole) * at)
    (pack / name).write_text(whole[:place] + junk + whole[place:], encoding="utf-8", errors="replace")
    for said in check(pack):
        assert "\n" not in said
    (pack / name).write_text(whole, encoding="utf-8")


def test_the_first_problem_says_how_many_more_there_are(pack):
    replaced(pack, "ages.csv", "female,0-14,", "female,0-15,")
    replaced(pack, "regions.csv", "5949", "many")
    with pytest.raises(InputError, match="1 more: greyspace country check"):
        load_pack(pack)


def test_an_unknown_pack_names_those_there_are(tmp_path):
    with pytest.raises(InputError, match="allowed: brightland, dprk, toyland, or a folder"):
        load_pack("atlantis")
    assert "pack.yaml" in check(tmp_path)[0]
