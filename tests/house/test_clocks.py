import ast

import pytest

from tests.house import clocks
from tests.house.tree import SOURCE


def test_one_place_reads_the_clock():
    assert [str(fault) for fault in clocks.faults()] == []


def test_the_exceptions_are_still_there():
    assert [path for path in clocks.ALLOWED if not (SOURCE / path).exists()] == []


@pytest.mark.parametrize(
    "code",
    [
        "datetime.now(UTC)",
        "datetime.datetime.utcnow()",
        "field(default_factory=time.time)",
        "django.utils.timezone.now()",
        "from time import time",
        "from django.utils.timezone import now",
        "models.DateTimeField(auto_now_add=True)",
    ],
)
def test_it_bites(code, tmp_path):
    (tmp_path / "media").mkdir()
    (tmp_path / "views.py").write_text(code)
    (tmp_path / "media" / "arrival.py").write_text(code)
    assert [fault.path for fault in clocks.faults(tmp_path)] == ["views.py"]


@pytest.mark.parametrize(
    "code", ["time.monotonic()", "clock.now()", "datetime.fromtimestamp(5, UTC)", "row.time.hour"]
)
def test_it_lets_the_rest_be(code):
    assert clocks.readings(ast.parse(code)) == []
