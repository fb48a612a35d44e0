"""The page of changes: what waits for a second person, with what it would open and close, and what became of the others.

For whoever may change access for a party; for everybody else there is no such page.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sightpact.access import changes, facts
from sightpact.access.changes import reads, who
from sightpact.access.changes.kinds import keepers_of
from sightpact.access.errors import UNWRITABLE
from sightpact.access.facts import Snapshot
from sightpact.agreements.papers.pace import Pace
from sightpact.ledger import clock
from sightpact.people.reads import PersonCard
from sightpact.web.importing.change import KINDS
from sightpact.web.importing.faults import ImportFaults

MOST = 20  # worked out anew for one page
_pace = Pace(at_once=30)  # each is tried in the writer's place, which a start at the switch must not wait for
FAULTS = (*changes.FAULTS, ImportFaults)


@never_cache
@require_safe
def change_list(request: HttpRequest) -> HttpResponse:
    person: PersonCard | None = getattr(request, "person", None)
    if person is None:
        return redirect_to_login(request.get_full_path())
    snapshot = _must_change(person)
    waiting = reads.waiting(snapshot, person)
    in_time = _pace.may(person.id, clock.monotonic())
    too_soon = _("This page was loaded very often. Wait a minute, then load it again to decide.")
    shown = [
        card
        if not card.may_decide
        else reads.shown_now(card, snapshot, person, KINDS, FAULTS)
        if in_time
        else replace(card, broken=too_soon)
        for card in waiting[:MOST]
    ]
    facts_of_page: dict[str, Any] = {
        "waiting": shown,
        "more": len(waiting) - len(shown),
        "history": reads.history(snapshot, person),
        "annexes": _annexes(snapshot, person),
    }
    return render(request, "web/changes.html", facts_of_page)


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Approve, refuse or withdraw one. A second tap finds it decided and says so."""
    person: PersonCard | None = getattr(request, "person", None)
    if person is None:
        return redirect_to_login("/changes/")
    _must_change(person)
    id, note = request.POST.get("change", ""), request.POST.get("note", "")
    try:
        match request.POST.get("decision", ""):
            case "approve":
                changes.approve(id, person, request.POST.get("seen") or "nothing was shown", KINDS)
                messages.success(request, _("Approved. It holds from now on."))
            case "refuse":
                changes.refuse(id, person, note)
                messages.success(request, _("Refused. Nothing was changed."))
            case "withdraw":
                changes.withdraw(id, person)
                messages.success(request, _("Withdrawn. Nothing was changed."))
    except FAULTS as fault:
        messages.error(request, str(fault))
    except UNWRITABLE:
        messages.error(
            request, _("Nothing was changed: the record cannot be written now. Try again, or tell IT.")
        )
    return HttpResponseRedirect("/changes/")


def told(request: HttpRequest, outcome: changes.Outcome) -> None:
    """Say on the next page what became of a proposed change."""
    if outcome.state == "done":
        messages.success(request, _("Done. It holds from now on."))
    elif outcome.state == "waiting":
        text = _("This gives somebody more, so it waits for a second person. Until then nothing is changed.")
        messages.warning(request, text)
    else:
        messages.info(request, _("Nothing to do: it stands so already."))


def _annexes(snapshot: Snapshot, person: PersonCard) -> list[tuple[str, str]]:
    """(slug, title) of the agreements whose annex this person may change."""
    mine = who.acts_for(snapshot, person)
    found = []
    for entry in snapshot.names.running.values():
        keepers = {keeper.id for keeper in keepers_of(entry.slug)}
        if keepers and mine & {*keepers, entry.facts.owner}:
            found.append((entry.slug, entry.title))
    return found


def _must_change(person: PersonCard) -> Snapshot:
    snapshot = facts.snapshot()
    if not who.acts_for(snapshot, person):
        raise Http404
    return snapshot
