"""Signing in and out as events: recorded before they have an effect, and ended sessions cut what hangs on
them."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from sightpact.ledger import actions as ledger
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.people import reads


def record_sign_in(card: reads.PersonCard, device: str, how: str = "passkey") -> None:
    """Record that a person signs in; called before the session gets the person.

    1. Append the entry. Nothing of the situation moves: a session opens no picture by itself.

    Args:
        device: what the browser calls itself, and its address.
        how: "passkey", "invitation" (a passkey was just made), or "demo".
    """
    with transaction.atomic():
        secret = {"person": reads.as_secret(card), "device": Secret("", device)}
        ledger.append([NewEntry("sign_in", party=card.party_slug, reason_code=how, secret=secret)])


def record_failed_sign_in(device: str, reason: str) -> None:
    """Record a sign-in that was refused. Whose it might have been is not recorded: nobody proved it.

    1. Append the entry.

    Args:
        reason: a closed word, e.g. "bad_passkey", "not_active".
    """
    with transaction.atomic():
        ledger.append([NewEntry("sign_in_failed", reason_code=reason, secret={"device": Secret("", device)})])


def sign_out(card: reads.PersonCard, session_key: str, device: str = "") -> None:
    """End one session.

    1. Delete the session, so that no ticket and no lease of it is live. 2. Record it; the situation has
    moved, so that its pictures end at once.
    """
    with transaction.atomic():
        Session.objects.filter(session_key=session_key).delete()
        UserSession.objects.filter(session_key=session_key).delete()
        secret = {"person": reads.as_secret(card)} | ({"device": Secret("", device)} if device else {})
        ledger.append([NewEntry("sign_out", party=card.party_slug, secret=secret)], bump="situation")


def end_sessions(account_id: object) -> int:
    """Delete all sessions of an account; part of an action that records why and moves the epoch. Returns how
    many.

    1. Read the sessions that allauth knows. 2. Find those it does not know. 3. Delete all.
    """
    keys = set(UserSession.objects.filter(user_id=account_id).values_list("session_key", flat=True))
    # A session younger than its first tracked request is not in allauth's list; look into what is left.
    keys |= {s.session_key for s in Session.objects.exclude(session_key__in=keys) if _belongs(s, account_id)}
    UserSession.objects.filter(user_id=account_id).delete()
    return Session.objects.filter(session_key__in=keys).delete()[0]


def _belongs(session: Session, account_id: object) -> bool:
    return bool(session.get_decoded().get("_auth_user_id") == str(account_id))
