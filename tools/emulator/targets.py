"""The targets of rules and schedules, and the dead letters of those.

A target fails here when it is not there, or takes no such event. AWS does not retry that either, so
the event goes to the dead-letter queue at once.
"""

import base64
import json
import re
import uuid
from typing import Any

from moto.events.models import events_backends
from moto.kinesis.models import kinesis_backends
from moto.sns.models import sns_backends
from moto.sqs.exceptions import QueueDoesNotExist
from moto.sqs.models import sqs_backends
from moto.stepfunctions.models import stepfunctions_backends

from emulator import calls


class UnknownTargetError(Exception):
    """A kind of target that this emulator hands nothing to."""


def deliver(target: dict[str, Any], event: Any) -> None:
    """Hands an event to a target; raises the error that keeps it from that."""
    arn = str(target["Arn"])
    _, _, service, region, account, name = arn.split(":", 5)
    text = event if isinstance(event, str) else json.dumps(event)
    if service == "lambda":
        calls.call_later(arn, _parsed(event))
    elif service == "sqs":
        group = (target.get("SqsParameters") or {}).get("MessageGroupId")
        sqs_backends[account][region].send_message(name, text, group_id=group)
    elif service == "sns":
        sns_backends[account][region].publish(text, arn=arn)
    elif service == "events":
        _put_event(target, event, arn)
    elif service == "states":
        machine = stepfunctions_backends[account][region]
        machine.start_execution(arn, str(uuid.uuid4()), text)
    elif service == "kinesis":
        key = (target.get("KinesisParameters") or {}).get("PartitionKey") or str(uuid.uuid4())
        data = base64.b64encode(text.encode()).decode()
        kinesis_backends[account][region].put_record(arn, "", key, "", data)
    else:
        raise UnknownTargetError(f"{arn} is no target of this emulator")


def _parsed(event: Any) -> Any:
    """The event of a function: JSON is parsed."""
    if not isinstance(event, str):
        return event
    try:
        return json.loads(event)
    except ValueError:
        return event


def _put_event(target: dict[str, Any], event: Any, arn: str) -> None:
    """Puts an event onto a bus: a rule's as it is, a schedule's with what this says of it."""
    _, _, _, region, account, name = arn.split(":", 5)
    given = target.get("EventBridgeParameters")
    if given is not None:
        entry = {**given, "Detail": event if isinstance(event, str) else json.dumps(event)}
    else:
        entry = {
            "Source": event["source"],
            "DetailType": event["detail-type"],
            "Detail": json.dumps(event["detail"]),
            "Resources": event.get("resources") or [],
        }
    bus = name.removeprefix("event-bus/")
    (answer,) = events_backends[account][region].put_events([{**entry, "EventBusName": bus}])
    if "ErrorCode" in answer:
        raise UnknownTargetError(answer["ErrorMessage"])


def keep_undelivered(
    target: dict[str, Any], event: Any, error: Exception, more: dict[str, str]
) -> bool:
    """Puts an event that was not taken into the target's dead-letter queue, with the reason.

    Returns False where there is none.
    """
    arn = (target.get("DeadLetterConfig") or {}).get("Arn")
    if not arn:
        return False
    _, _, _, region, account, name = arn.split(":", 5)
    attributes = {
        "ERROR_CODE": _code_of(error),
        "ERROR_MESSAGE": str(error) or type(error).__name__,
        "RETRY_ATTEMPTS": "0",
        "TARGET_ARN": str(target["Arn"]),
        **more,
    }
    text = event if isinstance(event, str) else json.dumps(event)
    said = {key: {"DataType": "String", "StringValue": each} for key, each in attributes.items()}
    try:
        sqs_backends[account][region].send_message(name, text, message_attributes=said)
    except QueueDoesNotExist:
        return False
    return True


def _code_of(error: Exception) -> str:
    """The error's code, as the queue's readers know it: RESOURCE_NOT_FOUND."""
    name = re.sub(r"(Exception|Error)$", "", type(error).__name__)
    if re.search("NotFound|Unknown(Function|Target)|DoesNotExist|NonExistent", name):
        return "RESOURCE_NOT_FOUND"
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()
