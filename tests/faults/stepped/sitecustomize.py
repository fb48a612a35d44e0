"""Put first on PYTHONPATH of a deployment's processes: their wall clock is off by what the file WALL_CLOCK_OFFSET says.

Python loads it before anything of the product: the product has no hook for it. The boot-time clock stays as it is.
"""

import mmap
import os
import pathlib
import struct
import time

_file = os.environ.get("WALL_CLOCK_OFFSET")
if _file:
    with pathlib.Path(_file).open("rb") as _handle:
        _seen = mmap.mmap(_handle.fileno(), 8, prot=mmap.PROT_READ)
    _time, _time_ns = time.time, time.time_ns

    def _offset() -> float:
        return float(struct.unpack("<d", _seen[:8])[0])

    time.time = lambda: _time() + _offset()
    time.time_ns = lambda: _time_ns() + int(_offset() * 1e9)
