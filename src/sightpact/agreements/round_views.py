"""Pages between the parties: accept a text, record votes, end it for good, and the history of rounds and exhibits.

Each asks before it acts. Strangers get 404, and so do members of a party on pages of what they may not do.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from sightpact.agreements import acting, exhibits, life, life_page, reader, votes_page
from sightpact.agreements.actions import adoption, ends, rounds, withdrawing
from sightpact.agreements.actions.texts import Vote
from sightpact.agreements.errors import AgreementError, RoundFault
from sightpact.agreements.page_tools import (
    ASK,
    READ,
    for_people,
    form_text,
    heads_of,
    parties_of,
    writers_of,
)
from sightpact.people.reads import PersonCard


@for_people(*ASK)
def accept(request: HttpRequest, person: PersonCard, slug: str) -> HttpResponse:
    """Ask, then accept the text that is on the table, for the reader's side."""
    return _asked(request, person, slug, "accept", lambda at: rounds.accept(slug, at, person))


@for_people(*ASK)
def withdraw(request: HttpRequest, person: PersonCard, slug: str) -> HttpResponse:
    """Ask, then take the reader's side's own proposal off the table."""
    reason = form_text(request, "reason")
    return _asked(
        request, person, slug, "withdraw", lambda at: withdrawing.withdraw(slug, at, person, reason)
    )


def _asked(
    request: HttpRequest, person: PersonCard, slug: str, page: str, act: Callable[[int], object]
) -> HttpResponse:
    """Ask on this page, then do it: to the text that the form showed, not to one that came meanwhile.

    Args:
        act: does it to the revision of this number.
    """
    heads_of(slug, person)
    state = life.state_of(slug)
    found = state.coming or state if state else None
    if found is None:
        raise Http404
    fault: AgreementError | None = None
    if request.method == "POST":
        number = form_text(request, "revision")
        at = int(number) if number.isdigit() else 0
        try:
            act(at)
            return _to(slug, at)
        except AgreementError as refused:
            fault = refused
    if found.next != "answer" and fault is None:
        return _to(slug, found.revision)
    told = {"bar": life_page.bar(slug, person, found.revision), "fault": fault}
    return render(request, f"agreements/{page}.html", told, status=422 if fault else 200)


@for_people(*ASK)
def adopt(request: HttpRequest, person: PersonCard, slug: str) -> HttpResponse:
    """The votes on the agreed text: record one, correct a mistaken record, or say that there was none."""
    writers_of(slug, person)
    page = votes_page.page(slug, person, request.GET.get("body", ""))
    if page is None:
        raise Http404
    fault: AgreementError | None = None
    if request.method == "POST":
        try:
            _vote(request, page.revision_id, person)
            return HttpResponseRedirect(reverse("agreement_adopt", args=[slug]))
        except AgreementError as refused:
            fault = refused
    told = {"page": page, "fault": fault, "given": request.POST}
    return render(request, "agreements/adopt.html", told, status=422 if fault else 200)


def _vote(request: HttpRequest, revision: str, person: PersonCard) -> None:
    body = form_text(request, "body")
    if request.POST.get("void"):
        adoption.void_adoption(revision, body, person, form_text(request, "reason"))
        return
    try:
        on = date.fromisoformat(form_text(request, "on"))
    except ValueError:
        raise RoundFault("This vote", "has no day.", "Choose the day of the meeting.") from None
    vote = Vote(
        body, on, form_text(request, "vote"), form_text(request, "resolution"), form_text(request, "minutes")
    )
    adoption.record_adoption(revision, vote, person, corrects=bool(request.POST.get("corrects")))


@for_people(*ASK)
def terminate(request: HttpRequest, person: PersonCard, slug: str) -> HttpResponse:
    """Ask, then end the agreement now or from a day; or take that back before the day."""
    heads_of(slug, person)
    found = reader.page(slug, person)
    state = life.state_of(slug)
    if found is None or state is None:
        raise Http404
    fault: AgreementError | None = None
    if request.method == "POST":
        try:
            if request.POST.get("back"):
                ends.withdraw_termination(slug, person)
            else:
                day = form_text(request, "from") if request.POST.get("when") == "day" else ""
                instant = _midnight(day, life.zone_of(slug)) if request.POST.get("when") == "day" else None
                ends.terminate(slug, person, form_text(request, "reason"), instant)
            return HttpResponseRedirect(reverse("agreement_page", args=[slug]))
        except AgreementError as refused:
            fault = refused
    mine = life.party_slugs(person)
    by_me = state.terminated_by is not None and state.terminated_by.slug in mine
    told = {"page": found, "life": state, "fault": fault, "by_me": by_me, "given": request.POST}
    return render(request, "agreements/terminate.html", told, status=422 if fault else 200)


def _midnight(day: str, zone: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(day), time(), ZoneInfo(zone))
    except ValueError:
        raise RoundFault(
            "This end", "has no day.", "Choose the first day on which nothing is shared."
        ) from None


@for_people(*READ)
def history(request: HttpRequest, person: PersonCard, slug: str) -> HttpResponse:
    """Every round with who proposed and accepted it, the votes with their corrections, and what changes without a vote."""
    mine = parties_of(slug, person)
    bar = life_page.bar(slug, person)
    if bar is None:
        raise Http404
    told = {
        "bar": bar,
        "rounds": life.history(slug),
        "exhibits": exhibits.of(slug, person),
        "writes": bool(acting.drafts_for(person) & mine),
    }
    return render(request, "agreements/history.html", told)


def _to(slug: str, revision: int) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('agreement_page', args=[slug])}?revision={revision}")
