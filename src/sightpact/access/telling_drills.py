"""What is to be told of a drill by now: whoever takes part hears it on the channels of a real emergency, softly, as a DRILL.

Each title and text begins with that word. Never: life-safety's sound, a call, or an acknowledgement that is insisted on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from sightpact.access import drill_sections
from sightpact.access import telling_who as who
from sightpact.access.facts import Snapshot
from sightpact.access.telling_plan import Step
from sightpact.activation.alarm_reads import AlarmCard
from sightpact.activation.drills import DrillCard
from sightpact.notices import reads
from sightpact.notices.words import AT_ONCE, GOT_THROUGH, KINDS, Message

TTL_S = 900
LATELY = timedelta(minutes=15)  # an older end is news to nobody
STARTED = "drill"


def steps(
    snapshot: Snapshot,
    card: DrillCard,
    now: datetime,
    keys: frozenset[str],
    told: Callable[[], tuple[str, ...]],
) -> list[Step]:
    """What should have been told of a drill by `now` and was not: that it began; that it is over, to the same people.
    One that is over though its end is not written yet (a real emergency, its deadline) is told to nobody as begun.

    Args:
        keys: of what was told of it. told: ids of whom.
    """
    if card.is_live:
        if card.due(now) or not any(situation.id == card.id for situation in snapshot.situations):
            return []
        message = _message(snapshot, card, STARTED, _("DRILL started"), _("No real camera is opened."))
        found = [Step(f"{card.id}/drill", message, lambda: participants(snapshot, card))]
    elif card.ended_utc is None or now - card.ended_utc > LATELY or not keys:
        return []
    else:
        real = card.end_reason == "pre_empted"
        title = _("DRILL is over: a real emergency is shared") if real else _("DRILL ended")
        message = _message(snapshot, card, "drill_over", title, card.end_sentence)
        found = [Step(f"{card.id}/drill_over", message, told)]
    return [step for step in found if step.key not in keys]


def exercise(card: AlarmCard, persons: Callable[[], tuple[str, ...]]) -> Step:
    """An exercise alarm waits for one of these to start the drill."""
    said = _("DRILL. An exercise alarm came from %(source)s. Start the drill, or put it away.")
    title, text = _("DRILL: an exercise alarm came"), said % {"source": card.source_name}
    message = Message(
        card.id, "exercise", "notice", title, text, "/drills/", _topic(card.id), 600, by=AT_ONCE["urgent"]
    )
    return Step(f"{card.id}/exercise", message, persons)


def participants(snapshot: Snapshot, card: DrillCard) -> tuple[str, ...]:
    """Ids of whom the section on drills names on both sides, of the owner's superintendent and security, and of the people of
    the schools where it is; without those of other schools, and without whoever started it.
    """
    clause = drill_sections.section_of(snapshot, card.agreement)
    named = who.meant(snapshot, card.agreement, (*clause.start, *clause.watch)) if clause else ()
    slugs = {snapshot.names.schools[s].slug for s in card.schools if s in snapshot.names.schools}
    held = {(card.owner, role) for role in who.SECURITY}
    people = snapshot.world.inventory.persons
    secure = [p.id for p in people.values() if p.active and p.roles & held]
    here = who.school(snapshot, card)
    return tuple(
        person
        for person in dict.fromkeys((*named, *secure, *here))
        if person != card.started_by
        and who.home(snapshot, person) in ("", *slugs)
        and any(role != "alarm" for _party, role in people[person].roles)
    )


@dataclass(frozen=True, slots=True)
class ChannelTold:
    """How one channel did: how many of those whom it was to reach were reached, and when the last of them was."""

    name: str  # "phone"
    reached: int
    of: int
    at: datetime | None


def by_channel(card: DrillCard) -> tuple[ChannelTold, ...]:
    """How the news of its start came through, channel by channel: what a real one would have taken."""
    rows = [d for d in reads.deliveries(card.id) if d.event == STARTED and d.state != "spared"]
    found = []
    for kind, name in KINDS.items():
        mine = [d for d in rows if d.channel == kind]
        times = [d.made_utc + timedelta(seconds=d.seconds or 0) for d in mine if d.state in GOT_THROUGH]
        if mine:
            found.append(ChannelTold(str(name), len(times), len(mine), max(times, default=None)))
    return tuple(found)


def _message(snapshot: Snapshot, card: DrillCard, event: str, title: str, text: str) -> Message:
    kind = snapshot.names.kind(card.agreement, card.emergency)
    said = _("DRILL. %(kind)s, %(schools)s. Started by %(name)s. %(more)s") % {
        "kind": kind.label if kind else card.emergency,
        "schools": ", ".join(card.school_names),
        "name": card.started_by_name,
        "more": text,
    }
    channels = AT_ONCE.get(kind.level if kind else "", AT_ONCE["urgent"])
    return Message(
        about=card.id,
        event=event,
        level="notice",
        title=title,
        text=said,
        url=f"/drills/{card.id}/",
        topic=_topic(card.id),
        ttl_s=TTL_S,
        by=channels,
    )


def _topic(about: str) -> str:
    """A drill has its own: what is real is never replaced on a phone by what is practised."""
    return about.replace("-", "")[:32]
