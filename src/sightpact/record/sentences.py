"""Entries of the record in plain sentences, and the words for their outcomes. Pure text over opened entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sightpact.access.words import UNKNOWN_CAMERA, UNKNOWN_PERSON
from sightpact.activation.alarms.states import state_words
from sightpact.agreements.clauses.retention import NAMES_IN
from sightpact.ledger.reads import OpenedEntry

ERASED = "…"


def who(entry: OpenedEntry) -> str:
    """The person's name alone: "Omar Reyes"."""
    return own(entry.shown("person")).split(", ")[0] or _("Somebody")


def place(entry: OpenedEntry) -> str:
    """Camera and school, as far as they are still readable."""
    parts = (own(entry.shown("camera")), entry.shown("school"))
    return ", ".join(part for part in parts if part) or (ERASED if "camera" in entry.erased else "")


def own(text: str) -> str:
    """Words that the record itself uses, in the reader's language; a name as it is."""
    return {
        UNKNOWN_PERSON: _("a person not known any more"),
        UNKNOWN_CAMERA: _("not a camera of this district"),
    }.get(text, text)


TOGETHER_S = 3  # looks of one person that begin within so many seconds are one sentence


@dataclass(frozen=True, slots=True)
class Said:
    at: datetime
    text: str
    refused: bool


def grouped(entries: Sequence[OpenedEntry]) -> list[Said]:
    """Sentences for a list of what happened, newest first; one for a person who opened many cameras at once."""
    told: list[Said] = []
    together: list[OpenedEntry] = []
    for entry in (*entries, None):
        if together and (entry is None or not same_look(together[-1], entry)):
            told.append(looked(together))
            together = []
        if entry is not None and entry.type == "admission":
            together.append(entry)
        elif entry is not None:
            told.append(Said(entry.at, said(entry), entry.type == "refusal"))
    return told


def same_look(one: OpenedEntry, other: OpenedEntry) -> bool:
    """Whether two looks of one person under one section began within TOGETHER_S."""
    close = abs((one.at - other.at).total_seconds()) <= TOGETHER_S
    return (
        other.type == "admission"
        and close
        and one.key("person") == other.key("person")
        and one.clause == other.clause
        and one.reason_code == other.reason_code
    )


def looked(entries: list[OpenedEntry]) -> Said:
    """One sentence for the looks of one person, newest first, that began together."""
    if len(entries) == 1:
        return Said(entries[0].at, said(entries[0]), False)
    schools = ", ".join(
        dict.fromkeys(entry.shown("school") for entry in reversed(entries) if entry.shown("school"))
    )
    words = {"who": who(entries[0]), "count": len(entries), "schools": schools, "clause": entries[0].clause}
    if entries[0].reason_code == "drill":
        text = _("DRILL: %(who)s began to look at %(count)d simulated pictures, %(schools)s") % words
        return Said(entries[-1].at, text, False)
    text = _("%(who)s began to look at %(count)d cameras at %(schools)s, section %(clause)s") % words
    return Said(entries[-1].at, text, False)


def said(entry: OpenedEntry) -> str:
    """One sentence for a list of what happened."""
    words = {
        "who": who(entry),
        "place": place(entry),
        "school": entry.shown("school"),
        "clause": entry.clause,
    }
    match entry.type:
        case "admission" if entry.reason_code == "drill":
            return _("DRILL: %(who)s began to look at a simulated picture, %(place)s") % words
        case "admission":
            return _("%(who)s began to look at %(place)s") % words
        case "stream_end":
            return _("%(who)s no longer sees %(place)s") % words
        case "refusal":
            words["why"] = reason(entry.reason_code)
            return _("Refused: %(who)s, %(why)s") % words
        case "activation_start":
            return _("%(who)s started emergency sharing at %(school)s, section %(clause)s") % words
        case "activation_told":
            return _("Police were told of the sharing at %(school)s") % words
        case "activation_take":
            return _("%(who)s took the incident at %(school)s") % words
        case "activation_joined":
            return _("%(who)s reported an emergency at %(school)s, which was shared already") % words
        case "activation_widened":
            return _("%(who)s reported a higher emergency at %(school)s: the sharing was widened") % words
        case "activation_confirmed":
            return _("%(who)s confirmed the emergency at %(school)s") % words
        case "activation_extended":
            return _("%(who)s extended the sharing at %(school)s") % words
        case "activation_undone":
            return _("%(who)s took the stop back: the sharing at %(school)s goes on") % words
        case "aid_called":
            called = {**words, "party": own(entry.shown("text")), "clause": entry.clause}
            return _("%(who)s called %(party)s for aid at %(school)s, section %(clause)s") % called
        case "activation_end":
            return _ended(entry, words)
        case "review_signed":
            span = {**words, "span": entry.reason_code.replace("/", " to ")}
            if entry.outcome == "questions":
                return _("%(who)s signed the review of %(span)s, with questions") % span
            return _("%(who)s signed the review of %(span)s: every view has its reason") % span
        case "disclosure_recorded":
            signed = {**words, "version": entry.frames}
            return (
                _("%(who)s signed the statement after the emergency at %(school)s, version %(version)s")
                % signed
            )
        case "openings_erased":
            return _erased(entry)
        case "hold_placed":
            return _("%(who)s put the record on hold: no names are erased") % words
        case "hold_lifted":
            return _("%(who)s lifted the hold on the record") % words
        case "drill_start":
            return _("DRILL: %(who)s started a drill at %(school)s, section %(clause)s") % words
        case "drill_told":
            return _("DRILL: police were told of the drill at %(school)s") % words
        case "drill_taken":
            return _("DRILL: %(who)s took the drill at %(school)s") % words
        case "drill_end":
            return _("DRILL: the drill at %(school)s ended, %(why)s") % {**words, "why": _drill_over(entry)}
        case "invitation" | "request" | "window":
            return _asked(entry, words)
        case "stop":
            return _("%(who)s was stopped by %(by)s") % {**words, "by": own(entry.shown("text"))}
        case "stop_lifted":
            return _("%(who)s was let back by %(by)s") % {**words, "by": own(entry.shown("text"))}
        case "readiness":
            return _("The cameras were asked for one frame each: %(text)s") % {
                "text": own(entry.shown("text"))
            }
        case "alarm_source" | "alarm_forged":
            return own(entry.shown("text"))
        case "alarm_received":
            words["became"] = state_words(entry.outcome)
            return _("An alarm came from %(who)s. %(became)s") % words
        case "alarm_answered" if entry.outcome == "dismissed":
            return _("%(who)s put away an alarm that named no school") % words
        case "alarm_answered":
            return _("%(who)s said which school an alarm is for") % words
        case "notice_sent":
            return _("Told: %(text)s") % {"text": own(entry.shown("text"))}
        case "notice_approved":
            return _("%(who)s approved words for families or staff. They were not sent from here.") % words
        case "channel_changed" if entry.reason_code == "push_removed":
            return _("%(who)s took a phone or browser off the ways to be told") % words
        case "channel_changed":
            return _("%(who)s lets a phone or browser be told") % words
        case "record_read":
            return _("%(who)s read the record") % words
        case "sign_in":
            return _("%(who)s signed in") % words
        case "sign_out":
            return _("%(who)s signed out") % words
        case "copy_enrolled" if entry.outcome == "withdrawn":
            return _("The copy of the record called %(name)s reads no more") % {"name": entry.shown("text")}
        case "copy_enrolled":
            return _("A copy of the record, called %(name)s, may read and countersign it") % {
                "name": entry.shown("text")
            }
        case "guarantees_proven":
            return _("Every case of %(agreement)s was tried: all guarantees hold") % {
                "agreement": entry.agreement
            }
        case _:
            return " ".join(
                part for part in (entry.type.replace("_", " "), entry.outcome, entry.shown("text")) if part
            )


def _ended(entry: OpenedEntry, words: dict[str, str]) -> str:
    if entry.outcome == "proposed" and entry.reason_code:
        why = {**words, "why": reason(entry.reason_code)}
        return _("%(who)s proposed to end the sharing at %(school)s: %(why)s") % why
    if entry.outcome == "proposed":
        return _("%(who)s proposed all clear at %(school)s") % words
    if entry.outcome == "kept_open":
        return _("%(who)s kept the sharing at %(school)s open") % words
    if entry.outcome == "word_disputed":
        return _("%(who)s said: that was not my word. The report at %(school)s stands on another") % words
    if entry.outcome == "lowered":
        lower = _(
            "The higher kind of emergency at %(school)s is over, the sharing goes on as a lower one: %(why)s"
        )
        return lower % {**words, "why": reason(entry.reason_code)}
    if not entry.shown("person"):
        return _("The sharing at %(school)s ended: %(why)s") % {**words, "why": reason(entry.reason_code)}
    return _("%(who)s ended the sharing at %(school)s: %(why)s") % {**words, "why": reason(entry.reason_code)}


def _asked(entry: OpenedEntry, words: dict[str, str]) -> str:
    """A step of an invitation, a request or an event period."""
    match entry.type, entry.outcome:
        case "invitation", "opened":
            return _("%(who)s invited police to look at %(school)s, section %(clause)s") % words
        case "request", "asked":
            return _("%(who)s asked to look at %(school)s, section %(clause)s") % words
        case "window", "asked":
            return _("%(who)s planned an event at %(school)s, section %(clause)s") % words
        case "request", "approved":
            return _("%(who)s approved the request to look at %(school)s") % words
        case "window", "approved":
            return _("%(who)s approved the event at %(school)s") % words
        case "request", "opened":
            return (
                _("Nobody answered the request to look at %(school)s, so section %(clause)s opened it")
                % words
            )
        case "request", "escalated":
            to = entry.shown("text")
            if not to:
                return (
                    _("The request to look at %(school)s was escalated, and nobody was there to answer")
                    % words
                )
            return _("The request to look at %(school)s was escalated to %(to)s") % {**words, "to": to}
        case "window", "opened":
            return _("The event at %(school)s began, section %(clause)s") % words
    what = {
        "invitation": _("The invitation to look at %(school)s") % words,
        "request": _("The request to look at %(school)s") % words,
        "window": _("The event at %(school)s") % words,
    }[entry.type]
    return _("%(what)s ended: %(why)s") % {"what": what, "why": _why_over(entry, words)}


def _why_over(entry: OpenedEntry, words: dict[str, str]) -> str:
    known = {
        "ended": _("by %(who)s") % words,
        "stop": _("stopped by %(who)s") % words,
        "refused": _("refused by %(who)s") % words,
        "called_off": _("called off by %(who)s") % words,
        "unanswered": _("nobody answered in time"),
        "missed": _("its time passed while the gateway did not run"),
    }
    return known.get(entry.reason_code) or reason(entry.reason_code)


def name_erased(by: OpenedEntry) -> str:
    """What stands where a name was. `by`: the entry that says by which rule."""
    return _("Name erased on %(day)s by rule, section %(clause)s") % {
        "day": f"{by.at:%Y-%m-%d}",
        "clause": by.clause,
    }


def _erased(entry: OpenedEntry) -> str:
    count = entry.frames or 0
    text = ngettext(
        "Names erased from %(count)d entry by rule, section %(clause)s: %(lines)s before %(day)s",
        "Names erased from %(count)d entries by rule, section %(clause)s: %(lines)s before %(day)s",
        count,
    )
    lines = NAMES_IN.get(entry.outcome, entry.outcome)
    return text % {"count": count, "clause": entry.clause, "lines": lines, "day": entry.reason_code}


def _drill_over(entry: OpenedEntry) -> str:
    known = {
        "ended": _("by %(who)s") % {"who": who(entry)},
        "stop": _("stopped by %(who)s") % {"who": who(entry)},
        "pre_empted": _("because a real emergency was shared there"),
    }
    return known.get(entry.reason_code) or reason(entry.reason_code)


def how_it_ended(code: str) -> str:
    """Why a picture ended, in a few words."""
    return _("closed by the viewer") if code == "closed" else reason(code)


def reason(code: str) -> str:
    """How it ended or why it was refused, in a few words."""
    known = {
        "all_clear": _("all clear"),
        "stop": _("stopped by the district"),
        "stopped": _("stopped by the district"),
        "deadline": _("the time was over"),
        "unanswered": _("all clear, dispatch did not answer"),
        "mistake": _("sent by mistake"),
        "closed": _("closed until an emergency"),
        "closed_until_invited": _("closed until the school invites"),
        "closed_until_approved": _("closed until a request is approved"),
        "closed_until_event": _("closed until a planned event"),
        "closed_until_hours": _("closed at this hour of the day"),
        "closed_until_aid": _("closed until called for aid"),
        "full": _("as many were watching as the section lets"),
        "ended": _("the sharing had ended"),
        "over": _("the time for which it was open was over"),
        "own_request": _("nobody approves what they asked for themselves"),
        "too_late": _("answered before, or its time was over"),
        "not_escalated": _("not asked before it is escalated"),
        "socket_closed": _("the viewer's connection closed"),
        "lease_lapsed": _("no word from the gateway"),
        "slow_aborted": _("the viewer's network was too slow"),
        "cut": _("cut"),
        "gateway_stopped": _("the gateway stopped"),
        "no_agreement": _("no agreement names this person's organization"),
        "not_named": _("the agreement does not name this person"),
        "private": _("never shared"),
        "unclassified": _("the camera is not classified"),
        "out_of_service": _("the camera is out of service"),
        "suspended": _("the agreement is suspended"),
        "not_in_force": _("the agreement is not in force"),
        "unknown": _("nothing that is shared"),
        "signed_out": _("signed out"),
        "pre_empted": _("the drill gave way to a real emergency"),
        "ground_changed": _("the section that allowed it changed"),
    }
    return known.get(code, code.replace("_", " "))
