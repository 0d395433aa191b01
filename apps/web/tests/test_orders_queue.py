"""The real queue client against an in-process SQS."""

import json
import logging

import boto3
import pytest

from orders.app import create_app
from orders.order import Order
from orders.orders_queue import QueueError, SqsOrdersQueue
from orders.settings import Settings

REGION = "eu-west-1"
ORDER = Order("o-1", "café", 2)


@pytest.fixture
def url(aws: None) -> str:  # noqa: ARG001
    return boto3.client("sqs").create_queue(QueueName="orders")["QueueUrl"]


def test_an_order_becomes_a_message(url: str) -> None:
    SqsOrdersQueue(url, REGION).send(ORDER, "request-1")

    answer = boto3.client("sqs").receive_message(QueueUrl=url, MessageAttributeNames=["All"])
    (message,) = answer["Messages"]
    assert json.loads(message["Body"]) == {"id": "o-1", "item": "café", "quantity": 2}
    assert message["MessageAttributes"] == {
        "RequestId": {"DataType": "String", "StringValue": "request-1"}
    }


def test_the_app_uses_the_queue_of_its_settings(url: str) -> None:
    settings = Settings(session_key="k" * 32, orders_queue_url=url, aws_region=REGION)
    client = create_app(settings).test_client()

    assert client.post("/orders", json=ORDER).status_code == 202
    boto3.client("sqs").delete_queue(QueueUrl=url)
    assert client.post("/orders", json=ORDER).status_code == 503


def test_a_queue_that_is_not_there_fails(url: str, caplog: pytest.LogCaptureFixture) -> None:
    queue = SqsOrdersQueue(f"{url}-not-there", REGION)

    with pytest.raises(QueueError, match=r"NonExistentQueue|QueueDoesNotExist"):
        queue.send(ORDER, "request-1")
    messages = [record.message for record in caplog.records if record.name == "orders.orders_queue"]
    assert messages == ["an order was not sent"]
    assert {record.levelno for record in caplog.records} >= {logging.WARNING}


def test_an_endpoint_that_does_not_answer_fails(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Port 1 of this machine: nothing listens there, so the connection is refused at once.
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    queue = SqsOrdersQueue(url, REGION)

    with pytest.raises(QueueError, match="EndpointConnectionError"):
        queue.send(ORDER, "request-1")
