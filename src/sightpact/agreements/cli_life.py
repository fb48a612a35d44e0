"""`sightpact agreement state`: where each agreement stands, on whose desk and since when, as its pages say it. Reads only."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sightpact.agreements.cli_files import AsJson, print_json, refuse
from sightpact.agreements.errors import RevisionFault
from sightpact.ledger.set_up import set_up_django

if TYPE_CHECKING:
    from sightpact.agreements.life_rules import LifeState


def state(
    agreement: Annotated[
        str, typer.Argument(metavar="SLUG", help="Short name; without it, all of them.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Say where an agreement stands, on whose desk it is and for how long, and what comes next."""
    set_up_django()
    from sightpact.agreements import life
    from sightpact.ledger import clock

    found = [one for slug in ([agreement] if agreement else life.slugs()) if (one := life.state_of(slug))]
    if agreement and not found:
        refuse(
            RevisionFault(f"Agreement '{agreement}'", "is not here.", "Leave the name out to list all."), 1
        )
    now = clock.now()
    if as_json:
        print_json({"agreements": [_data(one, now) for one in found]})
        return
    for one in found:
        _say(one, now)
    if not found:
        typer.echo("There is no agreement yet.")


def _say(found: LifeState, now: datetime, indent: str = "") -> None:
    from sightpact.agreements import life_words

    desk = life_words.desk(found, now)
    typer.echo(
        f"{indent}{found.slug}, revision {found.revision}: {life_words.state(found.state)}. {desk}".rstrip()
    )
    typer.echo(f"{indent}  {life_words.next_step(found)}")
    for fault in found.differs:
        typer.echo(f"{indent}  {fault}")
    if found.terminates_utc is not None and found.terminated_by is not None:
        day = found.terminates_utc.isoformat(timespec="minutes")
        typer.echo(f"{indent}  {found.terminated_by.name} ends it from {day}: {found.terminated_reason}")
    if found.coming is not None:
        _say(found.coming, now, indent + "  ")


def _data(found: LifeState, now: datetime) -> dict[str, Any]:
    return {
        "agreement": found.slug,
        "revision": found.revision,
        "state": found.state,
        "desk": [side.slug for side in found.desk],
        "since": found.since_utc.isoformat(),
        "days": found.days(now),
        "next": found.next,
        "missing_bodies": list(found.missing_bodies),
        "differs": list(found.differs),
        "terminates": found.terminates_utc.isoformat() if found.terminates_utc else None,
        "coming": _data(found.coming, now) if found.coming else None,
    }
