"""`sightpact agreement signed` and `put-scan`, on the server: signatures out of it, and scans of signed papers into it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from sightpact.agreements.cli_files import content_of, refuse
from sightpact.agreements.errors import AgreementError
from sightpact.ledger.set_up import set_up_django


def signed(
    agreement: Annotated[str, typer.Argument(metavar="SLUG", help="Short name of the agreement.")],
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    revision: Annotated[int, typer.Option(help="Which revision; else the newest.")] = 0,
) -> None:
    """Write a text with its signatures, public keys and scans into a folder, to be checked or imported elsewhere."""
    set_up_django()
    from sightpact.agreements import signed_export

    try:
        names = signed_export.write(agreement, revision, folder)
    except AgreementError as fault:
        refuse(fault, 1)
    typer.echo(f"{folder}: {', '.join(names)}. README.md says how to check and how to import them.")


def put_scan(file: Annotated[Path, typer.Argument(help="The scan of a signed paper.")]) -> None:
    """Put a scan where signatures on paper look for it: before an import that brings one, or to put a lost one back."""
    set_up_django()
    from sightpact.agreements import scans

    try:
        typer.echo(json.dumps({"sha256": scans.keep(content_of(file))}))
    except AgreementError as fault:
        refuse(fault, 1)
