"""RTP to frames: what must come out whole, what must be dropped, and that nothing makes it raise or grow."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightpact.media.assembler import MAX_SETS
from sightpact.media.depacketise import H264, H265
from sightpact.media.frames import Frame, Parameters
from tests.media.clip import Clip, clip
from tests.media.packets import Sender

KINDS = {"h264": H264, "h265": H265}


class Sink:
    def __init__(self, codec: str, **options: int) -> None:
        self.frames: list[Frame] = []
        self.parameters: list[Parameters] = []
        self.taker = KINDS[codec](self.frames.append, self.parameters.append, payload_type=96, **options)
        self.now = 100.0

    def give(self, packets: list[bytes]) -> None:
        for packet in packets:
            self.now += 0.001
            self.taker.packet(packet, self.now)


def pictures(film: Clip, number: int) -> bytes:
    """The payload that must come out for one access unit: slices only, length-prefixed."""
    is_slice = (lambda n: 1 <= n[0] & 31 <= 5) if film.codec == "h264" else (lambda n: n[0] >> 1 & 63 < 32)
    return b"".join(len(n).to_bytes(4, "big") + n for n in film.frames[number] if is_slice(n))


@pytest.mark.parametrize("codec", ["h264", "h265"])
@pytest.mark.parametrize("size", [80, 1200, 60_000])
def test_every_frame_comes_out_whole_and_in_order(codec: str, size: int) -> None:
    film, sink, sender = clip(codec), Sink(codec), Sender()
    for nals in film.frames:
        sink.give(sender.frame(codec, nals, size=size))
    assert [frame.payload() for frame in sink.frames] == [pictures(film, i) for i in range(len(film.frames))]
    assert [frame.key for frame in sink.frames] == [i % 15 == 0 for i in range(len(film.frames))]
    assert all(frame.size == len(frame.payload()) for frame in sink.frames)
    assert len(sink.parameters) == 1
    assert (sink.parameters[0].width, sink.parameters[0].height) == (160, 96)


def test_arrived_first_is_the_arrival_of_the_first_packet() -> None:
    film, sink, sender = clip(), Sink("h264"), Sender()
    packets = sender.frame("h264", film.frames[0], size=200)
    sink.give(packets)
    assert sink.frames[0].arrived_first == pytest.approx(100.001)
    assert sink.frames[0].arrived_last == pytest.approx(100.0 + 0.001 * len(packets))


@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_begins_with_a_key_frame(codec: str) -> None:
    film, sink, sender = clip(codec), Sink(codec), Sender()
    for nals in film.frames[7:18]:
        sink.give(sender.frame(codec, nals))
    assert [frame.key for frame in sink.frames] == [True, False, False]


@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_after_a_gap_nothing_until_the_next_key_frame(codec: str) -> None:
    film, sink, sender = clip(codec), Sink(codec), Sender()
    for number, nals in enumerate(film.frames):
        packets = sender.frame(codec, nals, size=200)
        sink.give(packets[1:] if number == 5 else packets)
    assert [frame.payload() for frame in sink.frames] == [
        pictures(film, i) for i in range(30) if i < 5 or i >= 15
    ]
    assert sink.taker.lost_packets == 1


def test_a_key_frame_whose_beginning_is_missing_is_not_shown() -> None:
    film, sink, sender = clip(), Sink("h264"), Sender()
    for number, nals in enumerate(film.frames):
        packets = sender.frame("h264", nals, size=200)
        sink.give(packets[3:] if number == 15 else packets)
    assert len(sink.frames) == 15


def test_repeated_packets_are_passed_over() -> None:
    film, sink, sender = clip(), Sink("h264"), Sender()
    for nals in film.frames:
        packets = sender.frame("h264", nals, size=300)
        sink.give([packet for packet in packets for _ in range(2)])
    assert len(sink.frames) == 30


def test_stap_a() -> None:
    film, sink, sender = clip(), Sink("h264"), Sender()
    for nals in film.frames:
        body = b"\x78" + b"".join(len(nal).to_bytes(2, "big") + nal for nal in nals)
        sink.give([sender.packet(body, True)])
        sender.clock += 6000
    assert len(sink.frames) == 30


def test_aggregation_packets_h265() -> None:
    film, sink, sender = clip("h265"), Sink("h265"), Sender()
    for nals in film.frames:
        body = bytes([48 << 1, 1]) + b"".join(len(nal).to_bytes(2, "big") + nal for nal in nals)
        sink.give([sender.packet(body, True)])
        sender.clock += 6000
    assert len(sink.frames) == 30


def test_annex_b_inside_rtp() -> None:
    film, sink, sender = clip(), Sink("h264"), Sender()
    for nals in film.frames:
        sink.give([sender.packet(b"".join(b"\0\0\0\1" + nal for nal in nals), True)])
        sender.clock += 6000
    assert [frame.payload() for frame in sink.frames] == [pictures(film, i) for i in range(30)]


def test_annex_b_inside_fragments() -> None:
    film, sink, sender = clip(), Sink("h264"), Sender()
    for nals in film.frames:
        whole = nals[0] + b"".join(b"\0\0\0\1" + nal for nal in nals[1:])
        sink.give(sender.frame("h264", [whole], size=200))
    assert len(sink.frames) == 30


def test_marker_on_the_sei_does_not_end_the_frame() -> None:
    film, sink, sender = clip(), Sink("h264"), Sender()
    for nals in film.frames:
        sink.give([sender.packet(b"\x06\x05\x04abcd\x80", True)])
        sink.give(sender.frame("h264", nals))
    assert len(sink.frames) == 30


def test_a_missing_marker_costs_one_frame_of_delay_only() -> None:
    film, sink, sender = clip(), Sink("h264"), Sender()
    for nals in film.frames:
        packets = sender.frame("h264", nals)
        sink.give([packet[:1] + bytes([packet[1] & 0x7F]) + packet[2:] for packet in packets])
    assert [frame.payload() for frame in sink.frames] == [pictures(film, i) for i in range(29)]


def test_cameras_that_mark_each_slice_are_found_out() -> None:
    sink, sender = Sink("h264"), Sender()
    sets = clip().sets
    first, second = b"\x65\x88\x11\x22\x33", b"\x65\x40\x11\x22\x33"  # first_mb_in_slice 0 and not 0
    for _ in range(3):
        sink.give([sender.packet(nal, True) for nal in (*sets, first, second)])
        sender.clock += 6000
    assert [len(frame.pieces) for frame in sink.frames][-1] == 4


def test_fragments_without_an_end_bit() -> None:
    film, sink, sender = clip(), Sink("h264"), Sender()
    for nals in film.frames:
        packets = sender.frame("h264", nals, size=200)
        fixed = [p[:13] + bytes([p[13] & 0xBF]) + p[14:] if p[12] & 31 == 28 else p for p in packets]
        sink.give(fixed)
    assert [frame.payload() for frame in sink.frames] == [pictures(film, i) for i in range(30)]


def test_empty_fragments_are_harmless() -> None:
    film, sink, sender = clip(), Sink("h264"), Sender()
    for nals in film.frames:
        for packet in sender.frame("h264", nals, size=200):
            if packet[12] & 31 == 28 and not packet[13] & 0xC0:
                sender.sequence += 1
            sink.give([packet])
        sender.sequence = (int.from_bytes(packet[2:4], "big") + 1) & 0xFFFF
    assert len(sink.frames) == 30


def test_padding_extension_and_sources_in_the_header() -> None:
    film, sink, sender = clip(), Sink("h264"), Sender()
    for nals in film.frames:
        for packet in sender.frame("h264", nals):
            head, body = packet[:12], packet[12:]
            fancy = bytes([0x80 | 0x20 | 0x10 | 2]) + head[1:]
            sink.give([fancy + b"sourcsrc" + b"\xbe\xde\0\1abcd" + body + b"\0\0\3"])
    assert [frame.payload() for frame in sink.frames] == [pictures(film, i) for i in range(30)]


def test_parameters_change_in_mid_stream() -> None:
    small, large = clip(), clip(width=320, height=192)
    sink, sender = Sink("h264"), Sender()
    for nals in [*small.frames[:10], *large.frames[3:], *small.frames]:
        sink.give(sender.frame("h264", nals))
    assert [item.width for item in sink.parameters] == [160, 320, 160]
    keys = [index for index, frame in enumerate(sink.frames) if frame.key]
    assert keys[:2] == [0, 22]  # frames of the new size before their key frame never came out


def test_sets_from_the_description_and_from_nowhere() -> None:
    film, sender = clip(), Sender()
    bare = [[nal for nal in nals if nal not in film.sets] for nals in film.frames]
    told, untold = Sink("h264"), Sink("h264")
    told.taker.offer_sets([b"\x67junk", b"", *film.sets])
    for nals in bare:
        packets = sender.frame("h264", nals)
        told.give(packets)
        untold.give(packets)
    assert len(told.frames) == 30
    assert (untold.frames, untold.parameters) == ([], [])


def test_wrong_sets_in_the_description_are_replaced_in_band() -> None:
    film, sink, sender = clip(), Sink("h264"), Sender()
    sink.taker.offer_sets(clip(width=320, height=192).sets)
    for nals in film.frames:
        sink.give(sender.frame("h264", nals))
    assert (sink.parameters[-1].width, len(sink.frames)) == (160, 30)


def test_junk_sets_do_not_displace_good_ones() -> None:
    film, sink, sender = clip(), Sink("h264"), Sender()
    for number, nals in enumerate(film.frames):
        if number == 3:
            sink.give([sender.packet(b"\x67\x42\x00", False)])
        sink.give(sender.frame("h264", nals))
    assert (len(sink.frames), len(sink.parameters)) == (30, 1)


def test_a_frame_over_the_limit_is_dropped_and_the_next_key_frame_comes() -> None:
    film, sink, sender = clip(), Sink("h264", max_frame_bytes=40_000), Sender()
    sink.give(sender.frame("h264", film.frames[0]))
    sink.give(sender.frame("h264", [b"\x41" + bytes([7]) * 50_000]))
    for nals in film.frames[14:17]:
        sink.give(sender.frame("h264", nals))
    assert [frame.key for frame in sink.frames] == [True, True, False]


def held(taker: H264 | H265) -> int:
    pieces = sum(len(piece) for piece in taker._pieces) + sum(len(p) for p in taker._fragment or [])
    return pieces + sum(len(nal) for nal in taker._sets.values())


payload = st.one_of(
    st.binary(max_size=400),
    st.builds(
        lambda kind, head, rest: bytes([kind, head]) + rest,
        st.sampled_from([28, 0x7C, 24, 0x78, 0x67, 0x68, 0x65, 0x41, 49 << 1, 48 << 1, 33 << 1, 19 << 1]),
        st.integers(0, 255),
        st.binary(max_size=300),
    ),
)


@settings(max_examples=300, deadline=None)
@given(
    codec=st.sampled_from(["h264", "h265"]),
    script=st.lists(
        st.tuples(payload, st.booleans(), st.integers(0, 3), st.integers(-2, 3), st.booleans()), max_size=60
    ),
)
def test_never_raises_never_grows(codec: str, script: list[tuple[bytes, bool, int, int, bool]]) -> None:
    sink, sender = Sink(codec, max_frame_bytes=2000), Sender()
    for nals in clip(codec).frames[:1]:
        sink.give(sender.frame(codec, nals))
    for body, marker, clock, skip, raw in script:
        sender.clock += clock * 3000
        sender.sequence += skip
        sink.give([body] if raw else [sender.packet(body, marker)])
        assert held(sink.taker) <= 2 * 2000 + 400 + 3 * MAX_SETS * 2048


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(min_size=0, max_size=200), max_size=20))
def test_recovers_after_garbage(garbage: list[bytes]) -> None:
    film, sink, sender = clip(), Sink("h264"), Sender()
    for nals in film.frames[:3]:
        sink.give(sender.frame("h264", nals))
    for body in garbage:
        sink.give([sender.packet(body, False)])
    sender.clock += 6000
    before = len(sink.frames)
    for nals in film.frames[15:]:
        sink.give(sender.frame("h264", nals))
    whole = [pictures(film, i) for i in range(15, 30)]
    assert [frame.payload() for frame in sink.frames[before:]][-15:] == whole
