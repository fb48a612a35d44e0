"""`sightpact agreement export`: the files with which an outsider checks a text without Sightpact."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sightpact.agreements import export as exporting
from sightpact.agreements.cli_files import AsJson, File, Slug, made_of, print_json, refuse
from sightpact.agreements.errors import AgreementError


def export(
    file: File,
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    slug: Slug = "",
    as_json: AsJson = False,
) -> None:
    """Write text, words, Cedar policy, schema and a sample of questions with the product's answers."""
    document, made = made_of(file, slug)
    try:
        names = exporting.write(document, made, folder)
    except AgreementError as fault:
        refuse(fault, 2)
    if as_json:
        print_json({"folder": str(folder), "files": list(names), **made.hashes})
    else:
        typer.echo(f"{folder}: {', '.join(names)}. README.md says how to check them with Cedar's own tools.")
