"""All slow-moving facts of one epoch, parsed once for Cedar, and the one place that asks Cedar.

Never: a second way to ask Cedar. Its surprises (a forbid that errs is skipped, unknown names may be allowed) are
answered here, by `Law.ask`; what a person may do is put together in `authorize.py`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cedarpy

from sightpact.decide.cedar_schema import DecideError, actions_for, check, context_names
from sightpact.decide.entities import WorldError, cedar_entities, settled
from sightpact.decide.facts import Action, Agreement, Camera, Inventory, Party, Person, School, aid_name

Resource = Camera | School | Party
Shape = tuple[Any, ...]
MOST_REMEMBERED = 100_000  # answers of one law, taken over from epoch to epoch

RESOURCE_OF = {
    Action.VIEW_LIVE: "Camera",
    Action.START_SHARING: "School",
    Action.REPORT: "School",
    Action.TAKE_INCIDENT: "School",
    Action.END_SHARING: "School",
    Action.INVITE: "School",
    Action.ASK: "School",
    Action.APPROVE: "School",
    Action.APPROVE_ESCALATED: "School",
    Action.CALL_AID: "School",
    Action.START_DRILL: "School",
    Action.TAKE_DRILL: "School",
    Action.STOP_SHARING: "Party",
    Action.SEE_WATCHERS: "Party",
    Action.READ_RECORD: "Party",
    Action.MANAGE: "Party",
}


@dataclass(frozen=True, slots=True)
class Told:
    """The booleans told to Cedar. `emergency` is a kind, `situation` one of SITUATIONS, each or both "" for none.

    `hours` is the one boolean of hours that is told as true, `aid` the one neighbour that was called: one at a time, so that
    the proof's finite world stays small and what a grant rests on is known.
    """

    in_force: bool
    stopped: bool
    drill: bool
    emergency: str
    situation: str = ""
    hours: str = ""  # its full name: "hours_3_1"
    aid: str = ""  # slug of the party: "fairmont-pd"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Cedar's answer under one agreement. `error` is for logs; an outcome with an error never allows."""

    allow: bool
    clause: str = ""
    error: str = ""
    clauses: tuple[str, ...] = ()  # every section that permits it, the first one being `clause`


class Law:
    """One agreement with its parsed policies. Owns the memo of what Cedar answered."""

    def __init__(self, agreement: Agreement, entities: cedarpy.Entities | None, fault: str) -> None:
        self.agreement = agreement
        known = actions_for(agreement.situations, agreement.more_told, agreement.acts)
        self.actions = frozenset(a for names in known.values() for a in names)
        self.fault = fault
        self.names_persons = self.names_cameras = False
        self.at_all_times: frozenset[str] = (
            frozenset()
        )  # sections of permits that ask for no situation, hours or aid
        self._memo: dict[tuple[Any, ...], Outcome] = {}
        self._contexts: dict[Told, str] = {}
        if fault or entities is None:
            self.fault = fault or "no entities"
            return
        try:
            if hashlib.sha256(agreement.cedar.encode()).hexdigest() != agreement.policy_hash:
                raise WorldError(
                    "policy text", "it is not the text that was signed", "Restore the signed text"
                )
            self._policies, self._schema, named, self.at_all_times = _handles(
                agreement.cedar, agreement.schema
            )
        except (DecideError, ValueError, TypeError) as fault_found:
            self.fault = str(fault_found)
            return
        self._entities = entities
        # A policy that names one person or camera makes the id matter; else what it is decides.
        self.names_persons, self.names_cameras = "Person" in named, "Camera" in named

    def ask(self, action: Action, person: Person, resource: Resource, told: Told) -> Outcome:
        """Cedar's answer, from memory where the facts that matter are the same.

        Person and resource must be of this world (`World.persons` ...): unknown ones are refused before.
        """
        if self.fault:
            return Outcome(False, error=self.fault)
        key = (action, self._shape_of_person(person), self._shape_of(resource), told)
        known = self._memo.get(key)
        if known is None:
            known = self._memo[key] = self.ask_cedar(action, person, resource, told)
        return known

    def forget(self) -> None:
        """Empty the memo (for measuring)."""
        self._memo.clear()

    def remember(self, before: Law) -> None:
        """Take over what Cedar answered in the world before, where parties, schools and annexes have the same names.

        The same text then answers the same for what is the same; a person or camera that changed has another shape. Where a
        policy names one person or camera its id stands for it, and its facts may have changed: nothing is taken over.
        """
        mine, theirs = self.agreement, before.agreement
        same = (mine.cedar, mine.schema, mine.owner, mine.slug) == (
            theirs.cedar,
            theirs.schema,
            theirs.owner,
            theirs.slug,
        )
        if self.fault or before.fault or not same or self.names_persons or self.names_cameras:
            return
        if len(before._memo) > MOST_REMEMBERED:  # people and cameras long gone are in it too: begin afresh
            return
        self._memo = {key: outcome for key, outcome in before._memo.items() if not outcome.error}

    def ask_cedar(self, action: Action, person: Person, resource: Resource, told: Told) -> Outcome:
        """The wrapper rule: allow iff Cedar says Allow, without any error, by a policy with a clause number.

        What the agreement has no section of is a plain refusal: its schema does not have the action, and Cedar is not asked.
        """
        if action not in self.actions:
            return Outcome(False)
        kind = type(resource).__name__
        name = resource.id if isinstance(resource, Camera) else resource.slug or resource.id
        request = {
            "principal": {"type": "Person", "id": person.id},
            "action": {"type": "Action", "id": action.value},
            "resource": {"type": kind, "id": name},
            "context": self._context(told),
        }
        result = cedarpy.is_authorized(request, self._policies, self._entities, self._schema)
        diagnostics = result.diagnostics
        if diagnostics.errors:
            return Outcome(False, error="; ".join(map(str, diagnostics.errors)))
        if result.decision is cedarpy.Decision.NoDecision:
            return Outcome(False, error="Cedar gave no decision")
        if result.decision is not cedarpy.Decision.Allow:
            return Outcome(False)
        clauses = sorted(set(diagnostics.id_annotations_by_reason.values()), key=clause_order)
        if not clauses:
            return Outcome(False, error="allowed by a policy without a section number")
        return Outcome(True, clauses[0], clauses=tuple(clauses))

    def _context(self, told: Told) -> str:
        text = self._contexts.get(told)
        if text is None:
            kinds, situations = self.agreement.emergencies, self.agreement.situations
            if told.emergency and told.emergency not in kinds:
                raise WorldError(
                    f"emergency {told.emergency!r}", "the agreement does not define it", "Skip it"
                )
            if told.situation and told.situation not in situations:
                raise WorldError(
                    f"situation {told.situation!r}", "the agreement does not define it", "Skip it"
                )
            values = {f"emergency_{kind}": kind == told.emergency for kind in kinds}
            values |= {f"situation_{kind}": kind == told.situation for kind in situations}
            values |= {h.name: h.name == told.hours for h in self.agreement.hours}
            values |= {aid_name(party): party == told.aid for party in self.agreement.aid}
            values |= {"in_force": told.in_force, "stopped": told.stopped, "drill": told.drill}
            assert set(values) == set(context_names(kinds, situations, self.agreement.more_told))
            text = self._contexts[told] = json.dumps(values)
        return text

    def _shape_of_person(self, person: Person) -> Shape | str:
        return person.id if self.names_persons else shape_of_person(person)

    def _shape_of(self, resource: Resource) -> Shape | str:
        if self.names_cameras or not isinstance(resource, Camera):
            return resource.id
        return shape_of_camera(resource)


def shape_of_person(person: Person) -> Shape:
    """All that a law can know of a person."""
    return person.roles, person.named_in, person.active


def shape_of_camera(camera: Camera) -> Shape:
    """All that a law can know of a camera."""
    c = camera
    return c.owner, c.school, c.area_kinds, c.tags, c.in_service, c.drill_source, c.lists


class World:
    """An inventory made ready: build it once for each world epoch (tens of milliseconds), then ask it often.

    Args:
        before: the world of the epoch before: what Cedar answered there and still counts is not asked again.
    Raises:
        WorldError: two parties, schools or annexes go by the same name, so Cedar could not tell them apart.
    """

    def __init__(self, inventory: Inventory, before: World | None = None) -> None:
        inventory = settled(inventory)
        self.inventory = inventory
        self.epoch = inventory.epoch
        self._concerned: dict[tuple[str, str, bool], tuple[Law, ...]] = {}
        texts: dict[bool, str] = {}  # with lists of cameras and without: a schema knows them or does not
        parsed: dict[str, tuple[cedarpy.Entities | None, str]] = {}
        self.laws: list[Law] = []
        for agreement in inventory.agreements:
            if agreement.schema not in parsed:
                lists = bool(agreement.lists)
                if lists not in texts:
                    texts[lists] = json.dumps(cedar_entities(inventory, lists))
                parsed[agreement.schema] = _parse(texts[lists], agreement.schema)
            self.laws.append(Law(agreement, *parsed[agreement.schema]))
        self._a_person_is_named = any(law.names_persons for law in self.laws)
        self._a_camera_is_named = any(law.names_cameras for law in self.laws)
        if before is not None and _names(before.inventory) == _names(inventory):
            known = {law.agreement.id: law for law in before.laws}
            for law in self.laws:
                if law.agreement.id in known:
                    law.remember(known[law.agreement.id])

    def laws_for(self, person: Person, party: str, as_owner: bool = True) -> tuple[Law, ...]:
        """Agreements in which the person's party is let in (or is the owner itself) and `party` has its part.

        Args:
            party: whose things are asked for.
            as_owner: that party must be the agreement's owner; else any of its parties.
        """
        key = (person.id, party, as_owner)
        laws = self._concerned.get(key)
        if laws is None:
            mine = {at for at, _ in person.roles}
            laws = self._concerned[key] = tuple(
                law
                for law in self.laws
                if mine & law.agreement.parties
                and (party == law.agreement.owner if as_owner else party in law.agreement.parties)
            )
        return laws

    def alike(self, person: str, camera: str) -> object:
        """Pairs of a person and a camera with the same key get the same answer, stops and situations that name cameras apart.

        An id that is not known stands for itself, and so does one where a policy names single persons or cameras.
        """
        who, what = self.inventory.persons.get(person), self.inventory.cameras.get(camera)
        return (
            person if who is None or self._a_person_is_named else shape_of_person(who),
            camera if what is None or self._a_camera_is_named else shape_of_camera(what),
        )

    def has_any_law(self, person: Person) -> bool:
        mine = {at for at, _ in person.roles}
        return any(mine & law.agreement.parties for law in self.laws)

    @property
    def faults(self) -> Mapping[str, str]:
        """Agreements that cannot be used, by id, with the reason: they grant nothing. To be told to people."""
        return {law.agreement.id: law.fault for law in self.laws if law.fault}

    def resource(self, action: Action, id: str) -> Resource | None:
        """The known thing of the kind that the action is about, or None."""
        kind = RESOURCE_OF[action]
        if kind == "Camera":
            return self.inventory.cameras.get(id)
        if kind == "School":
            return self.inventory.schools.get(id)
        return self.inventory.parties.get(id)


def clause_order(clause: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts "3.2" before "3.10", and numbers before words."""
    return tuple((0, int(p), "") if p.isascii() and p.isdigit() else (1, 0, p) for p in clause.split("."))


@lru_cache(maxsize=64)
def _handles(
    cedar: str, schema: str
) -> tuple[cedarpy.PolicySet, cedarpy.Schema, frozenset[str], frozenset[str]]:
    """A checked text made ready for Cedar, the types of entities that it names one of, and the sections of its permits that
    look at no boolean beside the basic ones. A world epoch parses no text anew.

    Raises:
        PolicyError: it does not pass the check.
    """
    check(cedar, schema)
    policies = json.loads(cedarpy.policies_to_json_str(cedar))
    told = {f'"attr": "{name}"' for name in re.findall(r"\b(?:emergency|situation|hours|aid)_\w+", schema)}
    at_all_times = {
        policy["annotations"]["id"]
        for policy in policies["staticPolicies"].values()
        if policy["effect"] == "permit" and not any(name in json.dumps(policy) for name in told)
    }
    handles = cedarpy.PolicySet.from_str(cedar), cedarpy.Schema.from_str(schema)
    return *handles, frozenset(_entity_types(policies)), frozenset(at_all_times)


def _names(inventory: Inventory) -> tuple[object, ...]:
    """Everything by which policies call things, and what hangs on what: where it is the same, the same shape is the same."""
    return (
        {p.id: p.slug for p in inventory.parties.values()},
        {s.id: (s.slug, s.owner) for s in inventory.schools.values()},
        {a.id: a.slug for a in inventory.agreements},
    )


@lru_cache(maxsize=8)  # a suspension, or one text among several, leaves people and cameras as they were
def _parse(entities: str, schema: str) -> tuple[cedarpy.Entities | None, str]:
    try:
        return cedarpy.Entities.from_json_str(entities, schema), ""
    except (ValueError, TypeError) as fault:
        return None, f"the facts do not fit the schema: {fault}"


def _entity_types(node: Any) -> set[str]:
    """Entity types that a policy names one entity of, anywhere in its JSON form."""
    if isinstance(node, dict):
        found = {str(node["type"])} if "type" in node and "id" in node else set()
        return found.union(*map(_entity_types, node.values()))
    if isinstance(node, list):
        return set().union(*map(_entity_types, node))
    return set()
