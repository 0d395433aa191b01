"""Asynchronous calls: nobody waits for them, what fails is tried again, and then goes elsewhere.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

import json
import threading
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.models import lambda_backends
from moto.core import DEFAULT_ACCOUNT_ID
from moto.events.models import events_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from emulator import invocation, metrics
from emulator.clock import before_retry
from emulator.commands import version_of
from emulator.pools import ThrottledError
from emulator.worker import Result

RETRY_SECONDS = (60.0, 120.0)
THROTTLED_SECONDS = 1.0


def call(arn: str, event: Any, account: str = DEFAULT_ACCOUNT_ID) -> None:
    """Calls a function soon, without an answer. `arn` may name a version or an alias."""
    payload = event if isinstance(event, bytes) else json.dumps(event).encode()
    _later(0, Event(account, arn, payload, _versions(account, arn)), 1)


@dataclass(frozen=True)
class Event:
    """An asynchronous call, until it has succeeded or is given up."""

    account: str
    arn: str
    payload: bytes
    # A function that is deleted takes its events with it: another one of its name gets none.
    versions: Any


def _versions(account: str, arn: str) -> Any:
    """Returns moto's record of a function; another function of the same name has another one."""
    _, _, _, region, _, _, name, *_ = arn.split(":")
    return lambda_backends[account][region]._lambdas._functions.get(name)


def _attempt(event: Event, attempt: int) -> None:
    account, arn, payload = event.account, event.arn, event.payload
    if _versions(account, arn) is not event.versions:
        return
    try:
        target = invocation.resolve(account, arn.split(":")[3], arn)
        result = invocation.call(target, payload)
    except UnknownFunctionException:
        return
    except ThrottledError:
        _later(THROTTLED_SECONDS, event, attempt)
        return
    if _versions(account, arn) is not event.versions:
        return
    config = _config(target.function)
    retries = int(config.get("MaximumRetryAttempts", 2))
    if result.failed and attempt <= retries:
        wait = before_retry(RETRY_SECONDS[attempt - 1])
        _later(wait, event, attempt + 1)
        return
    if result.failed:
        metrics.of_function(target.function, {"AsyncEventsDropped": 1})
    kind = "OnFailure" if result.failed else "OnSuccess"
    destination = config.get("DestinationConfig", {}).get(kind, {}).get("Destination")
    if destination:
        record = _record(target, payload, attempt, result)
        send(account, destination, record)
    dead_letters = getattr(target.function, "kept_settings", {}).get("DeadLetterConfig", {})
    if result.failed and dead_letters.get("TargetArn"):
        send(account, dead_letters["TargetArn"], json.loads(payload))


def _later(seconds: float, event: Event, attempt: int) -> None:
    timer = threading.Timer(seconds, _attempt, (event, attempt))
    timer.daemon = True
    timer.start()


def _config(function: Any) -> dict[str, Any]:
    storage = lambda_backends[function.account_id][function.region]._lambdas
    kept = storage._functions.get(function.function_name)
    configs = kept["latest"].event_invoke_config if kept else []
    return configs[0].config if configs else {}


def _record(
    target: invocation.Target, payload: bytes, attempt: int, result: Result
) -> dict[str, Any]:
    return {
        "version": "1.0",
        "timestamp": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
        "requestContext": {
            "requestId": result.request_id,
            "functionArn": target.function_arn,
            "condition": "RetriesExhausted" if result.failed else "Success",
            "approximateInvokeCount": attempt,
        },
        "requestPayload": json.loads(payload),
        "responseContext": {
            "statusCode": 200,
            "executedVersion": version_of(target.function),
            **({"functionError": "Unhandled"} if result.failed else {}),
        },
        "responsePayload": json.loads(result.payload),
    }


def send(account: str, arn: str, record: Any) -> None:
    """Sends a record to a queue, a topic, a function or an event bus."""
    _, _, service, region, _, name = arn.split(":", 5)
    body = json.dumps(record)
    if service == "sqs":
        sqs_backends[account][region].send_message(name, body)
    elif service == "sns":
        sns_backends[account][region].publish(body, arn=arn)
    elif service == "lambda":
        call(arn, record, account)
    elif service == "events":
        entry = {
            "Source": "lambda",
            "DetailType": "Lambda Function Invocation Result",
            "Detail": body,
            "EventBusName": arn,
        }
        events_backends[account][region].put_events([entry])
