"""The closed set of clause kinds. A clause is typed data; its sentence and its rule are made from the same data.

Adding a kind: a class in one of these files, its place in KINDS, its section in docs/reference/clauses.md, its tests.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from sightpact.agreements.clauses.after import After
from sightpact.agreements.clauses.aid import MutualAid
from sightpact.agreements.clauses.base import Clause
from sightpact.agreements.clauses.copies import SecondCopy
from sightpact.agreements.clauses.drills import Drills
from sightpact.agreements.clauses.ground import Parties, Places, PrivateAreas, Schools
from sightpact.agreements.clauses.guarantee import Guarantee
from sightpact.agreements.clauses.house import HouseDuties, HouseView
from sightpact.agreements.clauses.never import why_never
from sightpact.agreements.clauses.notices import Notices
from sightpact.agreements.clauses.people import KeptByPeople, NamedPersons, ProductLimit, RecordsRead
from sightpact.agreements.clauses.retention import Retention
from sightpact.agreements.clauses.review import Review
from sightpact.agreements.clauses.scope import CameraExhibit
from sightpact.agreements.clauses.shapes import read_into
from sightpact.agreements.clauses.signatories import Signatories
from sightpact.agreements.clauses.situations import SITUATION_VIEWS
from sightpact.agreements.clauses.switch import WhoMayEnd, WhoMayStart
from sightpact.agreements.clauses.terms import Leases, LogUnwritable, Term
from sightpact.agreements.clauses.uses import ForbiddenPurposes, Purposes, Redisclosure
from sightpact.agreements.clauses.views import EmergencyView, StandingView
from sightpact.agreements.errors import ClauseFault

_ALL: tuple[type[Clause], ...] = (
    Parties,
    Schools,
    Places,
    PrivateAreas,
    CameraExhibit,
    StandingView,
    EmergencyView,
    *SITUATION_VIEWS,
    WhoMayStart,
    WhoMayEnd,
    NamedPersons,
    HouseView,
    HouseDuties,
    RecordsRead,
    ProductLimit,
    LogUnwritable,
    Leases,
    Term,
    MutualAid,
    Drills,
    Purposes,
    ForbiddenPurposes,
    Redisclosure,
    Review,
    After,
    Retention,
    Notices,
    SecondCopy,
    Signatories,
    Guarantee,
    KeptByPeople,
)

KINDS: MappingProxyType[str, type[Clause]] = MappingProxyType({cls.kind: cls for cls in _ALL})


def parse_clause(raw: Any, path: str, faults: list[ClauseFault]) -> Clause | None:
    """Read one clause strictly. Notes every fault; None when there was one.

    Args:
        raw: a table as TOML or JSON gives it.
        path: where it stands, for the faults: "clauses[4]".
        faults: added to.
    """
    if not isinstance(raw, dict):
        faults.append(
            ClauseFault(path, "Here should be a clause.", "Write a table with number, kind and heading.")
        )
        return None
    kind = raw.get("kind")
    cls = KINDS.get(kind) if isinstance(kind, str) else None
    if cls is None:
        known = ", ".join(KINDS)
        what = f"{kind!r} is not a kind of clause." if "kind" in raw else "'kind' is missing."
        what = f"{what} {why_never(kind)}".rstrip() if isinstance(kind, str) else what
        remedy = f"Known are: {known}. Words that none of them can say go into kept_by_people."
        faults.append(ClauseFault(f"{path}.kind", what, remedy))
        return None
    clause = read_into(cls, raw, path, faults, ignore=("kind",))
    return clause if isinstance(clause, Clause) else None


def schema() -> dict[str, Any]:
    """JSON schema of a clause: one of the kinds."""
    return {"oneOf": [cls.schema() for cls in KINDS.values()]}


__all__ = ["KINDS", "Clause", "parse_clause", "schema"]
