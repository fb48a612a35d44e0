"""Lease arithmetic by properties: never longer than the gate said, never back from the dead."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sightpact.live.edge.lease import Lease

steps = st.lists(st.tuples(st.floats(0, 10), st.floats(-5, 5), st.booleans()), max_size=60)


@given(st.integers(0, 20_000), st.none() | st.integers(-5_000, 60_000), steps)
def test_never_past_the_last_beat_plus_the_lease_nor_past_until(
    lease_ms: int, until_in_ms: int | None, script: list[tuple[float, float, bool]]
) -> None:
    now, wall = 1000.0, 1_700_000_000_000.0
    until = None if until_in_ms is None else int(wall) + until_in_ms
    lease = Lease(lease_ms, now, until, wall)
    last_beat, dead = now, False
    for passed, clock_step, beat in script:
        now += passed
        wall += passed * 1000 + clock_step * 1000
        good = lease.good(now)
        if dead:
            assert not good
        assert not (good and now >= last_beat + lease_ms / 1000)
        dead = dead or not good
        if beat and lease.extend(now, wall):
            assert not dead
            last_beat = now
        if beat and until is not None and wall >= until:
            assert not lease.good(now)
        assert lease.left_ms(now) <= lease_ms


@given(st.floats(0.1, 100), st.floats(-1e6, 1e6))
def test_a_wall_clock_set_back_lengthens_nothing(seconds: float, step_ms: float) -> None:
    wall = 1_700_000_000_000.0
    lease = Lease(10_000_000, 0.0, int(wall + seconds * 1000), wall)
    end = lease.good_until
    lease.extend(0.01, wall + 10 + step_ms)
    assert lease.good_until <= end + 1e-6


def test_what_ended_it() -> None:
    lapsed, capped = Lease(2000, 0.0, None, 0.0), Lease(2000, 0.0, 1500, 0.0)
    assert (lapsed.good(1.999), lapsed.good(2.0), lapsed.capped(2.0)) == (True, False, False)
    assert (capped.good(1.499), capped.good(1.5), capped.capped(1.5)) == (True, False, True)
    assert not lapsed.extend(2.0, 2000.0)
    assert not lapsed.good(2.0)


def test_the_gate_moves_the_end_of_a_running_lease_and_wakes_no_dead_one() -> None:
    lease = Lease(15_000, 100.0, 5_000, 0)  # ends 5 s from now
    assert not lease.good(105.0)
    assert lease.move(20_000, 104.0, 4_000) and lease.good(114.9)
    assert not lease.good(115.0), "no longer than its last beat gives"
    assert lease.extend(110.0, 10_000) and lease.good(119.9) and not lease.good(120.0)
    assert lease.move(11_000, 110.5, 10_500) and not lease.good(111.0), "an earlier end counts as well"
    assert not lease.move(60_000, 112.0, 12_000) and not lease.good(112.0)
