"""The way to the archive: a queue, so that orders are taken while the archive is slow or away."""

import json
import logging
from dataclasses import asdict
from typing import Protocol

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from .order import Order

logger = logging.getLogger(__name__)


class QueueError(Exception):
    """The queue didn't take an order, or didn't answer.

    The message is a short code such as `AccessDenied`, fit to show to a client; the details,
    which name accounts and roles, are in the log.
    """


class OrdersQueue(Protocol):
    """What the service needs of a queue."""

    def send(self, order: Order, request_id: str) -> None:
        """Hand over an order, or raise a `QueueError`."""


class SqsOrdersQueue:
    """An SQS queue; boto3 sends to `AWS_ENDPOINT_URL` by itself if that is set.

    Delivery is at least once: after a time-out it isn't known whether SQS took the message, so
    boto3 tries again, and so may the client. Readers tell orders apart by their id.
    """

    def __init__(self, url: str, region: str | None) -> None:
        """Make the client now: it is slow, and best done before the first request."""
        self._url = url
        # 3 tries and 2 pauses take 18 s at worst, which is within gunicorn's graceful timeout.
        self._client = boto3.client(
            "sqs",
            region_name=region,
            config=Config(
                connect_timeout=2,
                read_timeout=3,
                retries={"mode": "standard", "total_max_attempts": 3},
            ),
        )

    def send(self, order: Order, request_id: str) -> None:
        """Send the order, with the request's id beside it for the archive's log.

        What boto3 says of a failure is logged; only a code of it is raised.
        """
        try:
            self._client.send_message(
                QueueUrl=self._url,
                MessageBody=json.dumps(asdict(order)),
                MessageAttributes={"RequestId": {"DataType": "String", "StringValue": request_id}},
            )
        except (BotoCoreError, ClientError) as error:
            code = type(error).__name__
            if isinstance(error, ClientError):
                code = error.response.get("Error", {}).get("Code", code)
            logger.warning("an order was not sent", extra={"code": code, "detail": str(error)})
            raise QueueError(code) from error
