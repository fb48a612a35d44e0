"""`sightpact doctor`: what would fail now, for people and for scripts (monitoring asks it by its exit code).

Looks and never mends; `--frames` alone stores something: what became of the cameras that it asked.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sightpact.access.ready.checks import Check, Report

SIGNS = {"well": "ok   ", "soon": "soon ", "fails": "FAILS"}
WELL, FAILS, CANNOT_LOOK, SOON = 0, 1, 2, 3


@click.command()
@click.option(
    "--ready", is_flag=True, help="Everything: schools, cameras, people, consoles. Else this machine alone."
)
@click.option(
    "--frames", is_flag=True, help="Ask each camera for one frame now, instead of what the last night told."
)
@click.option("--school", default="", metavar="SLUG", help="This school alone, with what all schools share.")
@click.option("--strict", is_flag=True, help="Exit with 3 when something should be looked at soon.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for scripts.")
def doctor(ready: bool, frames: bool, school: str, strict: bool, as_json: bool) -> None:
    """What would fail if an emergency began now.

    Exit codes: 0 nothing would fail, 1 something would, 2 it cannot be looked at, 3 with --strict: something wants a look.
    """
    import django

    django.setup()
    from django.db import DatabaseError

    try:
        found = _look(ready, frames, school)
    except (DatabaseError, OSError, _CannotLook) as fault:
        click.echo(f"It cannot be looked at: {fault}", err=True)
        sys.exit(CANNOT_LOOK)
    click.echo(json.dumps(found, indent=2, ensure_ascii=False) if as_json else _in_words(found))
    states = {check["state"] for place in found["places"] for check in place["checks"]}
    sys.exit(FAILS if "fails" in states else SOON if strict and "soon" in states else WELL)


class _CannotLook(Exception):
    """With what to do."""


def _look(everything: bool, frames: bool, school: str) -> dict[str, Any]:
    from sightpact.access.ready import machine, reads
    from sightpact.ledger import clock
    from sightpact.live import readiness

    if not (everything or frames or school):
        checks = [machine.record(), machine.reserve(), machine.disk(), machine.time()]
        checks += [*machine.certificate(), machine.pictures(), machine.pages()]
        return {"at": clock.now().isoformat(), "places": [_place("", "This machine", "", checks)]}
    owners = reads.owners()
    if not owners:
        raise _CannotLook("no schools are known here. Import the district first: sightpact import FILE")
    reports = []
    for owner in owners:
        if frames:
            readiness.ask_cameras(owner, "asked")
        reports.append(reads.report(owner, None))
    return {
        "at": clock.now().isoformat(),
        "places": [p for report in reports for p in _places(report, school)],
    }


def _places(report: Report, school: str) -> list[dict[str, Any]]:
    from sightpact.access import facts

    slugs = {s.id: s.slug for s in facts.snapshot().names.schools.values()}
    chosen = [each for each in report.schools if not school or slugs[each.id] == school]
    if school and not chosen:
        raise _CannotLook(f"there is no school '{school}'. Known: {', '.join(sorted(slugs.values()))}")
    shared = _place("", report.owner_name, "", report.shared.checks)
    return [shared] + [
        _place(slugs[each.id], each.name, "{} of {}".format(*report.score(each)), each.checks)
        for each in chosen
    ]


def _place(slug: str, name: str, score: str, checks: Any) -> dict[str, Any]:
    return {"school": slug, "name": name, "score": score, "checks": [_out(check) for check in checks]}


def _out(check: Check) -> dict[str, Any]:
    known = asdict(check)
    known["since_utc"] = check.since_utc.isoformat() if check.since_utc else None
    return known


def _in_words(found: dict[str, Any]) -> str:
    lines = []
    for place in found["places"]:
        score = f": {place['score']} checks well" if place["score"] else ""
        lines.append(f"{place['name']}{score}")
        for check in place["checks"]:
            since = f" Since {check['since_utc'][:16]} UTC." if check["since_utc"] else ""
            lines.append(f"  {SIGNS[check['state']]}  {check['name']}: {check['text']}{since}")
            if check["remedy"]:
                lines.append(f"         {check['remedy']}")
        lines.append("")
    return "\n".join(lines).rstrip()
