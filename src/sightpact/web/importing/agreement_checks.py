"""The agreements of a file: their text by `agreements.document`, and what names, votes and signatures must fit. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sightpact.agreements.cedar import Made, make
from sightpact.agreements.clauses.ground import Parties
from sightpact.agreements.clauses.people import NamedPersons
from sightpact.agreements.clauses.shapes import ABSENT, read_into
from sightpact.agreements.document import Document, read
from sightpact.agreements.errors import AgreementError, ClauseFault
from sightpact.agreements.signing import payload, verify_party
from sightpact.decide.cedar_schema import DecideError
from sightpact.web.importing.checks import Rows, owner_of_school, parties_of_person, slugs, unknown
from sightpact.web.importing.known import Known
from sightpact.web.importing.rows import OF_AGREEMENT

MOST_AGREEMENTS = 200


@dataclass(frozen=True, slots=True)
class ReadAgreement:
    index: int
    document: Document
    rows: Mapping[str, Sequence[Any]]  # named, adoptions, signatures


def read_all(
    raw: Mapping[str, Any], rows: Rows, known: Known, faults: list[ClauseFault]
) -> list[ReadAgreement]:
    """Read every agreement; notes every fault. The result counts only when there was none."""
    listed = raw.get("agreements", [])
    if not isinstance(listed, list) or len(listed) > MOST_AGREEMENTS:
        faults.append(ClauseFault("agreements", "Here should be tables.", "Write [[agreements]] for each."))
        return []
    found = []
    seen: set[tuple[str, int]] = set()
    for index, item in enumerate(listed):
        path = f"agreements[{index}]"
        if not isinstance(item, dict):
            faults.append(ClauseFault(path, "Here should be a table.", "Write [[agreements]]."))
            continue
        own = {name: _own(item, name, cls, path, faults) for name, cls in OF_AGREEMENT.items()}
        document, wrong = read({key: value for key, value in item.items() if key not in OF_AGREEMENT})
        faults += [_under(path, fault) for fault in wrong]
        if document is None or wrong:
            continue
        if (document.slug, document.revision) in seen:
            what = f"'{document.slug}' revision {document.revision} stands twice."
            faults.append(ClauseFault(path, what, "Give each revision its own number."))
        seen.add((document.slug, document.revision))
        faults += [_under(path, fault) for fault in _names(document, raw, rows, known)]
        faults += [_under(path, fault) for fault in _people(document, own["named"], raw, rows, known)]
        faults += [_under(path, fault) for fault in _text(document, own["signatures"], rows, known)]
        found.append(ReadAgreement(index, document, own))
    return found


def _own(
    item: Mapping[str, Any], name: str, cls: type, path: str, faults: list[ClauseFault]
) -> Sequence[Any]:
    listed = item.get(name, [])
    if not isinstance(listed, list):
        faults.append(
            ClauseFault(f"{path}.{name}", "Here should be tables.", f"Write [[agreements.{name}]] for each.")
        )
        return []
    return [read_into(cls, row, f"{path}.{name}[{i}]", faults) for i, row in enumerate(listed)]


def _under(path: str, fault: ClauseFault) -> ClauseFault:
    return ClauseFault(f"{path}.{fault.path}" if fault.path else path, fault.what, fault.remedy)


def _at(document: Document, kind: type) -> str:
    return next((f"clauses[{i}]" for i, c in enumerate(document.clauses) if isinstance(c, kind)), "")


def _names(document: Document, raw: Mapping[str, Any], rows: Rows, known: Known) -> Iterator[ClauseFault]:
    """Parties and schools that the text names must be here or in the file, and be called the same."""
    there = {slug: name for slug, (_, name) in known.parties.items()}
    there |= {row.slug: row.name for row in rows["parties"] if row is not ABSENT}
    named = set(there) | set(slugs(raw, "parties"))
    for index, party in enumerate(document.parties):
        at = f"{_at(document, Parties)}.parties[{index}]"
        if party.slug not in named:
            yield unknown(at, "party", party.slug, named, "parties")
        elif there.get(party.slug, party.name) != party.name:
            what = f"The text calls '{party.slug}' {party.name!r}; its entry says {there[party.slug]!r}."
            yield ClauseFault(at, what, "Use one name.")
    owners = owner_of_school(rows, known)
    schools = set(owners) | set(slugs(raw, "schools"))
    for index, slug in enumerate(document.names.schools or ()):
        at = f"{_at(document, type(document.covered))}.{document.covered.kind}[{index}]"
        if slug not in schools:
            yield unknown(at, "school", slug, schools, "schools")
        elif owners.get(slug, document.owner) != document.owner:
            what = f"'{slug}' is a school of '{owners[slug]}', not of '{document.owner}'."
            yield ClauseFault(at, what, "Name schools of this agreement's owner.")


def _people(
    document: Document, named: Sequence[Any], raw: Mapping[str, Any], rows: Rows, known: Known
) -> Iterator[ClauseFault]:
    """The annexes: persons of a party that keeps one, each once."""
    annex = document.all(NamedPersons)
    parties = parties_of_person(rows, known)
    there = set(parties) | set(slugs(raw, "persons"))
    seen: set[str] = set()
    for index, row in enumerate(named):
        at = f"named[{index}]"
        if not annex:
            what = "This text has no annex of named persons."
            yield ClauseFault(at, what, "Add a clause of kind named_persons, or remove the names.")
            return
        if row is ABSENT:
            continue
        keepers = {clause.kept_by for clause in annex}
        if row.person not in there:
            yield unknown(f"{at}.person", "person", row.person, there, "persons")
        elif not keepers & parties.get(row.person, frozenset(keepers)):
            what = f"'{row.person}' has no role at '{' or '.join(sorted(keepers))}', which keeps the annex."
            yield ClauseFault(f"{at}.person", what, "Give the person a role there, or name another.")
        if row.person in seen:
            yield ClauseFault(f"{at}.person", f"'{row.person}' is named twice.", "Remove one.")
        seen.add(row.person)


def _text(document: Document, signatures: Sequence[Any], rows: Rows, known: Known) -> Iterator[ClauseFault]:
    """The text as it compiles, against what is stored and what was signed."""
    try:
        made = make(document)
    except (AgreementError, DecideError) as fault:
        yield ClauseFault("", f"{fault.what}: {fault.why}", fault.next_step)
        return
    stored = known.revisions.get((document.slug, document.revision))
    if stored not in (None, made.canonical_hash):
        numbers = [number for slug, number in known.revisions if slug == document.slug]
        what = f"Revision {document.revision} is stored with another text, and a stored text never changes."
        remedy = f"Write revision = {max(numbers) + 1} for the changed text, and have it signed."
        yield ClauseFault("revision", what, remedy)
        return
    yield from _signatures(document, made, signatures, rows, known)


def _signatures(
    document: Document, made: Made, signatures: Sequence[Any], rows: Rows, known: Known
) -> Iterator[ClauseFault]:
    content = payload(document, made)
    keys = [*known.keys, *((row.party, row.public_pem) for row in rows["signing_keys"] if row is not ABSENT)]
    parties = {party.slug for party in document.parties}
    seen: set[str] = set()
    for index, row in enumerate(signatures):
        at = f"signatures[{index}]"
        if row is ABSENT:
            continue
        if row.party in seen:
            yield ClauseFault(
                f"{at}.party", f"'{row.party}' signs twice.", "Keep one signature for each party."
            )
        seen.add(row.party)
        if row.party not in parties:
            yield ClauseFault(
                f"{at}.party", f"'{row.party}' is not a party of it.", "Sign as one of its parties."
            )
            continue
        try:
            mine = [public for party, public in keys if party == row.party]
            verify_party(row.envelope, content, mine, party=row.party)
        except AgreementError as fault:
            yield ClauseFault(f"{at}.envelope", f"{fault.what} {fault.why}", fault.next_step)
