"""Every address there is, those of the demonstration included: the URL list that the stranger test walks."""

from django.urls import include, path

from sightpact.web.urls import urlpatterns as _pages

urlpatterns = [*_pages, path("", include("sightpact.demo.urls"))]
