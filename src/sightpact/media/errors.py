"""The error tree of the picture path.

Each fault carries two texts: `text` is safe for anybody who may see the tile (no address), `detail` is for
the district's technician (address and port, never a user name or password).
"""

from __future__ import annotations


class MediaError(Exception):
    """Something about a camera's stream is not as it must be.

    Args:
        text: what is wrong and what to do, for whoever looks at the tile.
        detail: the same with address and protocol facts, for the owner's technician.
    """

    def __init__(self, text: str, detail: str = "") -> None:
        super().__init__(detail or text)
        self.text = text
        self.detail = detail or text


class Unsupported(MediaError):
    """The camera answered, and what it offers can never work as configured. Tried again rarely."""


class Refused(Unsupported):
    """The camera, or our own address guard, said no. Trying again soon would only lock an account."""


class Lost(MediaError):
    """No connection, a broken one, or one that fell silent. Tried again soon."""
