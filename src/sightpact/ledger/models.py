"""Tables of the ledger. Only `actions.py` writes them, and the log itself only ever grows.

A `Log` row is the head: size, frontier and signed checkpoint change together with the entries, in one transaction.
"""

from __future__ import annotations

import uuid

from django.db import models


class Log(models.Model):
    """One append-only log of one owner, and its head."""

    origin = models.CharField(max_length=200, unique=True)  # the checkpoint's first line; fixed for life
    vkey = models.CharField(max_length=300)  # the public half of the key that signs
    size = models.BigIntegerField(default=0)  # entries
    frontier = models.BinaryField(default=b"")  # roots of the complete subtrees, largest first, 32 bytes each
    last_at = models.CharField(max_length=23, default="")  # time of the last entry, as in the entry
    checkpoint = models.TextField(default="")  # signed note of exactly this size


class Entry(models.Model):
    """One leaf. `data` is what is hashed; the other columns repeat parts of it for searching, never for showing."""

    pk = models.CompositePrimaryKey("log", "index")
    log = models.ForeignKey(Log, on_delete=models.PROTECT, db_index=False)
    index = models.BigIntegerField()
    at = models.CharField(max_length=23)  # UTC, hundredths, fixed width: sorts as time
    type = models.CharField(max_length=24)
    party = models.CharField(max_length=200)
    outcome = models.CharField(max_length=200)
    ref = models.BigIntegerField(null=True)  # index of the entry that this one closes
    data = models.BinaryField()

    class Meta:
        # No index on `at`: it never falls as the index rises, so a moment is found by halving. Each index costs a page
        # in every commit.
        indexes = [
            models.Index(fields=["log", "type", "index"], name="entry_type"),
            models.Index(fields=["log", "party", "index"], name="entry_party"),
            models.Index(fields=["log", "ref"], name="entry_ref", condition=models.Q(ref__isnull=False)),
        ]


class Node(models.Model):
    """Root of a complete subtree of 2**level leaves; level 0 is the leaf's hash."""

    pk = models.CompositePrimaryKey("log", "level", "index")
    log = models.ForeignKey(Log, on_delete=models.PROTECT, db_index=False)
    level = models.SmallIntegerField()
    index = models.BigIntegerField()  # position among the nodes of its level
    hash = models.BinaryField()  # 32 bytes


class Opening(models.Model):
    """What opens one commitment of one entry. Kept beside the log, so that a rule may one day erase it with proof."""

    pk = models.CompositePrimaryKey("log", "index", "field")
    log = models.ForeignKey(Log, on_delete=models.PROTECT, db_index=False)
    index = models.BigIntegerField()  # the entry
    field = models.CharField(max_length=12)
    key = models.CharField(max_length=200)  # id to search by; may be empty
    salt = models.BinaryField()  # 32 bytes
    value = models.TextField()  # what is shown

    class Meta:
        indexes = [models.Index(fields=["log", "field", "key", "index"], name="opening_key")]


class Cosigner(models.Model):
    """A copy of the record on somebody else's machine, and the newest head that it countersigned."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="cosigners")
    party = models.SlugField(blank=True)  # who keeps it; empty: an office that is no party
    name = models.CharField(max_length=200)  # of its key
    vkey = models.CharField(max_length=300)
    token_hash = models.CharField(max_length=64, unique=True)  # sha256 hex
    enrolled_utc = models.DateTimeField()
    withdrawn_utc = models.DateTimeField(null=True)
    size = models.BigIntegerField(default=0)  # entries that it countersigned
    note = models.TextField(blank=True)  # that head, with both signatures
    countersigned_utc = models.DateTimeField(null=True)  # when it reached us


class Erased(models.Model):
    """That the names of an entry were erased by rule, and which entry says so."""

    pk = models.CompositePrimaryKey("log", "index")
    log = models.ForeignKey(Log, on_delete=models.PROTECT, db_index=False)
    index = models.BigIntegerField()  # the entry whose names are gone
    by = models.BigIntegerField()  # the `openings_erased` entry


class Epoch(models.Model):
    """One row (id 1): how often the facts have changed. The gate's snapshot carries it."""

    world = models.BigIntegerField(default=0)  # people, cameras, agreements
    situation = models.BigIntegerField(default=0)  # activations, stops, sessions
