"""`sightpact import FILE.toml`: says every fault with its line, or what was changed."""

from __future__ import annotations

import json as json_text
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from sightpact.ledger.set_up import set_up_django
from sightpact.web.importing.faults import Fault, ImportFaults

app = typer.Typer(add_completion=False)
SHOWN = 40  # changes listed one by one; --json lists all


@app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="the file; see docs/reference/import-file.md")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="say what would change, and change nothing")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="answer with one JSON object")] = False,
) -> None:
    """Add or alter parties, people, schools, areas, cameras, keys and agreements. Everything or nothing."""
    set_up_django()
    raise typer.Exit(import_file(file, dry_run=dry_run, json=json))


def import_file(path: Path, dry_run: bool = False, json: bool = False) -> int:
    """Import a file and print what happened; returns the exit code: 0 done, 1 faults and nothing changed."""
    from django.conf import settings

    from sightpact.web.importing import apply, known, parse

    try:
        content = path.read_bytes()
        plan = parse.parse(content, known.known(tuple(settings.SIGHTPACT.camera_networks)))
        done = apply.apply(plan, content, dry_run=dry_run)
    except OSError as fault:
        return _refuse(
            path, [Fault(1, "", f"It cannot be read ({fault.strerror}).", "Check its name and rights.")], json
        )
    except ImportFaults as fault:
        return _refuse(path, fault.faults, json)
    if json:
        answer = {
            "ok": True,
            "dry_run": dry_run,
            "sha256": done.sha256,
            "counts": done.counts,
            "changes": done.changes,
            "waiting": done.waiting,
            "access": done.says,
        }
        typer.echo(json_text.dumps(answer, ensure_ascii=False))
        return 0
    typer.echo(f"{path} names {', '.join(f'{n} {name}' for name, n in done.counts.items() if n)}.")
    if not done.changes:
        typer.echo("Nothing to do: everything is as the file says.")
        return 0
    for line in done.changes if len(done.changes) <= SHOWN else _counted(done.changes):
        typer.echo(f"  {line}")
    for line in done.says:
        typer.echo(f"  {line}")
    if done.waiting:
        typer.echo(
            f"These {len(done.changes)} would give somebody more, so they wait for a second person; changed nothing yet."
            " Whoever manages access finds it under Changes on the pages, and approves or refuses it there within 14 days."
        )
    else:
        typer.echo(
            f"Would change {len(done.changes)}; changed nothing."
            if dry_run
            else f"Changed {len(done.changes)}."
        )
    return 0


def _refuse(path: Path, faults: tuple[Fault, ...] | list[Fault], json: bool) -> int:
    if json:
        listed = [{"line": f.line, "where": f.where, "what": f.what, "remedy": f.remedy} for f in faults]
        typer.echo(json_text.dumps({"ok": False, "faults": listed}, ensure_ascii=False))
        return 1
    for fault in faults:
        typer.echo(f"{path}:{str(fault).removeprefix('line ')}", err=True)
    count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
    typer.echo(f"{count}. Nothing was changed.", err=True)
    return 1


def _counted(changes: tuple[str, ...]) -> list[str]:
    """ "camera high-2 added" and its like as "12 x camera added"."""
    kinds = Counter(" ".join((words := change.split())[:1] + words[2:]) for change in changes)
    return [f"{count} x {kind}" for kind, count in kinds.items()]
