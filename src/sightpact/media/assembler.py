"""RTP packets to frames: what H.264 and H.265 have in common. The codecs stand in `depacketise.py`.

Never raises on what a camera sends, never holds more than `max_frame_bytes`. After a gap nothing is handed on
until the next key frame, because a decoder would show smeared pictures otherwise.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from sightpact.media import rtp
from sightpact.media.bits import BitsError
from sightpact.media.frames import Frame, Parameters

MAX_FRAME_BYTES = 4 * 1024 * 1024  # bytes of one frame; a 4K key frame is 1 to 2 MB
MAX_SET_BYTES = 2048  # bytes of one parameter set
MAX_SETS = 8  # parameter sets kept of each kind

_LENGTH = struct.Struct(">I")
_OLD = 0x10000 - 64  # sequence numbers up to 64 behind are repeats, not gaps


class Assembler:
    """Collects the NAL units of one frame until its marker bit.

    Args:
        on_frame: called with each whole frame, from a key frame on, when parameters are known.
        on_parameters: called before the first frame and whenever parameters change (the next frame is a key
            frame).
        payload_type: the one of the SDP; other payload types are ignored. None takes any.
        max_frame_bytes: a larger frame is dropped.
    """

    def __init__(
        self,
        on_frame: Callable[[Frame], None],
        on_parameters: Callable[[Parameters], None],
        *,
        payload_type: int | None = None,
        max_frame_bytes: int = MAX_FRAME_BYTES,
    ) -> None:
        self._on_frame, self._on_parameters = on_frame, on_parameters
        self._payload_type, self._max = payload_type, max_frame_bytes
        self._sets: dict[tuple[int, int], bytes] = {}  # (kind, id) to NAL unit
        self._sets_changed = False
        self._known: Parameters | None = None
        self._expected: int | None = None  # next sequence number
        self._repeats = 0
        self._after_gap = False
        self._first: float | None = None  # arrival of the frame's first packet
        self._need_key = True
        self._by_time = False  # frames end when RTP time changes: for cameras that mark each slice
        self._last_time: int | None = None  # RTP time of the last frame handed on
        self._fragment: list[bytes] | None = None  # an unfinished fragmented NAL unit
        self._clear(None, 0.0)
        self.lost_packets = self.bad_packets = self.dropped_frames = 0

    # for the codecs -----------------------------------------------------------------------------------------
    def _payload(self, data: bytes) -> None:
        """Take one RTP payload apart: calls `_nal`, `_fragment_*`."""
        raise NotImplementedError

    def _classify(self, nal: bytes) -> None:
        """Decide what one whole NAL unit is for: `_picture`, `_parameter_set` or nothing."""
        raise NotImplementedError

    def _check(self, kind: int, nal: bytes) -> None:
        """Raise BitsError for a parameter set that cannot be read: it must not displace a good one."""
        raise NotImplementedError

    def _build(self) -> Parameters | None:
        """Parameters from the sets known so far; None while one is missing. May raise BitsError."""
        raise NotImplementedError

    # packets ------------------------------------------------------------------------------------------------
    def packet(self, packet: bytes, now: float) -> None:
        """Take one RTP packet. `now`: monotonic seconds at which its first byte was read."""
        header = rtp.parse(packet)
        if header is None:
            self.bad_packets += 1
            return
        payload_type, marker, sequence, rtp_time, start, end = header
        if payload_type != self._payload_type and self._payload_type is not None:
            self.bad_packets += 1
            return
        if sequence != self._expected and self._expected is not None:
            if not self._gap(sequence):
                return
        elif self._repeats:
            self._repeats = 0
        self._expected = (sequence + 1) & 0xFFFF
        if rtp_time != self._time:
            if self._fragment is not None:
                self._fragment_end()  # no packet is missing, so only the end bit is
            if self._pieces or self._broken:
                self._end_frame()
            self._clear(rtp_time, now)
        elif self._first is None:
            self._first = now
        self._last_arrival = now
        if end > start:
            self._payload(packet[start:end])
        if marker and not self._by_time:
            if self._fragment is not None:
                self._fragment_end()  # no packet is missing, so only the end bit is
            if self._pieces or self._broken:
                self._end_frame()
                self._clear(rtp_time, None)

    def _gap(self, sequence: int) -> bool:
        """A sequence number other than expected. Returns whether the packet is worth reading."""
        ahead = (sequence - (self._expected or 0)) & 0xFFFF
        if ahead >= _OLD and self._repeats < 64:
            self._repeats += 1
            return False
        self._repeats = 0
        self.lost_packets += ahead if ahead < 0x8000 else 0
        self._need_key = self._broken = self._after_gap = True
        self._fragment = None
        return True

    def _clear(self, rtp_time: int | None, now: float | None) -> None:
        """Begin a frame. `now` is None when the marker bit just ended one with this very RTP time."""
        self._pieces: list[bytes] = []
        self._size = 0
        self._key = False
        self._time = rtp_time
        self._first = now
        self._resumed = now is None
        self._last_arrival = now or 0.0
        self._broken = False
        self._fragment = None

    def _end_frame(self) -> None:
        if self._broken or not self._pieces:
            self._drop()
            return
        if self._key and self._sets_changed:
            self._adopt_sets()
        if self._known is None or self._sets_changed or (self._need_key and not self._key):
            self._drop()
            return
        self._need_key = False
        self._last_time = self._time
        first = self._last_arrival if self._first is None else self._first
        self._on_frame(Frame(self._pieces, self._size, self._key, self._time or 0, first, self._last_arrival))

    def _drop(self) -> None:
        self.dropped_frames += 1
        self._need_key = True

    def _adopt_sets(self) -> None:
        try:
            parameters = self._build()
        except BitsError:
            self._sets_changed = False  # unreadable sets are no news; the ones in use stay in use
            return
        if parameters is None:
            return
        self._sets_changed = False
        if self._known is None or parameters.record != self._known.record:
            self._known = parameters
            self._on_parameters(parameters)

    # NAL units ----------------------------------------------------------------------------------------------
    def _nal(self, nal: bytes) -> None:
        """One whole NAL unit; Annex B start codes inside RTP (they must not be there) are taken apart."""
        if b"\x00\x00\x01" in nal:
            for part in nal.split(b"\x00\x00\x01"):
                if part := part.rstrip(b"\x00"):
                    self._classify(part)
        elif nal:
            self._classify(nal)

    def _picture(self, nal: bytes, key: bool, first_slice: bool) -> None:
        """A slice of the picture. `first_slice`: whether it begins a picture."""
        if not self._pieces and not first_slice and (self._resumed or self._after_gap):
            if self._resumed and self._time == self._last_time:
                self._by_time = True  # this camera marks each slice: the frame was cut short
            self._broken = self._need_key = True
        self._after_gap = False
        self._size += 4 + len(nal)
        if self._size > self._max:
            self._broken = True
            self._pieces = []
        if self._broken:
            return
        self._key = self._key or key
        self._pieces.append(_LENGTH.pack(len(nal)))
        self._pieces.append(nal)

    def _parameter_set(self, kind: int, number: int, nal: bytes) -> None:
        nal = nal.rstrip(b"\x00")
        if not nal or len(nal) > MAX_SET_BYTES or self._sets.get((kind, number)) == nal:
            return
        self._check(kind, nal)
        if (kind, number) not in self._sets and sum(
            1 for known, _ in self._sets if known == kind
        ) >= MAX_SETS:
            return
        self._sets.pop((kind, number), None)
        self._sets[kind, number] = nal  # the newest stands last
        self._sets_changed = True

    def _of_kind(self, kind: int) -> list[bytes]:
        return [nal for (known, _), nal in self._sets.items() if known == kind]

    def offer_sets(self, nals: list[bytes]) -> None:
        """Parameter sets from the SDP. Wrong ones do no harm: those sent in-band replace them."""
        for nal in nals:
            if nal:
                self._classify(nal)
        self._clear(None, 0.0)
        self._need_key = True

    # fragmented NAL units -----------------------------------------------------------------------------------
    def _fragment_begin(self, header: bytes, data: bytes) -> None:
        if self._fragment is not None:
            self._fragment_end()  # no packet is missing, so only the end bit is
        self._fragment = [header, data]
        self._fragment_size = len(data)

    def _fragment_more(self, data: bytes) -> None:
        if self._fragment is None:
            self._broken = True
            return
        self._fragment_size += len(data)
        if self._fragment_size > self._max:
            self._fragment = None
            self._broken = True
            return
        self._fragment.append(data)

    def _fragment_end(self) -> None:
        fragment, self._fragment = self._fragment, None
        if fragment is not None:
            self._nal(b"".join(fragment))
