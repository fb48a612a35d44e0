"""`sightpact agreement prove`: tries every case of a text, on a small made-up world or on the real one.

Exit codes: 0 every guarantee holds, 1 one does not (or the text has faults), 2 a file or the data cannot be read.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from sightpact.agreements import madeup, world_file
from sightpact.agreements.as_facts import agreement_fact, all_named
from sightpact.agreements.cedar import make
from sightpact.agreements.clauses.terms import Term
from sightpact.agreements.cli_files import AsJson, made_of, print_json, refuse, texts
from sightpact.agreements.document import Document
from sightpact.agreements.errors import AgreementError
from sightpact.agreements.proof import Certificate, as_data, prove
from sightpact.agreements.proof_words import Counterexample, made_up_names, promise, told
from sightpact.decide.cedar_schema import DecideError
from sightpact.ledger.set_up import set_up_django

Files = Annotated[list[Path], typer.Argument(help="TOML files with [[agreements]], or canonical JSON.")]


def prove_command(
    files: Files,
    data: Annotated[
        Path | None,
        typer.Option("--data", help="A data folder: the real people and cameras, instead of made-up ones."),
    ] = None,
    world: Annotated[
        Path | None,
        typer.Option(
            "--world", help="A file made by `agreement world`: its people and cameras, on any machine."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Try every person, camera, action and situation, and say for each guarantee whether it holds."""
    results = []
    for document in _documents(files):
        try:
            if world:
                results.append(_exported(document, world))
            else:
                results.append(_real(document, data) if data else _made_up(document))
        except DecideError as fault:
            refuse(AgreementError(fault.what, f"{fault.why}.", f"{fault.next_step}."), 1)
    if as_json:
        print_json({"holds": all(r["holds"] for r in results), "agreements": results})
    else:
        for result in results:
            _say(result)
    raise typer.Exit(0 if all(r["holds"] for r in results) else 1)


def _documents(files: list[Path]) -> list[Document]:
    found = []
    for file in files:
        try:
            slugs = [str(table.get("slug", "")) for table in texts(file)]
        except AgreementError as fault:
            refuse(fault, 2)
        found += [made_of(file, slug)[0] for slug in slugs]
    return found


def _made_up(document: Document) -> dict[str, Any]:
    begins, ends = document.one(Term).in_force()
    ids = {p.slug: p.slug for p in document.parties}
    fact = agreement_fact(document, make(document), ids, document.slug, begins, ends)
    stock = replace(madeup.inventory(document), agreements=(fact,))
    certificate = prove(stock, {document.slug: document})
    return _result(
        certificate, document, made_up_names(document, stock), "a small made-up world that fits the text"
    )


def _exported(document: Document, file: Path) -> dict[str, Any]:
    """Over a world that was written on another machine. Its annexes go by the agreements' slugs."""
    try:
        stock, names = world_file.loads(file.read_text(), str(file))
    except OSError as fault:
        refuse(
            AgreementError(str(file), f"cannot be read ({fault.strerror}).", "Check its name and rights."), 2
        )
    except AgreementError as fault:
        refuse(fault, 2)
    begins, ends = document.one(Term).in_force()
    known = {p.slug: p.id for p in stock.parties.values()}
    ids = {p.slug: known.get(p.slug, p.slug) for p in document.parties}
    fact = agreement_fact(document, make(document), ids, document.slug, begins, ends)
    where = f"the people and cameras of {file}"
    if not any(document.slug in p.named_in for p in stock.persons.values()):
        stock = all_named(stock, document, document.slug)
        where += (
            ", where everybody of the party that keeps the annex was taken as named, since it has none there"
        )
    stock = replace(stock, agreements=(fact,))
    return _result(prove(stock, {document.slug: document}), document, names, where)


def _real(document: Document, data: Path) -> dict[str, Any]:
    if not data.is_dir():
        refuse(AgreementError(str(data), "is no folder.", "Give the data folder, or leave --data out."), 2)
    os.environ["SIGHTPACT_DATA"] = str(data.absolute())
    set_up_django()
    from django.db import DatabaseError

    from sightpact.agreements import stored_world

    try:
        stock, documents, named = stored_world.with_draft(document)
    except DatabaseError as fault:
        refuse(AgreementError(str(data), f"cannot be read ({fault}).", "Run sightpact init there first."), 2)
    where = f"the people and cameras of {data}"
    if named:
        where += ", where everybody of the party that keeps the annex was taken as named, since it is new"
    return _result(prove(stock, documents), document, stored_world.names(), where)


def _result(
    certificate: Certificate, document: Document, names: Mapping[str, str], world: str
) -> dict[str, Any]:
    (proven,) = certificate.agreements
    examples = {f.broken.guarantee: told(f, document, names) for f in proven.failed}
    return {
        "holds": certificate.holds,
        "on": world,
        **as_data(certificate, proven),
        "guarantees": [
            _guarantee(code, promise(code, document), examples.get(code))
            for code in (*certificate.guarantees, *proven.own)
        ],
    }


def _guarantee(code: str, promised: str, example: Counterexample | None) -> dict[str, Any]:
    found: dict[str, Any] = {"code": code, "promise": promised, "holds": example is None}
    if example is not None:
        found |= {"example": example.example, "sections": list(example.sections), "change": example.change}
    return found


def _say(result: dict[str, Any]) -> None:
    kept = sum(g["holds"] for g in result["guarantees"])
    typer.echo(
        f"{result['agreement']}, revision {result['revision']}: {result['decisions']:,} cases tried, on {result['on']}."
    )
    for guarantee in result["guarantees"]:
        typer.echo(f"{'holds   ' if guarantee['holds'] else 'BROKEN  '} {guarantee['promise']}")
        if not guarantee["holds"]:
            typer.echo(f"          {guarantee['example']}\n          To change: {guarantee['change']}")
    typer.echo(f"{kept} of {len(result['guarantees'])} guarantees hold. Policy {result['policy'][:16]}.")
