"""The paper's header stays in its column, however many pages a person is offered and however wide the screen is."""

from __future__ import annotations

import pytest

from tests.deployment import Deployment
from tests.journeys.conftest import OpenScreen

WIDTHS = (1920, 1600, 1440, 1280, 1160, 1024, 390)
# In the demonstration the button has the longer words.
BEYOND = """() => {
  document.querySelector(".me button").textContent = "Change person";
  const wrap = document.querySelector(".top .wrap"), box = wrap.getBoundingClientRect();
  const right = box.right - parseFloat(getComputedStyle(wrap).paddingRight) + 1;
  const beyond = [...wrap.querySelectorAll("*")].filter((each) => each.getBoundingClientRect().right > right);
  return beyond.map((each) => each.outerHTML.slice(0, 90));
}"""


@pytest.mark.parametrize("person", ["sam", "dana", "pia", "omar"])
def test_the_header_stays_in_its_column(lakeview: Deployment, screen: OpenScreen, person: str) -> None:
    page = screen(person).goto("/agreements/")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(BEYOND) == [], width
