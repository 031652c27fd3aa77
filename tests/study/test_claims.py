"""Declarations: each claim of the documents is there, says what would count, and cannot name what is not."""

import shutil

import pytest

from given import country
from greyspace.errors import InputError
from greyspace.study.claims import LABELS, load_claims, read_claims
from greyspace.study.quantities import quantity
from planted import BOOK, CLAIMS, TRUE, claim, two


@pytest.fixture(scope="module")
def book():
    return load_claims(country("dprk"))


@pytest.fixture
def written(tmp_path):
    """A copy of the pack's claims, and what is wrong with it after a change."""
    pack = country("dprk")
    folder = tmp_path / "claims"
    shutil.copytree(pack.folder / "claims", folder)

    def problems(file, old, new):
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return read_claims(pack, folder)[1]

    return problems


def test_every_sentence_of_both_documents_is_in_the_list(book):
    listed = {int(name[1:]): name[0] for name in book.claims}
    assert set(range(1, 59)) <= set(listed)
    assert {number for number, letter in listed.items() if letter == "C" and number <= 58} == set(range(33, 59))
    assert {claim.source for claim in book.claims.values()} == {"stimson_38north_2024", "dailynk_column_2024"}
    assert {claim.standing for claim in book.claims.values()} == set(LABELS)


def test_the_two_that_contradict_each_other_ask_for_the_contrary_of_the_same(book):
    a, b = book.claims["E29"], book.claims["C49"]
    assert (a.contradicts, b.contradicts) == ("C49", "E29")
    (first, second) = a.tests[0], b.tests[0]
    assert (first.quantity, first.arms, first.against) == (second.quantity, second.arms, second.against)
    assert {first.direction, second.direction} == {"up", "down"}


def test_a_declaration_has_a_hash_over_all_that_shapes_it(book):
    one = CLAIMS["T01"]
    before = BOOK.declared(one)
    assert BOOK.declared(one.model_copy(update={"file": "elsewhere.yaml"})) == before
    assert BOOK.declared(one.model_copy(update={"counts_against": "nothing"})) != before
    arm = BOOK.arms["clean"].model_copy(update={"sets": {"bribery.found_out": 0.4}})
    changed = type(BOOK)(BOOK.windows, {**BOOK.arms, "clean": arm}, BOOK.structures, BOOK.claims)
    assert changed.declared(one) != before
    other = type(BOOK)(BOOK.windows, {**BOOK.arms, "blind": arm}, BOOK.structures, BOOK.claims)
    assert other.declared(one) == before
    assert len({book.declared(each) for each in book.claims.values()}) == len(book.claims)


def test_claims_are_no_part_of_what_a_run_is_made_of(tmp_path):
    from greyspace.country import load_pack

    folder = tmp_path / "dprk"
    shutil.copytree(country("dprk").folder, folder)
    (folder / "claims" / "column.yaml").unlink()
    assert load_pack(folder).content_hash == country("dprk").content_hash


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("column.yaml", "arms: [people_only, people_only_clean]", "arms: [people_onyl, people_only_clean]",
         ("column.yaml, C33", "no arm 'people_onyl'")),
        ("column.yaml", "outcome/trade/stopped", "outcome/trade/stoped",
         ("column.yaml, C33", "did you mean stopped")),
        ("column.yaml", "source: dailynk_column_2024", "source: dailynk", ("C33", "'dailynk' is not in sources/")),
        ("column.yaml", "label: emergent", "label: true", ("C33", "label")),
        ("column.yaml", "  counts_against: as many punished", "  against: as many punished", ("C33", "against")),
        ("column.yaml", "direction: up, least: 20", "direction: up, least: .nan", ("C33", "least")),
        ("column.yaml", "contradicts: E29", "contradicts: E99", ("C49", "no claim 'E99'")),
        ("report.yaml", "design: one arm, arms: [usual], against: 50", "design: one arm, arms: [usual]",
         ("E04", "against")),
        ("report.yaml", "E60:", "C58:", ("C58", "stands in column.yaml already")),
        ("experiments.yaml", "bribery.fine: 10000", "bribery.fnie: 10000",
         ("people_only_clean", "did you mean bribery.fine?")),
        ("experiments.yaml", "scenario: digital-only", "scenario: digital", ("devices_only", "no scenario 'digital'")),
        ("experiments.yaml", "without: [inspections]", "without: [inspection]",
         ("without_inspections", "no system 'inspection'")),
        ("experiments.yaml", "window: now", "window: never", ("usual", "no window 'never'")),
        ("experiments.yaml", "caution.chronic: 0.3", "caution.chronic: 3", ("little_lasting_fear", "allowed: 0 to 1")),
        ("experiments.yaml", "since: 2024-01-01", "since: 2025-01-01", ("after", "from <= since <= to")),
        ("experiments.yaml", "structures:", "structure:", ("structure", "allowed are windows, arms, structures")),
    ],
)  # fmt: skip
def test_a_mistake_is_said_with_file_and_key(written, file, old, new, words):
    problems = written(file, old, new)
    assert problems
    assert any(all(word in problem for word in words) for problem in problems), problems


def test_an_arm_that_no_claim_uses_is_found(written):
    problems = written(
        "experiments.yaml",
        "  hardware:\n    says: equipment",
        "  spare:\n    says: x\n    window: now\n  hardware:\n    says: equipment",
    )
    assert any("arms, spare: no claim uses this arm" in problem for problem in problems)


def test_a_pack_without_claims_has_none():
    assert load_claims(country("toyland")).claims == {}


def test_a_claim_that_is_not_there_is_said_with_those_that_are(book):
    with pytest.raises(InputError, match=r"no claim 'C99' \(allowed: E01"):
        book.chosen(["C99"])


@pytest.mark.parametrize(
    "more",
    [
        {"label": "not-expressible", "tests": [two("let_off/all", "usual", "clean", "up", 1)]},
        {"label": "emergent"},
        {"tests": [two("let_off/all", "usual", "clean", "up", 1)], "counts_against": None},
        {"tests": [{**two("let_off/all", "usual", "clean", "up", 1), "design": "factorial"}]},
        {"tests": [{**two("let_off/all", "usual", "clean", "up", 1), "design": "sweep"}]},
        {"tests": TRUE.model_dump(by_alias=True)["tests"], "rival": {"says": "x", "replaces": {"blind": "usual"}}},
    ],
)
def test_a_claim_that_says_too_little_or_too_much_is_refused(more):
    with pytest.raises(ValueError, match=r"claim|arms|tests|counts_against|sweep|factorial"):
        claim("X01", **more)


def test_a_measure_of_a_table_keeps_its_unit():
    units = {
        "officers/stake/road": "kg of rice",
        "market/food_price": "times usual",
        "households/income/elite": "kg of rice a month",
        "gates/working_at_the_end/all": "gates",
        "gates/live/all": "% of gate-time",
    }
    assert {name: quantity(name).unit for name in units} == units


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("endz/trade/paid", "did you mean ends"),
        ("ends/trade", "takes 2 words"),
        ("ends/trade/paid@moon", "allowed: everywhere"),
        ("let_off/all@capital", "not here"),
        ("officers/stakes/road", "did you mean stake"),
    ],
)
def test_an_unknown_quantity_is_said_with_the_nearest(name, words):
    with pytest.raises(InputError, match=words):
        quantity(name)
