"""Django's settings for tests: the product's own, on a throw-away data folder (and PostgreSQL when asked)."""

import atexit
import os
import shutil
import tempfile

_worker = os.environ.get("PYTEST_XDIST_WORKER", "")  # each test process has its own; what it starts shares it
if "SIGHTPACT_DATA" not in os.environ or os.environ.get("SIGHTPACT_TEST_OF", _worker) != _worker:
    os.environ["SIGHTPACT_TEST_OF"] = _worker
    _folder = tempfile.mkdtemp(prefix="sightpact-test-")
    os.environ["SIGHTPACT_DATA"] = _folder
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["SIGHTPACT_TEST_DB"] = f"{os.environ['SIGHTPACT_DATA']}/test.sqlite3"
os.environ.setdefault("SIGHTPACT_LOG_ORIGIN", "lakeview.example/sightpact")

from sightpact.web.settings import *  # noqa: E402, F403
