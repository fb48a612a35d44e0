import ast
import re

import pytest

from tests.house import tree, writes
from tests.house.tree import SOURCE


def test_only_actions_write():
    assert [str(fault) for fault in writes.faults()] == []


def test_the_exceptions_are_still_there():
    assert [path for path in writes.ALLOWED if not (SOURCE / path).exists()] == []


def test_parts_without_a_database_know_no_django():
    files = [path for folder in writes.WITHOUT_DATABASE for path in tree.files(".py", under=SOURCE / folder)]
    assert files
    assert [
        str(path) for path in files if re.search(r"^\s*(from|import) django", path.read_text(), re.M)
    ] == []


@pytest.mark.parametrize(
    "code",
    [
        "Person.objects.create(name='x')",
        "Person.objects.filter(id=1).update(active=False)",
        "rows = Person.objects.filter(id=1)\nrows.delete()",
        "row = Person.objects.get(id=1)\nrow.active = False\nrow.save(update_fields=['active'])",
        "Person.objects.bulk_create(many)",
        "await Person.objects.aupdate_or_create(id=1)",
        "cursor.execute('UPDATE people_person SET active = 0')",
        "cursor.execute(f'insert into {table} values (1)')",
    ],
)
def test_it_bites(code, tmp_path):
    for folder in ("people", "people/actions", "people/migrations"):
        (tmp_path / folder).mkdir()
    for file in (
        "people/views.py",
        "people/actions.py",
        "people/actions/more.py",
        "people/migrations/0001_initial.py",
    ):
        (tmp_path / file).write_text(f"async def f():\n    {code.replace(chr(10), chr(10) + '    ')}\n")
    assert [fault.path for fault in writes.faults(tmp_path)] == ["views.py"]


@pytest.mark.parametrize(
    "code",
    [
        "seen.update(more)",
        "hash.update(b'')",
        "image.save(out, 'PNG')",
        "Person.objects.filter(id=1).values('id')",
        "cursor.execute('SELECT 1')",
        "request.session.save()",
    ],
)
def test_it_lets_reading_be(code):
    assert writes.writes(ast.parse(code)) == []
