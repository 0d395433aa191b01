"""EventBridge Scheduler, and the rules of EventBridge that have a schedule.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule.html
"""

import json
import random
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from moto.events.models import Rule, events_backends
from moto.scheduler.models import Schedule, scheduler_backends

from emulator import events, targets
from emulator.backends import every
from emulator.schedules import Timing

MINUTE = timedelta(minutes=1)
#: The time after which a missed run is given up, so that not all of a night come at once.
LOOK_BACK = timedelta(minutes=5)


class Scheduler:
    """The runs that are due, and those that wait within their window."""

    def __init__(self, start: datetime) -> None:
        self.next_minute = _whole(start)
        self.later: list[tuple[datetime, Schedule, datetime]] = []

    def tick(self, now: datetime) -> None:
        """Runs everything that has become due since the last time."""
        self.next_minute = max(self.next_minute, _whole(now) - LOOK_BACK)
        while self.next_minute <= now:
            for schedule in _schedules():
                if _is_due(schedule, self.next_minute):
                    at = self.next_minute + _delay(schedule)
                    self.later.append((at, schedule, self.next_minute))
            for rule in _rules():
                if _is_rule_due(rule, self.next_minute):
                    _run_rule(rule, self.next_minute)
            self.next_minute += MINUTE
        due = [each for each in self.later if each[0] <= now]
        self.later = [each for each in self.later if each[0] > now]
        for _, schedule, minute in due:
            _run(schedule, minute)
        _delete_ended(now, {id(schedule) for _, schedule, _ in self.later})


def _whole(time: datetime) -> datetime:
    return time.replace(second=0, microsecond=0)


def _schedules() -> Iterator[Schedule]:
    for _, _, backend in every(scheduler_backends):
        for group in list(backend.schedule_groups.values()):
            yield from [each for each in group.schedules.values() if each.state == "ENABLED"]


def _rules() -> Iterator[Rule]:
    for _, _, backend in every(events_backends):
        for rule in list(backend.event_buses["default"].rules.values()):
            if rule.scheduled_expression and rule.state == "ENABLED":
                yield rule


def _seen(thing: Any, minute: datetime) -> datetime:
    """The minute in which something was first there to be done."""
    if not hasattr(thing, "seen_at"):
        thing.seen_at = minute
    return thing.seen_at


def _date(value: Any) -> datetime | None:
    return None if value is None else datetime.fromtimestamp(float(value), timezone.utc)


def _is_due(schedule: Schedule, minute: datetime) -> bool:
    start, end = _date(schedule.start_date), _date(schedule.end_date)
    since = start or _seen(schedule, minute)
    if minute < _whole(since) or (end is not None and minute > end):
        return False
    return _timing(schedule, since).is_due(minute)


def _is_rule_due(rule: Rule, minute: datetime) -> bool:
    """Unlike a schedule's, a rule's rate comes first when its time has passed once."""
    since = _seen(rule, minute)
    return minute > since and Timing(rule.scheduled_expression, since).is_due(minute)


def _timing(schedule: Schedule, since: datetime) -> Timing:
    return Timing(schedule.schedule_expression, since, schedule.schedule_expression_timezone)


def _delay(schedule: Schedule) -> timedelta:
    """For how long a schedule waits within its flexible window."""
    window = schedule.flexible_time_window or {}
    if window.get("Mode") != "FLEXIBLE":
        return timedelta()
    return timedelta(minutes=random.uniform(0, window["MaximumWindowInMinutes"]))  # noqa: S311


def _run(schedule: Schedule, minute: datetime) -> None:
    target = schedule.target
    time, execution = minute.strftime("%Y-%m-%dT%H:%M:%SZ"), str(uuid.uuid4())
    given = target.get("Input") or json.dumps(_scheduled_event(schedule, "aws.scheduler", time))
    said = {"schedule-arn": schedule.arn, "scheduled-time": time, "execution-id": execution}
    for name, value in {**said, "attempt-number": "1"}.items():
        given = given.replace(f"<aws.scheduler.{name}>", value)
    try:
        targets.deliver(target, given)
    except Exception as error:
        more = {
            "SCHEDULE_ARN": schedule.arn,
            "SCHEDULED_TIME": time,
            "EXECUTION_ID": execution,
            "IS_PAYLOAD_TRUNCATED": "false",
        }
        targets.keep_undelivered(target, given, error, more)


def _run_rule(rule: Rule, minute: datetime) -> None:
    time = minute.strftime("%Y-%m-%dT%H:%M:%SZ")
    events.hand_over(rule, rule.targets, _scheduled_event(rule, "aws.events", time))


def _scheduled_event(thing: Rule | Schedule, source: str, time: str) -> dict[str, Any]:
    """The event for who is to be given nothing else."""
    _, _, _, region, account, _ = thing.arn.split(":", 5)
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": source,
        "account": account,
        "time": time,
        "region": region,
        "resources": [thing.arn],
        "detail": {},
    }


def _delete_ended(now: datetime, waiting: set[int]) -> None:
    """Deletes schedules that are done for good, where they say so."""
    for _, _, backend in every(scheduler_backends):
        for group in list(backend.schedule_groups.values()):
            for schedule in list(group.schedules.values()):
                is_asked = schedule.action_after_completion == "DELETE"
                if is_asked and id(schedule) not in waiting and _is_done(schedule, now):
                    group.schedules.pop(schedule.name, None)


def _is_done(schedule: Schedule, now: datetime) -> bool:
    end = _date(schedule.end_date) or _timing(schedule, now).once
    return end is not None and end + MINUTE < now
