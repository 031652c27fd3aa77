"""What figures share: lines that fit, marks that can be told apart in grey, files that do not change."""

from itertools import pairwise

import matplotlib as mpl
from matplotlib.colors import to_rgb

from greyspace.figures import gates
from greyspace.figures.readings import Readings, key
from greyspace.figures.style import breadth, look, page, save, wrapped
from legible import legible


def test_no_line_is_broader_than_its_page():
    text = "what the officers at the station see of those who pass, " * 9
    lines = wrapped(text, 200, 8)
    assert all(breadth(line, 8) <= 200 for line in lines)
    assert " ".join(lines).split() == text.split()


def test_a_word_broader_than_the_page_stands_alone():
    assert wrapped("a Donaudampfschifffahrtsgesellschaft b", 60, 8) == ["a", "Donaudampfschifffahrtsgesellschaft", "b"]


def test_a_long_head_a_long_foot_and_a_long_key_stay_on_the_page():
    with look():
        marks = key([Readings((1.0, 2.0), 1.0, (1.0,))])
        figure = page(
            4.5, 1.5, "A title that needs two lines " * 2, "How it reads. " * 30, "Where it is from. " * 30, marks
        )
        figure.subplots().set_xlabel("share, %")
    legible(figure)


def test_other_figures_of_the_process_are_left_as_they_are():
    before = dict(mpl.rcParams)
    with look():
        page(4, 1, "t", "r", "f")
    assert dict(mpl.rcParams) == before


def test_saving_twice_gives_the_same_files(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        with look():
            figure = page(4, 1, "Title", "Reading", "Foot", key([Readings((1.0, 2.0))]))
            figure.subplots().plot([0, 1], [1, 0])
        save(figure, tmp_path / name, "figure")
    for file in ("figure.png", "figure.svg"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_neighbours_in_a_bar_differ_in_grey_print():
    lightness = [
        sum(w * c for w, c in zip((0.299, 0.587, 0.114), to_rgb(c), strict=True)) for c in gates._PARTS.values()
    ]
    assert all(abs(a - b) > 0.12 for a, b in pairwise(lightness))


def test_a_number_without_any_reading_says_so():
    assert Readings().words() == "–"
    assert Readings().spread is None


def test_without_draws_the_range_is_that_of_seeds():
    assert Readings(seeds=(1.0, 2.0, 3.0)).words() == "2 [1 to 3]"
    assert [mark.get_label() for mark in key([Readings(seeds=(1.0,))])] == ["one run (a seed)"]
