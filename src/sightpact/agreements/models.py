"""Agreements and house policies: drafts, revisions, rounds, votes, signatures, ends, named persons, comments.

Written by `agreements/actions/` alone. A draft and an internal comment belong to one party: never read them but through
`agreements/drafting.py` and `agreements/talk.py`, which ask for whom.
"""

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


class Draft(models.Model):
    """A text that one party works on, complete or not. Private to that party until it is proposed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="drafts")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="drafts", null=True)
    base = models.ForeignKey(  # what it was begun from, or last compared with; None: a new agreement
        Revision, on_delete=models.PROTECT, related_name="drafts_from", null=True
    )
    source = models.CharField(max_length=120)  # "template exterior-always", "file", "revision 3"
    slug = models.CharField(max_length=50, blank=True)  # as the text says, for the address of its pages
    title = models.CharField(max_length=200, blank=True)
    content = models.TextField()  # the text as JSON, in ASCII: jsonb would refuse what an author may paste
    version = models.PositiveIntegerField(default=1)  # counts up with each save
    begun_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    begun_utc = models.DateTimeField()
    saved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    saved_utc = models.DateTimeField()
    discarded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    discarded_utc = models.DateTimeField(null=True)
    proposed = models.OneToOneField(
        Revision, on_delete=models.PROTECT, related_name="draft", null=True
    )  # then it is closed


class DraftVersion(models.Model):
    """An earlier content of a draft, for undo. The last ones are kept, the oldest go."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.TextField()
    saved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    saved_utc = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "number"], name="one_draft_version_once")]


class Round(models.Model):
    """A revision that one party put before the others. The newest round alone can be accepted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.OneToOneField(Revision, on_delete=models.PROTECT, related_name="round")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="rounds")
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_utc = models.DateTimeField()
    counters = models.ForeignKey(  # the round that it answers; None: nothing was on the table
        "self", on_delete=models.PROTECT, related_name="countered_by", null=True
    )
    note = models.CharField(max_length=1000, blank=True)  # a word to the other side
    withdrawn_utc = models.DateTimeField(null=True)  # by its own party; nobody else had accepted it
    withdrawn_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)


class ExhibitChange(models.Model):
    """A camera that was put on a text's exhibit, countersigned, or taken off it. The last word on a camera counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="exhibit_changes")
    camera = models.CharField(max_length=120)  # slug, as texts call cameras
    added = models.BooleanField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)  # None: server
    made_utc = models.DateTimeField()
    serial = models.PositiveIntegerField()  # of this revision, rising


class Agreed(models.Model):
    """A party accepts a revision as the text. Whoever proposes it accepts it by that."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="agreed")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="agreed")
    agreed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    agreed_utc = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "party"], name="one_acceptance_a_party")]


class Adoption(models.Model):
    """A body's vote for a revision. `canonical_hash` is of the text it voted on, so that a difference shows.

    A mistaken record is corrected by another with the next `serial`; the highest one counts, and all stay.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="adoptions")
    body = models.CharField(max_length=200)  # "Board of Education"
    on = models.DateField()
    vote = models.CharField(max_length=60, blank=True)  # "6 to 1"
    resolution = models.CharField(max_length=60, blank=True)
    minutes_url = models.URLField(max_length=500, blank=True)
    canonical_hash = models.CharField(max_length=64)
    serial = models.PositiveIntegerField(default=1)
    is_void = models.BooleanField(default=False)  # a correction that says: there was no such vote
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="adoptions", null=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    recorded_utc = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "body", "serial"], name="one_vote_once")]


class SigningKey(models.Model):
    """A party's public key: offline (Ed25519) or a passkey. Enrolled in the ledger; the private half is never here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="signing_keys")
    keyid = models.CharField(max_length=64, unique=True)
    public_pem = models.TextField()  # PEM; of a passkey its record, JSON (`passkey_signing.py`)
    holder = models.CharField(max_length=200)  # "Superintendent"
    person = models.ForeignKey(  # whose passkey it is; None: an offline key, held by an office
        Person, on_delete=models.PROTECT, related_name="signing_keys", null=True
    )
    vouched_by = models.CharField(
        max_length=64, blank=True
    )  # keyid; empty: the party's first key, taken on trust
    vouch = models.JSONField(null=True)  # what that key signed to vouch for this one
    withdrawn_utc = models.DateTimeField(null=True)  # from then on it counts no more, nor what it signed


class OfferedKey(models.Model):
    """A further key of a party that waits for one of its keys to vouch for it. It counts for nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="offered_keys")
    keyid = models.CharField(max_length=64)
    public_pem = models.TextField()
    holder = models.CharField(max_length=200)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="offered_keys")
    offered_utc = models.DateTimeField()
    closed_utc = models.DateTimeField(null=True)  # enrolled, or turned down

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["keyid"], condition=models.Q(closed_utc=None), name="offered_once"
            )
        ]


class Signature(models.Model):
    """What one party signed over one revision: by offline key, by passkey or on paper. Verified each time it is used."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="signatures")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="signatures")
    envelope = models.JSONField()
    signed_utc = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "party"], name="one_signature_a_party")]


class Termination(models.Model):
    """A party ends an agreement from an instant on, for good. Until then that party can take it back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="terminations")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="terminations")
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    given_utc = models.DateTimeField()
    from_utc = models.DateTimeField()
    reason = models.CharField(max_length=500)
    withdrawn_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    withdrawn_utc = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "party"],
                condition=models.Q(withdrawn_utc=None),
                name="one_termination_a_party",
            )
        ]


class Comment(models.Model):
    """A remark on a section of a revision: shared with the other parties, or internal to one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="comments")
    section = models.CharField(max_length=20, blank=True)  # "3.2"; empty: on the whole text
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="comments")
    is_internal = models.BooleanField()
    text = models.CharField(max_length=2000)
    answers = models.ForeignKey("self", on_delete=models.PROTECT, related_name="answered_by", null=True)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_utc = models.DateTimeField()
    resolved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    resolved_utc = models.DateTimeField(null=True)


class NamedPerson(models.Model):
    """Annex of an agreement: a person whom it names. Kept by the person's own party, confidential."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="named")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="named_in")
    position = models.CharField(max_length=120)
    employer = models.CharField(
        max_length=120, blank=True
    )  # this and the next three: for the keeper's own people
    supervisor = models.CharField(max_length=120, blank=True)
    trained_until = models.DateField(
        null=True
    )  # last day on which the training counts; then the name is taken out
    checked_on = models.DateField(null=True)  # background check
    added_utc = models.DateTimeField()
    removed_utc = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "person"], condition=models.Q(removed_utc=None), name="named_once"
            )
        ]
