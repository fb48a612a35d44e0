"""The only writers of agreements: drafts, rounds, texts, keys, votes, comments, named persons, suspension, ends.

One file a subject. Each action is one transaction with its ledger entry, and can be asked for twice without harm.
`by` is who acts; None is the command line of the server.
"""

from sightpact.agreements.actions import adoption, comments, drafts, ends, rounds
from sightpact.agreements.actions.annex import (
    Named,
    Particulars,
    alter_particulars,
    name_person,
    remove_person,
)
from sightpact.agreements.actions.keys import (
    enrol_offered,
    enrol_signing_key,
    offer_key,
    turn_down_key,
    withdraw_signing_key,
)
from sightpact.agreements.actions.signatures import add_signature, sign
from sightpact.agreements.actions.state import resume, suspend
from sightpact.agreements.actions.texts import Imported, Vote, add_adoption, import_agreement, store_revision

__all__ = [
    "Imported",
    "Named",
    "Particulars",
    "Vote",
    "add_adoption",
    "add_signature",
    "adoption",
    "alter_particulars",
    "comments",
    "drafts",
    "ends",
    "enrol_offered",
    "enrol_signing_key",
    "import_agreement",
    "name_person",
    "offer_key",
    "remove_person",
    "resume",
    "rounds",
    "sign",
    "store_revision",
    "suspend",
    "turn_down_key",
    "withdraw_signing_key",
]
