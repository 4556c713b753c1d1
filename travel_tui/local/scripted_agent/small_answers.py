"""Answer messages that need no function: questions about the user, small talk, help, requests to forget."""

from __future__ import annotations

import re

from travel_tui.local.scripted_agent import phrases, recall, small_talk, speech_acts
from travel_tui.local.scripted_agent.context import BOOK, Context, Outcome
from travel_tui.local.scripted_agent.messages import Reply
from travel_tui.local.scripted_agent.note_phrases import ANSWERS, clauses
from travel_tui.local.scripted_agent.pronouns import second
from travel_tui.local.scripted_agent.state import Note

_MINE = re.compile(r"^\W*(?:and|what\s+about|how\s+about|so)\s+mine\W*$", re.I)


def answer(context: Context, text: str) -> Outcome | None:
    """Answer a message that needs no function; None where it needs one."""
    questions = [p.text for p in speech_acts.split(text) if p.asks]
    if _MINE.match(text) and context.session.question:
        questions = [re.sub(r"\byours?\b", "my", context.session.question, flags=re.I)]
    elif questions:
        context.session.question = questions[-1][:300]
    remark = small_talk.reaction(context, text)
    if remark:
        return Reply(remark), "A remark, not a request."
    for question in questions:
        if small_talk.asks_help(question) and not re.search(r"\bmy\b", question, re.I):
            return Reply(small_talk.help_text(context)), "The user asks what the agent can do."
    answers = [a for a in (recall.answer(context, q) for q in questions) if a]
    if answers:
        known = [a for a in answers if isinstance(a[0], Reply)]
        return Reply("\n\n".join(a[0].text for a in known if isinstance(a[0], Reply))), known[0][1]
    if small_talk.asks_help(text):
        return Reply(small_talk.help_text(context)), "The user asks what the agent can do."
    if small_talk.asks_how(text):
        return Reply(f"Very well, thank you! {small_talk.abilities(context)}. Where shall we go?"), "Small talk."
    if small_talk.bye(text):
        return Reply(
            f"Goodbye{', ' + context.name if context.name else ''}, and have a good trip!"
        ), "The user says goodbye."
    if small_talk.thanks(text) and not questions:
        name = f", {context.name}" if context.name else ""
        return Reply(f"You're welcome{name}! Is there anything else I can do for you?"), "The user says thank you."
    reply = speech_acts.answer(text)
    if (reply.yes or reply.no) and not reply.rest:
        return Reply(small_talk.nothing_open(context)), "There was no question to answer."
    if small_talk.greets(text) and len(text.split()) <= 4:
        return Reply(small_talk.greeting(context)), "The user says hello."
    return None


def noted(context: Context, notes: list[Note]) -> Reply:
    facts = [n for n in notes if n.topic != "name"]
    name = next((n.value for n in reversed(notes) if n.topic == "name"), "")
    lead = f"Nice to meet you, {name}!" if name else "Thank you, I have noted that."
    short = [n for n in facts if len(n.text) < 200]
    told = [second(n.text) for n in short if n.topic in ANSWERS] + clauses([n for n in short if n.topic not in ANSWERS])
    told = [t for t in told if not t.startswith("“")] or told
    if told:
        greeting = f"Nice to meet you, {name}! " if name else ""
        lead = f"{greeting}Noted: {phrases.listed(told)}. I'll remember it{context.where_remembered}."
    follow = "" if context.active or not context.function(BOOK) else " Is there a trip I can book for you?"
    return Reply(lead + follow)


def forget(context: Context, what: str) -> Outcome:
    everything = re.match(r"(?:everything|all)\b|what\s+i\s+(?:told|said)", what, re.I) is not None
    found = context.notes if everything else recall.matching(context.notes, what)
    if not everything and re.search(r"\bmy\s+name\b", what, re.I):
        found = [n for n in context.notes if n.topic == "name"]
    if not found:
        return Reply("There is nothing like that on record, so there is nothing to forget."), "It was never told."
    gone = {n.topic for n in found}
    context.session.notes = [n for n in context.session.notes if n.topic not in gone]
    remembered = {n.topic for n in context.recall.notes}
    context.session.forgotten += [t for t in sorted(gone & remembered) if t not in context.session.forgotten]
    return Reply("Done, I have forgotten that. I won't use it any more."), "The user asked to forget it."
