"""Papers of an agreement to take away: text and redline as PDF and Word file, the board pack.

Made by a process of its own (`papers.making`), so that no paper can hold up a page or a picture.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from sightpact.agreements.errors import AgreementError, PaperFault
from sightpact.agreements.page_tools import for_people
from sightpact.agreements.papers import making, stored
from sightpact.agreements.papers.content import FORMS, TYPES
from sightpact.agreements.papers.pace import Pace
from sightpact.decide.cedar_schema import DecideError
from sightpact.ledger import clock
from sightpact.people.reads import PersonCard

_pace = Pace()


@for_people("GET")
def paper(request: HttpRequest, person: PersonCard, slug: str, form: str) -> HttpResponse:
    """One paper as a file: ?revision=2, or draft-<id> of one's own side; for the redline ?from=1&to=2.

    404 for everybody who is of none of the agreement's parties, and for another side's draft.
    """
    old = request.GET.get("from", "")
    new = request.GET.get("to", "") if form.startswith("redline") else request.GET.get("revision", "")
    if not _pace.may(person.id, clock.monotonic()):
        return _refused(request, slug, 429, _too_many())
    try:
        found = stored.find(slug, person, stored.Asked(form, new, old))
        if found is None:
            raise Http404
        content = making.paper(form, found.paper)
    except (AgreementError, DecideError) as fault:
        return _refused(request, slug, 503, fault)
    answer = HttpResponse(content, content_type=TYPES[FORMS[form]])
    answer["Content-Disposition"] = f'attachment; filename="{found.filename}"'
    return answer


def _too_many() -> PaperFault:
    return PaperFault(
        _("This paper"), _("is one of too many in a short time."), _("Wait a minute, then ask again.")
    )


def _refused(
    request: HttpRequest, slug: str, status: int, fault: AgreementError | DecideError
) -> HttpResponse:
    answer = render(request, "agreements/paper_refused.html", {"slug": slug, "fault": fault}, status=status)
    if status == 429:
        answer["Retry-After"] = "60"
    return answer
