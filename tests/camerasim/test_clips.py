"""Clips: key frames where they were asked for, kept in a cache, and never half a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from sightpact.camerasim import clip_encoding, clips
from sightpact.camerasim.clip_encoding import Job, Take
from sightpact.camerasim.spec import SMALL, CameraSpec
from sightpact.camerasim.testing import RunningSim, running


@pytest.mark.parametrize(
    ("keyframe_s", "keys"),
    [(0.5, [0, 8, 15, 23, 30, 38, 45, 53]), (1.0, [0, 15, 30, 45]), (2.0, [0, 30]), (4.0, [0])],
)
@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_key_frames_stand_at_the_interval(
    tmp_path: Path, codec: str, keyframe_s: float, keys: list[int]
) -> None:
    path = tmp_path / "a.clip"
    clip_encoding.make_all(
        Job("stairwell", False, codec, SMALL, (Take("Stair 2", 1, keyframe_s, str(path)),))
    )
    clip = clips.load(path)
    assert [i for i, frame in enumerate(clip.frames) if frame.is_key] == keys
    assert (clip.width, clip.height, clip.fps, clip.loop_s) == (320, 180, 15, 4)
    assert all(frame.nals for frame in clip.frames)
    assert len(clip.params) == (3 if codec == "h265" else 2)


def test_a_clip_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.clip"
    clips.save(path, "h264", (320, 180), 15, [b"\x67a", b"\x68b"], [(True, [b"\x65" * 100])])
    assert len(clips.load(path).frames) == 1
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match="cut short"):
        clips.load(path)
    path.write_bytes(b"something else")
    with pytest.raises(ValueError, match="not a clip"):
        clips.load(path)


def test_a_second_start_finds_the_clips(sim: RunningSim, cache: Path) -> None:
    before = sorted(cache.iterdir())
    with running([sim.specs["frame"]], cache=cache) as again:
        assert again.state("frame")["ready"]
    assert sorted(cache.iterdir()) == before


def test_the_name_in_the_cache_depends_on_all_that_is_seen() -> None:
    base = CameraSpec(slug="a", name="Lobby", scene="lobby", number=1)
    others = [
        CameraSpec(slug="a", name="Lobby 2", number=1),
        CameraSpec(slug="a", name="Lobby", number=2),
        CameraSpec(slug="a", name="Lobby", number=1, keyframe_s=2.0),
        CameraSpec(slug="a", name="Lobby", number=1, codec="h265"),
    ]
    names = {clip_encoding.clip_name(spec, "lobby", False, SMALL) for spec in [base, *others]}
    names |= {
        clip_encoding.clip_name(base, scene, m, SMALL) for scene, m in [("lobby", True), ("field", False)]
    }
    names.add(clip_encoding.clip_name(base, "lobby", False, SMALL.other()))
    assert len(names) == 8
