"""What no single row can see: slugs twice, references that lead nowhere, fixed facts that a file would change. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sightpact.agreements.clauses.shapes import ABSENT
from sightpact.agreements.errors import AgreementError, ClauseFault
from sightpact.agreements.signing import keyid, verify_vouched
from sightpact.cameras.address import check as check_address
from sightpact.cameras.errors import AddressFault
from sightpact.web.importing.known import Known

Rows = Mapping[str, Sequence[Any]]


def all_faults(raw: Mapping[str, Any], rows: Rows, known: Known) -> list[ClauseFault]:
    """Every fault between rows, and between rows and what is here.

    Args:
        raw: the file's tables, where a slug counts as being there although its row has a fault.
        rows: the rows that could be read; ABSENT stands where one could not.
    """
    return [
        *_twice(raw),
        *_parties(rows, known),
        *_persons(raw, rows, known),
        *_schools(raw, rows, known),
        *_areas(raw, rows, known),
        *_cameras(raw, rows, known),
        *_keys(raw, rows, known),
    ]


def slugs(raw: Mapping[str, Any], table: str) -> list[str]:
    """The slugs that a table names, also those of faulty rows, so that one fault does not make ten."""
    listed = raw.get(table)
    found = (
        [item.get("slug") for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    )
    return [slug for slug in found if isinstance(slug, str)]


def owner_of_school(rows: Rows, known: Known) -> dict[str, str]:
    """School slug -> owner slug, as it will be."""
    return dict(known.schools) | {row.slug: row.owner for row in rows["schools"] if row is not ABSENT}


def parties_of_person(rows: Rows, known: Known) -> dict[str, frozenset[str]]:
    """Person slug -> party slugs, as it will be."""
    mine = {row.slug: frozenset(r.party for r in row.roles) for row in rows["persons"] if row is not ABSENT}
    return dict(known.persons) | mine


def unknown(path: str, kind: str, slug: str, there: set[str], table: str) -> ClauseFault:
    near = [name for name in sorted(there) if name[:3] == slug[:3]] or sorted(there)
    like = f" Known are: {', '.join(near[:8])}{' ...' if len(near) > 8 else ''}." if near else ""
    return ClauseFault(
        path, f"There is no {kind} '{slug}'.", f"Add it as [[{table}]], or correct the slug.{like}"
    )


def _read(rows: Rows, table: str) -> Iterator[tuple[str, Any]]:
    return ((f"{table}[{i}]", row) for i, row in enumerate(rows[table]) if row is not ABSENT)


def _twice(raw: Mapping[str, Any]) -> Iterator[ClauseFault]:
    for table in ("parties", "persons", "schools", "areas", "cameras"):
        seen: set[str] = set()
        listed = raw.get(table)
        for index, item in enumerate(listed if isinstance(listed, list) else ()):
            slug = item.get("slug") if isinstance(item, dict) else None
            if isinstance(slug, str):
                if slug in seen:
                    what = f"'{slug}' stands twice under [[{table}]]."
                    yield ClauseFault(
                        f"{table}[{index}].slug", what, "Give each its own slug, or remove one."
                    )
                seen.add(slug)


def _parties(rows: Rows, known: Known) -> Iterator[ClauseFault]:
    for path, row in _read(rows, "parties"):
        kind = known.parties.get(row.slug, (row.kind, ""))[0]
        if kind != row.kind:
            what = f"'{row.slug}' is here as an {kind}, and stays one."
            yield ClauseFault(f"{path}.kind", what, "Use another slug for another party.")


def _persons(raw: Mapping[str, Any], rows: Rows, known: Known) -> Iterator[ClauseFault]:
    there = set(known.parties) | set(slugs(raw, "parties"))
    schools, owners = set(known.schools) | set(slugs(raw, "schools")), owner_of_school(rows, known)
    for path, row in _read(rows, "persons"):
        seen: set[tuple[str, str]] = set()
        for index, role in enumerate(row.roles):
            at = f"{path}.roles[{index}]"
            if role.party not in there:
                yield unknown(at, "party", role.party, there, "parties")
            if role.school and role.school not in schools:
                yield unknown(f"{at}.school", "school", role.school, schools, "schools")
            elif role.school and owners.get(role.school, role.party) != role.party:
                what = f"'{role.school}' is a school of '{owners[role.school]}', not of '{role.party}'."
                yield ClauseFault(f"{at}.school", what, "Name a school of the role's own party.")
            if (role.party, role.role) in seen:
                yield ClauseFault(at, f"'{role.role}' at '{role.party}' stands twice.", "Remove one.")
            seen.add((role.party, role.role))


def _schools(raw: Mapping[str, Any], rows: Rows, known: Known) -> Iterator[ClauseFault]:
    kinds = {slug: kind for slug, (kind, _) in known.parties.items()}
    kinds |= {row.slug: row.kind for _, row in _read(rows, "parties")}
    there = set(kinds) | set(slugs(raw, "parties"))
    for path, row in _read(rows, "schools"):
        at = f"{path}.owner"
        if row.owner not in there:
            yield unknown(at, "party", row.owner, there, "parties")
        elif kinds.get(row.owner, "owner") != "owner":
            yield ClauseFault(at, f"'{row.owner}' is an agency.", "Cameras belong to a party of kind owner.")
        elif known.schools.get(row.slug, row.owner) != row.owner:
            what = f"'{row.slug}' is here as a school of '{known.schools[row.slug]}', and stays one."
            yield ClauseFault(at, what, "Use another slug for another school.")


def _areas(raw: Mapping[str, Any], rows: Rows, known: Known) -> Iterator[ClauseFault]:
    there = set(known.schools) | set(slugs(raw, "schools"))
    for path, row in _read(rows, "areas"):
        at = f"{path}.school"
        if row.school not in there:
            yield unknown(at, "school", row.school, there, "schools")
        elif known.areas.get(row.slug, row.school) != row.school:
            what = f"'{row.slug}' is here as an area of '{known.areas[row.slug]}', and stays one."
            yield ClauseFault(at, what, "Use another slug for another area.")


def _cameras(raw: Mapping[str, Any], rows: Rows, known: Known) -> Iterator[ClauseFault]:
    schools = set(known.schools) | set(slugs(raw, "schools"))
    areas = set(known.areas) | set(slugs(raw, "areas"))
    place = dict(known.areas) | {row.slug: row.school for _, row in _read(rows, "areas")}
    for path, row in _read(rows, "cameras"):
        if row.school not in schools:
            yield unknown(f"{path}.school", "school", row.school, schools, "schools")
        for index, slug in enumerate(row.areas):
            at = f"{path}.areas[{index}]"
            if slug not in areas:
                yield unknown(at, "area", slug, areas, "areas")
            elif place.get(slug, row.school) != row.school:
                what = f"'{slug}' is an area of '{place[slug]}', but the camera is at '{row.school}'."
                yield ClauseFault(at, what, "Name areas of the camera's own school.")
            elif slug in row.areas[:index]:
                yield ClauseFault(at, f"'{slug}' stands twice.", "Remove one.")
        try:
            check_address(row.address, known.camera_networks)
        except AddressFault as fault:
            yield ClauseFault(f"{path}.address", f"It cannot be used: {fault.why}.", f"{fault.next_step}.")
        if (row.username is None) != (row.password is None):
            missing = "password" if row.password is None else "username"
            yield ClauseFault(
                path, f"'{missing}' is missing.", "Write both username and password, or neither."
            )


def _keys(raw: Mapping[str, Any], rows: Rows, known: Known) -> Iterator[ClauseFault]:
    there = set(known.parties) | set(slugs(raw, "parties"))
    holders = {keyid(pem): party for party, pem in (*known.keys, *known.withdrawn)}
    withdrawn = {keyid(pem) for _, pem in known.withdrawn}
    active: dict[str, list[str]] = {party: [] for party in holders.values()}
    for party, pem in known.keys:
        active[party].append(pem)
    for path, row in _read(rows, "signing_keys"):
        if row.party not in there:
            yield unknown(f"{path}.party", "party", row.party, there, "parties")
        try:
            name = keyid(row.public_pem)
        except AgreementError as fault:
            yield ClauseFault(f"{path}.public_pem", f"This key {fault.why}", fault.next_step)
            continue
        if holders.get(name, row.party) != row.party:
            what = f"This key is held by '{holders[name]}' already."
            yield ClauseFault(f"{path}.public_pem", what, "Each party needs its own key.")
        elif name in withdrawn:
            yield ClauseFault(f"{path}.public_pem", "This key was withdrawn, for good.", "Make a new one.")
        elif name not in holders and row.party in active:
            try:
                verify_vouched(row.vouched, row.party, row.public_pem, active[row.party])
            except AgreementError as fault:
                yield ClauseFault(f"{path}.vouched", f"{fault.what} {fault.why}", fault.next_step)
        holders.setdefault(name, row.party)
        active.setdefault(row.party, []).append(row.public_pem)
