"""A reported emergency over the API: opened, confirmed, extended, closed; a stop that is taken back."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from sightpact.access import facts
from tests import lakeview
from tests.web.test_api import get, post


@pytest.fixture
def town(db: None) -> lakeview.Lakeview:
    facts._latest = None
    cache.clear()
    return lakeview.build(**lakeview.LIFE)


def test_a_report_until_it_is_closed(town: lakeview.Lakeview) -> None:
    said = {"school": town.schools["lakeview-high"], "emergency": "intruder"}
    word = {**said, "why": "word", "word_of": town.people["pia"]}
    assert post("ines", "sharings/report", said).status_code == 403
    assert post("omar", "sharings/report", {**said, "why": "guess"}).status_code == 422
    begun = post("omar", "sharings/report", word, **{"Idempotency-Key": "one"}).json()
    path = f"sharings/{begun['id']}"
    assert (begun["unverified"], begun["word_of"], begun["level"]) == ("word", "Pia Marsh", "life_safety")
    for who, step in (("ines", "confirm"), ("ines", "dispute"), ("pia", "extend"), ("pia", "undo")):
        assert post(who, f"{path}/{step}").status_code == 403, (who, step)
    assert post("omar", f"{path}/extend").json()["code"] == "too_late"
    sure = post("pia", f"{path}/confirm").json()
    assert (sure["unverified"], sure["confirmed_by"]) == ("", "Pia Marsh") and sure["deadline"] > begun[
        "deadline"
    ]
    assert post("pia", f"{path}/dispute").status_code == 409
    post("omar", f"{path}/take")
    (running,) = get("omar", "sharings").json()["running"]
    assert running["can_extend"] and not running["warns"]
    assert post("omar", f"{path}/extend").json()["deadline"] > sure["deadline"]
    stopped = post("sam", f"{path}/stop").json()
    assert stopped["undo_until"] and post("ines", f"{path}/undo").status_code == 404
    assert post("sam", f"{path}/undo").json()["ended"] is None
    over = post("omar", f"{path}/close", {"reason": "last_responder"}).json()
    assert over["end_sentence"] == "The last responder has left, says Omar Reyes."
    assert [each["outcome"] for each in over["reports"]] == ["started"]
