"""The cameras that are mine to watch now, each with its ground. Others are never counted, named or hinted at."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from sightpact.access import facts, visible
from sightpact.access.visible import SeenCamera
from sightpact.decide.facts import EXTERIOR_AREA_KINDS
from sightpact.web.api.asking import asking
from sightpact.web.api.faults import answers

router = Router(tags=["cameras"])


class Camera(Schema):
    id: str
    name: str
    place: str
    school: str  # id
    school_name: str
    inside: bool
    agreement: str
    section: str  # that opens it
    until: datetime | None  # None: no end is set
    sharing: str | None  # the emergency sharing that opens it


class Cameras(Schema):
    cameras: list[Camera]


@router.get("", response=answers(Cameras), summary="The cameras that I may watch now")
def cameras(request: HttpRequest) -> Cameras:
    slugs = facts.snapshot().names.agreement_slugs
    return Cameras(cameras=[_shown(seen, slugs) for seen in visible.cameras_for(asking(request).id)])


@router.get(
    "/{uuid:camera}", response=answers(Camera, 403, 404), summary="One camera, if it is mine to watch now"
)
def camera(request: HttpRequest, camera: UUID) -> Camera:
    slugs = facts.snapshot().names.agreement_slugs
    return _shown(visible.camera_for(asking(request).id, str(camera)), slugs)


def _shown(seen: SeenCamera, slugs: dict[str, str]) -> Camera:
    card = seen.camera
    return Camera(
        id=card.id,
        name=card.name,
        place=card.place,
        school=card.school_id,
        school_name=card.school_name,
        inside=not (card.area_kinds and card.area_kinds <= EXTERIOR_AREA_KINDS),
        agreement=slugs.get(seen.grant.agreement, ""),
        section=seen.grant.clause,
        until=seen.grant.until_utc,
        sharing=seen.grant.situation,
    )
