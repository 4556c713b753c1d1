"""Explanation of an answer of 2,000 characters over 20 summaries: CPU milliseconds, also if none was read before."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from statistics import median

from travel_tui.attribution import reading
from travel_tui.attribution.attribute import explain_answer
from travel_tui.attribution.lost import find_lost
from travel_tui.attribution.types import Turn

GOAL_MS = 20.0
TODAY = date(2027, 6, 30)
SUMMARY = (
    "The user is called Marit Solheim and works as a dental hygienist in Drammen. She prefers aisle seats and "
    "vegetarian food, has a cat called Pus{number}, and pays at most {number}00 euros a night. Booking UL-20{number} "
    "on {day} July 2027 at 10:{number}; her sister Ingrid is allergic to peanuts. Phone 555-01{number}."
)
ANSWER = (
    "Welcome back, Marit! I booked an aisle seat on the 10:12 train from Drammen for 12 July, reference UL-2012, and "
    "asked for a meal without peanuts for Ingrid. It costs 48 euros, breakfast is served from 7, and the hotel has a "
    "sauna. "
)


def report() -> Iterator[str]:
    """Yield a line for an answer and one for a summary."""
    memory = {f"s{number}": SUMMARY.format(number=number, day=number % 28 + 1) for number in range(10, 30)}
    answers = [f"{ANSWER * (2000 // len(ANSWER) + 1)}"[:1990] + f" {number}" for number in range(20)]
    for answer in answers[:3]:  # the word lists are read once
        explain_answer([Turn("Book it.", answer)], memory, None, TODAY)
    warm = [_answer_ms(answer, memory) for answer in answers]
    cold = []
    for answer in answers[:5]:
        reading.forget_readings()
        cold.append(_answer_ms(answer, memory))
    yield f"answer of 2,000 characters, 20 summaries: {median(warm):.1f} ms, goal {GOAL_MS:.0f} ms"
    yield f"the same if no summary was read before: {median(cold):.1f} ms"
    turns = [Turn(answer[:400], "Fine.") for answer in answers]
    lost = []
    for summary in memory.values():
        began = time.thread_time()
        find_lost(turns, summary, TODAY)
        lost.append(1000 * (time.thread_time() - began))
    yield f"summary of a session of 20 messages: {median(lost):.1f} ms"


def _answer_ms(answer: str, memory: dict[str, str]) -> float:
    began = time.thread_time()
    explain_answer([Turn("Book it.", answer)], memory, None, TODAY)
    return 1000 * (time.thread_time() - began)
