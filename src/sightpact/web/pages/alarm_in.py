"""Where alarm products send: `POST /alarms/in/<source>/`. No session, no form: the message's signature is what counts.

Answers are short JSON. A forged one learns nothing, not even whether there is such a source.
"""

from __future__ import annotations

import logging
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from sightpact.access import alarm_in, facts
from sightpact.access.errors import UNWRITABLE
from sightpact.activation.alarms.message import MOST_BYTES, BadAlarm, Forged
from sightpact.cameras.errors import CredentialsFault

log = logging.getLogger(__name__)


@csrf_exempt
@never_cache
@require_POST
def receive(request: HttpRequest, source: UUID) -> JsonResponse:
    """Take one alarm in.

    200 what became of it; 409 it came before and was not acted on again; 400 it cannot be read (a person is asked);
    401 not accepted; 413 too large; 429 too many, with nothing new in them; 503 send it again.
    """
    if len(request.body) > MOST_BYTES:
        return _said(413, "too_large", "An alarm has at most 64 KiB.")
    try:
        became = alarm_in.receive(str(source), dict(request.headers), request.body)
    except Forged:
        return _said(401, "not_accepted", "Not accepted.")
    except BadAlarm as fault:
        return _said(400, "unreadable", f"{fault} A person is asked what it means.")
    except alarm_in.TooOften as fault:
        answer = _said(429, "too_often", str(fault))
        answer["Retry-After"] = "60"
        return answer
    except (*UNWRITABLE, CredentialsFault, facts.Unsettled):
        log.exception("an alarm could not be taken in")
        return _said(503, "not_taken", "Not taken in. Send it again.")
    if not became.is_new:
        return _said(409, became.state, "This message came before. It was not acted on again.")
    return JsonResponse({"state": became.state, "alarm": became.alarm, "sharing": became.activation})


def _said(status: int, state: str, text: str) -> JsonResponse:
    return JsonResponse({"state": state, "says": text}, status=status)
