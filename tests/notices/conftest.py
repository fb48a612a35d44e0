"""People who can be told, the other sides of telling, and an outbox that runs as in the product."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from sightpact.access import facts
from sightpact.notices.outbox import Outbox
from tests import lakeview
from tests.notices import endpoints
from tests.notices.endpoints import Mailbox, Service

SECRET = "a secret that only the gateway and we know"


@pytest.fixture
def district(transactional_db: None) -> lakeview.Lakeview:
    facts._latest = None
    return lakeview.build()


@pytest.fixture
def pushes() -> Iterator[Service]:
    with endpoints.service() as made:
        yield made


@pytest.fixture
def phones() -> Iterator[Service]:
    with endpoints.service() as made:
        yield made


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with endpoints.mail_server() as made:
        yield made


@pytest.fixture
def config(settings: Any, mailbox: Mailbox, phones: Service) -> Any:
    settings.SIGHTPACT = dataclasses.replace(
        settings.SIGHTPACT,
        smtp_host="127.0.0.1",
        smtp_port=mailbox.port,
        smtp_security="none",
        sms_gateway_url=phones.url + "/send",
        sms_gateway_secret=SECRET,
        notice_networks=("127.0.0.0/8",),
        push_subject="mailto:it@lakeview.example",
    )
    return settings.SIGHTPACT


@pytest.fixture
def outbox(district: lakeview.Lakeview, config: Any) -> Iterator[Outbox]:
    made = Outbox(config)
    made.start()
    yield made
    made.stop()
    connections.close_all()
