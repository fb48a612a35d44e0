"""CAP, feeds, ASAP and mappings as text: read safely, refused with a word. No database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sightpact.activation.alarms import asap, cap, feed, lines, signature, webhook
from sightpact.activation.alarms.lines import BadLine
from sightpact.activation.alarms.meaning import Earlier, Places, meaning
from sightpact.activation.alarms.message import BadAlarm, Forged, Message

NOW = datetime(2026, 9, 14, 13, 30, tzinfo=UTC)
MAPPING = Places(
    {"Lakeview High": ["high"], "SAME:017031": ["high", "middle"]}, {"LEW": "intruder", "*": "medical"}
)


def alert(
    status: str = "Actual", says: str = "Alert", more: str = "", event: str = "Intruder", **parts: str
) -> bytes:
    fields = {"identifier": "A-1", "sender": "lake@example", "sent": "2026-09-14T08:30:00-05:00", **parts}
    head = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items() if value)
    return f"""<?xml version="1.0"?><alert xmlns="{cap.NAMESPACE}">{head}<status>{status}</status>
    <msgType>{says}</msgType><scope>Private</scope>{more}<info><category>Safety</category><event>{event}</event>
    <urgency>Immediate</urgency><severity>Extreme</severity><certainty>Observed</certainty>
    <eventCode><valueName>SAME</valueName><value>LEW</value></eventCode><headline>Go in</headline>
    <area><areaDesc>Lakeview  HIGH</areaDesc><geocode><valueName>SAME</valueName><value>017031</value></geocode>
    <polygon>38,-97 38,-98 39,-98 38,-97</polygon></area></info></alert>""".encode()


def test_an_alert_is_read() -> None:
    found = cap.parse(alert())
    assert (found.number, found.status, found.says, found.words) == ("A-1", "actual", "alert", "Go in")
    assert found.places == ("SAME:017031", "017031", "Lakeview HIGH")
    assert found.codes == ("SAME:LEW", "LEW", "Intruder")
    assert found.sent_utc == NOW
    did = meaning(found, MAPPING, NOW)
    assert (did.do, did.schools, did.kind) == ("start", ("high", "middle"), "intruder")


BOMB = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]>'
BAD: list[tuple[bytes, str]] = [
    (b"<?xml version='1.0'?>" + BOMB + alert()[21:], "document type or entities"),
    (b"<!DOCTYPE a SYSTEM 'http://192.0.2.1/x'><alert/>", "document type or entities"),
    (
        b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><alert>&x;</alert>",
        "document type or entities",
    ),
    (alert().replace(b"cap:1.2", b"cap:1.1"), "urn:oasis:names:tc:emergency:cap:1.1"),
    (b"<alert/>", "its namespace is none"),
    (b"<alert", "not well-formed"),
    (b"", "not well-formed"),
    (alert() + b" " * 70_000, "larger than 64 KiB"),
    (alert(status="Really"), "its status is “Really”"),
    (alert(says="Ack"), "its msgType is “Ack”"),
    (alert(identifier=""), "it has no identifier"),
    (alert(sent="2026-09-14T08:30:00"), "its “sent” is no instant with a zone"),
    (alert(identifier="x" * 300), "longer than 200"),
]


@pytest.mark.parametrize(("body", "word"), BAD, ids=[word for _body, word in BAD])
def test_what_is_wrong_with_an_alert_is_said(body: bytes, word: str) -> None:
    with pytest.raises(BadAlarm, match=word):
        cap.parse(body)


LIVE, OVER = [Earlier("1", True, False, NOW - timedelta(minutes=1))], [Earlier("1", False)]
LATER = [Earlier("1", True, False, NOW + timedelta(minutes=30))]  # began after the message was sent
MEANINGS: list[tuple[bytes, list[Earlier], timedelta, str, str]] = [
    (alert(), [], timedelta(minutes=4), "start", ""),
    (alert(), [], timedelta(minutes=6), "ask", "stale"),
    (alert(), [], -timedelta(minutes=6), "ask", "ahead"),
    (alert(), [], timedelta(days=2), "leave", "too_old"),
    (alert("Exercise"), [], timedelta(0), "drill", ""),
    (alert("Exercise"), [], timedelta(minutes=6), "drill", "stale"),
    (alert("Exercise"), [], timedelta(days=2), "leave", "too_old"),
    (alert("Test"), [], timedelta(minutes=6), "test", ""),
    (alert("System"), [], timedelta(0), "leave", "heartbeat"),
    (alert("Draft"), [], timedelta(0), "leave", "draft"),
    (alert(says="Update"), [], timedelta(0), "ask", "no_alert"),
    (alert(says="Update"), LIVE, timedelta(0), "start", ""),
    (alert(says="Update"), OVER, timedelta(0), "ask", "ended"),
    (alert(says="Cancel"), LIVE, timedelta(hours=1), "end", ""),
    (alert(says="Cancel"), LATER, timedelta(hours=1), "ask", "late_end"),
    (alert(says="Cancel"), [], timedelta(hours=1), "ask", "late_end"),
    (alert(says="Cancel"), [], -timedelta(hours=1), "ask", "late_end"),
    (alert(says="Cancel"), [], timedelta(days=2), "leave", "too_old"),
    (alert(says="Cancel"), [], timedelta(0), "end", ""),
    (alert("Exercise", "Cancel"), LIVE, timedelta(0), "leave", "drill_over"),
]


@pytest.mark.parametrize(("body", "earlier", "late", "do", "why"), MEANINGS)
def test_what_an_alert_means(body: bytes, earlier: list[Earlier], late: timedelta, do: str, why: str) -> None:
    found = meaning(cap.parse(body), MAPPING, NOW + late, earlier)
    assert (found.do, found.why) == (do, why)


def test_references_name_what_is_changed() -> None:
    more = "<references>lake@example,A-1,2026-09-14T08:30:00-05:00 b@example,B-2,2026-09-14T08:31:00-05:00</references>"
    assert cap.parse(alert(says="Cancel", more=more)).about == ("A-1", "B-2")


def test_feeds_are_read_and_lead_nowhere_else() -> None:
    here = "https://alerts.example/cap/index.xml"
    links = [
        "/cap/1.xml",
        "https://alerts.example/2.xml",
        "https://evil.example/3.xml",
        "http://alerts.example/4.xml",
    ]
    entries = "".join(f'<entry><link type="application/cap+xml" href="{link}"/></entry>' for link in links)
    atom = f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'.encode()
    found = feed.parse(atom, here)
    assert found.links == ("https://alerts.example/cap/1.xml", "https://alerts.example/2.xml")
    rss = f"<rss><channel>{''.join(f'<item><link>{link}</link></item>' for link in links)}</channel></rss>"
    assert feed.parse(rss.encode(), here).links == found.links
    inside = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><content>{alert()[21:].decode()}</content></entry></feed>'
    assert [each.number for each in feed.parse(inside.encode(), here).alerts] == ["A-1"]
    assert feed.parse(alert(), here).alerts[0].number == "A-1"
    spoilt = feed.parse(inside.replace("</entry>", alert(says="?")[21:].decode() + "</entry>").encode(), here)
    assert [each.number for each in spoilt.alerts] == ["A-1"]
    ((fault, element),) = spoilt.bad
    assert "its msgType is" in str(fault)
    assert b"msgType" in element
    for bad in (b"<html/>", b"{}", BOMB + atom):
        with pytest.raises(BadAlarm):
            feed.parse(bad, here)


def test_dispatch_closes_a_call() -> None:
    body = b"""<a:AlarmUpdate xmlns:a="http://www.apcointl.org/ASAP/3.3"><a:AlarmEventID><a:IdentificationID>77
    </a:IdentificationID></a:AlarmEventID><a:StatusText>Closed</a:StatusText>
    <a:DispositionText>False alarm</a:DispositionText><a:LocationName>Lakeview High</a:LocationName></a:AlarmUpdate>"""
    root = cap.root(body)
    assert asap.looks_so(root)
    found = asap.of(root, NOW)
    assert (found.says, found.about, found.words) == ("closed", ("77",), "False alarm")
    assert meaning(found, MAPPING, NOW, LIVE).activations == ("1",)
    assert asap.of(cap.root(body.replace(b"Closed", b"Dispatched")), NOW).status == "heartbeat"
    with pytest.raises(BadAlarm, match="names no call"):
        asap.of(cap.root(body.replace(b"77", b"")), NOW)


def test_places_and_codes_are_compared_as_people_write_them() -> None:
    assert MAPPING.schools(("lakeview   high",)) == ("high",)
    assert MAPPING.schools(("elsewhere",)) == ()
    assert (MAPPING.kind(("?", "lew")), MAPPING.kind(("?",)), MAPPING.kind(())) == (
        "intruder",
        "medical",
        "medical",
    )
    assert lines.places("A = b, c\n\n x=y = d ") == {"A": ("b", "c"), "x=y": ("d",)}
    assert lines.written(lines.places("A = b, c")) == "A = b, c"
    for bad in ("no sign", "= x", "x =", "a = b\na = c"):
        with pytest.raises(BadLine):
            lines.places(bad)


def test_the_scheme_of_standard_webhooks_counts_too() -> None:
    """The example of its specification: its key, its message, its signature."""
    key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    headers = {
        "Webhook-Id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "Webhook-Timestamp": "1614265330",
        "Webhook-Signature": "v1,bm9ldHUjKzFob2VudXRob2VodWUzMjRvdWVvdW9ldQo= v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    found = signature.verify(headers, b'{"test": 2432232314}', (key,))
    assert found.sent_utc == datetime.fromtimestamp(1614265330, UTC)
    with pytest.raises(Forged):
        signature.verify(headers, b'{"test": 2432232315}', (key,))
    with pytest.raises(Forged):
        signature.verify(headers, b'{"test": 2432232314}', ())


def test_a_key_as_password_counts_where_a_product_cannot_sign() -> None:
    key = signature.write_key(b"k" * 32)
    assert signature.is_bearer({"Authorization": f"Bearer {key}"}, (key,))
    assert not signature.is_bearer({"Authorization": f"Bearer {key}"}, ())
    assert not signature.is_bearer({"Authorization": "Bearer whsec_"}, (key,))
    assert not signature.is_bearer({"Authorization": "Basic !!"}, (key,))


def test_a_webhook_s_text_is_bounded_and_plain() -> None:
    found = webhook.parse(b'{"id": 7, "place": ["a\\u0000  b", ""], "code": "x"}', NOW)
    assert (found.number, found.places, found.codes) == ("7", ("a b",), ("x",))
    assert isinstance(found, Message)
    with pytest.raises(BadAlarm, match="longer than 200"):
        webhook.parse(b'{"id": "%s"}' % (b"x" * 201), NOW)
    with pytest.raises(BadAlarm):
        webhook.parse(b"[" * 60_000, NOW)
