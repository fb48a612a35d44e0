"""`sightpact sharing ...`: emergency sharings as they stand, how they ended, and ending one, from the server's own command line.

Starting is for switches, alarms and dispatch; from here things are only seen or closed. Django is set up once, before a
command here runs.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sightpact.ledger.set_up import set_up_django

if TYPE_CHECKING:
    from sightpact.activation.reads import ActivationCard

app = typer.Typer(help="Emergency sharings: see them, count their ends, end one.", no_args_is_help=True)
AT_SERVER = "command line of the server"


app.callback()(set_up_django)


@app.command("list")
def list_them(
    as_json: Annotated[bool, typer.Option("--json", help="as JSON, for scripts")] = False,
) -> None:
    """What runs, what waits for its end, and what ended in the last 12 hours. Times are UTC."""
    from sightpact.access import facts
    from sightpact.access.waiting_causes import waiting_causes

    snapshot = facts.snapshot()
    cards, waiting = (*snapshot.live, *snapshot.ended), waiting_causes(snapshot)
    if as_json:
        told = {"sharings": [_told(card) for card in cards], "waiting": [each.text for each in waiting]}
        typer.echo(json.dumps(told, indent=2))
        return
    for card in cards:
        state = f"until {_utc(card.deadline_utc)}" if card.is_live else f"ended {_utc(card.ended_utc)}"
        sure = ", not confirmed" if card.unverified else ""
        typer.echo(f"{card.id}  {card.emergency:16}  {', '.join(card.school_names)}  {state}{sure}")
        taken = f"; taken by {card.taken_by_name}" if card.taken_by else ""
        typer.echo(f"{'':38}started by {card.started_by_name}{taken}; {len(card.reports)} start(s)")
        if not card.is_live:
            typer.echo(f"{'':38}{card.end_sentence}")
    for each in waiting:
        typer.echo(each.text)
    if not cards:
        typer.echo("No emergency is shared.")


@app.command()
def counts(
    days: Annotated[int, typer.Option("--days", min=1, max=3660, help="how far back")] = 365,
    as_json: Annotated[bool, typer.Option("--json", help="as JSON, for scripts")] = False,
) -> None:
    """How often sharings ended for each reason, owner by owner: hoaxes, mistakes, disputed reports among them."""
    from sightpact.activation import reads
    from sightpact.ledger import clock
    from sightpact.people import reads as people

    since = clock.now() - timedelta(days=days)
    found = {party.slug: reads.outcomes(party.id, since) for party in people.parties()}
    found = {slug: each for slug, each in found.items() if each}
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    for slug, reasons in found.items():
        for reason, count in sorted(reasons.items()):
            typer.echo(f"{slug}  {reason:16}  {count}")
    if not found:
        typer.echo(f"No sharing ended in the last {days} days.")


@app.command()
def end(
    number: Annotated[str, typer.Argument(metavar="ID", help="as `list` shows it")],
    by: Annotated[str, typer.Option("--by", help="short name of the person in whose name it ends")],
    reason: Annotated[
        str, typer.Option("--reason", help="all_clear, mistake, last_responder, incident_closed, hoax, stop")
    ] = "all_clear",
) -> None:
    """End one, or propose its end, as that person could on a page; the law is asked, and the record says whose doing it was."""
    from sightpact.access import sharing
    from sightpact.access.errors import AccessError
    from sightpact.activation.errors import ActivationError
    from sightpact.activation.reasons import BY_DISPATCH
    from sightpact.people import reads as people

    person = people.person_by_slug(by)
    if person is None:
        typer.echo(f"There is no person '{by}'. Look at the slug in the import file.", err=True)
        raise typer.Exit(1)
    if reason not in BY_DISPATCH | {"all_clear", "mistake", "stop"}:
        typer.echo(f"'{reason}' is not a way to end a sharing. `--help` lists them.", err=True)
        raise typer.Exit(1)
    try:
        if reason == "stop":
            card = sharing.stop(person.id, number)
        elif reason in BY_DISPATCH:
            card = sharing.close(person.id, number, reason, AT_SERVER)
        else:
            card = sharing.all_clear(person.id, number, reason, AT_SERVER)
    except (AccessError, ActivationError) as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from fault
    if card.is_live:
        typer.echo(f"Proposed: dispatch confirms, or it ends at {_utc(card.end_due_utc)}.")
    else:
        typer.echo(f"Ended: {', '.join(card.school_names)}. {card.end_sentence}")


def _utc(instant: datetime | None) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S} UTC" if instant else "-"


def _told(card: ActivationCard) -> dict[str, Any]:
    instants = (
        "started_utc", "deadline_utc", "told_utc", "taken_utc", "confirmed_utc", "extended_utc", "cap_utc", "widened_utc",
        "ended_utc",
    )  # fmt: skip
    return {
        "id": card.id,
        "emergency": card.emergency,
        "level": card.level,
        "schools": list(card.school_names),
        "started_by": card.started_by_name,
        "unverified": card.unverified,
        "taken_by": card.taken_by_name,
        "starts": len(card.reports),
        "end_reason": card.end_reason,
        **{name: at.isoformat() if (at := getattr(card, name)) else None for name in instants},
    }
