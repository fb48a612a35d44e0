"""There is one way to change access: whatever can give somebody more is called by a change (`access/changes`) alone.

Beside the slices' own actions, which these are. Tests may build their worlds as they like.
"""

import ast

import pytest

from tests.house.tree import SOURCE, dotted, files, name, parsed

WIDENING = {
    "add_person",
    "set_roles",
    "reactivate",
    "deactivate",
    "name_person",
    "remove_person",
    "put_inventory",
    "add_school",
    "add_area",
    "add_camera",
    "alter_camera",
    "withdraw_camera",
    "withdraw_area",
    "withdraw_school",
    "import_agreement",
}
MAY = ("access/changes/kinds.py", "web/importing/change.py")


def called(tree: ast.AST) -> list[tuple[int, str]]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (verb := dotted(node.func).rpartition(".")[2]) in WIDENING:
            found.append((node.lineno, verb))
    return found


def test_access_is_changed_in_one_way() -> None:
    faults = [
        f"{name(path)}:{line}: calls {verb}; use access.changes.propose"
        for path in files(".py", under=SOURCE)
        if not str(path.relative_to(SOURCE)).endswith(MAY) and "actions" not in str(path.relative_to(SOURCE))
        for line, verb in called(parsed(path))
    ]
    assert faults == []


@pytest.mark.parametrize("code", ["people.set_roles('x', [])", "actions.put_inventory(cameras=[])"])
def test_it_bites(code: str) -> None:
    assert called(ast.parse(code))
