"""Slips of the pen are put right where they cannot be anything else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from travel_tui.facts.spelling import corrected


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("take the trian on febuary 8", "take the train on february 8"),
        ("retrun tommorow", "return tomorrow"),
        ("on Wendesday, 3 Septembre", "on Wednesday, 3 September"),
        ("cancle my fligth", "cancel my flight"),
    ],
)
def test_slips_are_put_right(written: str, meant: str) -> None:
    assert corrected(written) == meant


@pytest.mark.parametrize(
    "text", ["my daughter Frida and Marc", "from turin to trent", "a chance to fight", "the plan is plain", "Mr Chang"]
)
def test_other_words_and_names_stay(text: str) -> None:
    assert corrected(text) == text


@settings(max_examples=60)
@given(st.text(max_size=80))
def test_it_never_fails_and_settles(text: str) -> None:
    once = corrected(text)
    assert corrected(once) == once
