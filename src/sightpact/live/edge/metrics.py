"""Counters of this process, as Prometheus text. They say how much, never who or what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

HELP = {
    "live_false_dark": "Leases that lapsed although the gate was connected; must stay 0",
    "live_lapsed": "Leases that lapsed, for whatever reason",
    "live_cut": "Streams ended by the gate",
    "live_aborted": "Sockets dropped: bytes of an ended stream were stuck in them, or a viewer too slow",
    "live_skipped": "Times a slow viewer was made to wait for its next key frame",
    "live_fragments": "Fragments queued for viewers",
    "live_frames": "Frames received from cameras",
    "live_misuse": "Sockets closed for what they sent",
    "live_gate_lost": "Times the connection to the gate was lost",
}


HELD = "live_gate_message_seconds_max"


class Metrics:
    def __init__(self) -> None:
        self.count: Counter[str] = Counter()
        self._held: dict[str, float] = {}

    def held(self, message: str, seconds: float) -> None:
        """So much processor time the loop spent on one message of the gate: what every picture waited for."""
        self._held[message] = max(self._held.get(message, 0.0), seconds)

    def text(self, gauges: Mapping[str, float]) -> str:
        """All counters and the given gauges."""
        lines = []
        for name, words in HELP.items():
            lines += [f"# HELP {name} {words}", f"# TYPE {name} counter", f"{name} {self.count[name]}"]
        lines += [
            f"# HELP {HELD} Most processor time that one message of the gate took from the loop",
            f"# TYPE {HELD} gauge",
        ]
        lines += [f'{HELD}{{message="{kind}"}} {seconds:g}' for kind, seconds in sorted(self._held.items())]
        for name, value in gauges.items():
            lines += [f"# TYPE {name} gauge", f"{name} {value:g}"]
        return "\n".join(lines) + "\n"
