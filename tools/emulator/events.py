"""EventBridge, corrected where moto answers otherwise than AWS does."""

from typing import Any

from moto.events.models import Rule

from emulator import asynchronous


def rules_call_functions() -> None:
    """A rule hands its events to functions too, and does not wait for them."""
    send = Rule.send_to_targets

    def corrected(self: Rule, original_event: Any, transform_input: bool = True) -> None:
        functions = [each for each in self.targets if ":function:" in each["Arn"]]
        others = [each for each in self.targets if each not in functions]
        if self.event_pattern.matches_event(original_event):
            for each in functions:
                asynchronous.call(each["Arn"], original_event, self.account_id)
        self.targets, every = others, self.targets
        try:
            send(self, original_event, transform_input)
        finally:
            self.targets = every

    Rule.send_to_targets = corrected
