"""What a page says of the record's being whole is asked of the key file, never of the database alone."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection, transaction

from sightpact.access import actions as access
from sightpact.ledger import actions, notes
from sightpact.ledger.entries import NewEntry
from sightpact.ledger.models import Log
from sightpact.record import whole as checking
from sightpact.record.whole import AT_ONCE, wait, whole


@pytest.fixture(autouse=True)
def _nothing_checked_yet() -> None:
    checking._last = None


@pytest.mark.django_db
def test_a_record_signed_with_another_key_is_not_whole() -> None:
    with transaction.atomic():
        actions.append([NewEntry("alarm")])
    found = whole()
    assert found is not None and found.whole
    forger = notes.signer(settings.SIGHTPACT.log_origin, bytes(32))
    text = Log.objects.get().checkpoint.rpartition("\n\n")[0] + "\n"
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_log SET vkey = %s, checkpoint = %s", [forger.vkey, notes.sign(text, [forger])]
        )
    found = whole()
    assert found is not None and found.checked and not found.whole


@pytest.mark.django_db(transaction=True)
def test_a_longer_record_is_checked_beside_the_page_and_the_answer_says_of_when() -> None:
    with transaction.atomic():
        actions.append([NewEntry("alarm")])
    access.note([NewEntry("alarm") for _ in range(AT_ONCE)])
    first = whole()
    assert first is not None and (first.checked, first.soon) == (False, True)
    wait()
    found = whole()
    assert found is not None and (found.checked, found.whole, found.size) == (True, True, AT_ONCE + 2)
    access.note([NewEntry("alarm")])  # looking at the page itself is an entry
    assert whole() == found
