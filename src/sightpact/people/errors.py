"""The errors of people: what failed, why, and what to do. One tree, so that API, CLI and page say the
same."""

from __future__ import annotations


class PeopleError(Exception):
    """Root of this slice's errors."""

    def __init__(self, what: str, why: str, next_step: str) -> None:
        super().__init__(f"{what}: {why}. {next_step}")
        self.what, self.why, self.next_step = what, why, next_step


class NoSuch(PeopleError):
    """A party, person or key that is not here."""


class Taken(PeopleError):
    """A short name (slug) that already stands for something else."""


class NotActive(PeopleError):
    """A person who was taken out and can therefore not be invited, enrolled or signed in."""


class LinkClosed(PeopleError):
    """An invitation link that was used, is older than its time, or never was."""


class PasskeyRefused(PeopleError):
    """A passkey answer that does not hold: wrong origin, wrong challenge, unknown key, no user
    verification."""
