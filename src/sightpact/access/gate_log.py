"""What the gate writes and reads beside its decisions: entries of admissions, refusals and ends; sources; sessions.

Runs on the gate's threads. Nothing here decides.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from sightpact.access import actions, emergency_journal, words
from sightpact.access.actions import Admission, StreamClosed
from sightpact.access.errors import LogUnwritable
from sightpact.access.facts import Snapshot
from sightpact.access.streams import Stream
from sightpact.access.viewers import Ask, Watching
from sightpact.cameras import reads as cameras
from sightpact.decide.facts import Answer, Grant
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.wire.messages import Misuse, Source, Sources

log = logging.getLogger(__name__)


def entries(
    snapshot: Snapshot,
    asks: Sequence[Ask],
    answers: Mapping[tuple[int, str], Answer],
    pending: Mapping[tuple[int, str], Stream],
) -> tuple[list[Admission], list[NewEntry]]:
    """The entries for a batch of answers: admissions in the order of `pending`, then refusals."""
    admissions, refusals = [], []
    for (number, camera), answer in answers.items():
        bearer = asks[number].viewer.bearer
        common: dict[str, Any] = {
            "agreement": snapshot.names.agreement_slugs.get(answer.agreement or "", ""),
            "policy": answer.policy_hash,
            "clause": answer.clause or "",
            "party": words.party_slug(snapshot, bearer.person),
        }
        situation = answer.situation if isinstance(answer, Grant) else None
        secret = words.secrets(snapshot, bearer.person, camera, bearer.device, situation)
        if isinstance(answer, Grant):
            live = next((card for card in snapshot.live if card.id == situation), None)
            entry = NewEntry(
                type="admission",
                outcome="granted",
                emergency=live.emergency if live else "",
                ref=live.entry if live and live.entry >= 0 else None,
                secret=secret,
                **common,
            )
            viewer = pending[number, camera].viewer
            admissions.append(Admission(entry, bearer.person, camera, viewer, bearer.device, answer))
        else:
            refusals.append(
                NewEntry(type="refusal", outcome="refused", reason_code=answer.code, secret=secret, **common)
            )
    return admissions, refusals


def without_log(
    streams: Iterable[Stream], admissions: Sequence[Admission], refusals: Sequence[NewEntry], fault: LogUnwritable
) -> list[int | None]:
    """The record cannot be written: each picture follows its own clause.

    "continue": the admission goes to the reserved journal, and the picture flows (a negative number stands for its entry).
    "close": no picture. A full journal closes too: nothing is ever seen that is written nowhere.
    """
    log.error("%s Pictures follow their clause.", fault)
    for refusal in refusals:
        emergency_journal.keep_entry(refusal)
    numbers: list[int | None] = []
    for _stream, admission in zip(streams, admissions, strict=True):
        goes_on = admission.grant.log_unwritable == "continue"
        numbers.append(emergency_journal.keep_entry(admission.entry) if goes_on else None)
    return numbers


def close_all(streams: Sequence[Stream], code: str) -> None:
    """Write the ends of these streams: in the ledger, or where their admission was kept."""
    ended = []
    for stream in streams:
        if stream.entry is None:
            continue
        closed = StreamClosed(
            stream.entry, code or stream.end_code or "closed", actions.seconds_since(stream.began), stream.frames, stream.bytes
        )
        if stream.entry < 0:
            emergency_journal.keep_end(closed, stream.grant.clause)
        else:
            ended.append(closed)
    if not ended:
        return
    try:
        actions.close(ended)
    except LogUnwritable as fault:
        log.error("%s The ends go to the reserved journal.", fault)
        for closed in ended:
            emergency_journal.keep_end(closed, "")


def close_left_over() -> None:
    """At start, before anybody is admitted."""
    count = actions.close_left_over()
    if count:
        log.warning("%d pictures were open when the gateway stopped; their ends are written now", count)


def quietly(job: Callable[..., object], *given: Any) -> None:
    """Run a write whose failure must not end the gate; it is logged, and beats go on only while facts can be read."""
    try:
        job(*given)
    except Exception:
        log.exception("writing failed")


def sources() -> Sources:
    """Where the cameras are, with their credentials, for an edge. Never logged."""
    return Sources(
        [
            Source(
                camera=source.id,
                url=source.address,
                username=source.username,
                password=source.password,
                standby=source.standby,
                allowed=tuple(source.allowed_networks),
            )
            for source in cameras.sources()
        ]
    )


def hang_up() -> None:
    """Close this thread's own database connection."""
    connection.close()


def misuse(message: Misuse, viewer: Watching | None) -> NewEntry:
    """A socket that was closed for what it sent."""
    secret = {"text": Secret("", message.what[:300]), "device": Secret("", message.address)}
    if viewer is not None:
        secret["person"] = Secret(viewer.bearer.person, "")
    return NewEntry(type="socket_misuse", outcome="closed", reason_code=str(message.code), secret=secret)
