"""Every URL and socket, as nobody, as a person without an agreement, and as police where it is the district's.

The table is strangers.py. Asked of the real pages on a real database; the sockets on real processes.
"""

from __future__ import annotations

import ast
import asyncio
import re
from collections.abc import Iterator

import pytest
from asgiref.sync import sync_to_async
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from sightpact.access import facts, sharing
from sightpact.access.models import StoppedPerson
from sightpact.demo import district as demo_district
from sightpact.people.models import Account
from sightpact.web.api.api import api
from sightpact.web.asgi import application
from tests import lakeview
from tests.browser import streamed
from tests.edge.test_story import run as with_a_gate
from tests.house import strangers
from tests.house.strangers import EDGE, STARLETTE, Asked, Expected, asked
from tests.house.tree import SOURCE, dotted

ALL_URLS = "tests.house.all_urls"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    for pattern in (resolver or get_resolver(ALL_URLS)).url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from routes(pattern, route)


def without_a_row(found: set[str]) -> list[str]:
    return sorted(found - {route for route, _row in asked()})


def test_every_address_has_its_row_and_every_row_its_address():
    found = set(routes())
    assert without_a_row(found) == []
    assert sorted({route for route, _row in asked()} - found) == []


def test_it_bites():
    assert without_a_row({*routes(), "cameras/<uuid:camera>/far/"}) == ["cameras/<uuid:camera>/far/"]


def test_every_operation_of_the_api_has_its_row():
    """Walked through the schema, so that a second method at a known address is seen too."""
    told = {
        (re.sub(r"{(\w+)}", r"<\1>", path).lstrip("/"), method.upper())
        for path, operations in api.get_openapi_schema()["paths"].items()
        for method in operations
    }
    rows = {(re.sub(r"<\w+:", "<", route), row.method) for route, row in asked()}
    assert len(told) >= 17
    assert sorted(told - rows) == []


def test_the_demonstrations_pages_are_absent_in_real_use():
    for route in strangers.DEMONSTRATION:
        with pytest.raises(Resolver404):
            resolve("/" + route)


# the pages --------------------------------------------------------------------------------------------------


@pytest.fixture
def district(db, settings) -> lakeview.Lakeview:
    settings.ROOT_URLCONF = ALL_URLS
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "sightpact.demo"]
    facts._latest = None
    cache.clear()
    return lakeview.build()


@pytest.fixture
def emergency(district) -> str:
    """The id of a sharing that runs at Lakeview High."""
    pia, school = district.people["pia"], district.schools["lakeview-high"]
    return sharing.start(pia, (school,), "intruder", key="strangers").id


def client(who: str, **options: object) -> Client:
    made = Client(headers={"Host": "localhost"}, **options)
    if who != "nobody":
        made.force_login(Account.objects.get(username=who), backend=BACKEND)
    return made


def _filled(value: str | list[str], true: dict[str, str]) -> str | list[str]:
    return [each.format(**true) for each in value] if isinstance(value, list) else value.format(**true)


def ask(who: str, question: Asked, district: lakeview.Lakeview, activation: str, **options: object):
    route, row = question
    true = {
        "activation": activation,
        "viewer": district.people["omar"],
        "owner": district.parties["lakeview-usd"],
        "private": district.camera("guidance"),
        "school": district.schools["lakeview-high"],
    }
    filled = {name: value.format(**true) for name, value in row.given.items()}
    address = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda hit: filled[hit.group(1)], route)
    sent = {name: _filled(value, true) for name, value in row.sent.items()}
    asking = client(who, **options)
    if row.method == "GET":
        return asking.get(address)
    is_json = {"content_type": "application/json"} if route.startswith("api/") else {}
    return asking.post(address, sent, **is_json)


def answered(response) -> Expected:
    if response.status_code in (301, 302, 303):
        return "to " + response["Location"].partition("?")[0]
    return response.status_code


def hidden(district: lakeview.Lakeview) -> list[str]:
    """Ids of all cameras that are not outside, and those of their names that no other words would make."""
    outside = [spot.name.lower().replace(" ", "-") for spot in demo_district.OUTSIDE]
    ids = [pk for slug, pk in district.cameras.items() if not any(name in slug for name in outside)]
    assert 9 < len(ids) < len(district.cameras)
    places = [
        "by room 114",
        "floor 1 landing",
        "trophy case",
        "reading tables",
        "north wall",
        "above the door",
        "Stair 2",
    ]
    return [*ids, *places, "Room 112", "Guidance office", "Nurse", "Restroom corner", "not yet classified"]


def told(response, words: list[str]) -> list[str]:
    text = streamed(response) if response.streaming else response.content.decode()
    text += str(response.headers)
    return [word for word in words if word in text]


@pytest.mark.parametrize("who", ["nobody", "ines", "omar"])
def test_a_stranger_gets_what_the_table_says_and_changes_nothing(who, district, emergency):
    wrong = []
    secret = hidden(district)
    for route, row in asked():
        expected = getattr(row, who)
        if expected is None:
            continue
        response = ask(who, (route, row), district, emergency)
        if answered(response) != expected:
            wrong.append(f"/{route}: {answered(response)}, not {expected}")
        wrong += [f"/{route} tells {word!r}" for word in told(response, secret)]
    assert wrong == []
    (running,) = facts.snapshot().live
    assert (running.id, running.taken_by, running.told_utc, running.end_proposed_utc) == (
        emergency,
        None,
        None,
        None,
    )
    assert not StoppedPerson.objects.exists()


@pytest.mark.parametrize("who", strangers.OWN)
def test_the_districts_own_people_have_their_limits_too(who, district, emergency):
    rows, expected = dict(asked()), strangers.OWN[who]
    assert {r: answered(ask(who, (r, rows[r]), district, emergency)) for r in expected} == expected
    (running,) = facts.snapshot().live
    assert (running.id, running.taken_by, running.told_utc, running.end_proposed_utc) == (
        emergency,
        None,
        None,
        None,
    )
    assert not StoppedPerson.objects.exists()


def test_police_find_nothing_of_the_inside_on_a_quiet_day(district):
    secret = hidden(district)
    found = [
        f"/{question[0]} tells {word!r}"
        for question in asked()
        for word in told(ask("omar", question, district, district.schools["lakeview-high"]), secret)
    ]
    assert found == []


def refused(response) -> bool:
    """403; the JSON interface says 401 to nobody before it looks at anything else."""
    return response.status_code == 403 or (
        response.status_code == 401 and response["Content-Type"] == "application/json"
    )


@pytest.mark.parametrize("who", ["nobody", "omar", "sam"])
def test_no_form_is_taken_from_another_site(who, district, emergency):
    taken = [
        route
        for route, row in asked()
        if row.method == "POST"
        and not refused(ask(who, (route, row), district, emergency, enforce_csrf_checks=True))
    ]
    assert taken == []


# what is not Django ------------------------------------------------------------------------------------------


def test_every_path_beside_django_has_its_row():
    assert {route.path for route in application(lambda: True).routes if route.path} == set(STARLETTE)


async def status(path: str, cookie: str) -> int:
    """The status of one answer of records' application; a stream is left after its first piece."""
    answers: asyncio.Queue[dict[str, object]] = asyncio.Queue()

    heard: asyncio.Queue[dict[str, object]] = (
        asyncio.Queue()
    )  # the request, and after it nothing: the client stays
    heard.put_nowait({"type": "http.request", "body": b"", "more_body": False})

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
    }
    scope |= {
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "client": ("192.0.2.1", 1),
        "server": ("x", 1),
    }
    scope["headers"] = [(b"host", b"localhost"), (b"cookie", cookie.encode())]
    asked = asyncio.create_task(application(lambda: True)(scope, heard.get, answers.put))
    begun = await asyncio.wait_for(answers.get(), 10)
    asked.cancel()
    await sync_to_async(connections.close_all)()  # those of the thread in which the view asked
    return int(str(begun["status"]))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", STARLETTE)
def test_beside_django_a_stranger_gets_what_the_table_says(path):
    facts._latest = None
    lakeview.build()
    session = client("ines").cookies["sightpact_session"].value
    nobody = asyncio.run(status(path, ""))
    assert (nobody, asyncio.run(status(path, f"sightpact_session={session}"))) == STARLETTE[path]
    assert asyncio.run(status(path, "sightpact_session=guessed")) == nobody


def test_every_path_of_the_edge_has_its_row():
    """The edge compares paths with `request.path == "/..."`."""
    found = set()
    for file in (SOURCE / "live" / "edge").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Compare) and dotted(node.left).endswith(".path"):
                found |= {c.value for c in node.comparators if isinstance(c, ast.Constant)}
    assert found == set(EDGE)


def test_at_the_edge_a_stranger_gets_what_the_table_says():
    answers: dict[str, list[int]] = {}

    async def scene(_gate, edge, _cameras) -> None:
        for path in (*EDGE, "/other"):
            for header in ("", "X-Forwarded-For: 192.0.2.7\r\n"):
                reader, writer = await asyncio.open_connection("127.0.0.1", edge.port)
                writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n{header}\r\n".encode())
                answers.setdefault(path, []).append(int((await reader.read()).split()[1]))
                writer.close()

    with_a_gate(scene)
    assert {path: tuple(codes) for path, codes in answers.items()} == {**EDGE, "/other": (404, 404)}
