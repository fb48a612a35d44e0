"""What every template may use: who asks and whether this is the demonstration."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    return {"person": getattr(request, "person", None), "is_demo": settings.SIGHTPACT.demo}
