"""The records process's web application: Starlette outside (news, health), Django inside (pages, API).

The viewer sockets are not here: they are the edge's (`live/edge`), and the gate that admits them has its own thread.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from sightpact.web.body_limit import BodyLimit
from sightpact.web.news import news
from sightpact.web.turns import Turns


def application(well: Callable[[], bool]) -> Starlette:
    """Build the application. Django must be set up before.

    Args:
        well: whether the gate runs and reads the facts; what `/healthz` answers.
    """
    from django.core.asgi import get_asgi_application

    async def healthz(_request: Request) -> JSONResponse:
        ok = well()
        return JSONResponse({"ok": ok}, status_code=200 if ok else 503)

    return Starlette(
        routes=[
            Route("/news/", news),
            Route("/healthz", healthz),
            Mount("/", Turns(BodyLimit(get_asgi_application()))),
        ]
    )
