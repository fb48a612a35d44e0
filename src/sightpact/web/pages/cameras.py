"""The owner's list of cameras: what each sees, whether it works, when others may look. For who manages them, nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sightpact.access import visible, watch
from sightpact.agreements import reads as agreements
from sightpact.agreements.clauses.situations import SituationView
from sightpact.agreements.clauses.views import EmergencyView, StandingView
from sightpact.cameras import reads as cameras
from sightpact.cameras.reads import CameraCard
from sightpact.decide.facts import Action
from sightpact.people import reads as people
from sightpact.people.reads import PersonCard

OWN_ROLES = frozenset({"it", "superintendent", "security"})
"""Whoever is this at an owner sees its list while no house policy of it runs: somebody must be able to begin."""

KIND_WORDS = {
    "exterior": gettext_lazy("outside"),
    "entrance_outside": gettext_lazy("entrance, outside"),
    "parking": gettext_lazy("parking"),
    "field": gettext_lazy("field"),
    "bus_loop": gettext_lazy("bus loop"),
    "lobby": gettext_lazy("lobby"),
    "hallway": gettext_lazy("hallway"),
    "stairwell": gettext_lazy("stairwell"),
    "cafeteria": gettext_lazy("cafeteria"),
    "gymnasium": gettext_lazy("gymnasium"),
    "library": gettext_lazy("library"),
    "auditorium": gettext_lazy("auditorium"),
    "office": gettext_lazy("front office"),
    "classroom": gettext_lazy("classroom"),
    "restroom": gettext_lazy("restroom"),
    "locker_room": gettext_lazy("locker room"),
    "nurse": gettext_lazy("nurse"),
    "guidance": gettext_lazy("guidance"),
}
HEALTH = {
    "live": ("tick", gettext_lazy("Working")),
    "idle": ("tick", gettext_lazy("Ready")),
    "connecting": ("waiting", gettext_lazy("Connecting")),
    "stalled": ("warn", gettext_lazy("Stands still")),
    "lost": ("lost", gettext_lazy("Lost")),
    "unsupported": ("lost", gettext_lazy("Cannot be shown")),
}
BROKEN = frozenset({"stalled", "lost", "unsupported"})


@dataclass(frozen=True, slots=True)
class Row:
    card: CameraCard
    kinds: str
    address: str
    health: str  # state, "" when nothing is known yet
    health_sign: str
    health_word: str
    health_text: str
    shared_sign: str
    shared: str

    @property
    def group(self) -> str:
        """What the buttons above the list choose by."""
        if not self.card.classified:
            return "todo"
        if self.card.private:
            return "never"
        return "outside" if self.card.exterior else "inside"


_WHEN: tuple[tuple[type[StandingView | EmergencyView | SituationView], str], ...] = (
    (StandingView, "always"),
    (EmergencyView, "emergency"),
    (SituationView, "asked"),
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What one section of an agreement in force opens, and when."""

    clause: str
    when: str  # "always", "emergency", or "asked": by invitation, on request, during a planned event
    owner: str  # slug
    schools: frozenset[str] | None  # slugs; None: all
    area_kinds: frozenset[str]


@never_cache
@require_safe
def camera_list(request: HttpRequest) -> HttpResponse:
    person: PersonCard | None = getattr(request, "person", None)
    if person is None:
        return redirect_to_login(request.get_full_path())
    owners = owners_for(person)
    if not owners:
        raise Http404
    rows = rows_of(owners)
    schools = [school for owner in owners for school in cameras.schools(owner.id)]
    show, school, words = (request.GET.get(name, "").strip() for name in ("show", "school", "q"))
    shown = [row for row in rows if _wanted(row, show, school, words)]
    counts = {name: sum(row.group == name for row in rows) for name in ("todo", "outside", "inside", "never")}
    facts = {
        "rows": shown,
        "all": len(rows),
        "counts": counts,
        "broken": sum(row.health in BROKEN for row in rows),
        "tabs": _tabs(rows, counts, show),
        "schools": schools,
        "show": show,
        "school": school,
        "words": words,
    }
    return render(request, "web/cameras.html", facts)


def owners_for(person: PersonCard) -> tuple[people.PartyCard, ...]:
    """The owners whose cameras this person manages: by the law; by a role, only where no house policy says who does."""
    by_law = set(visible.owners_where(person.id, Action.MANAGE))
    ruled = {entry.facts.owner for entry in agreements.running() if entry.document.house}
    own = {party for party, role in person.roles if role in OWN_ROLES} - ruled
    return tuple(p for p in people.parties() if p.kind == "owner" and (p.id in by_law or p.id in own))


def rows_of(owners: Sequence[people.PartyCard]) -> list[Row]:
    """Every camera of these owners; what still has to be classified comes first."""
    found = []
    for owner in owners:
        scopes = _scopes(owner.slug)
        reached = cameras.connections(owner.id)
        found += [_row(card, reached[card.id].address, scopes) for card in cameras.cameras(owner.id)]
    return sorted(found, key=lambda row: row.card.classified)


def _row(card: CameraCard, address: str, scopes: Sequence[Scope]) -> Row:
    known = watch.health_of(card.id)
    state = known.state if known else ""
    sign, word = HEALTH.get(state, ("", _("Not known yet")))
    if not card.in_service:
        sign, word = "closed", _("Out of service")
    shared_sign, shared = _shared(card, scopes)
    kinds = ", ".join(str(KIND_WORDS.get(kind, kind)) for kind in sorted(card.area_kinds))
    text = known.text if known and state in BROKEN else ""
    return Row(card, kinds, address, state, sign, str(word), text, shared_sign, shared)


def _shared(card: CameraCard, scopes: Sequence[Scope]) -> tuple[str, str]:
    """When another party may look, by the agreements in force. A summary for the list: what counts is the law itself."""
    if not card.classified:
        return "unclassified", _("Not shared until classified")
    if card.private:
        return "never", _("Never shared")
    if not card.in_service:
        return "closed", _("Not shared: out of service")
    mine = [
        scope
        for scope in scopes
        if card.area_kinds <= scope.area_kinds
        and (scope.schools is None or card.school_slug in scope.schools)
    ]
    ways = {
        "always": _("Always, %s"),
        "emergency": _("Emergency, %s"),
        "asked": _("When invited or approved, %s"),
    }
    sections = {when: list(dict.fromkeys(s.clause for s in mine if s.when == when)) for when in ways}
    if sections["always"]:
        return "open", ways["always"] % ", ".join(sections["always"])
    said = [ways[when] % ", ".join(clauses) for when, clauses in sections.items() if clauses]
    return ("opens", "; ".join(said)) if said else ("closed", _("Not shared: no section opens it"))


def _scopes(owner: str) -> list[Scope]:
    found = []
    for running in agreements.running():
        document = running.document
        if document.house or document.owner != owner or running.facts.suspended:
            continue
        listed = document.names.schools
        schools = None if listed is None else frozenset(listed)
        for cls, when in _WHEN:
            for clause in document.all(cls):
                found.append(Scope(clause.number, when, owner, schools, frozenset(clause.area_kinds)))
    return found


def _wanted(row: Row, show: str, school: str, words: str) -> bool:
    if show == "broken":
        if row.health not in BROKEN:
            return False
    elif show and row.group != show:
        return False
    if school and row.card.school_slug != school:
        return False
    text = " ".join(
        (row.card.name, row.card.place, row.card.school_name, *row.card.area_names, row.kinds, row.address)
    )
    return all(word in text.lower() for word in words.lower().split())


def _tabs(rows: Sequence[Row], counts: dict[str, int], show: str) -> list[tuple[str, str, int, bool]]:
    """(value, label, count, chosen) of the buttons above the list."""
    broken = sum(row.health in BROKEN for row in rows)
    tabs = [
        ("", _("All"), len(rows)),
        ("todo", _("To do"), counts["todo"]),
        ("outside", _("Outside"), counts["outside"]),
        ("inside", _("Inside"), counts["inside"]),
        ("never", _("Never shared"), counts["never"]),
        ("broken", _("Not working"), broken),
    ]
    return [(value, label, count, value == show) for value, label, count in tabs]
