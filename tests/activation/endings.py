"""A seeded driver: people, alarms, time, restarts and a disk that refuses, in any order, on the real database and ledger.

It predicts nothing. What it checks is what may never be found: something that has no end, or two; something past its deadline
that still runs; something over that runs again; a deadline beyond what the agreement allows.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sightpact.access import asking, drills, emergency_journal, facts, journal_replay, sharing
from sightpact.access.asking_fit import Wanted
from sightpact.access.errors import AccessError
from sightpact.activation.errors import ActivationError
from sightpact.agreements import actions as agreements
from sightpact.ledger import reads as ledger
from sightpact.ledger.clock import SimulatedClock
from sightpact.people import reads as people
from tests.activation.unwritable import refuse, restart
from tests.lakeview import Lakeview

KINDS = {
    "intruder": "life_safety",
    "explosion_fire": "life_safety",
    "missing_child": "urgent",
    "medical": "notice",
}
PEOPLE = ("pia", "sam", "omar", "rosa", "ines")
STEPS_S = (1, 4, 9, 11, 45, 200, 400, 1900, 7000)
UNDO = timedelta(seconds=11)  # a stop that is older stays


@dataclass
class Driver:
    it: Lakeview
    time: SimulatedClock
    seed: int
    longest: timedelta  # what the agreement allows at most, from the start
    refusing: bool = False
    suspended: bool = False
    known: dict[str, str] = field(default_factory=dict)  # id to its sort
    over: dict[str, datetime] = field(default_factory=dict)  # id to when it was first seen over
    did: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.count = 0

    def run(self, steps: int) -> None:
        """So many steps, then a day on, with a disk that has room, everything is over."""
        deeds: list[tuple[Callable[[], Any], int]] = [
            (self.start, 8), (self.report, 4), (self.someone_acts, 20), (self.ask, 6), (self.answer, 5),
            (self.end_asking, 3), (self.drill, 4), (self.end_drill, 2), (self.time_passes, 18), (self.restart, 4),
            (self.disk, 3), (self.suspend, 2),
        ]  # fmt: skip
        chosen = [deed for deed, weight in deeds for _ in range(weight)]
        for number in range(steps):
            deed = self.random.choice(chosen)
            self.try_to(deed)
            try:
                self.look()
            except AssertionError as fault:
                raise AssertionError(f"seed {self.seed}, step {number}, {deed.__name__}: {fault}") from fault
        self.close()

    def try_to(self, deed: Callable[[], Any]) -> None:
        """People are refused, come too late, and meet a full disk; that is not what is looked at here."""
        try:
            deed()
            self.did[deed.__name__] += 1
        except (AccessError, ActivationError) as fault:
            self.did[f"{deed.__name__}: {type(fault).__name__}"] += 1

    # what people do -----------------------------------------------------------------------------------------

    def key(self) -> str:
        """Mostly a fresh one; sometimes one that was used."""
        self.count += self.random.random() < 0.8
        return f"{self.seed} {self.count}"

    def who(self, *likely: str) -> str:
        return self.it.people[self.random.choice(likely if self.random.random() < 0.8 else PEOPLE)]

    def schools(self) -> tuple[str, ...]:
        return tuple(
            self.random.sample(sorted(self.it.schools.values())[:3], self.random.choice((1, 1, 1, 2)))
        )

    def start(self) -> None:
        card = sharing.start(
            self.who("pia", "sam"), self.schools(), self.random.choice(list(KINDS)), self.key()
        )
        self.known.setdefault(card.id, "sharing")

    def report(self) -> None:
        word = self.random.random() < 0.5
        why, of = ("word", self.it.people["pia"]) if word else ("call_911", "")
        card = sharing.report(
            self.who("omar"), self.schools(), self.random.choice(list(KINDS)), self.key(), why, of
        )
        self.known.setdefault(card.id, "sharing")

    def someone_acts(self) -> None:
        one = self.pick("sharing")
        if one is None:
            return
        deeds: dict[str, Callable[[], Any]] = {
            "take": lambda: sharing.take(self.who("omar"), one),
            "clear": lambda: sharing.all_clear(self.who("pia", "omar"), one, self.random.choice(("all_clear", "mistake"))),
            "keep": lambda: sharing.keep_open(self.who("omar"), one),
            "extend": lambda: sharing.extend(self.who("omar"), one),
            "confirm": lambda: sharing.confirm(self.who("pia", "omar"), one),
            "dispute": lambda: sharing.dispute(self.who("pia"), one),
            "close": lambda: sharing.close(self.who("omar"), one, self.random.choice(("hoax", "incident_closed"))),
            "stop": lambda: sharing.stop(self.who("sam"), one),
            "undo": lambda: sharing.undo(self.who("sam"), one),
        }  # fmt: skip
        name = self.random.choice((*deeds, "take", "extend", "confirm"))
        deeds[name]()
        self.did[f"a sharing: {name}"] += 1

    def ask(self) -> None:
        kind = self.random.choice(("invitation", "request", "window"))
        opens = self.time.now() + timedelta(minutes=self.random.choice((3, 60))) if kind == "window" else None
        wanted = Wanted(
            kind, self.it.agreements["lakeview-mou"], self.schools()[0], "a test", self.key(),
            minutes=10 if kind == "invitation" else 0, opens_utc=opens, closes_utc=opens + timedelta(hours=2) if opens else None,
        )  # fmt: skip
        self.known.setdefault(
            asking.ask(self.who("pia" if kind == "invitation" else "omar"), wanted).id, "asking"
        )

    def answer(self) -> None:
        if one := self.pick("asking"):
            asking.answer(self.who("pia", "sam"), one, self.random.random() < 0.7)

    def end_asking(self) -> None:
        if one := self.pick("asking"):
            asking.end(self.who("pia", "omar", "sam"), one)

    def drill(self) -> None:
        card = drills.start(
            self.who("pia", "sam"), self.schools()[:1], self.random.choice(list(KINDS)), self.key()
        )
        self.known.setdefault(card.id, "drill")

    def end_drill(self) -> None:
        if one := self.pick("drill"):
            self.random.choice((drills.take, drills.end))(self.who("omar", "pia"), one)

    def suspend(self) -> None:
        sam = people.person(self.it.people["sam"])
        assert sam is not None
        if not self.refusing and (self.suspended or self.random.random() < 0.5):
            (agreements.resume if self.suspended else agreements.suspend)("lakeview-mou", sam)
            self.suspended = not self.suspended

    # what happens -------------------------------------------------------------------------------------------

    def time_passes(self) -> None:
        self.time.advance(self.random.choice(STEPS_S))

    def restart(self) -> None:
        self.time.advance(self.random.choice((0, 30, 900, 20_000)))
        facts._latest = None
        restart(read_all=False)
        asking.settle_the_past()
        drills.settle_the_past()

    def disk(self) -> None:
        """It is full, or has room again; then what stands in the reserve goes to the record."""
        self.refusing = not self.refusing and self.random.random() < 0.5
        refuse(self.refusing)
        if not self.refusing:
            journal_replay.replay()

    # what must hold -----------------------------------------------------------------------------------------

    def pick(self, sort: str) -> str | None:
        """One of this sort: mostly one that runs, sometimes one that is over."""
        here = [i for i, s in self.known.items() if s == sort]
        live = [i for i in here if i not in self.over]
        return self.random.choice((live if live and self.random.random() < 0.9 else here) or [None])  # type: ignore[list-item]

    def look(self) -> None:
        """As the keeper does each 0.2 s, then: nothing is found that should be over."""
        sharing.end_due()
        asking.settle_the_past()
        drills.settle_the_past()
        snapshot, now = facts.snapshot(), self.time.now()
        running = {card.id: card for card in (*snapshot.live, *snapshot.askings, *snapshot.drills)}
        assert set(running) <= set(self.known), "something runs that nobody was told of"
        for card in snapshot.live:
            assert card.deadline_utc > now, "a sharing runs past its deadline"
            assert card.deadline_utc <= card.started_utc + self.longest, (
                "a deadline beyond what the agreement allows"
            )
        until: dict[str, datetime] = {}
        for situation in (
            snapshot.situations
        ):  # a sharing of several kinds has one for each; the law passes over those past
            until[situation.id] = max(situation.deadline_utc, until.get(situation.id, situation.deadline_utc))
        assert set(until) <= set(running), "something opens that does not run"
        late = [one for one, at in until.items() if at <= now]
        assert not late or self.refusing, f"still there, past its deadline: {late}"
        for one, at in self.over.items():
            assert one not in running or now - at < UNDO, "something that was over runs again"
        self.over = {one: at for one, at in self.over.items() if one not in running}
        self.over |= {one: now for one in self.known if one not in running and one not in self.over}

    def close(self) -> None:
        """A day on, with room on the disk: everything is over, and the record has one end of each."""
        refuse(False)
        self.refusing = False
        if self.suspended:
            self.suspend()
        self.time.advance(3 * 24 * 3600)
        self.restart()
        journal_replay.replay()
        assert emergency_journal.journal().empty
        snapshot = facts.snapshot()
        assert not (snapshot.live or snapshot.askings or snapshot.drills or snapshot.situations), (
            f"seed {self.seed}"
        )
        ends = self.ends()
        wrong = {one: (sort, ends[one]) for one, sort in self.known.items() if ends[one] != 1}
        assert not wrong, (
            f"seed {self.seed}: not exactly one end: {wrong}, {[self.story(one) for one in wrong]}"
        )

    def story(self, one: str) -> list[str]:
        """What the record has of it."""
        entries = ledger.opened(ledger.Query(limit=1000, oldest_first=True, situation=one))
        return [f"{e.at:%d %H:%M:%S} {e.type} {e.outcome} {e.reason_code}" for e in entries]

    def ends(self) -> Counter[str]:
        """How many ends the record has of each; a stop that was taken back takes its end back."""
        types = ("activation_end", "activation_undone", "invitation", "request", "window", "drill_end")
        found: Counter[str] = Counter()
        after = -1
        while entries := ledger.opened(ledger.Query(types=types, after=after, limit=1000, oldest_first=True)):
            after = entries[-1].index
            for entry in entries:
                one = entry.key("situation")
                if entry.type == "activation_undone":
                    found[one] -= 1
                elif entry.type == "drill_end" or entry.outcome == "ended":  # a proposed end is none
                    found[one] += 1
        return found
