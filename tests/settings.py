"""Django's settings for tests: the product's own, on a throw-away data folder (and PostgreSQL when asked)."""

import os
import tempfile

os.environ.setdefault("SIGHTPACT_DATA", tempfile.mkdtemp(prefix="sightpact-test-"))
os.environ.setdefault("SIGHTPACT_TEST_DB", f"{os.environ['SIGHTPACT_DATA']}/test.sqlite3")
os.environ.setdefault("SIGHTPACT_LOG_ORIGIN", "lakeview.example/sightpact")

from sightpact.web.settings import *  # noqa: F403
