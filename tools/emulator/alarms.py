"""CloudWatch's alarms: they go off on their metrics, and run their actions.

Periods are those of the emulator's clock. A period is judged when it is over; one that is under way
only where what comes can't change it: sums and maxima do not fall again.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
"""

import operator
from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from typing import Any

from moto.cloudwatch.models import Alarm, CloudWatchBackend, cloudwatch_backends
from moto.core.utils import utcnow

from emulator import clock, expressions, notifications
from emulator.backends import every
from emulator.notifications import period_of

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
STATISTICS: dict[str, Callable[[list[Any]], float]] = {
    "Sum": lambda data: sum(_part(each, "sum") for each in data),
    "Maximum": lambda data: max(_part(each, "max") for each in data),
    "Minimum": lambda data: min(_part(each, "min") for each in data),
    "SampleCount": lambda data: sum(_part(each, "sample_count") for each in data),
    "Average": lambda data: STATISTICS["Sum"](data) / STATISTICS["SampleCount"](data),
}
RISING = {"Sum", "Maximum", "SampleCount"}

#: The values of a metric in one period; None where there are none.
Series = list[float | None]
Key = tuple[str, str, frozenset[tuple[str, str]]]


def _part(datum: Any, name: str) -> float:
    """A single value is its own sum and extremes, and counts once."""
    if hasattr(datum, "value"):
        return 1.0 if name == "sample_count" else float(datum.value)
    return float(getattr(datum, name))


def evaluate(now: datetime | None = None) -> None:
    """Looks at every alarm once."""
    moment = now or utcnow()
    for _, _, backend in every(cloudwatch_backends):
        watched = [each for each in list(backend.alarms.values()) if _can_be_judged(each)]
        data = _by_metric(backend, moment, watched) if watched else {}
        for alarm in watched:
            state, reason = judge(alarm, data, moment)
            if state is not None and state != alarm.state_value:
                change(backend, alarm, state, reason)


def _can_be_judged(alarm: Alarm) -> bool:
    """Leaves out alarms on other alarms, on percentiles, and on math that is not known here."""
    if alarm.rule:
        return False
    queries = alarm.metric_data_queries
    if not queries:
        known = alarm.statistic in STATISTICS
    else:
        known = all(
            each.metric_stat.stat in STATISTICS
            if each.metric_stat
            else expressions.is_known(each.expression)
            for each in queries
        )
    return known and alarm.comparison_operator in COMPARISONS


def _by_metric(
    backend: CloudWatchBackend, now: datetime, alarms: Iterable[Alarm]
) -> dict[Key, list[Any]]:
    """The values that were published lately, by metric."""
    longest = max(period_of(each) * (each.evaluation_periods + 1) for each in alarms)
    oldest = _timestamp(now) - clock.lasting(longest)
    found: dict[Key, list[Any]] = {}
    for datum in list(backend.metric_data):
        if _timestamp(datum.timestamp) >= oldest:
            found.setdefault(_key(datum.namespace, datum.name, datum.dimensions), []).append(datum)
    return found


def _key(namespace: str, name: str, dimensions: Any) -> Key:
    return namespace, name, frozenset((each.name, each.value) for each in dimensions or [])


def judge(alarm: Alarm, data: dict[Key, list[Any]], now: datetime) -> tuple[str | None, str]:
    """Returns the state that an alarm's last periods call for, if any, and why."""
    series, is_rising = _series(alarm, data, now)
    breaches = COMPARISONS[alarm.comparison_operator]
    is_up = "Greater" in alarm.comparison_operator
    under_way = series[-1]
    decided = is_rising and is_up and under_way is not None and breaches(under_way, alarm.threshold)
    last = series[-alarm.evaluation_periods :] if decided else series[:-1]
    missing = alarm.treat_missing_data or "missing"
    verdicts = [
        breaches(each, alarm.threshold) if each is not None else _MISSING.get(missing)
        for each in last
    ]
    wanted = alarm.datapoints_to_alarm or alarm.evaluation_periods
    values = [each for each in last if each is not None]
    shown = ", ".join(f"{each:g}" for each in values)
    if verdicts.count(True) >= wanted:
        return "ALARM", f"Threshold Crossed: {_counted(values)} [{shown}] {_why(alarm)}."
    if all(each is None for each in verdicts):
        state = "INSUFFICIENT_DATA" if missing == "missing" else None
        return state, "Insufficient Data: no datapoints were received."
    if verdicts.count(True) + verdicts.count(None) >= wanted and missing == "ignore":
        return None, ""
    if not values:
        return "OK", "Threshold Crossed: no datapoints were received, and these are not breaching."
    return "OK", f"Threshold Crossed: {_counted(values)} [{shown}] was not {_why(alarm)[4:]}."


#: The verdict on a period without values; `missing` and `ignore` give none.
_MISSING: dict[str, bool] = {"breaching": True, "notBreaching": False}


def _counted(values: list[float]) -> str:
    return f"{len(values)} datapoint" + ("" if len(values) == 1 else "s")


def _why(alarm: Alarm) -> str:
    words = "".join(f" {c.lower()}" if c.isupper() else c for c in alarm.comparison_operator)
    words = words.strip().removesuffix(" threshold")
    return f"was {words} the threshold ({float(alarm.threshold)})"


def _series(alarm: Alarm, data: dict[Key, list[Any]], now: datetime) -> tuple[Series, bool]:
    """The values of an alarm's periods, the last of which is under way; and whether they rise."""
    count = alarm.evaluation_periods + 1
    queries = alarm.metric_data_queries
    if not queries:
        key = _key(alarm.namespace, alarm.metric_name, alarm.dimensions)
        found = _values(data.get(key, []), alarm.statistic, period_of(alarm), count, now)
        return found, alarm.statistic in RISING
    named: dict[str, Series] = {}
    for query in queries:
        if query.metric_stat:
            metric, stat = query.metric_stat.metric, query.metric_stat.stat
            key = _key(metric.namespace, metric.metric_name, metric.dimensions)
            named[query.id] = _values(data.get(key, []), stat, period_of(alarm), count, now)
    wanted = next((each for each in queries if _is_returned(each)), queries[0])
    if not wanted.expression:
        return named[wanted.id], wanted.metric_stat.stat in RISING
    columns = zip(*named.values(), strict=True)
    ids = list(named)
    math = [
        expressions.value(wanted.expression, dict(zip(ids, each, strict=True))) for each in columns
    ]
    return math, expressions.rises(wanted.expression) and all(
        each.metric_stat is None or each.metric_stat.stat in RISING for each in queries
    )


def _is_returned(query: Any) -> bool:
    return str(query.return_data).lower() == "true"


def _values(data: list[Any], statistic: str, period: int, count: int, now: datetime) -> Series:
    seconds = clock.lasting(period)
    current = int(_timestamp(now) // seconds)
    periods: dict[int, list[Any]] = {}
    for datum in data:
        periods.setdefault(int(_timestamp(datum.timestamp) // seconds), []).append(datum)
    return [
        STATISTICS[statistic](periods[each]) if each in periods else None
        for each in range(current - count + 1, current + 1)
    ]


def _timestamp(time: datetime) -> float:
    return (time if time.tzinfo else time.replace(tzinfo=timezone.utc)).timestamp()


def change(backend: CloudWatchBackend, alarm: Alarm, state: str, reason: str) -> None:
    """Gives an alarm another state, and runs the actions of that."""
    before = alarm.state_value
    alarm.update_state(reason, "{}", state)
    notifications.act(backend, alarm, before)


def states_that_are_set_run_actions() -> None:
    """Setting an alarm's state by hand runs its actions, as in AWS."""
    set_state = CloudWatchBackend.set_alarm_state

    def corrected(
        self: CloudWatchBackend, alarm_name: str, reason: str, reason_data: str, state_value: str
    ) -> None:
        before = self.alarms[alarm_name].state_value if alarm_name in self.alarms else ""
        set_state(self, alarm_name, reason, reason_data, state_value)
        if before != state_value:
            notifications.act(self, self.alarms[alarm_name], before)

    CloudWatchBackend.set_alarm_state = corrected
