"""To which addresses a notice is never sent, whoever gives them: none of this network, in no spelling. No name is looked up."""

from __future__ import annotations

import pytest

from sightpact.notices.senders import web
from sightpact.notices.words import SendFault

INSIDE = [
    "127.0.0.1",
    "10.1.2.3",
    "169.254.169.254",
    "168.63.129.16",  # a cloud's own, though it looks public
    "192.0.0.192",
    "100.64.0.1",
    "224.0.0.1",
    "[::1]",
    "[fe80::1]",
    "[fc00::1]",
    "[fec0::1]",  # site-local, as it was once
    "[::ffff:127.0.0.1]",
    "[::7f00:1]",  # the deprecated form of the same
    "[64:ff9b::7f00:1]",  # by NAT64
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::a00:1]",
    "[2002:a00:1::]",  # 6to4
    "2130706433",  # 127.0.0.1 as one number
    "0x7f.1",
]


@pytest.mark.parametrize("host", INSIDE)
def test_nothing_is_sent_inside(host: str) -> None:
    with pytest.raises(SendFault, match="lies in a network that messages are not sent to") as refused:
        web.post(f"https://{host}/push", b"", {}, ())
    assert not refused.value.again
