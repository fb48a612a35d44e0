"""The live database as a log to verify or export. Reads only; a log that grows meanwhile does no harm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.db.models import F, Q, QuerySet, Value

from sightpact.ledger import last_head
from sightpact.ledger.entries import Opening
from sightpact.ledger.errors import Unreadable
from sightpact.ledger.models import Cosigner, Entry, Log, Node
from sightpact.ledger.models import Opening as OpeningRow
from sightpact.ledger.notes import parse_signer
from sightpact.ledger.tiles import WIDTH

_BEYOND = " is there, and no checkpoint covers it"


class Live:
    """One log of the database, frozen at the checkpoint that stood when this was made."""

    def __init__(self, origin: str, key_file: Path | None = None) -> None:
        row = Log.objects.filter(origin=origin).first()
        if row is None:
            raise Unreadable(f"the log {origin}", "it has not begun", "Run `sightpact init` first")
        self._log, self._note, self._vkey, self._size = row.id, row.checkpoint, row.vkey, row.size
        # The key file is a second place: whoever changes the database alone cannot exchange the key with it.
        self._keys = None if key_file is None else key_file.parent
        if key_file is not None and key_file.exists():
            self._vkey = parse_signer(key_file.read_text()).vkey

    def checkpoint(self) -> str:
        return self._note

    def vkey(self) -> str:
        return self._vkey

    def bundle(self, n: int, width: int) -> tuple[list[bytes], str]:
        first = n * WIDTH
        rows = Entry.objects.filter(log_id=self._log, index__gte=first, index__lt=first + width)
        return _in_order(rows.order_by("index").values_list("index", "data"), first)

    def hashes(self, level: int, n: int, width: int) -> tuple[list[bytes], str]:
        first = n * WIDTH
        rows = Node.objects.filter(
            log_id=self._log, level=8 * level, index__gte=first, index__lt=first + width
        )
        hashes, wrong = _in_order(rows.order_by("index").values_list("index", "hash"), first)
        if not wrong and len(hashes) < width:
            wrong = f"{width - len(hashes)} hashes are missing"
        return hashes, wrong

    def openings(self) -> Iterator[tuple[int, Opening]]:
        rows = OpeningRow.objects.filter(log_id=self._log, index__lt=self._size).order_by("index", "field")
        for index, name, key, salt, value in rows.values_list(
            "index", "field", "key", "salt", "value"
        ).iterator():
            yield index, Opening(name, key, bytes(salt), value)

    def columns(self, start: int, stop: int) -> list[tuple[int, dict[str, object]]]:
        rows = Entry.objects.filter(log_id=self._log, index__gte=start, index__lt=stop)
        names = ("at", "type", "party", "outcome", "ref")
        return [(row[0], dict(zip(names, row[1:], strict=True))) for row in rows.values_list("index", *names)]

    def copies(self) -> list[tuple[str, str]]:
        # Only what the checkpoint of this moment covers: a copy may have countersigned more meanwhile.
        rows = Cosigner.objects.filter(log_id=self._log, size__gt=0, size__lte=self._size)
        return list(rows.order_by("enrolled_utc", "id").values_list("vkey", "note"))

    def beyond(self) -> list[str]:
        """Compared with the head of this very moment, in one statement each, since the log may have grown."""
        last = None if self._keys is None else last_head.read(self._keys)  # before the head, which may grow
        outside = Q(index__lt=0) | Q(index__gte=F("log__size"))
        found = [f"entry {i}{_BEYOND}" for i in _some(Entry.objects.filter(outside, log_id=self._log))]
        found += [
            f"an opening of entry {i}{_BEYOND}"
            for i in _some(OpeningRow.objects.filter(outside, log_id=self._log))
        ]
        for level in Node.objects.filter(log_id=self._log).values_list("level", flat=True).distinct():
            higher = Q(index__lt=0) | Q(index__gte=F("log__size") / Value(1 << max(level, 0)))
            rows = Node.objects.filter(higher, log_id=self._log, level=level)
            found += [f"hash {i} of level {level}{_BEYOND}" for i in _some(rows)]
        row = Log.objects.get(id=self._log)
        if last is not None and last.origin == row.origin and last.size > row.size:
            found.append(
                f"{last.size} entries were signed here and {row.size} are there: the database was put back"
            )
        return found


def _some(rows: QuerySet[Any]) -> list[int]:
    return list(rows.order_by("index").values_list("index", flat=True)[:10])


def _in_order(rows: Iterable[tuple[int, bytes | memoryview | str]], first: int) -> tuple[list[bytes], str]:
    """Bytes up to the first gap. A value that was made text by tampering is looked at as its bytes."""
    found: list[bytes] = []
    for index, data in rows:
        if index != first + len(found):
            return found, f"entry {first + len(found)} is missing from the table"
        found.append(data.encode() if isinstance(data, str) else bytes(data))
    return found, ""
