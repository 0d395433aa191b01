"""The way to the archive: a queue, so that orders are taken while the archive is slow or away."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Protocol

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from .order import Order

logger = logging.getLogger(__name__)


class QueueError(Exception):
    """The queue didn't take a message, or didn't answer.

    The message is a short code such as `AccessDenied`, fit to show to a client; the details,
    which name accounts and roles, are in the log.
    """


class OrdersQueue(Protocol):
    """What the service needs of a queue."""

    def send(self, order: Order, request_id: str) -> None:
        """Hand over an order, or raise a `QueueError`."""

    def check(self) -> None:
        """Find out whether the queue can be reached, or raise a `QueueError`."""


class SqsOrdersQueue:
    """An SQS queue; boto3 sends to `AWS_ENDPOINT_URL` by itself if that is set.

    Delivery is at least once: after a time-out it isn't known whether SQS took the message, so
    boto3 tries again, and so may the client. Readers tell orders apart by their id.
    """

    def __init__(self, url: str, region: str | None) -> None:
        """Make the clients now: it is slow, and best done before the first request."""
        self._url = url
        session = boto3.Session(region_name=region)
        # 3 tries and 2 pauses take 18 s at worst, which is within gunicorn's graceful timeout.
        self._client = session.client(
            "sqs",
            config=Config(
                connect_timeout=2,
                read_timeout=3,
                retries={"mode": "standard", "total_max_attempts": 3},
            ),
        )
        # A probe is repeated by whoever asks, and has to answer before that one gives up.
        self._probe = session.client(
            "sqs",
            config=Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 1}),
        )

    def send(self, order: Order, request_id: str) -> None:
        """Send the order, with the request's id beside it for the archive's log."""
        with _queue_errors("an order was not sent"):
            self._client.send_message(
                QueueUrl=self._url,
                MessageBody=json.dumps(asdict(order)),
                MessageAttributes={"RequestId": {"DataType": "String", "StringValue": request_id}},
            )

    def check(self) -> None:
        """Ask for an attribute, which takes the network, the credentials and the queue."""
        with _queue_errors("the queue failed a check"):
            self._probe.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])


@contextmanager
def _queue_errors(message: str) -> Iterator[None]:
    """Log what boto3 says, and raise only a code of it."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        code = type(error).__name__
        if isinstance(error, ClientError):
            code = error.response.get("Error", {}).get("Code", code)
        logger.warning(message, extra={"code": code, "detail": str(error)})
        raise QueueError(code) from error
