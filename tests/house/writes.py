"""Rule: only `actions.py` (or a file in an `actions/` package) of a slice writes models.

Found by reading the code: a write on a manager or query set, a model's own `save` or `delete`, SQL that writes. A name is
taken for a query set when it was made from `.objects` in the same function.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.house.tree import SOURCE, Fault, dotted, files, name, parsed

ALLOWED = {
    # path under src/sightpact: why it may
    "ledger/store.py": "the ledger's own rows: the one place that stores entries, called by ledger/actions.py",
    "ledger/epoch.py": "the two counters of the epoch row, moved inside an action's transaction",
}
WITHOUT_DATABASE = (
    "camerasim",
    "media",
    "live/edge",
    "decide",
    "wire",
)  # no Django there, hence nothing to write

ON_A_MANAGER = {
    "create",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "update",
    "delete",
}
ON_A_ROW = {"save", "delete", "save_base", "full_save"}
MANAGERS = re.compile(r"\b(objects|_base_manager|_default_manager)\b")
WRITING_SQL = re.compile(
    r"\s*(insert\s+into|update\s+\w+\s+set|delete\s+from|replace\s+into|drop\s|alter\s|truncate\s)", re.I
)


def is_actions(path: Path) -> bool:
    return path.name == "actions.py" or path.parent.name == "actions" or "migrations" in path.parts


def faults(root: Path = SOURCE) -> list[Fault]:
    found = []
    for path in files(".py", under=root):
        inside = str(path.relative_to(root))
        if not is_actions(path) and inside not in ALLOWED and not inside.startswith(WITHOUT_DATABASE):
            found += [Fault(name(path), line, what) for line, what in writes(parsed(path))]
    return found


def writes(tree: ast.Module) -> list[tuple[int, str]]:
    """(line, what) of each write in a module."""
    querysets = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and MANAGERS.search(dotted(node.value))
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found = []
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and (what := _written(node, node.func, querysets))
        ):
            found.append((node.lineno, what))
    return found


def _written(call: ast.Call, method: ast.Attribute, querysets: set[str]) -> str:
    receiver, verb = (
        dotted(method.value),
        method.attr.removeprefix("a"),
    )  # Django's asynchronous forms: asave, acreate
    on_query = bool(MANAGERS.search(receiver)) or receiver.split(".")[0] in querysets
    if on_query and verb in ON_A_MANAGER:
        return f"writes rows with .{method.attr}() on {receiver}"
    if verb in ON_A_ROW and not call.args and receiver not in ("request.session", "self.cache"):
        return f"writes a row with .{method.attr}() on {receiver}"
    if method.attr in ("execute", "executemany") and call.args:
        sql = call.args[0]
        texts = [n.value for n in ast.walk(sql) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        if texts and WRITING_SQL.match(texts[0]):
            return f"writes with SQL: {texts[0].split()[0]}"
    return ""
