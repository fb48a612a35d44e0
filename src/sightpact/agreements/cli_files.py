"""What the commands of `sightpact agreement` share: files in, answers out, refusals with an exit code.

Never imports Django: a lawyer's machine has no server.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from sightpact.agreements.cedar import Made, make
from sightpact.agreements.document import Document, read
from sightpact.agreements.errors import AgreementError, ClauseFault, DocumentFaults

File = Annotated[Path, typer.Argument(help="A TOML file with one [[agreements]], or canonical JSON.")]
Slug = Annotated[str, typer.Option("--slug", help="Which agreement, when the file holds several.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
OUTSIDE = ("named", "adoptions", "signatures")
"""Keys that an import file may have beside the text itself; they are not part of what is signed."""


def texts(file: Path) -> list[dict[str, Any]]:
    """The agreements of a file, as tables without the keys that are not signed.

    Raises:
        AgreementError: the file cannot be read.
    """
    try:
        raw = file.read_bytes()
        tables = (
            [json.loads(raw)] if file.suffix == ".json" else tomllib.loads(raw.decode()).get("agreements", [])
        )
    except (OSError, ValueError) as fault:
        raise AgreementError(str(file), f"cannot be read ({fault}).", "Give a TOML or JSON file.") from None
    if not isinstance(tables, list) or not tables or not all(isinstance(t, dict) for t in tables):
        raise AgreementError(str(file), "holds no agreement.", "Write it under [[agreements]].")
    return [{k: v for k, v in table.items() if k not in OUTSIDE} for table in tables]


def one(file: Path, slug: str) -> dict[str, Any]:
    try:
        found = [t for t in texts(file) if not slug or t.get("slug") == slug]
    except AgreementError as fault:
        refuse(fault, 2)
    if len(found) != 1:
        why = "has no agreement of that name." if slug else f"holds {len(found)} agreements."
        refuse(AgreementError(str(file), why, "Name one with --slug."), 2)
    return found[0]


def made_of(file: Path, slug: str) -> tuple[Document, Made]:
    raw = one(file, slug)
    document, faults = read(raw)
    if document is None or faults:
        refuse(DocumentFaults(str(raw.get("slug", "")), faults), 1)
    return document, make(document)


def content_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise AgreementError(str(path), f"cannot be read ({fault.strerror}).", "Give a file.") from None


def plain(fault: ClauseFault) -> dict[str, str]:
    return {"path": fault.path, "what": fault.what, "remedy": fault.remedy}


def print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def refuse(fault: AgreementError, code: int) -> NoReturn:
    if isinstance(fault, DocumentFaults):
        for one in fault.faults:
            typer.echo(f"fault    {one}", err=True)
    else:
        typer.echo(str(fault), err=True)
    raise typer.Exit(code)
