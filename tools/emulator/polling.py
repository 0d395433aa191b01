"""Event sources that are queues: messages are fetched in batches, as Lambda's pollers do.

Senders never wait for the function. What fails comes back after the queue's visibility timeout, two
seconds at most here, and goes to the dead-letter queue after `maxReceiveCount`.
https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
"""

import base64
import contextlib
import json
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.models import LambdaBackend
from moto.sqs.exceptions import QueueDoesNotExist, ReceiptHandleIsInvalid
from moto.sqs.models import Message, Queue, sqs_backends

from emulator import filters, invocation
from emulator.clock import before_retry, lasting
from emulator.pools import LIMIT, ThrottledError

_LOOK_SECONDS = 0.2
# Nothing comes back while its function is at work, however long that is.
_AT_WORK_SECONDS = 43_200
_BATCH_WITHOUT_WINDOW = 10
_BATCH_BYTES = 6 * 1024 * 1024 - 4096


class Poller:
    """Fetches the messages of one event source mapping, for as long as there is the mapping."""

    def __init__(self, backend: LambdaBackend, mapping: Any) -> None:
        self._backend = backend
        self._mapping = mapping
        self._under_way = 0
        self._changed = threading.Condition()

    def start(self) -> None:
        """Fetches from now on, in a thread of its own."""
        threading.Thread(target=self._poll, name=self._mapping.uuid, daemon=True).start()

    def _poll(self) -> None:
        while self._backend.get_event_source_mapping(self._mapping.uuid) is self._mapping:
            queue = self._queue()
            if queue is not None and self._has_room() and not queue.messages:
                queue.wait_for_messages(_LOOK_SECONDS)
                continue
            messages = self._batch(queue) if queue is not None and self._has_room() else []
            with self._changed:
                if not messages:
                    self._changed.wait(_LOOK_SECONDS)
                    continue
                self._under_way += 1
            threading.Thread(target=self._work, args=(queue, messages), daemon=True).start()

    def _queue(self) -> Queue | None:
        name = self._mapping.event_source_arn.rpartition(":")[2]
        queues = sqs_backends[self._backend.account_id][self._backend.region_name].queues
        return queues.get(name) if self._mapping.enabled else None

    def _has_room(self) -> bool:
        scaling = self._mapping.scaling_config or {}
        limit = min(LIMIT, scaling.get("MaximumConcurrency", LIMIT))
        try:
            target = self._target()
        except UnknownFunctionException:
            return False
        pool = invocation.pool_of(target.function)
        reserved = invocation.reserved_concurrency(target.function)
        return self._under_way < limit and pool.has_room(reserved)

    def _target(self) -> invocation.Target:
        backend, name = self._backend, self._mapping.function_name
        return invocation.resolve(backend.account_id, backend.region_name, name)

    def _batch(self, queue: Queue) -> list[Message]:
        """Fetches messages until the batch is full, or its window over; the first one opens it."""
        window = lasting(float(self._mapping.max_batch_window or 0))
        size = self._mapping.batch_size
        size = size if window else min(size, _BATCH_WITHOUT_WINDOW)
        messages = self._fetch(queue, size)
        end = time.monotonic() + window
        while messages and len(messages) < size and (left := end - time.monotonic()) > 0:
            queue.wait_for_messages(min(left, _LOOK_SECONDS))
            messages += self._fetch(queue, size - len(messages))
        return messages

    def _fetch(self, queue: Queue, count: int) -> list[Message]:
        backend = sqs_backends[queue.account_id][queue.region]
        try:
            return backend.receive_message(queue.name, count, 0, _AT_WORK_SECONDS, ["All"])
        except QueueDoesNotExist:
            return []

    def _work(self, queue: Queue, messages: Sequence[Message]) -> None:
        received = time.monotonic()
        try:
            failed = self._failed(queue, messages)
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()
        left = received + before_retry(queue.visibility_timeout) - time.monotonic()
        for message in messages:
            if message.id in failed:
                come_back(queue, message, max(0.0, left))
            else:
                delete(queue, message)

    def _failed(self, queue: Queue, messages: Sequence[Message]) -> set[str]:
        """Calls the function with a batch, and returns which messages have to come again."""
        criteria = self._mapping.filter_criteria
        records = [record_of(queue, message) for message in messages]
        wanted = [record for record in records if filters.matches(criteria, record)]
        return {name for part in parts_of(wanted) for name in self._failed_of(part)}

    def _failed_of(self, records: Sequence[dict[str, Any]]) -> set[str]:
        ids = {record["messageId"] for record in records}
        try:
            result = invocation.call(self._target(), json.dumps({"Records": records}).encode())
        except (UnknownFunctionException, ThrottledError):
            return ids
        if result.failed:
            return ids
        partial = "ReportBatchItemFailures" in (self._mapping.function_response_types or [])
        return reported(result.payload, ids) if partial else set()


def parts_of(records: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Splits a batch so that none is larger than what a function takes."""
    part: list[dict[str, Any]] = []
    size = 0
    for record in records:
        more = len(json.dumps(record)) + 2
        if part and size + more > _BATCH_BYTES:
            yield part
            part, size = [], 0
        part.append(record)
        size += more
    if part:
        yield part


def reported(payload: bytes, ids: set[str]) -> set[str]:
    """Returns the messages that a function says have failed; all, where it says it wrongly.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    """
    try:
        answer = json.loads(payload)
        failures = (answer or {}).get("batchItemFailures") or []
        named = {failure["itemIdentifier"] for failure in failures}
    except (AttributeError, KeyError, TypeError, ValueError):
        return ids
    return named if named <= ids else ids


def delete(queue: Queue, message: Message) -> None:
    """Deletes a message, unless somebody has purged the queue."""
    with contextlib.suppress(ReceiptHandleIsInvalid):
        queue.delete_message(message.receipt_handle)


def come_back(queue: Queue, message: Message, seconds: float) -> None:
    """Lets a message be received again after some time."""
    with queue._messages_lock:
        for kept in queue._messages:
            if kept.had_receipt_handle(message.receipt_handle):
                kept.visible_at = time.time() * 1000 + seconds * 1000
        queue._messages_lock.notify_all()


def record_of(queue: Queue, message: Message) -> dict[str, Any]:
    """Returns a message as it stands in a function's event."""
    attributes = {
        "ApproximateReceiveCount": str(message.approximate_receive_count),
        "SentTimestamp": str(message.sent_timestamp),
        "SenderId": message.sender_id,
        "ApproximateFirstReceiveTimestamp": str(message.approximate_first_receive_timestamp),
    }
    optional = {
        "MessageGroupId": message.group_id,
        "MessageDeduplicationId": message.deduplication_id,
        "SequenceNumber": message.sequence_number,
        "AWSTraceHeader": _trace_header(message),
    }
    return {
        "messageId": message.id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": {**attributes, **{name: value for name, value in optional.items() if value}},
        "messageAttributes": {
            name: _attribute(value) for name, value in message.message_attributes.items()
        },
        "md5OfBody": message.body_md5,
        **({"md5OfMessageAttributes": message.attribute_md5} if message.message_attributes else {}),
        "eventSource": "aws:sqs",
        "eventSourceARN": queue.queue_arn,
        "awsRegion": queue.region,
    }


def _trace_header(message: Message) -> Any:
    return (message.system_attributes or {}).get("AWSTraceHeader", {}).get("StringValue")


def _attribute(value: dict[str, Any]) -> dict[str, Any]:
    binary = value.get("BinaryValue")
    if isinstance(binary, bytes):
        binary = base64.b64encode(binary).decode()
    parts = {"stringValue": value.get("StringValue"), "binaryValue": binary}
    return {
        **{name: part for name, part in parts.items() if part is not None},
        "stringListValues": [],
        "binaryListValues": [],
        "dataType": value.get("DataType"),
    }


def queues_are_polled() -> None:
    """A mapping's messages are fetched in the background, where moto calls from SendMessage.

    There a sender waits for the function, and gets its failure.
    """
    create = LambdaBackend.create_event_source_mapping

    def corrected(self: LambdaBackend, spec: dict[str, Any]) -> Any:
        mapping = create(self, spec)
        if ":sqs:" in mapping.event_source_arn:
            Poller(self, mapping).start()
        return mapping

    LambdaBackend.create_event_source_mapping = corrected
