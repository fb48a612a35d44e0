"""Every address of the pages. Each slice brings its own list; the viewer sockets are the edge's, not here."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from sightpact.web.api.api import api

_SLICES = ("people", "agreements", "cameras", "activation", "live", "record")

urlpatterns: list[URLPattern | URLResolver] = [path("", include("sightpact.web.pages_urls"))]
urlpatterns.append(path("api/v1/", api.urls))
urlpatterns.append(path("i18n/", include("django.conf.urls.i18n")))
urlpatterns += [path("", include(f"sightpact.{name}.urls")) for name in _SLICES]
if settings.SIGHTPACT.demo:
    urlpatterns.append(path("", include("sightpact.demo.urls")))
