"""From a document to Cedar: the clauses' permits, the fixed forbids that no agreement can take out, and the schema.

Pure and deterministic: the same document gives the same bytes. Everything that comes out has passed Cedar's strict check.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from sightpact.agreements.clauses.aid import MutualAid
from sightpact.agreements.clauses.base import covered_camera
from sightpact.agreements.clauses.limits import DAYS, Limited
from sightpact.agreements.clauses.situations import RequestView, SituationView
from sightpact.agreements.clauses.switch import WhoMayStart
from sightpact.agreements.clauses.views import EmergencyView
from sightpact.agreements.document import Document, canonical, render_text, sha256
from sightpact.agreements.scopes import camera_lists
from sightpact.decide.cedar_schema import check, schema_for
from sightpact.decide.facts import aid_name
from sightpact.decide.hours import Hours


def emergency_kinds(document: Document) -> tuple[str, ...]:
    """Kinds of emergency that the agreement defines, in its order; each is a context boolean `emergency_<kind>`."""
    return tuple(e.kind for clause in document.all(EmergencyView) for e in clause.emergencies)


def situation_kinds(document: Document) -> tuple[str, ...]:
    """Which of `decide.facts.SITUATIONS` its sections define, in its order; each is a context boolean `situation_<kind>`."""
    return tuple(c.situation for c in document.clauses if isinstance(c, SituationView))


def hours_of(document: Document) -> tuple[Hours, ...]:
    """The hours of its sections, in its order; each is a context boolean `hours_<section>`."""
    zone = document.names.zone
    return tuple(
        Hours(
            c.hours_name,
            c.number,
            zone,
            time.fromisoformat(c.hours.opens),
            time.fromisoformat(c.hours.closes),
            frozenset(tuple(DAYS).index(day) for day in c.hours.days),
        )
        for c in document.clauses
        if isinstance(c, Limited) and c.hours is not None
    )


def aid_parties(document: Document) -> tuple[str, ...]:
    """Neighbours who are let in once they are called, in its order; each is a context boolean `aid_<slug>`."""
    return tuple(dict.fromkeys(c.party for c in document.all(MutualAid)))


def further_acts(document: Document) -> tuple[str, ...]:
    """Which of `cedar_schema.FURTHER` its sections define."""
    reported = ("report_emergency",) if any(c.report for c in document.all(WhoMayStart)) else ()
    escalated = ("approve_escalated",) if any(c.escalate_to for c in document.all(RequestView)) else ()
    return (*(act for c in document.clauses for act in c.acts), *reported, *escalated)


def more_told(document: Document) -> tuple[str, ...]:
    """The context booleans of hours and of aid."""
    return (*(h.name for h in hours_of(document)), *map(aid_name, aid_parties(document)))


def policy_text(document: Document) -> str:
    """The whole policy set: a header, the permits in the order of the clauses, then the forbids."""
    names = document.names
    head = (
        f"// {document.slug}, revision {document.revision}: made by Sightpact from the signed text.\n"
        "// Parties, schools and the annex are called by their short names; @id is the section.\n"
    )
    permits = [text for text in (clause.compile(names) for clause in document.clauses) if text]
    return "\n".join([head, *permits, *_forbids(document)])


def _forbids(document: Document) -> list[str]:
    """The fixed limits. They stand beside each agreement's permits, so that a careless permit opens nothing more."""
    owner = f'Party::"{document.owner}"'
    parties = ", ".join(f'Party::"{p.slug}"' for p in document.parties)
    private = f"resource.private && !(principal in {owner})" if document.house else "resource.private"
    view = 'principal, action == Action::"view_live", resource'
    narrowing = '[Action::"end_sharing", Action::"stop_sharing"]'
    return [
        _forbid("never.private", view, private),
        _forbid("never.unclassified", view, "!resource.classified"),
        _forbid("never.out_of_service", view, "!resource.in_service"),
        _forbid("never.not_covered", view, f"!({covered_camera(document.names)})"),
        _forbid("never.drill", view, "context.drill != resource.drill_source"),
        _forbid("never.stopped", view, "context.stopped"),
        _forbid("never.inactive", "principal, action, resource", "!principal.active"),
        _forbid("never.stranger", "principal, action, resource", f"!(principal in [{parties}])"),
        _forbid(
            "never.not_in_force",
            "principal, action, resource",
            f"!context.in_force && !(action in {narrowing})",
        ),
    ]


def _forbid(name: str, scope: str, condition: str) -> str:
    return f'@id("{name}")\nforbid ({scope})\nwhen {{\n  {condition}\n}};\n'


@dataclass(frozen=True, slots=True)
class Made:
    """Everything that is made from one document, and the four hashes (sha256, hex) that are signed."""

    canonical: bytes
    text: str
    cedar: str
    schema: str
    canonical_hash: str
    text_hash: str
    cedar_hash: str
    schema_hash: str

    @property
    def hashes(self) -> dict[str, str]:
        return {
            "canonical_hash": self.canonical_hash,
            "text_hash": self.text_hash,
            "cedar_hash": self.cedar_hash,
            "schema_hash": self.schema_hash,
        }


def make(document: Document) -> Made:
    """Text, policy, schema and hashes of a document.

    Raises:
        decide.cedar_schema.PolicyError: the policy does not pass the strict check; a fault of Sightpact, not of the text.
    """
    content, text = canonical(document), render_text(document)
    cedar = policy_text(document)
    lists = bool(camera_lists(document))
    schema = schema_for(
        emergency_kinds(document),
        situation_kinds(document),
        more_told(document),
        lists,
        further_acts(document),
    )
    check(cedar, schema)
    return Made(content, text, cedar, schema, sha256(content), sha256(text), sha256(cedar), sha256(schema))
