"""Reading a text takes time that grows with it, and not with its square."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

import pytest

from tests.load.hard_texts import SOAK, UNITS, repeated
from travel_tui import facts
from travel_tui.attribution.attribute import explain_answer
from travel_tui.attribution.lost import find_lost
from travel_tui.attribution.recall import holding
from travel_tui.attribution.types import Turn
from travel_tui.facts.spans import find_spans
from travel_tui.facts.spelling import corrected
from travel_tui.facts.text import sentences
from travel_tui.local.scripted_agent import memory
from travel_tui.memory.diff import sentences as summary_sentences
from travel_tui.memory.injection_flags import find_injections
from travel_tui.memory.prompt_texts import injected
from travel_tui.memory.summary_parser import topics

TODAY = date(2026, 11, 23)
SIZE = 2_000
AT_LEAST_S = 0.02
"""CPU time below which nothing is compared: it is mostly noise. A quadratic rule takes far more for the large text."""

READERS: dict[str, Callable[[str], object]] = {
    "facts": lambda text: facts.find(text, TODAY),
    "spans": find_spans,
    "sentences": sentences,
    "spelling": corrected,
    "a summary, by the agent": lambda text: memory.read(text, TODAY),
    "a summary's topics": topics,
    "a summary's sentences": summary_sentences,
    "a summary's flags": find_injections,
    "a prompt": lambda text: injected(text, []),
    "an answer and its sources": lambda text: explain_answer([Turn(text, text, (text,))], {"one": text}, None, TODAY),
    "what a summary lacks": lambda text: find_lost([Turn(text, text, (text,))], f"{text[::2]} {text[1::2]}", TODAY),
    "words in a text": lambda text: holding(text, text, TODAY),
}


@pytest.mark.parametrize("name", READERS)
def test_eight_times_the_text_takes_about_eight_times_as_long(name: str) -> None:
    read = READERS[name]
    read("Hi, I am Anna. I go from Boston to Rome on 5 May 2027 for two nights.")
    for unit in UNITS if SOAK else UNITS[::4]:
        once = min(_took_s(read, repeated(unit, SIZE + n)) for n in range(2))
        large = _took_s(read, repeated(unit, 8 * SIZE))
        if large > AT_LEAST_S and large > 24 * once:
            large = min(large, *(_took_s(read, repeated(unit, 8 * SIZE + n)) for n in (1, 2)))
        assert large <= AT_LEAST_S or large <= 24 * once, f"{unit!r}: {once:.4f} s, then {large:.4f} s"


def _took_s(read: Callable[[str], object], text: str) -> float:
    began = time.thread_time()
    read(text)
    return time.thread_time() - began
