"""Everything that writes notices, deliveries, channels and ready-made texts. One file a subject; this is the list of them."""

from sightpact.notices.actions.channels import add_push, remove, test_channel
from sightpact.notices.actions.later import keep_sent, sent_entry
from sightpact.notices.actions.outcomes import (
    acknowledge,
    acknowledge_notice,
    claim,
    gateway_says,
    not_sent,
    on_page,
    recover,
    sent,
    spare,
)
from sightpact.notices.actions.telling import call_party, tell
from sightpact.notices.actions.texts import approve, keep_text

__all__ = [
    "acknowledge",
    "acknowledge_notice",
    "add_push",
    "approve",
    "call_party",
    "claim",
    "gateway_says",
    "keep_sent",
    "keep_text",
    "not_sent",
    "on_page",
    "recover",
    "remove",
    "sent",
    "sent_entry",
    "spare",
    "tell",
    "test_channel",
]
