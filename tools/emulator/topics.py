"""SNS' deliveries: each is counted, and a message that reaches nobody is kept."""

import json
from typing import Any

from moto.sns.models import Subscription, Topic
from moto.sqs.models import sqs_backends

from emulator import calls, metrics


def deliveries_are_counted_and_kept() -> None:
    """A message that a subscription can't deliver goes to its dead-letter queue, if it has one.

    The publisher does not see that, and other subscriptions get the message all the same.
    https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
    """
    publish = Topic.publish
    deliver = Subscription.publish

    def corrected_publish(self: Topic, *args: Any, **kwargs: Any) -> str:
        _count(self, "NumberOfMessagesPublished")
        return publish(self, *args, **kwargs)

    def corrected_deliver(
        self: Subscription,
        message: str,
        message_id: str,
        subject: str | None = None,
        message_attributes: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        matcher = self._filter_policy_matcher
        if matcher is not None and not matcher.matches(message_attributes, message):
            _count(self.topic, "NumberOfNotificationsFilteredOut")
            return
        try:
            if self.protocol == "lambda":
                calls.function_at(self.endpoint)
            deliver(self, message, message_id, subject, message_attributes, **kwargs)
        except Exception as error:
            _count(self.topic, "NumberOfNotificationsFailed")
            print(f"{self.arn} did not take a message: {error}")  # noqa: T201 - the emulator's log
            _keep(self, self.get_post_data(message, message_id, subject, message_attributes))
        else:
            _count(self.topic, "NumberOfNotificationsDelivered")

    Topic.publish = corrected_publish
    Subscription.publish = corrected_deliver


def _count(topic: Topic, metric: str) -> None:
    backend = topic.sns_backend
    dimensions = {"TopicName": topic.name}
    metrics.put(backend.account_id, backend.region_name, "AWS/SNS", {metric: 1}, dimensions)


def _keep(subscription: Subscription, notification: dict[str, Any]) -> None:
    policy = json.loads(subscription.attributes.get("RedrivePolicy") or "{}")
    if "deadLetterTargetArn" in policy:
        _, _, _, region, account, name = policy["deadLetterTargetArn"].split(":")
        sqs_backends[account][region].send_message(name, json.dumps(notification))
