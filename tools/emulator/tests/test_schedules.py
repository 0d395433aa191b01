"""The times of schedules, with the examples of AWS' documentation."""

from datetime import datetime, timedelta, timezone

import pytest

from emulator.schedules import Timing

YEAR = datetime(2026, 1, 1, tzinfo=timezone.utc)


def times(expression: str, start: datetime, days: int, zone: str = "UTC") -> list[str]:
    """The quarters of an hour of some days in which an expression is due."""
    timing = Timing(expression, start, zone)
    minutes = (start + timedelta(minutes=15 * i) for i in range(days * 96))
    return [f"{minute:%m-%d %H:%M}" for minute in minutes if timing.is_due(minute)]


@pytest.mark.parametrize(
    ("expression", "days", "expected"),
    [
        ("cron(0 10 * * ? *)", 2, ["01-01 10:00", "01-02 10:00"]),
        ("cron(15 12 * * ? *)", 1, ["01-01 12:15"]),
        (
            "cron(0 18 ? * MON-FRI *)",
            6,
            ["01-01 18:00", "01-02 18:00", "01-05 18:00", "01-06 18:00"],
        ),
        ("cron(0 8 1 * ? *)", 40, ["01-01 08:00", "02-01 08:00"]),
        ("cron(0/30 8 ? * THU 2026)", 3, [f"01-01 {at}" for at in ("08:00", "08:30")]),
        ("cron(0 0 ? * 5L *)", 60, ["01-29 00:00", "02-26 00:00"]),
        ("cron(0 0 ? * FRIL *)", 60, ["01-30 00:00", "02-27 00:00"]),
        ("cron(0 0 ? * 2#1 *)", 60, ["01-05 00:00", "02-02 00:00"]),
        ("cron(0 0 ? * TUE#5 *)", 60, []),
        ("cron(0 0 ? * L *)", 10, ["01-03 00:00", "01-10 00:00"]),
        ("cron(0 0 L * ? *)", 60, ["01-31 00:00", "02-28 00:00"]),
        ("cron(0 0 LW * ? *)", 60, ["01-30 00:00", "02-27 00:00"]),
        ("cron(0 0 3W * ? *)", 40, ["01-02 00:00", "02-03 00:00"]),
        ("cron(0 0 1W * ? *)", 60, ["01-01 00:00", "02-02 00:00"]),
        ("cron(0 0 31W * ? *)", 60, ["01-30 00:00"]),
        ("cron(0 0 1,15 FEB,3 ? *)", 70, ["02-01 00:00", "02-15 00:00", "03-01 00:00"]),
        ("cron(0 0 * * ? 2027)", 30, []),
        ("rate(1 day)", 2, ["01-01 00:00", "01-02 00:00"]),
        ("rate(7 hours)", 1, ["01-01 00:00", "01-01 07:00", "01-01 14:00", "01-01 21:00"]),
        ("at(2026-01-02T03:30:05)", 3, ["01-02 03:30"]),
    ],
)
def test_an_expression_is_due(expression: str, days: int, expected: list[str]) -> None:
    assert times(expression, YEAR, days) == expected


def test_a_time_zone_has_its_own_hours() -> None:
    assert times("cron(0 6 * * ? *)", YEAR, 1, "America/New_York") == ["01-01 11:00"]
    assert times("at(2026-01-01T06:00:00)", YEAR, 1, "Asia/Tokyo") == []
    assert times("at(2026-01-01T12:00:00)", YEAR, 1, "Asia/Tokyo") == ["01-01 03:00"]


def test_an_hour_that_is_left_out_in_spring_does_not_come() -> None:
    start = datetime(2026, 3, 28, 12, tzinfo=timezone.utc)
    due = times("cron(30 2 * * ? *)", start, 2, "Europe/Berlin")
    assert due == ["03-30 00:30"]


def test_an_hour_that_comes_twice_in_autumn_counts_once() -> None:
    start = datetime(2026, 10, 24, 12, tzinfo=timezone.utc)
    due = times("cron(30 2 * * ? *)", start, 1, "Europe/Berlin")
    assert due == ["10-25 00:30"]


def test_a_rate_counts_from_its_start_in_whole_minutes() -> None:
    start = datetime(2026, 1, 1, 0, 3, 44, tzinfo=timezone.utc)
    timing = Timing("rate(5 minutes)", start)
    minutes = [YEAR + timedelta(minutes=i) for i in range(15)]
    assert [minute.minute for minute in minutes if timing.is_due(minute)] == [3, 8, 13]
