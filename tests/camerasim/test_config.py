"""Configuration: each fault of a file named with its remedy, a scene for each kind of area, a truthful --help."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from sightpact.camerasim import cli, config, faults, places, scenery, walking
from sightpact.camerasim.spec import SpecError
from sightpact.decide.facts import AREA_KINDS


def read(tmp_path: Path, text: str) -> list[object]:
    path = tmp_path / "cams.toml"
    path.write_text(text, encoding="utf-8")
    return list(config.read(path))


def test_a_file_gives_cameras_with_numbers_in_order(tmp_path: Path) -> None:
    text = (
        '[[cameras]]\nslug = "a"\nkeyframe_s = 2\n[[cameras]]\nslug = "b"\nscene = "hallway"\nname = "Hall"\n'
    )
    a, b = read(tmp_path, text)
    assert (a.slug, a.name, a.number, a.keyframe_s) == ("a", "a", 1, 2.0)
    assert (b.name, b.number) == ("Hall", 2)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cameras = 3", r"it has no \[\[cameras\]\]"),
        ("[[cameras]]\nname = 'x'", "camera 1: it has no slug"),
        ("[[cameras]]\nslug = 'a'\ncolour = 'red'", "camera a: unknown key colour"),
        ("[[cameras]]\nslug = 'a/b'", "part of an address"),
        ("[[cameras]]\nslug = 'a'\nkeyframe_s = 3", "3.0 s is not offered. Use 0.5, 1, 2 or 4"),
        ("[[cameras]]\nslug = 'a'\nnumber = 5000", "does not fit the timecode"),
        ("[[cameras]]\nslug = 'a'\ncodec = 'mjpeg'", "Use h264 or h265"),
        ("[[cameras]]\nslug = 'a'\nusername = 'x'", "go together"),
        ("[[cameras]", "not TOML"),
    ],
)
def test_a_wrong_file_is_explained(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        read(tmp_path, text)


def test_each_kind_of_area_has_a_scene() -> None:
    assert set(places.BY_KIND) == AREA_KINDS
    for variants in places.BY_KIND.values():
        for variant in variants:
            assert places.scene_for(variant)[0] in scenery.names()
    with pytest.raises(SpecError, match="Use one of"):
        places.scene_for("moon base")


@pytest.mark.parametrize("name", scenery.names())
def test_each_scene_is_drawn_and_somebody_moves_in_it(name: str) -> None:
    scene = scenery.load(name)
    picture = scenery.draw(scene, 160, 90)
    assert len(np.unique(np.asarray(picture.convert("L")))) > 20, "it is nearly empty"
    places_at = [
        [walking.place(walk, scene.perspective, t, 16) for walk in scene.walks] for t in (0.0, 4.0, 8.0, 12.0)
    ]
    assert all(any(who is not None for who in there) for there in places_at), "nobody is there"
    assert len({str(there) for there in places_at}) == 4, "nobody moves"


def test_a_quick_set_has_numbers_and_slugs_of_its_own() -> None:
    specs = config.quick_set(279)
    assert len({s.slug for s in specs}) == len({s.number for s in specs}) == 279


def test_help_lists_every_fault_and_a_wrong_start_says_why() -> None:
    runner = CliRunner()
    told = runner.invoke(cli.app, ["--help"]).output
    assert all(fault.value in told for fault in faults.Fault)
    wrong = runner.invoke(cli.app, ["--config", "nowhere.toml"])
    assert wrong.exit_code == 2
    assert "nowhere.toml: No such file or directory. Name a file that exists." in wrong.output
