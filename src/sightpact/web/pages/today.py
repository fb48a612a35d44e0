"""Today: the first page of the district's people. What is open, who looks, what works, what needs somebody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from sightpact.access import (
    asked,
    board,
    drill_sections,
    exercises,
    facts,
    switch,
    visible,
    watch,
    which_school,
)
from sightpact.access.changes import reads as changes
from sightpact.access.facts import Snapshot
from sightpact.access.ready import reads as ready
from sightpact.access.remembered import while_facts_stand
from sightpact.agreements import life_page
from sightpact.cameras.reads import CameraCard
from sightpact.decide.facts import Action
from sightpact.ledger import clock
from sightpact.people import reads as people
from sightpact.record import after
from sightpact.record.whole import whole
from sightpact.web.pages.open_now import inside_words, now_open

SOON_DAYS = 30  # before which a drill that is owed is told of
BAD = ("lost", "unsupported", "stalled")


@dataclass(frozen=True, slots=True)
class Todo:
    when: str
    bold: str
    text: str
    path: str
    label: str


@dataclass(frozen=True, slots=True)
class SchoolLine:
    name: str
    cameras: int
    working: int  # known to work; a camera that nobody has looked at yet is not known
    lost: tuple[str, ...]
    fails: int  # checks of readiness that would fail now
    starters: int  # persons who may share its cameras


@never_cache
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    person = getattr(request, "person", None)
    if person is None:
        return redirect("/sign-in/?next=/today/")
    snapshot = facts.snapshot()
    owners = visible.owners_where(person.id, Action.SEE_WATCHERS, snapshot) or visible.owners_where(
        person.id, Action.MANAGE, snapshot
    )
    if not owners:
        raise Http404
    return render(request, "web/today.html", _facts(snapshot, person.id, owners[0]))


def _facts(snapshot: Snapshot, person: str, owner: str) -> dict[str, Any]:
    every = [c for c in snapshot.names.cameras.values() if c.owner_id == owner and c.in_service]
    cameras = [c for c in every if not c.drill_source]
    lost = [c for c in cameras if _is_lost(c)]
    sees = visible.owners_where(person, Action.SEE_WATCHERS, snapshot)
    reads_record = visible.owners_where(person, Action.READ_RECORD, snapshot)
    can_manage = bool(visible.owners_where(person, Action.MANAGE, snapshot))
    return {
        "now": clock.now(),
        "questions": which_school.waiting(snapshot, person),
        "may_answer": which_school.could_answer(snapshot, person),
        "back": "/today/",
        "on_today": True,
        "live": [card for card in snapshot.live if card.owner == owner],
        "open_now": (opened := now_open(snapshot, owner)),
        "inside_words": inside_words(opened),
        "board": board.state(person) if sees else None,
        "cameras": len(cameras),
        "working": sum(map(_works, cameras)),
        "untried": len(cameras) - len(lost) - sum(map(_works, cameras)),
        "lost": lost,
        "lost_names": ", ".join(camera.name for camera in lost[:5]),
        "can_manage": can_manage,
        "looks": [c for c in snapshot.askings if c.owner == owner and c.state == "open"],
        "todos": [
            *_to_answer(snapshot, person),
            *_exercises(snapshot, person),
            *_to_decide(snapshot, person),
            *_owed(person),
            *_desks(person),
            *_drills_owed(snapshot, owner),
            *_todos(snapshot, owner, can_manage),
            *_unready(owner),
        ],
        "whole": whole() if reads_record else None,
        "agreements": [a for a in snapshot.world.inventory.agreements if a.owner == owner],
        "schools": _schools(snapshot, owner),
    }


def _to_answer(snapshot: Snapshot, person: str) -> list[Todo]:
    """Requests and event periods that wait for this person."""
    now, todos = clock.now(), []
    for card in asked.to_answer(person, snapshot):
        left = max(1, int(((card.answer_due_utc or now) - now).total_seconds() // 60))
        when = ngettext("%(n)d minute", "%(n)d minutes", left) % {"n": left}
        if left > 600:
            when = ngettext("%(n)d day", "%(n)d days", left // 1440 + 1) % {"n": left // 1440 + 1}
        said = {"name": card.asked_by_name, "schools": ", ".join(card.school_names)}
        bold = _("%(name)s asks to look at %(schools)s.") % said
        todos.append(Todo(when, bold, card.reason, f"/asking/{card.id}/", _("Answer")))
    return todos


def _exercises(snapshot: Snapshot, person: str) -> list[Todo]:
    """Exercise alarms for which this person may start the drill."""
    bold, now = _("An exercise alarm came: start the drill."), clock.now()
    todos = []
    for card in exercises.waiting(snapshot, person):
        ago = max(0, int((now - card.received_utc).total_seconds() // 60))
        when = ngettext("%(n)d minute ago", "%(n)d minutes ago", ago) % {"n": ago}
        text = _("DRILL. %(source)s. %(why)s") % {"source": card.source_name, "why": card.why}
        todos.append(Todo(when, bold, text, "/drills/", _("Start it")))
    return todos


def _to_decide(snapshot: Snapshot, person: str) -> list[Todo]:
    """Changes of access that wait for this person as the second one."""
    waits = changes.count_to_decide(snapshot, snapshot.names.persons[person])
    if not waits:
        return []
    count = ngettext("%(n)d change", "%(n)d changes", waits) % {"n": waits}
    text = _("Somebody proposed to give more access. Until you decide, nothing is changed.")
    return [Todo(count, _("for you to decide."), text, "/changes/", _("Decide"))]


def _owed(person: str) -> list[Todo]:
    """Statements after an emergency that wait for this person's signature."""
    now, todos = clock.now(), []
    for line in after.owed(person):
        hours = int((line.due_utc - now).total_seconds() // 3600) if line.due_utc else 0
        when = ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
        said = {"kind": line.kind, "schools": ", ".join(line.card.school_names)}
        bold = _("The statement after “%(kind)s” at %(schools)s is owed.") % said
        text = _("Which threat there was, and who was shown what. Most of it is filled in.")
        late = line.state == "late"
        todos.append(
            Todo(_("Late") if late else when, bold, text, f"/after/{line.card.id}/", _("Complete it"))
        )
    return todos


def _todos(snapshot: Snapshot, owner: str, can_manage: bool) -> list[Todo]:
    """What waits for somebody: cameras without a class, agreements that end."""
    todos = []
    unclassified = sum(1 for c in snapshot.names.cameras.values() if c.owner_id == owner and not c.classified)
    if unclassified:
        count = ngettext("%(n)d camera", "%(n)d cameras", unclassified) % {"n": unclassified}
        text = _("Nobody outside the district sees a camera until somebody has said what it sees.")
        todos.append(Todo(count, _("not classified."), text, "/cameras/" if can_manage else "", _("Look")))
    for agreement in snapshot.world.inventory.agreements:
        if agreement.owner != owner or agreement.in_force_until is None:
            continue
        days = (agreement.in_force_until - clock.now()).days
        if 0 <= days <= 90:
            title = (
                snapshot.names.running[agreement.id].title if agreement.id in snapshot.names.running else ""
            )
            when = ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
            slug = snapshot.names.agreement_slugs.get(agreement.id, "")
            text = _("Then police see nothing.")
            todos.append(
                Todo(when, _("%(title)s ends.") % {"title": title}, text, f"/agreements/{slug}/", _("Read"))
            )
    return todos


def _unready(owner: str) -> list[Todo]:
    """What would fail if an emergency began now."""
    fails = ready.failing(owner)
    if not fails:
        return []
    count = ngettext("%(n)d check", "%(n)d checks", fails) % {"n": fails}
    text = _("If an emergency began now. Each has its remedy.")
    return [Todo(count, _("would fail."), text, "/ready/", _("Look"))]


def _drills_owed(snapshot: Snapshot, owner: str) -> list[Todo]:
    """Drills that are due within a month, or late."""
    today = clock.now().date()
    due = [
        o for o in drill_sections.owed(snapshot, owner) if not o.done and (o.due - today).days <= SOON_DAYS
    ]
    if not due:
        return []
    first, days = due[0], (due[0].due - today).days
    when = _("Late") if days < 0 else ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    words = {"n": len(due), "school": first.school_name, "held": first.held, "all": first.per_year}
    bold = ngettext("%(school)s owes a drill.", "%(n)d schools owe a drill.", len(due)) % words
    text = _("%(school)s: %(held)d of %(all)d held this year.") % words
    return [Todo(when, bold, text, "/drills/", _("Look"))]


def _desks(person: str) -> list[Todo]:
    """Agreements that wait for a side: for this person's own, and for another one that has had it for a week."""
    card = people.person(person)
    todos = []
    for line in life_page.reminders(card) if card else ():
        when = ngettext("%(n)d day", "%(n)d days", line.days) % {"n": line.days} if line.days else _("Today")
        bold = (
            _("%(title)s waits for your side.") if line.is_mine else _("%(title)s waits for the other side.")
        )
        todos.append(Todo(when, bold % {"title": line.title}, line.text, line.path, _("Read")))
    return todos


@while_facts_stand
def _starters(snapshot: Snapshot, owner: str) -> dict[str, int]:
    """By school, how many of the owner's people may share its cameras."""
    persons = snapshot.world.inventory.persons.values()
    can_start: dict[str, int] = {}
    for person in [p.id for p in persons if ready.is_staff(p, owner)]:
        for school in switch.schools_of(snapshot, person):
            can_start[school] = can_start.get(school, 0) + 1
    return can_start


def _schools(snapshot: Snapshot, owner: str) -> list[SchoolLine]:
    can_start, fails = _starters(snapshot, owner), ready.failing_by_school(owner)
    lines = []
    for school in snapshot.names.schools.values():
        if school.owner_id != owner:
            continue
        cameras = [c for c in snapshot.names.cameras.values() if c.school_id == school.id and _real(c)]
        lost = tuple(c.name for c in cameras if _is_lost(c))
        lines.append(
            SchoolLine(
                school.name,
                len(cameras),
                sum(map(_works, cameras)),
                lost,
                fails[school.id],
                can_start.get(school.id, 0),
            )
        )
    return lines


def _real(camera: CameraCard) -> bool:
    return camera.in_service and not camera.drill_source


def _works(camera: CameraCard) -> bool:
    health = watch.health_of(camera.id)
    return health is not None and health.state not in BAD


def _is_lost(camera: CameraCard) -> bool:
    health = watch.health_of(camera.id)
    return health is not None and health.state in BAD
