"""Ready-made notices for families and staff: kept while a person mends them, approved by a named one. Never sent from here."""

from __future__ import annotations

from django.db import transaction

from sightpact.ledger import actions as ledger
from sightpact.ledger import clock
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.notices.models import ReadyMade
from sightpact.people import reads as people
from sightpact.people.reads import PersonCard

MOST_TEXT = 4000  # characters


def keep_text(about: str, which: str, language: str, text: str, by: PersonCard) -> str:
    """Keep a text as somebody mended it. Returns its id.

    1. Store it in place of the one of the same sort. 2. A change takes its approval away: what was approved is another text.
    """
    now = clock.now()
    with transaction.atomic():
        row, made = ReadyMade.objects.get_or_create(
            about=about,
            which=which,
            language=language,
            defaults={"text": text[:MOST_TEXT], "made_by_id": by.id, "made_utc": now},
        )
        if not made and row.text != text[:MOST_TEXT]:
            ReadyMade.objects.filter(pk=row.pk).update(
                text=text[:MOST_TEXT], made_by_id=by.id, made_utc=now, approved_by=None, approved_utc=None
            )
        return str(row.pk)


def approve(text_id: str, seen: str, by: PersonCard) -> bool:
    """A named person approves exactly the text that was seen. False when it was changed meanwhile, or approved.

    1. Claim it by a conditional update. 2. Write `notice_approved` with the text.
    """
    with transaction.atomic():
        rows = ReadyMade.objects.filter(pk=text_id, text=seen, approved_utc=None)
        if not rows.update(approved_by_id=by.id, approved_utc=clock.now()):
            return False
        row = ReadyMade.objects.get(pk=text_id)
        secret = {
            "person": people.as_secret(by),
            "situation": Secret(row.about, ""),
            "text": Secret("", row.text[:3900]),
        }
        entry = NewEntry(
            "notice_approved", party=by.party_slug, outcome=row.which, reason_code=row.language, secret=secret
        )
        ledger.append([entry])
        return True
