"""`sightpact alarm ...`: sources of alarms, their keys and mappings, from the server's own command line.

Registering gives somebody more, so it waits for a second person, as on the page. Django is set up once, before a command runs.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ParamSpec, TypeVar

import typer

from sightpact.ledger.set_up import set_up_django

if TYPE_CHECKING:
    from sightpact.activation.alarm_reads import SourceCard

app = typer.Typer(help="Panic buttons, CAP and MQTT: sources of alarms.", no_args_is_help=True)
Number = Annotated[str, typer.Argument(metavar="ID", help="as `list` shows it")]
Pairs = Annotated[
    list[str], typer.Option("--place", help='"Office button = lakeview-high"; may be given again')
]
Codes = Annotated[list[str], typer.Option("--code", help='"PANIC = intruder"; may be given again')]
P = ParamSpec("P")
R = TypeVar("R")


app.callback()(set_up_django)


def _told(command: Callable[P, R]) -> Callable[P, R]:
    """Render this slice's errors as one line and exit with 1."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        from sightpact.access import changes

        try:
            return command(*args, **kwargs)
        except changes.FAULTS as fault:
            typer.echo(str(fault), err=True)
            raise typer.Exit(1) from fault

    return run


@app.command("list")
@_told
def list_them(as_json: Annotated[bool, typer.Option("--json", help="as JSON, for scripts")] = False) -> None:
    """Sources with how they are, and what came last. Times are UTC."""
    from sightpact.access import alarm_health
    from sightpact.activation import alarm_reads as reads

    health = {each.source: each for each in alarm_health.health()}
    sources, came = reads.sources(), reads.latest(20)
    if as_json:
        rows = [
            {
                "id": s.id,
                "name": s.name,
                "kind": s.kind,
                "heard_utc": s.heard_utc.isoformat() if s.heard_utc else None,
                "faults": list(health[s.id].faults),
                "advice": list(health[s.id].advice),
            }
            for s in sources
        ]
        latest = [
            {
                "at": c.received_utc.isoformat(),
                "source": c.source_name,
                "state": c.state,
                "why": c.why,
                "times": c.times,
            }
            for c in came
        ]
        typer.echo(json.dumps({"sources": rows, "alarms": latest}, indent=2))
        return
    for source in sources:
        heard = f"heard {source.heard_utc:%Y-%m-%d %H:%M:%S}" if source.heard_utc else "never heard"
        typer.echo(f"{source.id}  {source.kind:9} {source.name}, {heard}")
        for text in (*health[source.id].faults, *health[source.id].advice):
            typer.echo(f"{'':38}{text}")
    for card in came:
        typer.echo(f"{card.received_utc:%Y-%m-%d %H:%M:%S}  {card.state:14} {card.source_name}  {card.why}")
    if not sources:
        typer.echo("No source of alarms. Register one: sightpact alarm add")


@app.command()
@_told
def add(
    name: Annotated[str, typer.Argument(help='"Panic button, Lakeview High"')],
    kind: Annotated[str, typer.Option(help="webhook, cap, cap_feed or mqtt")] = "webhook",
    place: Pairs = [],  # noqa: B006 - Typer reads it, nothing writes it
    code: Codes = [],  # noqa: B006
    address: Annotated[str, typer.Option(help="of a feed (https://) or a broker (mqtts://)")] = "",
    topic: Annotated[str, typer.Option(help="MQTT topic filter, lakeview/+/panic")] = "",
    trust: Annotated[
        str, typer.Option(help="signed, or broker: whoever may publish there is believed")
    ] = "signed",
    authority: Annotated[
        Path | None, typer.Option(help="PEM of its certificate authority, if its own")
    ] = None,
    heartbeat_s: Annotated[int | None, typer.Option(help="silent for longer is a fault, in seconds")] = None,
) -> None:
    """Register a source. Where an agreement lets alarms start, it waits for a second person (page Changes)."""
    from sightpact.access import changes
    from sightpact.activation.alarms import lines

    pem = authority.read_text() if authority else ""
    places, codes = lines.places("\n".join(place)), lines.codes("\n".join(code))
    wanted = changes.AddAlarmSource(name, kind, places, codes, address, topic, trust, pem, heartbeat_s)
    outcome = changes.propose(wanted, None)
    typer.echo(
        "Registered." if outcome.state == "done" else "It waits for a second person: see the page Changes."
    )


@app.command("map")
@_told
def map_it(number: Number, place: Pairs = [], code: Codes = []) -> None:  # noqa: B006
    """Say anew, as a whole, which places are which schools and which codes are which kinds of emergency."""
    from sightpact.activation.actions import alarm_sources
    from sightpact.activation.alarms import lines

    places, codes = lines.places("\n".join(place)), lines.codes("\n".join(code))
    done = alarm_sources.map_source(_source(number).id, places, codes, None)
    typer.echo("Done." if done else "It stands so already.")


@app.command()
@_told
def key(number: Number) -> None:
    """Make a key and show it, this once. The one before ends when the new one is heard, or after a day."""
    from sightpact.activation.actions import alarm_sources

    typer.echo(alarm_sources.make_key(_source(number).id, None))


@app.command()
@_told
def login(number: Number, user: Annotated[str, typer.Option(prompt=True)]) -> None:
    """User name and password at the broker or feed; the password is asked for and stored sealed."""
    from sightpact.activation.actions import alarm_sources

    password = typer.prompt("Password", hide_input=True, default="", show_default=False)
    alarm_sources.set_login(_source(number).id, user, password, None)
    typer.echo("Stored.")


@app.command()
@_told
def test(number: Number, place: Annotated[str, typer.Option(help="this place alone")] = "") -> None:
    """Send a test all the way: it says what an alarm would start, and opens nothing."""
    from sightpact.access import alarm_try
    from sightpact.access.alarm_words import outcome_words

    for became in alarm_try.send(_source(number), place):
        typer.echo(outcome_words(became))


@app.command()
@_told
def revoke(number: Number) -> None:
    """End a source at once."""
    from sightpact.activation.actions import alarm_sources

    typer.echo("Revoked." if alarm_sources.revoke(_source(number).id, None) else "It was revoked already.")


def _source(number: str) -> SourceCard:
    from sightpact.activation import alarm_reads as reads

    found = reads.source(number) if reads.is_id(number) else None
    if found is None:
        typer.echo("There is no such source. See: sightpact alarm list", err=True)
        raise typer.Exit(1)
    return found
