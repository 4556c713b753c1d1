"""Today and tomorrow are days where the user is: of --tz, of the offset of --now, else of the machine's zone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from tests.endpoint import endpoint_process, running_endpoint
from tests.parts import rows_in_part
from travel_tui.cli import travel_tui
from travel_tui.cli.options import zone_named
from travel_tui.clock import Clock

BOOK = "Book a flight from Boston to Rome, leaving tomorrow and coming back on July 20th 2027."
EVENING = "2027-06-30T19:00:00"
"""In California, where it is 02:00 of the next day in UTC."""
LOS_ANGELES = "America/Los_Angeles"


def test_tomorrow_is_that_of_the_zone_and_moves_with_the_clock() -> None:
    now = datetime.fromisoformat(EVENING).replace(tzinfo=ZoneInfo(LOS_ANGELES)).astimezone(UTC)
    with running_endpoint(now=now, tz=ZoneInfo(LOS_ANGELES)) as endpoint:
        assert "1 July 2027" in endpoint.user().say(BOOK, "s-1", "anna")
        endpoint.advance(hours=5)
        assert "2 July 2027" in endpoint.user().say(BOOK, "s-2", "bert")
    with running_endpoint(now=now) as endpoint:
        assert "2 July 2027" in endpoint.user().say(BOOK, "s-1", "anna"), "--now says which zone: the same everywhere"


@pytest.mark.parametrize(
    ("flags", "zone", "leaves"),
    rows_in_part(
        [
            (("--now", EVENING), LOS_ANGELES, "1 July 2027"),
            (("--now", f"{EVENING}-07:00"), "Asia/Tokyo", "1 July 2027"),
            (("--now", EVENING, "--tz", LOS_ANGELES), "Asia/Tokyo", "1 July 2027"),
            (("--now", "2027-07-01T02:00:00Z", "--tz", LOS_ANGELES), "UTC", "1 July 2027"),
            (("--now", "2027-07-01T02:00:00Z"), LOS_ANGELES, "2 July 2027"),
        ],
        3,
    ),
)
def test_the_command_takes_the_zone_from_tz_then_from_now_then_from_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: tuple[str, ...], zone: str, leaves: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    with endpoint_process(tmp_path / "state", *flags) as endpoint, endpoint.user() as user:
        assert leaves in user.say(BOOK, "s-1", "anna")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("America/Los_Angelos", "Did you mean America/Los_Angeles?"),
        ("europe/oslo2", "Did you mean Europe/Oslo?"),
        ("America", "is not a time zone"),
        ("../../etc/passwd", "is not a time zone"),
        ("/etc/passwd", "is not a time zone"),
        ("zone.tab", "is not a time zone"),
        ("", "is not a time zone"),
        ("\udce9", "is not a time zone"),
        ("x" * 5000, "is not a time zone"),
    ],
)
def test_a_zone_that_does_not_exist_is_refused_in_a_sentence(name: str, told: str) -> None:
    with pytest.raises(ValueError, match="time zone") as refused:
        zone_named(name)
    assert told in str(refused.value)
    for command in (("local",), ("demo",), ("chat",), ("ask", "Hello"), ("recall", "run", "all", "--target", "local")):
        done = CliRunner().invoke(travel_tui, [*command, "--tz", name])
        assert done.exit_code == 2
        assert "is not a time zone" in done.stderr


@pytest.mark.parametrize("now", ["0001-01-01T00:00:00", "9999-12-31T23:59:59-10:00", "1970-01-01T00:00:00+14:00"])
def test_a_moment_that_cannot_be_counted_from_is_refused(now: str) -> None:
    done = CliRunner().invoke(travel_tui, ["local", "--now", now])
    assert (done.exit_code, "is outside the years" in done.stderr) == (2, True)


def test_without_a_zone_database_the_error_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zoneinfo.available_timezones", set)
    with pytest.raises(ValueError, match="pip install tzdata"):
        zone_named("Europe/Nowhere")


def test_times_that_are_shown_and_days_that_are_meant_are_of_one_zone() -> None:
    at = datetime(2027, 7, 1, 2, tzinfo=UTC)
    for clock in (Clock(at, ZoneInfo(LOS_ANGELES)), Clock(at.astimezone(ZoneInfo(LOS_ANGELES)))):
        assert f"{clock.shown(clock.now()):%Y-%m-%d %H:%M}" == "2027-06-30 19:00"
        assert (clock.today().isoformat(), clock.day(at).isoformat()) == ("2027-06-30", "2027-06-30")
    assert Clock(at).today().isoformat() == "2027-07-01"
