"""The client against a real camera server on a real socket, with the quirks and faults that cameras have."""

from __future__ import annotations

import asyncio
import dataclasses
import socket
import ssl
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from sightpact.media.frames import Frame, Parameters
from sightpact.media.source import CameraSource, State
from tests.media.certificates import certificate
from tests.media.clip import clip
from tests.media.rtsp_server import Camera, Quirks

LOOPBACK = ("127.0.0.0/8",)


class Watch:
    """A source with everything that came out of it."""

    def __init__(self, url: str, **options: Any) -> None:
        self.frames: list[Frame] = []
        self.parameters: list[Parameters] = []
        self.states: list[State] = []
        self._news = asyncio.Event()
        options.setdefault("networks", LOOPBACK)
        self.source = CameraSource(
            url, on_frame=self._frame, on_parameters=self.parameters.append, on_state=self._state, **options
        )

    def _frame(self, frame: Frame) -> None:
        self.frames.append(frame)
        self._news.set()

    def _state(self, state: State) -> None:
        self.states.append(state)
        self._news.set()

    async def __aenter__(self) -> Watch:
        self.source.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.source.stop()

    async def until(self, fact: Callable[[], Any]) -> None:
        async with asyncio.timeout(20):
            while not fact():
                self._news.clear()
                await self._news.wait()

    def names(self) -> list[str]:
        return [state.name for state in self.states]


def play(quirks: Quirks, frames: int = 5, film: Any = None, **options: Any) -> tuple[Watch, Camera]:
    """Watch a camera until some frames came."""

    async def go() -> tuple[Watch, Camera]:
        async with Camera(film, quirks) as camera, Watch(camera.url, **options) as watch:
            await watch.until(lambda: len(watch.frames) >= frames)
            return watch, camera

    return asyncio.run(go())


def refused(quirks: Quirks, state: str, **options: Any) -> State:
    """Watch a camera until it is in this state; no frame may have come."""

    async def go() -> State:
        async with Camera(None, quirks) as camera, Watch(camera.url, **options) as watch:
            await watch.until(lambda: state in watch.names())
            assert watch.frames == []
            found = watch.states[-1]
            assert str(camera.port) in found.detail
            assert str(camera.port) not in found.text
            assert found.next_try is not None
            return found

    return asyncio.run(go())


@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_plays(codec: str) -> None:
    watch, camera = play(Quirks(), film=clip(codec))
    assert watch.names()[:2] == ["connecting", "live"]
    assert watch.frames[0].key
    assert [name for name, _, _ in camera.requests][:4] == ["OPTIONS", "DESCRIBE", "SETUP", "PLAY"]
    assert all(headers["user-agent"] == "Sightpact" for _, _, headers in camera.requests)
    ticks = [frame.ticks for frame in watch.frames]
    assert [b - a for a, b in pairwise(ticks)] == [6000] * (len(ticks) - 1)


@pytest.mark.parametrize(
    ("algorithms", "chosen"),
    [
        (("MD5", "Basic"), "Digest"),
        (("Basic", "MD5"), "Digest"),
        (("Basic",), "Basic"),
        (("MD5", "SHA-256"), "algorithm=SHA-256"),
    ],
)
def test_signs_in_the_strongest_way_offered(algorithms: tuple[str, ...], chosen: str) -> None:
    quirks = Quirks(username="svc", password='pa"ss', algorithms=algorithms)
    _, camera = play(quirks, username="svc", password='pa"ss')
    assert chosen in camera.requests[-1][2]["authorization"]


@pytest.mark.parametrize(
    "quirks",
    [
        Quirks(channel=4),
        Quirks(channel=2, said_channel=0),
        Quirks(before_play=True),
        Quirks(content_base="10.0.0.1/live"),
        Quirks(content_base=""),
        Quirks(sdp=lambda text: text.replace("o=- 1 1 IN IP4 127.0.0.1\r\n", "")),
        Quirks(sdp=lambda text: text.replace("H264/90000", "H264/90000   ")),
        Quirks(sdp=lambda text: text.replace("a=fmtp:96", "a=fmtp:97"), sets_in_band=False),
        Quirks(sdp=lambda text: "\r\n".join(ln for ln in text.split("\r\n") if "fmtp" not in ln)),
        Quirks(stray=b"\r\n"),
        Quirks(stray=b"\x00\x01\x02\x03\x04"),
        Quirks(statuses={"OPTIONS": 501}),
        Quirks(mutate=lambda _, packets: [b"\x00" * 20, b"", b"\x80", *packets]),
        Quirks(setup_transport="Transport: RTP/AVP/TCP;unicast;mode=play"),
    ],
    ids=lambda quirks: ",".join(
        f.name for f in dataclasses.fields(quirks) if getattr(quirks, f.name) != getattr(Quirks(), f.name)
    ),
)
def test_quirks_that_cameras_have(quirks: Quirks) -> None:
    play(quirks)


def test_keeps_the_session_alive() -> None:
    for public, method in (("OPTIONS, PLAY", "OPTIONS"), ("OPTIONS, PLAY, GET_PARAMETER", "GET_PARAMETER")):

        async def go(public: str = public, method: str = method) -> None:
            async with Camera(None, Quirks(timeout_s=4, public=public)) as camera, Watch(camera.url) as watch:
                await watch.until(lambda: camera.asked(method) >= 2)
                assert camera.requests[-1][2]["session"] == "s1"

        asyncio.run(go())


def test_says_teardown_at_the_end() -> None:
    async def go() -> None:
        async with Camera() as camera:
            async with Watch(camera.url) as watch:
                await watch.until(lambda: watch.frames)
            async with asyncio.timeout(10):
                while not camera.asked("TEARDOWN"):
                    await asyncio.sleep(0.01)

    asyncio.run(go())


def test_sender_reports_are_kept_apart() -> None:
    async def go() -> None:
        async with Camera() as camera, Watch(camera.url) as watch:
            await watch.until(lambda: watch.source.sender_report)
            report = watch.source.sender_report
            assert report is not None and report.ntp_s == 3_900_000_000.5

    asyncio.run(go())


@pytest.mark.parametrize(
    ("quirks", "state", "words"),
    [
        (Quirks(sdp=lambda text: text.replace("H264", "JPEG")), "unsupported", "JPEG video"),
        (Quirks(sdp=lambda text: text.replace("m=video", "m=audio")), "unsupported", "offers audio"),
        (Quirks(sdp=lambda _: ""), "unsupported", "offers nothing"),
        (Quirks(statuses={"SETUP": 461}), "unsupported", "461"),
        (Quirks(setup_transport="Transport: RTP/AVP/UDP;unicast;client_port=1-2"), "unsupported", "UDP"),
        (Quirks(statuses={"DESCRIBE": 404}), "unsupported", "404"),
        (Quirks(statuses={"DESCRIBE": 302}, location="rtsp://169.254.169.254/"), "unsupported", "302"),
        (Quirks(statuses={"PLAY": 500}), "lost", "PLAY answered 500"),
        (Quirks(username="u", password="p"), "unsupported", "no user name is set"),
    ],
)
def test_what_cannot_work_is_said(quirks: Quirks, state: str, words: str) -> None:
    assert words in refused(quirks, state).detail


def test_a_wrong_password_is_tried_once_and_never_told() -> None:
    async def go() -> None:
        quirks = Quirks(username="svc", password="right")
        async with (
            Camera(None, quirks) as camera,
            Watch(camera.url, username="svc", password="wr0ng-secret") as watch,
        ):
            await watch.until(lambda: "unsupported" in watch.names())
            watch.source.hurry()
            assert camera.asked("DESCRIBE") == 2  # once without, once with
            state = watch.states[-1]
            assert "wr0ng" not in repr(watch.states)
            assert state.next_try is not None and state.next_try - state.since > 30

    asyncio.run(go())


def test_unreachable_says_what_was_tried_and_when_next() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

        async def go() -> State:
            async with Watch(f"rtsp://127.0.0.1:{port}/a") as watch:
                await watch.until(lambda: len([s for s in watch.states if s.name == "lost"]) >= 2)
                return watch.states[-1]

        state = asyncio.run(go())
    assert f"127.0.0.1:{port}" in state.detail and "refused" in state.detail.lower()
    assert state.next_try is not None


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "224.0.0.1"],
)
def test_the_guard_stands_before_the_connection(host: str) -> None:
    async def go() -> State:
        async with Watch(f"rtsp://{host}:9/a", networks=()) as watch:
            await watch.until(lambda: "unsupported" in watch.names())
            return watch.states[-1]

    assert "address" in asyncio.run(go()).detail


def test_a_camera_that_stalls_is_said_to_and_connected_anew() -> None:
    async def go() -> None:
        async with Camera(None, Quirks(silent_after=20)) as camera, Watch(camera.url, silent_s=3.0) as watch:
            await watch.until(lambda: watch.names().count("live") == 2)
            assert watch.names()[:4] == ["connecting", "live", "stalled", "lost"]
            assert camera.asked("PLAY") == 2
            assert camera.asked("TEARDOWN") >= 1

    asyncio.run(go())


def test_a_camera_that_closes_comes_back_with_a_key_frame() -> None:
    async def go() -> None:
        async with Camera(None, Quirks(close_after=25)) as camera, Watch(camera.url) as watch:
            await watch.until(lambda: watch.names().count("live") == 2)
            count = len(watch.frames)
            assert watch.frames[count - 1].key
            assert len(watch.parameters) == 2
            ticks = [frame.ticks for frame in watch.frames]
            assert ticks == sorted(set(ticks))

    asyncio.run(go())


def test_parameters_that_change_in_mid_stream() -> None:
    small, large = clip(), clip(width=320, height=192)
    film = dataclasses.replace(small, frames=[*small.frames, *large.frames])

    async def go() -> None:
        async with Camera(film, Quirks()) as camera, Watch(camera.url) as watch:
            await watch.until(lambda: len(watch.parameters) >= 3)
            assert [item.width for item in watch.parameters[:3]] in ([160, 320, 160], [320, 160, 320])
            assert watch.names() == ["connecting", "live"]

    asyncio.run(go())


def test_something_that_is_no_rtsp() -> None:
    async def go() -> State:
        async def noise(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"SSH-2.0-x\r\n" + b"\xfe" * 400_000)
            writer.close()

        server = await asyncio.start_server(noise, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with Watch(f"rtsp://127.0.0.1:{port}/a") as watch:
            await watch.until(lambda: "lost" in watch.names())
            state = watch.states[-1]
        server.close()
        return state

    assert asyncio.run(go()).text


def test_rtsps_with_a_pinned_certificate_and_without(tmp_path: Path) -> None:
    pair, pin = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*pair)

    async def go() -> None:
        async with Camera(None, None, tls=context) as camera:
            async with Watch(f"{camera.url}#sha256={pin}") as watch:
                await watch.until(lambda: watch.frames)
            for url, words in (
                (camera.url, "to pin it"),
                (f"{camera.url}#sha256={'00' * 32}", "not the pinned one"),
            ):
                async with Watch(url) as watch:
                    await watch.until(lambda: "unsupported" in watch.names())
                    assert words in watch.states[-1].detail
                    assert watch.frames == []

    asyncio.run(go())
