"""`sightpact agreement`: the commands of the slice of agreements, and those that change access or ask the record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sightpact.agreements.cli import app
from sightpact.agreements.cli_files import refuse
from sightpact.agreements.cli_state import Agreement, begin
from sightpact.agreements.errors import AgreementError

__all__ = ["app"]


@app.command()
def unname(
    agreement: Agreement, person: Annotated[str, typer.Argument(help="Short name of the person to take out.")]
) -> None:
    """Take a person out of the annex of named persons: what was open to them through it closes at once."""
    begin()
    from sightpact.access import changes

    try:
        outcome = changes.propose(changes.UnnamePerson(agreement, person), None)
    except AgreementError as fault:
        refuse(fault, 1)
    except changes.FAULTS as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from fault
    typer.echo("Taken out." if outcome.state == "done" else "That person does not stand in its annex.")


@app.command()
def world(
    out: Annotated[Path, typer.Argument(help="The file to write.")],
    names: Annotated[
        bool, typer.Option("--names", help="With names of people, cameras and schools: personal data.")
    ] = False,
) -> None:
    """Write who and what is here now, for `prove --world` on another machine. Without names it holds random ids only."""
    begin()
    from sightpact.agreements import reads, stored_world, world_file

    content = world_file.dumps(stored_world.bare(), stored_world.names() if names else {}, reads.slugs())
    try:
        with out.open("x") as file:
            file.write(content)
    except OSError as fault:
        refuse(AgreementError(str(out), f"cannot be written ({fault.strerror}).", "Choose another name."), 2)
    typer.echo(
        f"Written: {out}. It says which kinds of cameras there are: hand it to nobody who may not know."
    )
