"""The metrics that AWS' own services publish, for the alarms on them."""

import time
from datetime import timedelta
from typing import Any

from moto.awslambda.models import lambda_backends
from moto.cloudwatch.models import MetricDatum, cloudwatch_backends
from moto.core.utils import utcnow
from moto.sqs.models import sqs_backends

from emulator import clock, invocation
from emulator.backends import every
from emulator.commands import version_of
from emulator.worker import Result

#: For how long the services' own values are kept; those that a program puts are kept for good.
KEPT = timedelta(hours=3)


def put(
    account: str,
    region: str,
    namespace: str,
    values: dict[str, float],
    *dimensions: dict[str, str],
) -> None:
    """Publishes values by their metrics' names, once for each set of dimensions."""
    now = utcnow()
    cloudwatch_backends[account][region].metric_data.extend(
        MetricDatum(namespace, name, float(value), _named(each), now)
        for each in dimensions
        for name, value in values.items()
    )


def _named(dimensions: dict[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in dimensions.items()]


def forget_old_values() -> None:
    """Keeps the memory from filling with what no alarm and no graph looks at."""
    oldest = utcnow() - KEPT
    for _, _, cloudwatch in every(cloudwatch_backends):
        known = list(cloudwatch.metric_data)
        # What has come meanwhile stays behind these.
        cloudwatch.metric_data[: len(known)] = [
            each
            for each in known
            if each.timestamp.replace(tzinfo=None) > oldest or not each.namespace.startswith("AWS/")
        ]


def measure_queues() -> None:
    """Publishes how full queues are: once a minute, and whenever that changes."""
    minute = int(time.time() // clock.MINUTE)
    for account, region, sqs in every(sqs_backends):
        for queue in list(sqs.queues.values()):
            values = {
                "ApproximateNumberOfMessagesVisible": queue.approximate_number_of_messages,
                "ApproximateNumberOfMessagesNotVisible": (
                    queue.approximate_number_of_messages_not_visible
                ),
                "ApproximateNumberOfMessagesDelayed": queue.approximate_number_of_messages_delayed,
            }
            if getattr(queue, "measured", None) != (minute, values):
                queue.measured = (minute, values)
                age = {"ApproximateAgeOfOldestMessage": _age_of(queue)}
                put(account, region, "AWS/SQS", {**values, **age}, {"QueueName": queue.name})


def _age_of(queue: Any) -> float:
    """For how many seconds the oldest message of a queue has been there."""
    sent = [each.sent_timestamp for each in list(queue._messages) if each.sent_timestamp]
    return max(0.0, clock.elapsed(time.time() - min(sent) / 1000)) if sent else 0.0


def functions_are_measured() -> None:
    """Each call of a function is counted and timed, and what becomes of it.

    Dimensions are the function, and each alias that leads to the version that was called.
    """

    def measure(function: Any, result: Result | None) -> None:
        if result is None:
            of_function(function, {"Throttles": 1})
            return
        values = {"Errors": int(result.failed), "Duration": result.seconds * 1000}
        of_function(function, {"Invocations": 1, "Throttles": 0, **values})

    invocation.observers.append(measure)


def of_function(function: Any, values: dict[str, float]) -> None:
    """Publishes values of a function."""
    account, region = function.account_id, function.region
    put(account, region, "AWS/Lambda", values, *_names_of(function))


def _names_of(function: Any) -> list[dict[str, str]]:
    name, version = function.function_name, version_of(function)
    lambdas = lambda_backends[function.account_id][function.region]
    names = [{"FunctionName": name}]
    for alias in lambdas.list_aliases(name):
        weights = (alias.routing_config or {}).get("AdditionalVersionWeights") or {}
        if version == alias.function_version or version in weights:
            of_alias = {"FunctionName": name, "Resource": f"{name}:{alias.name}"}
            names += [of_alias, {**of_alias, "ExecutedVersion": version}]
    return names
