"""What somebody asks for, held against its section: its time, its cameras, its purpose, a reason. Nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn

from django.utils.translation import gettext as _

from sightpact.access import asking_sections
from sightpact.access.asking_sections import Section
from sightpact.access.facts import Snapshot
from sightpact.activation.actions.askings import Wish
from sightpact.activation.errors import BadAsking
from sightpact.ledger import clock

MOST_REASON, MOST_INCIDENT = 200, 40
AHEAD = timedelta(days=366)  # an event period may be planned so long before
LATE = timedelta(minutes=2)  # a form filled in slowly may still begin "now"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for."""

    kind: str  # invitation, request, window
    agreement: str  # id
    school: str  # id
    reason: str
    key: str  # idempotency key: the same key again is the same asking
    minutes: int = 0  # an invitation; 0: as long as the section allows
    cameras: tuple[str, ...] = ()  # an invitation: ids; none: all that the section opens there
    purpose: str = ""
    incident: str = ""
    opens_utc: datetime | None = None  # an event period
    closes_utc: datetime | None = None


def fitting(snapshot: Snapshot, of: Section, wanted: Wanted, school_name: str) -> Wish:
    """What is to be written, if it fits the section.

    Raises:
        BadAsking: says which limit it does not keep.
    """
    if not of.uses.takes(wanted.purpose):
        unfit(
            _("Section %(clause)s lists the purposes, and this is none of them.")
            % {"clause": of.uses.section},
            _("Choose a purpose of the list."),
        )
    purpose = wanted.purpose if of.uses.section else ""
    reason, incident = _line(wanted.reason) or dict(of.uses.allowed).get(purpose, ""), _line(wanted.incident)
    if not reason or len(reason) > MOST_REASON or len(incident) > MOST_INCIDENT:
        unfit(
            _("It needs a reason of up to %(n)d letters.") % {"n": MOST_REASON}
            if len(incident) <= MOST_INCIDENT
            else _("The incident number has more than %(n)d letters.") % {"n": MOST_INCIDENT},
            _("Say in a few words why."),
        )
    now, opens, minutes = clock.now(), None, of.minutes
    if of.kind == "window":
        opens, minutes = _period(of, wanted, now)
    elif of.kind == "invitation" and wanted.minutes:
        minutes = wanted.minutes
    if not 1 <= minutes <= of.minutes:
        unfit(
            _("Section %(clause)s allows 1 to %(most)d minutes.") % {"clause": of.clause, "most": of.minutes},
            _("Choose fewer minutes."),
        )
    cameras = wanted.cameras if of.kind == "invitation" else ()
    opens_here = {c.id for c in asking_sections.would_open(snapshot, of, wanted.school)}
    if of.kind == "invitation" and not opens_here:
        unfit(
            _("Section %(clause)s opens no camera of this school now that is not open anyway.")
            % {"clause": of.clause},
            _("Choose another school, or another time."),
        )
    if set(cameras) - opens_here:
        unfit(
            _("Section %(clause)s does not open each of these cameras.") % {"clause": of.clause},
            _("Open the page again and choose."),
        )
    later = timedelta(minutes=of.escalate_minutes) if of.escalate_minutes is not None else None
    due = {"request": now + timedelta(minutes=of.answer_minutes), "window": opens}.get(of.kind)
    return Wish(
        key=wanted.key,
        kind=of.kind,
        owner=of.owner,
        clause=of.clause,
        schools=(wanted.school,),
        school_names=(school_name,),
        cameras=tuple(dict.fromkeys(cameras)),
        reason=reason,
        minutes=minutes,
        purpose=purpose,
        incident=incident,
        opens_utc=opens,
        answer_due_utc=due,
        unanswered=of.unanswered if of.kind != "invitation" else "",
        escalate_utc=now + later if later is not None else None,
    )


def _period(of: Section, wanted: Wanted, now: datetime) -> tuple[datetime, int]:
    """When an event period begins, and its whole minutes."""
    opens, closes = wanted.opens_utc, wanted.closes_utc
    if opens is None or closes is None or closes <= opens:
        unfit(_("An event needs a beginning, and an end after it."), _("Fill in both times."))
    if opens <= now - LATE:
        unfit(_("Its beginning is past."), _("An event is approved beforehand: choose a later beginning."))
    if opens > now + AHEAD:
        unfit(_("It is more than a year ahead."), _("Ask again later."))
    return opens, int((closes - opens).total_seconds() // 60)


def unfit(why: str, next_step: str) -> NoReturn:
    """Nothing was asked, and why."""
    raise BadAsking(_("Nothing was asked."), why, next_step)


def _line(text: str) -> str:
    """One line without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
