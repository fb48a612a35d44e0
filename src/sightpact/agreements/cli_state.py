"""`sightpact agreement suspend` and `resume`: on the server, when no page can be reached or nobody can sign in.

Whoever can run this owns the server machine; the record says "command line of the server".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from sightpact.agreements.cli_files import refuse
from sightpact.agreements.errors import AgreementError, RevisionFault
from sightpact.ledger.set_up import set_up_django

Agreement = Annotated[str, typer.Argument(metavar="SLUG", help="Short name of the agreement.")]
As = Annotated[
    str, typer.Option("--as", help="Short name of the superintendent or chief for whom this is done.")
]
Reason = Annotated[str, typer.Option("--reason", help="Why, for the record.")]


def suspend(agreement: Agreement, person: As, reason: Reason = "") -> None:
    """Suspend an agreement for one of its parties: every picture under it ends at once."""
    changed = _change("suspend", agreement, person, reason)
    typer.echo("Suspended. Nothing is shared under it." if changed else "It was suspended already.")


def resume(agreement: Agreement, person: As, reason: Reason = "") -> None:
    """Take a suspension back, for the party that suspended it."""
    changed = _change("resume", agreement, person, reason)
    typer.echo("Resumed." if changed else "It was not suspended.")


def withdraw(
    agreement: Agreement,
    revision: Annotated[int, typer.Argument(help="Number of the revision that was proposed.")],
    person: As,
    reason: Reason = "",
) -> None:
    """Take a proposal off the table for the party that made it, while nobody else has accepted it."""
    set_up_django()
    from sightpact.agreements.actions import withdrawing
    from sightpact.people import reads

    card = reads.person_by_slug(person)
    if card is None:
        refuse(RevisionFault(f"Person '{person}'", "is not here.", "Look at the slug in the import file."), 1)
    changed = told(lambda: withdrawing.withdraw(agreement, revision, card, reason))
    typer.echo("Withdrawn." if changed else "It was withdrawn already.")


def _change(what: str, agreement: str, person: str, reason: str) -> bool:
    set_up_django()
    from sightpact.agreements import actions
    from sightpact.people import reads

    card = reads.person_by_slug(person)
    if card is None:
        refuse(RevisionFault(f"Person '{person}'", "is not here.", "Look at the slug in the import file."), 1)
    act = actions.suspend if what == "suspend" else actions.resume
    return told(lambda: act(agreement, card, reason, at_server=True))


def told(act: Callable[[], bool]) -> bool:
    """Render this slice's errors as one line and exit with 1."""
    try:
        return act()
    except AgreementError as fault:
        refuse(fault, 1)
