"""Mappings as people write them, a line each: "Office button = lakeview-high" and "PANIC = intruder". Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sightpact.activation.errors import ActivationError


class BadLine(ActivationError):
    """A line without its sign of equality, or one said twice."""

    code = "bad_line"


def places(text: str) -> dict[str, tuple[str, ...]]:
    """Place to slugs of schools; several with commas between.

    Raises:
        BadLine: naming the line.
    """
    return {left: tuple(s.strip() for s in right.split(",") if s.strip()) for left, right in _pairs(text)}


def codes(text: str) -> dict[str, str]:
    """Code to kind of emergency."""
    return dict(_pairs(text))


def written(mapping: Mapping[str, str | Sequence[str]]) -> str:
    """The same as it was written."""
    said = ((left, right if isinstance(right, str) else ", ".join(right)) for left, right in mapping.items())
    return "\n".join(f"{left} = {right}" for left, right in said)


def _pairs(text: str) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        left, equals, right = (part.strip() for part in line.rpartition("="))
        if not equals or not left or not right:
            raise BadLine(
                f"Line {number}", f"is not “what is sent = what it means” ({line.strip()[:40]}).", "Mend it."
            )
        if left in found:
            raise BadLine(f"Line {number}", f"says “{left[:40]}” a second time.", "Keep one of them.")
        found[left] = right
    return list(found.items())
