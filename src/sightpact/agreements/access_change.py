"""Between two texts: what is open that was not, what is closed that was open; counted, and said in plain numbers. Pure.

Each line is an exact rectangle: these people x these cameras x these situations, all of them and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.limits import Limited
from sightpact.agreements.clauses.situations import WHEN
from sightpact.agreements.clauses.views import EmergencyView
from sightpact.agreements.document import Document
from sightpact.agreements.opens import ALWAYS, Alike, Opens, aid_key, key
from sightpact.decide.facts import EXTERIOR_AREA_KINDS, Action, Inventory

DOES = {
    Action.START_SHARING: "start a sharing",
    Action.REPORT: "open a sharing on a 911 call or on somebody's word",
    Action.TAKE_INCIDENT: "take an incident",
    Action.END_SHARING: "end a sharing",
    Action.CALL_AID: "call a neighbour for aid",
    Action.START_DRILL: "start a drill",
    Action.TAKE_DRILL: "take a drill",
    Action.STOP_SHARING: "stop a sharing, or one person's viewing, at once",
    Action.SEE_WATCHERS: "see who is watching which camera",
    Action.READ_RECORD: "read the record",
    Action.MANAGE: "manage people, cameras and agreements",
}
DOES_ABOUT = {
    (Action.INVITE, "invitation"): "invite another party to look",
    (Action.END_SHARING, "invitation"): "end an invitation",
    (Action.ASK, "request"): "ask to look",
    (Action.APPROVE, "request"): "approve a request to look",
    (Action.APPROVE_ESCALATED, "request"): "approve a request to look that was escalated",
    (Action.END_SHARING, "request"): "end what an approved request opened",
    (Action.ASK, "window"): "announce a planned event",
    (Action.APPROVE, "window"): "approve a planned event",
    (Action.END_SHARING, "window"): "end the sharing of a planned event",
}
_WHEN = {key(kind): said for kind, said in WHEN.items()}
_DOES_ABOUT = {(action, key(kind)): said for (action, kind), said in DOES_ABOUT.items()}


@dataclass(frozen=True, slots=True)
class Line:
    """One change in access under one section."""

    opens: bool  # else it closes
    section: str  # of the new text when it opens, of the old one when it closes
    action: Action
    people: tuple[str, ...]  # ids, all of one party
    cameras: tuple[str, ...]  # ids; empty unless the action is viewing
    things: tuple[str, ...]  # ids of schools or parties, for the other actions
    when: tuple[str, ...]  # as in Opens; for other actions what they are about; (ALWAYS,) for at all times
    still: tuple[str, ...]  # opens at all times: in these it was open before; closes: in these it stays open


@dataclass(frozen=True, slots=True)
class Context:
    """What ids are called, for sentences."""

    inventory: Inventory
    schools: Mapping[str, str]  # id -> name
    old: Document
    new: Document
    agreement: str  # id, as `named_in` has it
    count_inside: bool = True  # False: how many inside cameras there are is not for this reader
    real: bool = True  # False: counted in a made-up world

    @property
    def labels(self) -> dict[str, str]:
        """Kind of emergency -> its label in the newer text that has it, in small letters."""
        return {
            e.kind: e.label.lower()
            for document in (self.old, self.new)
            for clause in document.all(EmergencyView)
            for e in clause.emergencies
        }

    def limits(self, line: Line) -> str:
        """The limits of the section that opens it, or used to: ", only from 07:30 to 16:00, Mondays to Fridays"."""
        document = self.new if line.opens else self.old
        clause = next((c for c in document.clauses if c.number == line.section), None)
        if not isinstance(clause, Limited):
            return ""
        hours = f", only {clause.hours.says()}" if clause.hours else ""
        return hours + (f", at most {clause.viewers} people at once" if clause.viewers else "")


def lines(old: Opens, new: Opens, groups: Alike, inventory: Inventory) -> tuple[Line, ...]:
    """Every change, what opens first, by section."""
    found = [*_views(old, new, groups, inventory), *_duties(old, new, groups, inventory)]
    return tuple(sorted(found, key=lambda line: (not line.opens, line.section, line.action, line.when)))


Way = tuple[bool, str, tuple[str, ...], tuple[str, ...]]  # opens, section, when, still


def _views(old: Opens, new: Opens, groups: Alike, inventory: Inventory) -> Iterable[Line]:
    members, cameras_of = dict(groups.people), dict(groups.cameras)
    pairs = dict.fromkeys((person, camera) for person, camera, _when in (*old.views, *new.views))
    was = _by_pair(old)
    now = _by_pair(new)
    found: dict[Way, dict[str, list[str]]] = {}
    for person, camera in pairs:
        for way in _ways(was.get((person, camera), {}), now.get((person, camera), {})):
            found.setdefault(way, {}).setdefault(person, []).append(camera)
    for (opens, section, when, still), seen in found.items():
        for people, cameras in _rectangles(seen, inventory):
            every = tuple(c for first in cameras for c in cameras_of[first])
            who = tuple(p for first in people for p in members[first])
            yield Line(opens, section, Action.VIEW_LIVE, who, every, (), when, still)


def _ways(was: Mapping[str, str], now: Mapping[str, str]) -> Iterable[Way]:
    """How one person's view of one camera changes; `was` and `now` are situation -> section."""
    for opens, before, after in ((True, was, now), (False, now, was)):
        if ALWAYS in before:
            continue
        if ALWAYS in after:
            yield (
                opens,
                after[ALWAYS],
                (ALWAYS,),
                tuple(sorted(before)),
            )  # always: in every kind, known to it or not
            continue
        by_section: dict[str, list[str]] = {}
        for kind, section in after.items():
            if kind not in before:
                by_section.setdefault(section, []).append(kind)
        for section, kinds in by_section.items():
            yield opens, section, tuple(sorted(kinds)), ()


def _duties(old: Opens, new: Opens, groups: Alike, inventory: Inventory) -> Iterable[Line]:
    members = dict(groups.people)
    for opens, before, after in ((True, old.duties, new.duties), (False, new.duties, old.duties)):
        found: dict[tuple[str, Action, str], dict[str, list[str]]] = {}
        for (person, action, thing, about), section in after.items():
            if (person, action, thing, about) not in before:
                found.setdefault((section, action, about), {}).setdefault(person, []).append(thing)
        for (section, action, about), seen in found.items():
            for people, touched in _rectangles(seen, inventory):
                who = tuple(p for first in people for p in members[first])
                yield Line(opens, section, action, who, (), touched, (about,), ())


def _by_pair(opened: Opens) -> dict[tuple[str, str], dict[str, str]]:
    found: dict[tuple[str, str], dict[str, str]] = {}
    for (person, camera, when), section in opened.views.items():
        found.setdefault((person, camera), {})[when] = section
    return found


def _rectangles(
    seen: Mapping[str, list[str]], inventory: Inventory
) -> Iterable[tuple[list[str], tuple[str, ...]]]:
    """People of one party to whom exactly the same things happen, together."""
    found: dict[tuple[frozenset[str], tuple[str, ...]], list[str]] = {}
    for person, things in seen.items():
        at = frozenset(party for party, _role in inventory.persons[person].roles)
        found.setdefault((at, tuple(things)), []).append(person)
    for (_at, same), people in found.items():
        yield people, same


# words ------------------------------------------------------------------------------------------------------------


def sentence(line: Line, context: Context) -> str:
    """ "Opens 42 inside cameras at Lakeview High to 6 dispatchers of the Department, during: fire." """
    who = people_words(line.people, context)
    if line.action is not Action.VIEW_LIVE:
        verb = "Lets" if line.opens else "No longer lets"
        where = _where(line.things, context) if set(line.things) <= set(context.schools) else ""
        does = _DOES_ABOUT.get((line.action, line.when[0])) or DOES[line.action]
        return f"{verb} {who} {does}{where}."
    what = cameras_words(line.cameras, context)
    if line.when == (ALWAYS,):
        when = "at all times"
        if line.still:
            only = _when(line.still, context)
            when += f"; before, only {only}" if line.opens else f", except {only}"
    else:
        when = _when(line.when, context)
    return f"{'Opens' if line.opens else 'Closes'} {what} to {who}, {when}{context.limits(line)}."


def _when(kinds: Iterable[str], context: Context) -> str:
    """ "during: fire, medical; when the school invites"."""
    wanted = set(kinds)
    labels = ", ".join(label for kind, label in context.labels.items() if kind in wanted)
    others = [said for kind, said in _WHEN.items() if kind in wanted]
    called = {p.slug: p.called for p in (*context.old.parties, *context.new.parties)}
    for party in sorted({kind.partition("+")[2] for kind in wanted if "+" in kind}):
        aided = ", ".join(label for kind, label in context.labels.items() if aid_key(kind, party) in wanted)
        others.append(f"once {called[party]} is called for aid, during: {aided}")
    return "; ".join([f"during: {labels}"] * bool(labels) + others)


def people_words(ids: Iterable[str], context: Context) -> str:
    """ "6 named dispatchers of the Department"."""
    people = [context.inventory.persons[id] for id in ids]
    parties = {p.slug: p for p in (*context.old.parties, *context.new.parties)}
    roles: dict[str, str] = {}
    called: dict[str, str] = {}
    for person in people:
        for party_id, role in sorted(person.roles):
            slug = context.inventory.parties[party_id].slug if party_id in context.inventory.parties else ""
            if slug in parties:
                called[slug] = parties[slug].called
                roles |= {r.role: r.called for r in parties[slug].roles if r.role == role}
    named = [context.agreement in person.named_in for person in people]
    has_annex = any(
        clause.kind == "named_persons" for d in (context.old, context.new) for clause in d.clauses
    )
    agency = bool(set(called) - {context.new.owner})
    told = has_annex and agency and (all(named) or not any(named))
    how, but = ("named ", "") if told and all(named) else ("", " who are not named" if told else "")
    at = f" of {words.listed(list(called.values()))}" if called else ""
    count = len(people)
    if count > 1 and len(roles) == 1:
        return f"{count} {how}{next(iter(roles.values()))}{at}{but}"
    listed = f" ({', '.join(roles.values())})" if roles else ""
    if count == 1:
        return f"1 {how}person{at}{but.replace('are', 'is')}{listed}"
    return f"{count} {how}people{at}{but}{listed}"


def cameras_words(ids: Iterable[str], context: Context) -> str:
    """ "119 outside cameras and 42 inside cameras at Lakeview High". Without a count of inside ones where it is not told."""
    outside: dict[str, int] = {}
    inside: dict[str, int] = {}
    kinds: set[str] = set()
    for id in ids:
        camera = context.inventory.cameras[id]
        if camera.area_kinds <= EXTERIOR_AREA_KINDS:
            outside[camera.school] = outside.get(camera.school, 0) + 1
        else:
            inside[camera.school] = inside.get(camera.school, 0) + 1
            kinds |= camera.area_kinds
    parts = []
    if outside:
        parts.append(f"{_count(sum(outside.values()), 'outside camera')}{_where(outside, context)}")
    if inside and context.count_inside:
        parts.append(f"{_count(sum(inside.values()), 'inside camera')}{_where(inside, context)}")
    elif inside:
        parts.append(f"inside cameras ({words.areas(kinds)})")
    return words.listed(parts)


def _where(schools: Iterable[str], context: Context) -> str:
    names = [context.schools[s] for s in schools]
    if len(names) <= 3:
        return f" at {words.listed(names)}"
    return f" at {len(names)} schools"


def _count(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
