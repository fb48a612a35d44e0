"""`sightpact agreement paper`: a text as PDF, Word file or board pack, and two texts as a redline, without a server.

Exit codes: 0 written, 1 the text has faults or the paper cannot be made, 2 a file cannot be read or the command was misused.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sightpact.agreements import diff
from sightpact.agreements.cli_files import File, Slug, made_of, refuse
from sightpact.agreements.document import Document
from sightpact.agreements.errors import AgreementError
from sightpact.agreements.papers import board, making, of_text
from sightpact.agreements.papers.content import FORMS, Paper
from sightpact.decide.cedar_schema import DecideError

MADE_UP = "Counted on a small made-up world that fits both texts: each role, and one camera for each kind of area at each school."


def paper(
    file: File,
    form: Annotated[str, typer.Option("--form", help=f"One of: {', '.join(FORMS)}.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Where to write it.")],
    slug: Slug = "",
    against: Annotated[
        Path | None,
        typer.Option("--against", help="The earlier text: for a redline, or for what a board pack compares."),
    ] = None,
) -> None:
    """Write a text as a paper: PDF, Word file or two-page board pack; or the redline of two texts."""
    if form not in FORMS:
        refuse(AgreementError(f"'{form}'", "is no form of paper.", f"Name one of: {', '.join(FORMS)}."), 2)
    if form.startswith("redline") and against is None:
        refuse(AgreementError("A redline", "has two texts.", "Give the earlier one with --against."), 2)
    document, _made = made_of(file, slug)
    old = made_of(against, slug)[0] if against else None
    try:
        content = making.paper(form, _content(form, document, old))
        out.write_bytes(content)
    except OSError as fault:
        refuse(AgreementError(str(out), f"cannot be written ({fault.strerror}).", "Choose another file."), 2)
    except AgreementError as fault:
        refuse(fault, 1)
    except DecideError as fault:
        refuse(AgreementError(fault.what, f"{fault.why}.", f"{fault.next_step}."), 1)
    typer.echo(f"{out}: {document.slug}, revision {document.revision}, {len(content):,} bytes.")


def _content(form: str, document: Document, old: Document | None) -> Paper:
    standing = of_text.from_a_file(document)
    if form == "board-pack":
        change = diff.compare_made_up(old, document) if old else None
        today = f"revision {old.revision} of {old.slug}" if old else ""
        says = MADE_UP if old else "It was compared with no other text."
        proven = board.made_up_proof(document)
        return board.board_paper(document, standing, change=change, against=says, today=today, proven=proven)
    if form.startswith("redline"):
        assert old is not None
        change = diff.compare_made_up(old, document)
        return of_text.redline_paper(change, of_text.from_a_file(old), standing, MADE_UP)
    return of_text.text_paper(document, standing)
