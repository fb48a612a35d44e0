"""`sightpact serve` and `sightpact init`."""

from __future__ import annotations

import sys

import click

from sightpact.web import config as configuration


@click.command()
def serve() -> None:
    """Run the gateway: pages and decisions in one process, pictures in another."""
    from sightpact.web import init, serve

    config = _config()
    init.ready_or_exit(config)
    sys.exit(serve.run(config, lambda: click.echo(f"Sightpact ready on {config.url}")))


@click.command()
@click.option("--recovery", default="", help="The owner's offline recovery key: an age recipient (age1...).")
@click.option(
    "--new-record", is_flag=True, help="The old record is lost or ends: begin another, with a key of its own."
)
def init(recovery: str, new_record: bool) -> None:
    """Make the data folder, its keys and its database. Safe to run again."""
    from sightpact.web import init

    init.run(_config(), recovery, new_record)


def _config() -> configuration.Config:
    try:
        config = configuration.load()
        configuration.prepare(config)
    except configuration.ConfigError as fault:
        raise click.ClickException(str(fault)) from fault
    return config
