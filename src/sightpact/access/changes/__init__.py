"""One way to change access: `preview` what a change does, `propose` it, and `approve` it as a second person.

Naming and unnaming, roles, people, areas and service of cameras, and imports go through here; an agreement comes into
force by its parties' signatures. Nothing here decides who sees a picture: that is the gate.
"""

from sightpact.access.changes.actions import Outcome, approve, expire, lapse, propose, refuse, withdraw
from sightpact.access.changes.errors import FAULTS, BreaksGuarantee, ChangedMeanwhile, ChangeRefused
from sightpact.access.changes.kinds import (
    KINDS,
    AddAlarmSource,
    AddPerson,
    AlterArea,
    AlterCamera,
    Change,
    Concerned,
    ListCamera,
    NamePerson,
    SetRoles,
    TakeIn,
    TakeOut,
    UnlistCamera,
    UnnamePerson,
)
from sightpact.access.changes.outlook import Preview, preview

__all__ = [
    "FAULTS",
    "KINDS",
    "AddAlarmSource",
    "AddPerson",
    "AlterArea",
    "AlterCamera",
    "BreaksGuarantee",
    "Change",
    "ChangeRefused",
    "ChangedMeanwhile",
    "Concerned",
    "ListCamera",
    "NamePerson",
    "Outcome",
    "Preview",
    "SetRoles",
    "TakeIn",
    "TakeOut",
    "UnlistCamera",
    "UnnamePerson",
    "approve",
    "expire",
    "lapse",
    "preview",
    "propose",
    "refuse",
    "withdraw",
]
