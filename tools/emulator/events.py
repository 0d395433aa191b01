"""EventBridge, corrected where moto answers otherwise than AWS does."""

import json
from datetime import datetime, timezone
from typing import Any

from jsonpath_ng.ext.parser import parse
from moto.events.models import Rule
from moto.events.utils import EventTemplateParser

from emulator import metrics, targets


def rules_reach_their_targets() -> None:
    """A rule hands its events to functions, topics and more, and does not wait for them.

    What a target does not take ends in its dead-letter queue. A rule that is disabled, or has a
    schedule and no pattern, hands over no events.
    """
    send = Rule.send_to_targets

    def corrected(self: Rule, original_event: Any, transform_input: bool = True) -> None:
        pattern = self.event_pattern
        if self.state == "DISABLED" or not pattern.get_pattern():
            return
        if not pattern.matches_event(original_event):
            return
        ours = [each for each in self.targets if not _is_motos(each)]
        hand_over(self, ours, as_sent(original_event))
        every, self.targets = self.targets, [each for each in self.targets if _is_motos(each)]
        try:
            send(self, original_event, transform_input)
        finally:
            self.targets = every

    Rule.send_to_targets = corrected


def _is_motos(target: dict[str, Any]) -> bool:
    _, _, service, _, _, name = target["Arn"].split(":", 5)
    return service == "logs" or (service == "events" and not name.startswith("event-bus/"))


def as_sent(event: dict[str, Any]) -> dict[str, Any]:
    """Returns an event as its receivers see it, with its time in words."""
    time = event.get("time")
    if isinstance(time, (int, float)):
        time = datetime.fromtimestamp(time, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    kept = {name: value for name, value in event.items() if name != "ingestion-time"}
    return {**kept, "time": time}


def hand_over(rule: Rule, to: list[dict[str, Any]], event: dict[str, Any]) -> None:
    """Hands an event to the targets of a rule, and counts what they take."""
    _measure(rule, "TriggeredRules")
    for target in to:
        given = _input_of(target, event)
        _measure(rule, "Invocations")
        try:
            targets.deliver(target, given)
        except Exception as error:
            _measure(rule, "FailedInvocations")
            if targets.keep_undelivered(target, given, error, {"RULE_ARN": rule.arn}):
                _measure(rule, "InvocationsSentToDlq")


def _input_of(target: dict[str, Any], event: dict[str, Any]) -> Any:
    """The part or the form of an event that a target asks for."""
    if target.get("Input"):
        return json.loads(target["Input"])
    if target.get("InputPath"):
        found = parse(target["InputPath"]).find(event)
        return found[0].value if found else None
    transformer = target.get("InputTransformer")
    if transformer:
        paths = transformer.get("InputPathsMap", {})
        whole = {**event, "ingestion-time": event["time"]}
        return EventTemplateParser.parse(transformer["InputTemplate"], paths, whole)
    return event


def _measure(rule: Rule, name: str) -> None:
    dimensions = {"RuleName": rule.name}
    if rule.event_bus_name != "default":
        dimensions["EventBusName"] = rule.event_bus_name
    metrics.put(rule.account_id, rule.region_name, "AWS/Events", {name: 1}, dimensions)
