"""Makes clips: one scene's frames are drawn once and coded side by side for each of its cameras.

H.264 Constrained Baseline or H.265 Main without B frames; key frames are forced at the camera's interval,
counted from frame 0 of the loop.
Never: the server's process, except for small clips; a job runs in `clip_worker`.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from . import clips
from .spec import CameraSpec, PictureFormat

HERE = Path(__file__).parent
_DRAWN_BY = ("timecode.py", "scenery.py", "figures.py", "walking.py", "burn_in.py", "clip_encoding.py")
_LINES = "line_drawing.py"
_START_CODE = re.compile(rb"\x00\x00\x01")


@dataclass(frozen=True)
class Take:
    """One camera's clip within a job."""

    name: str
    number: int
    keyframe_s: float
    path: str


@dataclass(frozen=True)
class Job:
    scene: str
    mirrored: bool
    codec: str
    picture: PictureFormat
    takes: tuple[Take, ...]
    drill: bool = False

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(text: str) -> Job:
        data = json.loads(text)
        takes = tuple(Take(**take) for take in data.pop("takes"))
        return Job(picture=PictureFormat(**data.pop("picture")), takes=takes, **data)


@cache
def _drawing_hash(scene: str) -> str:
    digest = hashlib.sha256()
    for path in [*(HERE / name for name in _DRAWN_BY), HERE / "scenes" / f"{scene}.json"]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def clip_name(spec: CameraSpec, scene: str, mirrored: bool, picture: PictureFormat) -> str:
    """File name in the cache: a hash of everything that the picture depends on, the drawing code included."""
    recipe = [
        spec.name,
        spec.number,
        spec.keyframe_s,
        spec.codec,
        mirrored,
        asdict(picture),
        _drawing_hash(scene),
        *(["drill", hashlib.sha256((HERE / _LINES).read_bytes()).hexdigest()] if spec.drill else []),
    ]
    return hashlib.sha256(json.dumps(recipe).encode()).hexdigest()[:32] + ".clip"


def make(job: Job) -> Iterator[Take]:
    """Draws and codes all takes of a job; yields each when its file is in place."""
    coders = [_Coder(job, take) for take in job.takes]
    for index, planes in enumerate(_shared_frames(job)):
        for coder in coders:
            coder.add(index, planes)
    for coder in coders:
        coder.save()
        yield coder.take


def make_all(job: Job) -> list[Take]:
    """`make`, to the end."""
    return list(make(job))


def _shared_frames(job: Job) -> Iterator[Any]:
    """YUV 4:2:0 frames of the scene with its people, as one array of height * 3/2 x width each."""
    import av
    import numpy as np
    from av.video.reformatter import VideoReformatter
    from PIL import ImageOps

    from . import figures, line_drawing, scenery, walking

    picture = job.picture
    scene = scenery.load(job.scene)
    empty = scenery.draw(scene, picture.width, picture.height)
    reformatter = VideoReformatter()  # one for all frames: a new one for each costs more than the drawing
    dim = 0.86 if scene.light == "inside" else 0.92
    for index in range(picture.loop_frames):
        t = index / picture.fps
        people = [
            p for walk in scene.walks if (p := walking.place(walk, scene.perspective, t, picture.loop_s))
        ]
        frame = empty.copy()
        for person in sorted(people, key=lambda p: p.y):
            figures.draw(frame, person, dim)
        if job.mirrored:
            frame = ImageOps.mirror(frame)
        if job.drill:
            frame = line_drawing.drawn(frame)
        rgb = av.VideoFrame.from_ndarray(np.asarray(frame), format="rgb24")
        yield reformatter.reformat(rgb, format="yuv420p", interpolation="BILINEAR").to_ndarray()


class _Coder:
    """One camera's encoder."""

    def __init__(self, job: Job, take: Take) -> None:
        import av

        from .burn_in import NamePlate

        self.take, self._job = take, job
        picture = job.picture
        self._plate = NamePlate(take.name, picture.width)
        self._keys = {
            math.ceil(k * take.keyframe_s * picture.fps) for k in range(int(picture.loop_s / take.keyframe_s))
        }
        h265 = job.codec == "h265"
        coder = av.CodecContext.create("libx265" if h265 else "libx264", "w")
        coder.width, coder.height, coder.pix_fmt = picture.width, picture.height, "yuv420p"
        coder.time_base, coder.framerate = Fraction(1, picture.fps), Fraction(picture.fps)
        coder.bit_rate = picture.kbps * 1000
        coder.gop_size = picture.loop_frames
        coder.thread_count = 1
        rate = f"vbv-maxrate={round(picture.kbps * 1.1)}:vbv-bufsize={picture.kbps}"
        if h265:
            params = f"{rate}:bframes=0:open-gop=0:scenecut=0:repeat-headers=1"
            params += ":pools=none:frame-threads=1:log-level=none:info=0"
            coder.options = {"preset": "ultrafast", "forced-idr": "1", "x265-params": params}
        else:
            params = f"{rate}:scenecut=0:bframes=0:threads=1:rc-lookahead=0:sync-lookahead=0"
            coder.options = {
                "preset": "superfast",
                "profile": "baseline",
                "forced-idr": "1",
                "x264-params": params,
            }
        self._coder = coder
        self._params: list[bytes] = []
        self._frames: list[tuple[bool, list[bytes]]] = []

    def add(self, index: int, shared: Any) -> None:
        import av
        from av.video.frame import PictureType

        from . import burn_in

        width, height = self._job.picture.width, self._job.picture.height
        data = shared.copy()
        y = data[:height]
        chroma = data[height:].reshape(2, height // 2, width // 2)
        self._plate.lay(y, chroma[0], chroma[1])
        burn_in.lay_timecode(y, chroma[0], chroma[1], self.take.number, index, self._job.picture.loop_frames)
        frame = av.VideoFrame.from_ndarray(data, format="yuv420p")
        frame.pts = index
        frame.pict_type = PictureType.I if index in self._keys else PictureType.NONE
        for packet in self._coder.encode(frame):
            self._take_in(bytes(packet))

    def _take_in(self, coded: bytes) -> None:
        """Keeps the picture's NAL units, and each parameter set once; delimiters and SEI are dropped."""
        h265 = self._job.codec == "h265"
        starts = [m.end() for m in _START_CODE.finditer(coded)]
        nals, is_key = [], False
        for start, following in zip(starts, [*starts[1:], len(coded) + 3], strict=True):
            nal = coded[start : following - 3].rstrip(b"\x00")
            kind = nal[0] >> 1 & 0x3F if h265 else nal[0] & 0x1F
            if kind in ((32, 33, 34) if h265 else (7, 8)):
                if nal not in self._params:
                    self._params.append(nal)
            elif kind < 32 if h265 else kind in (1, 5):
                nals.append(nal)
                is_key = is_key or (16 <= kind <= 21 if h265 else kind == 5)
        self._frames.append((is_key, nals))

    def save(self) -> None:
        for packet in self._coder.encode(None):
            self._take_in(bytes(packet))
        picture = self._job.picture
        if {i for i, (is_key, _) in enumerate(self._frames) if is_key} != self._keys or len(self._params) < 2:
            raise RuntimeError(
                f"the encoder of {self.take.name!r} did not keep to the key frames that were asked for"
            )
        clips.save(
            Path(self.take.path),
            self._job.codec,
            (picture.width, picture.height),
            picture.fps,
            self._params,
            self._frames,
        )
