"""Each fault, seen from outside. Time is measured in frames of the camera `clock`, never in seconds."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice

import pytest

from sightpact.camerasim import faults, timecode
from sightpact.camerasim.testing import CameraSimFailed, RunningSim

from .rawrtsp import Answer, BrokenFraming, RawClient
from .test_play import decoded


@pytest.fixture
def clock(sim: RunningSim) -> Iterator[RawClient]:
    with RawClient(sim.url("clock")) as client:
        client.play()
        yield client


def tick(clock: RawClient, frames: int) -> None:
    """Lets so many frames of the clock camera pass."""
    for packet in clock.rtp():
        frames -= packet.marker
        if frames <= 0:
            return


def watching(sim: RunningSim, slug: str) -> RawClient:
    client = RawClient(sim.url(slug))
    client.play()
    next(client.rtp())
    return client


def plays(sim: RunningSim, slug: str) -> bool:
    return timecode.read(next(decoded(sim.url(slug))).to_ndarray(format="rgb24")) is not None


def test_stall_sends_nothing_but_answers(sim: RunningSim, clock: RawClient) -> None:
    with watching(sim, "faulty-1") as client:
        sim.fault("faulty-1", "stall")
        assert client.ask("GET_PARAMETER").status == 200
        tick(clock, 10)
        client.send("GET_PARAMETER")
        assert isinstance(client.next(), Answer), "only the answer came, no picture"
        sim.fault("faulty-1", "ok")
        next(client.rtp())


def test_drop_resets_once(sim: RunningSim) -> None:
    with watching(sim, "faulty-2") as client:
        sim.fault("faulty-2", "drop")
        with pytest.raises(ConnectionResetError):
            list(client.rtp())
    assert sim.state("faulty-2")["fault"] == "ok"
    assert plays(sim, "faulty-2")


def test_refuse_resets_until_it_ends(sim: RunningSim) -> None:
    with watching(sim, "faulty-3") as client:
        sim.fault("faulty-3", "refuse")
        with pytest.raises(ConnectionResetError):
            list(client.rtp())
    with RawClient(sim.url("faulty-3")) as client, pytest.raises(ConnectionResetError):
        client.ask("OPTIONS")
    sim.fault("faulty-3", "ok")
    assert plays(sim, "faulty-3")


def test_hang_accepts_and_is_silent(sim: RunningSim, clock: RawClient) -> None:
    sim.fault("faulty-4", "hang")
    with RawClient(sim.url("faulty-4")) as client:
        client.send("OPTIONS")
        tick(clock, 10)
        client.sock.setblocking(False)
        with pytest.raises(BlockingIOError):
            client.sock.recv(1)


def test_slow_dribbles(sim: RunningSim) -> None:
    with watching(sim, "faulty-5") as client:
        sim.fault("faulty-5", "slow")
        client.sock.setblocking(False)
        try:
            while client.sock.recv(65536):
                pass
        except BlockingIOError:
            pass
        client.sock.settimeout(30)
        before = sim.state("faulty-5")["frames_sent"]
        got = 0
        while got < 3_000:
            got += len(client.sock.recv(512))
        after = sim.state("faulty-5")["frames_sent"]
    assert after - before >= 10, "3,000 bytes took about a second's frames"


def test_garbage_keeps_the_framing_and_spoils_the_packets(sim: RunningSim) -> None:
    with watching(sim, "faulty-6") as client:
        sim.fault("faulty-6", "garbage")
        assert any(data[0] >> 6 != 2 for _, data in islice(client.packets(), 400) if data), "no RTP version 2"
    sim.fault("faulty-6", "ok")
    assert plays(sim, "faulty-6")


def test_spoilt_packets_keep_a_true_length() -> None:
    rng = random.Random(1)
    packet = b"$\x00" + (1000).to_bytes(2, "big") + bytes(1000)
    spoilt = [faults.spoil(packet, rng) for _ in range(200)]
    assert all(int.from_bytes(p[2:4], "big") == len(p) - 4 for p in spoilt)
    assert 50 < sum(p != packet for p in spoilt) < 150


def test_garbage_framing_breaks_the_framing(sim: RunningSim) -> None:
    with watching(sim, "faulty-7") as client:
        sim.fault("faulty-7", "garbage_framing")
        with pytest.raises(BrokenFraming):
            for _ in range(500):
                client.next()
    sim.fault("faulty-7", "ok")
    assert plays(sim, "faulty-7")


def test_no_params_leaves_them_to_the_stream(sim: RunningSim) -> None:
    sim.fault("faulty-8", "no_params")
    with RawClient(sim.url("faulty-8")) as client:
        assert "sprop-" not in client.ask("DESCRIBE").body
    assert plays(sim, "faulty-8")


def test_param_change_switches_the_resolution_in_mid_stream(sim: RunningSim) -> None:
    sizes = []
    for frame in decoded(sim.url("faulty-9")):
        size = (frame.width, frame.height)
        code = timecode.read(frame.to_ndarray(format="rgb24"))
        if code is not None and sizes[-1:] != [size]:
            sizes.append(size)
            sim.fault("faulty-9", "param_change" if len(sizes) == 1 else "ok")
        if len(sizes) == 3:
            break
    assert sizes == [(320, 180), (240, 134), (320, 180)]


def test_not_video_offers_only_sound(sim: RunningSim) -> None:
    sim.fault("faulty-10", "not_video")
    with RawClient(sim.url("faulty-10")) as client:
        body = client.ask("DESCRIBE").body
    assert "m=audio" in body
    assert "m=video" not in body


def test_the_control_port_names_what_it_does_not_know(sim: RunningSim) -> None:
    with pytest.raises(CameraSimFailed, match="There is no fault 'sulk'"):
        sim.fault("clock", "sulk")
    with pytest.raises(CameraSimFailed, match="There is no camera 'nowhere'"):
        sim.fault("nowhere", "stall")
