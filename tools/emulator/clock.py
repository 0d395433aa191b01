"""The emulator's clock. EMULATOR_MINUTE_SECONDS makes its minutes shorter, for tests.

Whatever takes its time in AWS (steps of a release, periods of alarms, schedules, retries) takes it
by this clock.
"""

import os
from datetime import datetime, timedelta, timezone

MINUTE = float(os.environ.get("EMULATOR_MINUTE_SECONDS", "60"))
_START = datetime.now(timezone.utc)


def lasting(seconds: float) -> float:
    """Returns for how many seconds to wait here for what takes these seconds in AWS."""
    return seconds * MINUTE / 60


def before_retry(seconds: float) -> float:
    """Returns for how many seconds to wait here before a retry that comes after these in AWS.

    It is two at most, so that what ends among the dead letters does so while somebody looks on.
    """
    return min(lasting(seconds), 2.0)


def elapsed(seconds: float) -> float:
    """Returns how many seconds of AWS have passed in these seconds here."""
    return seconds * 60 / MINUTE


def now() -> datetime:
    """Returns the time that schedules go by: the real one, with shorter minutes since the start."""
    passed = (datetime.now(timezone.utc) - _START).total_seconds()
    return _START + timedelta(seconds=elapsed(passed))
