"""`sightpact person ...`: links, keys and taking people out, from the server's own command line.

Whoever can run this owns the server machine; each command is in the record as "command line of the server".
Django is set up once, before a command here runs.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Annotated, ParamSpec, TypeVar

import typer

from sightpact.ledger.set_up import set_up_django

app = typer.Typer(help="People: invitation links, passkeys, start devices.", no_args_is_help=True)
Slug = Annotated[str, typer.Argument(help="the person's short name, as in the import file")]
P = ParamSpec("P")
R = TypeVar("R")


app.callback()(set_up_django)


def _told(command: Callable[P, R]) -> Callable[P, R]:
    """Render this slice's errors as one line and exit with 1."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        from sightpact.people.errors import PeopleError

        try:
            return command(*args, **kwargs)
        except PeopleError as fault:
            typer.echo(str(fault), err=True)
            raise typer.Exit(1) from fault

    return run


@app.command()
@_told
def invite(slug: Slug) -> None:
    """Make a one-time link (24 h) with which a person makes a passkey. Hand it to that person and nobody
    else."""
    from django.conf import settings

    from sightpact.people import actions

    typer.echo(f"{settings.SIGHTPACT.url}/join/{actions.invite(slug)}/")


@app.command()
@_told
def keys(slug: Slug) -> None:
    """List a person's passkeys and start devices."""
    from sightpact.people import reads
    from sightpact.people.errors import NoSuch

    card = reads.person_by_slug(slug)
    if card is None:
        raise NoSuch(f"person '{slug}'", "there is none", "Look at the slug in the import file")
    for key in reads.passkeys(card.id):
        used = f"last used {key.last_used_utc:%Y-%m-%d %H:%M} UTC" if key.last_used_utc else "never used"
        typer.echo(f"passkey {key.id}  {key.name}  made {key.created_utc:%Y-%m-%d}  {used}")
    for device in reads.start_keys(card.id):
        state = f"revoked {device.revoked_utc:%Y-%m-%d}" if device.revoked_utc else "in use"
        typer.echo(f"start device {device.id}  {device.device}  made {device.created_utc:%Y-%m-%d}  {state}")


@app.command("revoke-passkey")
@_told
def revoke_passkey(
    slug: Slug,
    number: Annotated[int, typer.Argument(help="as `keys` lists it")],
    devices: Annotated[
        bool, typer.Option("--devices", help="also end all of the person's start devices")
    ] = False,
) -> None:
    """Take a passkey away and end the person's sessions. A lost telephone may be a start device too: see the answer."""
    from sightpact.people import actions, reads

    typer.echo(f"Revoked: {actions.revoke_passkey(slug, number)}. The person's sessions have ended.")
    card = reads.person_by_slug(slug)
    left = [key for key in reads.start_keys(card.id) if not key.revoked_utc] if card else []
    for key in left:
        if devices:
            actions.revoke_start_key(key.id)
            typer.echo(f"start device {key.id}  {key.device}  revoked")
        else:
            typer.echo(f"start device {key.id}  {key.device}  still starts emergency sharing")
    if left and not devices:
        typer.echo("Was one of these lost too? sightpact person revoke-device ID ends one of them.")


@app.command("revoke-device")
@_told
def revoke_device(device_id: Annotated[str, typer.Argument(help="as `keys` lists it")]) -> None:
    """Make a device a switch no longer."""
    from sightpact.people import actions

    typer.echo("Revoked." if actions.revoke_start_key(device_id) else "It was revoked already.")
