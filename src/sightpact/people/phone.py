"""Telephone numbers as every gateway understands them (E.164: a plus, the country, at most 15 digits). Pure.

By hand: whether a number is in use only its first call tells, and lists of numbering plans are large and soon out of date.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

_BETWEEN = re.compile(r"[\s().\-/\u00a0\u2011]+")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def e164(text: str) -> str:
    """The number without what people write between its digits, as +13125550142; "" where it is none."""
    bare = _BETWEEN.sub("", text)
    return bare if _E164.fullmatch(bare) else ""


def fault(text: str) -> str:
    """Why a number cannot be called from everywhere, and what to write; "" for one that can, and for none at all."""
    bare = _BETWEEN.sub("", text)
    if not bare or _E164.fullmatch(bare):
        return ""
    said = {"text": text.strip()[:40]}
    if not re.fullmatch(r"\+?[0-9]+", bare):
        return _("“%(text)s” is no telephone number. Write digits alone, like +1 312 555 0142.") % said
    if bare.startswith("00"):
        return _("“%(text)s” begins with 00. Write + instead, like +1 312 555 0142.") % said
    if not bare.startswith("+") or bare.startswith("+0"):
        return _("“%(text)s” has no country code. Write it like +1 312 555 0142.") % said
    return _("“%(text)s” is too short or too long. Write it whole, like +1 312 555 0142.") % said
