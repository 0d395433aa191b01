"""moto's backends, as the parts of the emulator that are no API of AWS use them."""

import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

from flask import has_request_context, request
from moto.core.utils import unix_time_millis
from moto.logs.models import logs_backends


def every(backends: Any) -> Iterator[tuple[str, str, Any]]:
    """Yields each account and region of a service that something was made in."""
    for account, regions in list(backends.items()):
        for region, backend in list(regions.items()):
            yield account, region, backend


def own_address() -> str:
    """Returns this emulator's URL as the present request has it, without a slash at its end."""
    if has_request_context():
        return request.host_url.rstrip("/")
    return f"http://127.0.0.1:{os.environ.get('MOTO_PORT', '5000')}"


def start(task: Callable[..., Any], *args: Any) -> None:
    """Does something in a thread of its own."""
    threading.Thread(target=task, args=args, daemon=True).start()


def log(account: str, region: str, group: str, stream: str, message: str) -> None:
    """Writes a line into a log."""
    logs = logs_backends[account][region]
    if group not in logs.groups:
        return
    if stream not in logs.groups[group].streams:
        logs.create_log_stream(group, stream)
    event = {"timestamp": int(unix_time_millis()), "message": message}
    logs.put_log_events(group, stream, [event])
