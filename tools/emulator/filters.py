"""The filters of event sources, which keep records from a function.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
"""

import base64
import json
from typing import Any

from emulator import patterns


def matches(filter_criteria: dict[str, Any] | None, record: dict[str, Any]) -> bool:
    """Tells the records that a function is called for, as they stand in its event.

    One matching filter is enough; without filters every record matches. A record that does not
    match is passed over, and in a queue deleted.
    """
    filters = (filter_criteria or {}).get("Filters") or []
    seen = _seen_by_filters(record)
    return not filters or any(
        patterns.matches(json.loads(each.get("Pattern") or "{}"), seen) for each in filters
    )


def _seen_by_filters(record: dict[str, Any]) -> dict[str, Any]:
    """A record with its payload as filters see it: parsed where it is JSON, else as it is."""
    if "kinesis" in record:
        kinesis = record["kinesis"]
        data = base64.b64decode(kinesis["data"]).decode("utf-8", "replace")
        return {**record, **kinesis, "data": _parsed(data)}
    if "body" in record:
        return {**record, "body": _parsed(record["body"])}
    return record


def _parsed(text: str) -> Any:
    """An object of JSON; other text stays text, as a filter for plain text wants it."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, dict) else text
