"""What browsers and the edge say to each other as JSON (docs/design/0001). Data and encoding only."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from sightpact.live.edge import websocket

MAX_TILES = 64
Number = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=256)]


class _Said(msgspec.Struct, frozen=True, tag_field="t", forbid_unknown_fields=True):
    pass


class Hello(_Said, frozen=True, tag="hello"):
    ticket: Name


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    tile: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    camera: Name


class Open(_Said, frozen=True, tag="open"):
    tiles: Annotated[list[Wanted], msgspec.Meta(max_length=MAX_TILES)]


class Close(_Said, frozen=True, tag="close"):
    tiles: Annotated[list[Number], msgspec.Meta(max_length=MAX_TILES)]


class Focus(_Said, frozen=True, tag="focus"):
    tile: Number


Said = Hello | Open | Close | Focus
_decoder: msgspec.json.Decoder[Said] = msgspec.json.Decoder(Said)
_encoder = msgspec.json.Encoder()


def read(payload: bytes) -> Said:
    """One message of a browser.

    Raises:
        ProtocolError: no JSON, an unknown message, or a field that does not fit.
    """
    try:
        return _decoder.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        raise websocket.ProtocolError(websocket.BAD_MESSAGE, str(fault)[:200]) from None


def say(kind: str, **fields: Any) -> bytes:
    """One message to a browser, framed."""
    return websocket.frame(websocket.TEXT, _encoder.encode({"t": kind, **fields}))
