"""Clauses that open live pictures for a while, without an emergency: the school invites, a request is approved, a planned event.

What the words promise about people and times (who may not approve, when it lapses) is kept by the gateway's own code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.base import (
    Names,
    Who,
    covered_camera,
    covered_school,
    permit,
    sees_only,
    who_cedar,
    who_says,
)
from sightpact.agreements.clauses.limits import Limited, joined
from sightpact.agreements.clauses.shapes import (
    AreaKinds,
    Choice,
    Flag,
    Many,
    Optional,
    Table,
    Whole,
    added,
    shaped,
)

MAX_MINUTES = 240
MAX_HOURS = 24

WHEN = {
    "invitation": "when the school invites",
    "request": "when a request is approved",
    "window": "during a planned event",
}
"""For lines about access and for counterexamples; signed texts are not made of it."""


@dataclass(frozen=True, kw_only=True)
class SituationView(Limited):
    """What the three have in common: who looks at what, while a situation of its kind runs."""

    situation: ClassVar[str] = ""  # of decide.facts.SITUATIONS; the Cedar boolean situation_<this>

    who: tuple[Who, ...] = shaped(Many(Table(Who)))
    area_kinds: tuple[str, ...] = shaped(AreaKinds())

    def compile(self, names: Names) -> str:
        now, school = f"context.situation_{self.situation}", covered_school(names)
        acts = self._acts()
        ends = tuple(dict.fromkeys(w for _action, who in (*acts, ("", self.who)) for w in who))
        view = permit(
            self.number,
            "view_live",
            now,
            self.in_hours(),
            who_cedar(self.who, names),
            sees_only(self.area_kinds),
            self.scoped(names),
            "!resource.private",
            covered_camera(names),
        )
        return view + "".join(
            permit(self.number, action, now, who_cedar(who, names), school)
            for action, who in (*acts, ("end_sharing", ends))
        )

    @property
    def most_minutes(self) -> int:
        """How long one of them opens at most, in minutes."""
        raise NotImplementedError

    def whos(self) -> tuple[tuple[str, Who], ...]:
        groups = [("who", self.who), *((field, getattr(self, field)) for field in self._fields())]
        return tuple((f"{field}[{i}]", w) for field, who in groups for i, w in enumerate(who))

    def _acts(self) -> tuple[tuple[str, tuple[Who, ...]], ...]:
        """(Cedar action, who may do it)."""
        raise NotImplementedError

    def _fields(self) -> tuple[str, ...]:
        """Names of the fields that say who acts."""
        raise NotImplementedError

    def _looks(self, when: str, names: Names) -> str:
        return (
            f"While {when}, {who_says(self.who, names)} may watch live the cameras that see only "
            f"{words.areas(self.area_kinds)} of the school concerned."
        )


_ENDS = (
    "It ends at the end of that time at the latest, and at once when anybody named in this section ends it."
)


@dataclass(frozen=True, kw_only=True)
class InvitationView(SituationView):
    kind: ClassVar[str] = "invitation_view"
    situation: ClassVar[str] = "invitation"
    about: ClassVar[str] = (
        "Who may watch which kinds of area live when the school invites them, for how long."
    )

    by: tuple[Who, ...] = shaped(Many(Table(Who)))
    minutes: int = shaped(Whole(1, MAX_MINUTES, "minutes"))

    @property
    def most_minutes(self) -> int:
        return self.minutes

    def render(self, names: Names) -> tuple[str, ...]:
        return (
            joined(
                f"{self._looks('the school invites them to look', names)} An invitation is given by one of"
                f" the {who_says(self.by, names)}. It names the school, or some of the cameras there, and"
                f" lasts no more than {words.minutes(self.minutes)}. {_ENDS}",
                self.limits(names),
            ),
        )

    def explain(self, names: Names) -> str:
        return (
            f"Closed until the school invites. Then open, where the invitation says, to {who_says(self.who, names)}, "
            f"for up to {words.minutes(self.minutes)}. Nobody looks under it without being asked to."
            f"{self.limits_explained(names)}"
        )

    def _acts(self) -> tuple[tuple[str, tuple[Who, ...]], ...]:
        return (("invite", self.by),)

    def _fields(self) -> tuple[str, ...]:
        return ("by",)


@dataclass(frozen=True, kw_only=True)
class Approved(SituationView):
    """Opened by somebody's word on what somebody else asked."""

    ask: tuple[Who, ...] = shaped(Many(Table(Who)))
    approve: tuple[Who, ...] = shaped(Many(Table(Who)))

    def _acts(self) -> tuple[tuple[str, tuple[Who, ...]], ...]:
        return (("ask", self.ask), ("approve", self.approve))

    def _fields(self) -> tuple[str, ...]:
        return ("ask", "approve")


@dataclass(frozen=True, kw_only=True)
class RequestView(Approved):
    """`escalate_to`: the second line. It is told, and may answer, only once `approve` left a request unanswered for
    `escalate_minutes`; both are given, or neither."""

    kind: ClassVar[str] = "request_view"
    situation: ClassVar[str] = "request"
    about: ClassVar[str] = (
        "Who may watch which kinds of area live when a request is approved, by whom, and what happens when nobody answers."
    )

    minutes: int = shaped(Whole(1, MAX_MINUTES, "minutes"))
    answer_minutes: int = shaped(Whole(1, 120, "minutes"))
    unanswered: str = shaped(Choice(("stays_closed", "opens")))
    escalate_minutes: int | None = added(Optional(Whole(1, 119, "minutes")), None)
    escalate_to: tuple[Who, ...] = added(Many(Table(Who), least=0), ())

    @property
    def most_minutes(self) -> int:
        return self.minutes

    def render(self, names: Names) -> tuple[str, ...]:
        if self.unanswered == "opens":
            silence = "the cameras open as if it had been approved, and the record says that nobody answered"
        else:
            silence = "the request lapses and the cameras stay closed"
        return (
            joined(
                f"{self._looks('a request to look is approved', names)} A request is made by one of"
                f" the {who_says(self.ask, names)}, and approved or refused by one of"
                f" the {who_says(self.approve, names)}. Nobody approves a request of their own.{self._next(names)}"
                f" Without an answer within {words.minutes(self.answer_minutes)}, {silence}. A request names one"
                f" school, and opens these cameras there for no more than {words.minutes(self.minutes)}. {_ENDS}",
                self.limits(names),
            ),
        )

    def explain(self, names: Names) -> str:
        silence = (
            "Without an answer it opens."
            if self.unanswered == "opens"
            else "Without an answer it stays closed."
        )
        return (
            f"Closed until a request is approved. Then open, where the request says, to {who_says(self.who, names)}, "
            f"for up to {words.minutes(self.minutes)}. {self._next_explained(names)}{silence}{self.limits_explained(names)}"
        )

    def _next(self, names: Names) -> str:
        if not self.escalate_to:
            return ""
        assert self.escalate_minutes is not None  # `checks` refuses a text without
        return (
            f" What none of them answers within {words.minutes(self.escalate_minutes)} is escalated to"
            f" the {who_says(self.escalate_to, names)}, who are told only then, and may then approve or refuse it too."
        )

    def _next_explained(self, names: Names) -> str:
        if not self.escalate_to or self.escalate_minutes is None:
            return ""
        after, who = words.minutes(self.escalate_minutes), who_says(self.escalate_to, names)
        return f"After {after} without an answer the {who} are asked too. "

    def _acts(self) -> tuple[tuple[str, tuple[Who, ...]], ...]:
        later = (("approve_escalated", self.escalate_to),) if self.escalate_to else ()
        return (*super()._acts(), *later)

    def _fields(self) -> tuple[str, ...]:
        return (*super()._fields(), "escalate_to")


@dataclass(frozen=True, kw_only=True)
class WindowView(Approved):
    kind: ClassVar[str] = "window_view"
    situation: ClassVar[str] = "window"
    about: ClassVar[str] = (
        "Who may watch which kinds of area live during a planned event that was approved beforehand, outside unless said."
    )

    max_hours: int = shaped(Whole(1, MAX_HOURS, "hours"))
    inside: bool = shaped(Flag(), default=False)

    @property
    def most_minutes(self) -> int:
        return self.max_hours * 60

    def render(self, names: Names) -> tuple[str, ...]:
        hours = "1 hour" if self.max_hours == 1 else f"{self.max_hours} hours"
        return (
            joined(
                f"{self._looks('a planned event runs', names)} An event is announced by one of"
                f" the {who_says(self.ask, names)}, and approved beforehand by one of"
                f" the {who_says(self.approve, names)}. Nobody approves an event that they announced. It opens"
                f" and closes by itself at the times approved, no more than {hours} apart, and closes at once"
                " when anybody named in this section ends it.",
                self.limits(names),
            ),
        )

    def explain(self, names: Names) -> str:
        where = "Inside cameras among them open" if self.inside else "Outside cameras open"
        return (
            f"{where} to {who_says(self.who, names)} during a planned event that was approved beforehand, and"
            f" closes by itself.{self.limits_explained(names)}"
        )


SITUATION_VIEWS: tuple[type[SituationView], ...] = (InvitationView, RequestView, WindowView)
