"""`sightpact asking ...`: what was asked for, and ending it, from the server's own command line.

Asking and approving are for the people whom the agreement names, on their pages; from here things are only seen or closed.
Django is set up once, before a command here runs.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sightpact.ledger.set_up import set_up_django

if TYPE_CHECKING:
    from sightpact.activation.askings import AskingCard

app = typer.Typer(help="Invitations, requests and event periods: see them, end them.", no_args_is_help=True)
AT_SERVER = "command line of the server"


app.callback()(set_up_django)


@app.command("list")
def list_them(
    as_json: Annotated[bool, typer.Option("--json", help="as JSON, for scripts")] = False,
) -> None:
    """What waits for an answer, is to come, or is open; and what ended in the last 12 hours. Times are UTC."""
    from sightpact.access import facts

    snapshot = facts.snapshot()
    cards = (*snapshot.askings, *snapshot.past_askings)
    if as_json:
        typer.echo(json.dumps([_told(card) for card in cards], indent=2))
        return
    for card in cards:
        until = _until(card)
        where = ", ".join(card.school_names)
        typer.echo(f"{card.id}  {card.state:6}  {card.kind:10}  {where}  section {card.clause}  {until}")
        typer.echo(f"{'':38}{card.asked_by_name}: {card.reason}")
    if not cards:
        typer.echo("Nothing was asked for.")


@app.command()
def end(
    number: Annotated[str, typer.Argument(metavar="ID", help="as `list` shows it")],
    by: Annotated[str, typer.Option("--by", help="short name of the person in whose name it ends")],
) -> None:
    """End what is open, call off what is to come, take back what waits; the pictures go dark at once. The law is asked
    as on the pages, and the record says whose doing it was."""
    from sightpact.access import asking
    from sightpact.access.errors import AccessError
    from sightpact.activation.errors import ActivationError
    from sightpact.people import reads as people

    person = people.person_by_slug(by)
    if person is None:
        typer.echo(f"There is no person '{by}'. Look at the slug in the import file.", err=True)
        raise typer.Exit(1)
    try:
        card = asking.end(person.id, number, AT_SERVER)
    except (AccessError, ActivationError) as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from fault
    typer.echo(f"Ended: {', '.join(card.school_names)}. {card.end_sentence}")


def _until(card: AskingCard) -> str:
    if card.state == "ended":
        return f"ended {_utc(card.ended_utc)}, {card.end_reason}"
    if card.state == "asked":
        escalated = f", escalated to {', '.join(card.escalated_to) or 'nobody'}" if card.escalated_utc else ""
        return f"answer by {_utc(card.answer_due_utc)}{escalated}"
    if card.state == "coming":
        return f"{_utc(card.opens_utc)} to {_utc(card.deadline_utc)}"
    return f"open until {_utc(card.deadline_utc)}"


def _utc(instant: datetime | None) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S} UTC" if instant else "-"


def _told(card: AskingCard) -> dict[str, Any]:
    instants = (
        "asked_utc",
        "answer_due_utc",
        "escalated_utc",
        "opens_utc",
        "opened_utc",
        "deadline_utc",
        "ended_utc",
    )
    return {
        "id": card.id,
        "kind": card.kind,
        "state": card.state,
        "section": card.clause,
        "schools": list(card.school_names),
        "asked_by": card.asked_by_name,
        "reason": card.reason,
        "escalated_to": list(card.escalated_to),
        "decision": card.decision,
        "decided_by": card.decided_by_name,
        "end_reason": card.end_reason,
        **{name: at.isoformat() if (at := getattr(card, name)) else None for name in instants},
    }
