"""Rule: pages hold no inline style, handler or script (our content policy forbids them), and let nothing through unescaped.

Our own components build pages from elements and text, never from markup in strings.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from tests.house.tree import SOURCE, Fault, files, name

MAY_PUT_MARKUP = {
    # path under src/sightpact: why it may
    "web/components/swap.js": "puts in parts that our own server rendered, fetched from the page's own origin",
}
TAGS = re.compile(r"\{%.*?%\}|\{#.*?#\}|\{\{.*?\}\}", re.S)
UNESCAPED = re.compile(r"\|\s*safe\b|\{%\s*autoescape\s+off")
IN_COMPONENTS = re.compile(
    r"\.(innerHTML|outerHTML)\s*\+?=(?!\s*[\"'][^\"'+]*[\"'];)"
    r"|insertAdjacentHTML|document\.write|\beval\(|new Function\(|setAttribute\(\s*[\"']style|\.cssText"
)


class _Look(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self._script: dict[str, str | None] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for key, value in attrs:
            if key == "style":
                self._fault(f"<{tag}> has an inline style")
            elif key.startswith("on"):
                self._fault(f"<{tag}> has an inline handler {key}")
            elif (value or "").strip().lower().startswith("javascript:"):
                self._fault(f"<{tag}> has a javascript: address")
        if tag == "style":
            self._fault("<style> in a page")
        self._script = dict(attrs) if tag == "script" else None

    def handle_endtag(self, tag: str) -> None:
        self._script = None

    def handle_data(self, data: str) -> None:
        if self._script is not None and data.strip() and self._script.get("type") != "application/json":
            self._fault("<script> has a body")

    def _fault(self, what: str) -> None:
        self.found.append((self.getpos()[0], what))


def in_template(text: str) -> list[tuple[int, str]]:
    found = [
        (text[: hit.start()].count("\n") + 1, f"unescaped: {hit.group()}") for hit in UNESCAPED.finditer(text)
    ]
    look = _Look()
    # A template's own tags may stand inside attributes; they are blanked, their lines kept.
    look.feed(TAGS.sub(lambda hit: "x" + "\n" * hit.group().count("\n"), text))
    return sorted(found + look.found)


def in_component(text: str) -> list[tuple[int, str]]:
    return [
        (text[: hit.start()].count("\n") + 1, f"markup from a string: {hit.group()}")
        for hit in IN_COMPONENTS.finditer(text)
    ]


def faults(root: Path = SOURCE) -> list[Fault]:
    found = []
    for path in files(".html", ".txt", ".svg", under=root):
        if "templates" in path.parts:
            found += [Fault(name(path), line, what) for line, what in in_template(path.read_text())]
    for path in files(".js", under=root):
        if "vendor" not in path.parts and str(path.relative_to(root)) not in MAY_PUT_MARKUP:
            found += [Fault(name(path), line, what) for line, what in in_component(path.read_text())]
    return found
