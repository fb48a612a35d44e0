"""How the demonstration differs from the product: exactly these places. A new one must be thought about, and listed here.

The differences (architecture's day-one decisions): a page to pick who one is; generated keys; loopback cameras allowed;
WebAuthn on localhost; made-up data. WebAuthn on localhost needs no place: browsers and settings go by the host's name.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.house.tree import SOURCE, files, parsed

PLACES: dict[str, tuple[int, str]] = {
    # path under src/sightpact: how many lines, and what differs there
    "agreements/static/agreements/reader.css": (1, "printed agreements are without the banner"),
    "web/cli.py": (1, "the command `sightpact demo`"),
    "web/config.py": (4, "the setting: a switch, on localhost only, with a text that says so"),
    "web/context.py": (1, "templates are told"),
    "web/pages/front.py": (1, "the first page leads to the page to pick who one is"),
    "web/settings.py": (2, "the demonstration's app is there, so that its page has templates"),
    "web/static/web/paper.css": (1, "how the banner looks"),
    "web/templates/web/base_console.html": (1, "“Change person” for “Sign out”"),
    "web/templates/web/base_paper.html": (2, "the same, and the banner that says that all is made up"),
    "web/urls.py": (2, "its addresses: the page to pick who one is"),
}
ELSEWHERE = (
    "demo",
    "bench",
    "camerasim",
)  # the demonstration itself, and what is no part of a running product
SETTINGS = {
    # what its sightpact.toml sets, beside ports: why
    "public_url": "WebAuthn on localhost",
    "log_origin": "made-up data: Lakeview's own log",
    "camera_networks": "its cameras are simulated on this machine",
    "demo": "the page to pick who one is",
}
FILES = {
    # what it lays down in its folder before the product's own `init` and `import`
    "sightpact.toml": "the settings above",
    "lakeview.toml": "made-up data, in the product's own import format",
    "camera-sim.toml": "simulated cameras; the product does not read it",
    "signing-keys/lakeview-usd.pem": "a generated key; in real use it lies with the party",
    "signing-keys/lakeview-pd.pem": "a generated key; in real use it lies with the party",
}
WORD = re.compile(r"(?<![\w-])(is_)?demo(?![\w-])")


def places(root: Path = SOURCE) -> dict[str, int]:
    """Where the product knows of the demonstration: lines by file. Words for readers (comments, docstrings) are none."""
    found = {}
    for path in files(".py", ".html", ".js", ".css", ".txt", under=root):
        inside = str(path.relative_to(root))
        if inside.split("/")[0] not in ELSEWHERE and (lines := lines_of(path)):
            found[inside] = len(lines)
    return found


def lines_of(path: Path) -> set[int]:
    if path.suffix != ".py":
        return {number for number, line in enumerate(path.read_text().splitlines()) if WORD.search(line)}
    nodes = list(ast.walk(parsed(path)))
    spoken = {id(n.value) for n in nodes if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}
    return {n.lineno for n in nodes if id(n) not in spoken and _names_it(n)}  # type: ignore[attr-defined]


def _names_it(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "demo"
    if isinstance(node, ast.Name):
        return node.id in ("demo", "is_demo")
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and bool(WORD.search(node.value))
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").startswith("sightpact.demo") or any(
            alias.name == "demo" for alias in node.names
        )
    if isinstance(node, ast.Import):
        return any(alias.name.startswith("sightpact.demo") for alias in node.names)
    return False
