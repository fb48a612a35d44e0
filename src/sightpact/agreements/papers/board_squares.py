"""All covered cameras as a drawing: one square is one camera, each state on rows of its own. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from sightpact.agreements.clauses import words
from sightpact.agreements.papers.content import Squares
from sightpact.agreements.papers.markup import h

PER_ROW = 72  # squares
MOST_ROWS = 9  # of squares; with more cameras the numbers alone stand there


def squares(squares: Squares) -> list[Element | None]:
    told = [
        (squares.always, "always open", "a"),
        (squares.at_times, "open at times", "t"),
        (squares.shut, "not touched", "s"),
        (squares.never, "never shared", "n"),
        (squares.unclassified, "not classified", "u"),
    ]
    legend = [
        h("span", h("i", "\u00d7" if kind == "u" else "", class_=f"q {kind}"), f" {n} {says}", class_="key")
        for n, says, kind in told
        if n
    ]
    label = words.listed([f"{n} {says}" for n, says, _kind in told if n])
    rows = sum(-(-n // PER_ROW) for n, _says, _kind in told)
    return [
        h("p", h("b", f"All {squares.total} cameras. One square is one camera."), class_="cap"),
        _drawing([(n, kind) for n, _says, kind in told if n], label) if 0 < rows <= MOST_ROWS else None,
        h("p", legend, class_="keys"),
    ]


def _drawing(groups: Sequence[tuple[int, str]], label: str) -> Element:
    """One path a state, each state on rows of its own."""
    step, side, top, paths = 6.3, 4.4, 0.6, []
    for count, kind in groups:
        steps = [(0.6 + (i % PER_ROW) * step, top + (i // PER_ROW) * step) for i in range(count)]
        paths.append(
            h("path", class_=kind, d="".join(_shape(kind, x, y, side) for x, y in steps), **_ink(kind))
        )
        top += -(-count // PER_ROW) * step + 2.4
    width = PER_ROW * step
    return h(
        "svg",
        h("title", f"{label}."),
        paths,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:.1f} {top - 2:.1f}",
        class_="squares",
    )


def _ink(kind: str) -> dict[str, str]:
    if kind == "a":
        return {"fill": "#0b4f9e"}
    colour = {"t": "#0b4f9e"}.get(kind, "#6f6d66")
    return {"fill": "none", "stroke": colour, "stroke_width": "0.9"}


def _shape(kind: str, x: float, y: float, side: float) -> str:
    half = side / 2
    if kind == "n":
        return f"M{x:.2f} {y + half:.2f}h{side}"
    if kind == "u":
        return f"M{x:.2f} {y:.2f}l{side} {side}m0 -{side}l-{side} {side}"
    if kind == "s":
        return f"M{x + half - 0.5:.2f} {y + half:.2f}h1"
    return f"M{x:.2f} {y:.2f}h{side}v{side}h-{side}z"
