"""Guarantees and counterexamples in plain words: who could do what to which camera, when, under which section, and the remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sightpact.agreements import madeup
from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.guarantee import Guarantee
from sightpact.agreements.clauses.limits import Limited
from sightpact.agreements.clauses.situations import WHEN
from sightpact.agreements.clauses.views import EmergencyView
from sightpact.agreements.document import Document
from sightpact.agreements.proof import Failed
from sightpact.decide import facts
from sightpact.decide.facts import Action
from sightpact.decide.world import Told

SAYS = {
    "inside_only_in_a_named_situation": (
        "A camera inside a building opens to another party only in a situation that a section names for what it sees: in an"
        " emergency, or when the school invites, a request is approved, or a planned event runs."
    ),
    "neighbours_when_called": "A neighbour sees nothing before it is called for aid in an emergency.",
    "private_never": "Classrooms, restrooms and other private places open to nobody but the owner's own people.",
    "unclassified_never": "A camera whose areas nobody has classified opens to nobody.",
    "covered_only": "Only the owner's cameras at the places covered open, and of these only those that a section means.",
    "named_only": (
        "Only persons whom the agreement names see a picture; under the house policy, only the owner's own people."
    ),
    "drill_opens_nothing_real": "A drill opens no real camera.",
    "stopped_sees_nothing": "Who was stopped sees nothing.",
    "nothing_out_of_force": "Nothing is open while the agreement is suspended or not in force.",
    "parties_only": "Nobody outside the parties, and nobody who has left, may do anything.",
    "owner_alone_runs_it": "Only the owner's own people stop a sharing, see who watches, and manage.",
    "owner_alone_opens": "Only the owner's own people invite another party to look, and approve what it asks for.",
    "record_as_said": "The record is read by the owner's own people, and by others only as a section says.",
}
"""What each guarantee promises, by its code."""

_CHANGE = {
    "inside_only_in_a_named_situation": (
        "Keep only outside kinds of area in section {sections}; put the inside ones into a section that opens in a situation"
        " that it names, such as an emergency."
    ),
    "named_only": "Write named_only = true for whom section {sections} lets in, and name the persons in the annex.",
    "covered_only": "Add the school to the schools covered, or take the camera out of section {sections}.",
    "owner_alone_runs_it": "Name roles of the owner alone in section {sections}.",
    "owner_alone_opens": "Name roles of the owner alone in section {sections}, for who invites and who approves.",
    "record_as_said": "Take these people out of section {sections}, or let a records_read section name them.",
}
_CHANGE_ELSE = "Change section {sections} so that it does not open this; the fixed limits beside it should have closed it."

_DOES = {
    Action.VIEW_LIVE: "could watch {thing}",
    Action.START_SHARING: "could start a sharing at {thing}",
    Action.REPORT: "could open a sharing at {thing} on a 911 call or on somebody's word",
    Action.TAKE_INCIDENT: "could take an incident at {thing}",
    Action.END_SHARING: "could end a sharing at {thing}",
    Action.INVITE: "could invite another party to look at {thing}",
    Action.ASK: "could ask to look at {thing}",
    Action.APPROVE: "could approve a request to look at {thing}",
    Action.APPROVE_ESCALATED: "could approve a request to look at {thing} that was escalated",
    Action.CALL_AID: "could call a neighbour for aid at {thing}",
    Action.START_DRILL: "could start a drill at {thing}",
    Action.TAKE_DRILL: "could take a drill at {thing}",
    Action.STOP_SHARING: "could stop the sharing of {thing}",
    Action.SEE_WATCHERS: "could see who watches the cameras of {thing}",
    Action.READ_RECORD: "could read the record of {thing}",
    Action.MANAGE: "could manage people, cameras and agreements of {thing}",
}


@dataclass(frozen=True, slots=True)
class Counterexample:
    guarantee: str  # code
    promise: str
    example: str
    sections: tuple[str, ...]
    change: str

    def __str__(self) -> str:
        return f"{self.example} {self.change}"


def told(failed: Failed, document: Document, names: Mapping[str, str]) -> Counterexample:
    """One failed guarantee as a person reads it.

    Args:
        names: what to call persons, cameras, schools and parties, by id; an id without a name is shown itself.
    """
    b = failed.broken
    listed = words.listed(failed.sections) or "?"
    does = _DOES[b.action].format(thing=names.get(b.thing, b.thing))
    who = names.get(b.person, b.person)
    example = f"{who[:1].upper()}{who[1:]} {does} {moment(b.told, document)}, by section {listed} of “{document.title}”."
    change = _CHANGE.get(b.guarantee, _CHANGE_ELSE).format(sections=listed)
    if b.guarantee not in SAYS:
        own = b.guarantee.partition(":")[2]
        change = f"Change section {listed}, or the guarantee in section {own}: they contradict each other."
    return Counterexample(b.guarantee, promise(b.guarantee, document), example, failed.sections, change)


def promise(code: str, document: Document) -> str:
    """What a guarantee promises, built in or the text's own."""
    own = {clause.code: clause for clause in document.all(Guarantee)}
    return own[code].promise(document.names) if code in own else SAYS[code]


def moment(told: Told, document: Document) -> str:
    """When it is: "on a normal day", "while “Fire” is shared"."""
    label = next(
        (e.label for v in document.all(EmergencyView) for e in v.emergencies if e.kind == told.emergency),
        told.emergency,
    )
    during = WHEN.get(told.situation, "on a normal day, without any emergency")
    if told.emergency:
        during = f"while “{label}” is shared"
    if told.aid:
        aided = next((p.called for p in document.parties if p.slug == told.aid), told.aid)
        during += f", once {aided} is called for aid"
    if told.hours:
        section = next((c.number for c in document.all(Limited) if c.hours_name == told.hours), "?")
        during += f", at the hours of section {section}"
    if told.drill:
        during = (
            f"in a drill of “{label}”" if told.emergency else f"in a drill {WHEN.get(told.situation, '')}"
        )
        during = during.rstrip()
    if told.stopped:
        during = f"after being stopped, {during}"
    return during if told.in_force else f"while the agreement is suspended or not in force ({during})"


def made_up_names(document: Document, inventory: facts.Inventory) -> dict[str, str]:
    """What to call the people and things of `madeup.inventory`, whose ids are made of slugs."""
    called = {p.slug: p.called for p in document.parties}
    roles = {(p.slug, r.role): r.called.removeprefix("the ") for p in document.parties for r in p.roles}
    schools = madeup.school_names(document)
    names = {**called, **schools}
    for person in inventory.persons.values():
        ((party, role),) = person.roles
        who = f"the {roles.get((party, role), 'other people')} of {called.get(party, 'an agency that is no party')}"
        how = "named in the annex" if person.named_in else "not named in the annex"
        names[person.id] = f"one of {who}, {how if person.active else 'who has left'},"
    for camera in inventory.cameras.values():
        sees = (
            f"that sees {words.areas(camera.area_kinds)}" if camera.area_kinds else "that is not classified"
        )
        drill = ", simulated" if camera.drill_source else ""
        names[camera.id] = f"a camera {sees}{drill}, at {schools[camera.school]},"
    return names
