"""A wall's state in the two forms that a page takes: the whole page's facts, and what changed."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import get_language

from sightpact.access.wall import WallState
from sightpact.live import words

PLACES = ("strip", "side", "notice", "schools")
"""The parts of the page that the server words; each is a template `live/_<place>.html` and an element of that id."""

FRESH = timedelta(seconds=2)  # so old an answer may be given again, when nothing that it says has moved
MOST = 256  # answers kept
_TOKEN = secrets.token_hex(32)  # stands where a session's form token comes; nobody's text can hold it
_kept: dict[tuple[str, str | None], tuple[WallState, str]] = {}


def whole(state: WallState) -> dict[str, Any]:
    """What the template of the whole page needs."""
    return {**_facts(state), "wall_words": words.player()}


def changed(person: str, state: WallState, request: HttpRequest) -> str:
    """What the page's script needs when something changed, as JSON. Pages of one person share it while nothing moves.

    Each session has its own form token, put in last; digits of running clocks are the page's own.
    """
    key = (person, get_language())
    made, body = _kept.get(key, (None, ""))
    if made is None or state.now - made.now > FRESH or replace(state, now=made.now) != made:
        body = json.dumps(changes(state, request), cls=DjangoJSONEncoder)
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[key] = state, body
    return body.replace(_TOKEN, get_token(request))


def changes(state: WallState, request: HttpRequest | None) -> dict[str, Any]:
    """The same, before a session's form token is put in."""
    facts = _facts(state) | {"csrf_token": _TOKEN}
    return {
        "mode": state.mode,
        "announce": words.announcement(state),
        "title": words.title(state),
        "alerts": words.alerts(state),
        "loud": words.is_loud(state),
        "running": [s.card.id for s in state.sharings],
        "untold": [s.card.id for s in state.sharings if s.card.told_utc is None],
        "tiles": facts["tiles"],
        "drill": _drill(state),
        "html": dict(zip(PLACES, _rendered(facts, request), strict=True)),
    }


def _drill(state: WallState) -> dict[str, str] | None:
    """Where the page says that it has shown the drill, and its first simulated picture; "" once that is known."""
    if state.mode != "drill" or state.drill is None:
        return None
    card = state.drill.card
    return {
        "told": "" if card.told_utc else f"/drills/{card.id}/told/",
        "pictured": "" if card.pictured_utc else f"/drills/{card.id}/pictured/",
    }


def _rendered(facts: dict[str, Any], request: HttpRequest | None) -> list[str]:
    """Each place's markup: rendered in one go, since what surrounds every page is worked out once for each rendering."""
    mark = secrets.token_hex(16)  # stands between two places; nobody's text can hold it
    return render_to_string("live/_changed.html", {**facts, "mark": mark}, request).split(mark)


def _facts(state: WallState) -> dict[str, Any]:
    return {
        "state": state,
        "untaken": [s for s in state.sharings if s.card.taken_by is None],
        "title": words.title(state),
        "end_choices": words.ends(),
        "tiles": _tiles(state),
        "sharing": state.sharings[0] if state.sharings else None,
        "look": state.looks[0] if state.looks else None,
        "drilled": state.drill,
    }


def _tiles(state: WallState) -> list[dict[str, Any]]:
    return [
        {
            "id": tile.camera,
            "number": tile.number,
            "name": tile.name,
            "place": tile.place,
            "school": tile.school,
            "school_id": tile.school_id,
            "zone": tile.zone,
            "section": tile.section,
            "inside": tile.inside,
            "situation": tile.situation,
            "drill": tile.drill,
        }
        for tile in state.tiles
    ]
