"""The law's leave for something that a person does, or a refusal that is in the record. And the person, as the record says it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from sightpact.access import actions, emergency_journal, words
from sightpact.access.errors import LogUnwritable, NotFound, Refused
from sightpact.access.facts import Snapshot
from sightpact.activation.actions import Actor
from sightpact.decide.facts import Action, Grant, Refusal
from sightpact.decide.refusals import sentence
from sightpact.ledger.entries import NewEntry, Secret


def granted(
    snapshot: Snapshot,
    person: str,
    action: Action,
    resources: tuple[str, ...],
    emergency: str | None = None,
    *,
    situation: str | None = None,
    agreement: str | None = None,
) -> Grant:
    """The law's grant for all of these.

    Args:
        resources: ids of schools or parties, as the action asks. The last three: as in `authorize`.
    Raises:
        Refused: the law says no for one of them; that is in the record.
    """
    grant: Grant | None = None
    for resource in resources:
        answer = snapshot.answer(person, action, resource, emergency, situation, agreement)
        if isinstance(answer, Refusal):
            raise refused(snapshot, person, action, answer, resource)
        grant = grant or answer
    if grant is None:
        raise NotFound(_("Nothing was named."), _("No school was chosen."), _("Choose a school."))
    return grant


def refused(snapshot: Snapshot, person: str, action: Action, refusal: Refusal, school: str = "") -> Refused:
    """Record a refusal; returns the error to raise, in the words of the law.

    Args:
        school: id of the school that it was asked for; what is none is not noted.
    """
    where = snapshot.names.schools.get(school)
    entry = NewEntry(
        type="refusal",
        agreement=snapshot.names.agreement_slugs.get(refusal.agreement or "", ""),
        policy=refusal.policy_hash,
        clause=refusal.clause or "",
        party=words.party_slug(snapshot, person),
        outcome="refused",
        reason_code=refusal.code,
        secret={
            "person": Secret(person, words.person_says(snapshot, person)),
            "text": Secret("", str(action.value)),
            **({"school": Secret(where.id, where.name)} if where else {}),
        },
    )
    try:
        actions.note([entry])
    except LogUnwritable:
        emergency_journal.keep_entries([entry], keep_free=emergency_journal.FOR_PICTURES)
    whom = _("Ask your district who may do it. Call 911 in an emergency.")
    return Refused(_("This was not done."), sentence(refusal, translate=_), whom)


def actor_of(snapshot: Snapshot, person: str, device: str = "") -> Actor:
    return Actor(person, words.person_says(snapshot, person), words.party_slug(snapshot, person), device)
