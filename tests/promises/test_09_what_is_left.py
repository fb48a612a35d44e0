"""Promise 9: whatever else is down, the switch goes through with what is left, and its page shows the four ticks with times.

One deployment whose mail server, push service and gateway all refuse; then nobody can sign in, another writer holds the
database, the process with the pictures hangs or is dead. (No network at all: `test_09_no_internet`. A phone without one:
tests/journeys/pages/test_offline_switch.py.)
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sightpact.camerasim.testing import RunningSim
from tests.deployment import Deployment, Page, deployment, free_port, wait_for
from tests.faults.pages import a_phone, act, news, start, ticks, told_and_taken


@pytest.fixture(scope="module")
def alone(sim: RunningSim, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Lakeview whose helpers outside are all down: each is an address at which nobody listens."""
    dead = f"127.0.0.1:{free_port()}"
    extra = {
        "SIGHTPACT_SMTP_HOST": "127.0.0.1",
        "SIGHTPACT_SMTP_PORT": dead.rpartition(":")[2],
        "SIGHTPACT_SMTP_SECURITY": "none",
        "SIGHTPACT_SMS_GATEWAY_URL": f"http://{dead}/messages",
        "SIGHTPACT_SMS_GATEWAY_SECRET": "a" * 40,
        "SIGHTPACT_NOTICE_NETWORKS": "127.0.0.0/8",
    }
    with deployment(tmp_path_factory.mktemp("left") / "data", sim, extra=extra) as it:
        it.python(CHANNELS, f"http://{dead}/push")
        yield it


@pytest.fixture(scope="module")
def phone(alone: Deployment) -> Page:
    return a_phone(alone)


def over(it: Deployment, phone: Page, activation: str) -> None:
    act(it.page("omar"), "/wall/all-clear/", activation=activation)
    wait_for(lambda: "data-over" in phone.get(f"/switch/{activation}/state/").text)


def test_mail_push_and_gateway_are_down(alone: Deployment, phone: Page) -> None:
    with news(alone, "omar") as page:
        activation = start(phone, alone)
        page.hear("sharing")
    told_and_taken(alone, phone, activation)
    sam = alone.people["sam"]["id"]
    wait_for(
        lambda: {"email", "push"} <= tried(alone, activation, sam),
        30,
        "what could not be handed over says so",
    )
    over(alone, phone, activation)


def tried(it: Deployment, activation: str, person: str) -> set[str]:
    """The channels on which this person was to be told, and was not."""
    found = json.loads(it.python(DELIVERIES, activation))
    assert not any(state in ("sent", "delivered") for _p, channel, state in found if channel != "page"), found
    return {channel for told, channel, state in found if told == person and state in ("queued", "failed")}


def test_monitoring_asks_by_the_command_line(alone: Deployment) -> None:
    """What would fail now, of a deployment that runs: each camera asked for a frame, whose pages are open as of the last look."""
    done = alone.run("doctor", "--ready", "--frames", "--json", check=False)
    assert done.returncode == 1, done.stderr
    shared, *schools = json.loads(done.stdout)["places"]
    states = {check["slug"]: check["state"] for check in shared["checks"]}
    assert (states["pages"], states["pictures"], states["record"], states["consoles"]) == (
        "well",
        "well",
        "well",
        "fails",
    )
    cameras = {
        place["school"]: check for place in schools for check in place["checks"] if check["slug"] == "cameras"
    }
    assert {check["state"] for check in cameras.values()} == {"well"} and "15 of 15" in cameras[
        "lakeview-high"
    ]["text"]
    assert alone.run("doctor", check=False).returncode == 0
    wrong = alone.run("doctor", "--school", "nowhere", check=False)
    assert wrong.returncode == 2 and "lakeview-high" in wrong.stderr


def test_nobody_can_sign_in(alone: Deployment, phone: Page) -> None:
    """No passkey is known any more and no session of Pia's: her phone starts all the same, and whoever was in stays in."""
    pia = alone.people["pia"]["sessions"]
    alone.python(NOBODY_SIGNS_IN, *pia)
    assert "sign-in" in alone.page("pia").get("/today/").url
    activation = start(phone, alone)
    told_and_taken(alone, phone, activation)
    over(alone, phone, activation)


def test_another_writer_holds_the_database(alone: Deployment, phone: Page) -> None:
    with database_held(alone):
        activation = start(phone, alone)
        said, timed = ticks(phone, activation)
        assert said[1].startswith("Recorded in the reserve") and timed >= 1
        told_and_taken(alone, phone, activation)
    over(alone, phone, activation)
    wait_for(
        lambda: recorded(alone, activation)[-1:] == ["activation_end"], what="the reserve goes to the record"
    )
    assert recorded(alone, activation)[0] == "activation_start"


def recorded(it: Deployment, activation: str) -> list[str]:
    entries = [e["type"] for e in it.record() if e.get("situation", {}).get("key") == activation]
    return [kind for kind in entries if kind.startswith("activation_")]


@pytest.mark.parametrize("how", [signal.SIGSTOP, signal.SIGKILL])
def test_the_process_with_the_pictures_hangs_or_dies(alone: Deployment, phone: Page, how: int) -> None:
    """A node that restarts delays pictures, never the start. Its state is said by readiness."""
    pid = wait_for(lambda: alone.pid("edge"))
    os.kill(pid, how)
    try:
        activation = start(phone, alone)
        told_and_taken(alone, phone, activation)
        if how == signal.SIGSTOP:
            assert "The process that carries pictures" in alone.run("doctor", check=False).stdout
    finally:
        if how == signal.SIGSTOP:
            os.kill(pid, signal.SIGCONT)
    over(alone, phone, activation)


@contextmanager
def database_held(it: Deployment) -> Iterator[None]:
    """Another process is in the middle of writing and does not finish."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(Path(it.data) / "sightpact.sqlite3")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None and holder.stdin is not None
    assert holder.stdout.readline() == "held\n"
    try:
        yield
    finally:
        holder.stdin.close()
        holder.wait(10)
        holder.stdout.close()


HOLD = """
import sqlite3, sys
link = sqlite3.connect(sys.argv[1])
link.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""

CHANNELS = """
import sys, django
django.setup()
import base64, os
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sightpact.notices import actions
from sightpact.people import actions as people_actions, reads
from sightpact.people.actions import PersonSpec
text = lambda raw: base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
point = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
people_actions.alter_person(PersonSpec("sam", "Sam Whitfield", "sam@lakeview.example", "+1 555 010 0100"))
actions.add_push(reads.person_by_slug("sam"), sys.argv[1], text(point), text(os.urandom(16)), "Sam's phone")
"""

DELIVERIES = """
import json, sys, django
django.setup()
from sightpact.notices import reads
print(json.dumps([[each.person, each.channel, each.state] for each in reads.deliveries(sys.argv[1])]))
"""

NOBODY_SIGNS_IN = """
import sys, django
django.setup()
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
Authenticator.objects.all().delete()
Session.objects.filter(session_key__in=sys.argv[1:]).delete()
"""
