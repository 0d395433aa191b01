"""Archives orders: every message of an SQS batch becomes one object in an S3 bucket.

SQS delivers a message at least once, so the work has to be safe to repeat: an object's key comes
from the message alone (its id, and the day it was sent), never from the time of the attempt. A
second delivery then writes the same bytes to the same key.

A message that fails is reported by its id, so that SQS delivers that one again, and not the whole
batch. After the queue's `maxReceiveCount` it goes to the dead-letter queue, which is also where a
body that isn't JSON ends. This needs `ReportBatchItemFailures` on the event source mapping:
without it Lambda ignores the answer, and deletes what failed.

Every object is sealed: its metadata has an HMAC of its content, so that whoever has the key can
tell whether an object is what was archived. The key is a secret that the function is given by
reference, and reads when it first needs it.

Only the standard library and boto3 are used, which the Lambda runtime has: this file is all that
is packed.
"""

import functools
import hashlib
import hmac
import json
import logging
import os
import sys
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, NoReturn, TypedDict

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


class BatchItemFailure(TypedDict):
    """One message that SQS is to deliver again."""

    itemIdentifier: str


class BatchResponse(TypedDict):
    """What Lambda expects from a function with partial batch responses."""

    batchItemFailures: list[BatchItemFailure]


class MalformedEventError(ValueError):
    """The event isn't an SQS batch, so there are no ids to report failures by.

    Raised before anything is written. As an error of the invocation it shows in the function's
    `Errors` metric; an empty answer would tell SQS to delete the batch.
    """


class InvalidBodyError(ValueError):
    """The message's body isn't JSON, and no retry will make it so."""


@dataclass(frozen=True)
class Message:
    """The parts of an SQS message that the archive uses."""

    id: str
    body: str
    sent: datetime
    request_id: str | None

    @property
    def key(self) -> str:
        """Where the message is kept; the same for every delivery of it."""
        return f"orders/{self.sent:%Y/%m/%d}/{self.id}.json"


class JsonFormatter(logging.Formatter):
    """One JSON object a line, so that CloudWatch Logs Insights finds the fields by itself."""

    STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

    def format(self, record: logging.LogRecord) -> str:
        """Write the record's own fields, then those given as `extra`."""
        time = datetime.fromtimestamp(record.created, timezone.utc)
        line: dict[str, object] = {
            "time": time.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "service": "archive",
            "message": record.getMessage(),
        }
        line.update((k, v) for k, v in vars(record).items() if k not in self.STANDARD)
        return json.dumps(line, default=str)


# The Lambda runtime has a handler of its own on the root logger: if the lines got there as well,
# each would be written twice.
log_handler = logging.StreamHandler(sys.stdout)
log_handler.setFormatter(JsonFormatter())
logger = logging.getLogger("archive")
logger.addHandler(log_handler)
logger.propagate = False
logger.setLevel((os.environ.get("LOG_LEVEL") or "INFO").upper())

# At DEBUG, a level that Lambda gives to every logger, boto3 writes out what it is answered: the
# seal key too.
logging.getLogger("botocore").setLevel(logging.INFO)


# Short timeouts: one stuck call costs one message a retry instead of cutting off the batch.
CLIENT_CONFIG = Config(
    connect_timeout=2,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 2},
)


@functools.cache
def s3() -> "S3Client":
    """The S3 client, made by the first invocation and kept for the next ones.

    Making one takes far longer than using it.
    """
    return boto3.client("s3", config=CLIENT_CONFIG)


@functools.cache
def seal_key() -> bytes:
    """The key of the seals, read by the first invocation and kept for the next ones."""
    client = boto3.client("secretsmanager", config=CLIENT_CONFIG)
    arn = required("ARCHIVE_SEAL_KEY_SECRET_ARN")
    key: str = client.get_secret_value(SecretId=arn)["SecretString"]
    return key.encode()


def required(variable: str) -> str:
    """Read a variable without which there is nothing to do."""
    value = os.environ.get(variable)
    if not value:
        raise RuntimeError(f"{variable} is not set")
    return value


def handler(event: object, context: object) -> BatchResponse:
    """Archive a batch, and name the messages that have to come again."""
    bucket = required("ARCHIVE_BUCKET")

    failures: list[BatchItemFailure] = []
    for message in parse_event(event):
        fields = {
            "aws_request_id": getattr(context, "aws_request_id", None),
            "request_id": message.request_id,
            "message_id": message.id,
        }
        try:
            archive(message, bucket)
        except (InvalidBodyError, BotoCoreError, ClientError) as error:
            logger.error("message not archived", extra={**fields, "reason": str(error)})
            failures.append({"itemIdentifier": message.id})
        else:
            logger.info("message archived", extra={**fields, "key": message.key})
    return {"batchItemFailures": failures}


def archive(message: Message, bucket: str) -> None:
    """Write one message's body, byte for byte as it was sent, and its seal."""
    check_body(message.body)
    body = message.body.encode()
    seal = hmac.new(seal_key(), body, hashlib.sha256).hexdigest()
    s3().put_object(
        Bucket=bucket,
        Key=message.key,
        Body=body,
        ContentType="application/json",
        Metadata={"message-id": message.id, "hmac-sha256": seal},
    )


def check_body(body: str) -> None:
    """Refuse a body that a strict JSON reader would refuse later, out of the archive.

    The error never quotes the body: it goes to the log, and the body may hold personal data.
    """
    try:
        json.loads(body, parse_constant=_refuse_constant)
        body.encode()
    except (ValueError, RecursionError):
        raise InvalidBodyError("the body is not valid JSON") from None


def _refuse_constant(name: str) -> NoReturn:
    """Python reads NaN and Infinity as numbers; JSON has neither."""
    raise ValueError(name)


def parse_event(event: object) -> list[Message]:
    """Read the whole batch before any of it is written."""
    records = event.get("Records") if isinstance(event, dict) else None
    if not isinstance(records, list) or not records:
        raise MalformedEventError("the event has no list of Records: is the trigger a queue?")
    return [parse_record(record, f"Records[{index}]") for index, record in enumerate(records)]


def parse_record(record: Any, where: str) -> Message:
    """Read one record, which Lambda made: a wrong one means a wrong trigger, not a bad order."""
    try:
        source, message_id, body = record["eventSource"], record["messageId"], record["body"]
        sent = datetime.fromtimestamp(
            int(record["attributes"]["SentTimestamp"]) / 1000, timezone.utc
        )
        request_id = record.get("messageAttributes", {}).get("RequestId", {}).get("stringValue")
    except KeyError as error:
        raise MalformedEventError(f"{where} has no {error.args[0]}") from None
    except (AttributeError, OverflowError, TypeError, ValueError):
        raise MalformedEventError(f"{where} is not an SQS message") from None
    if source != "aws:sqs":
        raise MalformedEventError(f"{where} comes from {source}, not from a queue")
    if not (isinstance(message_id, str) and message_id and isinstance(body, str)):
        raise MalformedEventError(f"{where} is not an SQS message")
    return Message(id=message_id, body=body, sent=sent, request_id=request_id)
