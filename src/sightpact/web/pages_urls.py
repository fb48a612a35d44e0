"""Addresses of the pages that stand above all slices."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from sightpact.web.pages import (
    annex,
    asking,
    board,
    camera_edit,
    cameras,
    changes,
    front,
    people,
    public,
    switch,
    today,
    who_can_see,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", front.front, name="front"),
    path("help/", front.help_page, name="help"),
    path("state-line/", front.line, name="state_line"),
    path("cameras/", cameras.camera_list, name="camera_list"),
    path("cameras/<uuid:camera>/", camera_edit.camera_page, name="camera_page"),
    path("changes/", changes.change_list, name="changes"),
    path("changes/decide/", changes.decide, name="change_decide"),
    path("agreements/<slug:slug>/annex/", annex.annex, name="annex"),
    path("people/", people.people_list, name="people"),
    path("people/revoke-device/", people.revoke_device, name="revoke_device"),
    path("today/", today.today, name="today"),
    path("who-can-see/", who_can_see.who_can_see, name="who_can_see"),
    path("public/", public.public, name="public"),
    path("watching/", board.watching, name="watching"),
    path("watching/state/", board.watching_state, name="watching_state"),
    path("watching/stop/", board.stop_person, name="stop_person"),
    path("watching/let-back/", board.let_back, name="let_back"),
    path("watching/stop-sharing/", board.stop_sharing, name="stop_sharing"),
    path("watching/end-look/", board.end_look, name="end_look"),
    path("watching/stop-all/", board.stop_all, name="stop_all"),
    path("asking/", asking.everything, name="asking"),
    path("asking/state/", asking.everything_state, name="asking_state"),
    path("asking/invite/", asking.ask, {"form": "invite"}, name="asking_invite"),
    path("asking/request/", asking.ask, {"form": "request"}, name="asking_request"),
    path("asking/event/", asking.ask, {"form": "event"}, name="asking_event"),
    path("asking/<uuid:number>/", asking.one, name="asking_one"),
    path("asking/<uuid:number>/state/", asking.one_state, name="asking_one_state"),
    path("asking/<uuid:number>/answer/", asking.answer, name="asking_answer"),
    path("asking/<uuid:number>/end/", asking.end, name="asking_end"),
    path("switch/", switch.choose, name="switch"),
    path("switch/start/", switch.start, name="switch_start"),
    path("switch/enrol/", switch.enrol, name="switch_enrol"),
    path("switch/<uuid:activation>/", switch.running, name="switch_running"),
    path("switch/<uuid:activation>/state/", switch.state, name="switch_state"),
    path("switch/<uuid:activation>/end/", switch.end, name="switch_end"),
]
