"""Filters of event sources."""

import base64
import json
from typing import Any

import pytest

from emulator.filters import matches


def criteria(*patterns: object) -> dict[str, Any]:
    return {"Filters": [{"Pattern": json.dumps(each)} for each in patterns]}


def message(body: str) -> dict[str, Any]:
    return {"messageId": "1", "body": body, "attributes": {"SenderId": "shop"}}


def record(data: bytes) -> dict[str, Any]:
    encoded = base64.b64encode(data).decode()
    return {"eventSource": "aws:kinesis", "kinesis": {"partitionKey": "7", "data": encoded}}


ORDER = criteria({"body": {"type": ["order"]}})
CHANGE = {"eventName": "INSERT", "dynamodb": {"NewImage": {"kind": {"S": "order"}}}}


@pytest.mark.parametrize(
    ("filter_criteria", "given", "expected"),
    [
        (None, message("anything"), True),
        ({}, message("anything"), True),
        ({"Filters": []}, message("anything"), True),
        (ORDER, message('{"type": "order"}'), True),
        (ORDER, message('{"type": "refund"}'), False),
        (ORDER, message("order"), False),
        (ORDER, message('["order"]'), False),
        (criteria({"body": ["order"]}), message("order"), True),
        (criteria({"body": ["order"]}), message('{"type": "order"}'), False),
        (criteria({"body": [{"prefix": "or"}]}), message("order"), True),
        (criteria({"attributes": {"SenderId": ["shop"]}}), message("x"), True),
        (criteria({"body": {"type": ["refund"]}}, {"body": {"n": [1]}}), message('{"n": 1}'), True),
        (criteria({"data": {"type": ["order"]}}), record(b'{"type": "order"}'), True),
        (criteria({"data": {"type": ["order"]}}), record(b'{"type": "refund"}'), False),
        (criteria({"data": {"type": ["order"]}}), record(b"\xff\x00"), False),
        (criteria({"partitionKey": ["7"]}), record(b"x"), True),
        (criteria({"eventName": ["INSERT"]}), CHANGE, True),
        (criteria({"eventName": ["REMOVE"]}), CHANGE, False),
        (criteria({"dynamodb": {"NewImage": {"kind": {"S": ["order"]}}}}), CHANGE, True),
    ],
)
def test_a_function_is_called_for(
    filter_criteria: dict[str, Any] | None, given: dict[str, Any], expected: bool
) -> None:
    assert matches(filter_criteria, given) is expected
