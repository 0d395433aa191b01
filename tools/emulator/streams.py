"""Event sources that are streams, of DynamoDB and of Kinesis: records are handed over in order.

A writer never waits for the function. A record that fails is tried again, as often as the
mapping says, before the next one; then it goes to the mapping's destination.
https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html
"""

import contextlib
import json
import queue
import threading
import time
from typing import Any

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.models import LambdaBackend, lambda_backends
from moto.core.utils import unix_time
from moto.dynamodb.models.table import StreamRecord, StreamShard
from moto.kinesis.models import Shard, Stream

from emulator import asynchronous, clock, filters, invocation, metrics
from emulator.clock import before_retry, lasting
from emulator.pools import ThrottledError

_RETRY_SECONDS = 60.0
_LOOK_SECONDS = 0.2


class Reader:
    """Hands the records of a stream to the function of one mapping, in batches."""

    def __init__(self, backend: LambdaBackend, mapping: Any) -> None:
        self._backend = backend
        self._mapping = mapping
        self.records: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _exists(self) -> bool:
        return self._backend.get_event_source_mapping(self._mapping.uuid) is self._mapping

    def _read(self) -> None:
        while self._exists():
            if not self._mapping.enabled:
                time.sleep(_LOOK_SECONDS)
            elif batch := self._batch():
                self._hand_over(batch)

    def _batch(self) -> list[dict[str, Any]]:
        """Waits for a record, and takes those that come within the batching window after it."""
        batch: list[dict[str, Any]] = []
        end = time.monotonic() + _LOOK_SECONDS
        with contextlib.suppress(queue.Empty):
            while len(batch) < self._mapping.batch_size:
                batch.append(self.records.get(timeout=max(0.0, end - time.monotonic())))
                if len(batch) == 1:
                    end = time.monotonic() + lasting(float(self._mapping.max_batch_window or 0))
        criteria = self._mapping.filter_criteria
        return [record for record in batch if filters.matches(criteria, record)]

    def _hand_over(self, batch: list[dict[str, Any]]) -> None:
        """Calls the function until it takes the batch, or the mapping's attempts are used up."""
        attempts = 0
        retries = self._mapping.max_retry_attempts
        while self._exists():
            rest = self._not_taken(batch)
            if not rest:
                return
            # The records before the first failure were taken, and do not come again.
            batch = batch[len(batch) - len(rest) :]
            attempts += 1
            if retries is not None and 0 <= retries < attempts:
                self._give_up(batch, attempts)
                return
            time.sleep(before_retry(_RETRY_SECONDS))

    def _not_taken(self, batch: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Calls the function with a batch, and returns its end from the first failure on."""
        backend, name = self._backend, self._mapping.function_name
        try:
            target = invocation.resolve(backend.account_id, backend.region_name, name)
            metrics.of_function(target.function, {"IteratorAge": age_of(batch[-1])})
            result = invocation.call(target, json.dumps({"Records": batch}).encode())
        except (UnknownFunctionException, ThrottledError):
            return batch
        if result.failed:
            return batch
        if "ReportBatchItemFailures" not in (self._mapping.function_response_types or []):
            return []
        return _from_first_failure(result.payload, batch)

    def _give_up(self, batch: list[dict[str, Any]], attempts: int) -> None:
        on_failure = (self._mapping.destination_config or {}).get("OnFailure") or {}
        destination = on_failure.get("Destination")
        if not destination:
            return
        record = {
            "version": "1.0",
            "requestContext": {
                "functionArn": self._mapping.function_name,
                "condition": "RetryAttemptsExhausted",
                "approximateInvokeCount": attempts,
            },
            "batchInfo": {
                "streamArn": self._mapping.event_source_arn,
                "startSequenceNumber": sequence_number(batch[0]),
                "endSequenceNumber": sequence_number(batch[-1]),
                "batchSize": len(batch),
            },
        }
        asynchronous.send(self._backend.account_id, destination, record)


def _from_first_failure(payload: bytes, batch: list[dict[str, Any]]) -> list[dict[str, Any]]:
    numbers = [sequence_number(record) for record in batch]
    try:
        failures = (json.loads(payload) or {}).get("batchItemFailures") or []
        positions = [numbers.index(failure["itemIdentifier"]) for failure in failures]
    except (AttributeError, KeyError, TypeError, ValueError):
        return batch
    return batch[min(positions) :] if positions else []


def sequence_number(record: dict[str, Any]) -> str:
    """Returns the number by which a stream knows a record."""
    if "kinesis" in record:
        return str(record["kinesis"]["sequenceNumber"])
    return str(record["dynamodb"]["SequenceNumber"])


def age_of(record: dict[str, Any]) -> float:
    """Returns for how many milliseconds a record has waited, by the emulator's clock."""
    if "kinesis" in record:
        written = record["kinesis"]["approximateArrivalTimestamp"]
    else:
        written = record["dynamodb"]["ApproximateCreationDateTime"]
    return max(0.0, clock.elapsed(time.time() - float(written)) * 1000)


def streams_are_read() -> None:
    """A mapping's records are handed over in the background, where moto calls while it writes."""
    create = LambdaBackend.create_event_source_mapping

    def corrected_create(self: LambdaBackend, spec: dict[str, Any]) -> Any:
        mapping = create(self, spec)
        if ":sqs:" not in mapping.event_source_arn:
            mapping.reader = Reader(self, mapping)
        return mapping

    def corrected_add(self: StreamShard, old: Any, new: Any) -> None:
        kind = "INSERT" if old is None else "REMOVE" if new is None else "MODIFY"
        view = self.table.stream_specification["StreamViewType"]
        number = len(self.items) + self.starting_sequence_number
        item = StreamRecord(self.table, view, kind, old, new, number)
        self.items.append(item)
        arn = f"{self.table.table_arn}/stream/{self.table.latest_stream_label}"
        _pass_on(arn, self.account_id, _dynamodb_record(item))

    def corrected_put(
        self: Stream, partition_key: str, explicit_hash_key: str, data: str
    ) -> tuple[str, str]:
        shard = self.get_shard_for_key(partition_key, explicit_hash_key)
        number = shard.put_record(partition_key, data, explicit_hash_key)
        _pass_on(self.arn, self.account_id, _kinesis_record(shard, partition_key, number, data))
        return number, shard.shard_id

    LambdaBackend.create_event_source_mapping = corrected_create
    StreamShard.add = corrected_add
    Stream.put_record = corrected_put


def _pass_on(arn: str, account: str, record: dict[str, Any]) -> None:
    """Gives a record to the readers of a stream."""
    region = arn.split(":")[3]
    backend = lambda_backends[account][region]
    for mapping in list(backend._event_source_mappings.values()):
        if mapping.event_source_arn == arn:
            mapping.reader.records.put({**record, "eventSourceARN": arn, "awsRegion": region})


def _dynamodb_record(item: StreamRecord) -> dict[str, Any]:
    record = item.to_json()
    made = record["dynamodb"]["ApproximateCreationDateTime"]
    return {
        **record,
        "dynamodb": {**record["dynamodb"], "ApproximateCreationDateTime": unix_time(made)},
    }


def _kinesis_record(shard: Shard, partition_key: str, number: str, data: str) -> dict[str, Any]:
    return {
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": partition_key,
            "sequenceNumber": number,
            "data": data,
            "approximateArrivalTimestamp": round(time.time(), 3),
        },
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": f"{shard.shard_id}:{number}",
        "eventName": "aws:kinesis:record",
    }
