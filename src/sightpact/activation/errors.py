"""What can go wrong with an emergency sharing. Each says what, why and what to do; pages, API and command line show it so."""

from __future__ import annotations


class ActivationError(Exception):
    """Root of this slice's errors."""

    code = "activation_error"

    def __init__(self, what: str, why: str, next_step: str) -> None:
        super().__init__(f"{what} {why} {next_step}")
        self.what, self.why, self.next_step = what, why, next_step


class UnknownActivation(ActivationError):
    code = "unknown_activation"


class AlreadyEnded(ActivationError):
    code = "already_ended"


class UnknownAsking(ActivationError):
    code = "unknown_asking"


class TooLate(ActivationError):
    """It was answered, opened or ended already, or its time for an answer is over. Nothing was changed."""

    code = "too_late"


class BadAsking(ActivationError):
    """What was asked for does not fit the section: too long, a camera that it does not open, no reason."""

    code = "bad_asking"


class UnknownDrill(ActivationError):
    code = "unknown_drill"


class AlreadyRunning(ActivationError):
    """A drill is not begun where an emergency is shared or another drill runs."""

    code = "already_running"
