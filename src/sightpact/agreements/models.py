"""Agreements and house policies: revisions, signatures, named persons. Written by `agreements/actions/` alone."""

from __future__ import annotations

import uuid

from django.db import models

from sightpact.people.models import Party, Person


class Agreement(models.Model):
    """An agreement between parties, or a house policy (one party)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(unique=True)  # stands in clear in the ledger
    title = models.CharField(max_length=200)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="agreements_owned")
    parties = models.ManyToManyField(Party, related_name="agreements")
    is_house = models.BooleanField(default=False)
    suspended_utc = models.DateTimeField(null=True)
    suspended_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="suspensions", null=True)
    suspended_party = models.ForeignKey(  # whoever suspended it resumes it
        Party, on_delete=models.PROTECT, related_name="agreements_suspended", null=True
    )


class Revision(models.Model):
    """One immutable text of an agreement with everything made from it. Never changed after it is stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    canonical = models.BinaryField()  # RFC 8785 bytes: what is signed
    text = models.TextField()  # rendered
    cedar = models.TextField()
    schema = models.TextField()
    canonical_hash = models.CharField(max_length=64)
    text_hash = models.CharField(max_length=64)
    cedar_hash = models.CharField(max_length=64)
    schema_hash = models.CharField(max_length=64)
    in_force_from = models.DateTimeField()
    in_force_until = models.DateTimeField(null=True)
    stored_utc = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "number"], name="one_number_once")]


class Adoption(models.Model):
    """A body's vote for a revision. `canonical_hash` is of the text it voted on, so that a difference shows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="adoptions")
    body = models.CharField(max_length=200)  # "Board of Education"
    on = models.DateField()
    vote = models.CharField(max_length=60, blank=True)  # "6 to 1"
    resolution = models.CharField(max_length=60, blank=True)
    minutes_url = models.URLField(max_length=500, blank=True)
    canonical_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "body"], name="one_vote_once")]


class SigningKey(models.Model):
    """A party's public key (Ed25519). Enrolled in the ledger; the private half is never here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="signing_keys")
    keyid = models.CharField(max_length=64, unique=True)
    public_pem = models.TextField()
    holder = models.CharField(max_length=200)  # "Superintendent"
    vouched_by = models.CharField(
        max_length=64, blank=True
    )  # keyid; empty: the party's first key, taken on trust
    withdrawn_utc = models.DateTimeField(null=True)  # from then on it counts no more, nor what it signed


class Signature(models.Model):
    """A DSSE envelope by one party over one revision. Verified with that party's keys each time it is used."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="signatures")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="signatures")
    envelope = models.JSONField()
    signed_utc = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "party"], name="one_signature_a_party")]


class NamedPerson(models.Model):
    """Annex of an agreement: a person whom it names. Kept by the person's own party, confidential."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="named")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="named_in")
    position = models.CharField(max_length=120)
    added_utc = models.DateTimeField()
    removed_utc = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "person"], condition=models.Q(removed_utc=None), name="named_once"
            )
        ]
