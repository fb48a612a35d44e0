"""What is to be told of a sharing by now: a list of steps, each with its key, so that each is told once. Writes nothing.

A step's persons are worked out only when it is told. Words: bare in the title (a locked screen), more after the sign-in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.utils.translation import gettext as _

from sightpact.access import telling_who as who
from sightpact.access.facts import Snapshot
from sightpact.activation import life
from sightpact.activation.askings import AskingCard
from sightpact.activation.reads import ActivationCard
from sightpact.agreements.clauses.notices import NoticeRow
from sightpact.notices.words import LEVELS, Message, at_least

ACKNOWLEDGE_S = 30  # where no section says another time: then a life-safety notice calls
TAKE_S = 10  # a start that nobody has taken by then goes to the agency's next people
CALL_S = 20  # and by then to its telephone
WARN = timedelta(minutes=5)
ENDED_FOR = timedelta(minutes=15)  # an older end is news to nobody
TTL_S = 900
MOST_TOLD = 500  # persons of one notice


@dataclass(frozen=True, slots=True)
class Step:
    key: str
    message: Message
    persons: Callable[[], tuple[str, ...]]
    phone: tuple[str, str] | None = None  # a party's (name, telephone), in place of persons


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one sharing besides its card."""

    keys: frozenset[str]  # what was told
    told: Callable[[], tuple[str, ...]]  # whom, of all that was told
    watcher: str  # name of the first who watches, of another party; "" for nobody
    acknowledged: Callable[[str], frozenset[str]]  # by key: who acknowledged it


def steps(snapshot: Snapshot, card: ActivationCard, now: datetime, known: Known) -> list[Step]:
    """Everything that should have been told of a sharing by `now` and was not."""
    found = _over(snapshot, card, now, known) if not card.is_live else _running(snapshot, card, now, known)
    return [step for step in found if step.key not in known.keys]


def asked(snapshot: Snapshot, card: AskingCard) -> tuple[Step, ...]:
    """A request waits for an answer: those who answer are told together, once it is escalated the next as well. An invitation:
    whom it lets look."""
    words = {"who": card.asked_by_name, "why": card.reason}
    if card.kind == "invitation" and card.state == "open":
        title, text = _("A school asks you to look"), _("%(who)s invites: %(why)s") % words
        message = Message(card.id, "invited", "urgent", title, text, "/wall/", _topic(card.id), 600)
        return (Step(f"{card.id}/invited", message, lambda: who.invited(snapshot, card)),)
    if card.state != "asked":
        return ()
    title, text = _("A request waits for your answer"), _("%(who)s asks: %(why)s") % words
    url, topic = f"/asking/{card.id}/", _topic(card.id)
    message = Message(card.id, "asked", "urgent", title, text, url, topic, 600)
    found = [Step(f"{card.id}/asked", message, lambda: who.answerers(snapshot, card))]
    if card.escalated_utc is not None:
        text = _("Nobody has answered yet. %(asks)s") % {"asks": text}
        message = Message(card.id, "escalated", "urgent", title, text, url, topic, 600)
        found.append(Step(f"{card.id}/escalated", message, lambda: who.next_line(snapshot, card)))
    return tuple(found)


def _running(snapshot: Snapshot, card: ActivationCard, now: datetime, known: Known) -> list[Step]:
    begun = card.widened_utc or card.started_utc
    turn = turn_of(card)
    event = "widened" if card.widened_utc else "started"
    title = _("An emergency sharing was widened") if turn else _("An emergency sharing is open")
    found = _by_rows(snapshot, card, event, title, turn, now, begun, known)
    if known.watcher:
        text = _("%(name)s is the first who watches.") % {"name": known.watcher}
        found += _by_rows(
            snapshot, card, "watched", _("An emergency sharing is being watched"), "", now, begun, known, text
        )
    if card.extended_utc is not None:
        turn = f"@{card.extended_utc:%H%M%S%f}"
        title = _("An emergency sharing was extended")
        found += _by_rows(snapshot, card, "extended", title, turn, now, begun, known)
    if now >= card.own_utc - WARN and card.own_utc - card.started_utc > WARN:
        turn = f"@{card.own_utc:%H%M%S%f}"
        title = _("An emergency sharing ends in 5 minutes")
        found += _by_rows(snapshot, card, "ending", title, turn, now, begun, known)
    return [
        *found,
        *_agency(snapshot, card, turn_of(card)),
        *_in_between(snapshot, card, known),
        *_untaken(snapshot, card, now, begun),
    ]


def turn_of(card: ActivationCard) -> str:
    """Told and taken are asked anew when a higher kind widens it."""
    return f"@{card.widened_utc:%H%M%S%f}" if card.widened_utc else ""


def _agency(snapshot: Snapshot, card: ActivationCard, turn: str) -> list[Step]:
    """Whoever is let in is alerted, whatever the section on notices says; a neighbour once it is called."""
    title = _("An emergency sharing is open")
    message = _message(snapshot, card, "alert", title, _lower(card.level))
    found = [Step(f"{card.id}/alert{turn}", message, lambda: who.watchers(snapshot, card)[:MOST_TOLD])]
    for call in card.aid:
        message = _message(snapshot, card, "aid", _("You are called for aid"), _lower(card.level))
        found.append(Step(f"{card.id}/aid/{call.party}", message, partial(who.called, snapshot, call)))
    return found


def _in_between(snapshot: Snapshot, card: ActivationCard, known: Known) -> list[Step]:
    """Somebody's word was given, and that person says whether it is so; it is said to be a mistake, and dispatch has it; a stop
    was taken back; a higher kind is over; somebody said that it was not their word.
    """
    found = []
    for word in card.words:  # each is asked, also whose word joined what was reported already
        title = _("Somebody reports your word: is it so?")
        message = _message(snapshot, card, "word", title, card.level, "", ACKNOWLEDGE_S, "/switch/")
        again = sum(r.word_of == word and r.outcome == life.DISPUTED for r in card.reports)
        key = f"{card.id}/word{turn_of(card)}/{word}{f'/{again}' if again else ''}"
        found.append(Step(key, message, partial(tuple, (word,))))
    for said in card.reports:
        if card.unverified and said.outcome == life.DISPUTED and said.emergency == card.emergency:
            title = _("Somebody says: that was not my word")
            text = _("%(name)s says that it was not their word. The report stands on another, unverified.")
            message = _message(
                snapshot, card, "disputed", title, _lower(card.level), text % {"name": said.word_of_name}
            )
            found.append(
                Step(f"{card.id}/disputed@{said.at_utc:%H%M%S%f}/{said.word_of}", message, known.told)
            )
    if card.end_proposed_utc is not None and card.end_proposed_reason == "mistake":
        title = _("An emergency sharing may be a mistake")
        text = _("%(name)s says that it was sent by mistake. Dispatch confirms the end.")
        text %= {"name": card.end_proposed_by_name}
        message = _message(snapshot, card, "mistake", title, _lower(card.level), text)
        found.append(Step(f"{card.id}/mistake@{card.end_proposed_utc:%H%M%S%f}", message, known.told))
    height = life.height(card.level)
    over = [r.until_utc for r in card.reports if r.clause and life.height(r.level) > height]
    if over:
        title = _("An emergency sharing goes on as a lower kind")
        message = _message(snapshot, card, "resumed", title, _lower(card.level))
        found.append(Step(f"{card.id}/lowered@{max(over):%H%M%S%f}", message, known.told))
    ends = sum("/ended@" in key for key in known.keys)
    if ends:
        message = _message(snapshot, card, "resumed", _("An emergency sharing goes on"), _lower(card.level))
        found.append(Step(f"{card.id}/resumed/{ends}", message, known.told))
    return found


def _untaken(snapshot: Snapshot, card: ActivationCard, now: datetime, begun: datetime) -> list[Step]:
    """Nobody of the agency has taken it: its next people, then its telephone. A `notice` calls nobody."""
    waited = (now - begun).total_seconds()
    if card.taken_by is not None or waited < TAKE_S:
        return []
    title = _("An emergency sharing waits for somebody to take it")
    turn = turn_of(card)
    message = _message(snapshot, card, "untaken", title, card.level)
    found = [Step(f"{card.id}/untaken{turn}", message, lambda: who.takers(snapshot, card))]
    if waited >= CALL_S and at_least(card.level, "urgent"):
        phone = who.agency_phone(snapshot, card)
        found.append(Step(f"{card.id}/call{turn}", message, tuple, phone))
    return found


def _over(snapshot: Snapshot, card: ActivationCard, now: datetime, known: Known) -> list[Step]:
    """It ended: whoever was told of it is told that too, and whom the section names."""
    if card.ended_utc is None or now - card.ended_utc > ENDED_FOR or not known.keys:
        return []
    listed = [row for row in who.rows(snapshot, card.agreement) or () if row.event == "ended"]

    def persons() -> tuple[str, ...]:
        named = who.meant(snapshot, card.agreement, [each for row in listed for each in row.who])
        return tuple(dict.fromkeys((*known.told(), *named)))[:MOST_TOLD]

    title = _("An emergency sharing has ended")
    message = _message(snapshot, card, "ended", title, _lower(card.level), card.end_sentence)
    return [Step(f"{card.id}/ended@{card.ended_utc:%H%M%S%f}", message, persons)]


def _by_rows(
    snapshot: Snapshot,
    card: ActivationCard,
    event: str,
    title: str,
    turn: str,
    now: datetime,
    begun: datetime,
    known: Known,
    text: str = "",
) -> list[Step]:
    """The steps of one event: a step for each row of the section, or the floor's one."""
    loud = event in ("started", "widened")  # the others lower their voice: nobody is called for them
    level = card.level if loud else _lower(card.level)
    listed = who.rows(snapshot, card.agreement)
    if listed is None:
        message = _message(snapshot, card, event, title, level, text, ACKNOWLEDGE_S if loud else 0)
        return [Step(f"{card.id}/{event}{turn}", message, lambda: _floor(snapshot, card, event))]
    found = []
    for number, row in enumerate(listed):
        if row.event != event or not at_least(card.level, row.least):
            continue
        key = f"{card.id}/{event}{turn}/{number}"
        within = row.within_seconds or (ACKNOWLEDGE_S if loud else 0)
        message = _message(
            snapshot, card, event, title, card.level if row.within_seconds else level, text, within
        )
        found.append(Step(key, message, partial(_of_row, snapshot, card, row)))
        late = row.within_seconds is not None and now >= begun + timedelta(seconds=row.within_seconds)
        if row.or_else and late and f"{key}/else" not in known.keys and not known.acknowledged(key):
            others = partial(who.meant, snapshot, card.agreement, row.or_else)
            found.append(Step(f"{key}/else", message, others))
    return found


def _floor(snapshot: Snapshot, card: ActivationCard, event: str) -> tuple[str, ...]:
    """Without a section: the owner knows at once, and the school where it is. Who started it knows already."""
    if event == "ending":
        wanted = (*who.takers(snapshot, card), *who.school(snapshot, card))
    elif event in ("started", "widened"):
        wanted = (*who.overseers(snapshot, card), *who.school(snapshot, card))
    else:
        wanted = who.overseers(snapshot, card)
    return tuple(p for p in dict.fromkeys(wanted) if event != "started" or p != card.started_by)[:MOST_TOLD]


def _of_row(snapshot: Snapshot, card: ActivationCard, row: NoticeRow) -> tuple[str, ...]:
    named = who.meant(snapshot, card.agreement, row.who)
    return tuple(p for p in named if row.event != "started" or p != card.started_by)[:MOST_TOLD]


def _message(
    snapshot: Snapshot,
    card: ActivationCard,
    event: str,
    title: str,
    level: str,
    text: str = "",
    acknowledge_s: int = 0,
    url: str = "",
) -> Message:
    kind = snapshot.names.kind(card.agreement, card.emergency)
    words = {
        "kind": kind.label if kind else card.emergency,
        "schools": ", ".join(card.school_names),
        "name": card.started_by_name,
    }
    said = _("%(kind)s, %(schools)s. Started by %(name)s.") % words
    ask = acknowledge_s if at_least(level, "life_safety") else 0
    leads = url or (f"/alert/{card.id}/" if card.is_live else "/told/")
    return Message(card.id, event, level, title, f"{said} {text}".strip(), leads, _topic(card.id), TTL_S, ask)


def _lower(level: str) -> str:
    return LEVELS[min(LEVELS.index(level), 1)] if level in LEVELS else "urgent"


def _topic(about: str) -> str:
    return about.replace("-", "")[:32]
