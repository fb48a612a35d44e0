"""The line under the header of each staff page: what is open now. The same words in the same place; news replaces it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sightpact.access import asked, drilled, facts, visible
from sightpact.access.facts import Snapshot
from sightpact.activation import asking_words
from sightpact.activation.askings import AskingCard
from sightpact.activation.reads import ActivationCard
from sightpact.ledger import clock
from sightpact.people.reads import PersonCard
from sightpact.web import nav
from sightpact.web.pages.open_now import inside_words, now_open


@dataclass(frozen=True, slots=True)
class Fact:
    bold: str
    text: str
    sign: str = ""
    size: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    path: str
    label: str


@dataclass(frozen=True, slots=True)
class StateLine:
    kind: str  # calm, emergency, suspended, asked, drill
    facts: tuple[Fact, ...]
    links: tuple[Link, ...]


def of(person: PersonCard) -> StateLine | None:
    """The line for this person; None for somebody with whom nothing is shared."""
    snapshot = facts.snapshot()
    known = snapshot.world.inventory.persons.get(person.id)
    if known is None:
        return None
    owners = {agreement.owner for agreement in snapshot.world.inventory.agreements}
    mine = next((party for party, _role in person.roles if party in owners), None)
    if mine is not None:
        return _owners(snapshot, person, mine)
    if known.named_in:
        return _named(snapshot, person, visible.concerning(snapshot, person.id, snapshot.live))
    return None


def _owners(snapshot: Snapshot, person: PersonCard, owner: str) -> StateLine:
    phone = snapshot.names.parties[owner].phone
    help_link = Link("/help/", _("Help: %(phone)s") % {"phone": phone} if phone else _("Help"))
    live = [card for card in snapshot.live if card.owner == owner]
    opened = now_open(snapshot, owner)
    waits = asked.to_answer(person.id, snapshot)
    may_stop = nav.roles_of(person) & nav.OVERSEERS
    if live:
        said = {"what": _what(snapshot, live[0]), "count": opened.inside}
        bold = ngettext(
            "%(what)s: %(count)d inside camera open to police.",
            "%(what)s: %(count)d inside cameras open to police.",
            opened.inside,
        )
        bold %= said
        text = _("Section %(clause)s, %(minutes)d min left. Started by %(name)s. Call 911 too.") % {
            "clause": live[0].clause,
            "minutes": _minutes_left(live[0]),
            "name": live[0].started_by_name,
        }
        text += _more(live)
        links = (
            (Link("/watching/", _("See and stop")),)
            if may_stop
            else (Link(f"/switch/{live[0].id}/", _("See it")),)
        )
        waiting = (Link("/asking/", _("A request waits")),) if waits else ()
        return StateLine("emergency", (Fact(bold, text, "warn"),), (*links, *waiting, help_link))
    if waits:
        return _to_answer(waits, help_link)
    if practised := drilled.running(person.id, snapshot):
        return _drill(practised[0], help_link)
    opened_by_asking = [card for card in snapshot.askings if card.owner == owner and card.state == "open"]
    if opened_by_asking and opened.inside:
        fact = Fact(
            ngettext(
                "%(count)d inside camera is open to police.",
                "%(count)d inside cameras are open to police.",
                opened.inside,
            )
            % {"count": opened.inside},
            _open_words(opened_by_asking[0]),
            "open",
            "sq",
        )
        return StateLine("calm", (fact,), (Link("/asking/", _("See and end")), help_link))
    calm = (
        Fact(_("Police can see %(count)d outside cameras.") % {"count": opened.outside}, "", "open", "sq"),
        Fact(_("Inside cameras are closed."), inside_words(opened), "closed", "sq"),
    )
    links: tuple[Link, ...] = ()
    if nav.roles_of(person) & nav.STARTERS:
        share, invite = _("Share cameras with police"), _("Ask police to look")
        links = (Link("/switch/", share),) if nav.has_switch(person) else (Link("/asking/", invite),)
    return StateLine("calm", calm, (*links, help_link))


def _named(snapshot: Snapshot, person: PersonCard, live: list[ActivationCard]) -> StateLine:
    links = (Link("/wall/", _("Wall")), Link("/help/", _("Help")))
    if live:
        bold = _("%(what)s.") % {"what": _what(snapshot, live[0])}
        text = _("Section %(clause)s, %(minutes)d min left.") % {
            "clause": live[0].clause,
            "minutes": _minutes_left(live[0]),
        }
        return StateLine("emergency", (Fact(bold, text + _more(live), "warn"),), links)
    if practised := drilled.running(person.id, snapshot):
        return _drill(practised[0], *links)
    looks = [c for c in snapshot.askings if c.state == "open" and asked.concerns(snapshot, person.id, c)]
    if looks:
        bold = _("%(kind)s, %(schools)s.") % {
            "kind": asking_words.kind(looks[0].kind),
            "schools": ", ".join(looks[0].school_names),
        }
        return StateLine("calm", (Fact(bold, _open_words(looks[0]), "open", "sq"),), links)
    closed = visible.closed_sentence(person.id, snapshot)
    first, _dot, rest = closed.partition(". ")
    return StateLine("calm", (Fact(f"{first}." if rest else first, rest, "closed", "sq"),), links)


def _to_answer(waits: tuple[AskingCard, ...], help_link: Link) -> StateLine:
    card = waits[0]
    said = {"name": card.asked_by_name, "schools": ", ".join(card.school_names)}
    if card.kind == "window":
        bold = _("%(name)s asks for an event at %(schools)s.") % said
    else:
        bold = _("%(name)s asks to look at %(schools)s.") % said
    more = _("%(n)d more wait.") % {"n": len(waits) - 1} if len(waits) > 1 else ""
    fact = Fact(bold, " ".join(part for part in (card.reason, more) if part), "waiting")
    return StateLine("asked", (fact,), (Link(f"/asking/{card.id}/", _("Answer")), help_link))


def _drill(each: drilled.Drilled, *links: Link) -> StateLine:
    said = {"label": each.label, "schools": ", ".join(each.card.school_names)}
    bold = _("DRILL: %(label)s, %(schools)s.") % said
    fact = Fact(bold, _("Simulated pictures only. No real camera is opened by it."), "drill")
    return StateLine("drill", (fact,), (Link(f"/drills/{each.card.id}/", _("See the drill")), *links))


def _open_words(card: AskingCard) -> str:
    words = {"name": card.asked_by_name, "clause": card.clause, "minutes": _minutes_left(card)}
    if card.kind == "invitation":
        return _("Invited by %(name)s, section %(clause)s, %(minutes)d min left.") % words
    return _("Asked for by %(name)s, section %(clause)s, %(minutes)d min left.") % words


def _what(snapshot: Snapshot, card: ActivationCard) -> str:
    kind = snapshot.names.kind(card.agreement, card.emergency)  # None: its agreement does not run any more
    return f"{kind.label if kind else card.emergency}, {', '.join(card.school_names)}"


def _more(live: list[ActivationCard]) -> str:
    """That others run beside the one which the line names, and where."""
    if len(live) < 2:
        return ""
    schools = ", ".join(name for card in live[1:] for name in card.school_names)
    return " " + _("%(n)d more at the same time: %(schools)s.") % {"n": len(live) - 1, "schools": schools}


def _minutes_left(card: ActivationCard | AskingCard) -> int:
    if card.deadline_utc is None:
        return 0
    return max(0, int((card.deadline_utc - clock.now()).total_seconds() // 60))
