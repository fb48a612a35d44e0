"""`sightpact agreement diff`: words by section, and the change in access beside them.

Exit codes as `diff` has them: 0 the same, 1 they differ, 2 a file or the data cannot be read or has faults.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from sightpact.agreements import diff as comparing
from sightpact.agreements.access_change import sentence
from sightpact.agreements.cli_files import AsJson, one, print_json, refuse
from sightpact.agreements.diff import Change, SectionChange
from sightpact.agreements.document import Document, read
from sightpact.agreements.errors import AgreementError, DocumentFaults
from sightpact.agreements.word_change import IN, OUT, Piece
from sightpact.decide.cedar_schema import DecideError
from sightpact.ledger.set_up import set_up_django

_MARK = {IN: ("{+", "+}"), OUT: ("[-", "-]")}


def diff(
    old: Annotated[Path, typer.Argument(help="The earlier text: TOML or canonical JSON.")],
    new: Annotated[Path, typer.Argument(help="The later text.")],
    slug: Annotated[str, typer.Option("--slug", help="Which agreement, when the files hold several.")] = "",
    data: Annotated[
        Path | None,
        typer.Option("--data", help="A data folder: count the real people and cameras, not made-up ones."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say which words changed, section by section, and what that opens and closes."""
    before, after = (_document(file, slug) for file in (old, new))
    try:
        change = _real(before, after, data) if data else comparing.compare_made_up(before, after)
    except AgreementError as fault:
        refuse(fault, 2)
    except DecideError as fault:
        refuse(AgreementError(fault.what, f"{fault.why}.", f"{fault.next_step}."), 2)
    if as_json:
        print_json(comparing.as_data(change))
    else:
        _say(change)
    raise typer.Exit(1 if change.changed or len(change.title) > 1 else 0)


def _document(file: Path, slug: str) -> Document:
    raw = one(file, slug)
    document, faults = read(raw)
    if document is None or faults:
        refuse(DocumentFaults(str(raw.get("slug", "")), faults), 2)
    return document


def _real(old: Document, new: Document, data: Path) -> Change:
    if not data.is_dir():
        raise AgreementError(str(data), "is no folder.", "Give the data folder, or leave --data out.")
    os.environ["SIGHTPACT_DATA"] = str(data.absolute())
    set_up_django()
    from django.db import DatabaseError

    from sightpact.agreements import redline

    try:
        return redline.over_stored(old, new)
    except DatabaseError as fault:
        raise AgreementError(
            str(data), f"cannot be read ({fault}).", "Run sightpact init there first."
        ) from None


def _say(change: Change) -> None:
    context = change.context
    typer.echo(f"{context.new.slug}: revision {context.old.revision} to revision {context.new.revision}")
    world = (
        "people and cameras as stored"
        if context.real
        else (
            "a made-up world: one person for each role (named, and not), one camera for each kind of area at each school"
        )
    )
    typer.echo(f"Counted on {world}.")
    if len(change.title) > 1:
        typer.echo(f"\nTitle: {_marked(change.title)}")
    for section in change.changed:
        _section(section, change)
    if not change.changed:
        typer.echo("No section differs.")
        return
    opening, closing = (sum(getattr(s, way) for s in change.sections) for way in ("opens", "closes"))
    typer.echo(
        f"\n{len(change.changed)} of {len(change.sections)} sections differ. Opens more: {opening}. Closes: {closing}."
        f"{' Nobody sees more or less.' if change.same_access else ''}"
    )


def _section(section: SectionChange, change: Change) -> None:
    number = section.number
    if section.state == "renumbered" or (
        section.old_number and section.new_number not in ("", section.old_number)
    ):
        number = f"{section.old_number} -> {section.new_number}"
    typer.echo(f"\n{number}  {_marked(section.heading)}  ({section.state})")
    if section.state in ("changed", "added", "removed"):
        for line in _marked(section.words).split("\n"):
            typer.echo(f"    {line}")
    for entry in section.lines:
        typer.echo(f"  {'+' if entry.opens else '-'} {sentence(entry, change.context)}")
    if section.could_open:
        typer.echo(f"  + {comparing.COULD_OPEN}")
    if section.could_close:
        typer.echo(f"  - {comparing.COULD_CLOSE}")
    for row in section.rows:
        typer.echo(f"    {row.what}: {row.old} -> {row.new}")
    if not section.opens and not section.closes:
        typer.echo("  = Nobody sees more or less.")


def _marked(found: tuple[Piece, ...]) -> str:
    return "".join(f"{_MARK[p.op][0]}{p.text}{_MARK[p.op][1]}" if p.op in _MARK else p.text for p in found)
