"""A write that a person waits for: done, or said plainly that it was not.

Never: for an end. Closing goes on without the database (`emergency_journal`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.utils.translation import gettext as _

from sightpact.access.errors import DOES_NOT_FIT, UNWRITABLE, LogUnwritable

T = TypeVar("T")


def written(write: Callable[[], T], why: str = "", then: str = "") -> T:
    """Write, and return what the write returns.

    Args:
        write: one action. why, then: sentences for whoever waits: why it needs the record, and what works all the same.
    Raises:
        LogUnwritable: the record cannot take it now; nothing was done. What does not fit is raised as it is: a fault of ours.
    """
    try:
        return write()
    except UNWRITABLE as fault:
        if isinstance(fault, DOES_NOT_FIT):
            raise
        raise LogUnwritable(
            _("This was not done."),
            why or _("The record cannot be written now."),
            then or _("Try again when its disk has room. Closing works all the same."),
        ) from fault
