"""The archive function against an in-process S3."""

import io
import json
import logging
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import boto3
import pytest

import handler

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

BUCKET = "archive-test"
SEAL_KEY = "the-key-of-the-seals"
CONTEXT = SimpleNamespace(aws_request_id="invocation-1")
# 2024-02-29T23:59:59.999Z: a day later anywhere east of Greenwich.
SENT = 1709251199999


def record(
    message_id: str = "m-1", body: object = '{"id":"o-1"}', **changes: object
) -> dict[str, Any]:
    """A record as Lambda hands it over, with what the archive doesn't read left out."""
    return {
        "messageId": message_id,
        "body": body,
        "attributes": {"SentTimestamp": str(SENT), "ApproximateReceiveCount": "1"},
        "messageAttributes": {"RequestId": {"stringValue": "request-1", "dataType": "String"}},
        "eventSource": "aws:sqs",
        **changes,
    }


def batch(*records: dict[str, Any]) -> dict[str, Any]:
    return {"Records": list(records)}


def failed(*message_ids: str) -> handler.BatchResponse:
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in message_ids]}


@dataclass(frozen=True)
class Archive:
    """The bucket as the function left it."""

    s3: "S3Client"

    def objects(self) -> dict[str, bytes]:
        """Everything in the bucket, by key."""
        return {
            item["Key"]: self.s3.get_object(Bucket=BUCKET, Key=item["Key"])["Body"].read()
            for item in self.s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])
        }


@pytest.fixture(scope="session")
def s3() -> "S3Client":
    """One client for all tests: making one takes longer than most of them."""
    return boto3.client("s3")


@pytest.fixture
def archive(
    aws: None,  # noqa: ARG001
    s3: "S3Client",
    monkeypatch: pytest.MonkeyPatch,
) -> Archive:
    """An empty bucket that the function is set to write to."""
    monkeypatch.setenv("ARCHIVE_BUCKET", BUCKET)
    monkeypatch.setattr(handler, "s3", lambda: s3)
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    secret = boto3.client("secretsmanager").create_secret(Name="seal", SecretString=SEAL_KEY)
    monkeypatch.setenv("ARCHIVE_SEAL_KEY_SECRET_ARN", secret["ARN"])
    handler.seal_key.cache_clear()
    return Archive(s3)


@pytest.fixture
def logs() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    stream = io.StringIO()
    before = handler.log_handler.setStream(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    assert before is not None
    handler.log_handler.setStream(before)


@pytest.fixture
def in_new_york() -> Iterator[None]:
    """A clock that is hours behind UTC, with the day that goes with it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()


def test_a_batch_becomes_objects(archive: Archive) -> None:
    event = batch(record("m-1", '{"id": "o-1"}'), record("m-2", '{"id":"o-2","item":"café"}'))

    assert handler.handler(event, CONTEXT) == failed()
    assert archive.objects() == {
        "orders/2024/02/29/m-1.json": b'{"id": "o-1"}',
        "orders/2024/02/29/m-2.json": '{"id":"o-2","item":"café"}'.encode(),
    }


def test_an_object_says_what_it_is(archive: Archive) -> None:
    handler.handler(batch(record()), CONTEXT)

    head = archive.s3.head_object(Bucket=BUCKET, Key="orders/2024/02/29/m-1.json")
    assert head["ContentType"] == "application/json"
    assert head["Metadata"] == {
        "message-id": "m-1",
        # printf '{"id":"o-1"}' | openssl dgst -sha256 -hmac the-key-of-the-seals
        "hmac-sha256": "689c88755086955ab2c944203c1b7d689ab544d43cd3dda89abbe85181f2ebfa",
    }


def test_the_key_of_the_seals_is_read_once(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler.handler(batch(record("m-1")), CONTEXT)
    monkeypatch.delenv("ARCHIVE_SEAL_KEY_SECRET_ARN")

    assert handler.handler(batch(record("m-2")), CONTEXT) == failed()
    assert len(archive.objects()) == 2


def test_the_key_of_the_seals_is_in_no_log_at_any_level(
    archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    # Lambda gives the root logger the function's level.
    caplog.set_level(logging.DEBUG)

    assert handler.handler(batch(record()), CONTEXT) == failed()
    assert len(archive.objects()) == 1
    assert SEAL_KEY not in caplog.text


def test_without_the_key_nothing_is_written_and_everything_comes_again(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ARCHIVE_SEAL_KEY_SECRET_ARN", "no-such-secret")

    assert handler.handler(batch(record("m-1"), record("m-2")), CONTEXT) == failed("m-1", "m-2")
    assert archive.objects() == {}
    assert SEAL_KEY not in capsys.readouterr().out


@pytest.mark.usefixtures("archive")
def test_the_sdk_does_not_log_the_key(caplog: pytest.LogCaptureFixture) -> None:
    """At DEBUG the runtime lets all loggers write, and the SDK's would write each answer."""
    caplog.set_level("DEBUG")

    assert handler.handler(batch(record()), CONTEXT) == failed()
    assert [name for name, *_ in caplog.record_tuples if name.startswith("boto")] == []
    assert SEAL_KEY not in caplog.text


def test_a_second_delivery_writes_the_same_object(archive: Archive) -> None:
    handler.handler(batch(record()), CONTEXT)
    first = archive.objects()
    again = record(attributes={"SentTimestamp": str(SENT), "ApproximateReceiveCount": "2"})

    assert handler.handler(batch(again), CONTEXT) == failed()
    assert archive.objects() == first


@pytest.mark.usefixtures("in_new_york")
def test_the_day_is_the_day_it_was_sent_in_utc(archive: Archive) -> None:
    handler.handler(batch(record(attributes={"SentTimestamp": str(SENT + 1)})), CONTEXT)

    assert list(archive.objects()) == ["orders/2024/03/01/m-1.json"]


@pytest.mark.parametrize(
    "body", ["", "{", "not json", '{"a":1}{"b":2}', '{"a":NaN}', "[" * 100_000, '"\ud800"']
)
def test_a_body_that_is_not_json_fails_alone(archive: Archive, body: str) -> None:
    event = batch(record("m-1"), record("bad", body), record("m-2"))

    assert handler.handler(event, CONTEXT) == failed("bad")
    assert sorted(archive.objects()) == ["orders/2024/02/29/m-1.json", "orders/2024/02/29/m-2.json"]


def test_a_message_that_s3_refuses_fails_alone(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def put_object(**request: Any) -> object:
        bucket = "no-such-bucket" if request["Key"].endswith("/m-2.json") else request["Bucket"]
        return archive.s3.put_object(**{**request, "Bucket": bucket})

    monkeypatch.setattr(handler, "s3", lambda: SimpleNamespace(put_object=put_object))
    event = batch(record("m-1"), record("m-2"), record("m-3"))

    assert handler.handler(event, CONTEXT) == failed("m-2")
    assert sorted(archive.objects()) == ["orders/2024/02/29/m-1.json", "orders/2024/02/29/m-3.json"]


@pytest.mark.usefixtures("archive")
def test_every_message_fails_when_s3_does(
    monkeypatch: pytest.MonkeyPatch, logs: Callable[[], list[dict[str, Any]]]
) -> None:
    monkeypatch.setenv("ARCHIVE_BUCKET", "no-such-bucket")

    assert handler.handler(batch(record("m-1"), record("m-2")), CONTEXT) == failed("m-1", "m-2")
    assert all("NoSuchBucket" in line["reason"] for line in logs())


@pytest.mark.usefixtures("archive")
def test_a_programming_error_fails_the_invocation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler, "s3", lambda: None)

    with pytest.raises(AttributeError):
        handler.handler(batch(record()), CONTEXT)


@pytest.mark.usefixtures("archive")
def test_logs_are_json_and_tie_the_message_to_the_request(
    logs: Callable[[], list[dict[str, Any]]],
) -> None:
    handler.handler(batch(record("m-1"), record("bad", "secret-looking {")), CONTEXT)

    good, bad = logs()
    assert good.pop("time").endswith("+00:00")
    assert good == {
        "level": "INFO",
        "service": "archive",
        "message": "message archived",
        "aws_request_id": "invocation-1",
        "request_id": "request-1",
        "message_id": "m-1",
        "key": "orders/2024/02/29/m-1.json",
    }
    assert bad["level"] == "ERROR"
    assert bad["message_id"] == "bad"
    assert bad["reason"] == "the body is not valid JSON"
    assert "secret-looking" not in json.dumps(bad)


def test_a_message_without_a_request_id_is_archived(archive: Archive) -> None:
    message = record()
    del message["messageAttributes"]

    assert handler.handler(batch(message), CONTEXT) == failed()
    assert len(archive.objects()) == 1


@pytest.mark.parametrize(
    ("event", "problem"),
    [
        (None, "no list of Records"),
        ({}, "no list of Records"),
        ({"Records": []}, "no list of Records"),
        ({"Records": "m-1"}, "no list of Records"),
        (batch(record(), {"eventSource": "aws:sqs"}), r"Records\[1\] has no messageId"),
        (batch(record(attributes={})), r"Records\[0\] has no SentTimestamp"),
        (batch(record(attributes={"SentTimestamp": "soon"})), "not an SQS message"),
        (batch(record(attributes={"SentTimestamp": "9" * 30})), "not an SQS message"),
        (batch(record(attributes=None)), "not an SQS message"),
        (batch(record(messageAttributes=None)), "not an SQS message"),
        (batch(record(body=None)), "not an SQS message"),
        (batch(record(messageId="")), "not an SQS message"),
        (batch(record(eventSource="aws:kinesis")), "comes from aws:kinesis"),
        ({"Records": ["m-1"]}, "not an SQS message"),
    ],
)
def test_a_malformed_event_is_an_error_and_writes_nothing(
    monkeypatch: pytest.MonkeyPatch, event: object, problem: str
) -> None:
    monkeypatch.setenv("ARCHIVE_BUCKET", BUCKET)
    monkeypatch.setattr(handler, "s3", lambda: pytest.fail("something was written"))

    with pytest.raises(handler.MalformedEventError, match=problem):
        handler.handler(event, CONTEXT)


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize("variable", ["ARCHIVE_BUCKET", "ARCHIVE_SEAL_KEY_SECRET_ARN"])
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_variable_is_an_error(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str | None
) -> None:
    monkeypatch.delenv(variable)
    if value is not None:
        monkeypatch.setenv(variable, value)

    with pytest.raises(RuntimeError, match=f"{variable} is not set"):
        handler.handler(batch(record()), CONTEXT)


def test_the_client_is_made_once_and_not_at_import() -> None:
    assert handler.s3.cache_info().currsize == 0
    assert handler.s3() is handler.s3()
    handler.s3.cache_clear()


def test_a_line_is_logged_once_in_the_lambda_runtime() -> None:
    """The runtime has a handler on the root logger, which must not get the lines too."""
    assert not handler.logger.propagate
    assert handler.log_handler in handler.logger.handlers


def test_it_needs_nothing_that_the_runtime_lacks() -> None:
    """The zip holds this one file: any other import would only fail once deployed."""
    script = """
import sys
import time
import boto3, botocore.config, botocore.exceptions
before = set(sys.modules)
import handler
new = {name.partition(".")[0] for name in set(sys.modules) - before} - {"handler"}
print(sorted(new - set(sys.stdlib_module_names)))
"""
    result = subprocess.run(
        [sys.executable, "-B", "-c", script],
        cwd=Path(handler.__file__).parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == "[]"
