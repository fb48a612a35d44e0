"""Addresses of signing, and of the signing keys. They stand before `agreements/<slug>/`: no agreement is called "keys"."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from sightpact.agreements import key_views, signing_paper_views, signing_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("agreements/keys/", key_views.keys, name="signing_keys"),
    path("agreements/keys/options/", key_views.options, name="signing_key_options"),
    path("agreements/keys/<slug:keyid>/", key_views.public, name="signing_key_public"),
    path("agreements/<slug:slug>/sign/", signing_views.sign, name="agreement_sign"),
    path("agreements/<slug:slug>/sign/options/", signing_views.options, name="agreement_sign_options"),
    path("agreements/<slug:slug>/sign/file/<str:name>", signing_views.file, name="agreement_sign_file"),
    path("agreements/<slug:slug>/sign/paper/", signing_paper_views.paper, name="agreement_sign_paper"),
    path(
        "agreements/<slug:slug>/sign/paper/options/",
        signing_paper_views.options,
        name="agreement_sign_paper_options",
    ),
]
