"""`sightpact agreement templates` and `new`: a first draft from a template, on any machine."""

from __future__ import annotations

from typing import Annotated

import typer

from sightpact.agreements import templates as library
from sightpact.agreements.cli_files import AsJson, print_json, refuse
from sightpact.agreements.errors import AgreementError


def templates(as_json: AsJson = False) -> None:
    """List the templates: what each follows, and its blanks."""
    found = library.templates()
    if as_json:
        listed = [
            {
                "name": t.name,
                "title": t.title,
                "after": t.after,
                "carries": t.carries,
                "ours": t.ours,
                "sources": [{"what": s.what, "address": s.address} for s in t.sources],
                "blanks": {name: library.BLANKS[name] for name in t.blanks},
            }
            for t in found
        ]
        print_json({"templates": listed})
        return
    for t in found:
        typer.echo(f"{t.name}\n  {t.title}. After {t.after}.\n  Blanks: {', '.join(t.blanks)}\n")


def new(
    template: Annotated[str, typer.Argument(help="Which one; sightpact agreement templates lists them.")],
    district: Annotated[str, typer.Option(help="Name of the school district, without 'the'.")] = "",
    agency: Annotated[str, typer.Option(help="Name of the police or other agency, without 'the'.")] = "",
    school: Annotated[
        list[str] | None, typer.Option(help="NAME or SLUG=NAME, once for each; or 'all'.")
    ] = None,
    place: Annotated[list[str] | None, typer.Option(help="A public place, in the same way.")] = None,
    zone: Annotated[str, typer.Option(help="Time zone, like America/New_York.")] = "",
    begins: Annotated[str, typer.Option(help="First day, as 2026-07-01.")] = "",
    ends: Annotated[str, typer.Option(help="Last day, as 2031-06-30.")] = "",
    fill: Annotated[list[str] | None, typer.Option("--set", help="NAME=VALUE for any other blank.")] = None,
) -> None:
    """Print a template with its blanks filled. Refused while a blank is empty."""
    values = {"district": district, "agency": agency, "zone": zone, "begins": begins, "ends": ends}
    try:
        for entry in fill or []:
            name, equals, value = entry.partition("=")
            if not equals or name not in library.BLANKS or name in library.ROWS:
                raise AgreementError(
                    f"--set {entry}", "names no blank.", "Write --set NAME=VALUE, like county=Camden."
                )
            values[name] = value
        text = library.fill(template, values, {"school": school or [], "place": place or []})
    except AgreementError as fault:
        refuse(fault, 1)
    typer.echo(text, nl=False)
