"""Logs as one JSON object a line on stdout, which is where a container's platform collects them."""

import json
import logging
from datetime import datetime, timezone
from typing import Any

from flask import g, has_request_context

from . import SERVICE

# What every log record has; anything else on one was given as `extra` by the caller.
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonFormatter(logging.Formatter):
    """A line with the record's own fields, the request it belongs to, and the caller's `extra`."""

    def __init__(self, environment: str | None = None) -> None:
        """Take what is the same on every line of this process."""
        super().__init__()
        self._constant = {"service": SERVICE, "environment": environment}

    def format(self, record: logging.LogRecord) -> str:
        """Write one record; newlines in it are escaped, so nobody can forge a line."""
        time = datetime.fromtimestamp(record.created, timezone.utc)
        line: dict[str, object] = {
            "time": time.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **self._constant,
        }
        if has_request_context():
            line["request_id"] = g.get("request_id")
        line.update((k, v) for k, v in vars(record).items() if k not in _STANDARD)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps({k: v for k, v in line.items() if v is not None}, default=str)


def logging_config(level: str = "INFO", environment: str | None = None) -> dict[str, Any]:
    """The `logging.config` dictionary for everything in the process, gunicorn included.

    At DEBUG botocore and urllib3 log whole requests, signatures and all, so those two never go
    below INFO.
    """
    quiet = {"level": "INFO" if level == "DEBUG" else level}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonFormatter, "environment": environment}},
        "handlers": {
            "stdout": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout",
                "formatter": "json",
            }
        },
        "root": {"level": level, "handlers": ["stdout"]},
        "loggers": {
            "botocore": quiet,
            "urllib3": quiet,
            "gunicorn.error": {"level": level, "handlers": [], "propagate": True},
        },
    }
