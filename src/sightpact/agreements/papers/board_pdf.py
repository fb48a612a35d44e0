"""The board pack is two pages: set as large as it fits, measured page by page. Runs in the child process."""

from __future__ import annotations

from typing import Any

from sightpact.agreements.errors import PaperFault
from sightpact.agreements.papers import pdf
from sightpact.agreements.papers.board_html import FITS, board_html
from sightpact.agreements.papers.content import BoardPaper


def board_pdf(paper: BoardPaper) -> bytes:
    """The pack on exactly two pages.

    1. Lay both pages out as large as they may be. 2. A page that runs over gets the next tighter fit: smaller type first,
    then fewer rows, and the sections left out are named. 3. When each takes one page, write.

    Raises:
        PaperFault: no fit is tight enough; no agreement that can be read is so.
    """
    first = second = 0
    styles = (pdf.style("paper"), pdf.style("board"))
    while max(first, second) < len(FITS):
        pages = pdf.lay_out(board_html(paper, FITS[first], FITS[second], styles))
        one, two = _lengths(pages)
        if (one, two) == (1, 1):
            return pdf.write(pages)
        first += one > 1
        second += two > 1
    raise PaperFault(
        f"The board pack of '{paper.head.slug}'",
        "does not fit on two pages.",
        "Shorten its title and the headings of its sections, or give the board the full text.",
    )


def _lengths(document: Any) -> tuple[int, int]:
    """How many pages each of the two takes."""
    begins = next(i for i, page in enumerate(document.pages) if "second" in page.anchors)
    return begins, len(document.pages) - begins
