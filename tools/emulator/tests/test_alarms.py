"""Alarms go off on their metrics."""

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from moto.cloudwatch.models import cloudwatch_backends

from emulator import alarms, clock, expressions, metrics
from emulator.tests.support import Clients

TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms"
ACCOUNT = ("123456789012", "eu-west-1")
SETTINGS: dict[str, Any] = {
    "AlarmName": "dead-letters",
    "AlarmDescription": "There are dead letters",
    "Namespace": "AWS/SQS",
    "MetricName": "ApproximateNumberOfMessagesVisible",
    "Dimensions": [{"Name": "QueueName", "Value": "dead"}],
    "Period": 60,
    "EvaluationPeriods": 1,
    "ComparisonOperator": "GreaterThanThreshold",
    "Threshold": 0,
    "Statistic": "Maximum",
    "TreatMissingData": "notBreaching",
    "AlarmActions": [TOPIC],
    "OKActions": [TOPIC],
}


class Watch:
    """An alarm, with the values that its metric has had."""

    def __init__(self, aws: Clients, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> None:
        monkeypatch.setattr(clock, "MINUTE", 60)
        self.client = aws("cloudwatch")
        self.start = datetime.now(timezone.utc).replace(second=0, microsecond=0)
        given = {name: each for name, each in {**SETTINGS, **settings}.items() if each is not None}
        self.name = given["AlarmName"]
        self.client.put_metric_alarm(**given)

    def put(self, minute: int, *values: float, **settings: Any) -> None:
        """Publishes values some minutes after the start."""
        metric = {
            "MetricName": SETTINGS["MetricName"],
            "Dimensions": SETTINGS["Dimensions"],
            "Timestamp": self.start + timedelta(minutes=minute, seconds=1),
            **settings,
        }
        data = [{**metric, "Value": each} for each in values]
        self.client.put_metric_data(Namespace="AWS/SQS", MetricData=data)

    def state(self, minutes: float) -> str:
        """The state of the alarm some minutes after the start, and two seconds."""
        alarms.evaluate(self.start + timedelta(minutes=minutes, seconds=2))
        return str(self.found()["StateValue"])

    def found(self) -> Any:
        return self.client.describe_alarms(AlarmNames=[self.name])["MetricAlarms"][0]


@pytest.fixture
def watch(aws: Clients, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes alarms."""
    return lambda **settings: Watch(aws, monkeypatch, **settings)


def test_one_goes_off_at_once_and_is_over_when_a_minute_was_good(watch: Any) -> None:
    alarm = watch()
    assert alarm.state(0) == "OK"
    alarm.put(0, 0, 5)
    assert alarm.state(0) == "ALARM"
    reason = alarm.found()["StateReason"]
    assert reason == "Threshold Crossed: 1 datapoint [5] was greater than the threshold (0.0)."
    assert alarm.state(1) == "ALARM"
    assert alarm.state(2) == "OK"


def test_one_tells_its_topic_what_cloudwatch_says(aws: Clients, watch: Any) -> None:
    queue = aws("sqs").create_queue(QueueName="notes")["QueueUrl"]
    topic = aws("sns").create_topic(Name="alarms")["TopicArn"]
    endpoint = "arn:aws:sqs:eu-west-1:123456789012:notes"
    aws("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=endpoint)
    alarm = watch()
    alarm.put(0, 5)
    alarm.state(0)
    alarm.state(2)
    received = aws("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    notes = [json.loads(each["Body"]) for each in received]
    assert [each["Subject"] for each in notes] == [
        'ALARM: "dead-letters" in eu-west-1',
        'OK: "dead-letters" in eu-west-1',
    ]
    said = json.loads(notes[0]["Message"])
    assert (said["AlarmName"], said["OldStateValue"], said["NewStateValue"]) == (
        "dead-letters",
        "OK",
        "ALARM",
    )
    assert said["AlarmDescription"] == "There are dead letters"
    assert said["Trigger"]["Dimensions"] == [{"name": "QueueName", "value": "dead"}]
    assert said["Trigger"]["Statistic"] == "MAXIMUM"


def test_one_that_is_below_waits_for_the_end_of_the_minute(watch: Any) -> None:
    alarm = watch(ComparisonOperator="LessThanThreshold", Threshold=3, Statistic="Sum")
    alarm.put(0, 1)
    assert alarm.state(0) == "OK"
    assert alarm.state(1) == "ALARM"


@pytest.mark.parametrize(
    ("statistic", "threshold", "state"),
    [
        ("Sum", 8, "ALARM"),
        ("Sum", 9, "OK"),
        ("Average", 2, "ALARM"),
        ("Average", 3, "OK"),
        ("Minimum", 0, "ALARM"),
        ("Maximum", 5, "ALARM"),
        ("SampleCount", 3, "OK"),
    ],
)
def test_a_statistic(watch: Any, statistic: str, threshold: float, state: str) -> None:
    alarm = watch(Statistic=statistic, Threshold=threshold)
    alarm.put(0, 1, 2, 6)
    assert alarm.state(1) == state


@pytest.mark.parametrize(
    ("operator", "state"),
    [
        ("GreaterThanThreshold", "OK"),
        ("GreaterThanOrEqualToThreshold", "ALARM"),
        ("LessThanThreshold", "OK"),
        ("LessThanOrEqualToThreshold", "ALARM"),
    ],
)
def test_a_comparison(watch: Any, operator: str, state: str) -> None:
    alarm = watch(ComparisonOperator=operator, Threshold=5)
    alarm.put(0, 5)
    assert alarm.state(1) == state


def test_two_of_three_periods(watch: Any) -> None:
    alarm = watch(EvaluationPeriods=3, DatapointsToAlarm=2)
    alarm.put(0, 5)
    assert alarm.state(1) == "OK"
    alarm.put(2, 5)
    assert alarm.state(2) == "ALARM"
    assert alarm.state(4) == "OK"


@pytest.mark.parametrize(
    ("missing", "state"),
    [
        ("notBreaching", "OK"),
        ("breaching", "ALARM"),
        ("ignore", "OK"),
        ("missing", "INSUFFICIENT_DATA"),
        (None, "INSUFFICIENT_DATA"),
    ],
)
def test_no_values(watch: Any, missing: str | None, state: str) -> None:
    assert watch(TreatMissingData=missing).state(1) == state


def test_a_sum_over_metrics(watch: Any) -> None:
    def query(name: str) -> dict[str, Any]:
        metric = {"Namespace": "AWS/SQS", "MetricName": SETTINGS["MetricName"]}
        dimensions = [{"Name": "QueueName", "Value": name}]
        stat = {"Metric": {**metric, "Dimensions": dimensions}, "Period": 60, "Stat": "Sum"}
        return {"Id": name, "MetricStat": stat, "ReturnData": False}

    whole = {"Id": "sum", "Expression": "SUM(METRICS())", "ReturnData": True}
    single = ("Namespace", "MetricName", "Dimensions", "Period", "Statistic")
    alarm = watch(
        **dict.fromkeys(single),
        Metrics=[whole, query("one"), query("two")],
        Threshold=5,
    )
    alarm.put(0, 3, Dimensions=[{"Name": "QueueName", "Value": "one"}])
    assert alarm.state(0) == "OK"
    alarm.put(0, 3, Dimensions=[{"Name": "QueueName", "Value": "two"}])
    assert alarm.state(0) == "ALARM"
    assert alarm.state(2) == "OK"


@pytest.mark.parametrize(
    ("expression", "values", "expected"),
    [
        ("SUM(METRICS())", {"a": 1, "b": 2}, 3),
        ("SUM(METRICS())", {"a": 1, "b": None}, 1),
        ("SUM(METRICS())", {"a": None}, None),
        ('MAX(METRICS("err"))', {"err1": 1, "err2": 4, "all": 9}, 4),
        ("AVG([a, b])", {"a": 1, "b": 2}, 1.5),
        ("100 * a / b", {"a": 1, "b": 4}, 25),
        ("a / b", {"a": 1, "b": 0}, None),
        ("FILL(a, 0) - b", {"a": None, "b": 4}, -4),
    ],
)
def test_an_expression(expression: str, values: Any, expected: float | None) -> None:
    assert expressions.is_known(expression)
    assert expressions.value(expression, values) == expected


@pytest.mark.parametrize("expression", ["ANOMALY_DETECTION_BAND(a)", "SELECT 1", "a ** 2", ""])
def test_an_expression_that_is_not_known(expression: str) -> None:
    assert not expressions.is_known(expression)


def test_a_state_that_is_set_by_hand_is_told(aws: Clients, watch: Any) -> None:
    queue = aws("sqs").create_queue(QueueName="notes")["QueueUrl"]
    aws("sns").create_topic(Name="alarms")
    endpoint = "arn:aws:sqs:eu-west-1:123456789012:notes"
    aws("sns").subscribe(TopicArn=TOPIC, Protocol="sqs", Endpoint=endpoint)
    alarm = watch()
    alarm.client.set_alarm_state(AlarmName=alarm.name, StateValue="ALARM", StateReason="a test")
    (message,) = aws("sqs").receive_message(QueueUrl=queue)["Messages"]
    said = json.loads(json.loads(message["Body"])["Message"])
    assert (said["NewStateValue"], said["NewStateReason"]) == ("ALARM", "a test")


def test_dead_letters_set_off_their_alarm(aws: Clients, watch: Any) -> None:
    alarm = watch()
    url = aws("sqs").create_queue(QueueName="dead")["QueueUrl"]
    metrics.measure_queues()
    alarms.evaluate()
    assert alarm.found()["StateValue"] == "OK"
    aws("sqs").send_message(QueueUrl=url, MessageBody="poison")
    metrics.measure_queues()
    alarms.evaluate()
    assert alarm.found()["StateValue"] == "ALARM"


def published(namespace: str, name: str) -> list[tuple[dict[str, str], float]]:
    account, region = ACCOUNT
    return [
        ({part.name: part.value for part in each.dimensions}, each.value)
        for each in cloudwatch_backends[account][region].metric_data
        if (each.namespace, each.name) == (namespace, name)
    ]


def test_messages_of_a_topic_are_counted(aws: Clients) -> None:
    sns = aws("sns")
    topic = sns.create_topic(Name="orders")["TopicArn"]
    for name in ("there", "other"):
        aws("sqs").create_queue(QueueName=name)
    policy = {"FilterPolicy": '{"kind": ["book"]}'}
    for name, attributes in (("there", {}), ("missing", {}), ("other", policy)):
        endpoint = f"arn:aws:sqs:eu-west-1:123456789012:{name}"
        given = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": endpoint}
        sns.subscribe(**given, Attributes=attributes)
    sns.publish(TopicArn=topic, Message="x")
    of_topic = [({"TopicName": "orders"}, 1)]
    assert published("AWS/SNS", "NumberOfMessagesPublished") == of_topic
    assert published("AWS/SNS", "NumberOfNotificationsDelivered") == of_topic
    assert published("AWS/SNS", "NumberOfNotificationsFailed") == of_topic
    assert published("AWS/SNS", "NumberOfNotificationsFilteredOut") == of_topic


@pytest.mark.parametrize("protocol", ["sqs", "lambda"])
def test_a_message_that_reaches_nobody_is_kept(aws: Clients, protocol: str) -> None:
    sns = aws("sns")
    topic = sns.create_topic(Name="orders")["TopicArn"]
    url = aws("sqs").create_queue(QueueName="dead")["QueueUrl"]
    redrive = {"deadLetterTargetArn": "arn:aws:sqs:eu-west-1:123456789012:dead"}
    name = "function:missing" if protocol == "lambda" else "missing"
    sns.subscribe(
        TopicArn=topic,
        Protocol=protocol,
        Endpoint=f"arn:aws:{protocol}:eu-west-1:123456789012:{name}",
        Attributes={"RedrivePolicy": json.dumps(redrive)},
    )
    sns.publish(TopicArn=topic, Message="x")
    (message,) = aws("sqs").receive_message(QueueUrl=url)["Messages"]
    assert json.loads(message["Body"])["Message"] == "x"


def test_calls_of_a_function_are_measured_by_alias_and_version(functions: Any) -> None:
    source = "def handler(event, context):\n    if event: raise ValueError(event)\n"
    functions.make(source, Publish=True)
    functions.lambdas.create_alias(FunctionName="tested", Name="live", FunctionVersion="1")
    functions.call("tested", "no", Qualifier="live")
    functions.call("tested", None, Qualifier="live")
    name = {"FunctionName": "tested"}
    live = {**name, "Resource": "tested:live"}
    version = {**live, "ExecutedVersion": "1"}
    errors = published("AWS/Lambda", "Errors")
    assert errors == [(each, value) for value in (1, 0) for each in (name, live, version)]
    assert len(published("AWS/Lambda", "Duration")) == len(errors)


def test_old_values_are_forgotten_but_not_a_programs_own(aws: Clients) -> None:
    client = aws("cloudwatch")
    old = datetime.now(timezone.utc) - timedelta(hours=4)
    for namespace in ("AWS/SQS", "Shop"):
        data = [{"MetricName": "Age", "Value": 1, "Timestamp": old}]
        client.put_metric_data(Namespace=namespace, MetricData=data)
    metrics.forget_old_values()
    assert (published("AWS/SQS", "Age"), published("Shop", "Age")) == ([], [({}, 1)])
