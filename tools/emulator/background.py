"""The passing of time: schedules, metrics and alarms."""

import threading
import time
import traceback
from collections.abc import Callable

from emulator import alarms, clock, metrics
from emulator.scheduler import Scheduler

#: Seconds between two rounds: of AWS, and the fewest of this machine.
STEP, SHORTEST = 5, 0.2


def begin() -> None:
    """Lets time pass; it ends with the process."""
    scheduler = Scheduler(clock.now())
    tasks = (
        lambda: scheduler.tick(clock.now()),
        metrics.measure_queues,
        alarms.evaluate,
        metrics.forget_old_values,
    )
    threading.Thread(target=_pass, args=tasks, daemon=True).start()


def _pass(*tasks: Callable[[], None]) -> None:
    while True:
        for task in tasks:
            try:
                task()
            except Exception:
                traceback.print_exc()
        time.sleep(max(SHORTEST, clock.lasting(STEP)))
