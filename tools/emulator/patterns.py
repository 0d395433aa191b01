"""The language of event patterns, which EventBridge, Lambda's filters and SNS share.

moto's two matchers know parts of it: neither looks into lists of objects, `exists` sees only leaves
in AWS, and SNS lacks `$or`. This one follows aws-event-ruler, the library behind EventBridge.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

import ipaddress
import json
import operator
import re
from typing import Any

from moto.events.models import EventPattern
from moto.sns.utils import FilterPolicyMatcher

COMPARISONS = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def matches(pattern: dict[str, Any], event: Any) -> bool:
    """Tells events that have, for each field of a pattern, one of the values that it allows."""
    return _matches(pattern, event, [event])


def _matches(pattern: dict[str, Any], node: Any, places: list[Any]) -> bool:
    """Of several objects in a list, one has to match by itself; `places` are all of them."""
    objects = _flat(node) or [{}]
    return any(
        all(_field_matches(name, wanted, each, _flat(places)) for name, wanted in pattern.items())
        for each in objects
    )


def _field_matches(name: str, wanted: Any, node: Any, places: list[Any]) -> bool:
    if name == "$or":
        return any(_matches(each, node, places) for each in wanted)
    value = node.get(name, []) if isinstance(node, dict) else []
    values = [each[name] for each in places if isinstance(each, dict) and name in each]
    if isinstance(wanted, dict):
        return _matches(wanted, value, values)
    return any(_one_matches(each, _leaves(value), _leaves(values)) for each in wanted)


def _flat(value: Any) -> list[Any]:
    return [leaf for each in value for leaf in _flat(each)] if isinstance(value, list) else [value]


def _leaves(value: Any) -> list[Any]:
    """The plain values of a field: those in a list count each, an object has none."""
    return [each for each in _flat(value) if not isinstance(each, dict)]


def _one_matches(wanted: Any, leaves: list[Any], anywhere: list[Any]) -> bool:
    """Compares a value; `exists: false` holds for all objects of a list together."""
    if isinstance(wanted, dict) and "exists" in wanted:
        return bool(leaves) if wanted["exists"] else not anywhere
    return any(_leaf_matches(wanted, leaf) for leaf in leaves)


def _leaf_matches(wanted: Any, leaf: Any) -> bool:
    if not isinstance(wanted, dict):
        return _is_same(wanted, leaf)
    ((condition, argument),) = wanted.items()
    if condition == "anything-but":
        return not any(_leaf_matches(each, leaf) for each in _alternatives(argument))
    if condition == "numeric":
        limits = zip(argument[::2], argument[1::2], strict=True)
        return _is_number(leaf) and all(COMPARISONS[sign](leaf, than) for sign, than in limits)
    return isinstance(leaf, str) and _text_matches(condition, argument, leaf)


def _alternatives(argument: Any) -> list[Any]:
    """A condition's argument as a list: one value, several, or a condition with one or several."""
    if isinstance(argument, list):
        return argument
    if isinstance(argument, dict):
        ((condition, values),) = argument.items()
        return [{condition: each} for each in _alternatives(values)]
    return [argument]


def _text_matches(condition: str, argument: Any, text: str) -> bool:
    if isinstance(argument, dict) and condition in ("prefix", "suffix"):
        argument, text = argument["equals-ignore-case"].lower(), text.lower()
    if condition == "prefix":
        return text.startswith(argument)
    if condition == "suffix":
        return text.endswith(argument)
    if condition == "equals-ignore-case":
        return text.lower() == str(argument).lower()
    if condition == "wildcard":
        return re.fullmatch(_wildcard(argument), text, re.DOTALL) is not None
    if condition == "cidr":
        return _is_address_in(text, argument)
    return False


def _wildcard(argument: str) -> str:
    """The regular expression of a wildcard, in which a backslash takes a sign as it is."""
    signs = re.findall(r"\\.|.", argument, re.DOTALL)
    return "".join(".*" if sign == "*" else re.escape(sign.removeprefix("\\")) for sign in signs)


def _is_address_in(text: str, network: str) -> bool:
    try:
        return ipaddress.ip_address(text) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_same(wanted: Any, leaf: Any) -> bool:
    """Compares plain values as JSON does: true is not 1."""
    if _is_number(wanted) and _is_number(leaf):
        return bool(wanted == leaf)
    return type(wanted) is type(leaf) and wanted == leaf


def rules_match_like_aws() -> None:
    """EventBridge's rules and archives match by this module."""

    def corrected(self: EventPattern, event: Any) -> bool:
        return matches(self.get_pattern(), json.loads(json.dumps(event)))

    EventPattern.matches_event = corrected


def subscriptions_match_like_aws() -> None:
    """SNS's filter policies match by this module, on attributes as well as on bodies."""

    def corrected(
        self: FilterPolicyMatcher, message_attributes: dict[str, Any] | None, message: str
    ) -> bool:
        if self.filter_policy_scope == "MessageBody":
            try:
                body = json.loads(message)
            except ValueError:
                return False
            return matches(self.filter_policy, body)
        given = (message_attributes or {}).items()
        return matches(self.filter_policy, {name: _attribute(each) for name, each in given})

    FilterPolicyMatcher.matches = corrected


def _attribute(attribute: dict[str, Any]) -> Any:
    """The value of a message's attribute; a binary one has none that a policy could match."""
    kind, value = attribute["Type"], attribute["Value"]
    if kind.startswith("Number"):
        return json.loads(str(value))
    if kind == "String.Array":
        return json.loads(value)
    return value if kind.startswith("String") else []
