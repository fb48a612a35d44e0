"""The clause editor: its page, its preview and its saving. For whoever drafts for the party; for others there is none.

The preview keeps nothing and answers the same text the same way. Saving is `actions.drafts.save`.
"""

from __future__ import annotations

import json
from typing import Any

from allauth.core.internal import ratelimit
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sightpact.agreements import acting, drafting, editing, editor_answer, editor_fields, editor_reads
from sightpact.agreements.actions import drafts
from sightpact.agreements.consequences import DESK
from sightpact.agreements.document import data
from sightpact.agreements.drafting import DraftCard
from sightpact.agreements.editing import Draft
from sightpact.agreements.editor_phrases import phrases
from sightpact.agreements.editor_words import field_title
from sightpact.agreements.errors import DraftConflict, DraftFault
from sightpact.people.reads import PersonCard

_SIGNS = [
    "warn",
    "tick",
    "cross",
    "enforced",
    "by-people",
    "opens-more",
    "closes-more",
    "same",
    "clock",
]  # for the components
_LIMITS = {
    "preview": "300/m/key",
    "save": "120/m/key",
}  # of one person; two previews for each pause in typing


@never_cache
@require_safe
def editor(request: HttpRequest, slug: str, draft: str) -> HttpResponse:
    """The page. Without script it shows the text as it reads now, and says what is needed to change it."""
    person = _person(request)
    if person is None:
        return redirect_to_login(request.get_full_path())
    card = _card(slug, draft, person)
    if not card.is_open:
        return render(request, "agreements/editor_closed.html", {"card": card})
    raw = card.document
    base = editor_reads.base(card.agreement, str(card.base), person) if card.base is not None else None
    answered = editor_answer.words(_read(raw, person), base.document if base else None)
    address = [slug, draft]
    settings = {
        "draft": {"id": card.id, "version": card.version},
        "slug": card.agreement,
        "document": raw,
        "base": {"key": base.key, "document": data(base.document)} if base else None,
        "forms": editor_fields.forms(raw.get("house") is True),
        "areas": editor_fields.areas(editor_reads.area_counts(editor_reads.owner_of(raw), person)),
        "schools": editor_reads.schools_of(editor_reads.owner_of(raw), person),
        "never": editor_fields.never()[0],
        "names": {"number": field_title("", "number"), "heading": field_title("", "heading")},
        "answer": answered,
        "words": phrases(),
        "preview": reverse("agreement_preview"),
        "save": reverse("agreement_draft_save", args=address),
    }
    shown = {"card": card, "settings": settings, "answer": answered, "never": editor_fields.never()}
    shown["signs"] = _SIGNS
    return render(request, "agreements/editor.html", shown)


@never_cache
@require_POST
def save(request: HttpRequest, slug: str, draft: str) -> HttpResponse:
    """Save a draft at the version that was read; 409 with who changed it, and their text, when somebody was faster."""
    person = _person(request)
    if person is None:
        return _refused(401, _("You are not signed in."), _("Sign in in another tab; your words stay here."))
    card = _card(slug, draft, person)
    if not _allowed(request, person, "save"):
        return _refused(429, _("This was not saved yet."), _("You save too often. Wait a minute."))
    sent = _sent(request)
    if isinstance(sent, HttpResponse):
        return sent
    version = sent.get("version")
    if not isinstance(version, int) or not isinstance(sent.get("document"), dict):
        return _refused(400, _("This cannot be saved."), _("Reload the page."))
    try:
        now = drafts.save(card.id, sent["document"], version, person)
    except DraftConflict as fault:
        theirs = _card(slug, draft, person)
        return JsonResponse(
            {
                "who": fault.who,
                "when": fault.when_utc.isoformat(),
                "version": theirs.version,
                "document": theirs.document,
            },
            status=409,
        )
    except DraftFault as fault:
        return _refused(400, f"{fault.what} {fault.why}", fault.next_step)
    return JsonResponse({"version": now})


@never_cache
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What a draft says and does, beside a base; keeps nothing.

    Sent as JSON: `document`; `base` null or {agreement, key}; `access` true to have the change in access counted too.
    202 with the words alone while it is still being counted: ask again.
    """
    person = _person(request)
    if person is None:
        return _refused(401, _("You are not signed in."), _("Sign in in another tab; your words stay here."))
    if not acting.drafts_for(person):
        raise Http404
    if not _allowed(request, person, "preview"):
        return _refused(429, _("This was not looked at."), _("You ask too often. Wait a minute."))
    sent = _sent(request)
    if isinstance(sent, HttpResponse):
        return sent
    asked = sent.get("base")
    base = None
    if isinstance(asked, dict):
        base = editor_reads.base(str(asked.get("agreement", "")), str(asked.get("key", "")), person)
        if base is None:
            raise Http404
    raw = sent.get("document")
    draft = _read(raw, person)
    answered = editor_answer.words(draft, base.document if base else None)
    if sent.get("access") is not True or draft.document is None:
        return JsonResponse(answered)
    question = editor_reads.asked(base.document if base else None, draft.document, person)
    found = DESK.ask(person.id, question)
    if found is None:
        return JsonResponse(answered, status=202)
    return JsonResponse({**answered, "access": editor_answer.access(found, question)})


def _card(slug: str, draft: str, person: PersonCard) -> DraftCard:
    card = drafting.load(draft, person)
    if card is None or card.slug != slug:
        raise Http404
    return card


def _read(raw: Any, person: PersonCard) -> Draft:
    """The draft with what only this deployment can tell: parties, schools, marks and cameras that it does not have."""
    draft = editing.read(raw)
    if draft.document is None:
        return draft
    unmet = editor_reads.unmet(draft.document, person)
    return editing.with_more(draft, raw, editor_reads.unknown(draft.document), unmet)


def _sent(request: HttpRequest) -> dict[str, Any] | HttpResponse:
    """The JSON object that was sent, or why it is not read."""
    if len(request.body) > editing.MOST_BYTES:
        return _refused(413, _("This text is too long."), _("Shorten it, or split it into two agreements."))
    try:
        found = json.loads(request.body)
        json.dumps(found, allow_nan=False)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        return _refused(400, _("This is not a draft."), _("Send one JSON object."))
    return found


def _allowed(request: HttpRequest, person: PersonCard, action: str) -> bool:
    return bool(
        ratelimit.consume(request, app="sightpact.agreements", action=action, config=_LIMITS, key=person.id)
    )


def _refused(status: int, what: str, remedy: str) -> JsonResponse:
    return JsonResponse({"what": what, "remedy": remedy}, status=status)


def _person(request: HttpRequest) -> PersonCard | None:
    person: PersonCard | None = getattr(request, "person", None)
    return person
