"""Services that call functions with their own events: none of them waits."""

import json
import time
from typing import Any

import pytest

from emulator.tests.support import Clients, Functions, eventually

RECORDS = """
import json, sys
def handler(event, context):
    print('called', json.dumps(event))
    if 'bad' in json.dumps(event):
        raise ValueError
"""


class Called:
    """A function that prints its events, and those that it has printed."""

    def __init__(self, aws: Clients, functions: Functions) -> None:
        functions.make(RECORDS)
        self.logs = aws("logs")
        self.lambdas = functions.lambdas
        self.arn = "arn:aws:lambda:eu-west-1:123456789012:function:tested"

    def events(self) -> list[Any]:
        """The events that the function was called with, in order."""
        try:
            found = self.logs.filter_log_events(logGroupName="/aws/lambda/tested")["events"]
        except self.logs.exceptions.ResourceNotFoundException:
            return []
        lines = [event["message"] for event in found]
        return [json.loads(line[7:]) for line in lines if line.startswith("called ")]


@pytest.fixture
def called(aws: Clients, functions: Functions) -> Called:
    """A function to be called."""
    return Called(aws, functions)


def test_a_topic_hands_over_its_message(aws: Clients, called: Called) -> None:
    sns = aws("sns")
    topic = sns.create_topic(Name="orders")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=called.arn)
    attribute = {"DataType": "String", "StringValue": "green"}
    sent = sns.publish(TopicArn=topic, Message="tea", MessageAttributes={"kind": attribute})
    eventually(lambda: len(called.events()), 1)
    notification = called.events()[0]["Records"][0]["Sns"]
    assert notification["MessageId"] == sent["MessageId"]
    assert notification["TopicArn"] == topic
    assert notification["Message"] == "tea"
    assert notification["MessageAttributes"] == {"kind": {"Type": "String", "Value": "green"}}


def test_a_failing_function_does_not_fail_a_publisher_and_is_tried_three_times(
    aws: Clients, called: Called
) -> None:
    sns = aws("sns")
    topic = sns.create_topic(Name="orders")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=called.arn)
    dead = aws("sqs").create_queue(QueueName="dead")["QueueUrl"]
    called.lambdas.put_function_event_invoke_config(
        FunctionName="tested",
        DestinationConfig={"OnFailure": {"Destination": "arn:aws:sqs:eu-west-1:123456789012:dead"}},
    )
    answer = sns.publish(TopicArn=topic, Message="bad")
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    messages: list[Any] = []

    def received() -> int:
        messages.extend(aws("sqs").receive_message(QueueUrl=dead).get("Messages", []))
        return len(messages)

    eventually(received, 1)
    record = json.loads(messages[0]["Body"])
    assert record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == 3
    assert record["responsePayload"]["errorType"] == "ValueError"
    assert record["requestPayload"]["Records"][0]["Sns"]["Message"] == "bad"
    assert len(called.events()) == 3


def test_a_bucket_tells_of_an_object(aws: Clients, called: Called) -> None:
    s3 = aws("s3")
    place = {"LocationConstraint": "eu-west-1"}
    s3.create_bucket(Bucket="orders", CreateBucketConfiguration=place)
    notification = {"LambdaFunctionArn": called.arn, "Events": ["s3:ObjectCreated:*"]}
    s3.put_bucket_notification_configuration(
        Bucket="orders",
        NotificationConfiguration={"LambdaFunctionConfigurations": [notification]},
    )
    s3.put_object(Bucket="orders", Key="tea", Body=b"")
    eventually(lambda: [e["Records"][0]["s3"]["object"]["key"] for e in called.events()], ["tea"])


def test_a_call_of_kind_event_is_answered_at_once(called: Called) -> None:
    answer = called.lambdas.invoke(
        FunctionName="tested", InvocationType="Event", Payload=json.dumps({"tea": 1})
    )
    assert (answer["StatusCode"], answer["Payload"].read()) == (202, b"")
    eventually(called.events, [{"tea": 1}])


def test_a_kinesis_stream_is_read_in_order_again_from_what_failed(
    aws: Clients, called: Called
) -> None:
    kinesis = aws("kinesis")
    kinesis.create_stream(StreamName="orders", ShardCount=1)
    arn = kinesis.describe_stream_summary(StreamName="orders")["StreamDescriptionSummary"]
    called.lambdas.create_event_source_mapping(
        FunctionName="tested",
        EventSourceArn=arn["StreamARN"],
        StartingPosition="LATEST",
        BatchSize=1,
        MaximumRetryAttempts=1,
    )
    for key in ("first", "bad", "last"):
        kinesis.put_record(StreamName="orders", PartitionKey=key, Data=b"tea")

    def keys() -> list[str]:
        return [event["Records"][0]["kinesis"]["partitionKey"] for event in called.events()]

    eventually(keys, ["first", "bad", "bad", "last"])
    assert called.events()[0]["Records"][0]["kinesis"]["data"] == "dGVh"


def test_a_tables_stream_is_read_and_keeps_its_records_for_others(
    aws: Clients, called: Called
) -> None:
    dynamodb = aws("dynamodb")
    key = {"AttributeName": "id"}
    table = dynamodb.create_table(
        TableName="orders",
        KeySchema=[{**key, "KeyType": "HASH"}],
        AttributeDefinitions=[{**key, "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )["TableDescription"]
    stream = table["LatestStreamArn"]
    called.lambdas.create_event_source_mapping(
        FunctionName="tested", EventSourceArn=stream, StartingPosition="TRIM_HORIZON", BatchSize=1
    )
    for name in ("1", "2"):
        dynamodb.put_item(TableName="orders", Item={"id": {"S": name}})

    def names() -> list[str]:
        return [e["Records"][0]["dynamodb"]["Keys"]["id"]["S"] for e in called.events()]

    eventually(names, ["1", "2"])
    streams = aws("dynamodbstreams")
    shard = streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"][0]["ShardId"]
    start = streams.get_shard_iterator(
        StreamArn=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
    )
    records = streams.get_records(ShardIterator=start["ShardIterator"])["Records"]
    assert [record["dynamodb"]["Keys"]["id"]["S"] for record in records] == ["1", "2"]


def test_the_events_of_a_deleted_function_do_not_reach_the_next_one_of_its_name(
    called: Called, functions: Functions
) -> None:
    called.lambdas.invoke(FunctionName="tested", InvocationType="Event", Payload='"bad"')
    eventually(lambda: called.events()[:1], ["bad"])
    called.lambdas.delete_function(FunctionName="tested")
    functions.make(RECORDS)
    before = len(called.events())
    called.lambdas.invoke(FunctionName="tested", InvocationType="Event", Payload='"good"')
    # By then the first one would have been tried three times.
    time.sleep(1)
    assert called.events()[before:] == ["good"]
