"""Questions about telling: who was told what and what became of it, which channels a person has, who has none. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count
from django.utils.translation import gettext as _

from sightpact.notices import unkept
from sightpact.notices.models import Channel, Notice, ReadyMade
from sightpact.notices.models import Delivery as Row
from sightpact.notices.words import GOT_THROUGH, KINDS, OPEN_STATES, STATES
from sightpact.people import phone
from sightpact.people import reads as people
from sightpact.people.reads import Contact


@dataclass(frozen=True, slots=True)
class Delivery:
    """One notice to one person on one channel. `seconds`: from the notice to the state it is in."""

    notice: str
    event: str
    person: str  # id; "" for a party's telephone
    name: str
    channel: str  # page, push, email, sms, voice
    state: str
    seconds: float | None
    why: str
    made_utc: datetime
    must_acknowledge: bool

    @property
    def says(self) -> str:
        """ "phone acknowledged 3 s", as pages show it."""
        channel, state = str(KINDS.get(self.channel, self.channel)), str(STATES.get(self.state, self.state))
        if self.state in GOT_THROUGH and self.seconds is not None:
            return _("%(channel)s %(state)s %(seconds)d s") % {
                "channel": channel,
                "state": state,
                "seconds": round(self.seconds),
            }
        return f"{channel} {state}" + (f" ({self.why})" if self.state == "failed" and self.why else "")


@dataclass(frozen=True, slots=True)
class ChannelCard:
    id: str  # "" while nothing is kept of it (an address of the person's entry that was never used)
    kind: str
    address: str  # as its owner may see it: a push has none
    label: str
    proven_utc: datetime | None
    failed_utc: datetime | None
    why: str  # why it does not work; "" when it does, as far as is known
    can_test: bool = True  # False: this deployment has no way to send on it

    @property
    def works(self) -> bool:
        return not self.why

    @property
    def title(self) -> str:
        return str(KINDS[self.kind])


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Somebody whom nothing but an open page reaches."""

    person: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice that a person has not acknowledged yet."""

    notice: str
    title: str
    text: str
    url: str
    made_utc: datetime
    about: str  # id of what it tells of, such as a sharing


def deliveries(about: str) -> tuple[Delivery, ...]:
    """Everything that was told about a sharing, oldest first, person by person; last, what could not be kept yet."""
    rows = Row.objects.filter(notice__about=about).select_related("notice")
    kept = [_delivery(row) for row in rows.order_by("notice__made_utc", "name", "due_utc", "kind")]
    return (*kept, *(_unkept(each, sent) for each in unkept.about(about) for sent in each.sent.values()))


@dataclass(frozen=True, slots=True)
class Told:
    """What became of telling one person, newest notice alone; a line on pages."""

    name: str
    channels: tuple[Delivery, ...]


_BEST_FIRST = ("acknowledged", "delivered", "sent", "sending", "queued", "failed", "spared")


def fingerprint(about: str) -> tuple[tuple[str, int], ...]:
    """Moves when the state of any delivery about a sharing does. One small query."""
    rows = Row.objects.filter(notice__about=about).values_list("state")
    return tuple(rows.annotate(n=Count("id")).order_by("state").values_list("state", "n"))


def by_person(about: str) -> tuple[Told, ...]:
    """Each person who was told of a sharing, by name, with the deliveries of the newest notice to that person."""
    newest: dict[str, list[Delivery]] = {}
    for each in deliveries(about):
        mine = newest.setdefault(each.person or each.name, [])
        if mine and mine[0].notice != each.notice:
            mine.clear()
        if each.state != "spared":
            mine.append(each)
    return tuple(
        Told(found[0].name, tuple(sorted(found, key=lambda d: _BEST_FIRST.index(d.state))))
        for found in sorted((f for f in newest.values() if f), key=lambda f: f[0].name)
    )


def was_told(key: str) -> bool:
    return Notice.objects.filter(key=key).exists()


def keys_about(about: str) -> frozenset[str]:
    kept = Notice.objects.filter(about=about).values_list("key", flat=True)
    return frozenset((*kept, *(each.key for each in unkept.about(about))))


def acknowledged_by(key: str) -> frozenset[str]:
    """Who acknowledged the notice of this key."""
    rows = Row.objects.filter(notice__key=key, acknowledged_utc__isnull=False, person__isnull=False)
    return frozenset(str(person) for person in rows.values_list("person_id", flat=True))


def waiting_for(person: str, now: datetime) -> tuple[Waiting, ...]:
    """Notices that this person was told and has not acknowledged, newest first; only such as ask for it."""
    rows = Notice.objects.filter(deliveries__person_id=person, acknowledge_s__gt=0, expires_utc__gt=now)
    rows = rows.exclude(deliveries__in=Row.objects.filter(person_id=person, acknowledged_utc__isnull=False))
    return tuple(
        Waiting(str(n.id), n.title, n.text, n.url, n.made_utc, str(n.about))
        for n in rows.distinct().order_by("-made_utc")
    )


def channels(person: str) -> tuple[ChannelCard, ...]:
    """Every way to this person, phones first. An address of the person's own entry counts though it was never used."""
    contact = people.contacts([person]).get(person)
    return _channels(contact, list(Channel.objects.filter(person_id=person, removed_utc=None)))


def unreachable(persons: Iterable[str]) -> tuple[Unreachable, ...]:
    """Those of these persons who have no channel that works, by name: nothing but an open page reaches them."""
    wanted = list(dict.fromkeys(persons))
    kept: dict[str, list[Channel]] = {}
    for row in Channel.objects.filter(person_id__in=wanted, removed_utc=None):
        kept.setdefault(str(row.person_id), []).append(row)
    found = []
    for key, contact in people.contacts(wanted).items():
        cards = _channels(contact, kept.get(key, []))
        if contact.active and not any(card.works for card in cards):
            why = next((card.why for card in cards), "") or _("no phone, no e-mail address")
            found.append(Unreachable(key, contact.name, why))
    return tuple(sorted(found, key=lambda each: each.name))


def _channels(contact: Contact | None, rows: list[Channel]) -> tuple[ChannelCard, ...]:
    cards = [
        ChannelCard(str(r.id), "push", "", r.label, r.proven_utc, r.failed_utc, r.why)
        for r in sorted(rows, key=lambda r: r.added_utc)
        if r.kind == "push"
    ]
    for kind, address in addresses(contact):
        row = next((r for r in rows if r.kind == kind and r.address == address), None)
        why = unset(kind) or (row.why if row else "")
        cards.append(
            ChannelCard(
                str(row.id) if row else "",
                kind,
                address,
                "",
                row.proven_utc if row else None,
                row.failed_utc if row else None,
                why,
                not unset(kind),
            )
        )
    if contact is not None and (why := phone.fault(contact.phone)):
        cards += [
            ChannelCard("", kind, contact.phone, "", None, None, why, can_test=False)
            for kind in ("sms", "voice")
        ]
    return tuple(cards)


def addresses(contact: Contact | None) -> tuple[tuple[str, str], ...]:
    """(kind, address) of a person's own entry, such as can be used: a number that no gateway could call is none."""
    if contact is None:
        return ()
    mail = (("email", contact.email),) if contact.email else ()
    number = phone.e164(contact.phone)
    return (*mail, ("sms", number), ("voice", number)) if number else mail


def unset(kind: str) -> str:
    """Why this deployment cannot use a kind of channel at all; "" when it can."""
    config = settings.SIGHTPACT
    if kind == "email" and not config.smtp_host:
        return _("no mail server is set up (IT: smtp_host)")
    if kind in ("sms", "voice") and not config.sms_gateway_url:
        return _("no gateway for messages and calls is set up (IT: sms_gateway_url)")
    return ""


def _delivery(row: Row) -> Delivery:
    at = row.acknowledged_utc or row.delivered_utc or row.sent_utc or row.ended_utc
    return Delivery(
        notice=str(row.notice_id),
        event=row.notice.event,
        person=str(row.person_id or ""),
        name=row.name,
        channel=row.kind,
        state="queued" if row.state in OPEN_STATES and not row.tries else row.state,
        seconds=max(0.0, (at - row.notice.made_utc).total_seconds()) if at else None,
        why=row.why,
        made_utc=row.notice.made_utc,
        must_acknowledge=row.notice.acknowledge_s > 0,
    )


def _unkept(told: unkept.Unkept, sent: unkept.Sent) -> Delivery:
    return Delivery(
        notice=told.key,
        event=told.message.event,
        person=sent.person,
        name=sent.name,
        channel=sent.kind,
        state=sent.state,
        seconds=max(0.0, (sent.at - told.made_utc).total_seconds()) if sent.at else None,
        why=sent.why,
        made_utc=told.made_utc,
        must_acknowledge=told.message.acknowledge_s > 0,
    )


@dataclass(frozen=True, slots=True)
class Text:
    """Words for families or staff as they stand now."""

    id: str
    text: str
    made_by: str
    made_utc: datetime
    approved_by: str
    approved_utc: datetime | None


def text_of(about: str, which: str, language: str) -> Text | None:
    """The kept text of a sort; None while nobody has kept one."""
    rows = ReadyMade.objects.select_related("made_by", "approved_by")
    row = rows.filter(about=about, which=which, language=language).first()
    if row is None:
        return None
    approver = row.approved_by.name if row.approved_by else ""
    return Text(str(row.pk), row.text, row.made_by.name, row.made_utc, approver, row.approved_utc)
