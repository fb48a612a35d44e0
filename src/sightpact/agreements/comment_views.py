"""The page of comments on a revision: read, write, answer, resolve. Members of a party read; who drafts for it writes.

Never: a trace of another side's internal comments, nor a choice of who reads made for the writer.
"""

from __future__ import annotations

import re
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sightpact.agreements import acting, life, reader, talk
from sightpact.agreements.actions import comments
from sightpact.agreements.clauses.base import NUMBER
from sightpact.agreements.errors import AgreementError
from sightpact.agreements.page_tools import ASK, for_people, form_text, parties_of, writers_of
from sightpact.people.reads import PersonCard

_TEXT = re.compile(r"(?:[0-9]{1,4}|draft-[0-9a-f-]{1,40})\Z")


@for_people(*ASK)
def page(request: HttpRequest, person: PersonCard, slug: str) -> HttpResponse:
    """Comments on one revision, `?revision=2`, the newest one without it; a POST writes one."""
    mine = parties_of(slug, person)
    number = life.number_of(slug, request.POST.get("revision") or request.GET.get("revision") or "")
    found = reader.page(slug, person, number) if number else None
    if found is None or number is None:
        raise Http404
    fault: AgreementError | None = None
    if request.method == "POST":
        writers_of(slug, person)
        try:
            _write(request, slug, number, person)
            return _back(request, slug, number)
        except AgreementError as refused:
            fault = refused
    told = {
        "page": found,
        "number": number,
        "numbers": life.revision_numbers(slug),
        "remarks": talk.remarks(slug, number, person),
        "writes": bool(mine & acting.drafts_for(person)),
        "section": request.POST.get("section") or request.GET.get("section", ""),
        "sections": [(s.number, s.heading) for part in found.parts for s in part.sections],
        "given": request.POST if fault else {},
        "fault": fault,
    }
    return render(request, "agreements/comments.html", told, status=422 if fault else 200)


def _write(request: HttpRequest, slug: str, number: int, person: PersonCard) -> None:
    who, answers = form_text(request, "who"), form_text(request, "answers")
    if who not in ("own", "all") and not answers:
        raise AgreementError(
            _("This comment"), _("does not say who may read it."), _("Choose your own side, or everybody.")
        )
    section = form_text(request, "section", 20)
    comments.write(slug, number, section, form_text(request, "text", 3000), who == "own", person, answers)


@for_people("POST")
def resolve(request: HttpRequest, person: PersonCard, slug: str, comment: str) -> HttpResponse:
    """Settle a comment, or open it again (`back=1`)."""
    writers_of(slug, person)
    act = comments.reopen if request.POST.get("back") else comments.resolve
    try:
        act(comment, person)
    except AgreementError as fault:
        messages.error(request, str(fault))
    number = life.number_of(slug, form_text(request, "revision"))
    return _back(request, slug, number)


def _back(request: HttpRequest, slug: str, number: int | None) -> HttpResponse:
    """To the page of changes at its section where it was written there; else to the page of comments."""
    sent = {name: form_text(request, name, 60) for name in ("from", "to")}
    if all(_TEXT.match(key) for key in sent.values()):
        section = form_text(request, "section", 20)
        at = f"#s{section}" if NUMBER.pattern.match(section) else "#whole"
        return HttpResponseRedirect(f"{reverse('agreement_changes', args=[slug])}?{urlencode(sent)}{at}")
    back = reverse("agreement_comments", args=[slug])
    return HttpResponseRedirect(f"{back}?revision={number}" if number else back)
