"""SNS, corrected where moto answers otherwise than AWS does."""

from datetime import datetime, timezone
from typing import Any

from moto.sns.models import Subscription

from emulator import asynchronous


def topics_do_not_wait_for_functions() -> None:
    """A publisher neither waits for the functions that subscribe, nor sees their errors.

    They get the message with its own id, time, topic and attributes, where moto makes these up.
    """
    publish = Subscription.publish

    def corrected(
        self: Subscription,
        message: str,
        message_id: str,
        subject: str | None = None,
        message_attributes: dict[str, Any] | None = None,
        group_id: str | None = None,
        deduplication_id: str | None = None,
        message_structure: str | None = None,
    ) -> None:
        if self.protocol != "lambda":
            rest = (subject, message_attributes, group_id, deduplication_id, message_structure)
            publish(self, message, message_id, *rest)
            return
        matcher = self._filter_policy_matcher
        if matcher is not None and not matcher.matches(message_attributes, message):
            return
        if message_structure == "json":
            message = self._parse_message_structure(message, self.protocol)
        event = event_of(self, message, message_id, subject, message_attributes or {})
        asynchronous.call(self.endpoint, event, self.account_id)

    Subscription.publish = corrected


def event_of(
    subscription: Subscription,
    message: str,
    message_id: str,
    subject: str | None,
    attributes: dict[str, Any],
) -> dict[str, Any]:
    """Returns a message as it stands in a function's event.

    https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
    """
    notification = {
        "Type": "Notification",
        "MessageId": message_id,
        "TopicArn": subscription.topic_arn,
        "Subject": subject,
        "Message": message,
        "Timestamp": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
        "SignatureVersion": "1",
        "Signature": "EXAMPLE",
        "SigningCertUrl": "EXAMPLE",
        "UnsubscribeUrl": "EXAMPLE",
        "MessageAttributes": {
            name: {"Type": value["Type"], "Value": value["Value"]}
            for name, value in attributes.items()
        },
    }
    record = {
        "EventVersion": "1.0",
        "EventSubscriptionArn": subscription.arn,
        "EventSource": "aws:sns",
        "Sns": notification,
    }
    return {"Records": [record]}
