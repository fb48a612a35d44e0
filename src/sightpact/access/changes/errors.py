"""Why a change of access is not made. Each says what, why and what to do next."""

from __future__ import annotations

from sightpact.access.errors import AccessError
from sightpact.activation.errors import ActivationError
from sightpact.agreements.errors import AgreementError
from sightpact.agreements.proof_words import Counterexample
from sightpact.cameras.errors import CamerasError
from sightpact.people.errors import PeopleError

FAULTS = (AccessError, ActivationError, AgreementError, CamerasError, PeopleError)
"""What a change can be refused with; each says itself in one line."""


class ChangeRefused(AccessError):
    """This change, or this decision on it, cannot be made."""

    code = "change_refused"


class BreaksGuarantee(ChangeRefused):
    """It would open what must never be open. Nothing was changed."""

    code = "breaks_guarantee"

    def __init__(self, examples: tuple[Counterexample, ...], slugs: tuple[str, ...]) -> None:
        self.examples, self.slugs = examples, slugs  # one slug of an agreement for each example
        first = examples[0]
        super().__init__(
            "A guarantee would not hold.",
            f"{first.promise} {first.example}",
            f"{first.change} Nothing was changed.",
        )


class ChangedMeanwhile(ChangeRefused):
    """It would now do something else than what this person was shown."""

    code = "changed_meanwhile"
