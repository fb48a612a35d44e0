"""Who can see what, and when: the answer in one line, one person, one camera, the whole matrix, and the proof beside it.

For the owner's people who manage or who see watchers; for everybody else there is no such page.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sightpact.access import answers, facts, matrix, proven, visible
from sightpact.access.at_hours import limits_in_words
from sightpact.access.facts import Snapshot
from sightpact.agreements import field
from sightpact.decide.facts import EXTERIOR_AREA_KINDS, Action


@never_cache
@require_safe
def who_can_see(request: HttpRequest) -> HttpResponse:
    """The page. `?person=` and `?camera=` ask about one; what is not the owner's is not found."""
    person = getattr(request, "person", None)
    if person is None:
        return redirect_to_login(request.get_full_path())
    snapshot = facts.snapshot()
    owners = visible.owners_where(person.id, Action.SEE_WATCHERS, snapshot) or visible.owners_where(
        person.id, Action.MANAGE, snapshot
    )
    if not owners:
        raise Http404
    owner = owners[0]
    return render(
        request,
        "web/who_can_see.html",
        {
            **_now(snapshot, owner),
            **_asked(snapshot, owner, request.GET.get("person", ""), request.GET.get("camera", "")),
            "matrix": matrix.matrix(snapshot, owner),
            "limits": limits_in_words(snapshot, owner),
            **_proof(snapshot),
        },
    )


def _now(snapshot: Snapshot, owner: str) -> dict[str, Any]:
    """What other parties can see at this moment, drawn as well: one square is one camera."""
    seen = answers.others_now(snapshot, owner)
    cameras = [c for c in snapshot.world.inventory.cameras.values() if c.owner == owner]
    states: dict[str, list[str]] = {"outside": [], "inside": [], "private": [], "new": []}
    for camera in cameras:
        if not camera.classified:
            states["new"].append(field.UNCLASSIFIED)
        elif camera.private:
            states["private"].append(field.NEVER)
        else:
            place = "outside" if camera.area_kinds <= EXTERIOR_AREA_KINDS else "inside"
            states[place].append(field.OPEN if camera.id in seen.cameras else field.SHUT)
    outside = seen.outside(snapshot)
    inside = len(seen.cameras) - outside
    shut = sum(state == field.SHUT for group in states.values() for state in group)
    counts = {
        "open": len(seen.cameras),
        "closed": shut,
        "never": len(states["private"]),
        "new": len(states["new"]),
    }
    label = (
        _("%(open)d cameras open now, %(closed)d closed, %(never)d never shared, %(new)d not classified")
        % counts
    )
    return {
        "outside": outside,
        "inside": inside,
        "may_look": seen.may_look,
        "counts": counts,
        "drawn": field.draw([*states.values()], label),
        "live": [card for card in snapshot.live if card.owner == owner],
        "asked_open": [card for card in snapshot.askings if card.owner == owner and card.state == "open"],
        "answer_outside": _outside_says(outside),
        "answer_inside": _inside_says(inside),
    }


def _outside_says(count: int) -> str:
    return (
        ngettext("%(n)d outside camera.", "%(n)d outside cameras.", count) % {"n": count}
        if count
        else _("Nothing outside.")
    )


def _inside_says(count: int) -> str:
    return (
        ngettext("%(n)d inside camera.", "%(n)d inside cameras.", count) % {"n": count}
        if count
        else _("Nothing inside.")
    )


def _asked(snapshot: Snapshot, owner: str, person: str, camera: str) -> dict[str, Any]:
    names = snapshot.names
    cameras = sorted(
        (c for c in names.cameras.values() if c.owner_id == owner), key=lambda c: (c.school_name, c.name)
    )
    people = sorted((p for p in names.persons.values() if p.active), key=lambda p: (p.party_name, p.name))
    of_person = next((p for p in people if p.id == person), None)
    of_camera = next((c for c in cameras if c.id == camera), None)
    if (person and of_person is None) or (camera and of_camera is None):
        raise Http404
    return {
        "people": people,
        "cameras": cameras,
        "of_person": of_person,
        "of_camera": of_camera,
        "person_sees": answers.seen_by(snapshot, owner, person) if of_person else (),
        "camera_seen": answers.seers_of(snapshot, owner, camera) if of_camera else (),
    }


def _proof(snapshot: Snapshot) -> dict[str, Any]:
    tried = proven.tried(snapshot)
    return {"tried": tried, "entries": proven.recorded(tried.certificate) if tried.certificate else ()}
