"""The WebSocket reader and the messages in it: limits hold, garbage closes, nothing raises anything else."""

from __future__ import annotations

import os
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightpact.live.edge import http, viewer_messages, websocket
from sightpact.live.edge.websocket import Parser, ProtocolError


def masked(opcode: int, payload: bytes, *, final: bool = True, mask: bytes | None = None) -> bytes:
    mask = os.urandom(4) if mask is None else mask
    size = len(payload)
    head = bytes([0x80 * final | opcode])
    if size < 126:
        head += bytes([0x80 | size])
    elif size < 65536:
        head += struct.pack(">BH", 0xFE, size)
    else:
        head += struct.pack(">BQ", 0xFF, size)
    return head + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))


def test_the_handshake_answer_of_the_standard() -> None:
    assert websocket.accept_key("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([1, 2]), st.binary(max_size=1000)), max_size=8),
    st.lists(st.integers(0, 9000), max_size=10),
)
def test_however_the_bytes_are_cut(messages: list[tuple[int, bytes]], cuts: list[int]) -> None:
    data = b"".join(masked(opcode, payload) for opcode, payload in messages)
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    parser, got = Parser(1000), []
    for at in range(len(edges) - 1):
        got += parser.feed(data[edges[at] : edges[at + 1]])
    assert got == messages


@settings(deadline=None, max_examples=300)
@given(st.lists(st.binary(max_size=200), max_size=20))
def test_garbage_raises_one_error_and_never_piles_up(pieces: list[bytes]) -> None:
    parser = Parser(4096)
    try:
        for piece in pieces:
            for opcode, payload in parser.feed(piece):
                assert len(payload) <= 4096
                if opcode == websocket.TEXT:
                    viewer_messages.read(payload)
            assert len(parser._rest) <= 4096 + 14
    except ProtocolError as fault:
        assert 4400 <= fault.code < 4500


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (websocket.frame(1, b"{}"), 4400),  # not masked
        (masked(1, b"{}", final=False), 4400),
        (masked(0, b"{}"), 4400),
        (masked(3, b""), 4400),
        (bytes([0xC1, 0x80]) + b"\0\0\0\0", 4400),
        (masked(9, b"x" * 126), 4400),
        (masked(1, b"x" * 101), 4413),
        (b"\x81\xff" + struct.pack(">Q", 2**63) + b"\0\0\0\0", 4413),
    ],
    ids=["unmasked", "in parts", "a part alone", "opcode", "reserved bits", "long ping", "long text", "huge"],
)
def test_what_closes_the_socket(data: bytes, code: int) -> None:
    with pytest.raises(ProtocolError) as caught:
        Parser(100).feed(data)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"t":"other"}', '{"t":"hello"}', '{"t":"hello","ticket":1}', '{"t":"hello","ticket":"a","x":1}',
     '{"t":"open","tiles":[{"tile":0,"camera":"a"}]}', '{"t":"open","tiles":[{"tile":1}]}', '{"t":"focus","tile":-1}',
     '{"t":"open","tiles":[' + ",".join('{"tile":1,"camera":"a"}' for _ in range(65)) + "]}", "\udcff",
     '{"t":"close","tiles":"1"}',
     "[" * 5000],
)  # fmt: skip
def test_messages_that_are_none(text: str) -> None:
    with pytest.raises(ProtocolError):
        viewer_messages.read(text.encode("utf-8", "surrogateescape"))


@given(st.text(max_size=300))
def test_close_frames_hold_what_they_can(text: str) -> None:
    frame = websocket.close_frame(4402, text)
    assert frame[1] == len(frame) - 2 <= 125
    assert text.startswith(frame[4:].decode())


HEAD = (
    "GET /live HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: sightpact.v1\r\nOrigin: http://a"
)


def test_handshakes() -> None:
    assert b"101" in http.upgrade(http.parse(HEAD.encode()))
    for old, new in (
        ("sightpact.v1", "other"),
        ("websocket\r\n", "h2c\r\n"),
        ("Version: 13", "Version: 8"),
        ("nonce", ""),
    ):
        with pytest.raises(http.BadRequest):
            http.upgrade(
                http.parse(
                    HEAD.replace(old, new)
                    .replace("dGhlIHNhbXBsZSBub25jZQ==", "x" * 24 if new else "x")
                    .encode()
                )
            )
    with pytest.raises(http.BadRequest):
        http.parse((HEAD + "\r\nOrigin: http://b").encode())


@given(st.binary(max_size=500))
def test_heads_never_raise_otherwise(head: bytes) -> None:
    try:
        http.upgrade(http.parse(head))
    except http.BadRequest as fault:
        assert fault.status[0] == "4"
