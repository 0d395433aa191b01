"""The logs of functions, in CloudWatch's log groups."""

import contextlib
import os
import time
import uuid
from collections.abc import Sequence
from typing import Any

from moto.logs.exceptions import LogsClientError
from moto.logs.models import LogGroup, logs_backends

_TAIL = 4096


class Log:
    """The log stream of one execution environment, and what the call under way has written."""

    def __init__(self, function: Any, version: str) -> None:
        self.group = function.logs_group_name
        self.stream = f"{time.strftime('%Y/%m/%d')}/[{version}]{uuid.uuid4().hex}"
        self._backend = logs_backends[function.account_id][function.region]
        self._backend.ensure_log_group(self.group)
        self._backend.create_log_stream(self.group, self.stream)
        self._call: list[str] = []

    def write(self, lines: Sequence[str]) -> None:
        """Adds lines, unless somebody has deleted the log group since."""
        self._call += lines
        now = int(time.time() * 1000)
        events = [{"timestamp": now, "message": line} for line in lines if line]
        with contextlib.suppress(LogsClientError):
            self._backend.put_log_events(self.group, self.stream, events)

    def begin_call(self) -> None:
        """Forgets what earlier calls have written."""
        self._call = []

    def tail(self) -> bytes:
        """Returns the end of what the call has written, as `LogType: Tail` gives it."""
        return (os.linesep.join(self._call) + os.linesep).encode()[-_TAIL:]


def lines_come_in_order() -> None:
    """Lines that are asked of a whole group come by their time, not stream by stream."""
    look = LogGroup.filter_log_events

    def corrected(self: LogGroup, *given: Any) -> Any:
        *rest, _interleaved = given
        return look(self, *rest, True)

    LogGroup.filter_log_events = corrected
