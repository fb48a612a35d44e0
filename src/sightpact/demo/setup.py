"""Lays the demonstration out: settings, the district's import file with signed texts, the simulator's cameras.

From here on everything is the product's own path: `sightpact init`, `sightpact import`, `sightpact serve`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sightpact.agreements import signing
from sightpact.agreements.cedar import make
from sightpact.agreements.document import parse
from sightpact.demo import district, fuller, toml_out

HERE = Path(__file__).parent
SIGNATORIES = {"lakeview-usd": "Superintendent", "lakeview-pd": "Chief of Police"}
BODIES = {
    "agreement": [
        {"body": "Board of Education", "on": date(2026, 6, 8), "vote": "6 to 1", "resolution": "2026-41"},
        {"body": "City Council", "on": date(2026, 6, 23), "vote": "7 to 0", "resolution": "26-118"},
    ],
    "house_policy": [
        {"body": "Board of Education", "on": date(2026, 6, 8), "vote": "7 to 0", "resolution": "5131"}
    ],
}


@dataclass(frozen=True, slots=True)
class Ports:
    """Where everything listens, all on this machine."""

    pages: int = 8000
    edge: int = 8001
    cameras: int = 8554
    control: int = 8555


@dataclass(frozen=True, slots=True)
class LaidOut:
    data: Path
    import_file: Path
    cameras_file: Path


def lay_out(
    data: Path,
    count: int,
    ports: Ports,
    *,
    changes: dict[str, dict[str, Any]] | None = None,
    demo: bool = True,
    drills: int = 0,
    whole: bool = False,
) -> LaidOut:
    """Write the files that the product's own commands then read. Safe to run again on the same folder.

    Args:
        data: the data folder.
        count: cameras.
        changes: for tests: fields of the agreement's clauses by number, e.g. {"6.2": {"then": "close"}}; see `alter`.
        demo: whether the page "Who do you want to be?" is there.
        drills: how many cameras with simulated pictures; with any, the text has its section on drills.
        whole: the agreement has every section of `fuller`; without, it is the plain text.
    """
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    tables, simulated = district.build(count, f"rtsp://127.0.0.1:{ports.cameras}/cam/", drills)
    changes = {**(changes or {}), **({"3.8": district.DRILLS} if drills else {})}
    if whole:
        (raw,) = tomllib.loads((HERE / "agreement.toml").read_text())["agreements"]
        changes = {**fuller.sections(raw["clauses"]), **changes}
    (data / "sightpact.toml").write_text(
        "# Written by `sightpact demo`.\n"
        + "".join(
            f"{key} = {toml_out.value(item)}\n"
            for key, item in {
                "port": ports.pages,
                "edge_port": ports.edge,
                "public_url": f"http://localhost:{ports.pages}",
                "log_origin": "lakeview.example/sightpact",
                "camera_networks": ["127.0.0.0/8"],
                "demo": demo,
            }.items()
        )
    )
    import_file = data / "lakeview.toml"
    import_file.write_text(_import_text(data / "signing-keys", tables, changes or {}))
    import_file.chmod(0o600)  # it holds camera passwords
    cameras_file = data / "camera-sim.toml"
    cameras_file.write_text(
        "# Simulated cameras; the product does not read this file.\n" + toml_out.tables("cameras", simulated)
    )
    return LaidOut(data, import_file, cameras_file)


def _import_text(
    keys: Path, tables: dict[str, list[dict[str, Any]]], changes: dict[str, dict[str, Any]]
) -> str:
    pairs = {party: _pair(keys, party) for party in SIGNATORIES}
    parts = ["# The demonstration's district. Lakeview is made up.\n"]
    parts += [toml_out.tables(name, rows) for name, rows in tables.items()]
    parts.append(
        toml_out.tables(
            "signing_keys",
            [
                {"party": party, "holder": SIGNATORIES[party], "public_pem": pair.public_pem}
                for party, pair in pairs.items()
            ],
        )
    )
    for name in ("agreement", "house_policy"):
        parts.append(_agreement_text(name, pairs, changes if name == "agreement" else {}))
    return "\n".join(parts)


def _agreement_text(name: str, pairs: dict[str, signing.KeyPair], changes: dict[str, dict[str, Any]]) -> str:
    """The text as it ships, with what a deployment adds: named persons, adoptions, signatures."""
    text = (HERE / f"{name}.toml").read_text()
    raw = tomllib.loads(text)["agreements"][0]
    if changes:
        alter(raw["clauses"], changes)
        clauses = raw.pop("clauses")
        text = toml_out.tables("agreements", [raw]) + toml_out.tables("agreements.clauses", clauses)
        raw["clauses"] = clauses
    document = parse(raw)
    content = signing.payload(document, make(document))
    rows: list[dict[str, Any]] = [
        {"party": party.slug, "envelope": signing.sign(content, pairs[party.slug].private_pem)}
        for party in document.parties
    ]
    text += toml_out.tables("agreements.adoptions", BODIES[name])
    text += toml_out.tables("agreements.signatures", rows)
    if name == "agreement":
        named = [{"person": person, "position": position} for person, position in district.NAMED]
        text += toml_out.tables("agreements.named", named)
    return text


def alter(clauses: list[dict[str, Any]], changes: dict[str, dict[str, Any]]) -> None:
    """Change fields of sections by number; a number that the text does not have is a section to add, in its order."""
    for number, fields in changes.items():
        found = next((clause for clause in clauses if clause["number"] == number), None)
        if found is None:
            clauses.append({"number": number, **fields})
        else:
            found.update(fields)
    clauses.sort(key=lambda clause: [int(part) for part in clause["number"].split(".")])


def _pair(keys: Path, party: str) -> signing.KeyPair:
    """A party's key. In real use it lies with the party; here both lie in the demonstration's own folder."""
    keys.mkdir(mode=0o700, exist_ok=True)
    file = keys / f"{party}.pem"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_bytes(signing.keygen().private_pem)
    private = file.read_bytes()
    public = signing.public_of(private)
    return signing.KeyPair(private, public, signing.keyid(public))
