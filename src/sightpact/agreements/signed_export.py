"""A stored text with everything that speaks for it: signatures, public keys, scans. For checking and for import elsewhere.

Reads; writes only the folder. Never: a private key, for there is none.
"""

from __future__ import annotations

import json
from pathlib import Path

from sightpact.agreements import key_reads, reads, scans, signing
from sightpact.agreements.errors import RevisionFault
from sightpact.agreements.export_folder import write_folder
from sightpact.agreements.key_reads import KeyCard
from sightpact.agreements.models import Revision


def write(slug: str, number: int, folder: Path) -> tuple[str, ...]:
    """Write the folder; returns the names of its files.

    Args:
        number: of the revision; 0 for the newest.
    Raises:
        AgreementError: there is no such revision, a scan is missing, or the folder has something in it.
    """
    rows = Revision.objects.filter(agreement__slug=slug).order_by("number")
    revision = rows.filter(number=number).first() if number else rows.last()
    if revision is None:
        raise RevisionFault(f"'{slug}'", "has no such revision here.", "Look at the list of agreements.")
    verdict = reads.verdict(str(revision.pk))
    if verdict.document is None or verdict.made is None:
        raise RevisionFault(f"'{slug}'", verdict.says, "Restore it from the signed text.")
    parties = {p.slug for p in verdict.document.parties}
    files: dict[str, bytes] = {"agreement.json": verdict.made.canonical}
    rows_of_import, check = [], ["sightpact agreement verify agreement.json"]
    for row in revision.signatures.select_related("party").order_by("party__slug"):
        party = row.party.slug
        name = f"signature-{party}.json"
        files[name] = (json.dumps({"party": party, **row.envelope}, indent=2) + "\n").encode()
        check.append(name)
        rows_of_import.append(
            f'[[agreements.signatures]]\nparty = "{party}"\nenvelope = {_quoted(json.dumps(row.envelope))}\n'
        )
        if scan := signing.scan_of(row.envelope):
            content = scans.read(scan)
            kept = f"scan-{party}.{scans.kind_of(content)}"
            files[kept] = content
            check.append(f"--scan {kept}")
    keys = sorted(
        (k for k in key_reads.signing_keys() if k.party_slug in parties and k.counts),
        key=lambda k: (k.party_slug, bool(k.vouched_by), k.keyid),
    )
    for key in keys:
        kept = f"{key.party_slug}-{key.keyid[:16]}.{'json' if key.is_passkey else 'pub'}"
        files[kept] = key.public_pem.encode()
        check.append(f"--key {key.party_slug}={kept}")
    files["signing-keys.toml"] = "\n".join(map(_key_row, keys)).encode()
    files["signatures.toml"] = "\n".join(rows_of_import).encode()
    files["README.md"] = _readme(slug, revision.number, verdict.made.hashes, " ".join(check)).encode()
    return write_folder(folder, files)


def _key_row(key: KeyCard) -> str:
    lines = [
        "[[signing_keys]]",
        f"party = {_quoted(key.party_slug)}",
        f"holder = {_quoted(key.holder)}",
        f"public_pem = {_quoted(key.public_pem)}",
    ]
    if key.vouch is not None:
        lines.append(f"vouched = {_quoted(json.dumps(key.vouch))}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are TOML's too, and 0x7f does not occur in what comes here."""
    return json.dumps(text, ensure_ascii=False)


def _readme(slug: str, number: int, hashes: dict[str, str], check: str) -> str:
    listed = "\n".join(f"- {name}: `{value}`" for name, value in hashes.items())
    return f"""# {slug}, revision {number}: signatures

The parties signed these four hashes (SHA-256):

{listed}

Check it on any machine, without a server:

```sh
{check}
```

Compare the names of the keys (the file names begin with them) with each party, by voice or on paper.

To import it elsewhere: put each scan there with `sightpact agreement put-scan FILE`, then write the rows of `signing-keys.toml`
into the import file, and those of `signatures.toml` below the `[[agreements]]` that they belong to.
"""
