"""Enrolling a copy of the record, ending it, and keeping what it countersigned. The only writer of `Cosigner`.

Nothing here waits for a copy, and no picture does: a copy that is gone is said on pages, and never stops an emergency.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction

from sightpact.ledger import actions as ledger
from sightpact.ledger import clock, notes, reads
from sightpact.ledger.copies import cosignature
from sightpact.ledger.copies.reads import digest
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.ledger.errors import BadNote, LedgerError
from sightpact.ledger.models import Cosigner, Log


def enrol(vkey: str, party: str) -> str:
    """Let a copy read the record's entries and countersign its heads.

    1. Its key must be one, and of no copy that is here. 2. Make a token, shown once; its hash is kept.
    3. Write `copy_enrolled`.

    Args:
        vkey: what `sightpact-cosign init` printed.
        party: slug of the party on whose machine it runs; empty for an office that is no party.
    Returns:
        the token.
    Raises:
        BadNote: not a copy's key. LedgerError: the name or the key is known.
    """
    key = cosignature.parse(vkey)
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        log = Log.objects.get(origin=settings.SIGHTPACT.log_origin)
        if Cosigner.objects.filter(log=log, withdrawn_utc=None, name=key.name).exists():
            raise LedgerError(
                f"the copy {key.name}",
                "it is enrolled already",
                "Remove it first: sightpact ledger copy-remove",
            )
        if Cosigner.objects.filter(log=log, vkey=vkey.strip()).exists():
            raise LedgerError(
                f"the copy {key.name}", "its key was removed once, and never comes back", "Begin a new copy"
            )
        Cosigner.objects.create(
            log=log,
            party=party,
            name=key.name,
            vkey=vkey.strip(),
            token_hash=digest(token),
            enrolled_utc=clock.now(),
        )
        _note("copy_enrolled", "enrolled", party, key)
    return token


def withdraw(name: str) -> bool:
    """End a copy's right to read. 1. Claim it. 2. Write `copy_enrolled` with outcome `withdrawn`. False: there is none."""
    with transaction.atomic():
        row = Cosigner.objects.filter(name=name, withdrawn_utc=None).first()
        if row is None:
            return False
        claimed = Cosigner.objects.filter(pk=row.pk, withdrawn_utc=None).update(withdrawn_utc=clock.now())
        if claimed:
            _note("copy_enrolled", "withdrawn", row.party, cosignature.parse(row.vkey))
        return bool(claimed)


def keep(cosigner: str, note: str) -> datetime:
    """Keep a head that a copy countersigned.

    1. Both signatures must hold. 2. It must be a head of this very record: the root at that size. 3. Keep it if it is
       not older than the one before; of two at once the larger one stays. 4. The first one bumps the world: a text may
       have waited for it.

    Args:
        cosigner: id of the copy, found by its token.
    Raises:
        BadNote: one of these does not hold; nothing is kept.
    """
    row = Cosigner.objects.get(pk=cosigner, withdrawn_utc=None)
    at = cosignature.countersigned(note, cosignature.parse(row.vkey))
    text, _ = notes.open_note(note, [notes.parse_vkey(row.log.vkey)])
    body = notes.parse_checkpoint(text)
    if body.size > row.log.size or reads.root_at(body.size) != body.root:
        raise BadNote("the countersigned head", "this record never had it", "Compare the two records")
    with transaction.atomic():
        Cosigner.objects.filter(pk=row.pk, withdrawn_utc=None, size__lte=body.size).update(
            size=body.size, note=note, countersigned_utc=clock.now()
        )
        if not row.size:
            ledger.append([], bump="world")
    return at


def _note(kind: str, outcome: str, party: str, key: cosignature.CopyKey) -> None:
    entry = NewEntry(
        type=kind,
        party=party,
        outcome=outcome,
        reason_code=key.key_id.hex(),
        secret={"text": Secret("", key.name)},
    )
    ledger.append([entry])
