"""`sightpact init`: makes a data folder ready to serve, and the checks that every start repeats.

Safe to run again: what is there is kept. Never: a key replaced, or passkeys made worthless without saying so.
"""

from __future__ import annotations

import os
from pathlib import Path

import click

from sightpact.ledger.set_up import set_up_django
from sightpact.web.config import Config

RP_ID_FILE = "rp_id"  # the WebAuthn RP ID that this deployment's passkeys are bound to


class NotReady(Exception):
    """A data folder that must not be served from as it is. The text names the reason and the remedy."""


def run(config: Config, recovery: str = "", new_record: bool = False) -> None:
    """Make everything that serving needs, and say what was made.

    1. The guard of the RP ID. 2. The server's key for camera passwords; the owner's recovery key where one is given.
    3. The database. 4. The ledger with its key. 5. The reserved journal.

    Args:
        config: loaded and prepared settings.
        recovery: age recipient (age1...) whose identity the owner keeps offline; empty: leave as it is.
        new_record: the old record is lost or ends: begin another, with a key of its own.
    """
    try:
        for line in make_ready(config, recovery, new_record):
            click.echo(line)
    except NotReady as fault:
        raise click.ClickException(str(fault)) from fault


def make_ready(config: Config, recovery: str = "", new_record: bool = False) -> list[str]:
    """As `run`, for use in this process; returns what is to be said.

    Raises:
        NotReady: the folder belongs to another RP ID, or a key cannot be used.
    """
    set_up_django()
    from django.core.management import call_command

    from sightpact.cameras import credentials
    from sightpact.cameras.errors import CamerasError
    from sightpact.ledger import actions as ledger
    from sightpact.ledger.errors import LedgerError
    from sightpact.ledger.journal import Journal

    guard_rp_id(config, make=True)
    try:
        server = credentials.make_server_key(config.keys)
        if recovery:
            credentials.set_recovery(config.keys, recovery)
        call_command("migrate", interactive=False, verbosity=0)
        aside = ledger.begin(anew=new_record)
        Journal(config.journal)
    except (CamerasError, LedgerError) as fault:
        raise NotReady(str(fault)) from fault
    said = [
        f"Data folder {config.data} is ready. Pages: {config.url}",
        f"Passkeys are bound to '{config.rp_id}'. Changing that name later would void all of them.",
        f"Camera passwords are sealed for {server}",
    ]
    if new_record:
        said.append(
            f"A new record begins: {config.log_origin}. Of the old one is kept: {', '.join(aside) or 'nothing'}."
        )
    if (config.keys / credentials.RECOVERY).exists():
        said.append("and for the owner's recovery key.")
    else:
        said.append(
            "and nobody else: if this server's key is lost, so are they. Set a recovery key: --recovery age1..."
        )
    said.append(
        f"Back up {config.keys} apart from the database. Next: sightpact import FILE.toml, sightpact serve"
    )
    return said


def ready_or_exit(config: Config) -> None:
    """Refuse to start from a folder that is not ready, in one clear line."""
    try:
        check_ready(config)
    except NotReady as fault:
        raise click.ClickException(str(fault)) from fault


def check_ready(config: Config) -> None:
    """What must hold at every start.

    Raises:
        NotReady: no `init` so far, another RP ID, an unreadable key, a database of another release, or a record that
            is not the one signed last.
    """
    from sightpact.cameras import credentials

    guard_rp_id(config, make=False)
    for name in (credentials.SERVER_KEY, "log.key"):
        _closed(config.keys / name)
    set_up_django()
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from sightpact.ledger import actions as ledger
    from sightpact.ledger.errors import LedgerError

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotReady("The database is older than this release. Back it up, then run: sightpact init")
    try:
        ledger.check()
    except LedgerError as fault:
        raise NotReady(str(fault)) from fault
    connection.close()


def guard_rp_id(config: Config, make: bool) -> None:
    """Passkeys are bound to one name for good; a start under another would lock everybody out, silently.

    Args:
        make: write the name down if none is.
    Raises:
        NotReady: another name is written down, or none is and `make` is false.
    """
    path = config.data / RP_ID_FILE
    try:
        bound = path.read_text().strip()
    except FileNotFoundError:
        if not make:
            raise NotReady(f"{config.data} was not set up yet. Run: sightpact init") from None
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(config.rp_id + "\n")
            out.flush()
            os.fsync(out.fileno())
        return
    if bound != config.rp_id:
        raise NotReady(
            f"All passkeys of {config.data} are bound to '{bound}', but public_url says '{config.rp_id}'. "
            f"Set public_url back to an address at '{bound}'; or, to give everybody a new passkey, remove {path}, "
            "run sightpact init, and invite each person again."
        )


def _closed(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise NotReady(f"{path} is missing. Restore it from its backup, or run: sightpact init") from None
    if mode & 0o077:
        raise NotReady(f"{path} can be read by others. Run: chmod 600 {path}")
