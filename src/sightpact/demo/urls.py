"""Addresses that exist in the demonstration only."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from sightpact.demo import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("who/", views.who, name="who"),
    path("who/be/", views.be, name="who_be"),
    path("who/leave/", views.leave, name="who_leave"),
]
