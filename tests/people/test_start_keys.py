from __future__ import annotations

import pytest

from sightpact.people import actions, reads
from sightpact.people.errors import NoSuch, NotActive
from sightpact.people.models import StartKey

pytestmark = pytest.mark.django_db


def test_the_secret_is_shown_once_and_kept_nowhere(cast) -> None:
    secret = actions.enrol_start_key(cast["pia"].id, "Office phone")
    row = StartKey.objects.get()
    assert secret not in str(vars(row)) and len(row.hash) == 64
    assert [k.device for k in reads.start_keys(cast["pia"].id)] == ["Office phone"]


def test_only_the_secret_itself_opens(cast) -> None:
    secret = actions.enrol_start_key(cast["pia"].id, "Office phone")
    for wrong in ("", secret[:-1], secret + "A", secret.upper(), "x" * 10_000, "\x00", "\ud800"):
        assert actions.use_start_key(wrong) is None
    assert actions.use_start_key(secret) == cast["pia"].id


def test_the_last_use_is_noted_at_most_once_a_minute(cast, time) -> None:
    secret = actions.enrol_start_key(cast["pia"].id, "Office phone")
    used = lambda: StartKey.objects.get().last_used_utc  # noqa: E731
    actions.use_start_key(secret)
    first = used()
    time.advance(59)
    actions.use_start_key(secret)
    assert used() == first
    time.advance(2)
    actions.use_start_key(secret)
    assert used() > first


def test_a_revoked_device_starts_nothing(cast, recorded) -> None:
    secret = actions.enrol_start_key(cast["pia"].id, "Office phone")
    key = reads.start_keys(cast["pia"].id)[0]
    assert actions.revoke_start_key(key.id, by=cast["pia"]) is True
    assert actions.use_start_key(secret) is None
    assert actions.revoke_start_key(key.id) is False
    assert [r[0] for r in recorded()][-2:] == ["key_enrolled", "person_change"]


def test_refusals(cast) -> None:
    with pytest.raises(NoSuch):
        actions.revoke_start_key("not-an-id")
    with pytest.raises(NoSuch):
        actions.enrol_start_key("00000000-0000-4000-8000-000000000000", "x")
    actions.deactivate("pia")
    with pytest.raises(NotActive):
        actions.enrol_start_key(cast["pia"].id, "x")
