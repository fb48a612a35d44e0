"""SDP, URLs, authentication and the byte stream, as real cameras bend them; and garbage that must not raise."""

from __future__ import annotations

import asyncio
import base64
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightpact.media.errors import Unsupported
from sightpact.media.rtsp import auth, sdp, url
from sightpact.media.rtsp.connection import Connection, Reply

SPS, PPS = b"\x67\x42\xc0\x0a\xda\x0a", b"\x68\xce\x38\x80"
SETS = f"{base64.b64encode(SPS).decode()},{base64.b64encode(PPS).decode()}"


@pytest.mark.parametrize(
    "text",
    [
        f"m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\na=fmtp:96 sprop-parameter-sets={SETS}\na=control:t",
        f"m=video 0 RTP/AVP 96\r\na=rtpmap:96 h264/90000  \r\na=fmtp:97 sprop-parameter-sets={SETS};\r\na=control:t",
        f"v=0\r\no=- 1.5 -2 IN\r\nm=audio 0 RTP/AVP 0\r\na=control:a\r\nm=video 0 RTP/AVP 96\r\na=control: t \r\n"
        f"a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1; sprop-parameter-sets={SETS}\r\nm=bad\r\na=\r\n",
    ],
)
def test_descriptions_that_cameras_send(text: str) -> None:
    track = sdp.video_track(text)
    assert isinstance(track, sdp.Track)
    assert (track.encoding, track.payload_type, track.control, track.sets) == ("H264", 96, "t", [SPS, PPS])


def test_unreadable_sets_are_left_out() -> None:
    track = sdp.video_track(
        "m=video 0 RTP/AVP 96\na=rtpmap:96 H265/90000\na=fmtp:96 sprop-vps=!!;sprop-sps=;x"
    )
    assert isinstance(track, sdp.Track)
    assert track.sets == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("m=video 0 RTP/AVP 26\r\n", "JPEG video"),
        ("m=audio 0 RTP/AVP 0\r\nm=application 0 RTP/AVP 107\r\n", "audio, application"),
        ("", "nothing"),
        ("m=video 0 RTP/AVP 98\r\na=rtpmap:98 VP8/90000\r\n", "VP8 video"),
    ],
)
def test_what_cannot_be_played_is_named(text: str, words: str) -> None:
    assert sdp.video_track(text) == words


@settings(deadline=None)
@given(
    st.text(max_size=500),
    st.lists(st.sampled_from(["m=video", " 0 RTP/AVP 96", "\r\na=", "rtpmap:", "96 ", "=", ";"])),
)
def test_sdp_never_raises(text: str, parts: list[str]) -> None:
    sdp.video_track(text + "".join(parts) + text)


@pytest.mark.parametrize(
    ("base", "attribute", "first"),
    [
        ("rtsp://h/live", "trackID=1", "rtsp://h/live/trackID=1"),
        ("rtsp://h/live/", "trackID=1", "rtsp://h/live/trackID=1"),
        ("rtsp://h/live?c=1", "trackID=1", "rtsp://h/live?c=1/trackID=1"),
        ("rtsp://h/live", "rtsp://10.0.0.9/live/t", "rtsp://10.0.0.9/live/t"),
        ("rtsp://h/live", "*", "rtsp://h/live"),
        ("rtsp://h/live", "", "rtsp://h/live"),
    ],
)
def test_control_attributes(base: str, attribute: str, first: str) -> None:
    assert url.control(base, attribute)[0] == first


def test_a_base_without_scheme_is_passed_over() -> None:
    assert url.base("rtsp://h/a", {"content-base": "10.0.0.1/a/"}) == "rtsp://h/a"
    assert url.base("rtsp://h/a", {"content-base": " rtsp://h/a/ "}) == "rtsp://h/a/"


def test_addresses() -> None:
    address = url.parse("rtsp://[2001:db8::1]/a?b=1")
    assert (address.host, address.port, address.url) == ("2001:db8::1", 554, "rtsp://[2001:db8::1]/a?b=1")
    assert url.parse("rtsp://admin:secret@cam.example/a").url == "rtsp://cam.example/a"
    assert url.parse("rtsps://cam.example/a#sha256=" + "ab" * 32).pin == bytes.fromhex("ab" * 32)
    assert url.parse("rtsps://cam.example/a").port == 322


@pytest.mark.parametrize(
    "text",
    [
        "http://h/",
        "rtsp://",
        "rtsp://h:99999/",
        "rtsp://h/a\r\nX: y",
        "rtsps://h/#sha256=abc",
        "h/a",
        "rtsp://[::1/",
    ],
)
def test_addresses_that_are_none(text: str) -> None:
    with pytest.raises(Unsupported):
        url.parse(text)


def test_digest_as_in_rfc_2069_and_strongest_first() -> None:
    best = auth.strongest(
        ['Basic realm="x"', 'Digest realm="cam", nonce="n", qop="auth,auth-int", algorithm=MD5']
    )
    assert best is not None and (best.scheme, best.qop) == ("digest", "auth")
    best = auth.strongest(
        ['Digest realm="r", nonce="a", algorithm=MD5', 'Digest realm="r", nonce="b", algorithm=SHA-256']
    )
    assert best is not None and best.nonce == "b"
    best = auth.strongest(['Digest realm="a, b", nonce="c", Basic realm="z"'])
    assert best is not None and (best.scheme, best.realm) == ("digest", "a, b")
    assert auth.strongest(['Digest realm="r", nonce="b", algorithm=SHA-512-256']) is None
    plain = auth.Challenge("digest", "testrealm@host.com", "dcd98b7102dd2f0e8b11d0f600bfb0c093")
    text = auth.authorization(plain, "Mufasa", "CircleOfLife", "GET", "/dir/index.html")
    assert 'response="1949323746fe6a43ef61f9606e7febea"' in text  # RFC 2069, errata


@given(st.lists(st.text(max_size=100) | st.text('Digestbasic =",nonce', max_size=60)))
def test_challenges_never_raise(headers: list[str]) -> None:
    auth.strongest(headers)


def read(data: list[bytes]) -> tuple[list[tuple[int, bytes]], list[Reply], BaseException | None]:
    async def go() -> tuple[list[tuple[int, bytes]], list[Reply], BaseException | None]:
        loop = asyncio.get_running_loop()
        packets: list[tuple[int, bytes]] = []
        connection = Connection(
            lambda channel, packet, _: packets.append((channel, packet)), loop.create_future()
        )
        replies: list[Reply] = []
        connection._answer = replies.append  # type: ignore[method-assign]
        for piece in data:
            if not connection.lost.done():
                connection.data_received(piece)
        return packets, replies, connection.lost.exception() if connection.lost.done() else None

    return asyncio.run(go())


STREAM = (
    b"$\x00\x00\x03abc" + b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 4\r\n\r\nbody" + b"$\x01\x00\x02xy"
    b"OPTIONS * RTSP/1.0\r\nCSeq: 9\r\n\r\n" + b"$\x00\x00\x00" + b"\x00\x01\x02junk!" + b"$\x07\x00\x04long"
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, len(STREAM)), max_size=12))
def test_however_the_bytes_are_cut(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(STREAM)]
    packets, replies, fault = read([STREAM[a:b] for a, b in pairwise(edges)])
    assert packets == [(0, b"abc"), (1, b"xy"), (0, b""), (7, b"long")]
    assert [(reply.status, reply.body) for reply in replies] == [(200, "body")]
    assert fault is None


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.binary(max_size=300) | st.sampled_from([b"RTSP/1.0 ", b"$", b"\r\n\r\n", b"Content-Length: 9"])
    )
)
def test_bytes_never_raise(pieces: list[bytes]) -> None:
    read(pieces)


@pytest.mark.parametrize(
    "data", [b"A" * 70_000, b"RTSP/1.0 200 OK\r\nContent-Length: 9999999\r\n\r\n", b"\xff" * 300_000]
)
def test_too_much_of_anything_ends_the_connection(data: bytes) -> None:
    pieces = [data[at : at + 4000] for at in range(0, len(data), 4000)]
    assert read(pieces)[2] is not None


def test_a_packet_that_comes_in_parts_is_as_old_as_its_first_byte() -> None:
    async def go() -> None:
        stamps: list[float] = []
        lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        connection = Connection(lambda _, __, now: stamps.append(now), lost)
        connection.data_received(b"$\0\0\4ab")
        between = time.monotonic()
        connection.data_received(b"cd$\0\0\1x")
        assert stamps[0] <= between <= stamps[1]

    asyncio.run(go())
