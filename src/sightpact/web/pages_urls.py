from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from sightpact.web.pages import cameras

urlpatterns: list[URLPattern | URLResolver] = [
    path("cameras/", cameras.camera_list, name="camera_list"),
]
