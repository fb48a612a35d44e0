"""What parents and neighbours read: what police can see, in plain words. No sign-in, no inside counts, no live state."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sightpact.access import facts
from sightpact.people import reads as people
from sightpact.web.pages.open_now import now_open


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
            areas = sorted({area for kind in kinds for area in kind.area_kinds})
            minutes = sorted({kind.minutes for kind in kinds})
            agencies = [snapshot.names.parties[p].name for p in sorted(agreement.parties) if p != owner.id]
            shown["agreements"].append({"agencies": agencies, "kinds": kinds, "areas": areas, "minutes": minutes, "until": agreement.in_force_until})
    return render(request, "web/public.html", shown)
