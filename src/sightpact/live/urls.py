"""Addresses of the wall. The viewer socket itself is the edge's, at /live there."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from sightpact.live import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("wall/", views.wall, name="wall"),
    path("wall/state/", views.wall_state, name="wall_state"),
    path("wall/told/", views.told, name="wall_told"),
    path("wall/take/", views.take, name="wall_take"),
    path("wall/all-clear/", views.all_clear, name="wall_all_clear"),
    path("wall/end/", views.end, name="wall_end"),
    path("wall/extend/", views.extend, name="wall_extend"),
    path("wall/confirm/", views.confirm, name="wall_confirm"),
    path("wall/dispute/", views.dispute, name="wall_dispute"),
    path("wall/keep-open/", views.keep_open, name="wall_keep_open"),
    path("wall/end-look/", views.end_look, name="wall_end_look"),
    path("wall/call-aid/", views.call_aid, name="wall_call_aid"),
    path("wall/which-school/", views.which_school, name="wall_which_school"),
    path("wall/put-away/", views.put_away, name="wall_put_away"),
    path("live/ticket/", views.ticket, name="live_ticket"),
]
