"""Calls of functions by the services that lead to them."""

import json
import re
from typing import Any

from emulator import asynchronous, invocation

FUNCTION_ARN = re.compile(r"arn:[^:]+:lambda:([^:]+):(\d+):function:[^/]+")


class FunctionError(Exception):
    """A function was called, and failed; the text is its answer."""


def function_at(arn: str) -> tuple[str, invocation.Target]:
    """Finds the function whose ARN another ARN is, or holds; raises moto's error for none."""
    found = FUNCTION_ARN.search(arn)
    if found is None:
        raise ValueError(f"{arn} is no function")
    return found[0], invocation.resolve(found[2], found[1], found[0])


def call(arn: str, event: Any) -> str:
    """Calls a function and returns its answer; raises FunctionError when it failed."""
    _, target = function_at(arn)
    result = invocation.call(target, json.dumps(event).encode())
    if result.failed:
        raise FunctionError(result.payload.decode())
    return result.payload.decode()


def call_later(arn: str, event: Any) -> None:
    """Has a function called without waiting for it."""
    name, target = function_at(arn)
    asynchronous.call(name, event, target.function.account_id)
