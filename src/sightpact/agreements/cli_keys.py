"""`sightpact agreement vouch` (offline, at the party), `keys` and `withdraw-key` (on the server)."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from sightpact.agreements import signing
from sightpact.agreements.cli_files import AsJson, content_of, print_json, refuse
from sightpact.agreements.cli_state import Reason, begin, told
from sightpact.agreements.errors import AgreementError


def vouch(
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The new public key (PEM).")],
    key: Annotated[
        Path, typer.Option("--key", help="Private key (PEM) that the party has enrolled already.")
    ],
    party: Annotated[str, typer.Option("--party", help="Whose keys both are: the party's slug.")],
) -> None:
    """Say with a party's own key that a further one is its own too. The answer goes into the import file as `vouched`."""
    password = os.environ.get("SIGHTPACT_KEY_PASSWORD", "").encode() or None
    try:
        statement = signing.key_statement(party, content_of(new).decode("ascii", "replace"))
        envelope = signing.sign(statement, content_of(key), password, signing.KEY_TYPE)
    except AgreementError as fault:
        refuse(fault, 1)
    typer.echo(json.dumps(envelope))


def keys(as_json: AsJson = False) -> None:
    """List the parties' signing keys: who holds each, which key vouched for it, whether it was withdrawn."""
    begin()
    from sightpact.agreements import reads

    found = reads.signing_keys()
    if as_json:
        fields = ("keyid", "party_slug", "holder", "vouched_by")
        rows = [
            {name: getattr(key, name) for name in fields}
            | {"withdrawn_utc": key.withdrawn_utc.isoformat() if key.withdrawn_utc else None}
            for key in found
        ]
        print_json({"keys": rows})
        return
    for key in found:
        how = f"vouched for by {key.vouched_by[:16]}" if key.vouched_by else "first key"
        state = f"withdrawn {key.withdrawn_utc:%Y-%m-%d}" if key.withdrawn_utc else "counts"
        typer.echo(f"{key.party_slug}  {key.keyid}  {key.holder}  {how}  {state}")


def withdraw_key(
    name: Annotated[
        str, typer.Argument(metavar="KEY", help="Its name or the beginning of it, as `keys` lists it.")
    ],
    reason: Reason = "",
) -> None:
    """A key counts no more, nor what it signed: such a text opens nothing until it is signed again."""
    begin()
    from sightpact.agreements import actions

    gone = told(lambda: actions.withdraw_signing_key(name, reason=reason))
    typer.echo("Withdrawn." if gone else "It was withdrawn already.")
