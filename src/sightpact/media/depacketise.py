"""RTP payload formats: RFC 6184 (H.264) and RFC 7798 (H.265), as cameras really send them."""

from __future__ import annotations

from sightpact.media import h264, h265
from sightpact.media.assembler import Assembler
from sightpact.media.bits import BitsError
from sightpact.media.frames import Parameters


class H264(Assembler):
    """Single NAL units, STAP-A, FU-A; aggregates of other kinds and interleaved mode are not sent by
    cameras."""

    def _payload(self, data: bytes) -> None:
        kind = data[0] & 0x1F
        if kind == 28:  # FU-A
            if len(data) < 2:
                self._broken = True
                return
            head = data[1]
            if head & 0x80:
                self._fragment_begin(bytes([data[0] & 0xE0 | head & 0x1F]), data[2:])
            else:
                self._fragment_more(data[2:])
            if head & 0x40:
                self._fragment_end()
            return
        if self._fragment is not None:
            self._fragment_end()
        if kind == 24:  # STAP-A
            self._aggregate(data)
        elif kind <= 23:
            self._nal(data)
        else:
            self.bad_packets += 1

    def _aggregate(self, data: bytes) -> None:
        at = 1
        while at + 2 <= len(data):
            size = data[at] << 8 | data[at + 1]
            at += 2
            if at + size > len(data):
                self._broken = True
                return
            self._nal(data[at : at + size])
            at += size

    def _classify(self, nal: bytes) -> None:
        kind = nal[0] & 0x1F
        if 1 <= kind <= h264.IDR:
            self._picture(nal, kind == h264.IDR, len(nal) > 1 and bool(nal[1] & 0x80))
        elif kind in (h264.SPS, h264.PPS):
            try:
                self._parameter_set(kind, h264.set_id(nal), nal)
            except BitsError:
                self.bad_packets += 1
        # SEI (camera texts), delimiters, filler and extensions do not leave the gateway

    def _check(self, kind: int, nal: bytes) -> None:
        if kind == h264.SPS:
            h264.parse_sps(nal)

    def _build(self) -> Parameters | None:
        sps, pps = self._of_kind(h264.SPS), self._of_kind(h264.PPS)
        return h264.parameters(sps, pps) if sps and pps else None


class H265(Assembler):
    """Single NAL units, AP, FU; no DONL, which belongs to interleaved sending."""

    def _payload(self, data: bytes) -> None:
        if len(data) < 3:
            self.bad_packets += 1
            return
        kind = data[0] >> 1 & 0x3F
        if kind == 49:  # FU
            head = data[2]
            if head & 0x80:
                self._fragment_begin(bytes([data[0] & 0x81 | (head & 0x3F) << 1, data[1]]), data[3:])
            else:
                self._fragment_more(data[3:])
            if head & 0x40:
                self._fragment_end()
            return
        if self._fragment is not None:
            self._fragment_end()
        if kind == 48:  # AP
            at = 2
            while at + 2 <= len(data):
                size = data[at] << 8 | data[at + 1]
                at += 2
                if at + size > len(data):
                    self._broken = True
                    return
                self._nal(data[at : at + size])
                at += size
        elif kind < 48:
            self._nal(data)
        else:
            self.bad_packets += 1

    def _classify(self, nal: bytes) -> None:
        if len(nal) < 3 or nal[0] & 1 or nal[1] >> 3:  # layers above the base are not for us
            return
        kind = nal[0] >> 1 & 0x3F
        if kind in (8, 9):  # RASL: needs pictures from before the key frame
            return
        if kind < 32:
            self._picture(nal, 16 <= kind <= 21, bool(nal[2] & 0x80))
        elif kind in (h265.VPS, h265.SPS, h265.PPS):
            try:
                self._parameter_set(kind, h265.set_id(nal), nal)
            except BitsError:
                self.bad_packets += 1

    def _check(self, kind: int, nal: bytes) -> None:
        if kind == h265.SPS:
            h265.parse_sps(nal)

    def _build(self) -> Parameters | None:
        vps, sps, pps = (self._of_kind(kind) for kind in (h265.VPS, h265.SPS, h265.PPS))
        return h265.parameters(vps, sps, pps) if vps and sps and pps else None
