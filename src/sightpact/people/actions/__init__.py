"""Everything that writes parties, persons, keys and sessions. One file a subject; this is the list of
them."""

from sightpact.people.actions.invitations import accept_invitation, invite
from sightpact.people.actions.parties import PartySpec, add_party, alter_party
from sightpact.people.actions.passkeys import revoke_passkey, store_passkey
from sightpact.people.actions.persons import (
    PersonSpec,
    Role,
    add_person,
    alter_person,
    deactivate,
    reactivate,
    set_roles,
)
from sightpact.people.actions.sessions import record_failed_sign_in, record_sign_in, sign_out
from sightpact.people.actions.start_keys import (
    enrol_start_key,
    give_up_start_key,
    revoke_start_key,
    use_start_key,
)

__all__ = [
    "PartySpec",
    "PersonSpec",
    "Role",
    "accept_invitation",
    "add_party",
    "add_person",
    "alter_party",
    "alter_person",
    "deactivate",
    "enrol_start_key",
    "give_up_start_key",
    "invite",
    "reactivate",
    "record_failed_sign_in",
    "record_sign_in",
    "revoke_passkey",
    "revoke_start_key",
    "set_roles",
    "sign_out",
    "store_passkey",
    "use_start_key",
]
