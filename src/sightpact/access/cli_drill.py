"""`sightpact drill ...`: what was practised, what is owed, and one drill's report, from the server's own command line.

Starting and ending are for the people whom the agreement names. Django is set up once, before a command here runs.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sightpact.ledger.set_up import set_up_django

if TYPE_CHECKING:
    from sightpact.activation.drills import DrillCard

app = typer.Typer(
    help="Drills: those that were held, those that are owed, and reports.", no_args_is_help=True
)


app.callback()(set_up_django)


@app.command("list")
def list_them(
    as_json: Annotated[bool, typer.Option("--json", help="as JSON, for scripts")] = False,
) -> None:
    """Drills, the last one first, and what each school still owes this year. Times are UTC."""
    from sightpact.access import drill_sections, facts
    from sightpact.activation import drills

    snapshot = facts.snapshot()
    cards = drills.held({agreement.owner for agreement in snapshot.world.inventory.agreements})
    owed = drill_sections.owed(snapshot)
    if as_json:
        schools = [{**asdict(o), "due": o.due.isoformat(), "last": _iso(o.last)} for o in owed]
        typer.echo(json.dumps({"drills": [_told(card) for card in cards], "owed": schools}, indent=2))
        return
    for card in cards:
        where, until = (
            ", ".join(card.school_names),
            card.end_reason or f"runs until {_utc(card.deadline_utc)}",
        )
        typer.echo(f"{card.id}  {_utc(card.started_utc)}  {card.emergency:16}  {where}  {until}")
    if not cards:
        typer.echo("No drill was held.")
    for each in owed:
        state = "all held" if each.done else f"next by {each.due.isoformat()}"
        typer.echo(
            f"{each.school_name}: {each.held} of {each.per_year} this year, {state} (section {each.section})"
        )


@app.command()
def report(
    number: Annotated[str, typer.Argument(metavar="ID", help="as `list` shows it")],
    as_json: Annotated[bool, typer.Option("--json", help="as JSON, for scripts")] = False,
) -> None:
    """What one drill measured: the seconds of each step, and how many real cameras would have shown."""
    import uuid

    from sightpact.activation import drills

    try:
        card = drills.card(str(uuid.UUID(number)))
    except ValueError:
        card = None
    if card is None:
        typer.echo(f"There is no drill '{number}'. `sightpact drill list` shows them.", err=True)
        raise typer.Exit(1)
    if as_json:
        typer.echo(json.dumps(_told(card), indent=2))
        return
    typer.echo(f"DRILL  {card.emergency}, {', '.join(card.school_names)}, {_utc(card.started_utc)}")
    for name, seconds in _seconds(card).items():
        typer.echo(f"  {name:24} {'not reached' if seconds is None else f'{seconds:.2f} s'}")
    if card.cameras_asked is not None:
        typer.echo(f"  {card.showing} of {card.cameras_asked} real cameras would have shown")
    for camera, why in card.cameras_dark:
        typer.echo(f"    {camera}: {why}")
    typer.echo("  It runs." if card.is_live else f"  {card.end_sentence}")


def _seconds(card: DrillCard) -> dict[str, float | None]:
    steps = {
        "recorded": card.recorded_utc,
        "dispatch told": card.told_utc,
        "taken": card.taken_utc,
        "first simulated picture": card.pictured_utc,
        "ended": card.ended_utc,
    }
    return {name: card.after_s(at) for name, at in steps.items()}


def _told(card: DrillCard) -> dict[str, Any]:
    return {
        "id": card.id,
        "emergency": card.emergency,
        "schools": list(card.school_names),
        "section": card.clause,
        "started": _iso(card.started_utc),
        "started_by": card.started_by_name,
        "deadline": _iso(card.deadline_utc),
        "taken_by": card.taken_by_name,
        "seconds": _seconds(card),
        "cameras_asked": card.cameras_asked,
        "cameras_showing": card.showing,
        "cameras_dark": [list(each) for each in card.cameras_dark],
        "ended": _iso(card.ended_utc),
        "end_reason": card.end_reason,
    }


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _utc(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S} UTC"
