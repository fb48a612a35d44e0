"""Settings: what is read, and what is refused with a remedy."""

import pytest

from sightpact.web import config


def test_a_postgres_url_with_a_host():
    assert config.postgres(
        "postgres://sight:p%40ct@db.lakeview.example:5433/records?sslmode=verify-full"
    ) == {
        "NAME": "records",
        "USER": "sight",
        "PASSWORD": "p@ct",
        "HOST": "db.lakeview.example",
        "PORT": "5433",
        "OPTIONS": {"options": "-c statement_timeout=15000", "sslmode": "verify-full"},
    }


def test_a_postgres_url_with_a_unix_socket():
    found = config.postgres("postgres://sight@/records?host=/var/run/postgresql")
    assert (found["HOST"], found["NAME"], found["USER"], found["PORT"]) == (
        "/var/run/postgresql",
        "records",
        "sight",
        "",
    )


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://sight@db/records", "begins with 'mysql'"),
        ("postgres://sight@db/", "names no database"),
        ("postgres://sight@db/records?timeout=1", "timeout"),
    ],
)
def test_a_postgres_url_that_cannot_be_used(url, says):
    with pytest.raises(config.ConfigError, match=says):
        config.postgres(url)
