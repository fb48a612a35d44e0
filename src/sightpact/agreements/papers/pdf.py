"""From HTML to PDF/UA-1 by WeasyPrint. It fetches nothing but our own fonts, and keeps no clock: the same page, the same bytes.

Runs in the child process (`child`), never in the server's own.
"""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path
from typing import Any

import sightpact
from sightpact.agreements.errors import PaperFault

FONTS = Path(sightpact.__file__).parent / "web" / "static" / "third_party"
OURS = {
    f"paper:{name}": FONTS / name
    for name in (
        "public-sans-latin-wght-normal.woff2",
        "public-sans-latin-wght-italic.woff2",
        "source-serif-4-latin-wght-normal.woff2",
        "source-serif-4-latin-wght-italic.woff2",
    )
}
"""Everything that a paper may load."""

NEEDED = "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


@cache
def style(name: str) -> str:
    """One of our own style sheets."""
    return (Path(__file__).parent / "styles" / f"{name}.css").read_text()


def lay_out(html: str) -> Any:
    """The pages of a document, not yet written: a `weasyprint.document.Document`.

    Raises:
        PaperFault: a library of the system is missing.
    """
    weasyprint = _weasyprint()
    page = weasyprint.HTML(string=html, base_url="paper:", url_fetcher=_fetcher(weasyprint))
    return page.render()


def write(document: Any) -> bytes:
    """The bytes of a laid-out document: tagged, with its language, title, bookmarks and fonts in it."""
    content: bytes = document.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True)
    return content


def _weasyprint() -> Any:
    try:
        import weasyprint
    except (ImportError, OSError) as fault:
        raise PaperFault(
            "PDF", f"cannot be made on this server: a system library is missing ({fault}).", f"Run: {NEEDED}"
        ) from None
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    return weasyprint


@cache
def _fetcher(weasyprint: Any) -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    response: Any = URLFetcherResponse  # the package has no types

    class OursAlone(URLFetcher):
        """Gives our own fonts and refuses everything else, loudly: no paper asks for anything else."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url not in OURS:
                raise ValueError(f"{url[:80]!r} is none of our own files")
            return response(url, OURS[url].read_bytes(), {"Content-Type": "font/woff2"})

    new: Any = OursAlone
    return new(allowed_protocols=(), fail_on_errors=True)
