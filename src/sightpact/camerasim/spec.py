"""What one simulated camera is: the data that a configuration file or a test gives.

Never: behaviour. `config.py` reads files into this, `camera.py` lives by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

KEYFRAME_CHOICES_S = (0.5, 1.0, 2.0, 4.0)


class SpecError(Exception):
    """A camera that cannot be simulated: `what`, `why` and `next_step` in one sentence each."""

    def __init__(self, what: str, why: str, next_step: str) -> None:
        super().__init__(f"{what}: {why}. {next_step}.")
        self.what, self.why, self.next_step = what, why, next_step


@dataclass(frozen=True)
class CameraSpec:
    slug: str  # path: rtsp://host:port/cam/<slug>
    name: str = ""  # burnt into the picture
    scene: str = "lobby"  # a scene or an area kind, see scenery.SCENES
    number: int = 1  # 0..1023, in the timecode
    keyframe_s: float = 1.0
    pattern: Literal["frame", "packet"] = "frame"  # one write per frame, or one per RTP packet
    codec: Literal["h264", "h265"] = "h264"
    username: str = ""  # empty: no authentication
    password: str = ""
    auth: Literal["digest", "basic"] = "digest"
    sprop: bool = True  # parameter sets in the SDP
    drill: bool = False  # a line drawing marked DRILL, for drills

    def __post_init__(self) -> None:
        what = f"camera {self.slug!r}"
        if not self.slug or not all(c.isalnum() or c in "-_." for c in self.slug):
            raise SpecError(
                what, "the slug is part of an address", "Use letters, digits, dash, dot, underscore"
            )
        if not 0 <= self.number <= 1023:
            raise SpecError(what, f"number {self.number} does not fit the timecode", "Use 0 to 1023")
        if self.keyframe_s not in KEYFRAME_CHOICES_S:
            raise SpecError(
                what, f"key-frame interval {self.keyframe_s} s is not offered", "Use 0.5, 1, 2 or 4"
            )
        for field, choices in (
            ("pattern", ("frame", "packet")),
            ("codec", ("h264", "h265")),
            ("auth", ("digest", "basic")),
        ):
            if getattr(self, field) not in choices:
                raise SpecError(
                    what, f"{field} {getattr(self, field)!r} is unknown", f"Use {' or '.join(choices)}"
                )
        if bool(self.username) != bool(self.password):
            raise SpecError(what, "username and password go together", "Give both or neither")


@dataclass(frozen=True)
class PictureFormat:
    """Size and rate of all cameras of one simulator; `loop_s` is a whole number of key-frame intervals."""

    width: int = 640
    height: int = 360
    fps: int = 15
    loop_s: int = 16
    kbps: int = 500

    @property
    def loop_frames(self) -> int:
        return self.fps * self.loop_s

    def other(self) -> PictureFormat:
        """The format that the fault `param_change` switches to: three quarters of the size."""
        return PictureFormat(
            self.width * 3 // 4, self.height * 3 // 4 // 2 * 2, self.fps, self.loop_s, self.kbps
        )


NORMAL = PictureFormat()
SMALL = PictureFormat(width=320, height=180, loop_s=4, kbps=150)
