"""What the pages of an agreement's life show: the list by desk, the bar of steps, and what this reader may do next.

Members of a party see the states of its agreements and whose desk each is on. Drafts are shown to their own side alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from sightpact.agreements import acting, drafting, life, life_words
from sightpact.agreements.drafting import DraftCard
from sightpact.agreements.life_rules import LifeState
from sightpact.ledger import clock
from sightpact.people.reads import PersonCard

REMIND_AFTER_DAYS = 7
"""After so many days a text on the other side's desk is told on one's own first page."""


@dataclass(frozen=True, slots=True)
class Way:
    """A button: where it leads and what it says."""

    path: str
    label: str
    is_main: bool = False
    is_post: bool = False


@dataclass(frozen=True, slots=True)
class BarStep:
    label: str
    is_done: bool
    is_current: bool
    done_utc: datetime | None


@dataclass(frozen=True, slots=True)
class Bar:
    """The state of one revision with its steps."""

    found: LifeState
    title: str  # the state in a word
    desk: str
    next: str
    is_mine: bool  # on the desk of the reader's side
    between: str
    steps: tuple[BarStep, ...]
    ways: tuple[Way, ...]
    coming: Bar | None


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class ListPage:
    groups: tuple[Group, ...]
    drafts: tuple[DraftCard, ...]
    discarded: tuple[DraftCard, ...]
    may_begin: bool


@dataclass(frozen=True, slots=True)
class Reminder:
    """A line on the first page of a person."""

    days: int
    title: str
    text: str
    path: str
    is_mine: bool


def listed(person: PersonCard) -> ListPage:
    """The agreements of the reader's parties by whose turn it is, and the drafts of the reader's own side."""
    mine, theirs, running, over = [], [], [], []
    for found in life.states(person):
        bar = _bar(found, person)
        if bar.is_mine or (bar.coming and bar.coming.is_mine):
            mine.append(bar)
        elif found.waits_on:
            theirs.append(bar)
        elif found.state in ("expired", "terminated", "superseded", "withdrawn"):
            over.append(bar)
        else:
            running.append(bar)
    groups = (
        Group(_("On your desk"), tuple(mine)),
        Group(_("On another desk"), tuple(theirs)),
        Group(_("Nothing to do"), tuple(running)),
        Group(_("Over"), tuple(over)),
    )
    return ListPage(
        groups=tuple(group for group in groups if group.bars),
        drafts=drafting.open_drafts(person),
        discarded=drafting.discarded(person),
        may_begin=bool(acting.drafts_for(person)),
    )


def bar(slug: str, person: PersonCard, number: int | None = None) -> Bar | None:
    """The bar of an agreement, or of one of its revisions. The caller has asked whether this person may read it."""
    found = life.state_of(slug) if number is None else life.revision_state(slug, number)
    return _bar(found, person) if found else None


def reminders(person: PersonCard) -> tuple[Reminder, ...]:
    """What waits on a desk: on one's own side's at once, on another side's after a week."""
    now, lines = clock.now(), []
    for top in life.states(person):
        for found in top.waits_on:
            is_mine, days = _is_mine(found, person), found.days(now)
            if is_mine or days >= REMIND_AFTER_DAYS:
                text = f"{life_words.desk(found, now)}. {life_words.next_step(found)}"
                path = reverse("agreement_page", args=[found.slug]) + f"?revision={found.revision}"
                lines.append(Reminder(days, found.title, text, path, is_mine))
    return tuple(sorted(lines, key=lambda line: (not line.is_mine, -line.days)))


def draft_path(card: DraftCard) -> str:
    """The editor's address for a draft."""
    return f"/agreements/{card.slug}/drafts/{card.id}/"


def _bar(found: LifeState, person: PersonCard) -> Bar:
    now = clock.now()
    steps = tuple(BarStep(life_words.step(s.name), s.is_done, s.is_current, s.done_utc) for s in found.steps)
    return Bar(
        found=found,
        title=life_words.state(found.state),
        desk=life_words.desk(found, now),
        next=life_words.next_step(found),
        is_mine=_is_mine(found, person),
        between=life_words.sides(found.sides),
        steps=steps,
        ways=_ways(found, person),
        coming=_bar(found.coming, person) if found.coming else None,
    )


def _is_mine(found: LifeState, person: PersonCard) -> bool:
    desks = {side.slug for side in found.desk}
    return bool(desks & life.party_slugs(person))


def _ways(found: LifeState, person: PersonCard) -> tuple[Way, ...]:
    """What this person may do next with this revision. An offer only: each action asks again."""
    here = life.party_ids(found.slug)
    heads = acting.heads_for(person) & set(here)
    writes = acting.drafts_for(person) & set(here)
    desk = {side.slug for side in found.desk}
    my_turn = bool({here[party] for party in heads} & desk)
    ways = []
    if found.next == "answer":
        if my_turn:
            ways.append(Way(reverse("agreement_accept", args=[found.slug]), _("Accept this text"), True))
        if writes:
            mine = found.proposed_by is not None and found.proposed_by.slug in {here[p] for p in writes}
            label = _("Change it, and propose again") if mine else _("Answer with a changed text")
            ways.append(Way(reverse("agreement_amend", args=[found.slug]), label, is_post=True))
        proposer = found.proposed_by.slug if found.proposed_by else ""
        if proposer in {here[party] for party in heads} and len(found.desk) == len(found.sides) - 1:
            ways.append(Way(reverse("agreement_withdraw", args=[found.slug]), _("Withdraw it")))
    if found.state == "withdrawn" and writes:
        ways.append(Way(reverse("agreement_amend", args=[found.slug]), _("Propose a new text"), is_post=True))
    if found.next in ("adopt", "sign") and writes:
        ways.append(
            Way(reverse("agreement_adopt", args=[found.slug]), _("Record a vote"), found.next == "adopt")
        )
    signs = {
        slug
        for party, slug in here.items()
        if any((party, r) in person.roles for r in found.signers.get(slug, ()))
    }
    if signs and (found.next == "sign" or (found.next == "adopt" and not found.missing_bodies)):
        is_due = found.next == "sign" and bool(signs & desk)
        ways.append(Way(f"/agreements/{found.slug}/sign/", _("Sign it"), is_due))
    if found.state in ("signed", "in_force", "expired", "suspended") and not found.coming and writes:
        ways.append(
            Way(reverse("agreement_amend", args=[found.slug]), _("Propose an amendment"), is_post=True)
        )
    return tuple(ways)
