"""Addresses of the pages of agreements."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from sightpact.agreements import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("agreements/", views.agreement_list, name="agreement_list"),
    path("agreements/<slug:slug>/", views.agreement_page, name="agreement_page"),
]
