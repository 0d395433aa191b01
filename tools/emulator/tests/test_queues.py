"""Functions whose events come from a queue."""

import contextlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ReadTimeoutError

from emulator.polling import parts_of, reported
from emulator.tests.support import Clients, Functions, eventually

ARCHIVE = """
import json, boto3
s3 = boto3.client('s3')
def handler(event, context):
    failures = []
    for record in event['Records']:
        try:
            order = json.loads(record['body'])
            attempt = record['attributes']['ApproximateReceiveCount']
            key = f"{order['id']}/{record['messageId']}"
            s3.put_object(Bucket='archive', Key=key, Body=json.dumps(record).encode())
        except ValueError:
            failures.append({'itemIdentifier': record['messageId']})
    return {'batchItemFailures': failures}
"""


class System:
    """A queue with a dead-letter queue, whose messages a function archives in a bucket."""

    def __init__(self, aws: Clients, functions: Functions) -> None:
        self.aws, self.functions = aws, functions
        self.sqs, self.s3 = aws("sqs"), aws("s3")
        self.s3.create_bucket(
            Bucket="archive", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        self.dead = self.sqs.create_queue(QueueName="dead")["QueueUrl"]

    def queue(self, source: str = ARCHIVE, queue: Any = None, mapping: Any = None) -> str:
        """Makes the queue and the function, and returns the queue's URL."""
        attributes = {
            "VisibilityTimeout": "60",
            "RedrivePolicy": json.dumps(
                {"deadLetterTargetArn": self.arn(self.dead), "maxReceiveCount": 3}
            ),
            **(queue or {}),
        }
        fifo = "FifoQueue" in attributes
        if fifo:
            del attributes["RedrivePolicy"]
        name = "orders.fifo" if fifo else "orders"
        url = self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        self.functions.make(source, Timeout=10)
        settings = {"FunctionResponseTypes": ["ReportBatchItemFailures"], **(mapping or {})}
        self.mapping = self.functions.lambdas.create_event_source_mapping(
            FunctionName="tested", EventSourceArn=self.arn(url), **settings
        )["UUID"]
        return str(url)

    def arn(self, url: str) -> str:
        """The ARN of a queue."""
        answer = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return str(answer["Attributes"]["QueueArn"])

    def waiting(self, url: str) -> tuple[int, int]:
        """The numbers of messages that wait in a queue, and that are in flight."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        waiting, in_flight = (int(found[name]) for name in names)
        return waiting, in_flight

    def archived(self) -> list[str]:
        """The orders in the bucket, each as often as it lies there."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket="archive")
        keys = [each["Key"] for page in pages for each in page.get("Contents", [])]
        return sorted(key.split("/")[0] for key in keys)

    def lines(self) -> list[str]:
        """The lines that the function has printed."""
        events = self.aws("logs").filter_log_events(logGroupName="/aws/lambda/tested")["events"]
        return [event["message"] for event in events if event["message"][:5] not in PLATFORM]


PLATFORM = ("START", "END R", "REPOR")


@pytest.fixture
def system(aws: Clients, functions: Functions) -> System:
    """A system without its queue."""
    return System(aws, functions)


def test_orders_of_sixteen_senders_are_archived_once_each_though_some_give_up(
    system: System,
) -> None:
    url = system.queue()
    # As a web service with a short timeout, before it is answered.
    config = Config(read_timeout=0.01, retries={"total_max_attempts": 1})
    hurried = boto3.client("sqs", endpoint_url=url.rsplit("/", 2)[0], config=config)
    names = [f"{number:02}" for number in range(100)]

    def send(name: str) -> None:
        client = hurried if name.endswith("7") else system.sqs
        with contextlib.suppress(ReadTimeoutError):
            client.send_message(QueueUrl=url, MessageBody=json.dumps({"id": name}))

    with ThreadPoolExecutor(16) as senders:
        list(senders.map(send, names))
    eventually(system.archived, names, seconds=60)
    eventually(lambda: system.waiting(url), (0, 0))
    assert system.waiting(system.dead) == (0, 0)


def test_poison_goes_to_the_dead_letter_queue_and_the_rest_of_its_batch_is_done(
    system: System,
) -> None:
    url = system.queue()
    for number in range(5):
        system.sqs.send_message(QueueUrl=url, MessageBody="poison")
        system.sqs.send_message(QueueUrl=url, MessageBody=json.dumps({"id": str(number)}))
    eventually(lambda: system.waiting(system.dead), (5, 0))
    assert system.waiting(url) == (0, 0)
    assert system.archived() == ["0", "1", "2", "3", "4"]


def test_an_error_and_a_timeout_are_the_functions_own(system: System) -> None:
    url = system.queue(
        "import time\n"
        "def handler(event, context):\n"
        "    for record in event['Records']:\n"
        "        print(record['body'], record['attributes']['ApproximateReceiveCount'])\n"
        "    if event['Records'][0]['body'] == 'slow':\n"
        "        time.sleep(30)\n"
        "    raise ValueError\n",
        mapping={"BatchSize": 1},
    )
    system.functions.lambdas.update_function_configuration(FunctionName="tested", Timeout=1)
    answers = [system.sqs.send_message(QueueUrl=url, MessageBody=body) for body in ("bad", "slow")]
    assert [answer["ResponseMetadata"]["HTTPStatusCode"] for answer in answers] == [200, 200]
    eventually(lambda: system.waiting(system.dead), (2, 0))
    seen = sorted(line for line in system.lines() if line[:3] in ("bad", "slo"))
    assert seen == ["bad 1", "bad 2", "bad 3", "slow 1", "slow 2", "slow 3"]


def test_a_record_is_as_lambda_hands_it_over(system: System) -> None:
    url = system.queue()
    attribute = {"DataType": "String", "StringValue": "r-1"}
    answer = system.sqs.send_message(
        QueueUrl=url, MessageBody='{"id": "1"}', MessageAttributes={"RequestId": attribute}
    )
    eventually(system.archived, ["1"])
    key = f"1/{answer['MessageId']}"
    record = json.loads(system.s3.get_object(Bucket="archive", Key=key)["Body"].read())
    sent = int(record["attributes"].pop("SentTimestamp"))
    received = int(record["attributes"].pop("ApproximateFirstReceiveTimestamp"))
    assert 1_700_000_000_000 < sent <= received
    assert record.pop("receiptHandle")
    assert record == {
        "messageId": answer["MessageId"],
        "body": '{"id": "1"}',
        "attributes": {"ApproximateReceiveCount": "1", "SenderId": "AIDAIT2UOQQY3AUEKVGXU"},
        "messageAttributes": {
            "RequestId": {
                "stringValue": "r-1",
                "stringListValues": [],
                "binaryListValues": [],
                "dataType": "String",
            }
        },
        "md5OfBody": answer["MD5OfMessageBody"],
        "md5OfMessageAttributes": answer["MD5OfMessageAttributes"],
        "eventSource": "aws:sqs",
        "eventSourceARN": system.arn(url),
        "awsRegion": "eu-west-1",
    }


def test_a_group_of_a_fifo_queue_keeps_its_order_also_through_failures(system: System) -> None:
    url = system.queue(
        "def handler(event, context):\n"
        "    for record in event['Records']:\n"
        "        print('took', record['attributes']['MessageGroupId'], record['body'])\n"
        "        if record['attributes']['ApproximateReceiveCount'] == '1':\n"
        "            if record['body'] == '3':\n"
        "                raise ValueError\n",
        queue={"FifoQueue": "true", "ContentBasedDeduplication": "false"},
        mapping={"BatchSize": 1},
    )
    for number in range(6):
        for group in ("a", "b"):
            for _ in range(2):
                system.sqs.send_message(
                    QueueUrl=url,
                    MessageBody=str(number),
                    MessageGroupId=group,
                    MessageDeduplicationId=f"{group}{number}",
                )
    eventually(lambda: system.waiting(url), (0, 0))

    def taken(group: str) -> list[str]:
        start = f"took {group} "
        return [line.removeprefix(start) for line in system.lines() if line.startswith(start)]

    assert taken("a") == taken("b") == ["0", "1", "2", "3", "3", "4", "5"]


def test_a_window_fills_a_batch(system: System) -> None:
    url = system.queue(
        "def handler(event, context):\n    print('batch of', len(event['Records']))\n",
        mapping={"BatchSize": 100, "MaximumBatchingWindowInSeconds": 300},
    )
    for first in (0, 10):
        entries = [{"Id": str(n), "MessageBody": str(n)} for n in range(first, first + 10)]
        system.sqs.send_message_batch(QueueUrl=url, Entries=entries)
    eventually(lambda: system.waiting(url), (0, 0))
    assert [line for line in system.lines() if line.startswith("batch")] == ["batch of 20"]


def test_a_disabled_and_a_deleted_mapping_fetch_nothing(system: System) -> None:
    url = system.queue()
    lambdas = system.functions.lambdas
    lambdas.update_event_source_mapping(UUID=system.mapping, Enabled=False)
    system.sqs.send_message(QueueUrl=url, MessageBody='{"id": "1"}')
    eventually(lambda: system.waiting(url), (1, 0))
    lambdas.update_event_source_mapping(UUID=system.mapping, Enabled=True)
    eventually(system.archived, ["1"])
    lambdas.delete_event_source_mapping(UUID=system.mapping)
    # Whatever was being fetched is over.
    eventually(lambda: system.mapping in {thread.name for thread in threading.enumerate()}, False)
    system.sqs.send_message(QueueUrl=url, MessageBody='{"id": "2"}')
    assert system.waiting(url) == (1, 0)


def test_no_more_batches_are_under_way_than_the_mapping_says(system: System) -> None:
    url = system.queue(
        "import time\ndef handler(event, context):\n    print(time.time())\n    time.sleep(0.2)\n"
        "    print(time.time())\n",
        mapping={"BatchSize": 1, "ScalingConfig": {"MaximumConcurrency": 2}},
    )
    for number in range(8):
        system.sqs.send_message(QueueUrl=url, MessageBody=str(number))
    eventually(lambda: system.waiting(url), (0, 0))
    streams = system.aws("logs").describe_log_streams(logGroupName="/aws/lambda/tested")
    assert len(streams["logStreams"]) <= 2


@pytest.mark.parametrize(
    ("answer", "failed"),
    [
        (None, set()),
        ({}, set()),
        ({"batchItemFailures": []}, set()),
        ({"batchItemFailures": None}, set()),
        ({"batchItemFailures": [{"itemIdentifier": "a"}]}, {"a"}),
        ({"batchItemFailures": [{"itemIdentifier": "c"}]}, {"a", "b"}),
        ({"batchItemFailures": [{"itemIdentifier": ""}]}, {"a", "b"}),
        ({"batchItemFailures": [{"itemIdentifier": None}]}, {"a", "b"}),
        ({"batchItemFailures": [{"name": "a"}]}, {"a", "b"}),
        ("text", {"a", "b"}),
    ],
)
def test_a_wrong_answer_fails_the_whole_batch(answer: Any, failed: set[str]) -> None:
    assert reported(json.dumps(answer).encode(), {"a", "b"}) == failed


def test_a_batch_is_split_where_it_is_too_large_for_a_call() -> None:
    records = [{"body": "x" * 1_000_000, "messageId": str(number)} for number in range(13)]
    assert [len(part) for part in parts_of(records)] == [6, 6, 1]
