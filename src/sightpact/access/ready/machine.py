"""Checks of this machine and of what it keeps: room, clock, record, reserve, certificate, the process with the pictures.

Looks and never mends. Each answer is quick: pages and the command line ask the same functions.
"""

from __future__ import annotations

import ctypes
import http.client
import shutil
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sightpact.access import emergency_journal
from sightpact.access.patience import patience
from sightpact.access.ready.checks import FAILS, SOON, WELL, Check
from sightpact.ledger import clock
from sightpact.ledger import reads as ledger_reads
from sightpact.ledger.copies import reads as copy_reads

MiB = 1024 * 1024
LITTLE, TOO_LITTLE = 2048 * MiB, 256 * MiB  # bytes free on the disk of the data folder
_TIME_ERROR = 5  # adjtimex(2): the clock is not synchronized
_libc = ctypes.CDLL(None)


def disk() -> Check:
    """Room for the record."""
    name, free = _("Room on the disk"), shutil.disk_usage(settings.SIGHTPACT.data).free
    text = _("%(n)s GB free.") % {"n": f"{free / 1e9:,.1f}"}
    remedy = _("Make room on the disk that holds %(data)s.") % {"data": settings.SIGHTPACT.data}
    state = FAILS if free < TOO_LITTLE else SOON if free < LITTLE else WELL
    return Check("disk", name, state, text, "" if state == WELL else remedy)


def record() -> Check:
    """Whether the database takes a writer now. Asks for the place to write and gives it back: nothing is written."""
    name = _("The record can be written")
    try:
        with patience(1.0), connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                if not connection.in_atomic_block:
                    cursor.execute("BEGIN IMMEDIATE")
                    cursor.execute("ROLLBACK")
            else:
                cursor.execute("SELECT pg_is_in_recovery()")
                if cursor.fetchone()[0]:
                    return _unwritable(name, _("the database is a copy that only reads"))
    except Exception as fault:
        return _unwritable(name, str(fault))
    return Check("record", name, WELL, _("The database answers and takes entries."))


def _unwritable(name: str, why: str) -> Check:
    text = _("No: %(why)s. Starts go to the reserve meanwhile.") % {"why": why}
    return Check("record", name, FAILS, text, _("End what holds the database, or mend its disk."))


def reserve() -> Check:
    """The journal that takes starts when the record cannot be written."""
    name = _("The reserve for a full disk")
    try:
        journal = emergency_journal.journal()
        free, empty = journal.free, journal.empty
    except OSError as fault:
        text = _("It cannot be opened: %(why)s.") % {"why": fault.strerror or fault}
        remedy = _("Make room on the disk, then start Sightpact again.")
        return Check("reserve", name, FAILS, text, remedy)
    room = ngettext("%(n)d place free.", "%(n)d places free.", free) % {"n": free}
    if free < emergency_journal.FOR_PICTURES:
        text = _("Nearly full: %(room)s") % {"room": room}
        return Check("reserve", name, FAILS, text, _("Make room on the disk; it empties by itself then."))
    if not empty:
        text = _("Entries wait in it for the record. %(room)s") % {"room": room}
        return Check("reserve", name, SOON, text, _("Make room on the disk; it empties by itself then."))
    return Check("reserve", name, WELL, _("Empty, %(room)s") % {"room": room})


def copies() -> tuple[Check, ...]:
    """Whether each copy of the record elsewhere keeps up; none where none is enrolled (the agreement then says so)."""
    enrolled = copy_reads.copies()
    if not enrolled:
        return ()
    name, head = _("Copies of the record elsewhere"), ledger_reads.head()
    size = head.size if head else 0
    late = [c for c in enrolled if c.size < size and _long_ago(c.countersigned_utc or c.enrolled_utc)]
    if not late:
        text = ngettext("%(n)d copy keeps up.", "%(n)d copies keep up.", len(enrolled)) % {"n": len(enrolled)}
        return (Check("copies", name, WELL, text),)
    text = _("Silent for more than an hour: %(names)s.") % {"names": ", ".join(c.name for c in late)}
    return (Check("copies", name, SOON, text, _("Ask whoever keeps it to start it again.")),)


def _long_ago(at: datetime) -> bool:
    return clock.now() - at > timedelta(hours=1)


def time() -> Check:
    """Whether the machine's clock is one to rely on."""
    name, step = _("Clock"), clock.stepped_s()
    if abs(step) > 1:
        text = _("Moved by %(n)+.0f s while Sightpact runs.") % {"n": step}
        return Check("clock", name, FAILS, text, _("Mend the clock, then start Sightpact again."))
    if _unsynchronized():
        text = _("No time service keeps it. Alarms with a time of their own may then be refused.")
        return Check("clock", name, SOON, text, _("Switch a time service on (chrony or systemd-timesyncd)."))
    return Check("clock", name, WELL, _("Kept by a time service."))


def _unsynchronized() -> bool:
    """What the kernel says of its clock; False where it says nothing."""
    try:
        return bool(_libc.adjtimex(ctypes.create_string_buffer(512)) == _TIME_ERROR)
    except AttributeError:
        return False


def certificate() -> tuple[Check, ...]:
    """How long the pages' certificate lasts, where this server holds one."""
    path = settings.SIGHTPACT.tls_cert
    if not path:
        return ()
    name = _("Certificate of the pages")
    remedy = _("Renew the file %(path)s and start Sightpact again.") % {"path": path}
    try:
        until = x509.load_pem_x509_certificate(Path(path).read_bytes()).not_valid_after_utc
    except (OSError, ValueError) as fault:
        return (Check("certificate", name, FAILS, _("It cannot be read: %(why)s.") % {"why": fault}, remedy),)
    days = (until - datetime.fromtimestamp(clock.now().timestamp(), UTC)).days
    text = ngettext("Good for %(n)d more day.", "Good for %(n)d more days.", days) % {"n": days}
    if days < 0:
        return (Check("certificate", name, FAILS, _("Run out: browsers refuse the pages."), remedy),)
    return (
        Check("certificate", name, SOON, text, remedy)
        if days < 21
        else Check("certificate", name, WELL, text),
    )


def pictures() -> Check:
    """Whether the process that carries pictures answers, at its own address."""
    name, config = _("The process that carries pictures"), settings.SIGHTPACT
    well = _answers(
        config.edge_port, bool(config.tls_cert), "127.0.0.1" if config.on_loopback else config.host
    )
    if well:
        return Check("pictures", name, WELL, _("It answers."))
    text = _("It does not answer. Sharing starts and is recorded, but nobody sees a picture.")
    remedy = _("It is started again by itself; if this stays, look at the server's log.")
    return Check("pictures", name, FAILS, text, remedy)


def pages() -> Check:
    """The same of the process that serves the pages and decides."""
    name = _("The process that decides")
    if pages_answer():
        return Check("pages", name, WELL, _("It answers."))
    text = _("It does not answer: no switch, no wall, no picture.")
    return Check(
        "pages", name, FAILS, text, _("Start Sightpact: sightpact serve, or systemctl start sightpact.")
    )


def pages_answer() -> bool:
    """Whether the pages answer, for a command line beside them."""
    config = settings.SIGHTPACT
    return _answers(config.port, bool(config.tls_cert), "127.0.0.1" if config.on_loopback else config.host)


def _answers(port: int, tls: bool, host: str) -> bool:
    link: Any
    if tls:
        unchecked = ssl._create_unverified_context()  # noqa: S323  our own certificate, asked whether it answers
        link = http.client.HTTPSConnection(host, port, timeout=1, context=unchecked)
    else:
        link = http.client.HTTPConnection(host, port, timeout=1)
    try:
        link.request("GET", "/healthz")
        return bool(link.getresponse().status == 200)
    except OSError:
        return False
    finally:
        link.close()
