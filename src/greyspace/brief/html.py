"""Small pieces of HTML that need no other file: paragraphs, tables, figures drawn into the page."""

import html
import re
from collections.abc import Sequence
from io import StringIO

from matplotlib.figure import Figure

from greyspace.figures.style import look


def in_paragraphs(lines: Sequence[str]) -> str:
    """Each line as a paragraph; words between backticks as code."""
    return "".join(f"<p>{code(html.escape(line))}</p>" for line in lines)


def code(text: str) -> str:
    """Escaped text with what stands between backticks as code."""
    parts = text.split("`")
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))


def prose(text: str) -> str:
    """A text of paragraphs, of which lines that begin with a dash are points; a question before them is a heading.

    >>> prose("Why?\\n- a\\n- b")
    '<h3>Why?</h3><ul><li>a</li><li>b</li></ul>'
    """
    made = []
    for paragraph in (part for part in text.split("\n\n") if part.strip()):
        lines = paragraph.strip().splitlines()
        words = [line for line in lines if not line.startswith("- ")]
        points = [line[2:] for line in lines if line.startswith("- ")]
        asks = bool(points) and len(words) == 1 and words[0].endswith("?")
        if asks:
            made.append(f"<h3>{html.escape(words[0])}</h3>")
        elif words:
            made.append(in_paragraphs([" ".join(words)]))
        if points:
            made.append("<ul>" + "".join(f"<li>{code(html.escape(point))}</li>" for point in points) + "</ul>")
    return "".join(made)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of plain text."""
    head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in heads)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    inside = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    # On a narrow screen it is the table that is moved, and not the page; with keys, too.
    name = html.escape(heads[0], quote=True)
    return f'<div class="wide" tabindex="0" role="region" aria-label="{name}">{inside}</div>'


def svg_of(figure: Figure) -> str:
    """A figure as an SVG element."""
    out = StringIO()
    with look():
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    return text[text.index("<svg") :]


def drawn(svg: str, number: int, caption: str) -> str:
    """An SVG as a figure of the page, under its caption; its marks are renamed so that no two figures share one."""
    inside = svg[svg.index("<svg") :]
    inside = re.sub(r"<metadata>.*?</metadata>", "", inside, flags=re.DOTALL)
    inside = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>f{number}-", inside)
    said = html.escape(caption, quote=True)
    inside = inside.replace("<svg", f'<svg role="img" aria-label="{said}"', 1)
    return f"<figure>{inside}<figcaption>{html.escape(caption)}</figcaption></figure>"
