"""Pages of drafts: begin one, look at its versions, put it away, propose it. For those who draft for its party alone.

The editor itself is in `editor_views.py`.
"""

from __future__ import annotations

import json
import tomllib
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from sightpact.agreements import acting, drafting, life_page, start_page
from sightpact.agreements.actions import drafts, rounds
from sightpact.agreements.cli_files import OUTSIDE
from sightpact.agreements.drafting import DraftCard
from sightpact.agreements.errors import AgreementError, ClauseFault, DocumentFaults, DraftFault
from sightpact.agreements.page_tools import ASK, for_people, form_text, writers_of
from sightpact.people.reads import PersonCard

MOST_BYTES = 1_000_000  # of a file


@for_people(*ASK)
def new(request: HttpRequest, person: PersonCard) -> HttpResponse:
    """Begin a draft of a new agreement: from a template with its blanks, or from a file."""
    mine = sorted(acting.drafts_for(person))
    if not mine:
        raise Http404
    chosen = request.POST.get("template") or request.GET.get("template") or ""
    fault: AgreementError | None = None
    if request.method == "POST":
        party = request.POST.get("party", "")
        party = party if party in mine else mine[0]
        try:
            return _to_editor(_begun(request, chosen, party, person), person)
        except AgreementError as refused:
            fault = refused
    page = start_page.page(person, chosen, request.POST)
    if page is None:
        raise Http404
    return render(
        request, "agreements/draft_new.html", {"page": page, "fault": fault}, status=422 if fault else 200
    )


def _begun(request: HttpRequest, template: str, party: str, person: PersonCard) -> str:
    if template:
        values, rows = start_page.given(request.POST)
        return drafts.begin_from_template(party, template, values, rows, person)
    return drafts.begin(party, _uploaded(request), "file", person)


def _uploaded(request: HttpRequest) -> dict[str, Any]:
    """The one agreement of an uploaded TOML or JSON file, without what is not signed."""
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > MOST_BYTES:
        raise DraftFault(
            "The file", "is missing or too large.", "Choose a TOML or JSON file of one agreement."
        )
    raw = file.read()
    try:
        if (file.name or "").lower().endswith(".json"):
            found = json.loads(raw)
        else:
            listed = tomllib.loads(raw.decode()).get("agreements", [])
            found = listed[0] if isinstance(listed, list) and len(listed) == 1 else None
    except (ValueError, RecursionError) as wrong:
        raise DraftFault("The file", f"cannot be read ({wrong}).", "Choose a TOML or JSON file.") from None
    if not isinstance(found, dict):
        raise DraftFault("The file", "does not hold one agreement.", "Choose a file with exactly one.")
    return json.loads(json.dumps({k: v for k, v in found.items() if k not in OUTSIDE}, default=str))  # type: ignore[no-any-return]


@for_people("POST")
def amend(request: HttpRequest, person: PersonCard, slug: str) -> HttpResponse:
    """Begin a counter or an amendment from a stored revision, the newest one unless told."""
    writers_of(slug, person)
    number = request.POST.get("revision", "")
    try:
        made = drafts.begin_from_revision(slug, person, int(number) if number.isdigit() else None)
    except AgreementError as fault:
        messages.error(request, str(fault))
        return HttpResponseRedirect(f"/agreements/{slug}/")
    return _to_editor(made, person)


@for_people(*ASK)
def propose(request: HttpRequest, person: PersonCard, slug: str, draft: str) -> HttpResponse:
    """Ask, then put the draft before the other parties; what is wrong with it is shown with its place."""
    card = _card(slug, draft, person)
    fault: AgreementError | None = None
    if request.method == "POST":
        version = form_text(request, "version")
        try:
            number = rounds.propose(
                card.id, int(version) if version.isdigit() else 0, person, form_text(request, "note")
            )
            return HttpResponseRedirect(f"/agreements/{_slug_of(card)}/?revision={number}")
        except AgreementError as refused:
            fault = refused
            card = _card(slug, draft, person)
    document, faults = drafting.checked(card.document, (card.newest or 0) + 1)
    shown: list[ClauseFault] = list(fault.faults) if isinstance(fault, DocumentFaults) else faults
    told = {
        "card": card,
        "editor": life_page.draft_path(card),
        "faults": shown,
        "fault": None if isinstance(fault, DocumentFaults) else fault,
        "is_sound": document is not None and not faults,
        "is_head": card.party_id in acting.heads_for(person),
        "others": [p.name for p in document.parties if p.slug != card.party_slug] if document else [],
        "note": request.POST.get("note", ""),
    }
    return render(request, "agreements/draft_propose.html", told, status=422 if fault else 200)


@for_people("POST")
def compare(request: HttpRequest, person: PersonCard, slug: str, draft: str) -> HttpResponse:
    """The newest revision was read: the draft goes on as an answer to it."""
    card = _card(slug, draft, person)
    _told(request, lambda: drafts.compare_with_newest(card.id, person))
    return HttpResponseRedirect(f"{life_page.draft_path(card)}propose/")


@for_people(*ASK)
def versions(request: HttpRequest, person: PersonCard, slug: str, draft: str) -> HttpResponse:
    """The kept versions of a draft; a POST makes one of them the current text again."""
    card = _card(slug, draft, person)
    if request.method == "POST":
        number, version = form_text(request, "number"), form_text(request, "version")
        if number.isdigit() and version.isdigit():
            _told(request, lambda: drafts.put_back(card.id, int(number), int(version), person))
        return HttpResponseRedirect(f"{life_page.draft_path(card)}versions/")
    told = {
        "card": card,
        "editor": life_page.draft_path(card),
        "versions": drafting.versions(card.id, person),
    }
    return render(request, "agreements/draft_versions.html", told)


@for_people("POST")
def discard(request: HttpRequest, person: PersonCard, slug: str, draft: str) -> HttpResponse:
    """Put a draft away, or take it back (`back=1`)."""
    card = _card(slug, draft, person)
    if request.POST.get("back"):
        _told(request, lambda: drafts.take_back(card.id, person))
        return HttpResponseRedirect(life_page.draft_path(card))
    drafts.discard(card.id, person)
    messages.info(request, _("The draft is discarded. For 30 days you can take it back below."))
    return HttpResponseRedirect("/agreements/")


def _told(request: HttpRequest, act: Any) -> None:
    try:
        act()
    except AgreementError as fault:
        messages.error(request, str(fault))


def _card(slug: str, draft: str, person: PersonCard) -> DraftCard:
    card = drafting.load(draft, person)
    if card is None or card.slug != slug:
        raise Http404
    return card


def _slug_of(card: DraftCard) -> str:
    return card.agreement or str(card.document.get("slug", card.slug))


def _to_editor(draft_id: str, person: PersonCard) -> HttpResponse:
    card = drafting.load(draft_id, person)
    assert card is not None  # it was begun a moment ago by this person
    return HttpResponseRedirect(life_page.draft_path(card))
