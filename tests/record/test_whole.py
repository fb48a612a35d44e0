"""What a page says of the record's being whole is asked of the key file, never of the database alone."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection, transaction

from sightpact.ledger import actions, notes
from sightpact.ledger.entries import NewEntry
from sightpact.ledger.models import Log
from sightpact.record import reads


@pytest.mark.django_db
def test_a_record_signed_with_another_key_is_not_whole() -> None:
    with transaction.atomic():
        actions.append([NewEntry("alarm")])
    found = reads.whole()
    assert found is not None and found.whole
    forger = notes.signer(settings.SIGHTPACT.log_origin, bytes(32))
    text = Log.objects.get().checkpoint.rpartition("\n\n")[0] + "\n"
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_log SET vkey = %s, checkpoint = %s", [forger.vkey, notes.sign(text, [forger])]
        )
    found = reads.whole()
    assert found is not None and found.checked and not found.whole
