"""Moments in AWS's answers are read as botocore reads them, only faster."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from botocore.utils import parse_timestamp
from hypothesis import given
from hypothesis import strategies as st

from travel_tui.backends.shared.boto_clients import read_timestamp

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(timezones=ZONES, allow_imaginary=False)


@given(MOMENTS)
def test_any_moment_with_its_zone(at: datetime) -> None:
    assert read_timestamp(at.isoformat()) == parse_timestamp(at.isoformat()) == at


@pytest.mark.parametrize(
    "text",
    ["2027-07-11T16:04:00Z", "2027-07-11T16:04:00.123456789Z", "20270711T160400Z", "Sun, 11 Jul 2027 16:04:00 GMT"],
)
def test_the_forms_that_services_send(text: str) -> None:
    assert read_timestamp(text).replace(microsecond=0) == datetime(2027, 7, 11, 16, 4, tzinfo=UTC)


@pytest.mark.parametrize("value", [1815408240, 1815408240.5, "1815408240"])
def test_seconds_since_1970(value: Any) -> None:
    assert read_timestamp(value) == parse_timestamp(value)


@pytest.mark.parametrize("text", ["", "soon", "2027-13-11T16:04:00Z"])
def test_what_is_no_moment_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="timestamp"):
        read_timestamp(text)
