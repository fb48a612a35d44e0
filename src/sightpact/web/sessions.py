"""Django's sessions in the database; a page opens all the same when they cannot be written (disk full).

What a page wanted to remember is then lost. Signing in is not possible: a new session must be stored, or it is none.
"""

from __future__ import annotations

import logging

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError

log = logging.getLogger(__name__)


class SessionStore(db.SessionStore):
    def save(self, must_create: bool = False) -> None:
        try:
            super().save(must_create)
        except UpdateError as fault:  # also when the session was ended meanwhile: that stays an error
            if not isinstance(fault.__context__, OperationalError):
                raise
            log.warning("what a page wanted to remember in its session could not be stored")
