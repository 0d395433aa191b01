"""Schedules run, and rules reach their targets."""

import json
import re
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from emulator import calls
from emulator.scheduler import Scheduler
from emulator.tests.support import Clients

START = datetime.now(timezone.utc).replace(second=0, microsecond=0)
QUEUE = "arn:aws:sqs:eu-west-1:123456789012:due"
DEAD = "arn:aws:sqs:eu-west-1:123456789012:dead"
ROLE = "arn:aws:iam::123456789012:role/scheduler"
MISSING = "arn:aws:lambda:eu-west-1:123456789012:function:missing"


@pytest.fixture
def bodies(aws: Clients) -> Any:
    """Reads the messages of a queue."""
    client = aws("sqs")
    urls = {name: client.create_queue(QueueName=name)["QueueUrl"] for name in ("due", "dead")}

    def read(name: str = "due") -> list[Any]:
        asked = {
            "QueueUrl": urls[name],
            "MaxNumberOfMessages": 10,
            "MessageAttributeNames": ["All"],
        }
        return list(client.receive_message(**asked).get("Messages", []))

    return read


@pytest.fixture
def scheduler() -> Scheduler:
    return Scheduler(START)


def schedule(aws: Clients, expression: str, **settings: Any) -> None:
    given = {
        "Name": "report",
        "ScheduleExpression": expression,
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {"Arn": QUEUE, "RoleArn": ROLE, "Input": '{"n": 1}'},
        **settings,
    }
    aws("scheduler").create_schedule(**given)


def run(scheduler: Scheduler, minutes: int) -> None:
    """Lets minutes pass."""
    for minute in range(minutes):
        scheduler.tick(START + timedelta(minutes=minute, seconds=1))


def test_a_rate_runs_at_once_and_again(aws: Clients, scheduler: Scheduler, bodies: Any) -> None:
    schedule(aws, "rate(2 minutes)")
    run(scheduler, 5)
    assert [each["Body"] for each in bodies()] == ['{"n": 1}'] * 3


def test_a_cron_runs_at_its_time(aws: Clients, scheduler: Scheduler, bodies: Any) -> None:
    at = START + timedelta(minutes=2)
    schedule(aws, f"cron({at.minute} {at.hour} * * ? *)")
    run(scheduler, 2)
    assert bodies() == []
    run(scheduler, 5)
    assert len(bodies()) == 1


def test_what_comes_once_is_deleted_where_it_says_so(
    aws: Clients, scheduler: Scheduler, bodies: Any
) -> None:
    at = START + timedelta(minutes=1)
    schedule(aws, f"at({at:%Y-%m-%dT%H:%M:%S})", ActionAfterCompletion="DELETE")
    run(scheduler, 4)
    assert len(bodies()) == 1
    assert aws("scheduler").list_schedules()["Schedules"] == []


def test_a_schedule_keeps_within_its_dates(aws: Clients, scheduler: Scheduler, bodies: Any) -> None:
    dates = {
        "StartDate": START + timedelta(minutes=2),
        "EndDate": START + timedelta(minutes=3, seconds=30),
    }
    schedule(aws, "rate(1 minute)", **dates)
    run(scheduler, 6)
    assert len(bodies()) == 2


def test_a_disabled_one_does_not_run(aws: Clients, scheduler: Scheduler, bodies: Any) -> None:
    schedule(aws, "rate(1 minute)", State="DISABLED")
    run(scheduler, 2)
    assert bodies() == []


def test_a_flexible_one_comes_within_its_window(
    aws: Clients, scheduler: Scheduler, bodies: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("emulator.scheduler.random.uniform", lambda _, end: end / 2)
    window = {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 6}
    schedule(aws, f"at({START:%Y-%m-%dT%H:%M:%S})", FlexibleTimeWindow=window)
    run(scheduler, 3)
    assert bodies() == []
    run(scheduler, 4)
    assert len(bodies()) == 1


def test_what_was_due_during_a_long_sleep_does_not_all_come(
    aws: Clients, scheduler: Scheduler, bodies: Any
) -> None:
    schedule(aws, "rate(1 minute)")
    scheduler.tick(START + timedelta(hours=8))
    assert len(bodies()) == 6


def test_what_no_target_takes_goes_to_the_dead_letters(
    aws: Clients, scheduler: Scheduler, bodies: Any
) -> None:
    target = {
        "Arn": MISSING,
        "RoleArn": ROLE,
        "Input": '{"n": 1}',
        "DeadLetterConfig": {"Arn": DEAD},
    }
    schedule(aws, "rate(5 minutes)", Target=target)
    run(scheduler, 1)
    (message,) = bodies("dead")
    said = {name: each["StringValue"] for name, each in message["MessageAttributes"].items()}
    assert message["Body"] == '{"n": 1}'
    assert (said["ERROR_CODE"], said["TARGET_ARN"]) == ("RESOURCE_NOT_FOUND", MISSING)
    assert said["SCHEDULE_ARN"].endswith(":schedule/default/report")


def test_a_function_is_given_the_input(
    aws: Clients, scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(calls, "call_later", lambda *call: seen.append(call))
    target = {"Arn": MISSING, "RoleArn": ROLE, "Input": '{"at": "<aws.scheduler.scheduled-time>"}'}
    schedule(aws, "rate(5 minutes)", Target=target)
    run(scheduler, 1)
    assert seen == [(MISSING, {"at": f"{START:%Y-%m-%dT%H:%M:%SZ}"})]


class TestRules:
    """EventBridge's rules."""

    @staticmethod
    def rule(aws: Clients, *targets: Any, **settings: Any) -> None:
        client = aws("events")
        client.put_rule(Name="ship", **settings)
        given = [{"Id": str(i), **each} for i, each in enumerate(targets)]
        client.put_targets(Rule="ship", Targets=given)

    @staticmethod
    def put(aws: Clients, **detail: Any) -> None:
        entry = {"Source": "shop", "DetailType": "OrderPaid", "Detail": json.dumps(detail)}
        aws("events").put_events(Entries=[entry])

    def test_one_with_a_schedule_runs_when_its_time_has_passed(
        self, aws: Clients, scheduler: Scheduler, bodies: Any
    ) -> None:
        self.rule(aws, {"Arn": QUEUE}, ScheduleExpression="rate(2 minutes)")
        self.put(aws, id=7)
        run(scheduler, 4)
        (event,) = [json.loads(each["Body"]) for each in bodies()]
        assert (event["detail-type"], event["source"]) == ("Scheduled Event", "aws.events")
        assert event["time"] == f"{START + timedelta(minutes=2):%Y-%m-%dT%H:%M:%SZ}"

    def test_one_hands_over_what_matches(self, aws: Clients, bodies: Any) -> None:
        pattern = json.dumps({"detail": {"items": {"kind": ["book"]}}})
        self.rule(aws, {"Arn": QUEUE}, EventPattern=pattern)
        self.put(aws, items=[{"kind": "pen"}, {"kind": "book"}])
        self.put(aws, items=[{"kind": "pen"}])
        (event,) = [json.loads(each["Body"]) for each in bodies()]
        assert event["detail"] == {"items": [{"kind": "pen"}, {"kind": "book"}]}
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", event["time"])

    def test_a_target_is_given_what_it_asks_for(self, aws: Clients, bodies: Any) -> None:
        transformer = {"InputPathsMap": {"n": "$.detail.id"}, "InputTemplate": '{"order": <n>}'}
        self.rule(
            aws,
            {"Arn": QUEUE, "Input": '{"constant": true}'},
            {"Arn": QUEUE, "InputPath": "$.detail"},
            {"Arn": QUEUE, "InputTransformer": transformer},
            EventPattern='{"source": ["shop"]}',
        )
        self.put(aws, id=7)
        found = [json.loads(each["Body"]) for each in bodies()]
        assert found == [{"constant": True}, {"id": 7}, {"order": 7}]

    def test_a_disabled_one_hands_over_nothing(self, aws: Clients, bodies: Any) -> None:
        self.rule(aws, {"Arn": QUEUE}, EventPattern='{"source": ["shop"]}', State="DISABLED")
        self.put(aws, id=7)
        assert bodies() == []

    def test_what_no_target_takes_goes_to_the_dead_letters(self, aws: Clients, bodies: Any) -> None:
        target = {"Arn": MISSING, "DeadLetterConfig": {"Arn": DEAD}}
        self.rule(aws, target, {"Arn": QUEUE}, EventPattern='{"source": ["shop"]}')
        self.put(aws, id=7)
        assert len(bodies()) == 1
        (message,) = bodies("dead")
        said = {name: each["StringValue"] for name, each in message["MessageAttributes"].items()}
        assert (said["ERROR_CODE"], said["RULE_ARN"].rpartition("/")[2]) == (
            "RESOURCE_NOT_FOUND",
            "ship",
        )
