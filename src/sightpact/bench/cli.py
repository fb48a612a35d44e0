"""`sightpact bench NAME`: measures on this machine, on real parts, and says whether the numbers are met.

A bench is a module with PARTS (`parts.py`), or with `run(progress) -> list[row]`; the form of a row stands in `rows.py`, the
method and the figures in docs/explanation/performance.md. Nothing here is imported by the product.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from sightpact.bench.deployment import DeploymentFailed
from sightpact.bench.machine import describe
from sightpact.bench.parts import Part, PartsFailed, run_parts, wanted

BENCHES = ("decide", "ledger", "activation", "live")  # the order of `all`: short ones first

app = typer.Typer(add_completion=False)


@app.command("bench")
def bench(
    name: Annotated[str, typer.Argument(help="live, decide, ledger, activation or all")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="One short repeat: does it run? No figure to quote.")
    ] = False,
    only: Annotated[
        list[str],
        typer.Option(
            help="Only the part that measures this row of live or activation: its id, or how it begins."
        ),
    ] = [],  # noqa: B006 - Typer reads it, nothing writes it
) -> None:
    """Measure, and compare with what is promised. Exit code 1 when a number is not met, 2 when one could not be measured."""
    names = BENCHES if name == "all" else (name,)
    if name not in (*BENCHES, "all"):
        raise typer.BadParameter(f"there is no bench '{name}'. Known: {', '.join((*BENCHES, 'all'))}.")
    for row in only:
        if not any(_parts(one, [row]) for one in names):
            raise typer.BadParameter(f"no part of bench '{name}' measures '{row}'.", param_hint="--only")
    machine = describe()
    rows, faults = _measure(names, quick, only)
    result: dict[str, Any] = {"bench": name, "machine": machine, "rows": rows}
    if faults:
        result["failed"] = faults
    if quick:
        result["quick"] = True
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False))
    else:
        show(result, Console())
    for fault in faults:
        typer.echo(f"bench: {fault}", err=True)
    if faults:
        raise typer.Exit(2)
    raise typer.Exit(1 if any(row["met"] is False for row in rows) and not quick else 0)


def _measure(
    names: Sequence[str], quick: bool, only: Sequence[str]
) -> tuple[list[dict[str, Any]], list[str]]:
    """All rows of these benches, with a bar on the terminal while they run; and what could not be measured."""
    rows: list[dict[str, Any]] = []
    faults: list[str] = []
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bars:
        for one in names:
            bar = bars.add_task(one, total=1.0)

            def progress(done: float, text: str, one: str = one, bar: Any = bar) -> None:
                bars.update(bar, completed=done, description=f"{one}: {text}")

            try:
                rows += _run(one, progress, quick, only)
            except PartsFailed as fault:
                rows += fault.rows
                faults += fault.faults
            except DeploymentFailed as fault:
                faults.append(f"{one}: {fault}")
    return rows, faults


def _parts(name: str, only: Sequence[str]) -> tuple[Part, ...]:
    parts: Sequence[Part] = getattr(import_module(f"sightpact.bench.{name}"), "PARTS", ())
    return wanted(parts, only)


def _run(
    name: str, progress: Callable[[float, str], None], quick: bool, only: Sequence[str]
) -> list[dict[str, Any]]:
    parts = _parts(name, only)
    if parts or only:
        return run_parts(parts, progress, quick)
    run = import_module(f"sightpact.bench.{name}").run
    if "quick" in inspect.signature(run).parameters:
        rows: list[dict[str, Any]] = run(progress, quick=quick)
    else:
        rows = run(progress)
    return rows


def show(result: dict[str, Any], console: Console) -> None:
    """The same as a table: value, what is promised, spread, and what ran beside it."""
    machine = result["machine"]
    table = Table(title=f"sightpact bench {result['bench']}", title_justify="left", expand=False)
    for heading, how in (("value", "right"), ("reach", "right"), ("min to max", "right"), ("what", "left")):
        table.add_column(heading, justify=how, overflow="fold", min_width=30 if heading == "what" else None)  # type: ignore[arg-type]
    for row in result["rows"]:
        mark = {True: "[green]met[/]", False: "[red bold]not met[/]", None: ""}[row["met"]]
        reach = "" if row["reach"] is None else f"< {_number(row['reach'])} {mark}"
        what = f"[bold]{row['id']}[/]  {row['what']}"
        if "ratio" in row:
            peer = row["peer"]
            what += (
                f"\n[dim]{_number(row['ratio'])} x {_number(peer['value'])} {row['unit']}: {peer['what']}[/]"
            )
        spread = (
            f"{_number(row['min'])} to {_number(row['max'])}\n[dim]{row['repeats']} x {row['samples']}[/]"
        )
        table.add_row(f"{_number(row['value'])} {row['unit']}", reach, spread, what)
    console.print(table)
    console.print(
        f"[dim]{machine['cpu']}, {machine['cores']} cores, {machine['memory_gib']} GiB, {machine['kernel']}, "
        f"Python {machine['python']}, load before {machine['load_before']}, {machine['date']}[/]"
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
