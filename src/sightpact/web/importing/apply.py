"""Carries out a plan: everything or nothing, as one change of access, with one `import` entry beside those of the changes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sightpact.access import changes
from sightpact.access.changes import BreaksGuarantee, ChangeRefused, Preview
from sightpact.people import reads
from sightpact.web.importing.change import ImportFile, Words
from sightpact.web.importing.faults import Fault, ImportFaults
from sightpact.web.importing.parse import Plan


@dataclass(frozen=True, slots=True)
class Done:
    """What an import did, or would do. `changes` is empty when everything stood already."""

    sha256: str  # of the file
    counts: dict[str, int]  # what the file names, by table
    changes: Words  # each in words, in the order in which it was made
    waiting: str = ""  # id of the change, while it waits for a second person: nothing is changed yet
    says: Words = ()  # what it opens and closes, while it waits or on a dry run


def apply(plan: Plan, content: bytes, by: reads.PersonCard | None = None, dry_run: bool = False) -> Done:
    """Make the deployment be as the plan says; what it does not name stays.

    1. As one change of access (`access/changes`): parties, persons with roles, schools with areas and cameras, signing keys,
    agreements, each by its slice's own actions. 2. Every case of what would run then is tried: a guarantee that does not hold
    is a fault. 3. Made at once when it gives nobody more; else it waits for a second person.

    Raises:
        ImportFaults: nothing was changed.
    """
    change = ImportFile(content, plan=plan)
    digest = hashlib.sha256(content).hexdigest()
    try:
        if dry_run:
            found = changes.preview(change, by)
            if found.judged.examples:
                raise BreaksGuarantee(found.judged.examples, found.judged.slugs)
            return Done(digest, plan.counts(), found.done, says=_says(found))
        outcome = changes.propose(change, by)
    except BreaksGuarantee as fault:
        raise ImportFaults(_broken(plan, fault)) from fault
    except ChangeRefused as fault:
        raise ImportFaults([Fault(1, fault.what, fault.why, fault.next_step)]) from fault
    says = _says(outcome.preview) if outcome.pending else ()
    return Done(digest, plan.counts(), outcome.preview.done, outcome.pending, says)


def _says(found: Preview) -> Words:
    return tuple(said.text for said in found.says)


def _broken(plan: Plan, broken: BreaksGuarantee) -> list[Fault]:
    """Each guarantee that would fail, at the line of its agreement, with its counterexample."""
    lines = {a.document.slug: a.line for a in plan.agreements}
    return [
        Fault(
            lines.get(slug, 1),
            f"agreement '{slug}'",
            f"A guarantee would not hold: {example.promise} {example.example}",
            example.change,
        )
        for example, slug in zip(broken.examples, broken.slugs, strict=True)
    ]
