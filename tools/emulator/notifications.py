"""The actions of CloudWatch's alarms, and the message that they bring.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
"""

import json
from datetime import datetime
from typing import Any

from moto.cloudwatch.models import Alarm, CloudWatchBackend
from moto.sns.models import sns_backends

from emulator import calls


def act(backend: CloudWatchBackend, alarm: Alarm, before: str) -> None:
    """Runs the actions of the state that an alarm has come into."""
    if not alarm.actions_enabled:
        return
    actions = {
        "ALARM": alarm.alarm_actions,
        "OK": alarm.ok_actions,
        "INSUFFICIENT_DATA": alarm.insufficient_data_actions,
    }[alarm.state_value]
    message = message_of(backend, alarm, before)
    for arn in actions or []:
        try:
            _tell(arn, alarm, message)
        except Exception as error:
            print(f"alarm {alarm.name}: {arn}: {error}")  # noqa: T201 - the emulator's log


def _tell(arn: str, alarm: Alarm, message: dict[str, Any]) -> None:
    _, _, service, region, account, _ = arn.split(":", 5)
    if service == "sns":
        subject = f'{alarm.state_value}: "{alarm.name}" in {message["Region"]}'[:100]
        sns_backends[account][region].publish(json.dumps(message), arn=arn, subject=subject)
    elif service == "lambda":
        calls.call_later(arn, message)


def message_of(backend: CloudWatchBackend, alarm: Alarm, before: str) -> dict[str, Any]:
    """Returns an alarm's message, in the form of CloudWatch's notifications."""
    return {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "AWSAccountId": backend.account_id,
        "AlarmConfigurationUpdatedTimestamp": _words(alarm.configuration_updated_timestamp),
        "NewStateValue": alarm.state_value,
        "NewStateReason": alarm.state_reason,
        "StateChangeTime": _words(alarm.state_updated_timestamp),
        "Region": backend.region_name,
        "AlarmArn": alarm.alarm_arn,
        "OldStateValue": before,
        "OKActions": alarm.ok_actions,
        "AlarmActions": alarm.alarm_actions,
        "InsufficientDataActions": alarm.insufficient_data_actions,
        "Trigger": {
            "MetricName": alarm.metric_name,
            "Namespace": alarm.namespace,
            "StatisticType": "Statistic",
            "Statistic": (alarm.statistic or "").upper(),
            "Unit": alarm.unit,
            "Dimensions": [{"name": each.name, "value": each.value} for each in alarm.dimensions],
            "Period": period_of(alarm),
            "EvaluationPeriods": alarm.evaluation_periods,
            "DatapointsToAlarm": alarm.datapoints_to_alarm or alarm.evaluation_periods,
            "ComparisonOperator": alarm.comparison_operator,
            "Threshold": alarm.threshold,
            "TreatMissingData": alarm.treat_missing_data or "missing",
            "EvaluateLowSampleCountPercentile": "",
        },
    }


def _words(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"


def period_of(alarm: Alarm) -> int:
    """An alarm's period in seconds; that of a sum of metrics stands with these."""
    periods = [each.metric_stat.period for each in alarm.metric_data_queries if each.metric_stat]
    return int(alarm.period or max((int(each) for each in periods), default=60))
