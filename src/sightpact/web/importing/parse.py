"""From a file's text to a plan, or to all of its faults. Pure: what is here already comes in as `Known`.

Never: a guess, a repair, or a plan from a file with a fault.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sightpact.agreements.actions import Named, Vote
from sightpact.agreements.clauses.shapes import ABSENT, read_into
from sightpact.agreements.document import Document
from sightpact.agreements.errors import ClauseFault
from sightpact.cameras.actions import AreaSpec, CameraSpec, SchoolSpec
from sightpact.people.actions import PartySpec, PersonSpec, Role
from sightpact.web.importing import agreement_checks, checks
from sightpact.web.importing.faults import Fault, ImportFaults
from sightpact.web.importing.known import Known
from sightpact.web.importing.lines import Path, line_of, locate, parse_path
from sightpact.web.importing.rows import MOST_ROWS, TABLES

MOST_BYTES = 20_000_000
_LINE = re.compile(r"\(at line (\d+)")


@dataclass(frozen=True, slots=True)
class PersonPlan:
    spec: PersonSpec
    roles: tuple[Role, ...]
    active: bool | None  # None: as it is


@dataclass(frozen=True, slots=True)
class KeyPlan:
    party: str
    public_pem: str
    holder: str
    vouched: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class AgreementPlan:
    line: int
    document: Document
    named: tuple[Named, ...]
    votes: tuple[Vote, ...]
    signatures: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a file asks for, checked as far as it can be without storing it."""

    parties: tuple[PartySpec, ...] = ()
    persons: tuple[PersonPlan, ...] = ()
    schools: tuple[SchoolSpec, ...] = ()
    areas: tuple[AreaSpec, ...] = ()
    cameras: tuple[CameraSpec, ...] = ()
    keys: tuple[KeyPlan, ...] = ()
    agreements: tuple[AgreementPlan, ...] = ()

    def counts(self) -> dict[str, int]:
        return {
            "parties": len(self.parties),
            "persons": len(self.persons),
            "schools": len(self.schools),
            "areas": len(self.areas),
            "cameras": len(self.cameras),
            "signing keys": len(self.keys),
            "agreements": len(self.agreements),
        }


def parse(content: bytes, known: Known) -> Plan:
    """Read a file.

    Args:
        content: the file's bytes.
        known: what is here already.
    Raises:
        ImportFaults: with every fault.
    """
    text, raw = _toml(content)
    found = locate(text)
    faults: list[ClauseFault] = []
    rows = _rows(raw, faults)
    faults += checks.all_faults(raw, rows, known)
    agreements = agreement_checks.read_all(raw, rows, known, faults)
    if faults:
        raise ImportFaults([_placed(fault, raw, found) for fault in faults])
    return Plan(
        parties=tuple(
            PartySpec(r.slug, r.name, r.short_name, r.kind, r.phone, r.zone) for r in rows["parties"]
        ),
        persons=tuple(
            PersonPlan(
                PersonSpec(r.slug, r.name, r.email or "", r.phone),
                tuple(Role(role.party, role.role, role.title, role.school or "") for role in r.roles),
                r.active,
            )
            for r in rows["persons"]
        ),
        schools=tuple(
            SchoolSpec(r.slug, r.owner, r.name, r.address, r.zone, r.order) for r in rows["schools"]
        ),
        areas=tuple(AreaSpec(r.slug, r.school, r.kind, r.name, r.floor) for r in rows["areas"]),
        cameras=tuple(
            CameraSpec(
                slug=r.slug,
                school=r.school,
                name=r.name,
                address=r.address,
                areas=r.areas,
                place=r.place,
                tags=r.tags,
                username=r.username,
                password=r.password,
                in_service=r.in_service,
                standby=r.standby,
                drill_source=r.drill_source,
                order=r.order,
            )
            for r in rows["cameras"]
        ),
        keys=tuple(KeyPlan(r.party, r.public_pem, r.holder, r.vouched) for r in rows["signing_keys"]),
        agreements=tuple(
            AgreementPlan(
                line=line_of(found, ("agreements", a.index)),
                document=a.document,
                named=tuple(Named(r.person, r.position) for r in a.rows["named"]),
                votes=tuple(
                    Vote(r.body, r.on, r.vote, r.resolution, r.minutes_url, r.canonical_hash or "")
                    for r in a.rows["adoptions"]
                ),
                signatures={r.party: r.envelope for r in a.rows["signatures"]},
            )
            for a in agreements
        ),
    )


def _toml(content: bytes) -> tuple[str, dict[str, Any]]:
    if len(content) > MOST_BYTES:
        raise ImportFaults([Fault(1, "", f"The file has over {MOST_BYTES} bytes.", "Split it.")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        raise ImportFaults([Fault(line, "", "The file is not UTF-8 text.", "Save it as UTF-8.")]) from fault
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        at = _LINE.search(str(fault))
        line = int(at.group(1)) if at else text.count("\n") + 1
        raise ImportFaults(
            [Fault(line, "", f"This is not TOML: {fault}.", "Correct that line first.")]
        ) from fault
    except RecursionError as fault:
        raise ImportFaults([Fault(1, "", "Values are nested too deeply.", "Write it flat.")]) from fault


def _rows(raw: Mapping[str, Any], faults: list[ClauseFault]) -> dict[str, Sequence[Any]]:
    """The rows of each table in order; ABSENT stands where a row has a fault."""
    tables = (*TABLES, "agreements")
    for name in raw:
        if name not in tables:
            faults.append(
                ClauseFault(name, f"'{name}' is not known here.", f"Known are: {', '.join(tables)}.")
            )
    if not any(name in raw for name in tables) and not faults:
        faults.append(
            ClauseFault("", "The file holds nothing to import.", "See docs/reference/import-file.md.")
        )
    return {name: _table(raw, name, cls, faults) for name, cls in TABLES.items()}


def _table(raw: Mapping[str, Any], name: str, cls: type, faults: list[ClauseFault]) -> Sequence[Any]:
    listed = raw.get(name, [])
    if not isinstance(listed, list) or len(listed) > MOST_ROWS:
        faults.append(
            ClauseFault(name, f"Here should be at most {MOST_ROWS} tables.", f"Write [[{name}]] for each.")
        )
        return []
    return [read_into(cls, item, f"{name}[{i}]", faults) for i, item in enumerate(listed)]


def _placed(fault: ClauseFault, raw: Mapping[str, Any], found: Mapping[Path, int]) -> Fault:
    return Fault(line_of(found, fault.path), _where(fault.path, raw), fault.what, fault.remedy)


def _where(path: str, raw: Mapping[str, Any]) -> str:
    """ "cameras[3].address" as "cameras 'high-2', address"; a row without a slug keeps its number."""
    steps = parse_path(path)
    if len(steps) < 2 or not isinstance(steps[1], int):
        return path
    try:
        name = raw[str(steps[0])][steps[1]]["slug"]
    except (LookupError, TypeError):
        name = None
    row = (
        f"{steps[0]} '{name}'" if isinstance(name, str) and name.isprintable() else f"{steps[0]}[{steps[1]}]"
    )
    rest = path.partition("]")[2].removeprefix(".")
    return f"{row}, {rest}" if rest else row


__all__ = ["ABSENT", "AgreementPlan", "KeyPlan", "PersonPlan", "Plan", "parse"]
