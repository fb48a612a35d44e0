"""What a message of a known source means: a start, an end, a test, or a question for a person. Pure.

The rule that everything here serves: an authentic alarm is never lost. What cannot be understood is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sightpact.activation.alarms.message import Message, same

FRESH = timedelta(minutes=5)  # a message is acted on by itself when its time is no further off
TOO_OLD = timedelta(hours=24)  # nobody is asked about an alarm of yesterday
ANY = "*"  # in a mapping: every place, or every code, that it does not name


@dataclass(frozen=True, slots=True)
class Places:
    """A source's places (to slugs of schools) and codes (to kinds of emergency), as IT wrote them."""

    places: Mapping[str, Sequence[str]]
    codes: Mapping[str, str]

    def schools(self, places: Sequence[str]) -> tuple[str, ...]:
        known = {same(place): schools for place, schools in self.places.items()}
        found = [school for place in places for school in known.get(same(place), ())]
        return tuple(dict.fromkeys(found or known.get(ANY, ())))

    def kind(self, codes: Sequence[str]) -> str:
        known = {same(code): kind for code, kind in self.codes.items()}
        return next((known[same(code)] for code in codes if same(code) in known), known.get(ANY, ""))


@dataclass(frozen=True, slots=True)
class Earlier:
    """What became of an earlier message to which this one refers."""

    activation: str  # id of the sharing that it started or joined; "" for none
    is_live: bool
    is_waiting: bool = False  # it is itself a question that nobody has answered
    started_utc: datetime | None = None  # of that sharing, while it is live


@dataclass(frozen=True, slots=True)
class Meaning:
    """`do`: start, end, test, drill, ask, leave. `why`: one of WHYS, for ask and leave."""

    do: str
    schools: tuple[str, ...] = ()  # slugs
    kind: str = ""
    why: str = ""
    activations: tuple[str, ...] = ()  # which are to end


def meaning(
    message: Message, mapping: Places, now: datetime, earlier: Sequence[Earlier] = (), late: bool = False
) -> Meaning:
    """Understand one message.

    Args:
        now: when it was received.
        earlier: of the numbers in `message.about`, as far as this source sent them.
        late: it lay somewhere before it came (a broker's retained message), for nobody knows how long.
    """
    schools, kind = mapping.schools(message.places), mapping.kind(message.codes)
    if message.status in ("heartbeat", "draft"):
        return Meaning("leave", why=message.status)
    if message.status == "test":
        return Meaning("test", schools, kind)
    if message.says in ("cancel", "closed"):
        return _end(message, earlier, schools, now, late)
    age = now - (message.sent_utc or now)
    over = message.expires_utc is not None and message.expires_utc < now - FRESH
    if age > TOO_OLD or (over and age > FRESH):
        return Meaning("leave", schools, kind, "too_old")
    if message.status == "drill":
        return Meaning("drill", schools, kind, "stale" if abs(age) > FRESH or late else "")
    if abs(age) > FRESH or late:
        return Meaning("ask", schools, kind, "ahead" if age < -FRESH else "stale")
    if message.says == "update" and not earlier:
        return Meaning("ask", schools, kind, "no_alert")
    if message.says == "update" and not any(e.is_live or e.is_waiting for e in earlier):
        return Meaning("ask", schools, kind, "ended")
    if not schools:
        return Meaning("ask", (), kind, "place")
    if not kind:
        return Meaning("ask", schools, "", "code")
    return Meaning("start", schools, kind)


def _end(
    message: Message, earlier: Sequence[Earlier], schools: tuple[str, ...], now: datetime, late: bool
) -> Meaning:
    """What it says is over. One that is not fresh counts for what it names alone, and only where that had begun when it was
    sent: it knew nothing of a later one.
    """
    if message.status == "drill":
        return Meaning("leave", schools, why="drill_over")
    age = now - (message.sent_utc or now)
    live = [each for each in earlier if each.activation and each.is_live]
    if late or abs(age) > FRESH:
        sent = message.sent_utc
        live = [each for each in live if sent and each.started_utc and each.started_utc <= sent]
        if not live and age > TOO_OLD:
            return Meaning("leave", schools, why="too_old")
        if not live:
            return Meaning("ask", schools, why="late_end")
    named = tuple(dict.fromkeys(each.activation for each in live))
    why = "" if named or schools or earlier else "nothing_to_end"
    return Meaning("end", schools, activations=named, why=why)
