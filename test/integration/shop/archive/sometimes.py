"""The archive's function, of which some calls are cut off after their work is done."""

import time
from typing import Any

from handler import handler as archive


def handler(event: dict[str, Any], context: Any) -> object:
    """Archives a batch; one with an order that ends in 00 takes too long the first time."""
    answer = archive(event, context)
    if any(is_too_much(record) for record in event["Records"]):
        time.sleep(context.get_remaining_time_in_millis() / 1000 + 60)
    return answer


def is_too_much(record: dict[str, Any]) -> bool:
    """Tells a first delivery of the orders that are waited for too long."""
    return record["attributes"]["ApproximateReceiveCount"] == "1" and '00"' in record["body"]
