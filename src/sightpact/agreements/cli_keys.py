"""`sightpact agreement vouch` (offline, at the party), `keys` and `withdraw-key` (on the server)."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from sightpact.agreements import signing
from sightpact.agreements.cli_files import AsJson, content_of, print_json, refuse
from sightpact.agreements.cli_state import Reason, told
from sightpact.agreements.errors import AgreementError
from sightpact.ledger.set_up import set_up_django


def vouch(
    new: Annotated[
        Path, typer.Argument(metavar="NEW", help="The new public key: PEM, or a passkey's record.")
    ],
    key: Annotated[
        Path, typer.Option("--key", help="Private key (PEM) that the party has enrolled already.")
    ],
    party: Annotated[str, typer.Option("--party", help="Whose keys both are: the party's slug.")],
) -> None:
    """Say with a party's own key that a further one is its own too. The answer goes into the import file as `vouched`."""
    password = os.environ.get("SIGHTPACT_KEY_PASSWORD", "").encode() or None
    try:
        statement = signing.key_statement(party, content_of(new).decode("utf-8", "replace"))
        envelope = signing.sign(statement, content_of(key), password, signing.KEY_TYPE)
    except AgreementError as fault:
        refuse(fault, 1)
    typer.echo(json.dumps(envelope))


def keys(
    check: Annotated[
        bool, typer.Option("--check", help="Compare with the record; exit code 1 when they differ.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List the parties' signing keys: who holds each, which key vouched for it, whether it counts."""
    set_up_django()
    from sightpact.agreements import key_reads

    found = key_reads.signing_keys()
    missing = key_reads.missing_keys() if check else ()
    if as_json:
        fields = ("keyid", "party_slug", "holder", "vouched_by", "is_passkey", "counts", "fault")
        rows = [
            {name: getattr(key, name) for name in fields}
            | {"withdrawn_utc": key.withdrawn_utc.isoformat() if key.withdrawn_utc else None}
            for key in found
        ]
        print_json({"keys": rows} | ({"missing": [list(pair) for pair in missing]} if check else {}))
    else:
        for key in found:
            how = f"vouched for by {key.vouched_by[:16]}" if key.vouched_by else "first key"
            sort = "passkey" if key.is_passkey else "offline key"
            state = f"withdrawn {key.withdrawn_utc:%Y-%m-%d}" if key.withdrawn_utc else "counts"
            state = f"does not count: {key.fault}" if key.fault else state
            typer.echo(f"{key.party_slug}  {key.keyid}  {key.holder}  {sort}  {how}  {state}")
        for party, name in missing:
            typer.echo(f"{party}  {name}  stands in the record and is gone from the table")
    if check:
        faults = sum(bool(key.fault) for key in found) + len(missing)
        if not as_json:
            typer.echo(
                f"{faults} difference(s) from the record."
                if faults
                else "Table and record agree. Whether the record is whole: sightpact ledger verify."
            )
        raise typer.Exit(1 if faults else 0)


def withdraw_key(
    name: Annotated[
        str, typer.Argument(metavar="KEY", help="Its name or the beginning of it, as `keys` lists it.")
    ],
    reason: Reason = "",
) -> None:
    """A key counts no more, nor what it signed: such a text opens nothing until it is signed again."""
    set_up_django()
    from sightpact.agreements import actions

    gone = told(lambda: actions.withdraw_signing_key(name, reason=reason))
    typer.echo("Withdrawn." if gone else "It was withdrawn already.")
