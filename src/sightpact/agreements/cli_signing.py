"""`sightpact agreement sign`, `attest` and `verify`: signatures and their check, on any machine.

Never imports Django: whoever checks an agreement needs its text, the signatures and the public keys, and nothing else.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from sightpact.agreements import paper_signing, signing
from sightpact.agreements.cedar import Made
from sightpact.agreements.cli_files import AsJson, File, Slug, content_of, made_of, print_json, refuse
from sightpact.agreements.document import Document
from sightpact.agreements.errors import AgreementError

Key = Annotated[Path, typer.Option("--key", help="Private key (PEM).")]
Party = Annotated[str, typer.Option("--party", help="Which party signs: its slug in the text.")]
Out = Annotated[Path | None, typer.Option("--out", help="Where the signature goes; else it is printed.")]


def sign(file: File, key: Key, party: Party, slug: Slug = "", out: Out = None) -> None:
    """Sign the text for one party. The signature is a DSSE envelope (JSON)."""
    document, made = made_of(file, slug)
    try:
        _known_party(document, party)
        envelope = signing.sign(signing.payload(document, made), content_of(key), password())
    except AgreementError as fault:
        refuse(fault, 1)
    _give(party, envelope, out)
    _print_hashes(made)


def attest(
    file: File,
    scan: Annotated[Path, typer.Argument(help="The scan of the signed paper: PDF, PNG or JPEG.")],
    key: Key,
    party: Party,
    signed_by: Annotated[str, typer.Option("--signed-by", help="Who signed the paper: name and office.")],
    signed_on: Annotated[str, typer.Option("--signed-on", help="Day on the paper, as 2026-06-30.")],
    attested_by: Annotated[str, typer.Option("--attested-by", help="Who compared the printed hashes.")],
    compared: Annotated[
        bool, typer.Option("--compared", help="The four hashes on the paper are those of the text.")
    ] = False,
    slug: Slug = "",
    out: Out = None,
) -> None:
    """Attest a signature on paper, with a key of the party: whose it is, of which day, and that the hashes are the same."""
    document, made = made_of(file, slug)
    try:
        _known_party(document, party)
        if not compared:
            raise AgreementError(
                "The printed hashes",
                "are not said to be compared.",
                "Compare them with those of sightpact agreement check, then add --compared.",
            )
        digest = hashlib.sha256(content_of(scan)).hexdigest()
        paper = paper_signing.Paper(party, digest, signed_by.strip(), signed_on, attested_by.strip())
        stated = paper_signing.statement(signing.payload(document, made), paper)
        attestation = signing.sign(stated, content_of(key), password(), signing.PAPER_TYPE)
    except AgreementError as fault:
        refuse(fault, 1)
    _give(party, paper_signing.envelope(stated, attestation), out)
    _print_hashes(made)


def verify(
    file: File,
    signatures: Annotated[list[Path], typer.Argument(help="Signatures, one a party.")],
    keys: Annotated[
        list[str], typer.Option("--key", help="PARTY=FILE, once a key: PEM, or a passkey's record.")
    ],
    scan: Annotated[
        list[Path] | None, typer.Option("--scan", help="The scan of a signed paper, once each.")
    ] = None,
    slug: Slug = "",
    as_json: AsJson = False,
) -> None:
    """Check that every party signed exactly this text, each with a key of its own: by key, by passkey or on paper."""
    document, made = made_of(file, slug)
    try:
        held: dict[str, list[str]] = {}
        for entry in keys:
            name, _, path = entry.partition("=")
            _known_party(document, name)
            held.setdefault(name, []).append(content_of(Path(path)).decode("utf-8", "replace"))
        envelopes = dict(_envelope(path) for path in signatures)
        used = signing.verify_all(
            [p.slug for p in document.parties], envelopes, held, signing.payload(document, made)
        )
        scans = {hashlib.sha256(content_of(path)).hexdigest(): path for path in scan or []}
        told = {name: _told(name, envelopes[name], used[name], scans) for name in used}
    except AgreementError as fault:
        if as_json:
            print_json({"ok": False, "what": fault.what, "why": fault.why, "next_step": fault.next_step})
            raise typer.Exit(1) from None
        refuse(fault, 1)
    if as_json:
        forms = {name: signing.form_of(envelopes[name]) for name in used}
        print_json({"ok": True, "signed_by": used, "forms": forms, **made.hashes})
        return
    for line in told.values():
        typer.echo(line)
    typer.echo(f"{document.slug}, revision {document.revision}. Text {made.canonical_hash[:16]}.")
    typer.echo("Signed by all parties, each with its own key.")


def password() -> bytes | None:
    """The password of a private key, from the environment."""
    value = os.environ.get("SIGHTPACT_KEY_PASSWORD")
    return value.encode() if value else None


def _told(party: str, envelope: Mapping[str, Any], keyid: str, scans: Mapping[str, Path]) -> str:
    paper = paper_signing.paper_of(envelope)
    if paper is None:
        how = "by passkey" if signing.form_of(envelope) == "webauthn" else "with key"
        return f"{party} signed {how} {keyid[:16]}"
    line = f"{party} signed on paper: {paper.signed_by} on {paper.signed_on}, attested by {paper.attested_by}"
    if scans and paper.scan not in scans:
        raise AgreementError(
            f"Party '{party}': the scan",
            "is none of those given: a byte of it was changed, or it is another paper.",
            f"Its sha256 must be {paper.scan}.",
        )
    compared = "scan compared" if scans else "scan not compared: give it with --scan"
    return f"{line} with key {keyid[:16]} ({compared})"


def _give(party: str, envelope: Mapping[str, Any], out: Path | None) -> None:
    text = json.dumps({"party": party, **envelope}, indent=2) + "\n"
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text)
        typer.echo(f"Signed for {party}: {out}", err=True)


def _print_hashes(made: Made) -> None:
    """Beside the signature, so that the signatory can compare what stands on paper or on the page."""
    for name, value in made.hashes.items():
        typer.echo(f"{name:15} {value}", err=True)


def _envelope(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        raw = json.loads(content_of(path))
        return str(raw["party"]), {k: v for k, v in raw.items() if k != "party"}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise AgreementError(
            str(path), "is no signature of an agreement.", "Make one with agreement sign."
        ) from None


def _known_party(document: Document, party: str) -> None:
    slugs = [p.slug for p in document.parties]
    if party not in slugs:
        raise AgreementError(
            f"'{party}'", "is not a party of this text.", f"Name one of: {', '.join(slugs)}."
        )
