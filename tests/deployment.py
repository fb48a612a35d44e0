"""A whole deployment for tests and benches: simulated cameras, `sightpact serve` in its own processes, people signed in.

Everything is the product's own: its command line, its processes, its sockets. Only the sign-in is made by hand (a session
row in the deployment's database): signing in by passkey has a journey of its own.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import http.cookiejar
import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sightpact.camerasim import testing as camerasim
from sightpact.demo import district, setup

MAKE_SESSIONS = """
import json, sys, django
django.setup()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from sightpact.people.models import Person
made = {}
for person in Person.objects.select_related("account"):
    made[person.slug] = {"id": str(person.pk), "sessions": []}
    for _ in range(int(sys.argv[1])):
        store = SessionStore()
        store[SESSION_KEY] = str(person.account_id)
        store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        store[HASH_SESSION_KEY] = person.account.get_session_auth_hash()
        store.create()
        made[person.slug]["sessions"].append(store.session_key)
from sightpact.cameras.models import Camera, School
made["cameras"] = {c.slug: str(c.pk) for c in Camera.objects.all()}
from sightpact.people.models import Party
made["parties"] = {p.slug: str(p.pk) for p in Party.objects.all()}
made["schools"] = {s.slug: str(s.pk) for s in School.objects.all()}
print(json.dumps(made))
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(fact: Callable[[], Any], within_s: float = 15.0, what: str = "") -> Any:
    """Wait until `fact()` is true (errors of a connection count as not yet) and return it."""
    until = time.monotonic() + within_s
    last: object = None
    while time.monotonic() < until:
        try:
            last = fact()
            if last:
                return last
        except (OSError, urllib.error.URLError, subprocess.CalledProcessError) as fault:
            last = fault
        time.sleep(0.02)
    raise AssertionError(f"never true within {within_s} s: {what or fact}; last {last!r}")


class Page:
    """A signed-in person's HTTP client, with cookies and CSRF as a browser has them."""

    def __init__(
        self, deployment: Deployment, session: str = "", cookies: dict[str, str] | None = None
    ) -> None:
        self._base = deployment.url
        self._jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self._jar), urllib.request.HTTPHandler()
        )
        self.cookies = {"csrftoken": "a" * 32, **(cookies or {})}
        if session:
            self.cookies["sightpact_session"] = session

    def request(self, method: str, path: str, data: dict[str, Any] | None = None, **headers: str) -> Answer:
        body = urllib.parse.urlencode(data, doseq=True).encode() if data is not None else None
        request = urllib.request.Request(self._base + path, body, method=method)
        request.add_header("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        request.add_header("X-CSRFToken", self.cookies["csrftoken"])
        request.add_header("Origin", self._base)
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            with self._opener.open(request, timeout=20) as answer:
                return Answer(answer.status, answer.read().decode(), answer.url)
        except urllib.error.HTTPError as fault:
            with fault:
                return Answer(fault.code, fault.read().decode(), path)

    def get(self, path: str, **headers: str) -> Answer:
        return self.request("GET", path, **headers)

    def post(self, path: str, data: dict[str, Any] | None = None, **headers: str) -> Answer:
        return self.request("POST", path, data or {}, **headers)

    def json(self, path: str) -> Any:
        return json.loads(self.get(path, Accept="application/json").text)


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    url: str


@dataclass
class Deployment:
    data: Path
    ports: setup.Ports
    process: subprocess.Popen[str] | None = None
    people: dict[str, Any] = field(default_factory=dict)
    cameras: dict[str, str] = field(default_factory=dict)
    schools: dict[str, str] = field(default_factory=dict)
    parties: dict[str, str] = field(default_factory=dict)
    command_prefix: tuple[str, ...] = ()  # in front of `serve`, for instance a namespace of its own
    enter: tuple[str, ...] = ()  # in front of every other command, to get where `serve` is
    extra: dict[str, str] = field(default_factory=dict)  # environment of its processes and commands

    @property
    def url(self) -> str:
        return f"http://localhost:{self.ports.pages}"

    @property
    def edge_url(self) -> str:
        return f"ws://localhost:{self.ports.edge}/live"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **{k: v for k, v in os.environ.items() if not k.startswith("SIGHTPACT_")},
            "SIGHTPACT_DATA": str(self.data),
            "DJANGO_SETTINGS_MODULE": "sightpact.web.settings",
            "SIGHTPACT_LOG": "WARNING",
            "SIGHTPACT_READY_AT": "",  # cameras are asked when a test says so, not when a night falls into its run
            "SIGHTPACT_NOTICE_NETWORKS": "127.0.0.0/8",  # the push service of a test is on this machine
            **self.extra,
        }

    # its commands -----------------------------------------------------------------------------------------------

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """One command of the product, against this deployment's data."""
        line = [*self.enter, sys.executable, "-m", "sightpact", *command]
        done = subprocess.run(line, env=self.environment, capture_output=True, text=True, timeout=120)
        assert not check or done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done

    def python(self, code: str, *arguments: str) -> str:
        done = subprocess.run(
            [*self.enter, sys.executable, "-c", code, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def approve_waiting(self, who: str = "sam") -> int:
        """A second person approves, on the page, whatever waits there. Returns how many."""
        page = self.page(who)
        found = re.findall(
            r'name="change" value="([^"]+)"><input type="hidden" name="seen" value="([^"]+)"',
            page.get("/changes/").text,
        )
        for change, seen in found:
            page.post("/changes/decide/", {"change": change, "seen": seen, "decision": "approve"})
        return len(found)

    # its processes ----------------------------------------------------------------------------------------------

    def serve(self) -> None:
        """Start the gateway and wait until both processes answer."""
        line = [*self.command_prefix, sys.executable, "-m", "sightpact", "serve"]
        with (self.data / "serve.log").open("a") as log:
            self.process = subprocess.Popen(
                line, env=self.environment, stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert self.process.stdout is not None
        until = time.monotonic() + 60
        while select.select([self.process.stdout], [], [], max(0.0, until - time.monotonic()))[0]:
            text = self.process.stdout.readline()
            if "ready" in text:
                return
            if not text:
                break
        raise AssertionError("the gateway is not ready: " + (self.data / "serve.log").read_text()[-4000:])

    def pid(self, name: str) -> int | None:
        """Process id of "records" or "edge"; None while it is down."""
        assert self.process is not None
        wanted = {"records": "sightpact.web.records", "edge": "sightpact.live.edge"}[name]
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                line = (entry / "cmdline").read_bytes().decode().split("\0")
                environment = (entry / "environ").read_bytes()
            except OSError:
                continue
            if wanted in line and f"SIGHTPACT_DATA={self.data}\0".encode() in environment + b"\0":
                return int(entry.name)
        return None

    def kill(self, name: str) -> None:
        pid = wait_for(lambda: self.pid(name), what=f"{name} runs")
        os.kill(pid, signal.SIGKILL)

    def signal(self, name: str, number: int) -> None:
        pid = self.pid(name)
        assert pid is not None
        os.kill(pid, number)

    def stop(self, hard: bool = False) -> None:
        """End it; `hard`: all processes at once, without a word to any of them."""
        if self.process is None:
            return
        if hard:
            children = [pid for name in ("records", "edge") if (pid := self.pid(name)) is not None]
            os.kill(self.process.pid, signal.SIGSTOP)  # it starts nothing anew meanwhile
            for pid in children:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.process.kill()
        else:
            self.process.terminate()
        self.process.wait(20)
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.process = None

    # its people ---------------------------------------------------------------------------------------------------

    def page(self, person: str, session: int = 0) -> Page:
        return Page(self, self.people[person]["sessions"][session])

    def stranger(self) -> Page:
        return Page(self)

    def sign_in_everybody(self, sessions: int = 3) -> None:
        made = json.loads(self.python(MAKE_SESSIONS, str(sessions)))
        self.cameras, self.schools = made.pop("cameras"), made.pop("schools")
        self.parties = made.pop("parties")
        self.people = made

    def camera(self, words: str, school: str = "lakeview-high") -> str:
        return next(i for slug, i in self.cameras.items() if slug.startswith(school) and words in slug)

    @property
    def inside(self) -> list[str]:
        words = ("hallway", "stair", "library", "cafeteria", "gymnasium", "lobby")
        return [
            i for s, i in self.cameras.items() if s.startswith("lakeview-high") and any(w in s for w in words)
        ]

    # what they do -----------------------------------------------------------------------------------------------------

    def start_sharing(self, emergency: str = "intruder", school: str = "lakeview-high", key: str = "") -> str:
        """Pia flips the switch, as her page does. Returns the sharing's id."""
        key = key or os.urandom(8).hex()
        fields = {"school": self.schools[school], "emergency": emergency, "key": key}
        answer = self.page("pia").post("/switch/start/", fields, Accept="application/json")
        assert answer.status == 200, answer.text
        return str(json.loads(answer.text)["url"]).strip("/").rpartition("/")[2]

    def end_sharing(self, activation: str, person: str = "pia", reason: str = "all_clear") -> None:
        path, fields = f"/switch/{activation}/end/", {"reason": reason}
        answer = self.page(person).post(path, fields, Accept="application/json")
        assert answer.status == 200, answer.text

    # what it wrote --------------------------------------------------------------------------------------------------

    def record(self) -> list[dict[str, Any]]:
        """Every entry of the ledger with its openings, oldest first, read by the product's own reads."""
        return json.loads(self.python(READ_RECORD))  # type: ignore[no-any-return]


READ_RECORD = """
import json, django
django.setup()
from sightpact.ledger import reads
out, after = [], -1
while True:
    found = reads.opened(reads.Query(after=after, limit=1000, oldest_first=True))
    if not found:
        break
    for e in found:
        row = {k: getattr(e, k) for k in ("index", "type", "agreement", "clause", "party", "emergency", "outcome",
               "reason_code", "seconds", "frames", "bytes", "ref")}
        row["at"] = e.at.isoformat()
        row.update({k: {"key": o.key, "value": o.value} for k, o in e.secret.items()})
        out.append(row)
    after = found[-1].index
print(json.dumps(out))
"""


@functools.cache
def _imported(
    cameras_port: int, count: int, changes: str, sessions: int, demo: bool, drills: int
) -> Deployment:
    """Lakeview, laid out and imported, everybody signed in, not served."""
    home = tempfile.TemporaryDirectory(prefix="sightpact-lakeview-")
    atexit.register(home.cleanup)
    ports = setup.Ports(free_port(), free_port(), cameras_port, 0)
    laid_out = setup.lay_out(
        Path(home.name) / "data", count, ports, changes=json.loads(changes), demo=demo, drills=drills
    )
    it = Deployment(laid_out.data, ports)
    it.run("init")
    it.run("import", str(laid_out.import_file))
    it.sign_in_everybody(sessions)
    return it


@contextmanager
def deployment(
    folder: Path,
    sim: camerasim.RunningSim,
    *,
    count: int = 24,
    changes: dict[str, dict[str, Any]] | None = None,
    sessions: int = 3,
    demo: bool = False,
    drills: int = 0,
    command_prefix: tuple[str, ...] = (),
    extra: dict[str, str] | None = None,
    kind: type[Deployment] = Deployment,
) -> Iterator[Deployment]:
    """Lay Lakeview out, import it, serve it; ended at the end, whatever happened.

    Laid out, imported and signed in once for each set of arguments; after that copied.
    """
    made = _imported(sim.port, count, json.dumps(changes or {}), sessions, demo, drills)
    shutil.copytree(made.data, folder, dirs_exist_ok=True)
    ports = setup.Ports(free_port(), free_port(), sim.port, sim.control_port)
    setup.lay_out(folder, count, ports, changes=changes, demo=demo, drills=drills)
    known = {"people": made.people, "cameras": made.cameras, "schools": made.schools, "parties": made.parties}
    it = kind(folder, ports, command_prefix=command_prefix, extra=extra or {}, **known)
    try:
        it.serve()
        yield it
    finally:
        it.stop()


@functools.cache
def _simulated(count: int, small: bool, drills: int) -> camerasim.RunningSim:
    """One for all tests of this process: at the same addresses, so that what was imported once fits the next file too."""
    _tables, simulated = district.build(count, "rtsp://127.0.0.1/cam/", drills)
    sim = camerasim.start(simulated, small=small)
    atexit.register(sim.stop)
    return sim


@contextmanager
def simulator(count: int = 24, small: bool = True, drills: int = 0) -> Iterator[camerasim.RunningSim]:
    """Lakeview's simulated cameras, on free ports; in order again afterwards."""
    sim = _simulated(count, small, drills)
    try:
        yield sim
    finally:
        sim.fault("all", "ok")
