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
    "doctor": ("sightpact.web.doctor", "doctor"),
    "import": ("sightpact.web.importing.cli", "app"),
    "agreement": ("sightpact.access.cli_agreement", "app"),
    "person": ("sightpact.access.cli_person", "app"),
    "alarm": ("sightpact.access.cli_alarm", "app"),
    "asking": ("sightpact.access.cli_asking", "app"),
    "sharing": ("sightpact.access.cli_sharing", "app"),
    "drill": ("sightpact.access.cli_drill", "app"),
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
        found = load(name)
        return _passed_on(name, found) if isinstance(found, typer.Typer) else found


def load(name: str) -> click.Command | typer.Typer:
    """The click command or the Typer application behind a subcommand."""
    module, attribute = SUBCOMMANDS[name]
    found: click.Command | typer.Typer = getattr(import_module(module), attribute)
    return found


def _passed_on(name: str, application: typer.Typer) -> click.Command:
    """A command that hands its words to a Typer application, which reads them and ends the process by itself.

    Typer brings a click of its own, whose ways to exit and to refuse are not those of the click that is installed.
    """
    command = get_command(application)

    @click.command(
        name,
        short_help=command.get_short_help_str(60),
        add_help_option=False,
        context_settings={"ignore_unknown_options": True},
    )
    @click.argument("words", nargs=-1, type=click.UNPROCESSED)
    def pass_on(words: tuple[str, ...]) -> None:
        command.main(args=list(words), prog_name=f"sightpact {name}")

    return pass_on


@click.command(cls=Lazy)
@click.version_option(package_name="sightpact")
@click.option(
    "--data", type=click.Path(path_type=Path), help="The data folder (default: $SIGHTPACT_DATA, else ./data)."
)
def main(data: Path | None) -> None:
    """Share live school cameras with police exactly as far as a signed agreement allows."""
    if data is not None:
        os.environ["SIGHTPACT_DATA"] = str(data.absolute())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sightpact.web.settings")
