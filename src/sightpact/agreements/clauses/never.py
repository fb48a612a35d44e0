"""What no agreement can have, and why: the words for whoever tries it, in a file or in the editor.

Pure. A page that greys out a choice shows its reason from here, so that file and page say the same.
"""

from __future__ import annotations

import re
from types import MappingProxyType

NEVER = MappingProxyType(
    {
        "recognition": (
            "Sightpact has no function that recognizes, follows or sorts people, and no agreement can add one."
        ),
        "audio": (
            "Sightpact never asks a camera for sound. Listening in falls under wiretap law, which an agreement"
            " between these parties cannot set aside."
        ),
        "camera_control": (
            "Sightpact never turns or zooms a camera: it has no connection by which it could. What a camera sees is"
            " what its owner classified."
        ),
        "copies": (
            "Another party cannot record, download, export or forward pictures through Sightpact. It asks the owner"
            " in writing."
        ),
    }
)
"""Each limit that cannot be agreed away, by a short name. Private kinds of area: `shapes.WHY_PRIVATE`."""

_TRIES = (
    ("recognition", re.compile(r"recogni|facial|face|biometr|analytic|plate|behaviou?r|track")),
    ("audio", re.compile(r"audio|sound|microphone|listen|talk")),
    ("camera_control", re.compile(r"ptz|pan_?tilt|zoom|preset|control|steer")),
    ("copies", re.compile(r"record|export|download|forward|copy|copies|save|screenshot|clip")),
)


def why_never(word: str) -> str:
    """The reason when a name that is not known tries to agree a limit away; "" for any other name.

    Args:
        word: an unknown kind of clause, field or choice, as somebody wrote it: "audio", "face_recognition".
    """
    plain = re.sub(r"[^a-z]+", "_", word.casefold())
    return next((NEVER[name] for name, tries in _TRIES if tries.search(plain)), "")
