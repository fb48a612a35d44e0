"""What a person gets who has no business there: one row for each address, and what each answer must be.

Nobody = not signed in. Ines = signed in, of an agency without an agreement. Omar = police, on pages that are the
district's. An address without a row fails the test; so does a row without an address.

To add an address: add its route (as `path()` has it) with the answers, as a status or as where it leads to. An address
that is asked in two ways has two rows, the second with the method behind it: "api/v1/sharings POST". They are asked
while an emergency runs, with true ids: {activation} runs at Lakeview High, {viewer} is Omar, {owner} the district.
Whatever the answer is, no page may name an inside camera, and nothing may have changed afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

SIGN_IN = "to /sign-in/"
WALL = "to /wall/"  # back to the page of the form, which says why not
WATCHING = "to /watching/"

Expected = int | str


@dataclass(frozen=True)
class Row:
    nobody: Expected
    ines: Expected
    omar: Expected | None = None  # None: it is for police too, or it is the same page for all
    method: str = "GET"
    given: dict[str, str] = field(default_factory=dict)  # for the route's converters
    sent: dict[str, Any] = field(default_factory=dict)  # form fields; for the API, JSON


IT = {"activation": "{activation}"}
SHARING = {"sharing_id": "{activation}"}
VIEWER = {"person": "{viewer}"}
ASKING = {"number": "{activation}"}
ASKED = {"where": "{activation}:{school}", "reason": "curious", "minutes": "5"}

DRAFT = {"slug": "lakeview-mou", "draft": "{viewer}"}

DRAFT = {"slug": "lakeview-mou", "draft": "00000000-0000-4000-8000-000000000000"}

API: dict[str, Row] = {
    # each answer is JSON; a POST sends JSON. What each of the cast gets there: tests/web/test_api.py
    "api/v1/": Row(404, 404),
    "api/v1/<path:rest>": Row(404, 404, given={"rest": "nothing/here"}),
    "api/v1/openapi.json": Row(401, 200),
    "api/v1/me": Row(401, 200),
    "api/v1/cameras": Row(401, 200),
    "api/v1/cameras/<uuidstr:camera>": Row(401, 404, 404, given={"camera": "{private}"}),
    "api/v1/sharings": Row(401, 200),
    "api/v1/sharings POST": Row(
        401, 403, 403, method="POST", sent={"school": "{school}", "emergency": "intruder"}
    ),
    "api/v1/sharings/options": Row(401, 200, 200),
    "api/v1/sharings/report": Row(
        401,
        403,
        method="POST",
        sent={"school": "{school}", "emergency": "intruder"},
    ),
    **{
        f"api/v1/sharings/<uuidstr:sharing_id>/{step}": Row(401, 403, method="POST", given=SHARING)
        for step in ("confirm", "dispute", "extend", "undo")
    },
    "api/v1/sharings/<uuidstr:sharing_id>/close": Row(
        401, 403, method="POST", given=SHARING, sent={"reason": "hoax"}
    ),
    "api/v1/sharings/<uuidstr:sharing_id>/take": Row(401, 403, method="POST", given=SHARING),
    "api/v1/sharings/<uuidstr:sharing_id>/all-clear": Row(401, 403, method="POST", given=SHARING),
    "api/v1/sharings/<uuidstr:sharing_id>/keep-open": Row(401, 403, method="POST", given=SHARING),
    "api/v1/sharings/<uuidstr:sharing_id>/stop": Row(401, 403, 403, method="POST", given=SHARING),
    "api/v1/askings": Row(401, 200),
    "api/v1/askings POST": Row(
        401,
        404,
        404,
        method="POST",
        sent={"kind": "request", "agreement": "{activation}", "school": "{school}"},
    ),
    "api/v1/askings/options": Row(401, 200, 200),
    "api/v1/askings/<uuidstr:asking_id>": Row(401, 404, 404, given={"asking_id": "{activation}"}),
    "api/v1/askings/<uuidstr:asking_id>/answer": Row(
        401, 404, 404, method="POST", given={"asking_id": "{activation}"}, sent={"answer": "approve"}
    ),
    "api/v1/askings/<uuidstr:asking_id>/end": Row(
        401, 404, 404, method="POST", given={"asking_id": "{activation}"}
    ),
    "api/v1/drills": Row(401, 200),
    "api/v1/drills POST": Row(
        401, 403, 403, method="POST", sent={"schools": ["{school}"], "emergency": "intruder"}
    ),
    "api/v1/drills/options": Row(401, 200, 200),
    "api/v1/drills/<uuidstr:drill_id>": Row(401, 404, 404, given={"drill_id": "{activation}"}),
    "api/v1/drills/<uuidstr:drill_id>/take": Row(
        401, 404, 404, method="POST", given={"drill_id": "{activation}"}
    ),
    "api/v1/drills/<uuidstr:drill_id>/end": Row(
        401, 404, 404, method="POST", given={"drill_id": "{activation}"}
    ),
    "api/v1/alarms": Row(401, 200, 200),
    "api/v1/alarms/<uuidstr:alarm>/answer": Row(
        401, 404, 404, method="POST", given={"alarm": "{activation}"}, sent={"school": "", "kind": ""}
    ),
    "api/v1/watchers": Row(401, 404, 404),
    "api/v1/watchers/<uuidstr:person>/stop": Row(401, 404, 404, method="POST", given=VIEWER),
    "api/v1/watchers/<uuidstr:person>/let-back": Row(401, 404, 404, method="POST", given=VIEWER),
    "api/v1/record": Row(401, 404, 404),
    "api/v1/agreements": Row(401, 200),
    "api/v1/agreements/<slug:slug>": Row(401, 404, given={"slug": "lakeview-mou"}),
    "api/v1/tickets": Row(401, 200, method="POST"),
}

MOU = {"slug": "lakeview-mou"}
FOR_POLICE = {"party": "lakeview-pd"}
SIGNING: dict[str, Row] = {
    "agreements/<slug:slug>/sign/": Row(SIGN_IN, 404, given=MOU),
    "agreements/<slug:slug>/sign/ POST": Row(
        SIGN_IN, 404, 404, method="POST", given=MOU, sent={**FOR_POLICE, "credential": "{{}}"}
    ),
    "agreements/<slug:slug>/sign/options/": Row(401, 404, 404, given=MOU),
    "agreements/<slug:slug>/sign/file/<str:name>": Row(SIGN_IN, 404, given={**MOU, "name": "agreement.json"}),
    "agreements/<slug:slug>/sign/paper/": Row(SIGN_IN, 404, 404, given=MOU),
    "agreements/<slug:slug>/sign/paper/ POST": Row(
        SIGN_IN, 404, 404, method="POST", given=MOU, sent={**FOR_POLICE, "compared": "yes"}
    ),
    "agreements/<slug:slug>/sign/paper/options/": Row(401, 404, 404, given=MOU),
    "agreements/keys/": Row(SIGN_IN, 404),
    "agreements/keys/ POST": Row(
        SIGN_IN, 404, 404, method="POST", sent={**FOR_POLICE, "do": "enrol", "device": "1"}
    ),
    "agreements/keys/options/": Row(401, 404, 404),
    "agreements/keys/<slug:keyid>/": Row(SIGN_IN, 404, 404, given={"keyid": "a" * 64}),
}

PAGES: dict[str, Row] = {
    # front, and what is for everybody
    "": Row(SIGN_IN, WALL),
    "help/": Row(200, 200),
    "public/": Row(200, 200),
    "state-line/": Row(401, 200),
    "i18n/setlang/": Row("to /", "to /", method="POST", sent={"language": "es"}),
    # signing in and out
    "sign-in/": Row(200, "to /"),
    "sign-in/options/": Row(200, 200),
    "sign-out/": Row(SIGN_IN, SIGN_IN, method="POST"),
    "join/<str:secret>/": Row(410, 410, 410, given={"secret": "a" * 43}),
    "join/<str:secret>/options/": Row(410, 410, 410, given={"secret": "a" * 43}),
    # agreements: its parties alone
    "agreements/": Row(SIGN_IN, 200),
    "agreements/<slug:slug>/": Row(SIGN_IN, 404, given={"slug": "lakeview-mou"}),
    "agreements/<slug:slug>/suspend/": Row(SIGN_IN, 404, 404, method="POST", given={"slug": "lakeview-mou"}),
    "agreements/<slug:slug>/resume/": Row(SIGN_IN, 404, 404, method="POST", given={"slug": "lakeview-mou"}),
    "agreements/<slug:slug>/changes/": Row(SIGN_IN, 404, given={"slug": "lakeview-mou"}),
    # the life of an agreement: its members read, its heads and those who draft act; a draft is its own side's
    "agreements/new/": Row(SIGN_IN, 404, 404),
    "agreements/new/ POST": Row(SIGN_IN, 404, 404, method="POST", sent={"template": "exterior-always"}),
    "agreements/<slug:slug>/amend/": Row(SIGN_IN, 404, 404, method="POST", given=MOU),
    "agreements/<slug:slug>/drafts/<slug:draft>/propose/": Row(SIGN_IN, 404, 404, given=DRAFT),
    "agreements/<slug:slug>/drafts/<slug:draft>/propose/ POST": Row(
        SIGN_IN, 404, 404, method="POST", given=DRAFT, sent={"version": "1"}
    ),
    "agreements/<slug:slug>/drafts/<slug:draft>/compare/": Row(SIGN_IN, 404, 404, method="POST", given=DRAFT),
    "agreements/<slug:slug>/drafts/<slug:draft>/versions/": Row(SIGN_IN, 404, 404, given=DRAFT),
    "agreements/<slug:slug>/drafts/<slug:draft>/discard/": Row(SIGN_IN, 404, 404, method="POST", given=DRAFT),
    "agreements/<slug:slug>/accept/": Row(SIGN_IN, 404, 404, given=MOU),
    "agreements/<slug:slug>/accept/ POST": Row(
        SIGN_IN, 404, 404, method="POST", given=MOU, sent={"revision": "1"}
    ),
    "agreements/<slug:slug>/withdraw/": Row(SIGN_IN, 404, 404, given=MOU),
    "agreements/<slug:slug>/withdraw/ POST": Row(
        SIGN_IN, 404, 404, method="POST", given=MOU, sent={"revision": "1"}
    ),
    "agreements/<slug:slug>/adopt/": Row(SIGN_IN, 404, 404, given=MOU),
    "agreements/<slug:slug>/adopt/ POST": Row(
        SIGN_IN, 404, 404, method="POST", given=MOU, sent={"body": "City Council", "on": "2026-06-23"}
    ),
    "agreements/<slug:slug>/terminate/": Row(SIGN_IN, 404, 404, given=MOU),
    "agreements/<slug:slug>/terminate/ POST": Row(
        SIGN_IN, 404, 404, method="POST", given=MOU, sent={"when": "now", "reason": "none"}
    ),
    "agreements/<slug:slug>/history/": Row(SIGN_IN, 404, given=MOU),
    "agreements/<slug:slug>/comments/": Row(SIGN_IN, 404, given=MOU),
    "agreements/<slug:slug>/comments/ POST": Row(
        SIGN_IN, 404, 404, method="POST", given=MOU, sent={"text": "none", "who": "all"}
    ),
    "agreements/<slug:slug>/comments/<slug:comment>/resolve/": Row(
        SIGN_IN, 404, 404, method="POST", given={**MOU, "comment": "{viewer}"}
    ),
    # signing: members read, whoever signs for a party signs; keys are its parties' too
    **SIGNING,
    # a draft is its own side's (with true ids: tests/agreements/test_editor.py)
    "agreements/preview/": Row(401, 404, 404, method="POST"),
    "agreements/<slug:slug>/drafts/<slug:draft>/": Row(SIGN_IN, 404, 404, given=DRAFT),
    "agreements/<slug:slug>/drafts/<slug:draft>/save/": Row(401, 404, 404, method="POST", given=DRAFT),
    # one revision has no redline, for its parties either; each form of paper is asked for in tests/agreements
    "agreements/<slug:slug>/paper/<slug:form>/": Row(
        SIGN_IN, 404, 404, given={"slug": "lakeview-mou", "form": "redline-pdf"}
    ),
    "agreements/<slug:slug>/annex/": Row(SIGN_IN, 404, 404, given={"slug": "lakeview-mou"}),
    "agreements/<slug:slug>/cameras/": Row(SIGN_IN, 404, 404, given={"slug": "lakeview-mou"}),
    "agreements/<slug:slug>/replay/": Row(SIGN_IN, 404, 404, given={"slug": "lakeview-mou"}),
    # the wall: a person without an agreement gets a page that says so, and nothing else
    "wall/": Row(SIGN_IN, 200),
    "wall/state/": Row(401, 200),
    "live/ticket/": Row(401, 200, method="POST"),  # a ticket opens a socket; each camera is then asked for
    "wall/told/": Row(SIGN_IN, WALL, method="POST", sent=IT),
    "wall/take/": Row(SIGN_IN, WALL, method="POST", sent=IT),
    "wall/all-clear/": Row(SIGN_IN, WALL, method="POST", sent=IT),
    "wall/keep-open/": Row(SIGN_IN, WALL, method="POST", sent=IT),
    "wall/end/": Row(SIGN_IN, WALL, method="POST", sent={**IT, "reason": "hoax"}),
    "wall/extend/": Row(SIGN_IN, WALL, method="POST", sent=IT),
    "wall/confirm/": Row(SIGN_IN, WALL, method="POST", sent=IT),
    "wall/dispute/": Row(SIGN_IN, WALL, method="POST", sent=IT),
    "report/": Row(SIGN_IN, 404, 404),  # the demonstration's agreement lets nobody report
    "report/send/": Row(
        SIGN_IN,
        "to /report/",
        "to /report/",
        method="POST",
        sent={"school": "{school}", "emergency": "intruder", "on": "call_911"},
    ),
    "alert/<uuid:activation>/": Row(SIGN_IN, 404, given=IT),
    "alert/which-school/": Row(SIGN_IN, 404),
    "alert/which-school/state/": Row(SIGN_IN, 404),
    "help/principals/": Row(200, 200),
    "record/review/<slug:agreement>/<int:number>/": Row(
        SIGN_IN,
        404,
        404,
        given={"agreement": "lakeview-mou", "number": "1"},
    ),
    "wall/call-aid/": Row(
        SIGN_IN, WALL, method="POST", sent={"activation": "{activation}", "party": "fairmont-pd"}
    ),
    "wall/which-school/": Row(
        SIGN_IN, WALL, method="POST", sent={"alarm": "{activation}", "choice": "{school}:intruder"}
    ),
    "wall/put-away/": Row(SIGN_IN, WALL, method="POST", sent=IT),
    "wall/end-look/": Row(SIGN_IN, WALL, method="POST", sent={"asking": "{activation}"}),
    # asking and answering: nothing for whose agreements know no such thing (who may: tests/web/test_asking.py)
    "asking/": Row(SIGN_IN, 404, 404),
    "asking/state/": Row(SIGN_IN, 404, 404),
    "asking/invite/": Row(SIGN_IN, 404, 404),
    "asking/invite/ POST": Row(SIGN_IN, 404, 404, method="POST", sent=ASKED),
    "asking/request/": Row(SIGN_IN, 404, 404),
    "asking/request/ POST": Row(SIGN_IN, 404, 404, method="POST", sent=ASKED),
    "asking/event/": Row(SIGN_IN, 404, 404),
    "asking/event/ POST": Row(SIGN_IN, 404, 404, method="POST", sent=ASKED),
    # drills: nothing for whose agreements have no section on them (who may: tests/web/test_drills_page.py)
    "drills/": Row(SIGN_IN, 404, 404),
    "drills/state/": Row(SIGN_IN, 404, 404),
    "drills/start/": Row(SIGN_IN, 404, 404),
    "drills/start/ POST": Row(
        SIGN_IN, 404, 404, method="POST", sent={"where": "{school}", "emergency": "intruder"}
    ),
    "drills/exercise/": Row(
        SIGN_IN, 404, 404, method="POST", sent={"alarm": "{activation}", "choice": "none"}
    ),
    "drills/<uuid:number>/": Row(SIGN_IN, 404, 404, given=ASKING),
    "drills/<uuid:number>/state/": Row(SIGN_IN, 404, 404, given=ASKING),
    "drills/<uuid:number>/paper/": Row(SIGN_IN, 404, 404, given=ASKING),
    "drills/<uuid:number>/take/": Row(SIGN_IN, 404, 404, method="POST", given=ASKING),
    "drills/<uuid:number>/end/": Row(SIGN_IN, 404, 404, method="POST", given=ASKING),
    "drills/<uuid:number>/told/": Row(SIGN_IN, 404, 404, method="POST", given=ASKING),
    "drills/<uuid:number>/pictured/": Row(SIGN_IN, 404, 404, method="POST", given=ASKING),
    "asking/calendar/": Row(SIGN_IN, 404, 404),
    "asking/calendar/state/": Row(SIGN_IN, 404, 404),
    "asking/calendar/events.ics": Row(SIGN_IN, 404, 404),
    "asking/<uuid:number>/": Row(SIGN_IN, 404, 404, given=ASKING),
    "asking/<uuid:number>/state/": Row(SIGN_IN, 404, 404, given=ASKING),
    "asking/<uuid:number>/answer/": Row(
        SIGN_IN, 404, 404, method="POST", given=ASKING, sent={"answer": "approve"}
    ),
    "asking/<uuid:number>/end/": Row(SIGN_IN, 404, 404, method="POST", given=ASKING),
    # the switch: whoever may start for a school
    "switch/": Row(403, 403, 403),
    "switch/sw.js": Row(200, 200),  # a script without facts
    "switch/offline/": Row(200, 200),  # whom to call; for strangers 911 alone
    "switch/start/": Row(
        409, 409, 409, method="POST", sent={"school": "all", "emergency": "intruder", "key": "stranger"}
    ),
    "switch/enrol/": Row(
        SIGN_IN, "to /switch/", method="POST"
    ),  # the device can then start what its owner may: nothing
    "switch/<uuid:activation>/": Row(404, 404, 404, given=IT),
    "switch/<uuid:activation>/state/": Row(404, 404, 404, given=IT),
    "switch/<uuid:activation>/end/": Row(409, 409, method="POST", given=IT),
    "switch/<uuid:activation>/answer/": Row(409, 409, method="POST", given=IT),
    # what alarm products send: a signature counts, and no session
    "alarms/in/<uuid:source>/": Row(
        401, 401, 401, method="POST", given={"source": "{viewer}"}, sent={"id": "1", "place": "x"}
    ),
    "alarms/": Row(SIGN_IN, 404, 404),
    "alarms/ POST": Row(SIGN_IN, 404, 404, method="POST", sent={"name": "mine", "form": "webhook"}),
    "alarms/<uuid:source>/": Row(SIGN_IN, 404, 404, given={"source": "{viewer}"}),
    "alarms/<uuid:source>/ POST": Row(
        SIGN_IN, 404, 404, method="POST", given={"source": "{viewer}"}, sent={"do": "key"}
    ),
    # the district's own
    "cameras/": Row(SIGN_IN, 404, 404),
    "cameras/<uuid:camera>/": Row(SIGN_IN, 404, 404, given={"camera": "{private}"}),
    "changes/": Row(SIGN_IN, 404, 404),
    "changes/decide/": Row(SIGN_IN, 404, 404, method="POST", sent={"decision": "approve"}),
    "people/": Row(SIGN_IN, 404, 404),
    "people/revoke-device/": Row(SIGN_IN, 404, 404, method="POST", sent={"device": "{viewer}"}),
    "who-can-see/": Row(SIGN_IN, 404, 404),
    "today/": Row(SIGN_IN, 404, 404),
    "ready/": Row(SIGN_IN, 404, 404),
    "ready/state/": Row(SIGN_IN, 404, 404),
    "ready/check/": Row(SIGN_IN, 404, 404, method="POST"),
    # for copies of the record elsewhere: a token, and no session, opens them
    "log/checkpoint": Row(401, 401, 401),
    "log/tile/entries/<path:path>": Row(401, 401, 401, given={"path": "000.p/1"}),
    "log/cosigned": Row(401, 401, 401, method="POST"),
    "record/": Row(SIGN_IN, 404, 404),
    # after an emergency: who may read the record (Chief Cole sees his own people: tests/record/test_after.py)
    "after/": Row(SIGN_IN, 404, 404),
    "after/counts.csv": Row(SIGN_IN, 404, 404),
    "after/<uuid:activation>/": Row(SIGN_IN, 404, 404, given=IT),
    "after/<uuid:activation>/ POST": Row(SIGN_IN, 404, 404, method="POST", given=IT, sent={"threat": "yes"}),
    "after/<uuid:activation>/file.json": Row(SIGN_IN, 404, 404, given=IT),
    "after/<uuid:activation>/report.pdf": Row(SIGN_IN, 404, 404, given=IT),
    "record/file.csv": Row(SIGN_IN, 404, 404),
    "record/names/": Row(SIGN_IN, 404, 404),
    "record/names/ POST": Row(SIGN_IN, 404, 404, method="POST", sent={"why": "none"}),
    # being told: everybody's own channels; a link's token and the gateway's signature speak for themselves
    "told/": Row(SIGN_IN, 200),
    "told/add/": Row(SIGN_IN, "to /told/", method="POST"),
    "told/remove/": Row(SIGN_IN, 404, method="POST"),
    "told/test/": Row(SIGN_IN, "to /told/", method="POST"),
    "told/acknowledge/": Row(SIGN_IN, 404, method="POST", sent={"notice": "none"}),
    "told/seen/<str:token>/": Row(410, 410, given={"token": "none"}),
    "told/gateway/": Row(401, 401, method="POST"),
    "told/words/<uuid:number>/": Row(SIGN_IN, 404, 404, given={"number": "{activation}"}),
    "watching/": Row(SIGN_IN, 404, 404),
    "watching/state/": Row(SIGN_IN, 404, 404),
    "watching/stop/": Row(
        SIGN_IN, WATCHING, WATCHING, method="POST", sent={"person": "{viewer}", "owner": "{owner}"}
    ),
    "watching/let-back/": Row(
        SIGN_IN, WATCHING, WATCHING, method="POST", sent={"person": "{viewer}", "owner": "{owner}"}
    ),
    "watching/stop-sharing/": Row(SIGN_IN, WATCHING, WATCHING, method="POST", sent=IT),
    "watching/undo/": Row(SIGN_IN, WATCHING, WATCHING, method="POST", sent=IT),
    "watching/end-look/": Row(SIGN_IN, WATCHING, WATCHING, method="POST", sent={"asking": "{activation}"}),
    "watching/stop-all/": Row(SIGN_IN, WATCHING, WATCHING, method="POST"),
    **API,
    # the demonstration's, where anybody may be anybody of the cast; absent in real use
    "who/": Row(200, 200),
    "who/be/": Row(404, 404, method="POST", sent={"person": "nobody-of-the-cast"}),
    "who/leave/": Row("to /who/", "to /who/", method="POST"),
}

Asked = tuple[str, Row]  # a route and one way to ask it


def asked() -> list[Asked]:
    """Every row with its route."""
    return [(key.partition(" ")[0], row) for key, row in PAGES.items()]


DEMONSTRATION = ("who/", "who/be/", "who/leave/")

# The district's own people, where even they have no business: not the record (Pia), not police's part of an incident.
# Asked like the rows above, and nothing may have changed afterwards.
OWN: dict[str, dict[str, Expected]] = {
    "pia": {
        "record/": 404,
        "record/file.csv": 404,
        "cameras/": 404,
        "wall/take/": WALL,
        "wall/keep-open/": WALL,
        "wall/end/": WALL,
        "wall/extend/": WALL,
        "watching/undo/": WATCHING,
        "watching/stop/": WATCHING,
        "watching/let-back/": WATCHING,
        "watching/stop-sharing/": WATCHING,
        "watching/stop-all/": WATCHING,
    },
    "sam": {"wall/told/": WALL, "wall/take/": WALL, "wall/keep-open/": WALL, "wall/end/": WALL},
}

# Beside Django, in records' Starlette: what nobody gets there, and what a signed-in stranger gets.
STARLETTE: dict[str, tuple[int, int]] = {
    "/news/": (401, 200),  # what concerns one's own pages: nothing, for a stranger
    "/healthz": (200, 200),
}

# The edge's paths: as nobody from this machine, and through a proxy on it.
EDGE: dict[str, tuple[int, int]] = {
    "/live": (426, 426),  # not a WebSocket; as one: tests/edge/test_bad_input.py and tests/promises/
    "/healthz": (200, 404),
    "/metrics": (200, 404),
}
