"""The senders: one thread looks for what is due, a few of each kind send. Nobody waits for them.

A slow gateway holds up no phone, since each kind has its own. What a dead process was sending is sent again.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connection

from sightpact.notices import actions, reads, unkept
from sightpact.notices.models import Channel
from sightpact.notices.senders import gateway, mail, push
from sightpact.notices.tokens import token_of
from sightpact.notices.unkept import Sent, Unkept
from sightpact.notices.words import Job, Message, SendFault, at_least
from sightpact.people import reads as people
from sightpact.people.phone import e164

log = logging.getLogger(__name__)
LOOK_S = 0.25
AFTER_FAULT_S = 2.0
AT_ONCE = {"push": 8, "email": 4, "sms": 4, "voice": 4}  # senders of each kind
FOR_LIFE = 2  # of these: never taken by a notice below life-safety


class Outbox:
    """Owns its threads. `start` once, `stop` at the end; a send in progress is then taken up by the next start."""

    def __init__(self, config: Any) -> None:
        self._config = config
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._busy: Counter[str] = Counter()
        self._others: Counter[str] = Counter()  # of these, below life-safety
        self._pools = {
            kind: ThreadPoolExecutor(most, thread_name_prefix=f"tell-{kind}")
            for kind, most in AT_ONCE.items()
        }
        self._looker = threading.Thread(target=self._look, name="outbox", daemon=True)

    def start(self) -> None:
        self._looker.start()

    def stop(self) -> None:
        self._stop.set()
        self._looker.join(5.0)
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)

    def _look(self) -> None:
        recovered = False
        while not self._stop.wait(LOOK_S):
            try:
                if not recovered:
                    actions.recover()
                    recovered = True
                for kind, most in AT_ONCE.items():
                    free, others = most - self._busy[kind], most - FOR_LIFE - self._others[kind]
                    for job in actions.claim(kind, free, others):
                        self._count(job, 1)
                        self._pools[kind].submit(self._send, job)
            except Exception:
                log.exception("looking for what is to be sent failed; it is tried again")
                close_old_connections()
                self._stop.wait(AFTER_FAULT_S)
        connection.close()

    def _send(self, job: Job) -> None:
        try:
            deliver(job, self._config)
            actions.sent(job.delivery, delivered=job.kind == "push")
        except SendFault as fault:
            log.warning("a %s could not be sent: %s", job.kind, fault.why)
            actions.not_sent(job.delivery, fault.why, again=fault.again, gone=fault.gone)
        except Exception:
            log.exception("sending a %s failed", job.kind)  # its claim runs out, then it is tried again
        finally:
            self._count(job, -1)
            connection.close()

    def _count(self, job: Job, by: int) -> None:
        with self._lock:
            self._busy[job.kind] += by
            if not at_least(job.level, "life_safety"):
                self._others[job.kind] += by


def deliver(job: Job, config: Any) -> None:
    """Send one job by the channel of its kind.

    Raises:
        SendFault: says why.
    """
    networks = config.notice_networks
    if job.kind == "push":
        push.send(job, config.keys, config.push_subject or config.url, networks)
    elif job.kind == "email":
        sender = config.smtp_from or f"sightpact@{config.rp_id}"
        server = mail.Server(
            config.smtp_host,
            config.smtp_port,
            config.smtp_user,
            config.smtp_password,
            config.smtp_security,
            sender,
        )
        mail.send(job, server, config.url)
    else:
        gateway.send(job, config.sms_gateway_url, config.sms_gateway_secret, config.url, networks)


def send_unkept(
    persons: Iterable[str], message: Message, key: str, on_page: frozenset[str] = frozenset()
) -> Unkept | None:
    """Send at once what could not be stored: to phones, e-mail and telephones that are known. Nobody waits.

    What becomes of it stands in memory (`unkept`) until it can be kept. None: this key was told so already.
    """
    told = unkept.begin(key, message)
    if told is None:
        return None
    contacts = {id: each for id, each in people.contacts(list(persons)).items() if each.active}
    jobs = [
        (str(row.person_id), _unkept(message, row.kind, row.address, row.p256dh, row.auth))
        for row in Channel.objects.filter(person_id__in=list(contacts), kind="push", removed_utc=None)
    ]
    for contact in contacts.values():
        jobs += [(contact.id, _unkept(message, kind, address)) for kind, address in reads.addresses(contact)]
        if contact.id in on_page:
            page = Sent(str(uuid.uuid4()), contact.id, contact.name, "page", "", "delivered", told.made_utc)
            unkept.add(key, page)
    used = [(p, job) for p, job in jobs if job.kind in message.channels() and not reads.unset(job.kind)]
    for person, job in used:
        unkept.add(key, Sent(job.delivery, person, contacts[person].name, job.kind, job.address))
    _in_the_open(key, [job for _person, job in used])
    return told


def call_unkept(name: str, phone: str, message: Message, key: str) -> Unkept | None:
    """Call a telephone although that cannot be stored. As `send_unkept`."""
    number = e164(phone)
    if not number or reads.unset("voice"):
        return None
    told = unkept.begin(key, message)
    if told is not None:
        job = _unkept(message, "voice", number)
        unkept.add(key, Sent(job.delivery, "", name, "voice", number))
        _in_the_open(key, [job])
    return told


def _in_the_open(key: str, jobs: list[Job]) -> None:
    def send(job: Job) -> None:
        try:
            deliver(job, settings.SIGHTPACT)
            unkept.became(key, job.delivery, "delivered" if job.kind == "push" else "sent")
        except SendFault as fault:
            log.warning("a %s that is not kept could not be sent: %s", job.kind, fault.why)
            unkept.became(key, job.delivery, "failed", fault.why)

    pool = ThreadPoolExecutor(8, thread_name_prefix="tell-unkept")
    for job in jobs:
        pool.submit(send, job)
    pool.shutdown(wait=False)


def _unkept(message: Message, kind: str, address: str, p256dh: str = "", auth: str = "") -> Job:
    number = str(uuid.uuid4())
    return Job(
        delivery=number,
        kind=kind,
        address=address,
        p256dh=p256dh,
        auth=auth,
        title=message.title,
        url=message.url,
        topic=message.topic,
        level=message.level,
        event=message.event,
        ttl_s=message.ttl_s,
        tries=1,
        token=token_of(number),
    )
