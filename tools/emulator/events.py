"""EventBridge, corrected where moto answers otherwise than AWS does."""

import json
import threading
from typing import Any

from moto.awslambda.models import lambda_backends
from moto.events.models import Rule


def rules_call_functions() -> None:
    """A rule hands its events to functions too, and does not wait for them."""
    send = Rule.send_to_targets

    def corrected(self: Rule, original_event: Any, transform_input: bool = True) -> None:
        functions = [each for each in self.targets if ":function:" in each["Arn"]]
        others = [each for each in self.targets if each not in functions]
        if self.event_pattern.matches_event(original_event):
            for each in functions:
                backend = lambda_backends[self.account_id][self.region_name]
                call: tuple[Any, ...] = (each["Arn"], None, json.dumps(original_event), {}, {})
                threading.Thread(target=backend.invoke, args=call).start()
        self.targets, every = others, self.targets
        try:
            send(self, original_event, transform_input)
        finally:
            self.targets = every

    Rule.send_to_targets = corrected
