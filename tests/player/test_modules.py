"""The player's pure parts, run where they run: in the browser, with their clocks as arguments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.player import states
from tests.player.wall_site import WallSite

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with (
        WallSite(lambda: states.quiet((), states.now()), lambda: "") as site,
        browser.new_context() as context,
    ):
        page = context.new_page()
        page.goto(
            site.url + "/static/third_party/manifest.json"
        )  # any page of the same origin: modules are imported into it
        yield page


def run(page: Page, module: str, body: str, argument: Any = None) -> Any:
    return page.evaluate(
        f"async a => {{ const m = await import('/static/components/live/{module}.js'); {body} }}", argument
    )


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"closed": "ended", "lapsed": False, "source": "live", "picture": True, "age": 0}, "ended"),
        ({"closed": "refused", "lapsed": True, "source": "live", "picture": True, "age": 0}, "refused"),
        ({"closed": None, "lapsed": True, "source": "live", "picture": True, "age": 0}, "lost"),
        ({"closed": None, "lapsed": False, "source": "lost", "picture": True, "age": 0}, "lost"),
        (
            {"closed": None, "lapsed": False, "source": "unsupported", "picture": False, "age": 0},
            "unsupported",
        ),
        ({"closed": None, "lapsed": False, "source": "live", "picture": False, "age": 0}, "connecting"),
        ({"closed": None, "lapsed": False, "source": "stalled", "picture": True, "age": 100}, "stalled"),
        ({"closed": None, "lapsed": False, "source": "live", "picture": True, "age": 999}, "live"),
        ({"closed": None, "lapsed": False, "source": "live", "picture": True, "age": 1000}, "slow"),
        ({"closed": None, "lapsed": False, "source": "live", "picture": True, "age": 2000}, "still"),
    ],
)
def test_what_a_tile_says(page: Page, facts: dict[str, Any], state: str) -> None:
    assert run(page, "age", "return m.tileState(a)", facts) == state


def test_a_lease_ends_by_whichever_clock_says_so_first(page: Page) -> None:
    left = run(
        page,
        "lease",
        """const l = new m.Lease(); const before = l.left(1000, 5000);
           l.renew(2000, 1000, 5000);
           return [before < 0, l.left(1000, 5000), l.left(2999, 5000), l.left(1000, 7001), l.left(1000, 1000),
                   (l.end(), l.left(1000, 5000) < 0)];""",
    )
    assert left == [True, 2000, 1, -1, 2000, True]


def test_seconds_are_short(page: Page) -> None:
    assert run(page, "age", "return [0, 340, 1649, 9960, 24400, -5].map(m.seconds)") == [
        "0.0",
        "0.3",
        "1.6",
        "10",
        "24",
        "0.0",
    ]
