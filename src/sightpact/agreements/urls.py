"""Addresses of the pages of agreements."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from sightpact.agreements import (
    comment_views,
    draft_views,
    editor_views,
    paper_views,
    round_views,
    signing_urls,
    state_views,
    views,
)

urlpatterns: list[URLPattern | URLResolver] = [
    *signing_urls.urlpatterns,
    path("agreements/", views.agreement_list, name="agreement_list"),
    path("agreements/new/", draft_views.new, name="agreement_new"),
    path("agreements/preview/", editor_views.preview, name="agreement_preview"),
    path("agreements/<slug:slug>/", views.agreement_page, name="agreement_page"),
    path("agreements/<slug:slug>/suspend/", state_views.suspend, name="agreement_suspend"),
    path("agreements/<slug:slug>/resume/", state_views.resume, name="agreement_resume"),
    path("agreements/<slug:slug>/changes/", views.agreement_changes, name="agreement_changes"),
    path("agreements/<slug:slug>/amend/", draft_views.amend, name="agreement_amend"),
    path("agreements/<slug:slug>/drafts/<slug:draft>/", editor_views.editor, name="agreement_draft"),
    path("agreements/<slug:slug>/drafts/<slug:draft>/save/", editor_views.save, name="agreement_draft_save"),
    path(
        "agreements/<slug:slug>/drafts/<slug:draft>/propose/", draft_views.propose, name="agreement_propose"
    ),
    path(
        "agreements/<slug:slug>/drafts/<slug:draft>/compare/", draft_views.compare, name="agreement_compare"
    ),
    path(
        "agreements/<slug:slug>/drafts/<slug:draft>/versions/",
        draft_views.versions,
        name="agreement_versions",
    ),
    path(
        "agreements/<slug:slug>/drafts/<slug:draft>/discard/", draft_views.discard, name="agreement_discard"
    ),
    path("agreements/<slug:slug>/accept/", round_views.accept, name="agreement_accept"),
    path("agreements/<slug:slug>/withdraw/", round_views.withdraw, name="agreement_withdraw"),
    path("agreements/<slug:slug>/adopt/", round_views.adopt, name="agreement_adopt"),
    path("agreements/<slug:slug>/terminate/", round_views.terminate, name="agreement_terminate"),
    path("agreements/<slug:slug>/history/", round_views.history, name="agreement_history"),
    path("agreements/<slug:slug>/comments/", comment_views.page, name="agreement_comments"),
    path(
        "agreements/<slug:slug>/comments/<slug:comment>/resolve/",
        comment_views.resolve,
        name="agreement_resolve",
    ),
    path("agreements/<slug:slug>/paper/<slug:form>/", paper_views.paper, name="agreement_paper"),
]
