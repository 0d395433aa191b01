"""The workers of each function, kept warm for the next call, and as many as it may have."""

import os
import threading
import time
from collections import defaultdict
from typing import Any

from emulator.commands import command_for, version_of
from emulator.logs import Log
from emulator.worker import Call, Result, Worker

# The calls of a function that run at once here, of which Lambda would run a thousand.
LIMIT = max(4, os.cpu_count() or 1)
IDLE_SECONDS = 300.0
# For those of versions that calls no longer go to; a release goes back and forth between two.
SUPERSEDED_SECONDS = 10.0


class ThrottledError(Exception):
    """A function runs as often at once as its reserved concurrency allows."""


class Pool:
    """The workers of one function, in all its versions."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._idle: dict[str, list[Worker]] = defaultdict(list)
        self._all: set[Worker] = set()
        self._running = 0

    def run(self, function: Any, layers: Any, call: Call, reserved: int | None) -> Result:
        """Runs a call in a warm worker, or in a new one.

        Throws ThrottledError when the reserved concurrency is used up, and CannotRunError when this
        machine can't run the function.
        """
        with self._changed:
            if reserved is not None and self._running >= reserved:
                raise ThrottledError
            self._changed.wait_for(lambda: self._running < LIMIT)
            self._running += 1
        try:
            worker = self._worker(function, layers)
            result = worker.run(call)
            self._keep(identity(function), worker)
            return result
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def has_room(self, reserved: int | None) -> bool:
        """Returns true if one more call would run at once."""
        return self._running < min(LIMIT, LIMIT if reserved is None else reserved)

    def _worker(self, function: Any, layers: Any) -> Worker:
        name = identity(function)
        with self._changed:
            while self._idle[name]:
                worker = self._idle[name].pop()
                if worker.alive:
                    return worker
                self._all.discard(worker)
        # The workers that are idle now are all of other versions.
        self.retire(SUPERSEDED_SECONDS)
        command = command_for(function, layers)
        version = version_of(function)
        worker = Worker(command, Log(function, version), function.memory_size, version)
        with self._changed:
            self._all.add(worker)
        return worker

    def _keep(self, name: str, worker: Worker) -> None:
        worker.idle_since = time.monotonic()
        with self._changed:
            if worker.alive and worker in self._all:
                self._idle[name].append(worker)
                return
            self._all.discard(worker)
        worker.end()

    def retire(self, older_than: float = 0.0) -> None:
        """Ends the workers that have been idle for longer; those at work end with their call."""
        until = time.monotonic() - older_than
        with self._changed:
            old = [
                each for some in self._idle.values() for each in some if each.idle_since <= until
            ]
            for name, some in self._idle.items():
                self._idle[name] = [each for each in some if each not in old]
            self._all.difference_update(old)
        for worker in old:
            worker.end()

    def end(self) -> None:
        """Ends all workers, those at work too."""
        with self._changed:
            workers, self._all = self._all, set()
            self._idle.clear()
        for worker in workers:
            worker.end()


def identity(function: Any) -> str:
    """Returns what makes a version's workers fit for it: its code and its whole configuration."""
    layers = [each["Arn"] for each in function.layers]
    parts = (function.code_sha_256, function.handler, function.run_time, function.timeout, layers)
    settings = sorted((function.environment_vars or {}).items())
    kept = getattr(function, "kept_settings", {})
    size = function.memory_size
    return repr((version_of(function), parts, settings, size, function.logs_group_name, kept))
