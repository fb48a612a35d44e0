"""Addresses of the access record."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from sightpact.record import after_views, copy_views, erasing_views, review_views, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("after/", after_views.everything, name="after"),
    path("after/counts.csv", after_views.counts, name="after_counts"),
    path("after/<uuid:activation>/", after_views.one, name="after_one"),
    path("after/<uuid:activation>/file.json", after_views.as_json, name="after_json"),
    path("after/<uuid:activation>/report.pdf", after_views.report, name="after_report"),
    path("log/checkpoint", copy_views.checkpoint, name="log_checkpoint"),
    path("log/tile/entries/<path:path>", copy_views.entries, name="log_entries"),
    path("log/cosigned", copy_views.cosigned, name="log_cosigned"),
    path("record/", views.record, name="record"),
    path("record/names/", erasing_views.names, name="record_names"),
    path("record/review/<slug:agreement>/<int:number>/", review_views.review, name="review"),
    path("record/file.csv", views.record_csv, name="record_csv"),
]
