"""Fifty sessions with summaries, and by hand what each summary lost, as it was written.

All were written after the rules of `memory/lost.py` and before these had read any of them; the rules were not changed since.
The first half keeps to the ways of speaking that the rules were made for, the second does not. A session is what the person
wrote, turn by turn; `id:` is an id that the agent gave in its answer to the turn before.
"""

from __future__ import annotations

Session = tuple[list[str], str, set[str]]

FIRST: list[Session] = [
    (
        ["My name is Anna. Book Boston to NYC, July 11th 2027 to July 22nd 2027, by air.", "id:9f0b135c"],
        "Anna booked a trip from Boston to New York from 2027-07-11 to 2027-07-22, booking 9f0b135c.",
        set(),
    ),
    (
        ["My name is Anna. Book Boston to NYC, July 11th 2027 to July 22nd 2027, by air.", "id:9f0b135c"],
        "The user booked a trip from Boston to New York.",
        {"Anna", "July 11th 2027", "July 22nd 2027", "9f0b135c"},
    ),
    (["I live in Oslo.", "I moved to Bergen, correction."], "The user lives in Bergen.", set()),
    (["I live in Oslo.", "thanks"], "The user said where they live.", {"Oslo"}),
    (
        ["What is the weather in Rome?", "I want to go to Paris on 2027-05-01."],
        "The user wants to go to Paris on 1 May 2027.",
        set(),
    ),
    (
        ["What is the weather in Rome?", "I want to go to Paris on 2027-05-01."],
        "The user wants to travel in May.",
        {"Paris", "2027-05-01"},
    ),
    (["We are 2 adults and our budget is 900 euros."], "Two adults travel; the budget is 900 euros.", set()),
    (["We are 2 adults and our budget is 900 euros."], "A couple has a budget.", {"2 adults", "900 euros"}),
    (["Call me Ben. I am in Berlin until 2027-03-04."], "Ben is in Berlin until 4 March 2027.", set()),
    (["Call me Ben. I am in Berlin until 2027-03-04."], "Ben is in Germany until spring.", {"Berlin", "2027-03-04"}),
    (["Hello!", "thank you!"], "They exchanged greetings.", set()),
    (["Leave on June 3rd 2027.", "Make it June 4th 2027 instead."], "Departure on June 4th 2027.", set()),
    (["Leave on June 3rd 2027.", "Make it June 4th 2027 instead."], "Departure on June 3rd 2027.", {"June 4th 2027"}),
    (
        ["Train from Vienna to Prague on 2027-09-01, back 2027-09-05.", "id:1a2b3c4d"],
        "Trip Vienna to Prague 1 to 5 September 2027, id 1a2b3c4d.",
        set(),
    ),
    (
        ["Train from Vienna to Prague on 2027-09-01, back 2027-09-05.", "id:1a2b3c4d"],
        "Trip from Vienna, id 1a2b3c4d, 1 September 2027.",
        {"Prague", "2027-09-05"},
    ),
    (["Fly me to Tokyo. My name is Mia Chen."], "Mia Chen wants to fly to Tokyo.", set()),
    (["Fly me to Tokyo. My name is Mia Chen."], "The user wants to fly.", {"Tokyo", "Mia Chen"}),
    (["Cancel booking 0badcafe."], "Booking 0badcafe was cancelled.", set()),
    (["Cancel booking 0badcafe."], "A booking was cancelled.", {"0badcafe"}),
    (["Is Lisbon nice?", "Then Lisbon it is, on 2027-04-10."], "Lisbon on 10 April 2027.", set()),
    (["Stay 5 nights in Madrid."], "Five nights in Madrid.", set()),
    (["Stay 5 nights in Madrid."], "A stay in Madrid.", {"5 nights"}),
    (["My brother lives in Cairo and my sister in Lima."], "The brother lives in Cairo.", {"Lima"}),
    (["I was in Boston.", "No, I mean Austin."], "The user was in Austin.", set()),
    (["I'm Tom and I pay at most 1,200 dollars for 3 tickets."], "Tom pays up to 1200 dollars for 3 tickets.", set()),
]

SECOND: list[Session] = [
    (
        ["hi, im Sara, from Zurich, need a train to Milan 2027-02-10"],
        "Sara goes from Zurich to Milan by train on 10 February 2027.",
        set(),
    ),
    (
        ["hi, im Sara, from Zurich, need a train to Milan 2027-02-10"],
        "Sara wants a train to Milan.",
        {"Zurich", "2027-02-10"},
    ),
    (["Two trips: Paris 2027-05-01, Rome 2027-06-01."], "Trips to Paris on 2027-05-01 and Rome on 2027-06-01.", set()),
    (["Two trips: Paris 2027-05-01, Rome 2027-06-01."], "A trip to Paris on 2027-05-01.", {"Rome", "2027-06-01"}),
    (["Please note my passport expires on 30 November 2028."], "The passport expires on 2028-11-30.", set()),
    (["Please note my passport expires on 30 November 2028."], "The passport expires soon.", {"30 November 2028"}),
    (["My wife's name is Eve.", "Our daughter is 4."], "The wife is Eve.", set()),
    (["My name is Eve.", "Write to Karl, my boss."], "Eve and her boss were named.", set()),
    (["Which trips do I have?", "id:deadbeef", "Delete it."], "Trip deadbeef was deleted.", set()),
    (["Which trips do I have?", "id:deadbeef", "Delete it."], "A trip was deleted.", {"deadbeef"}),
    (
        ["I'd like to leave Denver on 3 March 2027 and be back on 9 March 2027", "Sorry, back on 10 March 2027"],
        "Denver, 3 to 10 March 2027.",
        set(),
    ),
    (
        ["I'd like to leave Denver on 3 March 2027 and be back on 9 March 2027", "Sorry, back on 10 March 2027"],
        "Denver, leaving 3 March 2027.",
        {"10 March 2027"},
    ),
    (["The hotel was 140 euros a night."], "The hotel cost 140 euros a night.", set()),
    (["The hotel was 140 euros a night."], "The hotel was cheap.", {"140 euros"}),
    (["I prefer window seats and vegetarian food."], "Prefers window seats.", set()),
    (["I'm in Boston now. Could you book me to Chicago for 2027-08-08?"], "Boston to Chicago on 8 August 2027.", set()),
    (
        ["I'm in Boston now. Could you book me to Chicago for 2027-08-08?"],
        "The user is in Boston.",
        {"Chicago", "2027-08-08"},
    ),
    (["SFO to JFK on 2027-01-15"], "From San Francisco to New York on 15 January 2027.", set()),
    (["SFO to JFK on 2027-01-15"], "A flight on 15 January 2027.", {"SFO", "JFK"}),
    (["Forget Rome, let's do Naples instead."], "The user wants Naples.", set()),
    (["Do you fly to Perth?", "ok"], "The user asked about flights.", set()),
    (["My name is Lars.", "My name is Lars, did you get it?"], "The user is Lars.", set()),
    (["Budget: 2000 EUR, no more.", "Make it 2500 EUR."], "The budget is 2500 EUR.", set()),
    (["Budget: 2000 EUR, no more.", "Make it 2500 EUR."], "The budget is 2000 EUR.", {"2500 EUR"}),
    (["My mother Ruth lives in Haifa, she turns 80 on 2027-10-02."], "The mother lives in Haifa.", {"2027-10-02"}),
]
