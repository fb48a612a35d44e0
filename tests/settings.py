"""Django's settings for tests: the product's own, on a throw-away data folder (and PostgreSQL when asked)."""

import atexit
import os
import shutil
import tempfile

if "SIGHTPACT_DATA" not in os.environ:
    _folder = tempfile.mkdtemp(prefix="sightpact-test-")
    os.environ["SIGHTPACT_DATA"] = _folder
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ.setdefault("SIGHTPACT_TEST_DB", f"{os.environ['SIGHTPACT_DATA']}/test.sqlite3")
os.environ.setdefault("SIGHTPACT_LOG_ORIGIN", "lakeview.example/sightpact")

from sightpact.web.settings import *  # noqa: F403
