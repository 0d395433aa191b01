"""Where the process is between its start and its end, for those who send it traffic."""

import signal
from enum import Enum
from types import FrameType


class Phase(Enum):
    """A process only wants new traffic while it is running."""

    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"


class Lifecycle:
    """The phase of this process."""

    def __init__(self) -> None:
        """Start as not ready: whoever serves the app says when it is."""
        self.phase = Phase.STARTING

    def started(self) -> None:
        """Note that requests can be served; a process that is stopping stays so."""
        if self.phase is Phase.STARTING:
            self.phase = Phase.RUNNING

    def stopping(self) -> None:
        """Note that the end has begun.

        This runs in a signal handler, between any two instructions: it must not lock or log.
        """
        self.phase = Phase.STOPPING

    def stop_on_sigterm(self) -> None:
        """Hear of SIGTERM before the server does, which then drains and stops as it always does."""
        server = signal.getsignal(signal.SIGTERM)

        def on_sigterm(signum: int, frame: FrameType | None) -> None:
            self.stopping()
            if callable(server):
                server(signum, frame)

        signal.signal(signal.SIGTERM, on_sigterm)
