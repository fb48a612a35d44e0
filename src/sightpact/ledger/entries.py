"""What one ledger entry is: its fields, its bytes, and the salted commitments that hide names and places.

Pure. The stored bytes are what is hashed; never re-serialise an entry in order to hash it.
Never in clear: a person, camera, area, school, situation, device or free text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sightpact.ledger.errors import BadEntry

VERSION = 1
TYPES = frozenset(
    [
        "genesis",
        "import",
        "inventory_change",
        "change_proposed",
        "change_approved",
        "change_refused",
        "change_withdrawn",
        "person_change",
        "agreement_stored",
        "agreement_proposed",
        "agreement_countered",
        "agreement_agreed",
        "agreement_withdrawn",
        "exhibit_changed",
        "agreement_adopted",
        "agreement_signed",
        "agreement_in_force",
        "agreement_suspended",
        "agreement_resumed",
        "agreement_terminated",
        "guarantees_proven",
        "key_offered",
        "key_enrolled",
        "key_withdrawn",
        "sign_in",
        "sign_out",
        "sign_in_failed",
        "activation_start",
        "activation_told",
        "activation_take",
        "activation_end",
        "activation_joined",
        "activation_widened",
        "activation_confirmed",
        "activation_extended",
        "activation_undone",
        "aid_called",
        "invitation",
        "request",
        "window",
        "drill_start",
        "drill_told",
        "drill_taken",
        "drill_end",
        "admission",
        "refusal",
        "stream_end",
        "stop",
        "stop_lifted",
        "record_read",
        "review_signed",
        "disclosure_recorded",
        "openings_erased",
        "hold_placed",
        "hold_lifted",
        "socket_misuse",
        "gateway_start",
        "gateway_stop",
        "copy_enrolled",
        "journal_replayed",
        "clock_step",
        "readiness",
        "alarm",
        "alarm_source",
        "alarm_received",
        "alarm_answered",
        "alarm_forged",
        "notice_sent",
        "notice_approved",
        "channel_changed",
    ]
)
"""The closed set. A new kind of event is a new word here and in docs/design/0003."""

CLEAR_TEXT = ("agreement", "policy", "clause", "party", "emergency", "outcome", "reason_code")
CLEAR_NUMBERS = ("seconds", "frames", "bytes", "ref")
SECRET = ("person", "camera", "area", "school", "situation", "device", "text")
NAMES = ("person", "device", "text")  # what is erased by rule; cameras, schools and situations stay
FIELDS = frozenset(("v", "type", "at", *CLEAR_TEXT, *CLEAR_NUMBERS, *SECRET))

MAX_CLEAR = 200  # characters of a clear text
MAX_VALUE = 4000  # characters of a secret value, which stands beside the log, not in it
MAX_NUMBER = 2**53 - 1  # RFC 8785's limit
SALT_BYTES = 32
_TAG = b"sightpact/opening/v1\n"


@dataclass(frozen=True, slots=True)
class Secret:
    """`key`: an id to search by (may be empty). `value`: what a person with the right to see it reads."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An event to be recorded. Empty text and None mean "not applicable" and take no room in the entry."""

    type: str
    agreement: str = ""
    policy: str = ""  # sha256 hex of the Cedar text that decided
    clause: str = ""
    party: str = ""
    emergency: str = ""
    outcome: str = ""
    reason_code: str = ""
    seconds: int | None = None
    frames: int | None = None
    bytes: int | None = None
    ref: int | None = None  # index of the entry that this one closes
    secret: Mapping[str, Secret] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens one commitment of one entry. Erasing it leaves the log whole and the fact unreadable."""

    field: str
    key: str
    salt: bytes
    value: str


@dataclass(frozen=True, slots=True)
class Encoded:
    data: bytes
    openings: tuple[Opening, ...]


def stamp(at: datetime) -> str:
    """An instant as fixed-width RFC 3339 in UTC, cut (not rounded) to hundredths of a second: sorts as text."""
    utc = at.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 10000:02d}Z"


def instant(text: str) -> datetime:
    """The aware UTC datetime of a `stamp`.

    Raises:
        BadEntry: any other form.
    """
    try:
        if len(text) != 23 or text[19] != "." or text[22] != "Z":
            raise ValueError("wrong width")
        moment = datetime.strptime(text[:22] + "0000+0000", "%Y-%m-%dT%H:%M:%S.%f%z")
    except ValueError as fault:
        raise BadEntry(f"time {text!r}", str(fault), "It must look like 2026-11-21T14:32:05.12Z") from fault
    return moment.astimezone(UTC)


def commitment(name: str, salt: bytes, key: str, value: str) -> str:
    """Salted commitment to one secret field, hex: SHA-256(tag, field name, salt, RFC 8785 of {key, value}).

    Standard library only, since the offline verifier uses it: for an object of two strings, sorted compact JSON
    is RFC 8785 (a test compares).
    """
    body = json.dumps({"key": key, "value": value}, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(b"".join((_TAG, name.encode(), b"\n", salt, body.encode()))).hexdigest()


def check(entry: NewEntry) -> None:
    """Refuse an entry that the schema does not allow, before anything is written.

    Raises:
        BadEntry: names the field and the reason.
    """
    if entry.type not in TYPES:
        raise BadEntry(f"entry type {entry.type!r}", "it is not in the closed set", "See ledger/entries.py")
    for name in CLEAR_TEXT:
        value = getattr(entry, name)
        if not isinstance(value, str) or len(value) > MAX_CLEAR or not value.isprintable():
            raise BadEntry(
                f"{entry.type}.{name}", f"not a printable text of at most {MAX_CLEAR}", "Shorten it"
            )
    for name in CLEAR_NUMBERS:
        number = getattr(entry, name)
        if number is not None and (type(number) is not int or not 0 <= number <= MAX_NUMBER):
            raise BadEntry(f"{entry.type}.{name}", f"{number!r} is not a whole number from 0", "Round it")
    for name, secret in entry.secret.items():
        if name not in SECRET:
            raise BadEntry(f"{entry.type}.{name}", "not a field that can be committed to", f"Use {SECRET}")
        if len(secret.key) > MAX_CLEAR or len(secret.value) > MAX_VALUE:
            raise BadEntry(f"{entry.type}.{name}", "too long", f"At most {MAX_VALUE} characters")
        try:
            f"{secret.key}{secret.value}".encode()
        except UnicodeEncodeError as fault:
            raise BadEntry(
                f"{entry.type}.{name}", "it is not valid Unicode", "Clean the text first"
            ) from fault


def encode(entry: NewEntry, at: str, salt: Callable[[int], bytes]) -> Encoded:
    """Bytes of the entry and the openings of its commitments.

    Args:
        entry: the event; checked here.
        at: its time, from `stamp`.
        salt: gives so many unpredictable bytes (`os.urandom`); asked once per secret field.
    Raises:
        BadEntry: see `check`.
    """
    import rfc8785  # here, so that the offline verifier, which only decodes, needs no more than `cryptography`

    check(entry)
    record: dict[str, str | int] = {"v": VERSION, "type": entry.type, "at": at}
    for name in CLEAR_TEXT:
        if value := getattr(entry, name):
            record[name] = value
    for name in CLEAR_NUMBERS:
        if (number := getattr(entry, name)) is not None:
            record[name] = number
    openings = []
    for name, secret in entry.secret.items():
        opening = Opening(name, secret.key, salt(SALT_BYTES), secret.value)
        record[name] = commitment(name, opening.salt, opening.key, opening.value)
        openings.append(opening)
    return Encoded(rfc8785.dumps(record), tuple(openings))


def decode(data: bytes) -> dict[str, Any]:
    """The fields of a stored entry, after checking that the bytes are exactly what `encode` could have written.

    Standard library only (the offline verifier uses it).

    Raises:
        BadEntry: not canonical, unknown field or type, wrong kind of value.
    """
    try:
        record = json.loads(data)
        canonical = json.dumps(record, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    except (ValueError, RecursionError) as fault:
        raise BadEntry("entry", f"not JSON ({fault})", "The stored bytes were changed") from fault
    if not isinstance(record, dict) or canonical != data:
        raise BadEntry("entry", "not in canonical form", "The stored bytes were changed")
    if record.get("v") != VERSION or record.get("type") not in TYPES or not isinstance(record.get("at"), str):
        raise BadEntry(
            "entry", "unknown version, type or time", "Use a newer verifier, or the bytes were changed"
        )
    instant(record["at"])
    for name, value in record.items():
        kind = int if name in CLEAR_NUMBERS or name == "v" else str
        if name not in FIELDS or type(value) is not kind:
            raise BadEntry(
                f"entry field {name!r}", "unknown field or wrong kind of value", "The bytes were changed"
            )
        if name in SECRET and not _is_hash(str(value)):
            raise BadEntry(f"entry field {name!r}", "not a commitment", "The bytes were changed")
    return record


def _is_hash(text: str) -> bool:
    return len(text) == 64 and set(text) <= set("0123456789abcdef")
