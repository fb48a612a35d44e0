"""The closed list of refusal codes and what a person reads for each.

Never: a sentence that tells an outsider that something exists which is never opened to them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

from sightpact.decide.facts import Refusal

SENTENCES = MappingProxyType(
    {
        "unknown": "There is nothing here that is shared with you.",
        "no_agreement": "No agreement shares anything with your organization.",
        "not_named": "{agreement} does not name you. Ask the person who keeps its list of named persons.",
        "closed": "Inside cameras are closed. Section {clause} opens them in an emergency.",
        "closed_until_invited": (
            "These cameras are closed. Section {clause} opens them when the school invites you to look."
        ),
        "closed_until_approved": (
            "These cameras are closed. Section {clause} opens them when a request to look is approved."
        ),
        "closed_until_event": "These cameras are closed. Section {clause} opens them during a planned event.",
        "closed_until_hours": "Section {clause} opens this at certain hours of the day, and is closed at this hour.",
        "closed_until_aid": (
            "These cameras are closed. Section {clause} opens them when you are called for aid in an emergency."
        ),
        "full": (
            "Section {clause} lets only so many people watch at once, and that many are watching. Ask one of them to close"
            " their pictures, or the district."
        ),
        "private": "There is nothing here that is shared with you.",
        "unclassified": "This camera is not classified yet, so nobody can see it. The district classifies cameras.",
        "out_of_service": "This camera is out of service.",
        "suspended": "{agreement} is suspended. Nothing is shared until it is in force again.",
        "not_in_force": "{agreement} is not in force at this time.",
        "stopped": "Your viewing was stopped. Only those who stopped it can lift this.",
        "ended": "The emergency sharing under section {clause} has ended.",
        "over": "The time for which section {clause} opened this camera is over.",
        "own_request": "You asked for this yourself. Under section {clause} somebody else must approve it.",
        "too_late": "Your answer came too late: it was answered before, or its time was over. It changed nothing.",
        "not_escalated": (
            "Section {clause} asks you only once this was escalated, because nobody answered in time. It is not yet."
        ),
        "error": "This could not be decided, so it stays closed. The fault was recorded; tell the district's IT.",
    }
)
"""Every code a refusal may have. `private` reads like `unknown`: it is never opened, so it is not spoken of."""

CODES = frozenset(SENTENCES)
CLOSED = MappingProxyType(
    {
        "": "closed",
        "invitation": "closed_until_invited",
        "request": "closed_until_approved",
        "window": "closed_until_event",
        "hours": "closed_until_hours",
        "aid": "closed_until_aid",
    }
)
"""The code that says how a section would open it: in an emergency (or never), in one of `facts.SITUATIONS`, at its hours,
or once a neighbour is called."""
_CLOSED_FOR_GOOD = "This is closed. No section opens it."
_HIDDEN = frozenset({"private", "unclassified", "out_of_service", "no_agreement"})


def sentence(refusal: Refusal, agreement: str = "", translate: Callable[[str], str] = str) -> str:
    """What a person reads.

    Args:
        refusal: the answer.
        agreement: the agreement's name; empty: "The agreement".
        translate: gettext of the caller; gets the sentence with its placeholders.
    """
    text = SENTENCES.get(refusal.code, SENTENCES["error"])
    if refusal.code == "closed" and not refusal.clause:
        text = _CLOSED_FOR_GOOD
    return translate(text).format(
        agreement=agreement or translate("The agreement"), clause=refusal.clause or "?"
    )


def outward(refusal: Refusal, of_owner: bool) -> Refusal:
    """The refusal as somebody may hear it: who is not of the owner's people learns nothing of what is never theirs.

    Args:
        refusal: the true answer, which is what goes into the record.
        of_owner: the person belongs to the party that owns the thing.
    """
    if not of_owner and refusal.code in _HIDDEN:
        return Refusal("unknown")
    return replace(refusal, reason="")
