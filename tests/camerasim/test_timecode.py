"""The timecode survives coding and scaling, is never misread, and stands for one instant of UTC."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from sightpact.camerasim import timecode

numbers = st.integers(0, 1023)


def picture(number: int, frame: int, width: int = 640) -> np.ndarray:
    noise = np.random.default_rng(number).integers(0, 256, (width * 9 // 16, width, 3), dtype=np.uint8)
    timecode.draw(noise, number, frame)
    return noise


@given(number=numbers, frame=numbers)
def test_what_is_drawn_is_read(number: int, frame: int) -> None:
    assert timecode.read(picture(number, frame, 320)) == timecode.Timecode(number, frame)


@pytest.mark.parametrize("width", [1280, 640, 480, 320, 288, 256])
@pytest.mark.parametrize("quality", [90, 40])
def test_it_survives_compression_and_scaling(width: int, quality: int) -> None:
    for number, frame in [(0, 0), (7, 239), (682, 341), (1023, 1023)]:
        coded = io.BytesIO()
        Image.fromarray(picture(number, frame)).save(coded, "JPEG", quality=quality)
        scaled = Image.open(coded).resize((width, width * 9 // 16), Image.Resampling.BILINEAR)
        assert timecode.read(np.asarray(scaled)) == timecode.Timecode(number, frame)
        assert timecode.read(np.asarray(scaled.convert("RGBA"))) == timecode.Timecode(number, frame)
        assert timecode.read(np.asarray(scaled.convert("L"))) == timecode.Timecode(number, frame)


@given(number=numbers, frame=numbers, cell=st.integers(1, 30).filter(lambda c: c not in (15, 16)))
def test_one_wrong_cell_is_noticed(number: int, frame: int, cell: int) -> None:
    spoilt = picture(number, frame, 320)
    side = 320 // timecode.CELLS_PER_WIDTH
    x = (timecode.LEFT_CELL + cell % 16) * side
    y = (timecode.TOP_CELL + cell // 16) * side
    spoilt[y : y + side, x : x + side] = 255 - spoilt[y : y + side, x : x + side]
    assert timecode.read(spoilt) is None


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_plain_picture_has_no_timecode(level: int) -> None:
    assert timecode.read(np.full((180, 320, 3), level, dtype=np.uint8)) is None
    assert timecode.read(np.full((2, 320, 3), level, dtype=np.uint8)) is None


@given(
    taken=st.floats(1.7e9, 1.9e9),
    age=st.floats(0, 7.8),
    number=numbers,
)
def test_a_frame_number_becomes_the_instant_it_was_taken(taken: float, age: float, number: int) -> None:
    n = int((taken - timecode.phase_s(number, 15)) * 15)
    instant = n / 15 + timecode.phase_s(number, 15)
    told = timecode.utc_of(n % 240, instant + age, 16, camera_number=number)
    assert told == pytest.approx(instant, abs=1e-4)


def test_numbers_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="10 bits"):
        timecode.cells(1024, 0)
