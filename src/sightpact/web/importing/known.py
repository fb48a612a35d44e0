"""What is here already, as far as a file's references and fixed facts hang on it. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sightpact.agreements import reads as agreements
from sightpact.cameras import reads as cameras
from sightpact.people import reads as people


@dataclass(frozen=True, slots=True)
class Known:
    """All by slug. The pure checks see the file and this, never the database."""

    parties: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # slug -> (kind, name)
    persons: Mapping[str, frozenset[str]] = field(default_factory=dict)  # slug -> slugs of their parties
    schools: Mapping[str, str] = field(default_factory=dict)  # slug -> owner's slug
    areas: Mapping[str, str] = field(default_factory=dict)  # slug -> school's slug
    keys: tuple[tuple[str, str], ...] = ()  # (party's slug, public PEM)
    withdrawn: tuple[tuple[str, str], ...] = ()  # the same, of keys that count no more
    revisions: Mapping[tuple[str, int], str] = field(default_factory=dict)  # -> canonical hash
    camera_networks: tuple[str, ...] = ()  # the setting


def known(camera_networks: tuple[str, ...]) -> Known:
    """Read what is here now."""
    parties = {card.id: card for card in people.parties()}
    schools = {card.id: card for card in cameras.schools()}
    return Known(
        parties={card.slug: (card.kind, card.name) for card in parties.values()},
        persons={
            card.slug: frozenset(parties[party].slug for party, _ in card.roles) for card in people.persons()
        },
        schools={card.slug: parties[card.owner_id].slug for card in schools.values()},
        areas={card.slug: schools[card.school_id].slug for card in cameras.areas()},
        keys=tuple((k.party_slug, k.public_pem) for k in agreements.signing_keys() if not k.withdrawn_utc),
        withdrawn=tuple((k.party_slug, k.public_pem) for k in agreements.signing_keys() if k.withdrawn_utc),
        revisions=agreements.stored_revisions(),
        camera_networks=camera_networks,
    )
