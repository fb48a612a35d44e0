from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightpact.cameras.address import check
from sightpact.cameras.errors import AddressFault
from sightpact.wire.address import allowed

GOOD = [
    "rtsp://10.20.0.5/stream1",
    "rtsps://10.20.0.5:322/stream1",
    "rtsp://192.168.1.9:8554/Streaming/Channels/101?transportmode=unicast&profile=Profile_1",
    "rtsp://cam-12.lakeview.example/live",
    "rtsp://cam_12/live",
    "rtsp://[2001:db8::5]:554/live",
    "rtsp://[fd12:3456::5]/live",
    "rtsp://203.0.113.9/",
    "RTSP://10.20.0.5",
]
BAD = {
    "": "1 to 500",
    "rtsp://10.0.0.1/a b": "without spaces",
    "rtsp://10.0.0.1/\n": "without spaces",
    "rtsp://10.0.0.1/ü": "without spaces",
    "rtsp://10.0.0.1/" + "x" * 500: "1 to 500",
    "http://10.0.0.1/": "Only rtsp",
    "file:///etc/passwd": "Only rtsp",
    "10.0.0.1/stream": "Only rtsp",
    "rtsp:///stream": "no host",
    "rtsp://admin:secret@10.0.0.1/": "username and password",
    "rtsp://admin@10.0.0.1/": "username and password",
    "rtsp://@10.0.0.1/": "username and password",
    "rtsp://10.0.0.1/s?user=admin&password=x": "username and password",
    "rtsp://10.0.0.1/s?PWD=x": "username and password",
    "rtsp://10.0.0.1/s#x": "#",
    "rtsp://10.0.0.1\\@evil/": "",
    "rtsp://10.0.0.1:0/": "port 0",
    "rtsp://10.0.0.1:99999/": "cannot be read",
    "rtsp://10.0.0.1:x/": "cannot be read",
    "rtsp://[::1/": "cannot be read",
    "rtsp://127.0.0.1/": "loopback",
    "rtsp://127.8.9.1/": "loopback",
    "rtsp://[::1]/": "loopback",
    "rtsp://[::ffff:127.0.0.1]/": "loopback",
    "rtsp://[64:ff9b::7f00:1]/": "loopback",
    "rtsp://[2002:7f00:1::]/": "loopback",
    "rtsp://0.0.0.0/": "unspecified",
    "rtsp://[::]/": "unspecified",
    "rtsp://169.254.1.1/": "link-local",
    "rtsp://[fe80::1]/": "link-local",
    "rtsp://[fe80::1%25eth0]/": "interface",
    "rtsp://169.254.169.254/": "metadata",
    "rtsp://[::ffff:169.254.169.254]/": "metadata",
    "rtsp://[fd00:ec2::254]/": "metadata",
    "rtsp://100.100.100.200/": "metadata",
    "rtsp://224.0.0.1/": "multicast",
    "rtsp://[ff02::1]/": "multicast",
    "rtsp://255.255.255.255/": "broadcast",
    "rtsp://localhost/": "this machine",
    "rtsp://LOCALHOST./": "this machine",
    "rtsp://a.localhost/": "this machine",
    "rtsp://metadata.google.internal/": "this machine",
    "rtsp://127.1/": "unusual form",
    "rtsp://2130706433/": "unusual form",
    "rtsp://0x7f000001/": "unusual form",
    "rtsp://0177.0.0.1/": "unusual form",
    "rtsp://10.0.0.0x1/": "unusual form",
    "rtsp://010.000.000.001/": "unusual form",
    "rtsp://-a.example/": "neither",
    "rtsp://a..example/": "neither",
    "rtsp://a%2e.example/": "neither",
}


@pytest.mark.parametrize("address", GOOD)
def test_plain_camera_addresses_are_taken_unchanged(address: str) -> None:
    assert check(address) == address


@pytest.mark.parametrize(("address", "why"), BAD.items(), ids=range(len(BAD)))
def test_others_are_refused_with_reason_and_remedy(address: str, why: str) -> None:
    with pytest.raises(AddressFault) as fault:
        check(address)
    assert why in str(fault.value) and fault.value.next_step
    assert "secret" not in str(fault.value)


@pytest.mark.parametrize(
    "address", ["rtsp://127.0.0.1:8554/a", "rtsp://localhost:8554/a", "rtsp://[::ffff:127.0.0.1]/"]
)
def test_a_named_network_opens_what_lies_in_it(address: str) -> None:
    assert check(address, ["127.0.0.0/8"]) == address
    with pytest.raises(AddressFault):
        check(address, ["10.0.0.0/8"])
    with pytest.raises(AddressFault):
        check("rtsp://169.254.169.254/", ["127.0.0.0/8"])


@given(st.text(max_size=80))
def test_any_text_is_taken_or_refused_never_an_error(text: str) -> None:
    for address in (text, f"rtsp://{text}/", f"rtsp://10.0.0.1/{text}"):
        try:
            assert check(address) == address
        except AddressFault as fault:
            assert fault.why and fault.next_step


@given(st.ip_addresses())
def test_entry_and_connect_agree(ip) -> None:
    host = f"[{ip}]" if ip.version == 6 else str(ip)
    try:
        check(f"rtsp://{host}/s")
        taken = True
    except AddressFault:
        taken = False
    assert taken == (allowed(str(ip)) is None)


def test_a_certificate_may_be_pinned_for_rtsps_only() -> None:
    pin = "#sha256=" + "0f" * 32
    assert check(f"rtsps://cam.lakeview.example/stream{pin}").endswith(pin)
    for address in (
        f"rtsp://cam.lakeview.example/stream{pin}",
        "rtsps://cam.lakeview.example/stream#sha256=12",
    ):
        with pytest.raises(AddressFault):
            check(address)
