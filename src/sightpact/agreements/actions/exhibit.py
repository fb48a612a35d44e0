"""The exhibit of cameras of the text that runs: a camera put on it, or taken off it. What counts is told by `exhibit_now`.

Never: a camera added where the text lets nobody countersign. Whose countersignature it needs is asked by `access/changes`.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max

from sightpact.agreements import reads
from sightpact.agreements.actions.entries import find_agreement, record
from sightpact.agreements.clauses.scope import CameraExhibit
from sightpact.agreements.errors import RevisionFault
from sightpact.agreements.models import Agreement, ExhibitChange, Revision
from sightpact.cameras import reads as cameras
from sightpact.ledger import clock
from sightpact.people.reads import PersonCard


def list_camera(agreement: str, camera: str, by: PersonCard | None) -> bool:
    """Put a camera on the exhibit; False when it is on it.

    1. The text that runs must have an exhibit that can grow; the camera must be the owner's and here.
    2. Store it; write `exhibit_changed`; bump the world.

    Args:
        agreement, camera: slugs. by: None: the command line of the server.
    Raises:
        RevisionFault.
    """
    return _change(agreement, camera, True, by)


def unlist_camera(agreement: str, camera: str, by: PersonCard | None) -> bool:
    """Take a camera off the exhibit; False when it is not on it. Arguments and steps as in `list_camera`."""
    return _change(agreement, camera, False, by)


def _change(agreement: str, camera: str, added: bool, by: PersonCard | None) -> bool:
    with transaction.atomic():
        row = find_agreement(agreement)
        Agreement.objects.select_for_update().get(pk=row.pk)
        running = next((entry for entry in reads.running() if entry.id == str(row.pk)), None)
        exhibit = next(iter(running.document.all(CameraExhibit)), None) if running else None
        if running is None or exhibit is None:
            raise RevisionFault(
                row.title, "has no exhibit of cameras in force.", "Propose a text that has one."
            )
        if added and exhibit.countersigned_by is None:
            what = f"lets nobody countersign a new camera (section {exhibit.number})."
            raise RevisionFault(row.title, what, "Propose a new revision with the camera on its exhibit.")
        here = {card.slug for card in cameras.cameras() if card.owner_id == str(row.owner_id)}
        if added and camera not in here:
            raise RevisionFault(f"Camera '{camera}'", "is not here.", "Import it first.")
        if (camera in exhibit.cameras) is added:
            return False
        revision = Revision.objects.select_related("agreement__owner").get(pk=running.revision)
        last = revision.exhibit_changes.aggregate(Max("serial"))["serial__max"] or 0
        ExhibitChange.objects.create(
            revision=revision,
            camera=camera,
            added=added,
            made_by_id=by.id if by else None,
            made_utc=clock.now(),
            serial=last + 1,
        )
        outcome = "listed" if added else "unlisted"
        owner = revision.agreement.owner.slug
        record("exhibit_changed", revision, by, outcome=outcome, text=camera, party=owner, bump=True)
        return True
