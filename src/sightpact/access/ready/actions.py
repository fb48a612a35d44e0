"""Writing what was looked at: the last frame of each camera, and since when each check is as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from sightpact.access.models import CameraFrame, ReadyState
from sightpact.access.ready.checks import Check
from sightpact.ledger import actions as ledger
from sightpact.ledger import clock
from sightpact.ledger.entries import NewEntry, Secret

KEPT_WORDS = ("consoles",)  # only the server's own process knows these: kept for the command line
WIDTH = 300  # characters of a reason


@dataclass(frozen=True, slots=True)
class Looked:
    """What became of one camera that was asked for a frame."""

    ok: bool
    seconds: float
    why: str = ""
    detail: str = ""
    one_colour: bool = False


def keep_frames(found: Mapping[str, Looked], party: str, why: str, took_s: float) -> None:
    """Keep what became of cameras that were asked for one frame each.

    Args:
        found: by camera id; cameras of one owner.
        party: the owner's slug. why: "nightly" or "asked". took_s: seconds, for all of them.

    1. Store each; since when it is so stays while it stays so. 2. One entry `readiness` with the counts, same transaction.
    """
    now = clock.now()
    with transaction.atomic():
        known = {str(row.pk): row for row in CameraFrame.objects.filter(pk__in=list(found))}
        for camera, looked in found.items():
            before = known.get(camera)
            since = before.since_utc if before is not None and before.ok == looked.ok else now
            CameraFrame.objects.update_or_create(
                camera_id=camera,
                defaults={
                    "ok": looked.ok,
                    "since_utc": since,
                    "looked_utc": now,
                    "seconds": looked.seconds,
                    "why": looked.why[:WIDTH],
                    "detail": looked.detail[:WIDTH],
                    "one_colour": looked.one_colour,
                },
            )
        dark = sum(not looked.ok for looked in found.values())
        says = f"{len(found) - dark} of {len(found)} cameras showed a picture"
        entry = NewEntry(
            type="readiness",
            party=party,
            outcome="some_dark" if dark else "all_show",
            reason_code=why,
            seconds=round(took_s),
            secret={"text": Secret("", says)},
        )
        ledger.append([entry])


def keep_states(owner: str, checks: Sequence[tuple[str, Check]]) -> int:
    """Keep since when each check is as it is. Returns how many changed.

    Args:
        checks: (school id or "", check).

    1. Write those alone whose state changed: a quiet night writes nothing. No entry: nothing was done.
    """
    known = {row.pk: row for row in ReadyState.objects.filter(pk__startswith=f"{owner}/")}
    now, changed = clock.now(), []
    for school, check in checks:
        key = state_key(owner, school, check.slug)
        before = known.get(key)
        told = check.slug in KEPT_WORDS and before is not None and before.text != check.text[:600]
        if before is None or before.state != check.state or told:
            since = before.since_utc if before is not None and before.state == check.state else now
            changed.append(ReadyState(pk=key, state=check.state, text=check.text[:600], since_utc=since))
    if changed:
        with transaction.atomic():
            ReadyState.objects.bulk_create(
                changed,
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=["state", "text", "since_utc"],
            )
    return len(changed)


def state_key(owner: str, school: str, slug: str) -> str:
    return f"{owner}/{school}/{slug}"
