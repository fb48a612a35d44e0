"""Addresses of the access record."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from sightpact.record import review_views, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("record/", views.record, name="record"),
    path("record/review/<slug:agreement>/<int:number>/", review_views.review, name="review"),
    path("record/file.csv", views.record_csv, name="record_csv"),
]
