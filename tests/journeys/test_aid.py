"""Three agencies, one emergency: dispatch calls a neighbour, whose wall opens then and not before, and is dark at the end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from sightpact.camerasim.testing import RunningSim
from tests.deployment import Deployment, deployment
from tests.journeys.screens import PHONE, Screen, live

REGIONAL = """
import sys, django
django.setup()
from pathlib import Path
from sightpact.demo import setup
from tests import regional
keys = {p: setup._pair(Path(sys.argv[1]), p) for p in ("lakeview-usd", "lakeview-pd")}
regional.put_in_force(regional.add_parties(keys))
"""


@pytest.fixture(scope="module")
def region(sim: RunningSim, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with deployment(tmp_path_factory.mktemp("aid") / "data", sim) as it:
        it.python(REGIONAL, str(it.data / "signing-keys"))
        it.sign_in_everybody(2)
        yield it


def test_dispatch_calls_and_the_neighbour_sees(browser: Browser, region: Deployment) -> None:
    nora, felix = Screen(browser, region, "nora"), Screen(browser, region, "felix")
    wall, neighbour = nora.goto("/wall/"), felix.goto("/wall/")
    expect(neighbour.locator("#side")).to_contain_text("when you are called for aid")
    region.start_sharing()
    call = wall.get_by_role("button", name="Call Fairmont Police for aid")
    expect(call).to_be_visible()
    nora.look("aid-dispatch-may-call")
    assert neighbour.locator("live-tile").count() == 0
    call.focus()
    wall.keyboard.press("Enter")
    expect(wall.locator("#side")).to_contain_text("Fairmont Police was called for aid by Nora Lind")
    live(neighbour, inside=2)
    expect(neighbour.locator(".reminder")).to_contain_text("34 CFR 99.33")
    felix.look("aid-neighbour-sees")
    nora.look("aid-dispatch-called")
    region.page("sam").post("/watching/stop-all/")
    expect(neighbour.locator("live-tile[data-state=live][data-inside=true]")).to_have_count(0)
    assert nora.complaints == [] and felix.complaints == []
    nora.close(), felix.close()


def test_the_reminder_on_a_phone(browser: Browser, region: Deployment) -> None:
    rosa = Screen(browser, region, "rosa", size=PHONE, theme="dark")
    page = rosa.goto("/wall/")
    expect(page.locator(".reminder")).to_contain_text("Not to be watched for:")
    rosa.look("reminder-phone")
    assert rosa.complaints == []
    rosa.close()


def test_the_notice_stands_on_the_record(browser: Browser, region: Deployment) -> None:
    fiona = Screen(browser, region, "fiona")
    expect(fiona.goto("/record/").locator("#main")).to_contain_text("34 CFR 99.33")
    fiona.look("record-with-notice")
    assert fiona.complaints == []
    fiona.close()
