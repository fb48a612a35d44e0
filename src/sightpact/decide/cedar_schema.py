"""The Cedar schema of an agreement, and the strict check of policy text against it.

The vocabulary is fixed by docs/design/0001-foundation.md; between agreements only the emergency and situation booleans differ,
and the actions that go with situations.
Never: a policy set that has not passed `check` decides anything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache

import cedarpy

from sightpact.decide.facts import SITUATIONS

EMERGENCY_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
MORE_NAME = re.compile(r"(?:hours_[A-Z]?[0-9_]{1,12}|aid_[a-z0-9_]{1,50})\Z")
BASE_CONTEXT = ("in_force", "stopped", "drill")

_ACTIONS = {
    "Camera": ("view_live",),
    "School": ("start_sharing", "take_incident", "end_sharing"),
    "Party": ("stop_sharing", "see_watchers", "read_record", "manage"),
}
FURTHER = ("start_drill", "take_drill", "report_emergency", "approve_escalated")
"""Actions on a School that only a text with a section on them knows; other texts keep their schema, and so its hash."""
_SITUATED_ACTIONS = {"invitation": ("invite",), "request": ("ask", "approve"), "window": ("ask", "approve")}

_ENTITIES = """\
entity Party;
entity Role;
entity Annex;
entity School in [Party] { owner: Party };
entity Person in [Role, Party, Annex] { active: Bool };
entity Camera in [School] {
  area_kinds: Set<String>,
  tags: Set<String>,
  classified: Bool,
  private: Bool,
  in_service: Bool,
  drill_source: Bool,
  owner: Party,
  school: School
};
"""
_WITH_LISTS = ("entity Camera in [School] {", "entity CameraList;\nentity Camera in [School, CameraList] {")


class DecideError(Exception):
    """Root of the errors of this slice: what failed, why, and the next step, in plain words."""

    def __init__(self, what: str, why: str, next_step: str) -> None:
        super().__init__(f"{what}: {why}. {next_step}")
        self.what, self.why, self.next_step = what, why, next_step


class PolicyError(DecideError):
    """A policy or schema text that must not be used."""


def context_names(
    emergencies: Sequence[str], situations: Sequence[str] = (), more: Sequence[str] = ()
) -> tuple[str, ...]:
    """The exact context keys of a request under an agreement with these emergency kinds and situations.

    Args:
        more: `Agreement.more_told`: hours of sections, and neighbours who can be called for aid.
    """
    return (
        *BASE_CONTEXT,
        *(f"emergency_{kind}" for kind in emergencies),
        *(f"situation_{kind}" for kind in situations),
        *more,
    )


def actions_for(
    situations: Sequence[str], more: Sequence[str] = (), acts: Sequence[str] = ()
) -> dict[str, tuple[str, ...]]:
    """Action names by resource type, under an agreement whose sections define these. The first two as in `context_names`.

    Args:
        acts: of `FURTHER`, those that its sections define.
    """
    further = tuple(name for name in FURTHER if name in acts)
    asked = dict.fromkeys(
        action for kind in SITUATIONS if kind in situations for action in _SITUATED_ACTIONS[kind]
    )
    aid = ("call_aid",) if any(name.startswith("aid_") for name in more) else ()
    return {**_ACTIONS, "School": (*_ACTIONS["School"], *asked, *aid, *further)}


def schema_for(
    emergencies: Sequence[str],
    situations: Sequence[str] = (),
    more: Sequence[str] = (),
    lists: bool = False,
    acts: Sequence[str] = (),
) -> str:
    """Cedar schema text (human syntax) of an agreement; the same kinds always give the same bytes.

    Args:
        emergencies: kinds of emergency that the agreement defines, e.g. ("armed_person", "fire"); may be empty.
        situations: of `facts.SITUATIONS`, those that its sections define; may be empty.
        more: as in `context_names`; may be empty.
        lists: some section lists cameras; others keep the schema, and so the hash, of texts that list none.
        acts: as in `actions_for`; may be empty.

    Raises:
        PolicyError: a kind is no plain lower-case name, or appears twice, or a situation is none that is known.
    """
    if set(situations) - set(SITUATIONS) or len(set(situations)) != len(situations):
        raise PolicyError(
            f"situations {list(situations)}", "not each is a known one", f"Use each of {SITUATIONS} once"
        )
    for kind in emergencies:
        if not EMERGENCY_NAME.match(kind):
            raise PolicyError(
                f"emergency kind {kind!r}",
                "it is not a plain lower-case name",
                "Use letters, digits and underscores, at most 40, beginning with a letter",
            )
    if len(set(emergencies)) != len(emergencies):
        raise PolicyError("emergency kinds", "one appears twice", "List each kind once")
    if len(set(more)) != len(more) or not all(MORE_NAME.match(name) for name in more):
        raise PolicyError(f"context names {list(more)}", "not each is a plain name, once", "Name each once")
    # Sorted, so that the order in which clauses name the kinds does not change the signed hash.
    told = context_names(sorted(emergencies), sorted(situations), sorted(more))
    fields = "".join(f"  {name}: Bool,\n" for name in told)
    entities = _ENTITIES.replace(*_WITH_LISTS) if lists else _ENTITIES
    parts = [entities, "type Facts = {\n", fields.rstrip(",\n"), "\n};\n"]
    for resource, actions in actions_for(situations, more, acts).items():
        names = ", ".join(actions)
        parts.append(
            f"action {names} appliesTo {{ principal: [Person], resource: [{resource}], context: Facts }};\n"
        )
    return "".join(parts)


@lru_cache(maxsize=64)  # the same two texts have the same answer; a fault is not kept
def check(cedar_text: str, schema_text: str) -> None:
    """Validate policy text strictly against a schema, and our own rules: each policy has an @id, no templates.

    Raises:
        PolicyError: with every fault found, in plain text.
    """
    try:
        result = cedarpy.validate_policies(cedar_text, schema_text)
    except (ValueError, TypeError) as fault:
        raise PolicyError("policy text", str(fault), "Correct the text or the schema") from fault
    if not result.validation_passed:
        names = result.id_annotations_by_policy_id
        faults = "; ".join(
            f"section {names.get(e.policy_id, e.policy_id) or '?'}: {e.error}" for e in result.errors
        )
        raise PolicyError("policy text", faults or "it does not validate", "Correct the named sections")
    try:
        parsed = json.loads(cedarpy.policies_to_json_str(cedar_text))
    except ValueError as fault:
        raise PolicyError("policy text", str(fault), "Correct the text") from fault
    if parsed.get("templates") or parsed.get("templateLinks"):
        raise PolicyError("policy text", "it contains a template", "Write plain policies")
    for number, policy in parsed.get("staticPolicies", {}).items():
        if not policy.get("annotations", {}).get("id"):
            raise PolicyError(
                f"policy {number}", "it has no @id with its section number", 'Put @id("3.2") before it'
            )
