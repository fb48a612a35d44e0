"""Lakeview in the test database, made by the slices' own actions from the demonstration's data. Used by many tests."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from sightpact.agreements import actions as agreements
from sightpact.agreements import signing
from sightpact.agreements.cedar import make
from sightpact.agreements.document import parse
from sightpact.cameras import actions as cameras
from sightpact.cameras import credentials
from sightpact.demo import district, setup
from sightpact.ledger import actions as ledger
from sightpact.people import actions as people
from sightpact.people import reads as people_reads

DEMO = Path(district.__file__).parent


_OUTSIDE = ["exterior", "entrance_outside", "parking", "field", "bus_loop"]
_COMMON = ["lobby", "hallway", "stairwell", "cafeteria", "gymnasium", "library", "auditorium", "office"]
_NAMED = [{"party": "lakeview-pd", "named_only": True}]
_DISPATCH = [{"party": "lakeview-pd", "roles": ["dispatcher"], "named_only": True}]
_SCHOOL = [{"party": "lakeview-usd", "roles": ["principal", "superintendent"]}]

ASKING: dict[str, dict[str, Any]] = {
    # an agreement under which the school may invite, dispatch may ask, and events may be planned: build(**ASKING)
    "s3_5": {
        "heading": "When the school invites",
        "kind": "invitation_view",
        "who": _NAMED,
        "by": _SCHOOL,
        "area_kinds": [*_OUTSIDE, *_COMMON],
        "minutes": 30,
    },
    "s3_6": {
        "heading": "When a request is approved",
        "kind": "request_view",
        "who": _NAMED,
        "ask": _DISPATCH,
        "approve": _SCHOOL,
        "area_kinds": [*_OUTSIDE, *_COMMON],
        "minutes": 20,
        "answer_minutes": 5,
        "unanswered": "stays_closed",
    },
    "s3_7": {
        "heading": "During a planned event",
        "kind": "window_view",
        "who": _NAMED,
        "ask": [*_DISPATCH, *_SCHOOL],
        "approve": _SCHOOL,
        "area_kinds": [*_OUTSIDE, "gymnasium", "lobby"],
        "inside": True,
        "max_hours": 6,
    },
}


def _kind(kind: str, level: str, minutes: int, cap: int) -> dict[str, Any]:
    words = {"kind": kind, "label": kind, "meaning": kind, "level": level}
    return {**words, "minutes": minutes, "cap_minutes": cap}


LIFE: dict[str, dict[str, Any]] = {
    # an agreement with levels, extensions, and reports by dispatch: build(**LIFE)
    "s3_2": {
        "emergencies": [
            _kind("intruder", "life_safety", 60, 120),
            _kind("fire", "life_safety", 90, 90),
            _kind("medical", "urgent", 30, 30),
            _kind("missing_child", "notice", 120, 120),
        ]
    },
    "s3_3": {
        "who": [{"party": "lakeview-usd", "roles": ["principal", "secretary", "superintendent"]}],
        "report": _DISPATCH,
        "report_minutes": 10,
    },
    "s3_4": {"extend_minutes": 45},
}


@dataclass(frozen=True)
class Lakeview:
    """Ids by slug."""

    people: dict[str, str]
    parties: dict[str, str]
    schools: dict[str, str]
    cameras: dict[str, str]
    agreements: dict[str, str]

    def camera(self, name: str, school: str = "lakeview-high") -> str:
        return next(i for slug, i in self.cameras.items() if slug.startswith(school) and name in slug)

    @property
    def inside(self) -> list[str]:
        """The eight common inside cameras at Lakeview High."""
        words = ("hallway", "stair", "library", "cafeteria", "gymnasium", "lobby")
        return [
            i
            for slug, i in self.cameras.items()
            if slug.startswith("lakeview-high") and any(w in slug for w in words)
        ]


def text(name: str, **changes: Any) -> dict[str, Any]:
    raw: dict[str, Any] = tomllib.loads((DEMO / f"{name}.toml").read_text())["agreements"][0]
    setup.alter(raw["clauses"], {n.lstrip("s").replace("_", "."): fields for n, fields in changes.items()})
    return raw


@transaction.atomic  # one commit instead of fifteen
def build(
    count: int = 24,
    address: str = "rtsp://192.0.2.1/cam/",
    keys: dict[str, signing.KeyPair] | None = None,
    drills: int = 0,
    **changes: Any,
) -> Lakeview:
    """Everything of the demonstration, signed and in force. `s6_2={"then": "close"}` alters section 6.2, or adds it; `drills=2`
    adds cameras with simulated pictures and the section on drills."""
    tables, _simulated = district.build(count, address, drills)
    if drills:
        changes["s3_8"] = {**district.DRILLS, **changes.get("s3_8", {})}
    ledger.begin()
    credentials.make_server_key(settings.SIGHTPACT.keys)
    for row in tables["parties"]:
        people.add_party(people.PartySpec(**row))
    for row in tables["persons"]:
        roles = [people.Role(**role) for role in row["roles"]]
        people.add_person(people.PersonSpec(row["slug"], row["name"], "", row["phone"]), roles)
    cameras.put_inventory(
        [cameras.SchoolSpec(**row) for row in tables["schools"]],
        [cameras.AreaSpec(**row) for row in tables["areas"]],
        [cameras.CameraSpec(**{**row, "areas": tuple(row["areas"])}) for row in tables["cameras"]],
    )
    keys = keys or {party: signing.keygen() for party in ("lakeview-usd", "lakeview-pd")}
    for party, key in keys.items():
        agreements.enrol_signing_key(party, key.public_pem, "signatory")
    for name in ("agreement", "house_policy"):
        document = parse(text(name, **(changes if name == "agreement" else {})))
        content = signing.payload(document, make(document))
        signed = {p.slug: signing.sign(content, keys[p.slug].private_pem) for p in document.parties}
        named = [agreements.Named(*row) for row in district.NAMED] if name == "agreement" else []
        agreements.import_agreement(document, signatures=signed, named=named)
    return found()


def found() -> Lakeview:
    from sightpact.agreements.models import Agreement
    from sightpact.cameras.models import Camera, School

    return Lakeview(
        people={card.slug: card.id for card in people_reads.persons()},
        parties={card.slug: card.id for card in people_reads.parties()},
        schools={slug: str(pk) for slug, pk in School.objects.values_list("slug", "pk")},
        cameras={slug: str(pk) for slug, pk in Camera.objects.values_list("slug", "pk")},
        agreements={slug: str(pk) for slug, pk in Agreement.objects.values_list("slug", "pk")},
    )
