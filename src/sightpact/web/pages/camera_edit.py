"""What one camera sees, and whether it is in service: chosen here, with what that opens and closes before it is proposed.

For whoever may change access for the camera's owner; for everybody else there is no such page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sightpact.access import changes, facts
from sightpact.access.changes import who
from sightpact.access.changes.kinds import AlterCamera
from sightpact.access.errors import UNWRITABLE
from sightpact.cameras import reads as cameras
from sightpact.cameras.reads import CameraCard
from sightpact.decide.facts import AREA_KINDS, PRIVATE_AREA_KINDS
from sightpact.people.reads import PersonCard
from sightpact.web.pages.cameras import KIND_WORDS
from sightpact.web.pages.changes import told


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def camera_page(request: HttpRequest, camera: UUID) -> HttpResponse:
    person: PersonCard | None = getattr(request, "person", None)
    if person is None:
        return redirect_to_login("/cameras/")  # not even the id that was asked for
    card = cameras.camera(str(camera))
    if card is None or card.owner_id not in who.acts_for(facts.snapshot(), person):
        raise Http404
    if request.method == "POST":
        return _propose(request, card, person)
    kinds, in_service = _chosen(request.GET, card)
    wanted = _change(card, kinds, in_service)
    page: dict[str, Any] = {
        "card": card,
        "shared": _boxes([k for k in KIND_WORDS if k not in PRIVATE_AREA_KINDS], kinds),
        "private": _boxes([k for k in KIND_WORDS if k in PRIVATE_AREA_KINDS], kinds),
        "kinds": kinds,
        "in_service": in_service,
        "wanted": wanted,
    }
    if wanted is not None:
        try:
            page["found"] = changes.preview(wanted, person)
        except changes.FAULTS as fault:
            page["fault"] = str(fault)
    return render(request, "web/camera.html", page)


def _propose(request: HttpRequest, card: CameraCard, person: PersonCard) -> HttpResponse:
    wanted = _change(card, *_chosen(request.POST, card))
    try:
        if wanted is not None:
            told(request, changes.propose(wanted, person))
    except changes.FAULTS as fault:
        messages.error(request, str(fault))
    except UNWRITABLE:
        messages.error(
            request, _("Nothing was changed: the record cannot be written now. Try again, or tell IT.")
        )
    return HttpResponseRedirect(reverse("camera_page", args=[card.id]))


def _chosen(sent: QueryDict, card: CameraCard) -> tuple[tuple[str, ...], bool]:
    """Kinds and service as the form says; as they are, when it says nothing."""
    if "chosen" not in sent:
        return tuple(sorted(card.area_kinds)), card.in_service
    return tuple(sorted(set(sent.getlist("kind")) & AREA_KINDS)), sent.get("service") == "in"


def _change(card: CameraCard, kinds: tuple[str, ...], in_service: bool) -> AlterCamera | None:
    other_kinds = kinds if set(kinds) != card.area_kinds else None
    other_service = in_service if in_service != card.in_service else None
    if other_kinds is None and other_service is None:
        return None
    return AlterCamera(card.slug, other_kinds, other_service)


def _boxes(kinds: Sequence[str], chosen: Sequence[str]) -> list[tuple[str, str, bool]]:
    return [(kind, str(KIND_WORDS[kind]), kind in chosen) for kind in kinds]
