"""Where the facts of an answer come from, what a summary lacks, and why something was not recalled."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travel_tui.attribution.attribute import explain_answer
from travel_tui.attribution.lost import find_lost
from travel_tui.attribution.recall import diagnose_recall
from travel_tui.attribution.types import RecallStage, Removal, SaidText, Source, StoredText, Turn

TODAY = date(2026, 12, 1)
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def explained(answer: str, said: str, memory: str = "", *, injected: bool | None = True) -> list[tuple[str, str]]:
    ids = None if injected is None else {"one"} if injected else set[str]()
    claims = explain_answer([Turn(said, answer)], {"one": memory} if memory else {}, ids, TODAY)
    assert all(answer[each.start : each.end] == each.text for each in claims)
    return [(each.text, str(each.source)) for each in claims]


def lost(*said: str, summary: str) -> list[str]:
    return [each.text for each in find_lost([Turn(text) for text in said], summary, TODAY)]


def test_every_claim_names_its_sentence_and_where_it_stands() -> None:
    memory = {"old": "She hikes.", "new": "Anna flies to NYC. She has a peanut allergy."}
    turns = [Turn("Hi, what do you know?", "You are allergic to peanuts.", ("weather: sun",))]
    (claim,) = explain_answer(turns, memory, {"old", "new"}, TODAY)
    assert (claim.source, claim.record_id) == (Source.MEMORY, "new")
    assert claim.evidence is not None
    assert claim.evidence.text == "She has a peanut allergy."
    assert memory["new"][claim.evidence.start : claim.evidence.end] == claim.evidence.text


@pytest.mark.parametrize(
    ("answer", "said", "memory", "source"),
    [
        ("You stay 12 nights.", "I fly on 2027-07-11 and return on 2027-07-23", "", Source.SAID),
        ("You stay 12 nights.", "How long do I stay?", "From 2027-07-11 to July 23rd 2027.", Source.MEMORY),
        ("You stay two weeks.", "How long do I stay?", "From 2027-07-11 to July 25th 2027.", Source.MEMORY),
        ("You stay 13 nights.", "How long do I stay?", "From 2027-07-11 to July 23rd 2027.", Source.UNKNOWN),
        ("It is on 4 December.", "I leave next Friday, back on Sunday.", "", Source.SAID),
        ("It is on 6 December.", "I leave next Friday, back on Sunday.", "", Source.SAID),
        ("It is at 18:00.", "Dinner at six in the evening", "", Source.SAID),
        ("Your train is at 9:40.", "Which platform?", "Room 14. Wants to be woken at 9:40.", Source.MEMORY),
        ("A room without nuts for Zoë.", "Ich komme mit Zoë.", "", Source.SAID),
        ("You live in Rome.", "Where do I live?", "Moved to Roma.", Source.MEMORY),
    ],
)
def test_a_fact_is_found_in_other_words(answer: str, said: str, memory: str, source: Source) -> None:
    assert str(source) in [each for _, each in explained(answer, said, memory)]


@pytest.mark.parametrize(
    ("answer", "memory"),
    [
        ("Please keep the browser window open.", "Prefers the window seat."),
        ("It leaves from platform 14.", "Room 14 was noisy."),
        ("You may find Sesame Street on channel 3.", "Allergic to sesame."),
        ("It costs 12 euros.", "It is 12 minutes on foot."),
        ("The Uffizi are in Florence.", "A colleague, Florence, is a vegan."),
    ],
)
def test_a_word_of_another_meaning_is_not_from_memory(answer: str, memory: str) -> None:
    assert "memory" not in [source for _, source in explained(answer, "Hello!", memory)]


@pytest.mark.parametrize(
    "answer",
    [
        "I'm sorry, I didn't follow that. Would you like to book, change or cancel a trip?",
        "Nice to meet you! I can book, change, or cancel trips.",
        "You can change or cancel it at any time.",
        "For that I would cancel it: say “cancel it”, whenever you like.",
        "I'm afraid I can't help with that.",
        "That did not work: the booking system gave no reason.",
    ],
)
def test_a_verb_with_a_plain_object_and_a_generic_noun_are_no_claims(answer: str) -> None:
    assert explained(answer, "Hello!") == []


@pytest.mark.parametrize("answer", ["You don't smoke.", "You want to cancel the ballet.", "I booked the sauna."])
def test_a_verb_with_a_fact_of_its_own_or_beside_it_leaves_a_claim(answer: str) -> None:
    assert [source for _, source in explained(answer, "Hello!")] == ["unknown"]


def test_a_summary_that_was_not_in_the_prompt_is_told_from_one_that_was() -> None:
    assert explained("You live in Oslo.", "Where?", "Lives in Oslo.", injected=False)[-1][1] == "not-injected"
    assert explained("You live in Oslo.", "Where?", "Lives in Oslo.", injected=True)[-1][1] == "memory"
    assert explained("You live in Oslo.", "Where?", "Lives in Oslo.", injected=None)[-1][1] == "memory"


def test_what_only_the_agent_said_stays_from_memory_when_it_is_asked_twice() -> None:
    turns = [Turn("Where do I live?", "You live in Oslo."), Turn("Where again?", "In Oslo.")]
    (claim,) = explain_answer(turns, {"one": "Anna lives in Oslo."}, {"one"}, TODAY)
    assert (claim.source, claim.record_id) == (Source.MEMORY, "one")


@pytest.mark.parametrize(
    ("said", "summary", "missing"),
    [
        (["I'm allergic to peanuts.", "My dog is called Rex."], "Peanut allergy.", ["Rex"]),
        (["The party is on 12 June, no, sorry, 19 June."], "Party on 19 June.", []),
        (["I live in Oslo.", "I moved to Bergen, correction."], "Lives in Bergen.", []),
        (["Would I need a visa if I went to Peru?"], "Asked about visas.", []),
        (["Her name is Martine, not Martina."], "A colleague, Martina.", ["Martine"]),
        (["I no longer eat meat."], "Eats meat.", ["eat meat"]),
        (["Ich brauche einen Kuchen ohne Haselnüsse."], "Kuchen gewünscht.", ["Haselnüsse"]),
        (["I need to stay an extra day. Can I return on the 23rd?"], "Returns on 23 December 2026.", []),
        (["I need to stay an extra day. Can I return on the 23rd?"], "Plans a trip.", []),
    ],
)
def test_what_a_summary_lacks(said: list[str], summary: str, missing: list[str]) -> None:
    found = lost(*said, summary=summary)
    assert len(found) == len(missing), found
    assert all(part in text for part, text in zip(missing, found, strict=True)), found


def test_a_booking_code_that_a_function_returned_must_be_kept() -> None:
    turns = [Turn("Book it.", "Booked.", ("ok: court 4, ref SQ-6620",))]
    assert [(each.text, each.turn, each.tool) for each in find_lost(turns, "Booked a court.", TODAY)] == [
        ("SQ-6620", 1, 0)
    ]


STORED = StoredText("one", "Anna lives in Oslo.", NOON)
GONE = StoredText("one", "Anna lives in Oslo.", NOON, Removal.HERE, NOON)
SAID = SaidText("two", 1, "I live in Oslo.", NOON)


@pytest.mark.parametrize(
    ("said", "history", "synopsis", "answer", "outcome"),
    [
        ([], [], "", "I do not know.", RecallStage.NEVER_SAID),
        ([SAID], [], "", "I do not know.", RecallStage.NOT_STORED),
        ([SAID], [GONE], "", "I do not know.", RecallStage.DELETED),
        ([], [StoredText("one", "Oslo", NOON, Removal.EXPIRED, NOON)], "", "No.", RecallStage.EXPIRED),
        ([SAID], [STORED], "", "I do not know.", RecallStage.NOT_INJECTED),
        ([], [STORED], None, "I do not know.", RecallStage.UNTRACED),
        ([], None, "", "I do not know.", RecallStage.UNREAD),
        ([], [STORED], "Anna lives in Oslo.", "I do not know.", RecallStage.NOT_USED),
        ([], [STORED], "Anna lives in Oslo.", "You live in Oslo.", RecallStage.USED),
    ],
)
def test_why_a_fact_was_not_recalled(
    said: list[SaidText], history: list[StoredText] | None, synopsis: str | None, answer: str, outcome: RecallStage
) -> None:
    found = diagnose_recall("Oslo", said, history, synopsis, answer, TODAY)
    assert found.outcome is outcome
    assert len(found.evidence) == len(said) + len(history or ()) + (outcome is RecallStage.USED)


def test_words_are_looked_for_in_any_wording() -> None:
    for text, stored in (("Likes to sit by the window.", True), ("Likes windows of old churches.", False)):
        found = diagnose_recall("window seat", [], [StoredText("one", text)], "", "", TODAY)
        assert (found.outcome is RecallStage.NOT_INJECTED) is stored


@pytest.mark.parametrize(
    "text", ["9" * 400, "9" * 5000, f"€{'9' * 400}", f"{'9' * 400}x{'9' * 400}", f"{'9' * 400} kg"]
)
def test_a_number_that_no_float_holds_can_be_explained(text: str) -> None:
    assert explained(f"I noted {text}.", f"Note {text}, please.")[0][1] == "said"
    assert lost(f"Note {text}, please.", summary="A note.") != []


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_can_be_explained(text: str, other: str) -> None:
    for claim in explain_answer([Turn(other, text, (other,))], {"one": other}, None, TODAY):
        assert 0 <= claim.start < claim.end <= len(text)
        assert text[claim.start : claim.end] == claim.text
    for item in find_lost([Turn(text)], other, TODAY):
        assert text[item.start : item.end] == item.text
    diagnose_recall(other, [SaidText("one", 1, text)], [StoredText("one", text)], text, text, TODAY)
