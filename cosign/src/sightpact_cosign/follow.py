"""One round: fetch the head, fetch what is new, work the root out, keep it, countersign, hand the signature over.

What is signed is on this disk first: two different records can never both be countersigned, also not after a crash.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from urllib.parse import urlsplit

from sightpact_cosign.keep import Copy
from sightpact_cosign.record import Head, Tree, Wrong, countersign, entries_of, read_head

WIDTH = 256  # entries in a bundle
MAX_BUNDLE = WIDTH * (65535 + 2)
TIMEOUT_S = 20


class _Stay(urllib.request.HTTPRedirectHandler):
    """No redirects: the token is for the one address that was given."""

    def redirect_request(self, *_given: object) -> None:
        return None


_opener = urllib.request.build_opener(_Stay)


class Unreachable(Exception):
    """The owner's gateway cannot be reached or did not answer as it should. Nothing was decided."""


@dataclass(frozen=True)
class Round:
    size: int
    new: int


def once(copy: Copy, now: int | None = None) -> Round:
    """Follow the record to its newest head.

    1. Fetch the head; it must be signed by the record's key. 2. It must not be behind ours, nor another one of our size.
    3. Fetch the new entries; with ours they must give the signed root. 4. Keep them. 5. Countersign and hand over.

    Raises:
        Wrong: the record does not continue ours; the evidence is kept.
        Unreachable: try again later.
    """
    at = int(time.time()) if now is None else now
    note = _fetch(copy, "log/checkpoint", 64 * 1024).decode("utf-8", "replace")
    head = read_head(note, copy.about.vkey)
    if head.size < copy.tree.size:
        raise _refused(
            copy, head, f"it has {head.size} entries, and {copy.tree.size} were countersigned here", at
        )
    entries = _entries(copy, head.size)
    tree = Tree(copy.tree.size, list(copy.tree.peaks))
    for entry in entries:
        tree.add(entry)
    if tree.root() != head.root:
        raise _refused(
            copy, head, f"it is not a continuation of the {copy.tree.size} entries that are here", at
        )
    signed = countersign(head, copy.about.name, copy.key, at)
    copy.extend(entries, tree, signed, at)
    _send(copy, signed)
    return Round(head.size, len(entries))


def _refused(copy: Copy, head: Head, why: str, at: int) -> Wrong:
    path = copy.refuse(head.note, why, at)
    return Wrong(f"The record was changed: {why}. Not countersigned. The signed evidence is in {path}.")


def _entries(copy: Copy, size: int) -> list[bytes]:
    found: list[bytes] = []
    have = copy.tree.size
    while have + len(found) < size:
        n, skip = divmod(have + len(found), WIDTH)
        width = min(WIDTH, size - n * WIDTH)
        bundle = entries_of(_fetch(copy, f"log/tile/entries/{_path(n, width)}", MAX_BUNDLE))
        if len(bundle) < width:
            raise Unreachable(f"bundle {n} holds {len(bundle)} entries instead of {width}")
        found += bundle[skip:width]
    return found


def _path(n: int, width: int) -> str:
    digits = f"{n:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    return "/".join([*(f"x{g}" for g in groups[:-1]), groups[-1]]) + (f".p/{width}" if width < WIDTH else "")


def _fetch(copy: Copy, path: str, most: int) -> bytes:
    data = _open(copy, path, None, most)
    if len(data) > most:
        raise Unreachable(f"{path}: the answer is too large")
    return data


def _send(copy: Copy, note: str) -> None:
    _open(copy, "log/cosigned", note.encode(), 64 * 1024)


def _open(copy: Copy, path: str, body: bytes | None, most: int) -> bytes:
    address = f"{copy.about.log.rstrip('/')}/{path}"
    if not safe(address):  # also when the file was edited since
        raise Unreachable(f"{address} is not https: the token is not sent there")
    request = urllib.request.Request(address, body, method="POST" if body is not None else "GET")  # noqa: S310
    request.add_header("Authorization", f"Bearer {copy.token}")
    if body is not None:
        request.add_header("Content-Type", "text/plain; charset=utf-8")
    try:
        with _opener.open(request, timeout=TIMEOUT_S) as answer:
            return bytes(answer.read(most + 1))
    except urllib.error.HTTPError as fault:
        with fault:
            said = fault.read(500).decode("utf-8", "replace").strip()
        raise Unreachable(f"{address} answers {fault.code}: {said}") from fault
    except (OSError, ValueError) as fault:
        raise Unreachable(f"{address} cannot be reached: {fault}") from fault


def safe(address: str) -> bool:
    """Whether a token may be sent there: TLS, or this very machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
    )
