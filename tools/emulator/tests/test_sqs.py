"""SQS as AWS has it."""

import json
from collections.abc import Callable
from typing import Any


def test_a_queue_keeps_its_policy_when_another_attribute_is_set(
    aws: Callable[[str], Any],
) -> None:
    sqs = aws("sqs")
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    url = sqs.create_queue(QueueName="orders", Attributes={"Policy": policy})["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "7"})
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert json.loads(attributes["Policy"]) == json.loads(policy)
    assert attributes["VisibilityTimeout"] == "7"


def test_a_redrive_policy_comes_back_without_blanks(aws: Callable[[str], Any]) -> None:
    sqs = aws("sqs")
    sqs.create_queue(QueueName="dead")
    redrive = (
        '{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:123456789012:dead","maxReceiveCount":3}'
    )
    url = sqs.create_queue(
        QueueName="orders", Attributes={"RedrivePolicy": json.dumps(json.loads(redrive))}
    )["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert attributes["RedrivePolicy"] == redrive
