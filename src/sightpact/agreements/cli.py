"""`sightpact agreement`: check, render, sign and verify a text on any machine, without a server and without a database.

`keys`, `withdraw-key`, `state`, `withdraw`, `suspend` and `resume` act on the server.
Exit codes: 0 fine, 1 the text or a signature has faults, 2 a file cannot be read or the command was misused.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from sightpact.agreements import (
    checks,
    cli_diff,
    cli_drafts,
    cli_export,
    cli_keys,
    cli_life,
    cli_papers,
    cli_prove,
    cli_signed,
    cli_signing,
    cli_state,
    signing,
)
from sightpact.agreements.cedar import Made, make
from sightpact.agreements.cli_files import (
    AsJson,
    File,
    Slug,
    made_of,
    one,
    plain,
    print_json,
    refuse,
)
from sightpact.agreements.document import Document, data, json_schema, read
from sightpact.agreements.errors import AgreementError

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Check, render, sign and verify an agreement's text."
)


@app.command()
def check(file: File, slug: Slug = "", as_json: AsJson = False) -> None:
    """Say every fault of the text, and what deserves a second look."""
    document, faults = read(one(file, slug))
    warned = checks.warnings(document) if document and not faults else []
    made = make(document) if document and not faults else None
    if as_json:
        print_json(
            {
                "ok": made is not None,
                "faults": [plain(f) for f in faults],
                "warnings": [plain(w) for w in warned],
                "hashes": made.hashes if made else None,
            }
        )
    else:
        for fault in faults:
            typer.echo(f"fault    {fault}")
        for warning in warned:
            typer.echo(f"look at  {warning}")
        typer.echo(_summary(document, made) if document and made else f"{file}: {len(faults)} fault(s).")
    raise typer.Exit(0 if made else 1)


@app.command()
def render(file: File, slug: Slug = "", as_json: AsJson = False) -> None:
    """Print the full text, as it is adopted and signed; with --json, the canonical form."""
    document, made = made_of(file, slug)
    typer.echo(json.dumps(data(document), ensure_ascii=False, indent=2) if as_json else made.text, nl=as_json)


@app.command()
def canonical(
    file: File, out: Annotated[Path, typer.Argument(help="Where to write it.")], slug: Slug = ""
) -> None:
    """Write the canonical bytes (RFC 8785): what is hashed, signed and stored."""
    out.write_bytes(made_of(file, slug)[1].canonical)


@app.command()
def cedar(
    file: File,
    slug: Slug = "",
    schema: Annotated[bool, typer.Option("--schema", help="Print the schema instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print the Cedar policy that is made from the text."""
    _document, made = made_of(file, slug)
    if as_json:
        print_json({"cedar": made.cedar, "schema": made.schema, **made.hashes})
    else:
        typer.echo(made.schema if schema else made.cedar, nl=False)


@app.command("schema")
def print_schema() -> None:
    """Print the JSON schema of an agreement."""
    print_json(json_schema())


@app.command()
def keygen(
    out: Annotated[Path, typer.Argument(help="Where the private key goes; the public one goes to OUT.pub.")],
    as_json: AsJson = False,
) -> None:
    """Make an Ed25519 key. A password is taken from SIGHTPACT_KEY_PASSWORD, when it is set."""
    pair = signing.keygen(cli_signing.password())
    public = out.with_name(out.name + ".pub")
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as private:
            private.write(pair.private_pem)
        public.write_text(pair.public_pem)
    except OSError as fault:
        refuse(AgreementError(str(out), f"cannot be written ({fault}).", "Choose a new file."), 2)
    if as_json:
        print_json({"private": str(out), "public": str(public), "keyid": pair.keyid})
    else:
        typer.echo(
            f"Private key: {out}. Keep it where Sightpact cannot reach it.\nPublic key:  {public}\nName:"
            f" {pair.keyid}"
        )


def _summary(document: Document, made: Made) -> str:
    enforced = sum(c.enforced for c in document.clauses)
    people = len(document.clauses) - enforced
    return (
        f"{document.slug}, revision {document.revision}: {enforced} sections enforced, {people} kept by"
        f" people. Text {made.canonical_hash[:16]}, policy {made.cedar_hash[:16]}."
    )


for command in (cli_drafts.templates, cli_drafts.new, cli_diff.diff, cli_export.export):
    app.command()(command)
app.command("prove")(cli_prove.prove_command)
app.command()(cli_papers.paper)
app.command()(cli_signing.sign)
app.command()(cli_signing.attest)
app.command()(cli_signing.verify)
app.command()(cli_signed.signed)
app.command("put-scan")(cli_signed.put_scan)
app.command()(cli_keys.vouch)
app.command()(cli_keys.keys)
app.command("withdraw-key")(cli_keys.withdraw_key)
app.command()(cli_life.state)
app.command()(cli_state.suspend)
app.command()(cli_state.withdraw)
app.command()(cli_state.resume)

if __name__ == "__main__":
    app()
