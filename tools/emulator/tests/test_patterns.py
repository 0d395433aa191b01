"""The language of event patterns, by cases that aws-event-ruler 1.8.1 decides in the same way."""

from typing import Any

import pytest

from emulator.patterns import matches

CASES: list[tuple[dict[str, Any], Any, bool]] = [
    ({}, {}, True),
    ({"a": ["x"]}, {"a": "x"}, True),
    ({"a": ["x"]}, {"a": "y"}, False),
    ({"a": ["x"]}, {}, False),
    ({"a": ["x"]}, {"a": ["y", "x"]}, True),
    ({"a": ["x"]}, {"a": {"x": 1}}, False),
    ({"a": [1]}, {"a": 1.0}, True),
    ({"a": [1]}, {"a": True}, False),
    ({"a": [True]}, {"a": 1}, False),
    ({"a": [True]}, {"a": True}, True),
    ({"a": [None]}, {"a": None}, True),
    ({"a": [None]}, {}, False),
    ({"a": [""]}, {"a": ""}, True),
    ({"a": ["1"]}, {"a": 1}, False),
    ({"a": {"b": ["x"]}}, {"a": {"b": "x"}}, True),
    ({"a": {"b": ["x"]}}, {"a": [{"b": "y"}, {"b": "x"}]}, True),
    ({"a": {"b": ["x"], "c": ["y"]}}, {"a": [{"b": "x"}, {"c": "y"}]}, False),
    ({"a": {"b": ["x"]}}, {"a": "x"}, False),
    ({"a": [{"prefix": "ab"}]}, {"a": "abc"}, True),
    ({"a": [{"prefix": "ab"}]}, {"a": "cab"}, False),
    ({"a": [{"prefix": "ab"}]}, {"a": 5}, False),
    ({"a": [{"prefix": {"equals-ignore-case": "AB"}}]}, {"a": "abc"}, True),
    ({"a": [{"suffix": ".png"}]}, {"a": "x.png"}, True),
    ({"a": [{"suffix": {"equals-ignore-case": ".PNG"}}]}, {"a": "x.png"}, True),
    ({"a": [{"equals-ignore-case": "AlIcE"}]}, {"a": "aLiCe"}, True),
    ({"a": [{"anything-but": "x"}]}, {"a": "y"}, True),
    ({"a": [{"anything-but": "x"}]}, {"a": "x"}, False),
    ({"a": [{"anything-but": "x"}]}, {}, False),
    ({"a": [{"anything-but": ["x", "y"]}]}, {"a": "y"}, False),
    ({"a": [{"anything-but": ["x", "y"]}]}, {"a": ["x", "z"]}, True),
    ({"a": [{"anything-but": 5}]}, {"a": 5}, False),
    ({"a": [{"anything-but": [5, 6]}]}, {"a": 7}, True),
    ({"a": [{"anything-but": {"prefix": "x"}}]}, {"a": "xy"}, False),
    ({"a": [{"anything-but": {"prefix": ["x", "y"]}}]}, {"a": "yz"}, False),
    ({"a": [{"anything-but": {"suffix": ".png"}}]}, {"a": "x.jpg"}, True),
    ({"a": [{"anything-but": {"wildcard": "*x*"}}]}, {"a": "axb"}, False),
    ({"a": [{"anything-but": {"equals-ignore-case": ["AB", "CD"]}}]}, {"a": "cd"}, False),
    ({"a": [{"numeric": [">", 0, "<=", 5]}]}, {"a": 5}, True),
    ({"a": [{"numeric": [">", 0, "<=", 5]}]}, {"a": 5.1}, False),
    ({"a": [{"numeric": ["=", 5]}]}, {"a": 5.0}, True),
    ({"a": [{"numeric": [">", 0]}]}, {"a": "5"}, False),
    ({"a": [{"exists": True}]}, {"a": None}, True),
    ({"a": [{"exists": True}]}, {"a": {"b": 1}}, False),
    ({"a": [{"exists": False}]}, {"a": {"b": 1}}, True),
    ({"a": [{"exists": False}]}, {"b": 1}, True),
    ({"a": [{"exists": False}]}, {"a": 1}, False),
    ({"a": [{"exists": False}]}, {"a": []}, True),
    ({"a": {"b": [{"exists": False}]}}, {"c": 1}, True),
    ({"a": {"b": [{"exists": False}]}}, {"a": []}, True),
    ({"a": {"b": [{"exists": False}]}}, {"a": [{"c": 1}, {"b": 1}]}, False),
    ({"a": [{"exists": False}, "x"]}, {"a": "x"}, True),
    ({"a": [{"wildcard": "a*c"}]}, {"a": "abbc"}, True),
    ({"a": [{"wildcard": "a*c"}]}, {"a": "ac.d"}, False),
    ({"a": [{"wildcard": "a\\*c"}]}, {"a": "a*c"}, True),
    ({"a": [{"wildcard": "a\\*c"}]}, {"a": "abc"}, False),
    ({"a": [{"cidr": "10.0.0.0/24"}]}, {"a": "10.0.0.255"}, True),
    ({"a": [{"cidr": "10.0.0.0/24"}]}, {"a": "10.0.1.0"}, False),
    ({"a": [{"cidr": "2001:db8::/32"}]}, {"a": "2001:db8::1"}, True),
    ({"a": [{"cidr": "10.0.0.0/24"}]}, {"a": "no address"}, False),
    ({"$or": [{"a": ["x"]}, {"b": ["y"]}]}, {"b": "y"}, True),
    ({"$or": [{"a": ["x"]}, {"b": ["y"]}]}, {"a": "y", "b": "x"}, False),
    ({"c": ["z"], "$or": [{"a": ["x"]}, {"b": ["y"]}]}, {"b": "y"}, False),
    ({"d": {"$or": [{"a": [1]}, {"b": [{"numeric": [">", 2]}]}]}}, {"d": {"b": 3}}, True),
]


@pytest.mark.parametrize(("pattern", "event", "expected"), CASES)
def test_a_pattern_matches(pattern: dict[str, Any], event: Any, expected: bool) -> None:
    assert matches(pattern, event) is expected
