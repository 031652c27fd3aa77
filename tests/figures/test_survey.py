"""What surveys find against what is so: legible at the ends of the axis, and at full agreement."""

import pytest

from greyspace.figures.survey import Row, Said, questions
from legible import legible


@pytest.mark.parametrize("at", [0.0, 0.5, 1.0])
def test_questions_are_legible_wherever_the_answers_lie(at):
    said = Said(mean=at, low=max(at - 0.2, 0.0), high=min(at + 0.2, 1.0), told_apart=0.2, reported=at)
    rows = [Row("Did a camera at a station look at you within a year?", 1.0 - at, (said, said))] * 9
    figure = questions(rows, ("40 who have left", "100 residents"), "A survey", "Bars.", "A model.")
    legible(figure)
    shown = {text.get_text() for text in figure.axes[1].texts}
    assert {"−100" if at == 0.0 else "0" if at == 0.5 else "+100", "20"} <= shown
