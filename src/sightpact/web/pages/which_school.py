"""Where a notice "Which school?" leads: the alarms that wait for this person's word, on any screen. The wall shows the same.

Answering is the wall's own address; it comes back here, or to Today.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from sightpact.access import facts
from sightpact.access import which_school as questions

PAGE = "/alert/which-school/"


@never_cache
@require_GET
def which_school(request: HttpRequest) -> HttpResponse:
    """The questions, and that there is none. 404 for whoever could answer none."""
    return _page(request, "web/which_school.html")


@never_cache
@require_GET
def which_school_state(request: HttpRequest) -> HttpResponse:
    """The inside of that page, and of Today's part of it (`?back=today`)."""
    return _page(request, "web/_which_school.html")


def _page(request: HttpRequest, template: str) -> HttpResponse:
    person = getattr(request, "person", None)
    if person is None:
        return redirect(f"/sign-in/?next={PAGE}")
    snapshot = facts.snapshot()
    waiting = questions.waiting(snapshot, person.id)
    if not waiting and not questions.could_answer(snapshot, person.id):
        raise Http404
    on_today = request.GET.get("back") == "today"
    shown = {"questions": waiting, "back": "/today/" if on_today else PAGE, "on_today": on_today}
    return render(request, template, shown)
