"""Run in a deployment's folder: makes sessions for people and prints them with the ids of cameras and schools, as JSON.

A session made here is the one that a sign-in by passkey makes, without the touch. For benches on throw-away data only.
"""

from __future__ import annotations

import json
import sys

import django


def main(slugs: list[str]) -> None:
    django.setup()
    from django.conf import settings
    from django.contrib.auth import login
    from django.contrib.sessions.backends.db import SessionStore
    from django.http import HttpRequest

    from sightpact.cameras import reads as cameras
    from sightpact.people.models import Person

    sessions = {}
    for person in Person.objects.filter(slug__in=slugs).select_related("account"):
        request = HttpRequest()
        request.session = SessionStore()
        login(request, person.account, backend=settings.AUTHENTICATION_BACKENDS[0])
        request.session.save()
        sessions[person.slug] = request.session.session_key
    schools = {school.slug: school.id for school in cameras.schools()}
    shown = {
        camera.id: {"slug": camera.slug, "school": camera.school_slug, "kinds": sorted(camera.area_kinds)}
        for camera in cameras.cameras()
    }
    names = {school.id: school.name for school in cameras.schools()}
    print(json.dumps({"sessions": sessions, "schools": schools, "names": names, "cameras": shown}))


if __name__ == "__main__":
    main(sys.argv[1:])
