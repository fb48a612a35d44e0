"""`sightpact person`: the commands of the slice of people, and `take-out`, which is a change of access."""

from __future__ import annotations

import typer

from sightpact.people.cli import Slug, app

__all__ = ["app"]


@app.command("take-out")
def take_out(slug: Slug) -> None:
    """Take a person out: sessions, pictures and start devices end at once."""
    from sightpact.access import changes

    try:
        outcome = changes.propose(changes.TakeOut(slug), None)
    except changes.FAULTS as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from fault
    typer.echo("Taken out." if outcome.state == "done" else "That person was out already.")
