"""In which state an agreement is, on whose desk, since when, and what comes next. Pure: rows in, a state out.

A text goes: proposed, countered, agreed, adopted, signed, in force. What stops it (suspended, expired, terminated) is said
of the revision that runs; a newer one that is still on its way stands beside it as `coming`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

STATES = (
    "draft",  # of one side; never the state of what the others can see
    "proposed",
    "countered",
    "agreed",
    "adopted",
    "signed",
    "in_force",
    "suspended",
    "expired",
    "terminated",
    "superseded",
    "withdrawn",  # by the side that proposed it, before anybody else accepted
)
STEPS = ("proposed", "agreed", "adopted", "signed", "in_force")
NEXT = {
    "proposed": "answer",
    "countered": "answer",
    "agreed": "adopt",
    "adopted": "sign",
    "signed": "begin",
    "suspended": "resume",
}
"""What comes next, by state; nothing after the others."""


@dataclass(frozen=True, slots=True)
class Side:
    """A party of the agreement."""

    slug: str
    name: str
    short: str


@dataclass(frozen=True, slots=True)
class RevisionRows:
    """Everything that is stored about one revision, as far as its state goes. Mappings are by party slug."""

    id: str
    number: int
    stored_utc: datetime
    proposed_by: str  # party slug; "" when it was stored on the server
    proposed_utc: datetime | None
    counters: bool  # it answers another party's text that was not agreed
    note: str
    agreed: Mapping[str, datetime]
    votes: tuple[tuple[str, str, date, datetime | None], ...]  # (body, party slug or "", day, recorded)
    bodies: tuple[tuple[str, str], ...]  # (body, party slug) that the text itself names
    unadopted: tuple[str, ...]  # those of them whose vote is not recorded
    signed: Mapping[str, datetime]  # signatures that count
    runs: bool
    differs: tuple[str, ...]
    begins: datetime | None  # None: the stored text cannot be read
    ends: datetime | None
    first_day: date | None = None
    last_day: date | None = None  # the last day is included
    signers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # roles that sign
    uncopied: tuple[str, ...] = ()  # keepers of copies of the record that the text waits for
    withdrawn_utc: datetime | None = None  # by the party that proposed it


@dataclass(frozen=True, slots=True)
class AgreementRows:
    slug: str
    title: str
    is_house: bool
    sides: tuple[Side, ...]  # the owner first
    revisions: tuple[RevisionRows, ...]  # by number, rising; at least one
    suspended_utc: datetime | None
    suspended_by: str  # party slug
    terminated_utc: datetime | None  # the earliest instant from which a party ended it
    terminated_by: str
    terminated_reason: str


@dataclass(frozen=True, slots=True)
class Step:
    """One of STEPS, for the bar. `done_utc` is None while it is not done, or when nobody recorded it."""

    name: str
    is_done: bool
    is_current: bool
    done_utc: datetime | None


@dataclass(frozen=True, slots=True)
class LifeState:
    """The state of one agreement. `desk` are the parties whose turn it is; empty when nobody has to do anything."""

    slug: str
    title: str
    is_house: bool
    sides: tuple[Side, ...]
    state: str
    revision: int
    desk: tuple[Side, ...]
    since_utc: datetime
    next: str  # answer, adopt, sign, begin, resume; "" when nothing comes next
    steps: tuple[Step, ...]
    signers: Mapping[str, tuple[str, ...]]  # party slug -> roles that sign for it
    missing_bodies: tuple[str, ...]  # that the text names and whose vote is not recorded
    missing_copies: tuple[str, ...]  # keepers of copies of the record that must countersign first
    begins: datetime | None
    ends: datetime | None
    first_day: date | None
    last_day: date | None
    proposed_by: Side | None
    note: str
    differs: tuple[str, ...]
    suspended_by: Side | None
    terminates_utc: datetime | None  # told, also before that day
    terminated_by: Side | None
    terminated_reason: str
    coming: LifeState | None  # a newer revision that is on its way while this one runs

    def days(self, now: datetime) -> int:
        """Whole days since it came to this state and desk."""
        return max(0, (now - self.since_utc).days)

    @property
    def waits_on(self) -> tuple[LifeState, ...]:
        """This state and the one coming, as far as each stands on somebody's desk."""
        return tuple(s for s in (self, self.coming) if s is not None and s.desk)


def judge(rows: AgreementRows, now: datetime) -> LifeState:
    """The state of an agreement at an instant.

    1. The revision that runs, or will at its date; else the newest that is not withdrawn. 2. Its own state, and whose desk.
    3. Ended by a party or suspended: that is said instead. 4. A newer revision is told beside it.
    """
    newest = _newest(rows.revisions)
    chosen = _in_turn(rows.revisions, now) or newest
    found = _stopped(rows, _of(rows, chosen, now), now)
    if newest.number > chosen.number and found.state != "terminated":
        return replace(found, coming=_of(rows, newest, now))
    return found


def of_revision(rows: AgreementRows, number: int, now: datetime) -> LifeState | None:
    """The state of one revision by itself: `superseded` when a newer one has taken its place or its turn."""
    one = next((r for r in rows.revisions if r.number == number), None)
    if one is None:
        return None
    newest = _newest(rows.revisions)
    chosen = _in_turn(rows.revisions, now) or newest
    if one.number in (chosen.number, newest.number):
        state = _of(rows, one, now)
        return _stopped(rows, state, now) if one.number == chosen.number else state
    state = _of(rows, one, now)
    return state if one.withdrawn_utc else replace(state, state="superseded", desk=(), next="")


def _newest(revisions: tuple[RevisionRows, ...]) -> RevisionRows:
    """The one on the table; where all are withdrawn, the newest of them."""
    return next((r for r in reversed(revisions) if r.withdrawn_utc is None), revisions[-1])


def _in_turn(revisions: tuple[RevisionRows, ...], now: datetime) -> RevisionRows | None:
    """As `reads.running`: the newest that runs and has begun, else the one that begins first."""
    good = [r for r in revisions if r.runs and r.begins is not None]
    begun = [r for r in good if r.begins is not None and r.begins <= now]
    if begun:
        return begun[-1]
    return min(good, key=lambda r: (r.begins or now, r.number), default=None)


def _of(rows: AgreementRows, one: RevisionRows, now: datetime) -> LifeState:
    state, since, desk = _state(rows, one, now)
    sides = {side.slug: side for side in rows.sides}
    return LifeState(
        slug=rows.slug,
        title=rows.title,
        is_house=rows.is_house,
        sides=rows.sides,
        state=state,
        revision=one.number,
        desk=tuple(side for side in rows.sides if side.slug in desk),
        since_utc=since,
        next="copy" if state == "signed" and one.uncopied else NEXT.get(state, ""),
        missing_copies=one.uncopied,
        steps=_steps(rows, one, state),
        signers=one.signers,
        missing_bodies=one.unadopted,
        begins=one.begins,
        ends=one.ends,
        first_day=one.first_day,
        last_day=one.last_day,
        proposed_by=sides.get(one.proposed_by),
        note=one.note,
        differs=one.differs,
        suspended_by=None,
        terminates_utc=rows.terminated_utc,
        terminated_by=sides.get(rows.terminated_by),
        terminated_reason=rows.terminated_reason,
        coming=None,
    )


def _state(rows: AgreementRows, one: RevisionRows, now: datetime) -> tuple[str, datetime, set[str]]:
    """(state, since, party slugs whose turn it is)"""
    everybody = {side.slug for side in rows.sides}
    signed_utc = max(one.signed.values(), default=one.stored_utc)
    if one.runs and one.begins is not None:
        if one.begins > now:
            return "signed", signed_utc, set()
        if one.ends is not None and one.ends <= now:
            return "expired", one.ends, set()
        return "in_force", max(one.begins, signed_utc), set()
    if one.withdrawn_utc is not None:
        return "withdrawn", one.withdrawn_utc, set()
    came = one.proposed_utc or one.stored_utc
    open_to = everybody - set(one.agreed) if one.proposed_by else set()
    if open_to:
        return ("countered" if one.counters else "proposed"), came, open_to
    agreed_utc = max(one.agreed.values(), default=came)
    unadopted = _unadopted(rows, one)
    unsigned = everybody - set(one.signed)
    if one.uncopied and not unsigned and not one.unadopted:  # as it would run, but for the copy
        return "signed", signed_utc, {rows.sides[0].slug}
    if unadopted and not one.signed:
        return "agreed", agreed_utc, unadopted
    voted_utc = max((r for _body, _party, _on, r in one.votes if r is not None), default=agreed_utc)
    if unadopted:
        return "agreed", max(agreed_utc, voted_utc), unadopted | unsigned
    return "adopted", max(agreed_utc, voted_utc), unsigned


def _unadopted(rows: AgreementRows, one: RevisionRows) -> set[str]:
    """Parties of which a vote is missing: of the bodies that the text names, else of each party one."""
    if one.bodies:
        return {party for body, party in one.bodies if body in one.unadopted}
    everybody = {side.slug for side in rows.sides}
    if len(one.votes) >= len(everybody) and any(not party for _body, party, _on, _r in one.votes):
        return set()  # recorded on the server, where nobody says for whom
    return everybody - {party for _body, party, _on, _r in one.votes}


def _steps(rows: AgreementRows, one: RevisionRows, state: str) -> tuple[Step, ...]:
    everybody = {side.slug for side in rows.sides}
    voted = max((r for _body, _party, _on, r in one.votes if r is not None), default=None)
    agreed = one.runs or not one.proposed_by or everybody <= set(one.agreed)
    done: dict[str, tuple[bool, datetime | None]] = {
        "proposed": (True, one.proposed_utc or one.stored_utc),
        "agreed": (agreed, max(one.agreed.values(), default=None) if agreed else None),
        "adopted": (agreed and not _unadopted(rows, one), voted),
        "signed": (everybody <= set(one.signed), max(one.signed.values(), default=None)),
        "in_force": (state in ("in_force", "expired"), one.begins),
    }
    current = next((name for name in STEPS if not done[name][0]), "in_force")
    if one.runs and current == "adopted":
        current = "in_force"  # signed and running without a recorded vote: the text asked for none
    return tuple(Step(name, done[name][0], name == current, done[name][1]) for name in STEPS)


def _stopped(rows: AgreementRows, found: LifeState, now: datetime) -> LifeState:
    sides = {side.slug: side for side in rows.sides}
    ended = rows.terminated_utc
    if ended is not None and ended <= now and found.state != "expired":
        return replace(found, state="terminated", since_utc=ended, desk=(), next="")
    if rows.suspended_utc is not None and found.state == "in_force":
        by = sides.get(rows.suspended_by)
        desk = (by,) if by else ()
        return replace(
            found, state="suspended", since_utc=rows.suspended_utc, desk=desk, next="resume", suspended_by=by
        )
    return found
