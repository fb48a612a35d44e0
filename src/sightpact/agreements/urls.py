"""Addresses of the pages of agreements."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from sightpact.agreements import state_views, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("agreements/", views.agreement_list, name="agreement_list"),
    path("agreements/<slug:slug>/", views.agreement_page, name="agreement_page"),
    path("agreements/<slug:slug>/suspend/", state_views.suspend, name="agreement_suspend"),
    path("agreements/<slug:slug>/resume/", state_views.resume, name="agreement_resume"),
    path("agreements/<slug:slug>/changes/", views.agreement_changes, name="agreement_changes"),
]
