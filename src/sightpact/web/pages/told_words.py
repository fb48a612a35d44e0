"""Ready-made words for families and staff about one sharing: mended, approved by a named person, copied or printed.

For the owner's overseers. Nothing is ever sent from here.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sightpact.access import facts
from sightpact.access.errors import UNWRITABLE
from sightpact.activation import reads as activation
from sightpact.activation.reads import ActivationCard
from sightpact.decide.facts import Action, Grant
from sightpact.notices import actions, reads, ready_made
from sightpact.people.reads import PersonCard


@never_cache
@require_http_methods(["GET", "POST"])
def words(request: HttpRequest, number: str) -> HttpResponse:
    """One text of one sort and language; POST keeps it, or approves it."""
    person: PersonCard | None = getattr(request, "person", None)
    if person is None:
        return redirect(f"/sign-in/?next={request.path}")
    card = _card(person, str(number))
    which = request.GET.get("which", _fitting(card))
    language = request.GET.get("language", "en")
    if which not in ready_made.KINDS or language not in ready_made.LANGUAGES:
        raise Http404
    if request.method == "POST":
        _write(request, person, card, which, language)
        return HttpResponseRedirect(f"{request.path}?which={which}&language={language}")
    kept = reads.text_of(card.id, which, language)
    text = kept.text if kept else ready_made.draft(which, language, _facts(card))
    if "file" in request.GET:
        headers = {"Content-Disposition": f'attachment; filename="{which}-{language}.txt"'}
        return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)
    shown = {
        "card": card,
        "which": which,
        "language": language,
        "kinds": list(ready_made.KINDS.items()),
        "languages": list(ready_made.LANGUAGES.items()),
        "kept": kept,
        "text": text,
        "unfinished": ready_made.unfinished(text),
    }
    return render(request, "web/told_words.html", shown)


def _write(request: HttpRequest, person: PersonCard, card: ActivationCard, which: str, language: str) -> None:
    text = request.POST.get("text", "").replace("\r\n", "\n").strip()
    try:
        if not text:
            messages.error(request, _("There are no words. Nothing was kept."))
            return
        kept = actions.keep_text(card.id, which, language, text, person)
        if request.POST.get("do") != "approve":
            messages.success(request, _("Kept. Nothing was sent."))
        elif ready_made.unfinished(text):
            messages.error(request, _("Not approved: what stands in [brackets] has to be said first."))
        elif actions.approve(kept, text, person):
            messages.success(
                request, _("Approved in your name. Copy, print or download it: it is not sent from here.")
            )
        else:
            messages.error(request, _("Not approved: the words changed meanwhile, or were approved before."))
    except UNWRITABLE:
        messages.error(request, _("This was not kept: the record cannot be written now. Copy your words."))


def _fitting(card: ActivationCard) -> str:
    """The sort of words that is likely wanted: what is happening, that it is over, or that there was nothing."""
    if card.is_live:
        return "families"
    return "families_mistake" if card.end_reason in ("mistake", "hoax", "disputed") else "families_over"


def _card(person: PersonCard, number: str) -> ActivationCard:
    card = activation.card(number)
    if card is None:
        raise Http404
    if not isinstance(facts.snapshot().answer(person.id, Action.SEE_WATCHERS, card.owner), Grant):
        raise Http404
    return card


def _facts(card: ActivationCard) -> ready_made.Facts:
    snapshot = facts.snapshot()
    kind = snapshot.names.kind(card.agreement, card.emergency)
    school = snapshot.names.schools.get(card.schools[0])
    zone = ZoneInfo(school.zone if school else "UTC")
    agreement = next((a for a in snapshot.world.inventory.agreements if a.id == card.agreement), None)
    others = sorted(agreement.parties - {card.owner}) if agreement else []
    return ready_made.Facts(
        schools=", ".join(card.school_names),
        agency=", ".join(snapshot.names.parties[p].name for p in others) or _("the police"),
        district=snapshot.names.parties[card.owner].name,
        kind=kind.label if kind else card.emergency,
        time=f"{card.started_utc.astimezone(zone):%H:%M}",
        ended=f"{card.ended_utc.astimezone(zone):%H:%M}" if card.ended_utc else "…",
        why=card.end_sentence if card.ended_utc else "…",
    )
