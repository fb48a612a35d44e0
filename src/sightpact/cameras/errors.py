"""The errors of cameras: what failed, why, and what to do. Never holds a user name or password."""

from __future__ import annotations


class CamerasError(Exception):
    """Root of this slice's errors."""

    def __init__(self, what: str, why: str, next_step: str) -> None:
        super().__init__(f"{what}: {why}. {next_step}")
        self.what, self.why, self.next_step = what, why, next_step


class AddressFault(CamerasError):
    """A camera address that is no plain RTSP address, or leads where no camera may be."""


class CredentialsFault(CamerasError):
    """Credentials that cannot be sealed or opened: key missing, readable by others, or another one."""


class InventoryFault(CamerasError):
    """A school, area or camera that cannot be as asked."""
