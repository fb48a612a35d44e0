"""SMS and voice through one signed HTTP gateway, so that any provider's bridge can be built. docs/how-to/be-told.md has its form.

Both ways: HMAC-SHA256 over the time in seconds, a dot and the body. An old time is refused.
"""

from __future__ import annotations

import hashlib
import hmac
import json

from django.utils.translation import gettext as _

from sightpact.ledger import clock
from sightpact.notices.senders import web
from sightpact.notices.words import Job, SendFault

MOST_AGE_S = 300  # how far the other's clock may be off


def send(job: Job, url: str, secret: str, site: str, networks: tuple[str, ...]) -> None:
    """Ask the gateway to send a message or to call.

    Raises:
        SendFault: again, unless the gateway refuses it for good.
    """
    link = f"{site}/told/seen/{job.token}/"
    words = (
        _("%(title)s. Sign in to see more. Press 1 to answer that you heard this.") % {"title": job.title}
        if job.kind == "voice"
        else _("%(title)s. Seen? %(link)s") % {"title": job.title, "link": link}
    )
    asked = {
        "id": job.delivery,
        "kind": job.kind,
        "to": job.address,
        "text": words,
        "ttl_s": job.ttl_s,
        "attempt": job.tries,
        "report_to": f"{site}/told/gateway/",
    }
    body = json.dumps(asked).encode()
    stamp = str(int(clock.now().timestamp()))
    headers = {
        "Content-Type": "application/json",
        "Sightpact-Time": stamp,
        "Sightpact-Signature": signature(secret, stamp, body),
    }
    answer = web.post(url, body, headers, networks, may_be_inside=True)
    if answer.status in (408, 425, 429) or answer.status >= 500:
        raise SendFault(f"the gateway answers {answer.status}")
    if not 200 <= answer.status < 300:
        raise SendFault(f"the gateway refuses it ({answer.status})", again=False)


def signature(secret: str, stamp: str, body: bytes) -> str:
    mac = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256)
    return f"v1={mac.hexdigest()}"


def is_authentic(secret: str, stamp: str, said: str, body: bytes) -> bool:
    """Whether the gateway itself says this, now."""
    if not secret or not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12:
        return False
    fresh = abs(clock.now().timestamp() - int(stamp)) <= MOST_AGE_S
    return fresh and hmac.compare_digest(signature(secret, stamp, body).encode(), said.encode())
