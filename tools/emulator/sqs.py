"""SQS, corrected where moto answers otherwise than AWS does."""

import json
from typing import Any

from moto.sqs.models import Queue


def queues_keep_their_policy() -> None:
    """Setting another attribute of a queue leaves its policy as it is."""
    set_attributes = Queue._set_attributes

    def corrected(self: Queue, attributes: dict[str, Any], now: float | None = None) -> None:
        set_attributes(self, {"Policy": getattr(self, "policy", None), **attributes}, now)

    Queue._set_attributes = corrected


def redrive_policies_have_no_blanks() -> None:
    """JSON that comes back is written as compactly as AWS writes it."""
    attributes = Queue.attributes.fget

    def corrected(self: Queue) -> dict[str, Any]:
        result = attributes(self)
        if "RedrivePolicy" in result:
            result["RedrivePolicy"] = json.dumps(self.redrive_policy, separators=(",", ":"))
        return result

    Queue.attributes = property(corrected)
