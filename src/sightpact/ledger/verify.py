"""Is this log whole? The verifier, read top-down like the argument it makes. Standard library and `cryptography`.

Never imports Django or the database: an outsider runs it on an export, and `sightpact ledger verify` on the live log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sightpact.ledger import erased, notes, tree
from sightpact.ledger.copies import cosignature
from sightpact.ledger.entries import NAMES, SECRET, commitment, decode
from sightpact.ledger.errors import BadNote, LedgerError
from sightpact.ledger.notes import CheckpointBody, Verifier
from sightpact.ledger.source import Source
from sightpact.ledger.tiles import WIDTH, bundles, hash_tiles, tile_path

MAX_FAULTS = 50  # named one by one; the rest is counted


@dataclass(frozen=True, slots=True)
class Fault:
    why: str
    entry: int | None = None  # index of the entry, where one is at fault
    file: str = ""


@dataclass(slots=True)
class Step:
    """One sentence of the argument, and what speaks against it."""

    says: str
    faults: list[Fault] = field(default_factory=list)
    more: int = 0  # faults beyond those listed
    skipped: str = ""  # why it could not be asked

    def against(self, why: str, entry: int | None = None, file: str = "") -> None:
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(Fault(why, entry, file))
        else:
            self.more += 1


@dataclass(frozen=True, slots=True)
class Report:
    origin: str
    size: int
    root: str  # hex
    steps: tuple[Step, ...]

    @property
    def whole(self) -> bool:
        return not any(step.faults for step in self.steps)

    def as_dict(self) -> dict[str, Any]:
        return {"whole": self.whole, **asdict(self)}


def verify(source: Source, key: Verifier, since: str = "") -> Report:
    """Make the argument that the log is whole.

    1. The checkpoint is signed by the log's key. Without that, nothing else is worth asking.
    2. Every entry up to the checkpoint's size is there.
    3. Each entry's hash is the one in the tree.
    4. The tree's upper tiles follow from the lower ones.
    5. The tree's root is the one that was signed.
    6. Each entry is well formed, none is older than the one before, none closes a later one.
    7. Each opening is the one that the entry committed to, and none is missing but those that a rule erased (where openings
       came with the log).
    8. What pages search by is what the entries say (live database only).
    9. It begins with every head that a copy elsewhere countersigned (where there are copies).
    10. Nothing stands beyond the head, and nothing later was signed here (live database only).

    Args:
        source: an export or the live database.
        key: the log's public key, best obtained some other way than with the log.
        since: a checkpoint that somebody kept from earlier (the signed note): then one more step, that today's log begins
            with that one. Whoever cuts entries off, or writes the past anew with the same key, fails it.
    Raises:
        Unreadable: the log cannot be read at all.
    """
    signed, body = _signed(source, key)
    if body is None:
        return Report(key.name, 0, "", (signed,))
    there, entries = _there(source, body.size)
    leaves = [None if entry is None else tree.leaf_hash(entry) for entry in entries]
    same, tile_hashes = _same(source, leaves, body)
    upper = _upper(source, tile_hashes, leaves, body.size)
    root = _root(leaves, body)
    formed, records = _formed(entries)
    opened = _opened(source, records)
    steps = [signed, there, same, upper, root, formed, opened]
    if (searched := _searched(source, records)) is not None:
        steps.append(searched)
    if copies := source.copies():
        steps.append(_copied(copies, key, leaves))
    if (beyond := source.beyond()) is not None:
        steps.append(_beyond(beyond))
    if since:
        steps.append(_since(since, key, leaves))
    return Report(body.origin, body.size, body.root.hex(), tuple(steps))


def _signed(source: Source, key: Verifier) -> tuple[Step, CheckpointBody | None]:
    step = Step(f"The checkpoint is signed by the key {key.name} {key.key_id.hex()}.")
    try:
        text, _ = notes.open_note(source.checkpoint(), [key])
        body = notes.parse_checkpoint(text)
    except BadNote as fault:
        step.against(f"{fault.what}: {fault.why}", file="checkpoint")
        return step, None
    if body.origin != key.name:
        step.against(f"it is of another log: {body.origin}", file="checkpoint")
        return step, None
    return step, body


def _there(source: Source, size: int) -> tuple[Step, list[bytes | None]]:
    step = Step(f"All {size} entries are there.")
    entries: list[bytes | None] = []
    for n, width in bundles(size):
        found, wrong = source.bundle(n, width)
        first = n * WIDTH
        if wrong or len(found) < width:
            missing = first + len(found)
            span = (
                f"entries {missing} to {first + width - 1} are missing" if len(found) < width else "too much"
            )
            step.against(f"{span}: {wrong or 'too few'}", missing, tile_path("entries", n, width))
        entries += found
        entries += [None] * (width - len(found))
    return step, entries


def _same(
    source: Source, leaves: Sequence[bytes | None], body: CheckpointBody
) -> tuple[Step, list[bytes | None]]:
    step = Step("Each entry's hash is the one in the tree.")
    in_tiles: list[bytes | None] = []
    for n, width in bundles(body.size):
        hashes, wrong = source.hashes(0, n, width)
        if wrong:
            step.against(f"hash tile: {wrong}", file=tile_path(0, n, width))
        in_tiles += hashes
        in_tiles += [None] * (width - len(hashes))
    # Where entry and tile differ, the signed root tells which of the two was changed.
    entries_hold = _root_of(leaves) == body.root
    for index, (leaf, known) in enumerate(zip(leaves, in_tiles, strict=True)):
        if leaf is None or known is None or leaf == known:
            continue
        if entries_hold:
            n = index // WIDTH
            width = min(WIDTH, body.size - n * WIDTH)
            step.against(f"the stored hash of entry {index} was changed", index, tile_path(0, n, width))
        else:
            step.against(f"entry {index} was changed", index)
    return step, in_tiles


def _upper(source: Source, lower: list[bytes | None], leaves: Sequence[bytes | None], size: int) -> Step:
    step = Step("The tree's upper tiles follow from the lower ones.")
    below = [leaf if leaf is not None else known for leaf, known in zip(leaves, lower, strict=True)]
    level = 0
    for at, n, width in hash_tiles(size):
        if at == 0:
            continue
        if at != level:
            level, below = (
                at,
                [_root_of(below[i : i + WIDTH]) for i in range(0, len(below) - WIDTH + 1, WIDTH)],
            )
        hashes, wrong = source.hashes(at, n, width)
        if wrong:
            step.against(f"hash tile: {wrong}", file=tile_path(at, n, width))
        for i, known in enumerate(hashes):
            index = n * WIDTH + i
            if below[index] is not None and below[index] != known:
                span = WIDTH**at
                why = f"entries {index * span} to {(index + 1) * span - 1} do not give the stored hash"
                step.against(why, index * span, tile_path(at, n, width))
    return step


def _root(leaves: Sequence[bytes | None], body: CheckpointBody) -> Step:
    step = Step("The root of all entries is the one that was signed.")
    root = _root_of(leaves)
    if root is None:
        step.against("entries are missing, so there is no root to compare")
    elif root != body.root:
        step.against(f"it is {root.hex()}, signed was {body.root.hex()}")
    return step


def _formed(entries: Sequence[bytes | None]) -> tuple[Step, list[dict[str, Any] | None]]:
    step = Step("Each entry is well formed, none goes back in time, none closes a later one.")
    records: list[dict[str, Any] | None] = []
    last = ""
    for index, data in enumerate(entries):
        record = None
        if data is not None:
            try:
                record = decode(data)
            except LedgerError as fault:
                step.against(f"entry {index}: {fault.what}: {fault.why}", index)
        records.append(record)
        if record is None:
            continue
        if record["at"] < last:
            step.against(f"entry {index} is of {record['at']}, the one before of {last}", index)
        last = max(last, record["at"])
        if "ref" in record and record["ref"] >= index:
            step.against(f"entry {index} closes entry {record['ref']}, which is not before it", index)
        if (record["type"] == "genesis") != (index == 0):
            step.against(
                f"entry {index} is of type {record['type']}: the first entry alone is genesis", index
            )
    return step, records


def _opened(source: Source, records: Sequence[dict[str, Any] | None]) -> Step:
    step = Step(
        "Each opening is the one that its entry committed to, and none is missing but those that a rule erased."
    )
    openings = source.openings()
    if openings is None:
        step.skipped = "no openings came with this log"
        return step
    found: set[tuple[int, str]] = set()
    gone: set[int] = set()  # names erased by rule, as the log itself says
    for index, o in openings:
        found.add((index, o.field))
        record = records[index] if 0 <= index < len(records) else None
        if record is None or o.field not in SECRET:
            step.against(
                f"an opening ({o.field}) belongs to no readable entry ({index})",
                index if index >= 0 else None,
            )
        elif record.get(o.field) != commitment(o.field, o.salt, o.key, o.value):
            step.against(f"the {o.field} shown for entry {index} is not the one that was recorded", index)
        elif record["type"] == "openings_erased" and o.field == "text":
            gone.update(each for span in erased.parse(o.value, below=index) for each in span)
    for index, record in enumerate(records):
        for name in SECRET:
            if record is None or name not in record or (index, name) in found:
                continue
            if name not in NAMES or index not in gone:
                step.against(f"the {name} of entry {index} was taken away", index)
    return step


def _copied(copies: Sequence[tuple[str, str]], key: Verifier, leaves: Sequence[bytes | None]) -> Step:
    names = ", ".join(vkey.partition("+")[0] for vkey, _ in copies)
    step = Step(f"It begins with what copies elsewhere countersigned: {names}.")
    for vkey, note in copies:
        try:
            copy = cosignature.parse(vkey)
            cosignature.countersigned(note, copy)
            head = notes.parse_checkpoint(notes.open_note(note, [key])[0])
        except BadNote as fault:
            step.against(f"{fault.what}: {fault.why}")
            continue
        if head.size > len(leaves):
            step.against(f"{copy.name} has {head.size} entries, here are {len(leaves)}", len(leaves))
        elif _root_of(leaves[: head.size]) != head.root:
            step.against(f"the first {head.size} entries are not those that {copy.name} countersigned")
    return step


def _since(since: str, key: Verifier, leaves: Sequence[bytes | None]) -> Step:
    step = Step("It begins with everything that was there when the earlier checkpoint was kept.")
    try:
        earlier = notes.parse_checkpoint(notes.open_note(since, [key])[0])
    except BadNote as fault:
        step.against(f"the earlier checkpoint: {fault.what}: {fault.why}")
        return step
    if earlier.origin != key.name:
        step.against(f"the earlier checkpoint is of another log: {earlier.origin}")
    elif earlier.size > len(leaves):
        step.against(f"there were {earlier.size} entries then, now there are {len(leaves)}", len(leaves))
    elif _root_of(leaves[: earlier.size]) != earlier.root:
        step.against(f"the first {earlier.size} entries are not those of then: the past was written anew")
    return step


def _searched(source: Source, records: Sequence[dict[str, Any] | None]) -> Step | None:
    step = Step("What pages search by is what the entries say.")
    for n, width in bundles(len(records)):
        rows = source.columns(n * WIDTH, n * WIDTH + width)
        if rows is None:
            return None
        for index, columns in rows:
            record = records[index]
            for name, value in columns.items():
                if record is not None and (record.get(name) or None) != (value or None):
                    step.against(f"entry {index}: {name} is kept as {value!r}", index)
    return step


def _beyond(found: Sequence[str]) -> Step:
    step = Step("Nothing stands beyond the head, and nothing later was signed here.")
    for what in found:
        step.against(what)
    return step


def _root_of(hashes: Sequence[bytes | None]) -> bytes | None:
    """Root over leaves or subtree roots; None when one is missing."""
    known = [h for h in hashes if h is not None]
    if len(known) != len(hashes):
        return None
    return tree.root_of(tree.append(0, [], known)[1])
