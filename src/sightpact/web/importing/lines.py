"""On which line of a TOML text each value stands, since tomllib does not say. Pure.

Only for text that tomllib has accepted: this walks the text's structure and judges nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

Path = tuple[str | int, ...]
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPE = re.compile(r'\\(["\\])')


def locate(text: str) -> dict[Path, int]:
    """Line (from 1) of each table, key and list entry, by its path: ("cameras", 3, "address") -> 41."""
    walk = _Walk(text)
    walk.document()
    return walk.found


def line_of(found: Mapping[Path, int], path: str | Sequence[str | int]) -> int:
    """Line of a path such as "cameras[3].areas[0]"; of the nearest thing around it when it has no line; else 1."""
    steps = parse_path(path) if isinstance(path, str) else tuple(path)
    while steps and steps not in found:
        steps = steps[:-1]
    return found.get(steps, 1)


def parse_path(path: str) -> Path:
    return tuple(name or int(number) for name, number in _STEP.findall(path))


class _Walk:
    """A cursor over the text. Owns the position, the line, and where each array of tables has got to."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.line = text.replace("\r\n", "\n"), 0, 1
        self.found: dict[Path, int] = {}
        self._last: dict[Path, int] = {}  # array of tables -> index of its last table

    def document(self) -> None:
        base: Path = ()
        while self._blank():
            if self._peek("["):
                base = self._header()
            else:
                self._pair(base)

    def _header(self) -> Path:
        double = self._peek("[[")
        line = self.line
        self._move(2 if double else 1)
        names = self._names("]")
        self._move(2 if double else 1)
        path: Path = ()
        for depth, name in enumerate(names):
            path = (*path, name)
            last = depth == len(names) - 1
            if last and double:
                self._last[path] = self._last.get(path, -1) + 1
                self.found.setdefault(path, line)
            if path in self._last:
                path = (*path, self._last[path])
        self.found.setdefault(path, line)
        return path

    def _pair(self, base: Path) -> None:
        line = self.line
        names = self._names("=")
        self._move(1)
        path = base
        for name in names:
            path = (*path, name)
            self.found.setdefault(path, line)
        self._value(path)

    def _names(self, end: str) -> list[str]:
        """A dotted key up to `end`."""
        names = []
        while not self._peek(end):
            if self._peek('"') or self._peek("'"):
                names.append(self._string())
            elif match := _BARE.match(self.text, self.at):
                names.append(match.group())
                self._move(len(match.group()))
            else:
                self._move(1)  # dot or blank
        return names

    def _value(self, path: Path) -> None:
        self._blank(lines=False)
        if self._peek('"') or self._peek("'"):
            self._string()
        elif self._peek("["):
            self._list(path)
        elif self._peek("{"):
            self._move(1)
            while self._blank() and not self._peek("}"):
                if self._peek(","):
                    self._move(1)
                else:
                    self._pair(path)
            self._move(1)
        else:
            while self.at < len(self.text) and self.text[self.at] not in ",]}\n#":
                self._move(1)

    def _list(self, path: Path) -> None:
        self._move(1)
        index = 0
        while self._blank() and not self._peek("]"):
            if self._peek(","):
                self._move(1)
                continue
            self.found[(*path, index)] = self.line
            self._value((*path, index))
            index += 1
        self._move(1)

    def _string(self) -> str:
        quote = self.text[self.at]
        many = self._peek(quote * 3)
        end = quote * 3 if many else quote
        start = self.at + len(end)
        self._move(len(end))
        while self.at < len(self.text) and not self._peek(end):
            self._move(2 if quote == '"' and self._peek("\\") else 1)
        content = self.text[start : self.at]
        self._move(len(end))
        while many and self._peek(quote):  # up to two quotes may stand before the closing three
            self._move(1)
        return _ESCAPE.sub(r"\1", content) if quote == '"' else content

    def _blank(self, lines: bool = True) -> bool:
        """Skip blanks and comments; says whether anything is left."""
        while self.at < len(self.text):
            char = self.text[self.at]
            if char == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            elif char in " \t" or (lines and char == "\n"):
                self._move(1)
            else:
                return True
        return False

    def _peek(self, what: str) -> bool:
        return self.text.startswith(what, self.at)

    def _move(self, count: int) -> None:
        passed = self.text[self.at : self.at + count]
        self.line += passed.count("\n")
        self.at = min(self.at + max(count, 1), len(self.text))
