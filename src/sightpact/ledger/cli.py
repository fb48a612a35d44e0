"""`sightpact ledger export` and `sightpact ledger verify`: thin, the argument is in `verify.py`.

Django is loaded only when the live database is asked for, so that an export is verified without it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sightpact.ledger import notes
from sightpact.ledger.errors import LedgerError, Unreadable
from sightpact.ledger.set_up import set_up_django
from sightpact.ledger.source import Folder, Source
from sightpact.ledger.verify import Report, verify

if TYPE_CHECKING:
    from sightpact.ledger.live_source import Live

WHOLE, BROKEN, CANNOT_READ = 0, 1, 2

app = typer.Typer(help="The record: export it, verify it.", no_args_is_help=True)


@app.command("export")
def export_command(
    folder: Annotated[Path, typer.Argument(help="A new folder.")],
    openings: Annotated[bool, typer.Option(help="Also write names and places. Personal data.")] = False,
) -> None:
    """Write the record into a folder that anybody can verify."""
    from sightpact.ledger.export import export

    try:
        size = export(_live(), folder, openings)
    except LedgerError as fault:
        _cannot(fault, False)
    typer.echo(f"{size} entries written to {folder}" + (" with names and places" if openings else ""))


@app.command("verify")
def verify_command(
    folder: Annotated[Path | None, typer.Argument(help="An export; without it, the live record.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of sentences.")] = False,
    key: Annotated[str, typer.Option(help="The log's public key (or a file with it) from elsewhere.")] = "",
    since: Annotated[
        Path | None,
        typer.Option(
            help="A checkpoint kept from earlier (a file, or an export with one): nothing of it is gone."
        ),
    ] = None,
) -> None:
    """Say whether the record is whole. Exit code 0: whole, 1: broken, 2: cannot be read."""
    try:
        source: Source = Folder(folder) if folder is not None else _live()
        report = verify(source, notes.parse_vkey(_key(key) or source.vkey()), _checkpoint(since))
    except LedgerError as fault:
        _cannot(fault, as_json)
    if as_json:
        typer.echo(json.dumps(report.as_dict()))
    else:
        typer.echo(_sentences(report, own_key=bool(key)))
    raise typer.Exit(WHOLE if report.whole else BROKEN)


@app.command("copy-add")
def copy_add_command(
    key: Annotated[str, typer.Argument(help="The line that `sightpact-cosign init` printed.")],
    party: Annotated[
        str, typer.Option(help="Slug of the party that keeps it; none for an office outside.")
    ] = "",
) -> None:
    """Let a copy elsewhere read the record and countersign it. Prints its token once."""
    _live()
    from sightpact.ledger.copies import actions

    try:
        token = actions.enrol(key, party)
    except LedgerError as fault:
        _cannot(fault, False)
    typer.echo(token)
    typer.echo(
        "Give this token to who runs the copy: sightpact-cosign token FOLDER. It is not shown again.",
        err=True,
    )


@app.command("copy-list")
def copy_list_command(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of lines.")] = False,
) -> None:
    """Which copies there are, and up to where each has countersigned. Exit code 1: there is none, so one copy exists."""
    _live()
    from sightpact.ledger.copies.reads import copies

    found = copies()
    if as_json:
        rows = [
            {"name": c.name, "party": c.party, "entries": c.size,
             "countersigned": c.countersigned_utc.isoformat() if c.countersigned_utc else None}
            for c in found
        ]  # fmt: skip
        typer.echo(json.dumps({"copies": rows}))
    for copy in () if as_json else found:
        when = f"{copy.countersigned_utc:%Y-%m-%d %H:%M} UTC" if copy.countersigned_utc else "never"
        typer.echo(f"{copy.name} ({copy.party or 'no party'}): {copy.size} entries, countersigned {when}")
    if not found and not as_json:
        typer.echo("One copy of the record exists, on this server.")
    raise typer.Exit(WHOLE if found else BROKEN)


@app.command("copy-remove")
def copy_remove_command(
    name: Annotated[str, typer.Argument(help="Its name, as copy-list shows it.")],
) -> None:
    """End a copy's right to read. What it has, it keeps."""
    _live()
    from sightpact.ledger.copies import actions

    if not actions.withdraw(name):
        typer.echo(f"No copy is called {name}. `sightpact ledger copy-list` shows them.", err=True)
        raise typer.Exit(CANNOT_READ)
    typer.echo(f"{name} reads no more.")


def _sentences(report: Report, own_key: bool) -> str:
    lines = []
    for number, step in enumerate(report.steps, 1):
        mark = "no" if step.faults else ("--" if step.skipped else "ok")
        lines.append(f"{number}. {mark}  {step.says}" + (f" ({step.skipped})" if step.skipped else ""))
        for fault in step.faults:
            lines.append(f"        {fault.why}" + (f"  [{fault.file}]" if fault.file else ""))
        if step.more:
            lines.append(f"        and {step.more} more")
    if report.whole:
        lines.append(f"The record of {report.origin} is whole: {report.size} entries, root {report.root}.")
        if not own_key:
            lines.append(
                "The key came with the record. To rule out a forged record and key, give --key from elsewhere."
            )
    else:
        lines.append(f"The record of {report.origin} is NOT whole.")
    return "\n".join(lines)


def _key(given: str) -> str:
    """A verifier key, given as itself or as a file that holds it."""
    if given and Path(given).is_file():
        return Path(given).read_text().strip()
    return given


def _checkpoint(kept: Path | None) -> str:
    """An earlier checkpoint: the note itself, or the folder of an export that holds it."""
    if kept is None:
        return ""
    file = kept / "checkpoint" if kept.is_dir() else kept
    try:
        return file.read_text()
    except (OSError, UnicodeDecodeError) as fault:
        raise Unreadable(str(file), str(fault), "Give the checkpoint that you kept") from fault


def _live() -> Live:
    set_up_django()
    from django.conf import settings
    from django.db import DatabaseError

    from sightpact.ledger.live_source import Live

    try:
        return Live(settings.SIGHTPACT.log_origin, settings.SIGHTPACT.keys / "log.key")
    except DatabaseError as fault:
        raise Unreadable(
            "the database", str(fault).strip(), "Check --data, or run `sightpact init`"
        ) from fault


def _cannot(fault: LedgerError, as_json: bool) -> None:
    if as_json:
        typer.echo(
            json.dumps({"whole": None, "what": fault.what, "why": fault.why, "next_step": fault.next_step})
        )
    else:
        typer.echo(f"Cannot be read: {fault}", err=True)
    raise typer.Exit(CANNOT_READ)
