"""A bit reader for parameter sets (Exp-Golomb codes, emulation prevention). Only small NAL units are read
with it."""

from __future__ import annotations


class BitsError(ValueError):
    """The parameter set ends early or holds a number that cannot be."""


def unescape(nal: bytes) -> bytes:
    """Remove emulation prevention bytes (00 00 03 becomes 00 00)."""
    return nal.replace(b"\x00\x00\x03", b"\x00\x00")


class Bits:
    """Reads from the most significant bit on. `data` must be unescaped."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "big")
        self._left = len(data) * 8

    def u(self, count: int) -> int:
        """An unsigned number of `count` bits."""
        if count > self._left:
            raise BitsError("parameter set ends early")
        self._left -= count
        return (self._value >> self._left) & ((1 << count) - 1)

    def ue(self) -> int:
        """An unsigned Exp-Golomb number."""
        zeros = 0
        while self.u(1) == 0:
            zeros += 1
            if zeros > 32:
                raise BitsError("number too large")
        return (1 << zeros) - 1 + self.u(zeros)

    def se(self) -> int:
        """A signed Exp-Golomb number."""
        value = self.ue()
        return (value + 1) // 2 if value & 1 else -(value // 2)

    def skip(self, count: int) -> None:
        self.u(count)
