"""`sightpact serve`: starts the two processes, records and edge, and starts either again when it ends.

A slow page, proof or query can therefore never stall a picture, and a crash of one leaves the other running:
without records the edge starves within the leases; without the edge records go on and write the ends.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from types import FrameType

from sightpact.web.config import Config

FIRST_WAIT_S, MOST_WAIT_S = 0.2, 5.0


class Child:
    """One supervised process. Waits longer the more often it ends soon after its start."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        self.name, self._command, self._environment = name, command, environment
        self._wait_s, self._began, self._again = FIRST_WAIT_S, 0.0, 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._began = time.monotonic()
        self.process = subprocess.Popen(self._command, env=self._environment, preexec_fn=_end_with_parent)

    def look(self) -> None:
        """Start it again if it ended and the wait is over."""
        if self.process is None or self.process.poll() is None:
            return
        now = time.monotonic()
        if not self._again:
            lived = now - self._began
            self._wait_s = FIRST_WAIT_S if lived > 30 else min(self._wait_s * 2, MOST_WAIT_S)
            self._again = now + self._wait_s
            code = self.process.returncode
            print(
                f"sightpact: {self.name} ended (code {code}); again in {self._wait_s:.1f} s", file=sys.stderr
            )
        elif now >= self._again:
            self._again = 0.0
            self.start()

    def end(self, patience_s: float = 6.0) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def _end_with_parent() -> None:
    """In the child, before its program: when the supervisor dies, however, this process is told to end (Linux).

    Else a killed supervisor would leave two processes behind that nobody watches and that hold the ports of the next one.
    """
    with contextlib.suppress(AttributeError):
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def run(config: Config, ready: Callable[[], None] | None = None) -> int:
    """Supervise until a signal says stop. The edge goes first, so that every end is written.

    Args:
        ready: called once when both answer.
    """
    environment = {
        **os.environ,
        "SIGHTPACT_DATA": str(config.data),
        "DJANGO_SETTINGS_MODULE": "sightpact.web.settings",
    }
    records = Child("records", [sys.executable, "-m", "sightpact.web.records"], environment)
    edge_command = [sys.executable, "-m", "sightpact.live.edge", "--gate-socket", str(config.gate_socket)]
    edge_command += ["--host", config.host, "--port", str(config.edge_port)]
    if config.tls_cert:
        edge_command += ["--tls-cert", config.tls_cert, "--tls-key", config.tls_key]
    if config.behind_proxy:
        edge_command.append("--behind-proxy")
    edge = Child("edge", edge_command, environment)
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    records.start()
    edge.start()
    with contextlib.suppress(OSError):  # a full disk; the file is for people who look for the process
        (config.data / "run" / "serve.pid").write_text(
            f"{os.getpid()} {records.process.pid if records.process else 0}"
        )
    while not stopping:
        records.look()
        edge.look()
        if ready is not None and _answers(config):
            ready()
            ready = None
        time.sleep(0.1)
    edge.end()
    records.end()
    return 0


def _answers(config: Config) -> bool:
    """Both processes answer on their own addresses."""
    import http.client
    import ssl

    for port in (config.port, config.edge_port):
        host = "127.0.0.1" if config.on_loopback else config.host
        try:
            if config.tls_cert:
                unchecked = ssl._create_unverified_context()  # noqa: S323  our own certificate, asked whether it answers
                link: http.client.HTTPConnection = http.client.HTTPSConnection(
                    host, port, timeout=1, context=unchecked
                )
            else:
                link = http.client.HTTPConnection(host, port, timeout=1)
            link.request("GET", "/healthz")
            if link.getresponse().status != 200:
                return False
            link.close()
        except OSError:
            return False
    return True
