"""`sightpact agreement`: the commands of the slice of agreements, and those that change access or ask the record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sightpact.agreements.cli import app
from sightpact.agreements.cli_files import AsJson, File, Slug, made_of, print_json, refuse
from sightpact.agreements.cli_state import Agreement
from sightpact.agreements.errors import AgreementError
from sightpact.ledger.set_up import set_up_django

__all__ = ["app"]


@app.command()
def unname(
    agreement: Agreement, person: Annotated[str, typer.Argument(help="Short name of the person to take out.")]
) -> None:
    """Take a person out of the annex of named persons: what was open to them through it closes at once."""
    set_up_django()
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
    set_up_django()
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


@app.command("replay")
def replay_command(
    file: File,
    slug: Slug = "",
    days: Annotated[int, typer.Option("--days", min=1, help="How far back the record is asked.")] = 365,
    synthetic: Annotated[
        bool,
        typer.Option(
            "--synthetic", help="A made-up month instead of the record, over the real people and cameras."
        ),
    ] = False,
    looks: Annotated[int, typer.Option("--looks", min=1, max=100_000, help="Of the made-up month.")] = 2000,
    seed: Annotated[int, typer.Option("--seed", help="The same seed makes the same month.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Say what would have happened under this text: every look of the record that would have gone otherwise."""
    document, _made = made_of(file, slug)
    set_up_django()
    from sightpact.access import replay_asked, replay_words
    from sightpact.agreements import stored_world

    try:
        asked = replay_asked.gather(document, None if synthetic else days, looks, seed)
    except AgreementError as fault:
        refuse(fault, 1)
    done = replay_asked.decide(asked)
    names = stored_world.names()
    labels = replay_words.labels_of(*([asked.runs] if asked.runs else []), document)
    if as_json:
        print_json(replay_words.as_data(done, names, labels))
        return
    where = f"a made-up month (seed {seed})" if synthetic else f"the record of the last {days} days"
    typer.echo(
        f"{done.looks} look{'' if done.looks == 1 else 's'} in {where}: {done.same} would have gone the same way."
    )
    for each in done.differs:
        typer.echo(f"  {replay_words.sentence(each, names, labels)}")
    if done.unreadable:
        typer.echo(f"  {done.unreadable} more cannot be read: their names were erased.")
