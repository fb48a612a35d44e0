"""Parties, persons, what they are at a party, and how they prove who they are. Written by
`people/actions.py` alone."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models


class AccountManager(BaseUserManager["Account"]):
    pass


class Account(AbstractBaseUser):
    """What signs in. It has no password: only passkeys (allauth) or, in the demonstration, a choice."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=150, unique=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []
    objects = AccountManager()


class Party(models.Model):
    """An owner of cameras (district) or an agency that is let in (police, fire, 911 centre)."""

    KINDS = [("owner", "owner"), ("agency", "agency")]
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(unique=True)  # stands in clear in the ledger
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=KINDS)
    phone = models.CharField(max_length=40, blank=True)  # whom to call when software does not help
    zone = models.CharField(max_length=60, default="UTC")  # IANA zone in which its people read times


class Person(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(unique=True)  # how an import file names the person
    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="person", null=True)
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    active = models.BooleanField(default=True)


class Membership(models.Model):
    """A role that a person holds at a party. A person may belong to several parties."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="memberships")
    role = models.SlugField()  # principal, superintendent, it, dispatcher, sro, officer ...
    title = models.CharField(max_length=120, blank=True)  # as people say it: "dispatch console 2"
    school = models.SlugField(blank=True)  # where the person works: the switch begins with it
    order = models.PositiveSmallIntegerField(default=0)  # the first is the one shown beside the name

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "party", "role"], name="one_role_once")]


class StartKey(models.Model):
    """A device that may start emergency sharing without a sign-in. The secret is in the device; here is its
    hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="start_keys")
    hash = models.CharField(max_length=64, unique=True)  # sha256 hex of the secret
    device = models.CharField(max_length=200, blank=True)  # what the browser calls itself
    created_utc = models.DateTimeField()
    last_used_utc = models.DateTimeField(null=True)
    revoked_utc = models.DateTimeField(null=True)


class Invitation(models.Model):
    """A one-time link with which a named person registers a passkey. Only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="invitations")
    hash = models.CharField(max_length=64, unique=True)
    expires_utc = models.DateTimeField()
    used_utc = models.DateTimeField(null=True)
