"""Entries: canonical bytes, what is in clear, what is committed to, what is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from sightpact.ledger import entries
from sightpact.ledger.entries import NewEntry, Secret, commitment, decode, encode, instant, stamp
from sightpact.ledger.errors import BadEntry
from sightpact.ledger.tiles import MAX_ENTRY, bundles, decode_bundle, encode_bundle, hash_tiles, tile_path

AT = "2026-11-21T14:32:05.12Z"
texts = st.text(st.characters(codec="utf-8"), max_size=60)


def salt(count: int) -> bytes:
    return bytes(range(count))


def test_bytes_are_rfc_8785_and_hold_no_more_than_said() -> None:
    entry = NewEntry(
        "stream_end", party="lakeview-pd", seconds=3, ref=0, secret={"camera": Secret("c", "Hall")}
    )
    data, openings = encode(entry, AT, salt).data, encode(entry, AT, salt).openings
    record = json.loads(data)
    assert data == rfc8785.dumps(record) and set(record) == {
        "v",
        "type",
        "at",
        "party",
        "seconds",
        "ref",
        "camera",
    }
    assert record["camera"] == commitment("camera", openings[0].salt, "c", "Hall")
    assert decode(data) == record


@given(texts, texts)
def test_the_commitment_is_over_rfc_8785(key: str, value: str) -> None:
    import hashlib

    body = rfc8785.dumps({"key": key, "value": value})
    expected = hashlib.sha256(b"sightpact/opening/v1\nperson\n" + bytes(32) + body).hexdigest()
    assert commitment("person", bytes(32), key, value) == expected


@given(texts, texts, texts)
def test_a_commitment_binds_field_key_and_value(key: str, value: str, other: str) -> None:
    mine = commitment("person", bytes(32), key, value)
    assert mine != commitment("camera", bytes(32), key, value)
    assert mine != commitment("person", bytes(31) + b"\1", key, value)
    if other != value:
        assert mine != commitment("person", bytes(32), key, other)
    assert not value or mine != commitment("person", bytes(32), key + value, "")


def test_every_field_is_in_clear_or_committed() -> None:
    assert not set(entries.SECRET) & {*entries.CLEAR_TEXT, *entries.CLEAR_NUMBERS}
    fields = set(NewEntry.__dataclass_fields__) - {"secret"}
    assert fields == {"type", *entries.CLEAR_TEXT, *entries.CLEAR_NUMBERS}


@pytest.mark.parametrize(
    "entry",
    [
        NewEntry("made_up"),
        NewEntry("admission", clause="x" * 201),
        NewEntry("admission", clause="a\nb"),
        NewEntry("admission", seconds=-1),
        NewEntry("admission", seconds=1.5),  # type: ignore[arg-type]
        NewEntry("admission", seconds=True),
        NewEntry("admission", bytes=2**53),
        NewEntry("admission", secret={"name": Secret("", "")}),
        NewEntry("admission", secret={"person": Secret("", "x" * 4001)}),
        NewEntry("admission", secret={"person": Secret("", "\ud800")}),
    ],
)
def test_what_the_schema_does_not_allow(entry: NewEntry) -> None:
    with pytest.raises(BadEntry):
        encode(entry, AT, salt)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{",
        b'{"at":"2026-11-21T14:32:05.12Z","type":"admission","v":2}',
        b'{"at":"2026-11-21T14:32:05.12Z","type":"made_up","v":1}',
        b'{"at":"2026-11-21T14:32:05.1Z","type":"admission","v":1}',
        b'{"at":"2026-13-21T14:32:05.12Z","type":"admission","v":1}',
        b'{"at": "2026-11-21T14:32:05.12Z","type":"admission","v":1}',
        b'{"at":"2026-11-21T14:32:05.12Z","extra":1,"type":"admission","v":1}',
        b'{"at":"2026-11-21T14:32:05.12Z","seconds":1.5,"type":"admission","v":1}',
        b'{"at":"2026-11-21T14:32:05.12Z","seconds":true,"type":"admission","v":1}',
        b'{"at":"2026-11-21T14:32:05.12Z","person":"Omar","type":"admission","v":1}',
        b'{"v":1,"at":"2026-11-21T14:32:05.12Z","type":"admission"}',
        b'{"at":"2026-11-21T14:32:05.12Z","type":"admission","type":"admission","v":1}',
        b"[" * 100_000,
    ],
)
def test_bytes_that_we_never_wrote(data: bytes) -> None:
    with pytest.raises(BadEntry):
        decode(data)


def test_time_is_cut_to_hundredths_in_utc() -> None:
    local = datetime(2026, 11, 21, 8, 32, 5, 129_999, timezone(timedelta(hours=-6)))
    assert stamp(local) == AT and instant(AT) == datetime(2026, 11, 21, 14, 32, 5, 120_000, UTC)


@given(st.lists(st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)), min_size=2))
def test_stamps_sort_as_time(moments: list[datetime]) -> None:
    ordered = sorted(moments)
    assert [stamp(m) for m in ordered] == sorted(stamp(m) for m in moments)


def test_tile_paths_of_the_specification() -> None:
    assert tile_path(0, 1234067) == "tile/0/x001/x234/067"
    assert tile_path("entries", 0, 1) == "tile/entries/000.p/1"
    assert tile_path(2, 999) == "tile/2/999" and tile_path(2, 1000) == "tile/2/x001/000"
    assert list(hash_tiles(256)) == [(0, 0, 256), (1, 0, 1)] and list(hash_tiles(0)) == []
    assert list(hash_tiles(70_000))[-1] == (2, 0, 1) and list(bundles(257)) == [(0, 256), (1, 1)]


@given(st.lists(st.binary(max_size=300), max_size=20), st.integers(0, 10_000))
def test_bundles(data: list[bytes], cut: int) -> None:
    packed = encode_bundle(data)
    assert decode_bundle(packed) == (data, "")
    kept, wrong = decode_bundle(packed[:cut])
    assert kept == data[: len(kept)] and (wrong or len(packed[:cut]) == sum(2 + len(d) for d in kept))
    with pytest.raises(BadEntry):
        encode_bundle([bytes(MAX_ENTRY + 1)])
