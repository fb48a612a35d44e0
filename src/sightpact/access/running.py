"""The pictures that run now, as the record knows them: rows of the database, and what the reserved journal says instead."""

from __future__ import annotations

from sightpact.access import emergency_journal
from sightpact.access.models import OpenStream


def rows() -> list[OpenStream]:
    """Oldest first. A row whose id is negative is in the reserved journal only; it is not stored."""
    here, ended = emergency_journal.open_streams(), emergency_journal.ended_streams()
    stored = [row for row in OpenStream.objects.all() if row.id not in ended]
    known = {row.journal_number for row in stored}
    return sorted(
        [*stored, *(row for row in here if row.id not in known)], key=lambda row: (row.began_utc, row.id)
    )
