"""Which cameras a section is about, beside what they see: their marks, their names, or those of the exhibit alone.

Pure. Marks are read by Cedar from the camera; lists of cameras are entities, so that a long exhibit costs a decision nothing.
Never: a list that opens what the kinds of area do not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.base import Clause, Names
from sightpact.agreements.clauses.shapes import CAMERA, PARTY, TAG, Flag, Many, Optional, added, shaped
from sightpact.decide.facts import list_name

MOST_CAMERAS = 2000


@dataclass(frozen=True, kw_only=True)
class Scoped(Clause):
    """A section that opens pictures of some cameras. Texts without these fields keep their bytes: all came later."""

    tags: tuple[str, ...] = added(Many(TAG, least=0), ())
    cameras: tuple[str, ...] = added(Many(CAMERA, least=0), ())
    present_only: bool = added(Flag(), False)

    def scoped(self, names: Names) -> str:
        """Its Cedar condition; "" when it is about every camera of its kinds of area."""
        conditions = []
        if self.tags:
            marks = ", ".join(f'"{tag}"' for tag in self.tags)
            conditions.append(f"resource.tags.containsAny([{marks}])")
        lists = [self.number] * bool(self.cameras) + [names.exhibit] * self.present_only
        conditions += [f'resource in CameraList::"{list_name(names.agreement, at)}"' for at in lists]
        return "\n  && ".join(conditions)

    def scope_says(self, names: Names) -> str:
        """Its scope as sentences to follow the others; "" when there is nothing to say."""
        lines = []
        if self.tags:
            lines.append(f"Of these, it opens only cameras marked {_quoted(self.tags)}.")
        if self.cameras:
            lines.append(f"Of these, it opens only the {_cameras(self.cameras)}.")
        if self.present_only:
            lines.append(
                f"Of these, it opens only cameras of the exhibit in section {names.exhibit}; a camera that is not listed"
                " there stays closed."
            )
        return " ".join(lines)

    def scope_explained(self, names: Names) -> str:
        """For the margin; begins with a space when there is something to say."""
        told = []
        if self.tags:
            told.append(
                f"Only cameras marked {_quoted(self.tags)}: marking one opens it, taking the mark off closes it."
            )
        if self.cameras:
            told.append(f"Only {len(self.cameras)} named {_plural(self.cameras)}.")
        if self.present_only:
            told.append(f"A new camera stays closed until the exhibit (section {names.exhibit}) lists it.")
        return "".join(f" {line}" for line in told)


@dataclass(frozen=True, kw_only=True)
class CameraExhibit(Clause):
    kind: ClassVar[str] = "camera_exhibit"
    about: ClassVar[str] = (
        "The list of cameras as agreed, and who countersigns a change of it without a new adoption."
    )

    cameras: tuple[str, ...] = shaped(Many(CAMERA, most=MOST_CAMERAS))
    countersigned_by: str | None = shaped(Optional(PARTY), default=None)

    def render(self, names: Names) -> tuple[str, ...]:
        if self.countersigned_by:
            how = (
                f"{names.owner_called} takes a camera off the list by itself, and adds one once"
                f" {names.parties[self.countersigned_by].called} has countersigned. Neither needs a new adoption, and each"
                " change is entered in the record."
            )
        else:
            how = (
                f"{names.owner_called} takes a camera off the list by itself, and each change is entered in the record."
                " A camera is added by a new revision of this text alone."
            )
        how = words.capital(how)
        return (f"The exhibit lists {_count(self.cameras)}: {words.listed(sorted(self.cameras))}. {how}",)

    def explain(self, names: Names) -> str:
        grows = "after a countersignature" if self.countersigned_by else "only by a new revision"
        return f"Opens no picture by itself. It bounds the sections that say so; it grows {grows}."


def _quoted(tags: tuple[str, ...]) -> str:
    return words.listed([f"“{tag}”" for tag in tags], "or")


def _plural(cameras: tuple[str, ...]) -> str:
    return "camera" if len(cameras) == 1 else "cameras"


def _cameras(cameras: tuple[str, ...]) -> str:
    return f"{_plural(cameras)} {words.listed(list(cameras))}"


def _count(cameras: tuple[str, ...]) -> str:
    return "1 camera" if len(cameras) == 1 else f"{len(cameras)} cameras"
