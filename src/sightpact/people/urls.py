"""Addresses of signing in and out. Of allauth's own pages none is mounted: no sign-up, password or e-mail
change."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from sightpact.people import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/options/", views.sign_in_options, name="sign_in_options"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("join/<str:secret>/", views.join, name="join"),
    path("join/<str:secret>/options/", views.join_options, name="join_options"),
]
