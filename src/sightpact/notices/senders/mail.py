"""E-mail through the district's own server, by Django's SMTP backend. Bare words and one link: mail is read by many machines."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass

from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from sightpact.notices.words import Job, SendFault

TIMEOUT_S = 10


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    port: int
    user: str
    password: str
    security: str  # starttls, tls, none
    sender: str


def send(job: Job, server: Server, site: str) -> None:
    """Hand it to the mail server.

    Args:
        site: the address people type; the link to answer begins with it.
    Raises:
        SendFault: again, unless the server refuses this address for good.
    """
    link = get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host=server.host,
        port=server.port,
        username=server.user,
        password=server.password,
        use_tls=server.security == "starttls",
        use_ssl=server.security == "tls",
        timeout=TIMEOUT_S,
    )
    text = _(
        "%(title)s.\n\nSign in to see more: %(site)s%(url)s\n\nTo answer “seen”: %(site)s/told/seen/%(token)s/\n"
    )
    words = text % {"title": job.title, "site": site, "url": job.url, "token": job.token}
    headers = {"X-Priority": "1"} if job.level == "life_safety" else {}
    mail = EmailMessage(job.title, words, server.sender, [job.address], headers=headers, connection=link)
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as fault:
        code = max((code for code, _why in fault.recipients.values()), default=500)
        raise SendFault(f"the mail server refuses this address ({code})", again=code < 500) from fault
    except smtplib.SMTPResponseException as fault:
        raise SendFault(f"the mail server answers {fault.smtp_code}", again=fault.smtp_code < 500) from fault
    except (OSError, smtplib.SMTPException) as fault:
        raise SendFault(f"the mail server does not answer ({type(fault).__name__})") from fault
    except ValueError as fault:
        raise SendFault("the e-mail address cannot be used", again=False) from fault
