"""Which revision of an agreement is on the table: the newest one that nobody has withdrawn. Reads; decides nothing."""

from __future__ import annotations

from sightpact.agreements.models import Agreement, Revision


def on_the_table(row: Agreement) -> Revision | None:
    """The newest revision that is not withdrawn; where all are, the newest of them; None without any."""
    revisions = row.revisions.order_by("-number")
    return revisions.exclude(round__withdrawn_utc__isnull=False).first() or revisions.first()
