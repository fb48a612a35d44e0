"""Logs as JSON lines, without secrets or pictures. Never: what stands behind /join/ or /told/seen/ in an address:
the one lets somebody in, the other says "seen" in somebody's name."""

from __future__ import annotations

import json
import logging
import re

_SECRET = re.compile(
    r"(/|%2f)(join|told(?:/|%2f)seen)(/|%2f)[\w.~%:-]+", re.IGNORECASE | re.ASCII
)  # also in what Django and a trace say


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "from": record.name,
            "text": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return _SECRET.sub(r"/\2/...", json.dumps(line, ensure_ascii=False))
