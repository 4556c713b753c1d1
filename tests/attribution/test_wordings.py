"""A summary that says the same in other words lacks nothing; one that does not is told what it lacks."""

from __future__ import annotations

from datetime import date

import pytest

from travel_tui.attribution.attribute import explain_answer
from travel_tui.attribution.lost import find_lost
from travel_tui.attribution.types import Source, Turn

TODAY = date(2027, 6, 30)


def lost(*said: str, summary: str) -> list[str]:
    return [each.text for each in find_lost([Turn(text) for text in said], summary, TODAY)]


@pytest.mark.parametrize(
    ("said", "summary"),
    [
        ("We need a sitter Friday 7 to half eleven.", "A sitter is needed on Friday from 19:00 to 23:30."),
        ("The wedding is on the first Saturday in June next year.", "The wedding is on 3 June 2028."),
        ("I lost it on tram 9 on Saturday.", "The user lost it on tram 9 on 26 June 2027."),
        ("I'm 1m58, so a small chair.", "The user needs a small chair (158 cm)."),
        ("The film runs 2 hours 40 minutes.", "The film takes 160 minutes."),
        ("Our anniversary is on the 2nd of Aug, our tenth!", "10th wedding anniversary on August 2."),
        ("My son was born in 2019.", "The user has an eight-year-old son."),
        ("I've saved 3 grand for it.", "The user has savings of 3,000."),
        ("Afspraak met mevrouw De Wit, dinsdag om half tien.", "Afspraak met mw. De Wit op dinsdag 6 juli om 9:30."),
        ("Ich wohne in der Schillerstr. 14, 3. Stock.", "Adresse: Schillerstraße 14, dritter Stock."),
        ("I want the pickup on Friday.", "The user wants to pick up the bike on Friday."),
        ("Move my physio from Thursday to Friday.", "The physio was moved to Friday."),
        ("Je ne prends plus l'avion, seulement le train.", "L'utilisateur ne voyage plus en avion mais en train."),
        ("If I ever win a prize I'd buy a boat.", "The user chatted about this and that."),
        ("> bring the silver tent\n\nThat was from Ana.", "Ana wrote to the user."),
        ("We have two cats, Miso and Nori.", "The user's cats are called Miso and Nori."),
        ("I had a stroke two years ago.", "Stroke in 2025."),
        ("I'd like to extend it by six months.", "Extension by half a year."),
        ("My eye test was in May at Blick.", "Eye test: May, at Blick"),
        ("Dinner at eight o'clock.", "Dinner at 20:00."),
        ("Je passe à neuf heures.", "Retrait à 9 h, merci de préparer la commande."),
        ("Llego a las dos y media.", "Llega a las 14:30."),
        ("A balloon ride on 21 or 22 August.", "Balloon ride on August 21 or 22."),
        ("I need it before Saturday.", "Needed before the weekend."),
        ("The rug is 160 x 230.", "Rug: 160x230"),
        ("Meine Tochter hat am 3.9. Geburtstag.", "Geburtstag der Tochter: 3. September"),
    ],
)
def test_other_words_for_the_same_are_not_lost(said: str, summary: str) -> None:
    assert lost(said, summary=summary) == []


@pytest.mark.parametrize(
    ("said", "summary", "missing"),
    [
        (["Hana's pregnant, 30 weeks, does she need a letter?"], "Does Hana need a letter?", ["pregnant", "30 weeks"]),
        (["Boots for the boy please. No laces."], "The user wants boots for the boy.", ["No laces"]),
        (["No cats near him please."], "The user has a dog.", ["cats"]),
        (["She's allergic to kiwis and latex."], "An allergy to kiwis.", ["latex"]),
        (["My IBAN is DE12 5001 0517 0648 4898 90."], "The user gave an account.", ["DE12 5001 0517 0648 4898 90"]),
        (["My budget is 130 a night."], "The user has a budget.", ["130 a night"]),
        (["Paul has cancelled. Invite Ada instead."], "A list of guests.", ["Ada"]),
        (["I need a van and I'm 1.93."], "The user needs a van.", ["1.93"]),
        (["Mia wants to call him Turbo. We settled on Figaro."], "The user has a dog.", ["Figaro"]),
    ],
)
def test_a_fact_that_is_not_there_is_named(said: list[str], summary: str, missing: list[str]) -> None:
    found = lost(*said, summary=summary)
    assert len(found) == len(missing)
    assert all(part in item for part, item in zip(missing, found, strict=True)), found


def test_day_and_time_that_a_function_booked_must_be_kept() -> None:
    turn = Turn("Book the vet.", "Booked for 3 December, 16:40.", ("Vet: 2027-12-03 16:40 booked",))
    (item,) = find_lost([turn], "The user booked the vet.", TODAY)
    assert (item.text, item.tool) == ("2027-12-03 16:40", 0)
    assert find_lost([turn], "The vet expects the user on December 3 at 16:40.", TODAY) == []


def test_what_was_asked_for_before_another_day_was_agreed_is_not_lost() -> None:
    turns = [
        Turn("Can I see the vet on Monday at nine?", "Only Wednesday at 10:30 is free."),
        Turn("Fine.", "Booked for Wednesday at 10:30."),
    ]
    assert find_lost(turns, "Appointment at the vet on Wednesday, 10:30.", TODAY) == []


def test_what_a_function_offered_and_nobody_took_is_not_lost() -> None:
    turns = [
        Turn("Trains?", "There is one at 8:05 and one at 9:20.", ("08:05 GBP 31, 09:20 GBP 24",)),
        Turn("The cheaper one.", "Booked."),
    ]
    assert find_lost(turns, "The user booked the 9:20 train for 24 pounds.", TODAY) == []


@pytest.mark.parametrize(
    ("answer", "tool", "claims"),
    [
        ("He comes between 8 and 12.", "visit: 2027-07-05, 8-12h", ["between 8 and 12"]),
        ("It costs £12 an hour.", "Sitter, 12 GBP/h", ["£12 an hour"]),
        ("A family room is free.", "Dom Lipowa: family room, 74 EUR", ["family room"]),
    ],
)
def test_a_claim_is_one_phrase(answer: str, tool: str, claims: list[str]) -> None:
    found = explain_answer([Turn("And?", answer, (tool,))], {}, None, TODAY)
    assert [each.text for each in found if each.source == "tool"] == claims


def test_what_a_source_may_say_in_another_way_is_not_called_unknown() -> None:
    found = explain_answer([Turn("Gate?", "Gate opens at 11.", ("boarding 11-ish",))], {}, None, TODAY)
    assert all(each.source != "unknown" for each in found)


def test_what_the_user_said_in_another_way_is_not_the_functions() -> None:
    found = explain_answer([Turn("Via AIR.", "It is booked by air.", ("Booked by AIR",))], {}, None, TODAY)
    assert [(each.text, each.source) for each in found] == [("by air", Source.SAID)]


@pytest.mark.parametrize(
    ("said", "summary"),
    [
        (
            ["What a downpour!", "Hmm, let me think for a sec.", "Thanks, you're a star. Gorgeous sunshine today!"],
            "A chat.",
        ),
        (["Salmon for six, please.", "Scrap the salmon, mushroom risotto for all."], "Mushroom risotto for six."),
        (["We need a cot in the room.", "Hm, scrap that, Ida sleeps with us."], "Ida sleeps with her parents."),
        (
            ["Leave it with my neighbour Mrs. Quist.", "Forget the neighbour, put it in the garage."],
            "It goes to the garage.",
        ),
        (["The flight leaves from Hamburg.", "You know what, Bremen is closer."], "Departure from Bremen."),
        (["We can pay 800 euros.", "In fact we can go up to 950."], "Budget: 950."),
        (["Monday's no good.", "Tuesday 6 July at 7:30, wonderful."], "Blood test on 6 July at 7:30."),
        (["They're closed on Mondays."], "The user looks for a restaurant."),
        (["I was going to say Thursday but the kids are off. Friday then."], "A visit on Friday."),
        (["My brother can't come."], "A trip was planned."),
        (["We've just got back from a week of rain in Wales."], "A dry place is wanted."),
        (["She gets carsick, so no winding roads."], "She suffers from motion sickness."),
        (["Ik ben dol op wandelen."], "They talked about hobbies."),
    ],
)
def test_what_is_no_fact_to_keep_is_not_lost(said: list[str], summary: str) -> None:
    assert lost(*said, summary=summary) == []


def test_in_a_summary_of_its_own_words_only_figures_are_missed() -> None:
    said = "My mother-in-law can't manage stairs, so we sit in the garden, and our card is 88-10421."
    summary = "Seating outdoors since a relative has trouble climbing."
    assert lost(said, summary=summary) == ["card is 88-10421"]


def test_an_offer_that_was_taken_must_be_kept_with_its_day_and_time() -> None:
    turns = [
        Turn(
            "A dermatologist, please.", "Dr. Lind has time on 21 July at 8:45.", ("free: Dr. Lind, 2027-07-21 08:45",)
        ),
        Turn("Yes please.", "Confirmed, your code is DERM-5512.", ("confirmed DERM-5512",)),
    ]
    found = find_lost(turns, "An appointment with Dr. Lind, code DERM-5512.", TODAY)
    assert [(each.text, each.turn, each.tool) for each in found] == [("2027-07-21 08:45", 1, 0)]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("Do I have a gold card?", "Yes, you have a gold card."),
        ("If I had kids I'd take the family room.", "You travel with kids."),
    ],
)
def test_what_was_only_asked_or_supposed_was_not_said(said: str, answer: str) -> None:
    assert all(each.source is not Source.SAID for each in explain_answer([Turn(said, answer)], {}, None, TODAY))


def test_an_amount_with_its_unit_is_found_without_other_words() -> None:
    memory = {"one": '{"preferences": [{"category": "temperature", "value": "18 degrees"}]}'}
    found = explain_answer([Turn("As always.", "I asked for 18 degrees.")], memory, None, TODAY)
    assert [(each.text, each.source) for each in found] == [("18 degrees", Source.MEMORY)]
