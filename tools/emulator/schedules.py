"""The times of schedules, in the language of EventBridge.

A cron expression here has six fields, a `?` for one of the two days, and L, W and #, which no
library for Unix's cron reads in the same way: 1 is Sunday, 5L the last Thursday.
https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}

Test = Callable[[datetime], bool]


@dataclass(frozen=True)
class Timing:
    """The times of a schedule: an expression, its time zone, and the start of a rate."""

    expression: str
    since: datetime
    zone: str = "UTC"

    @property
    def once(self) -> datetime | None:
        """The minute of a time that comes once."""
        kind, _, inner = self.expression.rstrip(")").partition("(")
        if kind != "at":
            return None
        local = datetime.fromisoformat(inner).replace(second=0, tzinfo=ZoneInfo(self.zone))
        return local.astimezone(timezone.utc)

    def is_due(self, minute: datetime) -> bool:
        """Tells the minutes in which it is due, by their beginning."""
        kind, _, inner = self.expression.rstrip(")").partition("(")
        if kind == "rate":
            return _is_due_by_rate(inner, self.since, minute)
        if kind == "at":
            return self.once == minute
        local = minute.astimezone(ZoneInfo(self.zone))
        # The hour that comes twice in autumn counts once; what is left out in spring never comes.
        return local.fold == 0 and _cron(inner)(local)


def _is_due_by_rate(text: str, since: datetime, minute: datetime) -> bool:
    value, unit = text.split()
    step = int(value) * UNITS[unit.rstrip("s")]
    first = since.astimezone(timezone.utc).replace(second=0, microsecond=0)
    return minute >= first and (minute - first) % step == timedelta()


@lru_cache(maxsize=256)
def _cron(text: str) -> Test:
    minutes, hours, days, months, weekdays, years = text.upper().split()
    tests: list[Test] = [
        _among(years, 1970, 2199, lambda at: at.year),
        _among(months, 1, 12, lambda at: at.month, MONTHS),
        _days(days),
        _weekdays(weekdays),
        _among(hours, 0, 23, lambda at: at.hour),
        _among(minutes, 0, 59, lambda at: at.minute),
    ]
    return lambda at: all(test(at) for test in tests)


def _among(
    text: str, low: int, high: int, part: Callable[[datetime], int], names: list[str] | None = None
) -> Test:
    """A list of values, ranges and steps."""
    allowed: set[int] = set()
    for item in text.split(","):
        span, _, step = item.partition("/")
        first, _, last = span.partition("-")
        start = low if first in ("*", "?") else _number(first, low, names)
        end = high if first in ("*", "?") or (step and not last) else start
        end = _number(last, low, names) if last else end
        allowed.update(range(start, end + 1, int(step or 1)))
    return lambda at: part(at) in allowed


def _number(text: str, low: int, names: list[str] | None) -> int:
    return names.index(text) + low if names and text in names else int(text)


def _last_day(at: datetime) -> int:
    return calendar.monthrange(at.year, at.month)[1]


def _days(text: str) -> Test:
    if text == "L":
        return lambda at: at.day == _last_day(at)
    if text == "LW":
        return lambda at: at.day == _workday_near(at, _last_day(at))
    if text.endswith("W"):
        return lambda at: at.day == _workday_near(at, int(text[:-1]))
    return _among(text, 1, 31, lambda at: at.day)


def _workday_near(at: datetime, day: int) -> int | None:
    """The workday nearest to a day of a month, within the month; none where it has no such day."""
    last = _last_day(at)
    if day > last:
        return None
    weekday = at.replace(day=day).weekday()
    if weekday == calendar.SATURDAY:
        return day - 1 if day > 1 else day + 2
    if weekday == calendar.SUNDAY:
        return day + 1 if day < last else day - 2
    return day


def _weekdays(text: str) -> Test:
    nth = re.fullmatch(r"(\w+)#([1-5])", text)
    if nth is not None:
        wanted = _number(nth[1], 1, DAYS)
        return lambda at: _weekday(at) == wanted and (at.day - 1) // 7 + 1 == int(nth[2])
    if text == "L":
        return lambda at: _weekday(at) == len(DAYS)
    if text.endswith("L"):
        wanted = _number(text[:-1], 1, DAYS)
        return lambda at: _weekday(at) == wanted and at.day > _last_day(at) - 7
    return _among(text, 1, 7, _weekday, DAYS)


def _weekday(at: datetime) -> int:
    """1 for Sunday to 7 for Saturday."""
    return at.isoweekday() % 7 + 1
