"""One RTSP session: from OPTIONS to PLAY, kept alive, to TEARDOWN. Video over interleaved TCP only.

Frames come out of the depacketiser's callbacks; this file only speaks the protocol and its quirks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from sightpact.media import rtp
from sightpact.media.depacketise import H264, H265
from sightpact.media.errors import Lost, MediaError, Refused, Unsupported
from sightpact.media.frames import Frame, Parameters, SenderReport
from sightpact.media.rtsp import auth, sdp, url
from sightpact.media.rtsp.connect import connect
from sightpact.media.rtsp.connection import Connection, Reply

STEP_S = 5.0  # seconds for the connection and for each reply
SESSION_S = 60  # the protocol's default when a camera announces no timeout


@dataclass(frozen=True, slots=True)
class Target:
    """Which camera, and as whom."""

    address: url.Address
    username: str = ""
    password: str = ""
    networks: tuple[str, ...] = ()


class Session:
    """A playing session. Make it with `open_session`."""

    def __init__(
        self, target: Target, on_frame: Callable[[Frame], None], on_parameters: Callable[[Parameters], None]
    ):
        self._target, self._on_frame, self._on_parameters = target, on_frame, on_parameters
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.assembler: H264 | H265 | None = None
        self.sender_report: SenderReport | None = None
        self._connection: Connection
        self._challenge: auth.Challenge | None = None
        self._session = ""
        self._timeout_s = SESSION_S
        self._public: set[str] = set()
        self._channel: int | None = None
        self._payload_type = -1
        self._seen = False  # whether a packet came on the channel agreed upon
        self._url = target.address.url
        self._alive: asyncio.Task[None] | None = None

    # packets ------------------------------------------------------------------------------------------------
    def _packet(self, channel: int, packet: bytes, now: float) -> None:
        if channel == self._channel:
            self._seen = True
            assert self.assembler is not None
            self.assembler.packet(packet, now)
        elif self._channel is None or self.assembler is None:
            return  # data before SETUP was answered
        elif channel == self._channel + 1:
            self.sender_report = rtp.sender_report(packet, now) or self.sender_report
        elif (
            not self._seen
            and len(packet) >= 12
            and packet[0] >> 6 == 2
            and packet[1] & 0x7F == self._payload_type
        ):
            self._channel, self._seen = channel, True  # the camera sends on another channel than it said
            self.assembler.packet(packet, now)

    # requests -----------------------------------------------------------------------------------------------
    def _headers(self, method: str, uri: str) -> dict[str, str]:
        headers = {"Session": self._session} if self._session else {}
        if self._challenge is not None:
            target = self._target
            headers["Authorization"] = auth.authorization(
                self._challenge, target.username, target.password, method, uri
            )
        return headers

    async def _ask(self, method: str, uri: str, extra: dict[str, str] | None = None) -> Reply:
        """One request; answers a challenge once, and once more when only the nonce was stale."""
        for attempt in range(3):
            reply = await self._connection.request(
                method, uri, self._headers(method, uri) | (extra or {}), STEP_S
            )
            if session := reply.headers.get("session"):
                self._take_session(session)  # ids change between SETUPs on some cameras: the last one counts
            if reply.status != 401:
                break
            challenge = auth.strongest(reply.challenges)
            if challenge is None or not self._target.username:
                break
            if self._challenge is not None and not (
                challenge.stale or challenge.nonce != self._challenge.nonce
            ):
                break
            if attempt and not challenge.stale:
                break
            self._challenge = challenge
        if reply.status in (401, 403):
            what = "the user name or password is wrong" if self._target.username else "no user name is set"
            raise Refused(
                "The camera refuses our sign-in. District IT can correct its user name and password.",
                f"{self._target.address.place}: {method} answered {reply.status}; {what}",
            )
        if 300 <= reply.status < 400:
            raise Refused(
                "The camera sends us to another address, which Sightpact does not follow.",
                f"{self._target.address.place}: {method} answered {reply.status}; enter the new address",
            )
        return reply

    def _take_session(self, header: str) -> None:
        name, _, rest = header.partition(";")
        self._session = name.strip()
        for part in rest.split(";"):
            key, _, value = part.strip().partition("=")
            if key.strip().lower() == "timeout" and value.strip()[:6].isdigit():
                self._timeout_s = max(4, int(value.strip()[:6]))

    async def _start(self) -> None:
        target = self._target
        self._connection = await connect(
            target.address, target.networks, lambda: Connection(self._packet, self.lost), STEP_S
        )
        reply = await self._ask("OPTIONS", self._url)
        self._public = {
            word.strip().upper() for word in reply.headers.get("public", "").split(",") if word.strip()
        }
        reply = await self._ask("DESCRIBE", self._url, {"Accept": "application/sdp"})
        self._expect(reply, "DESCRIBE")
        track = sdp.video_track(reply.body)
        if isinstance(track, str):
            raise Unsupported(
                "The camera offers no video that Sightpact can play (H.264 or H.265).",
                f"{target.address.place}: DESCRIBE offers {track}",
            )
        self._payload_type = track.payload_type
        kind = H264 if track.encoding == "H264" else H265
        self.assembler = kind(self._on_frame, self._on_parameters, payload_type=track.payload_type)
        self.assembler.offer_sets(track.sets)
        base = url.base(self._url, reply.headers)
        await self._setup(url.control(base, track.control))
        self._expect(await self._ask("PLAY", base, {"Range": "npt=0.000-"}), "PLAY")
        self._url = base
        self._alive = asyncio.get_running_loop().create_task(self._keep_alive())

    async def _setup(self, candidates: list[str]) -> None:
        reply = None
        for candidate in candidates:
            reply = await self._ask("SETUP", candidate, {"Transport": "RTP/AVP/TCP;unicast;interleaved=0-1"})
            if reply.status not in (400, 404, 454, 455):
                break
        assert reply is not None
        if reply.status == 461:
            raise Unsupported(
                "The camera does not send video over TCP, the only way Sightpact receives it.",
                f"{self._target.address.place}: SETUP over TCP answered 461 Unsupported transport",
            )
        self._expect(reply, "SETUP")
        transport = reply.headers.get("transport", "")
        if "interleaved" not in transport.lower() and "udp" in transport.lower():
            raise Unsupported(
                "The camera sends video over UDP only, which Sightpact does not receive.",
                f"{self._target.address.place}: SETUP over TCP was answered with {transport[:80]!r}",
            )
        self._channel = 0
        for part in transport.split(";"):
            name, _, value = part.strip().partition("=")
            first = value.split("-")[0].strip()
            if name.lower() == "interleaved" and first.isascii() and first.isdigit() and int(first) < 256:
                self._channel = int(first)

    def _expect(self, reply: Reply, method: str) -> None:
        if reply.status == 200:
            return
        detail = f"{self._target.address.place}: {method} answered {reply.status} {reply.reason}"[:200]
        if reply.status == 404:
            raise Unsupported("The camera does not know the stream that it is asked for.", detail)
        raise Lost(f"The camera answered {method} with an error ({reply.status}).", detail)

    async def _keep_alive(self) -> None:
        """At half the session's time. Begins with what the camera lists; changes over when that is
        refused."""
        method = "GET_PARAMETER" if "GET_PARAMETER" in self._public else "OPTIONS"
        while True:
            await asyncio.sleep(self._timeout_s / 2)
            try:
                reply = await self._connection.request(
                    method, self._url, self._headers(method, self._url), STEP_S
                )
            except MediaError:
                continue  # some cameras answer none; whether pictures come is what counts
            if reply.status == 401:
                self._challenge = auth.strongest(reply.challenges) or self._challenge
            elif reply.status >= 400:
                method = "OPTIONS" if method == "GET_PARAMETER" else "GET_PARAMETER"

    def received(self) -> int:
        """Bytes received so far."""
        return self._connection.received

    def close(self) -> None:
        """Say TEARDOWN and close, without waiting."""
        if self._alive is not None:
            self._alive.cancel()
        connection = getattr(self, "_connection", None)
        if connection is None:
            return
        if not self.lost.done():
            if self._session:
                connection.send_only("TEARDOWN", self._url, self._headers("TEARDOWN", self._url))
            self.lost.set_result(None)
        connection.close()


async def open_session(
    target: Target, on_frame: Callable[[Frame], None], on_parameters: Callable[[Parameters], None]
) -> Session:
    """Connect and play.

    Args:
        target: which camera, and as whom.
        on_frame, on_parameters: see `Assembler`.

    Raises:
        MediaError: what stands in the way (`Lost`, `Unsupported`, `Refused`).
    """
    session = Session(target, on_frame, on_parameters)
    try:
        await session._start()
    except BaseException:
        session.close()
        raise
    return session
