"""Drafts: begun, saved, put back to an earlier version, discarded, taken back. Each belongs to one party.

A draft is nobody else's business and opens nothing, so its saves are not in the record; proposing it is (`rounds.py`).
Never: a save over somebody else's text; a change by one who does not draft for the party.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from sightpact.agreements import acting, reads, suspending, templates
from sightpact.agreements.actions.entries import find_agreement
from sightpact.agreements.document import data
from sightpact.agreements.drafting import RESTORABLE
from sightpact.agreements.errors import DraftConflict, DraftFault
from sightpact.agreements.models import Draft, DraftVersion, Revision
from sightpact.agreements.standing import on_the_table
from sightpact.ledger import clock
from sightpact.people.reads import PersonCard

MOST_CHARACTERS = 400_000  # of a draft's JSON
MOST_OPEN = 100  # open drafts of one party
MOST_DEEP = 30  # tables and lists in each other; an agreement needs seven
KEPT_VERSIONS = 50
SAME_SITTING = timedelta(seconds=60)
"""Saves by one person within this time are one version to go back to: a page that saves by itself saves often."""


def begin_from_template(
    party: str,
    template: str,
    values: Mapping[str, str],
    rows: Mapping[str, Sequence[str]],
    by: PersonCard,
) -> str:
    """Begin a new agreement from a template with its blanks filled; returns the draft's id.

    1. Fill the template. 2. `begin`.

    Args:
        party: id of the party whose draft it is.
        values, rows: as `templates.fill`.
    Raises:
        AgreementError, DocumentFaults: as `templates.fill`. DraftFault: `by` does not draft for this party.
    """
    text = templates.fill(template, values, rows)
    return begin(party, tomllib.loads(text)["agreements"][0], f"template {template}", by)


def begin_from_revision(agreement: str, by: PersonCard, number: int | None = None) -> str:
    """Begin a counter or an amendment from a stored revision; returns the draft's id.

    1. `by` must draft for a party of this agreement. 2. Take the revision's text, the one on the table unless told. 3. Store it;
    the newest revision is what it stands on.

    Raises:
        RevisionFault, DraftFault.
    """
    with transaction.atomic():
        row = find_agreement(agreement)
        parties = {str(pk) for pk in row.parties.values_list("pk", flat=True)}
        mine = sorted(acting.drafts_for(by) & parties)
        if not mine:
            raise _not_yours(by)
        stored = {r.number: r for r in row.revisions.order_by("number")}
        newest = max(stored)
        table = on_the_table(row)
        wanted = number or (table.number if table else newest)
        chosen = stored.get(wanted)
        document = reads.verdict(str(chosen.pk)).document if chosen else None
        if document is None:
            raise DraftFault(f"Revision {wanted}", "cannot be read here.", "Choose another revision.")
        draft = _begin(mine[0], data(document), f"revision {wanted}", by, stored[newest])
        return str(draft.pk)


def begin(party: str, document: Mapping[str, Any], source: str, by: PersonCard) -> str:
    """Begin a draft of a new agreement from any text, complete or not; returns its id.

    1. `by` must draft for this party. 2. Store it with its first version.

    Args:
        party: id.
        source: where it is from, in words: "file".
    Raises:
        DraftFault.
    """
    if party not in acting.drafts_for(by):
        raise _not_yours(by)
    with transaction.atomic():
        return str(_begin(party, document, source, by, None).pk)


def save(draft_id: str, document_json: Mapping[str, Any] | str, version: int, by: PersonCard) -> int:
    """Save a draft; returns its version, which counts up with each change.

    1. Refuse what is no JSON object or too large. 2. Claim the draft at the version that `by` has read; the same text
    again changes nothing. 3. Keep the version; of a sitting's saves only the last, and no more than the newest fifty.

    Args:
        document_json: the whole text, parsed or as JSON; faults are allowed.
        version: the one that was changed.
    Raises:
        DraftConflict: somebody saved it in the meantime; nothing was overwritten.
        DraftFault: there is no such draft for `by`, it is closed, or the text is no table.
    """
    content, title = _content(document_json)
    with transaction.atomic():
        row = _mine(draft_id, by)
        if row.content == content and version == row.version:
            return version
        now = clock.now()
        claimed = Draft.objects.filter(pk=row.pk, version=version, discarded_utc=None, proposed=None).update(
            content=content, title=title, version=version + 1, saved_by_id=by.id, saved_utc=now
        )
        if not claimed:
            row.refresh_from_db()
            _refuse_closed(row)
            raise DraftConflict(row.title, row.version, row.saved_by.name, row.saved_utc)
        _keep(row, version + 1, content, by)
        return version + 1


def put_back(draft_id: str, number: int, version: int, by: PersonCard) -> int:
    """Make an earlier version the current text again, as a new version; returns its number.

    1. Find the version. 2. `save` it.

    Raises:
        DraftConflict, DraftFault.
    """
    row = _mine(draft_id, by)
    kept = DraftVersion.objects.filter(draft=row, number=number).first()
    if kept is None:
        raise DraftFault(f"Version {number}", "is not kept any more.", "Choose one of those listed.")
    return save(draft_id, kept.content, version, by)


def compare_with_newest(draft_id: str, by: PersonCard) -> int | None:
    """`by` has read the newest revision and goes on with the draft: it then stands on that one. Returns its number.

    1. Claim the open draft. 2. The newest revision becomes its base.
    """
    with transaction.atomic():
        row = _mine(draft_id, by)
        _refuse_closed(row)
        newest = row.agreement.revisions.order_by("-number").first() if row.agreement else None
        Draft.objects.filter(pk=row.pk, proposed=None).update(base=newest)
        return newest.number if newest else None


def discard(draft_id: str, by: PersonCard) -> bool:
    """Put a draft away; False when it is away already. It can be taken back for thirty days.

    1. Claim the open draft. 2. Say who and when.
    """
    with transaction.atomic():
        row = _mine(draft_id, by)
        found = Draft.objects.filter(pk=row.pk, discarded_utc=None, proposed=None)
        return bool(found.update(discarded_utc=clock.now(), discarded_by_id=by.id))


def take_back(draft_id: str, by: PersonCard) -> bool:
    """Take a discarded draft back; False when it was not discarded.

    1. Refuse one that was discarded too long ago. 2. Claim it.

    Raises:
        DraftFault.
    """
    with transaction.atomic():
        row = _mine(draft_id, by)
        if row.discarded_utc is not None and row.discarded_utc <= clock.now() - RESTORABLE:
            raise DraftFault(
                row.title or "This draft",
                "was discarded more than 30 days ago.",
                "Begin a new one from a revision or a template.",
            )
        found = Draft.objects.filter(pk=row.pk, proposed=None).exclude(discarded_utc=None)
        return bool(found.update(discarded_utc=None, discarded_by=None))


def _begin(
    party: str, document: Mapping[str, Any], source: str, by: PersonCard, base: Revision | None
) -> Draft:
    content, title = _content(document)
    if Draft.objects.filter(party_id=party, discarded_utc=None, proposed=None).count() >= MOST_OPEN:
        raise DraftFault("Your side", f"has {MOST_OPEN} open drafts.", "Discard some of them first.")
    now = clock.now()
    named = str(document.get("slug", ""))
    slug = base.agreement.slug if base else named if re.fullmatch(r"[a-z0-9-]{1,50}", named) else "draft"
    row = Draft.objects.create(
        party_id=party,
        agreement=base.agreement if base else None,
        base=base,
        source=source[:120],
        slug=slug,
        title=title,
        content=content,
        begun_by_id=by.id,
        begun_utc=now,
        saved_by_id=by.id,
        saved_utc=now,
    )
    DraftVersion.objects.create(draft=row, number=1, content=content, saved_by_id=by.id, saved_utc=now)
    return row


def _keep(row: Draft, number: int, content: str, by: PersonCard) -> None:
    now = clock.now()
    last = row.versions.order_by("-number").first()
    same = (
        last is not None
        and last.number > 1
        and str(last.saved_by_id) == by.id
        and now - last.saved_utc < SAME_SITTING
    )
    if same and last is not None:
        DraftVersion.objects.filter(pk=last.pk).update(number=number, content=content)
        return
    DraftVersion.objects.create(draft=row, number=number, content=content, saved_by_id=by.id, saved_utc=now)
    old = row.versions.order_by("-number").values_list("pk", flat=True)[KEPT_VERSIONS:]
    DraftVersion.objects.filter(pk__in=list(old)).delete()


def _content(document: Mapping[str, Any] | str) -> tuple[str, str]:
    """The text as ASCII JSON, and its title for lists."""
    try:
        table = json.loads(document) if isinstance(document, str) else document
        if not isinstance(table, Mapping):
            raise ValueError("it is no table")
        if _is_deep(table):
            raise ValueError(f"more than {MOST_DEEP} lists stand in each other")
        content = json.dumps(dict(table), ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    except (ValueError, TypeError, RecursionError) as fault:
        raise DraftFault(
            "This text", f"cannot be kept ({fault}).", "Send an agreement as one JSON object."
        ) from None
    if len(content) > MOST_CHARACTERS:
        raise DraftFault(
            "This text", f"is longer than {MOST_CHARACTERS} characters.", "Shorten it, or split it."
        )
    title = table.get("title")
    plain = "".join(c for c in title if c.isprintable())[:200] if isinstance(title, str) else ""
    return content, plain


def _is_deep(table: Mapping[str, Any]) -> bool:
    """Whatever reads the text later goes into each list; here nothing does, so that it cannot be made to fall over."""
    level: list[Any] = [table]
    for _depth in range(MOST_DEEP):
        level = [
            inner
            for each in level
            for inner in (each.values() if isinstance(each, Mapping) else each)
            if isinstance(inner, Mapping | list)
        ]
        if not level:
            return False
    return True


def _mine(draft_id: str, by: PersonCard) -> Draft:
    """The draft, for one who drafts for its party. For everybody else there is none."""
    try:
        key = UUID(draft_id)
    except ValueError:
        key = None
    parties = [UUID(party) for party in acting.drafts_for(by)]
    found = Draft.objects.select_related("agreement", "saved_by", "party", "base", "proposed")
    row = found.filter(pk=key, party__in=parties).first() if key else None
    if row is None:
        raise DraftFault("This draft", "is not here.", "Look at the list of your side's drafts.")
    return row


def _refuse_closed(row: Draft) -> None:
    if row.proposed is not None:
        raise DraftFault(
            row.title or "This draft",
            f"was proposed as revision {row.proposed.number}.",
            "Begin another draft from that revision.",
        )
    if row.discarded_utc is not None:
        raise DraftFault(row.title or "This draft", "is discarded.", "Take it back first.")


def _not_yours(by: PersonCard) -> DraftFault:
    heads = " or a ".join((*suspending.HEADS, acting.COUNSEL))
    return DraftFault(by.name, "does not draft for this party.", f"Ask its {heads}.")
