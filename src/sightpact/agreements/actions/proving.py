"""The proof of what would run after a step, inside its transaction: certificates into the record, or the step is undone.

Never: the name of a stored person or camera in a refusal for somebody who is not of the owner.
"""

from __future__ import annotations

from sightpact.agreements import proof, proof_words, reads, stored_world
from sightpact.agreements.errors import GuaranteesBroken
from sightpact.decide.cedar_schema import DecideError
from sightpact.ledger import actions as ledger
from sightpact.people import reads as people


def prove_what_runs(by: people.PersonCard | None) -> None:
    """Try every case of what runs now, as the open transaction has it, and write the certificates.

    Args:
        by: who reads the refusal; None is the command line of the server.
    Raises:
        GuaranteesBroken: `by` may undo the step by letting it pass.
    """
    try:
        certificate = stored_world.prove_stored()
    except DecideError as fault:
        raise GuaranteesBroken(
            fault.what, [f"It cannot be proven: {fault.why}."], f"{fault.next_step}."
        ) from None
    owners = stored_world.owners()
    if certificate.holds:
        ledger.append(proof.entries(certificate, owners), bump="world")
        return
    documents = {entry.id: entry.document for entry in reads.running()}
    proven = next(p for p in certificate.agreements if p.failed)
    failed, document = proven.failed[0], documents[proven.agreement]
    if by is None or _is_of(by, owners.get(proven.agreement, "")):
        example = proof_words.told(failed, document, stored_world.names())
        raise GuaranteesBroken(document.title, [f"{example.promise} {example.example}"], example.change)
    promised = proof_words.promise(failed.broken.guarantee, document)
    sections = ", ".join(failed.sections)
    raise GuaranteesBroken(
        document.title, [f"{promised} Section {sections} would break it."], "Ask the owner for the case."
    )


def _is_of(person: people.PersonCard, slug: str) -> bool:
    owner = people.party_by_slug(slug)
    return owner is not None and any(party == owner.id for party, _role in person.roles)
