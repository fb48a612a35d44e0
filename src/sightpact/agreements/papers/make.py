"""One form of paper from its values. What the child process does; the server calls `making.paper`, which starts that process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sightpact.agreements.papers import pdf
from sightpact.agreements.papers.after import AfterPaper, after_pdf
from sightpact.agreements.papers.board_pdf import board_pdf
from sightpact.agreements.papers.content import BoardPaper, RedlinePaper, TextPaper
from sightpact.agreements.papers.drill import DrillPaper, drill_pdf
from sightpact.agreements.papers.redline_docx import redline_docx
from sightpact.agreements.papers.redline_html import redline_html
from sightpact.agreements.papers.text_docx import text_docx
from sightpact.agreements.papers.text_html import text_html


def _text_pdf(paper: TextPaper) -> bytes:
    return pdf.write(pdf.lay_out(text_html(paper, (pdf.style("paper"),))))


def _redline_pdf(paper: RedlinePaper) -> bytes:
    return pdf.write(pdf.lay_out(redline_html(paper, (pdf.style("paper"),))))


MAKERS: Mapping[str, tuple[type[Any], Callable[[Any], bytes]]] = {
    "pdf": (TextPaper, _text_pdf),
    "docx": (TextPaper, text_docx),
    "board-pack": (BoardPaper, board_pdf),
    "redline-pdf": (RedlinePaper, _redline_pdf),
    "redline-docx": (RedlinePaper, redline_docx),
    "drill": (DrillPaper, drill_pdf),
    "after": (AfterPaper, after_pdf),
}
"""Form -> what it is made from, and by what."""
