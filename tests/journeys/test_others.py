"""Everybody else: Dana's cameras, Ines without an agreement, Paula without an account, the cast."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, expect

from sightpact.demo import district
from tests.deployment import Deployment, deployment
from tests.journeys.conftest import OpenScreen
from tests.journeys.screens import DESK, PHONE, Screen, Theme

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
LOOKS: list[tuple[str, dict[str, int], Theme]] = [
    ("", DESK, ""),
    ("-dark", DESK, "dark"),
    ("-phone", PHONE, ""),
]


@pytest.mark.parametrize(("name", "size", "theme"), LOOKS)
def test_dana_sees_every_camera(
    lakeview: Deployment, screen: OpenScreen, name: str, size: dict[str, int], theme: Theme
) -> None:
    dana = screen("dana", size=size, theme=theme)
    page = dana.goto("/cameras/")
    expect(page.get_by_role("row").filter(has_text="Lakeview High")).to_have_count(15)
    todo = page.get_by_role("row").filter(has_text="New camera")
    expect(todo).to_contain_text("Not shared until classified")
    expect(page.get_by_role("row").filter(has_text="Guidance office")).to_contain_text("Never shared")
    expect(page.get_by_role("row").filter(has_text="Stair 2")).to_contain_text("Emergency, 3.2")
    dana.look(f"dana-cameras{name}")
    page.goto("/today/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    dana.look(f"dana-today{name}")


@pytest.mark.parametrize(("name", "size", "theme"), LOOKS)
def test_ines_is_told_that_no_agreement_names_her(
    lakeview: Deployment, screen: OpenScreen, name: str, size: dict[str, int], theme: Theme
) -> None:
    ines = screen("ines", size=size, theme=theme)
    page = ines.goto("/wall/")
    expect(page.get_by_role("heading", name="No agreement names you")).to_be_visible()
    text = page.locator("body").inner_text()
    for secret in (*(row[1] for row in district.SCHOOLS), "Omar", "3.2", "camera 1"):
        assert secret not in text
    ines.look(f"ines-wall{name}")


@pytest.mark.parametrize(("name", "size", "theme"), LOOKS)
def test_paula_reads_without_an_account(
    lakeview: Deployment, screen: OpenScreen, name: str, size: dict[str, int], theme: Theme
) -> None:
    paula = screen(size=size, theme=theme)
    page = paula.goto("/public/")
    expect(page.get_by_role("heading", level=1)).to_have_text("What can police see in our schools?")
    expect(page.get_by_text("Not one of them looks inside.")).to_be_visible()
    calm = page.content()
    paula.look(f"paula{name}")
    lakeview.start_sharing()
    page.reload()
    assert _without_nonces(page.content()) == _without_nonces(calm), (
        "the public page tells that there is an emergency"
    )
    page.goto("/help/")
    paula.look(f"paula-help{name}")
    page.goto("/sign-in/")
    paula.look(f"nobody-sign-in{name}")


@pytest.mark.parametrize("person", ["pia", "sam", "rosa"])
def test_where_the_day_begins(lakeview: Deployment, screen: OpenScreen, person: str) -> None:
    someone = screen(person)
    page = someone.goto("/")
    expect(page.get_by_role("heading").first).to_be_visible()
    someone.look(f"{person}-first-page")


def test_the_agreement_reads_on_every_screen(lakeview: Deployment, screen: OpenScreen) -> None:
    for name, size, theme in LOOKS:
        omar = screen("omar", size=size, theme=theme)
        page = omar.goto("/agreements/")
        expect(
            page.get_by_role("link", name="Memorandum of Understanding on School Cameras").first
        ).to_be_visible()
        omar.look(f"omar-agreements{name}")
        page.goto("/agreements/lakeview-mou/")
        expect(page.get_by_role("heading", name=re.compile("Inside, in an emergency")).first).to_be_visible()
        omar.look(f"omar-agreement{name}")


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    nowhere = SimpleNamespace(port=9, control_port=9)  # no picture is looked at here
    with deployment(tmp_path_factory.mktemp("demo") / "data", nowhere, demo=True) as it:  # type: ignore[arg-type]
        yield it


def test_who_do_you_want_to_be(demonstration: Deployment, browser: Browser) -> None:
    for name, size, theme in LOOKS:
        screen = Screen(browser, demonstration, size=size, theme=theme)
        page = screen.goto("/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Who do you want to be?")
        screen.look(f"who{name}")
        page.get_by_role("button", name=re.compile("^Pia")).click()
        expect(page.get_by_role("heading", name="Share cameras with police")).to_be_visible()
        page.goto("/who/")
        page.get_by_role("button", name=re.compile("^Sam")).click()
        expect(page).to_have_url(re.compile("/today/$"))
        assert screen.complaints == []
        screen.close()


def test_outside_the_demonstration_nobody_is_chosen(lakeview: Deployment) -> None:
    assert lakeview.stranger().get("/who/").status == 404
    assert lakeview.stranger().post("/who/be/", {"person": "sam"}).status == 404


def _without_nonces(html: str) -> str:
    return re.sub(
        r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"|name="server-now" content="\d+"', "", html
    )
