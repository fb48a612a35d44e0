"""`sightpact`: one command with subcommands; each slice brings its own."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

import click
import typer
from typer.main import get_command

SUBCOMMANDS = {
    "serve": ("sightpact.web.commands", "serve"),
    "init": ("sightpact.web.commands", "init"),
    "import": ("sightpact.web.importing.cli", "app"),
    "agreement": ("sightpact.agreements.cli", "app"),
    "person": ("sightpact.people.cli", "app"),
    "ledger": ("sightpact.ledger.cli", "app"),
    "camera-sim": ("sightpact.camerasim.cli", "app"),
    "bench": ("sightpact.bench.cli", "app"),
    "demo": ("sightpact.demo.cli", "app"),
}


class Lazy(click.Group):
    """Loads a subcommand only when it is called: `sightpact ledger verify` needs no video library."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return list(SUBCOMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in SUBCOMMANDS:
            return None
        module, attribute = SUBCOMMANDS[name]
        found = getattr(import_module(module), attribute)
        command = get_command(found) if isinstance(found, typer.Typer) else found
        command.name = name
        return command


@click.command(cls=Lazy)
@click.version_option(package_name="sightpact")
@click.option("--data", type=click.Path(path_type=Path), help="The data folder (default: $SIGHTPACT_DATA, else ./data).")
def main(data: Path | None) -> None:
    """Share live school cameras with police exactly as far as a signed agreement allows."""
    if data is not None:
        os.environ["SIGHTPACT_DATA"] = str(data.absolute())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sightpact.web.settings")


