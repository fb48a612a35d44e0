"""What the gate writes and reads beside its decisions: entries of admissions, refusals and ends; sources; sessions.

Runs on the gate's threads. Nothing here decides.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import connection

from sightpact.access import actions, emergency_journal, running, words
from sightpact.access.actions import Admission, StreamClosed
from sightpact.access.errors import LogBusy, LogUnwritable
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
            asked = next((card for card in snapshot.askings if card.id == situation), None)
            drill = next((card for card in snapshot.drills if card.id == situation), None)
            basis = live or asked or drill
            began = basis.entry if basis else -1
            entry = NewEntry(
                type="admission",
                outcome="granted",
                emergency=live.emergency if live else "",
                reason_code="drill" if drill else "",  # in clear: a simulated picture is no look at a school
                ref=began if began >= 0 else None,
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
    admissions: Sequence[Admission], refusals: Sequence[NewEntry], fault: LogUnwritable
) -> list[int | None]:
    """The record cannot be written: each picture follows its own clause.

    "continue": the admission goes to the reserved journal, and the picture flows (a negative number stands for its entry).
    "close": no picture. A full journal closes too: nothing is ever seen that is written nowhere.
    """
    log.error("%s Pictures follow their clause.", fault)
    emergency_journal.keep_entries(refusals, keep_free=emergency_journal.FOR_PICTURES)
    going_on = [admission for admission in admissions if admission.grant.log_unwritable == "continue"]
    numbers = iter(emergency_journal.keep_admissions(going_on))
    return [
        next(numbers) if admission.grant.log_unwritable == "continue" else None for admission in admissions
    ]


def close_all(streams: Sequence[Stream], code: str) -> None:
    """Write the ends of these streams: in the ledger, or in the reserved journal, where their admission or no room is.

    Raises:
        LogUnwritable: the ledger could not take them; they are kept all the same.
    """
    ended = [
        StreamClosed(
            s.entry, code or s.end_code or "closed", actions.seconds_since(s.began), s.frames, s.bytes
        )
        for s in streams
        if s.entry is not None
    ]
    with (
        emergency_journal.lock
    ):  # an admission does not move to the ledger between the question and the answer
        here = [closed for closed in ended if emergency_journal.is_here(closed.index)]
        emergency_journal.keep_ends(here)
    there = [closed for closed in ended if closed not in here]
    if not there:
        return
    try:
        actions.close(there)
    except LogUnwritable:
        emergency_journal.keep_ends(there)
        raise


def left_over() -> list[int]:
    """Pictures that a gateway left open when it died. Asked before this one admits any."""
    return [row.id for row in running.rows() if row.id >= 0]


def close_left_over(ids: Sequence[int]) -> None:
    """Write their ends."""
    count = actions.close_left_over(ids)
    if count:
        log.warning("%d pictures were open when the gateway stopped; their ends are written now", count)


def close_rest() -> None:
    """At the stop, after all else: an admission that was being written when its asker was told no more has an end as well."""
    close_left_over(left_over())


def quietly(unwritable: Callable[[], None], job: Callable[..., object], *given: Any) -> None:
    """Run a write whose failure must not end the gate; it is logged, and beats go on only while facts can be read."""
    try:
        job(*given)
    except LogUnwritable as fault:
        log.error("%s", fault)
        if not isinstance(
            fault, LogBusy
        ):  # somebody writes for long: the record is well, and what runs goes on
            unwritable()
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


class Misuses:
    """Entries about sockets closed for what they sent: so many a minute, so that nobody can fill the record with them."""

    MOST, PER_S = 30, 60.0

    def __init__(self) -> None:
        self._since, self._written, self._unwritten = 0.0, 0, 0

    def entry(self, message: Misuse, viewer: Watching | None, now: float) -> NewEntry | None:
        """The entry to write, which also says how many others were not written; None when there were too many just now.

        Args:
            now: monotonic seconds.
        """
        if now - self._since >= self.PER_S:
            self._since, self._written = now, 0
        if self._written >= self.MOST:
            self._unwritten += 1
            return None
        self._written += 1
        others, self._unwritten = self._unwritten, 0
        said = message.what[:300] + (
            f" (and {others} more that are not written one by one)" if others else ""
        )
        secret = {"text": Secret("", said), "device": Secret("", message.address)}
        if viewer is not None:
            secret["person"] = Secret(viewer.bearer.person, "")
        return NewEntry(type="socket_misuse", outcome="closed", reason_code=str(message.code), secret=secret)
