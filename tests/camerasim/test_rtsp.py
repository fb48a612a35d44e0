"""The protocol: what cameras do, and what they answer to clients that err."""

from __future__ import annotations

import hashlib
from itertools import islice, pairwise

import pytest

from sightpact.camerasim.testing import RunningSim, running

from .rawrtsp import RawClient


def test_a_camera_describes_itself(sim: RunningSim) -> None:
    with RawClient(sim.url("frame")) as client:
        assert "DESCRIBE" in client.ask("OPTIONS").headers["public"]
        answer = client.ask("DESCRIBE", Accept="application/sdp")
        assert answer.headers["content-base"] == sim.url("frame") + "/"
        assert "m=video 0 RTP/AVP 96" in answer.body
        assert "profile-level-id=42c0" in answer.body  # Constrained Baseline: no B frames
        assert "sprop-parameter-sets=" in answer.body
    with RawClient(sim.url("bare")) as client:
        assert "sprop-" not in client.ask("DESCRIBE").body
    with RawClient(sim.url("hevc")) as client:
        body = client.ask("DESCRIBE").body
        assert "H265/90000" in body
        assert all(f"sprop-{name}=" in body for name in ("vps", "sps", "pps"))


def test_it_starts_in_the_middle_of_a_group_of_pictures(sim: RunningSim) -> None:
    """With 4 s between key frames, three connections in a row cannot all meet one."""
    starts = []
    for _ in range(3):
        with RawClient(sim.url("protocol")) as client:
            client.play()
            starts.append(next(client.rtp()).nal_type)
    assert 1 in starts  # a slice that is no key frame


def test_key_frames_bring_their_parameter_sets_and_packets_are_in_order(sim: RunningSim) -> None:
    with RawClient(sim.url("packet")) as client:
        client.play()
        packets = list(islice(client.rtp(), 50))
    assert [p.seq for p in packets] == [(packets[0].seq + i) % 65536 for i in range(50)]
    assert all(len(p.payload) <= 1400 for p in packets)
    for before, after in pairwise(packets):
        assert before.marker == (before.timestamp != after.timestamp)
        if before.payload[0] & 0x1F == 24:
            assert after.nal_type == 5
    assert any(p.payload[0] & 0x1F == 24 for p in packets)


def test_a_wrong_request_gets_its_answer(sim: RunningSim) -> None:
    with RawClient(sim.url("protocol")) as client:
        assert client.ask("DESCRIBE", client.url.replace("protocol", "nowhere")).status == 404
        assert client.ask("SETUP", Transport="RTP/AVP;unicast;client_port=5000-5001").status == 461
        assert client.ask("PLAY").status == 454
        assert client.ask("RECORD").status == 405
        client.sock.sendall(b"nonsense\r\n\r\n")
        answer = client.next()
        assert not isinstance(answer, tuple) and answer.status == 400
        with pytest.raises(ConnectionResetError):
            client.next()


def test_pause_and_teardown_end_the_pictures_and_keep_the_connection(sim: RunningSim) -> None:
    with RawClient(sim.url("protocol")) as client:
        client.play()
        next(client.rtp())
        assert client.ask("PAUSE").status == 200
        assert sim.state("protocol")["viewers"] == 0
        assert client.ask("PLAY").status == 200
        next(client.rtp())
        assert client.ask("TEARDOWN").status == 200
        assert client.ask("OPTIONS").status == 200
        assert sim.state("protocol")["viewers"] == 0


def _digest(challenge: str, method: str, url: str, password: str) -> str:
    nonce = challenge.split('nonce="')[1].split('"')[0]

    def md5(text: str) -> str:
        return hashlib.md5(text.encode()).hexdigest()

    right = md5(f"{md5(f'viewer:camera-sim:{password}')}:{nonce}:{md5(f'{method}:{url}')}")
    return f'Digest username="viewer", realm="camera-sim", nonce="{nonce}", uri="{url}", response="{right}"'


def test_digest_is_asked_for_and_checked(sim: RunningSim) -> None:
    with RawClient(sim.url("digest")) as client:
        refused = client.ask("DESCRIBE")
        assert refused.status == 401
        challenge = refused.headers["www-authenticate"]
        wrong = _digest(challenge, "DESCRIBE", client.url, "green-door-8")
        assert client.ask("DESCRIBE", Authorization=wrong).status == 401
        right = _digest(challenge, "DESCRIBE", client.url, "green-door-7")
        assert client.ask("DESCRIBE", Authorization=right).status == 200
        assert client.ask("SETUP", Authorization=right).status == 401, (
            "proof for one method is none for another"
        )


def test_a_silent_session_is_ended(cache: object) -> None:
    with (
        running([{"slug": "short"}], cache=cache, session_timeout_s=1) as sim,
        RawClient(sim.url("short")) as client,
        pytest.raises(ConnectionResetError),
    ):
        client.play()
        assert client.ask("GET_PARAMETER").headers["session"].endswith(";timeout=1")
        while True:
            client.next()
