"""What parents and neighbours read: what police can see, in plain words. No sign-in, no inside counts, no live state."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sightpact.access import facts
from sightpact.agreements.reads import EmergencyKind
from sightpact.decide.facts import EXTERIOR_AREA_KINDS
from sightpact.people import reads as people
from sightpact.web.pages.open_now import now_open
from sightpact.web.templatetags.sightpact import area_name


@require_GET
def public(request: HttpRequest) -> HttpResponse:
    """Always, only in an emergency, never: rendered from the agreements in force, never from what runs now."""
    snapshot = facts.snapshot()
    owner = next((party for party in people.parties() if party.kind == "owner"), None)
    shown: dict[str, Any] = {"party": owner, "agreements": []}
    if owner is not None:
        shown["open"] = now_open(snapshot, owner.id, standing_only=True)
        for agreement in snapshot.world.inventory.agreements:
            if agreement.owner != owner.id or agreement.is_house:
                continue
            kinds = snapshot.names.kinds.get(agreement.id, ())
            shown["agreements"].append(
                {
                    "agencies": [
                        snapshot.names.parties[p].name for p in sorted(agreement.parties) if p != owner.id
                    ],
                    "kinds": kinds,
                    "areas": capfirst(", ".join(_places(kinds))),
                    "minutes": _between(sorted({kind.minutes for kind in kinds})),
                }
            )
    return render(request, "web/public.html", shown)


def _places(kinds: tuple[EmergencyKind, ...]) -> list[str]:
    """The inside places that an emergency opens, as parents say them."""
    opened = {area for kind in kinds for area in kind.area_kinds} - EXTERIOR_AREA_KINDS
    return sorted(area_name(area) for area in opened)


def _between(minutes: list[int]) -> str:
    if not minutes:
        return ""
    least, most = minutes[0], minutes[-1]
    return str(least) if least == most else _("%(least)d to %(most)d") % {"least": least, "most": most}
