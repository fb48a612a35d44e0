"""What becomes of a delivery: claimed by a sender, sent, delivered, acknowledged, failed. Claims are conditional updates.

None of these is in the ledger: the notice is, and what becomes of it is kept beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from sightpact.ledger import clock
from sightpact.notices import unkept
from sightpact.notices.actions.telling import proven
from sightpact.notices.models import Channel, Delivery, Notice
from sightpact.notices.tokens import token_of
from sightpact.notices.words import LEVELS, OPEN_STATES, Job

FIRST_WAIT_S = 1.0
MOST_WAIT_S = 60.0
LEASE_S = 60.0  # a sender that has not answered by then is taken for dead
LOWER = tuple(level for level in LEVELS if level != "life_safety")


def claim(kind: str, most: int, most_others: int | None = None) -> tuple[Job, ...]:
    """Take deliveries that are due, for one sender each: life-safety first, then by time.

    1. What nobody needs any more ends: its notice ran out, or the person acknowledged elsewhere. 2. Claim by conditional update.

    Args:
        most: of these. most_others: how many of them may be of a lower level than life-safety; None: all.
    """
    now = clock.now()
    others = max(0, most if most_others is None else min(most, most_others))
    jobs = _claim(kind, max(0, most), now, ~Q(notice__level__in=LOWER))
    left = min(max(0, most) - len(jobs), others)
    return (*jobs, *_claim(kind, left, now, Q(notice__level__in=LOWER)))


def _claim(kind: str, most: int, now: datetime, level: Q) -> list[Job]:
    due = Delivery.objects.filter(level, state__in=OPEN_STATES, kind=kind, due_utc__lte=now)
    jobs: list[Job] = []
    for row in due.select_related("notice", "channel").order_by("due_utc")[:most]:
        if row.notice.expires_utc <= now:
            _end(row, "failed", row.why or "it ran out before it could be sent")
            continue
        if row.person_id and _has_acknowledged(row):
            _end(row, "spared", "")
            continue
        claimed = Delivery.objects.filter(pk=row.pk, state=row.state, tries=row.tries, due_utc=row.due_utc)
        if claimed.update(state="sending", tries=row.tries + 1, due_utc=now + timedelta(seconds=LEASE_S)):
            jobs.append(_job(row, (row.notice.expires_utc - now).total_seconds()))
    return jobs


def recover() -> int:
    """At start: what a dead process was sending is due again, now. Returns how many."""
    return Delivery.objects.filter(state="sending").update(state="queued", due_utc=clock.now())


def sent(delivery: str, delivered: bool = False) -> None:
    """It went out; `delivered`: the other side took it (a push service). 1. Note it, once. 2. The channel works."""
    now = clock.now()
    fields = {"state": "delivered", "delivered_utc": now} if delivered else {"state": "sent"}
    with transaction.atomic():
        if Delivery.objects.filter(pk=delivery, state="sending").update(sent_utc=now, why="", **fields):
            Channel.objects.filter(deliveries=delivery).exclude(why="").update(why="", failed_utc=None)


def not_sent(delivery: str, why: str, *, again: bool, gone: bool) -> None:
    """It could not be sent.

    1. Again later, each time after a longer wait, until the notice runs out; else it failed, with the reason.
    2. The channel says that it fails; one that is gone is removed.
    """
    now = clock.now()
    with transaction.atomic():
        row = Delivery.objects.select_related("notice").filter(pk=delivery, state="sending").first()
        if row is None:
            return
        wait = timedelta(seconds=min(MOST_WAIT_S, FIRST_WAIT_S * 2 ** max(0, row.tries - 1)))
        if again and now + wait < row.notice.expires_utc:
            Delivery.objects.filter(pk=delivery, state="sending").update(
                state="queued", due_utc=now + wait, why=why[:300]
            )
        else:
            _end(row, "failed", why)
        fields = {"removed_utc": now} if gone else {}
        Channel.objects.filter(deliveries=delivery).update(failed_utc=now, why=why[:300], **fields)


def acknowledge(delivery: str) -> bool:
    """Somebody who holds its token says "seen". False when that was said before, or it is too old.

    1. What is not kept yet is noted in memory. 2. Else claim it. 3. The channel is proven; what still waits for the same
    person is not needed any more.
    """
    if unkept.acknowledge(delivery):
        return True
    now = clock.now()
    with transaction.atomic():
        claimed = Delivery.objects.filter(
            pk=delivery, acknowledged_utc=None, notice__expires_utc__gt=now
        ).update(state="acknowledged", acknowledged_utc=now)
        row = Delivery.objects.filter(pk=delivery).first() if claimed else None
        if row is None:
            return False
        proven(delivery, now)
        _spare(row)
        return True


def acknowledge_notice(notice: str, person: str) -> bool:
    """A signed-in person says "seen" on a page. 1. Claim the page's delivery. 2. The rest is not needed."""
    now = clock.now()
    with transaction.atomic():
        rows = Delivery.objects.filter(notice_id=notice, person_id=person, kind="page", acknowledged_utc=None)
        if not rows.update(state="acknowledged", acknowledged_utc=now):
            return False
        row = Delivery.objects.filter(notice_id=notice, person_id=person, kind="page").first()
        if row is not None:
            _spare(row)
        return True


def on_page(persons: Iterable[str]) -> None:
    """These persons have a page open: what waited for that reached them now."""
    rows = Delivery.objects.filter(kind="page", state="queued", notice__expires_utc__gt=clock.now())
    wanted = list(rows.filter(person_id__in=list(persons)).values_list("pk", flat=True)[:500])
    if wanted:
        Delivery.objects.filter(pk__in=wanted, state="queued").update(
            state="delivered", delivered_utc=clock.now()
        )


def spare(about: str) -> int:
    """What still waits to be sent about something is not needed any more: it was answered. Returns how many."""
    rows = Delivery.objects.filter(notice__about=about, state="queued").exclude(kind="page")
    return rows.update(state="spared", ended_utc=clock.now())


def gateway_says(delivery: str, state: str, why: str) -> bool:
    """The gateway reports on a message or a call. False when it is none of its own.

    1. Acknowledged (a key was pressed): as above. 2. Delivered, or failed with the reason.
    """
    row = Delivery.objects.filter(pk=delivery, kind__in=("sms", "voice")).first()
    if row is None:
        return False
    now = clock.now()
    if state == "acknowledged":
        acknowledge(delivery)
    elif state == "delivered":
        Delivery.objects.filter(pk=delivery, state__in=("sending", "sent")).update(
            state="delivered", delivered_utc=now
        )
    elif state == "failed":
        with transaction.atomic():
            if _end(row, "failed", why or "the gateway says that it failed"):
                Channel.objects.filter(deliveries=delivery).update(failed_utc=now, why=why[:300] or "failed")
    return True


def _end(row: Delivery, state: str, why: str) -> bool:
    still = Delivery.objects.filter(pk=row.pk).exclude(state__in=("failed", "spared", "acknowledged"))
    return bool(still.update(state=state, why=why[:300], ended_utc=clock.now()))


def _spare(row: Delivery) -> None:
    rest = Delivery.objects.filter(notice_id=row.notice_id, person_id=row.person_id, state="queued")
    if row.person_id:
        rest.exclude(pk=row.pk).update(state="spared", ended_utc=clock.now())


def _has_acknowledged(row: Delivery) -> bool:
    same = Delivery.objects.filter(notice_id=row.notice_id, person_id=row.person_id)
    return same.filter(acknowledged_utc__isnull=False).exists()


def _job(row: Delivery, left_s: float) -> Job:
    notice: Notice = row.notice
    channel = row.channel
    return Job(
        delivery=str(row.pk),
        kind=row.kind,
        address=row.address,
        p256dh=channel.p256dh if channel else "",
        auth=channel.auth if channel else "",
        title=notice.title,
        url=notice.url,
        topic=notice.topic,
        level=notice.level,
        event=notice.event,
        ttl_s=max(1, int(left_s)),
        tries=row.tries + 1,
        token=token_of(str(row.pk)),
    )
