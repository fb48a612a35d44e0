"""Decode time only ever goes forward, whatever the camera's clock does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sightpact.media.timeline import Timeline


def test_even_steps_across_the_wrap() -> None:
    line = Timeline()
    start = 2**32 - 10_000
    assert [line.at((start + n * 6000) & 0xFFFFFFFF, n / 15) for n in range(4)] == [0, 6000, 12000, 18000]
    assert line.duration == 6000


def test_a_restarted_clock_continues_by_arrival() -> None:
    line = Timeline()
    line.at(1000, 10.0)
    assert line.at(4_000_000_000, 10.5) == 45_000


def test_b_frames_are_noticed_and_a_single_step_back_is_not() -> None:
    line = Timeline()
    for number, step in enumerate([0, 6000, 3000, 12000, 18000, 24000]):
        line.at(step, number / 15)
    assert not line.reordered
    clock = 0
    for number in range(30):
        clock += (18000, -12000, 6000)[number % 3]
        line.at(clock, number / 15)
    assert line.reordered


@given(st.lists(st.tuples(st.integers(0, 2**32 - 1), st.floats(0, 5)), min_size=1, max_size=50))
def test_always_forward_never_far(steps: list[tuple[int, float]]) -> None:
    line, now, before = Timeline(), 0.0, -1
    for clock, passed in steps:
        now += passed
        ticks = line.at(clock, now)
        assert before < ticks <= before + 10 * 90_000 + 1
        assert 0 < line.duration <= 90_000
        before = ticks
