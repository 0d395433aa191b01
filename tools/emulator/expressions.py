"""The math of alarms on several metrics: sums and the like over them, and arithmetic.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

import ast
import operator
from collections.abc import Callable
from typing import Any

OPERATORS: dict[type[ast.AST], Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
}
FUNCTIONS: dict[str, Callable[[list[float]], float]] = {
    "SUM": sum,
    "MAX": max,
    "MIN": min,
    "AVG": lambda values: sum(values) / len(values),
}


class MissingError(Exception):
    """A period lacks a value that the math needs."""


def value(expression: str, metrics: dict[str, float | None]) -> float | None:
    """Returns the value of an expression in one period; None where a metric lacks one."""
    try:
        result = _value(ast.parse(expression, mode="eval").body, metrics)
    except (MissingError, ZeroDivisionError):
        return None
    return float(result)


def is_known(expression: str | None) -> bool:
    """Tells expressions that can be computed here from others."""
    try:
        tree = ast.parse(expression or "", mode="eval").body
    except SyntaxError:
        return False
    found = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}
    try:
        _value(tree, {"any": 1.0, **dict.fromkeys(found, 1.0)})
    except (KeyError, TypeError, ValueError, AttributeError):
        return False
    except (MissingError, ZeroDivisionError):
        return True
    return True


def rises(expression: str) -> bool:
    """Tells expressions that can only rise when their metrics do."""
    nodes = list(ast.walk(ast.parse(expression, mode="eval")))
    falling = (ast.Sub, ast.USub, ast.Div, ast.Mult)
    names = {each.id for each in nodes if isinstance(each, ast.Name)}
    return not any(isinstance(each, falling) for each in nodes) and "AVG" not in names


def _value(node: Any, metrics: dict[str, float | None]) -> float:
    if isinstance(node, ast.Constant):
        return float(str(node.value))
    if isinstance(node, ast.Name):
        found = metrics[node.id]
        if found is None:
            raise MissingError
        return found
    if isinstance(node, ast.BinOp):
        return OPERATORS[type(node.op)](_value(node.left, metrics), _value(node.right, metrics))
    if isinstance(node, ast.UnaryOp):
        return OPERATORS[type(node.op)](_value(node.operand, metrics))
    return _called(node, metrics)


def _called(node: Any, metrics: dict[str, float | None]) -> float:
    name, arguments = node.func.id, node.args
    if name == "FILL":
        try:
            return _value(arguments[0], metrics)
        except MissingError:
            return _value(arguments[1], metrics)
    values = [each for each in _listed(arguments[0], metrics) if each is not None]
    if not values:
        raise MissingError
    return FUNCTIONS[name](values)


def _listed(node: Any, metrics: dict[str, float | None]) -> list[float | None]:
    """The metrics that a function takes: all, those whose id has some text, or a list."""
    if isinstance(node, ast.List):
        return [metrics[each.id] for each in node.elts if isinstance(each, ast.Name)]
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "METRICS":
        part = "".join(str(each.value) for each in node.args if isinstance(each, ast.Constant))
        return [each for name, each in metrics.items() if part in name]
    return [_value(node, metrics)]
