"""One review: the views that the record drew, and the signature that somebody looked. Reading it is written down first."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sightpact.access.errors import LogUnwritable
from sightpact.people.reads import PersonCard
from sightpact.record import actions, reviews

MOST_NOTE = 1000  # characters of what was found


@never_cache
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, agreement: str, number: int) -> HttpResponse:
    """Show the sample; a POST signs it."""
    person: PersonCard | None = getattr(request, "person", None)
    if person is None:
        return redirect(f"/sign-in/?next={request.path}")
    span = reviews.one(person.id, agreement, number)
    if span is None:
        raise Http404("There is no such review for you.")
    if request.method == "POST":
        return _sign(request, person, span)
    entry = actions.note_read(person, f"review {span.key} of {span.agreement}")
    drawn = reviews.draw(span)
    return render(
        request,
        "record/review.html",
        {
            "span": span,
            "drawn": drawn,
            "rows": reviews.rows(drawn) if drawn else (),
            "own_entry": entry,
            "signer": span.signed.shown("person") if span.signed else "",
            "said": span.signed.shown("text") if span.signed else "",
        },
    )


def _sign(request: HttpRequest, person: PersonCard, span: reviews.Due) -> HttpResponse:
    drawn, finding = reviews.draw(span), request.POST.get("finding", "")
    note = " ".join(request.POST.get("note", "").split())[:MOST_NOTE]
    if drawn is None or finding not in actions.FINDINGS:
        messages.error(request, _("Nothing was signed. Choose what you found."))
    elif finding == "questions" and not note:
        messages.error(request, _("Nothing was signed. Write which views you ask about, and whom."))
    else:
        try:
            actions.sign_review(person, span, drawn, finding, note)
        except LogUnwritable as fault:
            messages.error(request, str(fault))
    return redirect(request.path)
