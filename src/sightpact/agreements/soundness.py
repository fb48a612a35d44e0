"""Which guarantees would not hold under a text that is not stored yet, with an example in plain words. Reads; writes nothing.

Tried over the people and cameras that are stored, as if all whom the annex could name stood in it. Never: the name of a
stored person or camera in an example for somebody who is not of the owner; they read one from a made-up world.
"""

from __future__ import annotations

from dataclasses import replace

from sightpact.agreements import madeup, stored_world
from sightpact.agreements.as_facts import agreement_fact, all_named
from sightpact.agreements.cedar import make
from sightpact.agreements.clauses.terms import Term
from sightpact.agreements.document import Document
from sightpact.agreements.proof import Failed, prove
from sightpact.agreements.proof_words import made_up_names, promise, told
from sightpact.decide.cedar_schema import DecideError


def broken(document: Document, for_owner: bool) -> tuple[str, ...]:
    """Every guarantee that would not hold, as an example or as the promise; empty when all hold.

    Args:
        for_owner: the reader is of the owner's people, who may know the real cameras and people.
    """
    try:
        stock, documents, _new = stored_world.with_draft(document)
        stock = all_named(stock, document, *documents)  # whoever is named later, too
        failed = [f for proven in prove(stock, documents).agreements for f in proven.failed]
        if not failed:
            return ()
        if for_owner:
            names = stored_world.names()
            return tuple(str(told(f, document, names)) for f in failed)
        return _made_up(document, failed)
    except DecideError as fault:
        return (f"It cannot be proven: {fault.why}.",)


def _made_up(document: Document, failed: list[Failed]) -> tuple[str, ...]:
    begins, ends = document.one(Term).in_force()
    ids = {p.slug: p.slug for p in document.parties}
    fact = agreement_fact(document, make(document), ids, document.slug, begins, ends)
    stock = replace(madeup.inventory(document), agreements=(fact,))
    names = made_up_names(document, stock)
    examples = {
        f.broken.guarantee: str(told(f, document, names))
        for proven in prove(stock, {document.slug: document}).agreements
        for f in proven.failed
    }
    said = []
    for f in failed:
        code = f.broken.guarantee
        sections = ", ".join(f.sections)
        said.append(examples.get(code) or f"{promise(code, document)} Section {sections} breaks it.")
    return tuple(said)
