"""What every figure must keep to, whoever draws it."""

from itertools import combinations

from matplotlib.text import Text

from greyspace.figures.style import look


def texts(figure):
    """Every text that is seen, with the box that it fills (pixels)."""
    with look():
        figure.draw_without_rendering()
        return [
            (text.get_text(), text.get_window_extent())
            for text in set(figure.findobj(Text)) - set(_unused(figure))
            if text.get_visible() and text.get_text().strip()
        ]


def _unused(figure):
    """Labels of ticks beyond the ends of their axis, which are never drawn."""
    for axis in (axis for ax in figure.axes for axis in (ax.xaxis, ax.yaxis)):
        low, high = sorted(axis.get_view_interval())
        for tick in axis.get_major_ticks():
            if not low <= tick.get_loc() <= high:
                yield from (tick.label1, tick.label2)


def legible(figure):
    """Fails if a text leaves the canvas or lies on another."""
    found = texts(figure)
    canvas = figure.bbox
    for words, box in found:
        assert box.x0 >= canvas.x0, f"{words!r} is cut off at the left"
        assert box.x1 <= canvas.x1, f"{words!r} is cut off at the right"
        assert box.y0 >= canvas.y0, f"{words!r} is cut off below"
        assert box.y1 <= canvas.y1, f"{words!r} is cut off above"
    for (one, a), (other, b) in combinations(found, 2):
        wide, high = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        assert wide <= 1 or high <= 1, f"{one!r} lies on {other!r}"
