"""How long names stay readable: the rules, what they would erase next, what they erased, and the hold that stops them all.

For the owner's people who read the record.
"""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sightpact.access.errors import AccessError, NotFound
from sightpact.agreements.clauses.retention import NAMES_IN
from sightpact.ledger import clock
from sightpact.people.reads import PersonCard
from sightpact.record import actions, erasing, reads, sentences

AHEAD = timedelta(days=30)


@never_cache
@require_http_methods(["GET", "POST"])
def names(request: HttpRequest) -> HttpResponse:
    """The page; a POST places a hold or lifts one."""
    person: PersonCard | None = getattr(request, "person", None)
    if person is None:
        return redirect(f"/sign-in/?next={request.path}")
    try:
        of_party = reads.may_read(person.id)
    except NotFound as nothing:
        raise Http404(str(nothing)) from nothing
    if of_party:
        raise Http404
    if request.method == "POST":
        return _hold(request, person)
    now = clock.now()
    rows = [
        {
            "rule": rule,
            "lines": NAMES_IN[rule.lines],
            "now": erasing.due(rule, now),
            "soon": erasing.due(rule, now + AHEAD),
        }
        for rule in erasing.rules()
    ]
    found = {
        "rows": rows,
        "holds": erasing.holds(),
        "erased": [(entry, sentences.said(entry)) for entry in erasing.lately()],
        "own_entry": actions.note_read(person, "how long names stay readable"),
    }
    return render(request, "record/names.html", found)


def _hold(request: HttpRequest, person: PersonCard) -> HttpResponse:
    why, lifted = request.POST.get("why", ""), request.POST.get("lift", "")
    try:
        if not lifted:
            actions.hold(person, why)
            messages.success(request, _("The record is on hold: no name is erased."))
        elif any(str(each.entry) == lifted for each in erasing.holds()):
            actions.lift(person, int(lifted), why)
            messages.success(request, _("That hold is lifted."))
    except AccessError as fault:
        messages.error(request, str(fault))
    return redirect(request.path)
