"""Secrets that a device or a link carries, and the hash that is kept of them. Pure but for the randomness.

Never: a secret in the database, in a log line or in the ledger.
"""

from __future__ import annotations

import hashlib
import secrets

SECRET_BYTES = 32


def new_secret() -> str:
    """A fresh secret of 256 bits, safe in a URL."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest(secret: str) -> str:
    """What is stored and looked up: SHA-256, hex. 256 random bits need no slow hash, and an index lookup by
    hash tells an attacker nothing about the secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
