"""A deployment on a throw-away folder, as a user would have it: imported district, simulated cameras, `sightpact serve`.

For benches. Everything goes through the product's own commands and addresses; only the sessions are made directly, since
a hundred passkeys cannot be touched by a program.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sightpact.camerasim import testing as camerasim
from sightpact.demo import setup as demo
from sightpact.demo import toml_out

CSRF = secrets.token_hex(16)  # cookie and header agree; that is all that the check asks


class DeploymentFailed(Exception):
    """A part did not start; its own words stand in the text."""


@dataclass
class Deployment:
    data: Path
    ports: demo.Ports
    sim: camerasim.RunningSim
    serve: subprocess.Popen[str]
    sessions: dict[str, str]  # person's slug to session key
    cameras: dict[str, dict[str, Any]]  # camera's id to slug, school and kind of area
    schools: dict[str, str]  # slug to id
    names: dict[str, str]  # a school's id to its name

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.ports.pages}"

    def pid(self, part: str) -> int:
        """The process of a part now: "edge" or "records"."""
        module = {"edge": "sightpact.live.edge", "records": "sightpact.web.records"}[part].encode()
        for child in Path(f"/proc/{self.serve.pid}/task/{self.serve.pid}/children").read_text().split():
            if module in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0"):
                return int(child)
        raise DeploymentFailed(f"{part} does not run")

    def call(self, person: str, path: str, fields: dict[str, str] | None = None) -> dict[str, Any]:
        """One request to the pages as that person: POST with fields, else GET. Returns the JSON answer.

        Raises:
            DeploymentFailed: any answer but 200.
        """
        status, text = self._ask(person, path, fields)
        if status != 200:
            raise DeploymentFailed(f"{path} as {person}: {status} {text[:300]!r}")
        found: dict[str, Any] = json.loads(text)
        return found

    def press(self, person: str, path: str) -> None:
        """A button of a page that leads back to another page.

        Raises:
            DeploymentFailed: any answer but that.
        """
        status, text = self._ask(person, path, {})
        if status != 302:
            raise DeploymentFailed(f"{path} as {person}: {status} {text[:300]!r}")

    def _ask(self, person: str, path: str, fields: dict[str, str] | None) -> tuple[int, bytes]:
        link = http.client.HTTPConnection("127.0.0.1", self.ports.pages, timeout=30)
        cookies = f"sightpact_session={self.sessions[person]}; csrftoken={CSRF}"
        headers = {"Host": f"localhost:{self.ports.pages}", "Cookie": cookies, "Accept": "application/json"}
        body = None
        if fields is not None:
            headers |= {
                "X-CSRFToken": CSRF,
                "Origin": self.origin,
                "Content-Type": "application/x-www-form-urlencoded",
            }
            body = urlencode(fields)
        link.request("GET" if fields is None else "POST", path, body, headers)
        answer = link.getresponse()
        text = answer.read()
        link.close()
        return answer.status, text

    def send(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """One message to the pages without a session, as an alarm's product sends it. Returns status and answer."""
        link = http.client.HTTPConnection("127.0.0.1", self.ports.pages, timeout=30)
        link.request("POST", path, body, {"Host": f"localhost:{self.ports.pages}", **headers})
        answer = link.getresponse()
        text = answer.read()
        link.close()
        return answer.status, text

    def start_sharing(self, school: str = "all") -> str:
        """Pia flips the switch. Returns the activation's id."""
        fields = {"school": school, "emergency": "intruder", "key": secrets.token_hex(16)}
        where: str = self.call("pia", "/switch/start/", fields)["url"]
        return where.strip("/").split("/")[-1]

    def all_clear(self, activation: str) -> None:
        """Omar, for dispatch, says that it is over: it ends now."""
        self.call("omar", "/wall/all-clear/", {"activation": activation})


@contextmanager
def running(
    cameras: int,
    viewers: int = 0,
    *,
    standby: bool | None = None,
    pattern: str | None = None,
    small: bool = False,
    changes: dict[str, dict[str, Any]] | None = None,
    more_schools: int = 0,
) -> Iterator[Deployment]:
    """Bring a deployment up, and take it down with the block.

    Args:
        cameras: how many the district has (up to 279).
        viewers: dispatchers beside Omar, called viewer-0, viewer-1 and so on, all named in the agreement.
        standby: whether every camera (True) or none (False) is connected also when nobody watches; None: as in the
            demonstration, those inside that can be shared.
        pattern: how every camera sends, "frame" or "packet"; None: as in the demonstration, every third by packet.
        small: small pictures, made in a moment; not for figures.
        changes: fields of the agreement's sections by number, as `demo.lay_out` takes them.
        more_schools: schools beside the five, each with eight inside cameras that nothing answers for.
    """
    with tempfile.TemporaryDirectory(prefix="sightpact-bench-") as folder:
        data = Path(folder) / "data"
        ports = demo.Ports(*_free_ports(4))
        laid_out = demo.lay_out(data, cameras, ports, demo=False, changes=changes)
        with (data / "sightpact.toml").open("a") as settings:
            settings.write('alarm_networks = ["127.0.0.0/8"]\n')
        text = laid_out.import_file.read_text()
        laid_out.import_file.write_text(_more_schools(_alter(text, viewers, standby), more_schools))
        specs = tomllib.loads(laid_out.cameras_file.read_text())["cameras"]
        for spec in specs:
            spec["pattern"] = pattern or spec["pattern"]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("SIGHTPACT_")} | {
            "SIGHTPACT_DATA": str(data),
            "SIGHTPACT_LOG": "WARNING",
            "DJANGO_SETTINGS_MODULE": "sightpact.web.settings",
        }
        sim = camerasim.start(specs, small=small, port=ports.cameras)
        serve = None
        try:
            _run(["init"], environment)
            _run(["import", str(laid_out.import_file)], environment)
            slugs = ["pia", "omar", "sam", *(f"viewer-{n}" for n in range(viewers))]
            made = json.loads(_run(["sightpact.bench.sign_in", *slugs], environment, module=True))
            serve = subprocess.Popen(
                [sys.executable, "-m", "sightpact", "serve"],
                env=environment,
                stdout=subprocess.PIPE,
                text=True,
            )
            assert serve.stdout is not None
            if not any("ready" in line for line in serve.stdout):
                raise DeploymentFailed(f"sightpact serve ended with {serve.wait()}; see its lines above")
            yield Deployment(
                data, ports, sim, serve, made["sessions"], made["cameras"], made["schools"], made["names"]
            )
        finally:
            if serve is not None:
                serve.terminate()
                serve.wait(20)
            sim.stop()


def _alter(text: str, viewers: int, standby: bool | None) -> str:
    """More dispatchers, named in the agreement; cameras connected all the time, or never unwatched."""
    if standby is not None:
        text = re.sub(r"^standby = \w+$", f"standby = {str(standby).lower()}", text, flags=re.M)
    if viewers:
        slugs = [f"viewer-{n}" for n in range(viewers)]
        role = {"party": "lakeview-pd", "role": "dispatcher", "title": "dispatcher"}
        named = [{"person": slug, "position": "dispatcher"} for slug in slugs]
        persons = [
            {"slug": slug, "name": f"Viewer {n}", "phone": "+1 312 555 0100", "roles": [role]}
            for n, slug in enumerate(slugs)
        ]
        head, mark, rest = text.partition("[[agreements.named]]")
        text = head + toml_out.tables("agreements.named", named) + "\n" + mark + rest
        text += "\n" + toml_out.tables("persons", persons)
    return text


def _more_schools(text: str, count: int) -> str:
    """More schools, each with the first one's inside cameras again, at addresses where nothing answers."""
    tables = tomllib.loads(text)
    first = tables["schools"][0]["slug"]
    for number in range(count):
        slug = f"bench-{number}"
        rows: dict[str, list[dict[str, Any]]] = {
            "schools": [{**tables["schools"][0], "slug": slug, "name": f"Bench {number}"}]
        }
        for name in ("areas", "cameras"):
            rows[name] = [
                {**row, "slug": f"{slug}-{row['slug']}", "school": slug}
                for row in tables[name]
                if row["school"] == first
            ]
        for camera in rows["cameras"]:
            camera |= {"areas": [f"{slug}-{area}" for area in camera["areas"]], "standby": False}
        text += "".join("\n" + toml_out.tables(name, made) for name, made in rows.items())
    return text


def _run(words: Sequence[str], environment: dict[str, str], module: bool = False) -> str:
    command = [sys.executable, "-m", *words] if module else [sys.executable, "-m", "sightpact", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise DeploymentFailed(f"{' '.join(words)[:80]}: {(done.stdout + done.stderr)[-2000:]}")
    return done.stdout


def _free_ports(count: int) -> list[int]:
    holders = [socket.socket() for _ in range(count)]
    for holder in holders:
        holder.bind(("127.0.0.1", 0))
    ports = [int(holder.getsockname()[1]) for holder in holders]
    for holder in holders:
        holder.close()
    return ports
