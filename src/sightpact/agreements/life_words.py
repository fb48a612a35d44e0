"""The life of an agreement in words, for pages, reminders and the command line: states, desks, days, what comes next.

Nothing here goes into the record. The reader's language is that of the request; the command line's is English.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sightpact.agreements.life_rules import LifeState, Side


def state(name: str) -> str:
    """A state as a heading says it."""
    return {
        "draft": _("Draft"),
        "proposed": _("Proposed"),
        "countered": _("Countered"),
        "agreed": _("Agreed text"),
        "adopted": _("Adopted"),
        "signed": _("Signed by all"),
        "in_force": _("In force"),
        "suspended": _("Suspended"),
        "expired": _("Expired"),
        "terminated": _("Terminated"),
        "superseded": _("Superseded"),
        "withdrawn": _("Withdrawn"),
    }[name]


def step(name: str) -> str:
    """A step of the bar."""
    return {
        "proposed": _("Proposed"),
        "agreed": _("Agreed"),
        "adopted": _("Adopted"),
        "signed": _("Signed"),
        "in_force": _("In force"),
    }[name]


def sides(parties: tuple[Side, ...]) -> str:
    """Lakeview USD and Lakeview PD."""
    names = [side.short or side.name for side in parties]
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def days(found: LifeState, now: datetime) -> str:
    """How long it has been there."""
    count = found.days(now)
    if not count:
        return _("since today")
    return ngettext("for %(n)d day", "for %(n)d days", count) % {"n": count}


def desk(found: LifeState, now: datetime) -> str:
    """On whose desk it is and for how long; "" when on nobody's. On Lakeview PD's desk for 12 days."""
    if not found.desk:
        return ""
    told = {"who": sides(found.desk), "days": days(found, now)}
    if len(found.desk) > 1:
        return _("On the desks of %(who)s %(days)s") % told
    return _("On %(who)s's desk %(days)s") % told


def next_step(found: LifeState) -> str:
    """What has to happen now, in a sentence."""
    who = {
        "who": sides(found.desk),
        "bodies": ", ".join(found.missing_bodies),
        "copies": ", ".join(found.missing_copies),
    }
    if found.differs:
        return _("The texts differ, so nothing can run. Compare them below.")
    if found.next == "adopt" and found.missing_bodies:
        return _capital(_("%(bodies)s must adopt this text. Then the parties sign it.") % who)
    told = {
        "answer": _("%(who)s can accept this text, or answer with a changed one."),
        "adopt": _(
            "The bodies of %(who)s vote on this text, and each vote is recorded. Then the parties sign."
        ),
        "sign": _("%(who)s must sign. It then comes into force on its first day."),
        "copy": _(
            "%(who)s must have the copy of the record enrolled that %(copies)s keeps. It begins once that copy has countersigned."
        ),
        "begin": _("Nothing is to be done. It comes into force on its first day by itself."),
        "resume": _("%(who)s suspended it, and only they can resume it."),
    }
    if found.next in told:
        return _capital(told[found.next] % who)
    return {
        "in_force": _("Nothing is to be done. To change it, propose an amendment."),
        "expired": _("Its term is over: it opens nothing. To renew it, propose a text with a new term."),
        "terminated": _("It is over for good: it opens nothing. A new agreement can be begun from its text."),
        "superseded": _("A newer revision took its place."),
        "withdrawn": _(
            "It was taken off the table before anybody else accepted it. A new text can be proposed."
        ),
    }.get(found.state, "")


def _capital(sentence: str) -> str:
    """A party may be called "the district"."""
    return sentence[:1].upper() + sentence[1:]
