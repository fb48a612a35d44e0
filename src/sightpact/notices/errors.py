"""What can go wrong when people are to be told. Each says what, why and what to do."""

from __future__ import annotations


class NoticeError(Exception):
    code = "notice_error"

    def __init__(self, what: str, why: str, next_step: str) -> None:
        super().__init__(f"{what} {why} {next_step}")
        self.what, self.why, self.next_step = what, why, next_step


class ChannelFault(NoticeError):
    """A channel that cannot be used."""

    code = "channel"
